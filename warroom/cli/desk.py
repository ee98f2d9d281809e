"""Where commands stand: over the open state file, with its Board, the run's time and who acts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from errno import ENAMETOOLONG
from pathlib import Path

import click

from warroom.board.board import Board
from warroom.board.documents import entry_document
from warroom.board.forecast import Forecast, forecast
from warroom.board.load import load_board, load_samples
from warroom.board.rows import Control, Run, Task
from warroom.cli import identity, typed
from warroom.cli.command import Invocation
from warroom.cli.output import narrate, write_json
from warroom.cli.sentences import happened
from warroom.rules.backout import asks_confidence
from warroom.store import automatic
from warroom.store.database import damaged
from warroom.store.sqlite import identity as identity_of
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Via


@dataclass(slots=True)
class Desk:
    """A command at work.

    Attributes:
        board: as it stood when the command began.
        wall: the wall clock then, UTC.
        now: what the run's clock showed then, UTC; the plan's start while there is no run.
    """

    invocation: Invocation
    state_file: StateFile
    board: Board
    wall: datetime
    now: datetime

    @property
    def zone(self) -> str:
        """The programme's time zone, in which times are typed and shown."""
        return self.board.programme.timezone

    def forecast(self, at: datetime | None = None, *, from_window: bool = False) -> Forecast:
        """The forecast of the Board, now or with another data date."""
        return forecast(self.board, at or self.now, from_window=from_window)

    def confidence_for_triggers(self) -> Decimal | None:
        """Per cent of the trials that finish inside the window, where a trigger of the back-out asks for it."""
        if self.board.run is None or not asks_confidence(self.board):
            return None
        return self.confidence()

    def confidence(self) -> Decimal | None:
        """Per cent of the trials that finish inside the window."""
        from warroom.board.confidence import inside_window  # loads numpy

        samples = load_samples(self.state_file, self.board)
        return inside_window(self.board, self.forecast(from_window=True), rehearsed=samples)

    def task(self, ref: str) -> Task:
        """The task called `ref`.

        Raises:
            BadInput: there is none.
        """
        return task_called(self.board, ref)

    def past(self, text: str | None) -> datetime | None:
        """A time that was typed, a bare clock time being the latest past one; UTC."""
        if text is None:
            return None
        now = self.wall if self.board.run is None else self.now
        return typed.instant(text, zone=self.zone, window_start=self.board.plan.window_start, now=now, prefer="past")

    def future(self, text: str | None, option: str) -> datetime | None:
        """A span from now, or a time, a bare clock time being the next one; UTC. Outside a run it is wall time."""
        if text is None:
            return None
        run = self.board.run
        now = self.now if run is not None and run.closed_at is None else self.wall
        start = self.board.plan.window_start
        return typed.expected(text, zone=self.zone, window_start=start, now=now, option=option)

    def expected(self, text: str) -> datetime:
        """A span from now, or a time, a bare clock time being the next one; UTC."""
        return typed.expected(text, zone=self.zone, window_start=self.board.plan.window_start, now=self.now)


@dataclass(slots=True)
class ActingDesk(Desk):
    """A command that changes something."""

    caller: Caller

    def tell(self, entry: Entry) -> None:
        """Say what happened; with --json, write its entry."""
        tell(self.invocation, self.state_file, entry)


def tell(invocation: Invocation, state_file: StateFile, entry: Entry) -> None:
    """Say what happened on stderr; with --json, write the entry to stdout instead. Then make the backup that is due
    after it, if one is."""
    board = load_board(state_file)
    if invocation.as_json:
        write_json(entry_document(entry, run_names(board)))
    else:
        narrate(happened(board, entry))
    try:
        automatic.after(state_file, entry)
    except WarroomError as error:
        narrate(automatic.told(error))


def run_names(board: Board) -> dict[int, str]:
    """The names of all runs by key."""
    return {run.id: run.name for run in board.rows(Run).values()}


