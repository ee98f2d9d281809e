"""What reaches a console on one's own terminal acts only where it is a key, and only where one sees what it does."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.commands import FIRST_CUTOVER, command_line, in_process_of_its_own
from tests.serving import PATIENCE_S, PtyTerminal

ELSEWHERE = """
import os, sys
os.dup2(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


def opening(folder: Path) -> list[str]:
    """The command that opens a console over a new state file."""
    path = folder / "state.db"
    assert in_process_of_its_own("init", str(FIRST_CUTOVER), "--db", str(path)).code == 0
    return command_line("open", "--as", "jana", "--db", str(path))


def test_a_paste_with_escapes_leaves_nothing(tmp_path: Path) -> None:
    terminal = PtyTerminal(opening(tmp_path), 100, 30)
    try:
        terminal.wait_for("? help")
        terminal.keys("\x1b[200~the log says \x1b[31m" + "q" * 80 + "\x1b[0m\x1b[201~?")
        terminal.wait_for("Keys and signs")
        terminal.keys("\x1b[::R\x1b[99999999999999999999u")  # Textual's parser cannot read these
        terminal.keys("\x1b")
        terminal.wait_for(lambda screen: "Keys and signs" not in screen)
        assert terminal.process.poll() is None
    finally:
        terminal.close()


def test_standard_error_that_leads_elsewhere(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    terminal = PtyTerminal([sys.executable, "-c", ELSEWHERE, str(errors), *opening(tmp_path)], 100, 30)
    try:
        assert terminal.process.wait(timeout=PATIENCE_S) == 2
    finally:
        terminal.close()
    assert "draws on standard error, which is no terminal here" in errors.read_text()
