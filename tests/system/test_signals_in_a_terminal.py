"""A console on one's own terminal that gets signals: it gives the terminal back, and draws all again after a stop."""

from __future__ import annotations

import os
import signal
import termios
import time
from pathlib import Path

from tests.commands import FIRST_CUTOVER, command_line, in_process_of_its_own
from tests.serving import PATIENCE_S, PtyTerminal

LEFT = (b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?25h")
"""The other screen, the mouse and pastes are off, the cursor is shown."""

HELP, PAGER_KEY = "? help", "\x1bOR"


def stop(terminal: PtyTerminal, number: signal.Signals) -> None:
    os.kill(terminal.process.pid, number)
    deadline = time.monotonic() + PATIENCE_S
    while Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        terminal.read(0.02)
        assert time.monotonic() < deadline
    while terminal.read(0.1):
        pass


def test_it_is_right_after_a_stop_and_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert in_process_of_its_own("init", str(FIRST_CUTOVER), "--db", str(path)).code == 0
    terminal = PtyTerminal(command_line("open", "--as", "jana", "--db", str(path)), 100, 30)
    try:
        before = terminal.modes()
        terminal.wait_for(HELP)
        drawn_in = terminal.modes()
        assert drawn_in != before
        for number in (signal.SIGTSTP, signal.SIGSTOP):
            from_here = len(terminal.raw)
            stop(terminal, number)
            assert (terminal.modes() == before) is (number == signal.SIGTSTP)
            assert all(one in terminal.raw[from_here:] for one in LEFT) is (number == signal.SIGTSTP)
            # As a shell leaves it, and whatever it wrote meanwhile.
            terminal.set_modes(before)
            terminal.screen.reset()
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_for(lambda screen: HELP in screen and "Timeline" in screen)
            assert terminal.modes() == drawn_in
        terminal.keys("?")
        terminal.wait_for("Keys and signs")
        from_here = len(terminal.raw)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert all(one in terminal.raw[from_here:] for one in LEFT)
        assert terminal.modes() == before
    finally:
        terminal.close()


def test_a_second_signal_ends_one_that_does_not_hear(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert in_process_of_its_own("init", str(FIRST_CUTOVER), "--db", str(path)).code == 0
    # A pager that takes no notice holds the loop for as long as it runs.
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\ntrap '' INT\necho reading\nexec sleep 60\n")
    pager.chmod(0o700)
    words = command_line("open", "--as", "jana", "--db", str(path))
    terminal = PtyTerminal(words, 100, 30, PAGER=str(pager))
    try:
        before = terminal.modes()
        terminal.wait_for(HELP)
        terminal.keys(PAGER_KEY)
        terminal.wait_for("reading")
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() == 128 + signal.SIGHUP
        assert termios.ECHO & terminal.modes()[3]
        assert terminal.modes() == before
    finally:
        terminal.close()
