"""What a console sends to a real terminal, counted on a pty: little, and nothing but what changed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from time import monotonic

import pytest

from tests.cutover import caller
from warroom.actions import plan, runs
from warroom.actions.registry import ACTIONS
from warroom.board.load import load_board
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import RunKind

QUIET_S = 0.4
"""A terminal that is given nothing for so long has been given all; hearts beat once a second."""

PATIENCE_S = 30.0
IDLE_BYTES = 1_000
CHANGE_BYTES = 2_000


class Terminal:
    """A terminal in which a console was opened."""

    def __init__(self, end: int, console: Popen[bytes]) -> None:
        self.end = end
        self.console = console

    def read(self, seconds: float) -> bytes:
        """What comes within so many seconds, up to the first pause; b"" if nothing does."""
        said = b""
        while select.select([self.end], [], [], QUIET_S if said else seconds)[0]:
            try:
                new = os.read(self.end, 65_536)
            except OSError:  # the console has gone
                break
            if not new:
                break
            said += new
        return said

    def until(self, text: str) -> bytes:
        """Everything up to the first pause after `text` was sent."""
        said, ends = b"", monotonic() + PATIENCE_S
        while text.encode() not in said:
            assert monotonic() < ends, said[-2_000:]
            said += self.read(1)
        return said

    def settle(self) -> None:
        """Read on until nothing but a heartbeat comes, however slow the machine is."""
        small = 0
        while small < 3:
            small = small + 1 if len(self.read(1)) < IDLE_BYTES else 0

    def idle(self, seconds: float) -> float:
        """Bytes a second over so many seconds."""
        began, count = monotonic(), 0
        while (passed := monotonic() - began) < seconds:
            count += len(self.read(seconds - passed))
        return count / (monotonic() - began)

    def type(self, keys: bytes) -> None:
        os.write(self.end, keys)


@contextmanager
def terminal(path: Path, *arguments: str, columns: int = 120, lines: int = 40) -> Iterator[Terminal]:
    """`warroom open` on a pty of its own."""
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("WARROOM", "TEXTUAL"))}
    environment.pop("NO_COLOR", None)
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_CONFIG_HOME": str(path.parent)}
    command = [sys.executable, "-m", "warroom", "open", "--db", str(path), *arguments]
    console = Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True)
    os.close(theirs)
    try:
        yield Terminal(mine, console)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(console.pid, signal.SIGKILL)
        console.wait()
        os.close(mine)


@pytest.fixture
def rehearsal(tmp_path: Path) -> Iterator[StateFile]:
    """The first cutover in a rehearsal that has just begun, on the machine's own clock; its first task runs."""
    path = tmp_path / "state.db"
    plan.init(path, read_runbook(folder("sample_runbooks") / "first-cutover.yaml"), name="first.yaml", handle="jana")
    with StateFile.open(path) as state_file:
        runs.start(state_file, caller("jana"), kind=RunKind.REHEARSAL, name="mock")
        ACTIONS["task.start"](state_file, caller("jana"), "DM-01")
        yield state_file


def least(count: Callable[[], float], enough: float) -> float:
    """The least of up to three counts: the line of now moves once in a minute, and may fall into one of them."""
    counted = count()
    for _ in range(2):
        if counted > enough:
            counted = min(counted, count())
    return counted


def step_is_open(state_file: StateFile) -> bool:
    board = load_board(state_file)
    task = board.task("DM-01")
    assert task is not None
    return board.steps(task.id)[0].ticked_at is None


@pytest.mark.parametrize(
    ("screen", "columns", "lines"), [("war-room", 200, 60), ("war-room", 80, 24), ("owner", 80, 24)]
)
def test_a_console_says_little(rehearsal: StateFile, screen: str, columns: int, lines: int) -> None:
    arguments = ("--as", "jana", "--screen", screen, "--read-only")
    with terminal(Path(rehearsal.where), *arguments, columns=columns, lines=lines) as shown:
        first = shown.until("DM-01")
        assert len(first) > 2_000
        shown.settle()
        idle = least(lambda: shown.idle(4), IDLE_BYTES)
        assert idle < IDLE_BYTES, "nothing happens but time"

        def change() -> float:
            tick = "step.tick" if step_is_open(rehearsal) else "step.untick"
            ACTIONS[tick](rehearsal, caller("jana"), "DM-01", positions=[1])
            return len(shown.read(2)) + len(shown.read(0.5))

        changed = least(change, CHANGE_BYTES)
        assert changed <= CHANGE_BYTES, "one step was ticked"

        def note() -> float:
            ACTIONS["task.note"](rehearsal, caller("jana"), "DM-01", text="Nothing to see.")
            return len(shown.read(2)) + len(shown.read(0.5))

        noted = least(note, CHANGE_BYTES)
        assert noted <= CHANGE_BYTES, "a note is shown on its task only"
        print(f"{screen} {columns}x{lines}: first paint {len(first)}, idle {idle:.0f} a second, a tick {changed:.0f}")

        shown.type(b"q")
        assert shown.console.wait(PATIENCE_S) == 0
        assert b"\x1b[?1049l" in shown.read(1), "it leaves the terminal as it was"
