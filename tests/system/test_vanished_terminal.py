"""Consoles whose terminal is closed without a hang-up that reaches them: they end, and do not read its end for ever."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.commands import FIRST_CUTOVER, command_line, in_process_of_its_own
from tests.serving import DEAF, PATIENCE_S, PtyTerminal
from warroom.cli.own_terminal import GONE


def test_a_console_ends_with_its_terminal(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert in_process_of_its_own("init", str(FIRST_CUTOVER), "--db", str(path)).code == 0
    words = command_line("open", "--as", "jana", "--db", str(path))
    terminal = PtyTerminal([sys.executable, "-c", DEAF, *words], 100, 30)
    terminal.wait_for("? help")
    assert terminal.process.poll() is None
    terminal.vanish()
    assert terminal.process.wait(timeout=PATIENCE_S) == GONE
    assert signal.SIGHUP + 128 == GONE
