"""What reading commands look at that take a state file or a bare runbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import click

from warroom.board.board import Board
from warroom.board.from_runbook import bare_board
from warroom.board.load import load_samples
from warroom.board.rehearsed import Samples
from warroom.cli import typed
from warroom.cli.command import Invocation, with_run
from warroom.cli.desk import looking, plan_start
from warroom.runbook.reader import read_runbook
from warroom.vocabulary.errors import BadInput

C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A Board, and the time (UTC) at which to look at it.

    Attributes:
        rehearsed: what its tasks took in earlier rehearsals; read when it is asked for.
    """

    board: Board
    at: datetime
    rehearsed: Callable[[], Samples]

    @property
    def zone(self) -> str:
        return self.board.programme.timezone


def with_source(command: C) -> C:
    """The options --runbook, --at and --run."""
    command = with_run(command)
    command = click.option("--at", metavar="TIME", help="As if it were that time, with what is known today.")(command)
    return click.option("--runbook", metavar="FILE", help="Of a runbook file, without a state file.")(command)


@contextmanager
def looking_at(invocation: Invocation, *, runbook: str | None, at: str | None, run: str | None) -> Iterator[LookedAt]:
    """The Board of a runbook file, or of the state file and its run, and the time that was typed, or now.

    A bare clock time is the next one in a plan, the latest past one in a state file.

    Raises:
        BadInput: a runbook file and a state file at once; no such run, or not a time. BadRunbook: of its faults.
    """
    if runbook is None:
        with looking(invocation, run) as desk:
            yield LookedAt(desk.board, desk.past(at) or desk.now, partial(load_samples, desk.state_file, desk.board))
        return
    if invocation.db is not None or run is not None:
        raise BadInput("a runbook file has no runs", hint="give --runbook, or --db and --run")
    board = bare_board(read_runbook(runbook))
    start = plan_start(board)
    if at is None:
        yield LookedAt(board, start, dict)
        return
    zone, window_start = board.programme.timezone, board.plan.window_start
    yield LookedAt(board, typed.instant(at, zone=zone, window_start=window_start, now=start, prefer="next"), dict)