def path_of(invocation: Invocation) -> Path:
    """Where the state file is: --db, else `$WARROOM_DB`, else ./warroom.db.

    Raises:
        BadInput: it is given as a URL, as nothing, or by a name that no terminal can show.
    """
    named = os.environ.get("WARROOM_DB") or "warroom.db" if invocation.db is None else invocation.db
    if not named:
        raise BadInput("--db names no file", hint="name a path, or leave it out for $WARROOM_DB, else ./warroom.db")
    insist_on_file_name("the state file", named)
    if "://" in named:
        raise BadInput("the state file must be a file", where=named, hint="name a path; URLs are not supported")
    return Path(named)


def insist_on_file_name(what: str, name: str | os.PathLike[str]) -> None:
    """Refuse what cannot be the name of a file that people are told of.

    Raises:
        BadInput: `name` holds something that is no plain character, or is longer than any file's.
    """
    named = os.fspath(name)
    if not named.isprintable():
        raise BadInput(f"the name of {what} cannot be shown", where=named, hint="give it a name of plain characters")
    try:
        os.lstat(named)
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise BadInput(f"the name of {what} is too long", where=named, hint="give it a shorter one") from None


def insist_on_another_file(invocation: Invocation, name: str | os.PathLike[str]) -> None:
    """Refuse the state file where another one is to be read or written while that is open: it would drop SQLite's
    locks on it, or destroy it.

    Raises:
        BadInput: it is the state file.
    """
    if identity_of(Path(name)) == identity_of(path_of(invocation)) is not None:
        raise BadInput("that is the state file itself", where=os.fspath(name), hint="name another file")


@contextmanager
def opened(invocation: Invocation) -> Iterator[StateFile]:
    """The state file, open.

    Raises:
        StateFileError: it is missing, damaged, or too new. Busy: it is locked for too long.
    """
    path = path_of(invocation)
    with StateFile.open(path, backup_folder=automatic.folder_for(path, os.environ)) as state_file:
        try:
            yield state_file
        except (WarroomError, click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            # Rows that do not fit together can surprise any part; then it is the file that is at fault.
            if findings := verify(state_file).findings:
                raise damaged(state_file.where, findings[0].message) from error
            raise


@contextmanager
def looking(invocation: Invocation, run: str | None = None) -> Iterator[Desk]:
    """A desk of a command that only reads.

    Args:
        run: name of the run to show; None: the open one, else the latest, else the plan.
    """
    with opened(invocation) as state_file:
        board = load_board(state_file, run)
        if (handle := identity.claimed_handle(invocation.handle)) is not None:
            identity.insist_on_person(board, handle)
        wall = state_file.clock.now()
        yield Desk(invocation, state_file, board, wall, data_date(board, wall))


@contextmanager
def acting(invocation: Invocation, done_by: str | None = None, *, via: Via = Via.CLI) -> Iterator[ActingDesk]:
    """A desk of a command that changes something.

    Args:
        done_by: handle of the one who did what is recorded, if it is somebody else.
    """
    with opened(invocation) as state_file:
        board = load_board(state_file)
        caller = identity.caller(
            board, invocation.handle, via=via, done_by=done_by, by=invocation.told_by, known=invocation.known
        )
        wall = state_file.clock.now()
        yield ActingDesk(invocation, state_file, board, wall, data_date(board, wall), caller)


def data_date(board: Board, wall: datetime) -> datetime:
    """The time at which a Board is looked at: its run's clock, or the plan's start while there is no run; UTC."""
    return plan_start(board) if board.run is None else board.run_time(wall)


def plan_start(board: Board) -> datetime:
    """When the plan starts, UTC."""
    return board.plan.window_start + timedelta(seconds=board.plan.plan_start_s)


def task_called(board: Board, ref: str) -> Task:
    """The task called `ref`, of the main network or of the back-out.

    Raises:
        BadInput: there is none.
    """
    task = board.task(ref)
    if task is None:
        known = [task.ref for task in (*board.tasks, *board.backout_tasks)]
        near = get_close_matches(ref[:80], known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "warroom task list shows them all"
        raise BadInput(f"there is no task {ref}", hint=hint)
    return task


def control_called(board: Board, key: str) -> Control:
    """The control called `key`.

    Raises:
        BadInput: there is none.
    """
    for one in board.controls:
        if one.key == key:
            return one
    raise BadInput(f"there is no control {key}", hint="warroom control list shows them all")
