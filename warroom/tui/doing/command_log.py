"""What was done in this console, as the lines that would do the same in a shell."""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import Task
from warroom.rules.permissions import Actor
from warroom.tui.doing.command_lines import PROGRAM, command_line, known_actions, looking_line, over_ssh
from warroom.vocabulary.words import TaskKind

KEPT = 500
"""So many lines are kept, the latest ones."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line.

    Attributes:
        at: run time, UTC. writes: whether it changed something, or only looked.
    """

    at: datetime
    line: str
    writes: bool


class CommandLog:
    """The lines of one console, oldest first.

    Args:
        options: of the program itself, without which a line would mean another state file or another person.
        run: name of the run that is looked at, where it is not the one of which lines tell by themselves.
        served: whether the console is at another machine than the shell: lines go there over SSH, to `HOST`.
    """

    def __init__(self, options: Sequence[str] = (), *, run: str | None = None, served: bool = False) -> None:
        self._program = shlex.join([PROGRAM, *options])
        self._run = run
        self.served = served
        self._said: deque[Said] = deque(maxlen=KEPT)

    @property
    def said(self) -> tuple[Said, ...]:
        return tuple(self._said)

    def from_here(self, line: str) -> str:
        """A line as it means the same state file and person in the shell of whoever sits at this console."""
        return over_ssh(line) if self.served else self._program + line.removeprefix(PROGRAM)

    def did(self, action: str, told: Mapping[str, Any], board: Board, actor: Actor, at: datetime) -> None:
        """Something was changed; `board` is the one from before."""
        if action in known_actions():
            self._say(at, command_line(action, told, board, actor), writes=True)

    def looked(self, name: str, task: Task | None, at: datetime) -> None:
        """An action of the console was run that may have opened a screen."""
        if task is not None and name == "console.gate" and task.kind_of_task is not TaskKind.GATE:
            task = None  # the next gate is shown then
        line = looking_line(name, None if task is None else task.ref, self._run)
        if line is not None:
            self._say(at, line, writes=False)

    def _say(self, at: datetime, line: str, *, writes: bool) -> None:
        self._said.append(Said(at, self.from_here(line), writes))
