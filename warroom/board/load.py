"""A Board from a state file: from its tables as they stand, or from its journal up to an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from warroom.board.board import Board
from warroom.board.history import History
from warroom.board.rehearsed import Samples, rehearsals_before, samples_of
from warroom.model.plan import Plan, PlanVersion, Run
from warroom.model.row import Scope
from warroom.store import journal
from warroom.store.codec import journalled_tables
from warroom.store.gateway import Reader
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.journal import Entry


def load_board(state_file: StateFile, run: str | None = None) -> Board:
    """The Board as it stands, read from the tables in one transaction.

    Args:
        run: name of the run to show; None: the open one, else the latest, else the plan itself.

    Raises:
        BadInput: there is no run of that name.
    """
    with state_file.read() as reader:
        return board_in(reader, state_file.genesis, run)


def board_in(reader: Reader, genesis: str, run: str | None = None, *, plan_only: bool = False) -> Board:
    """The same within a transaction that is open already; with `plan_only`, that of the plan, whatever runs."""
    run_id, version_id = (None, _latest_version(reader)) if plan_only else shown_run(reader, run)
    head = journal.head(reader.connection, genesis)
    rows = {}
    for name, table in journalled_tables().items():
        if table.scope is Scope.PROGRAMME:
            found = reader.find(table.row_class)
        elif run_id is not None:
            found = reader.find(table.row_class, run_id=run_id)
        elif table.scope is Scope.BOOK and version_id is not None:
            found = reader.find(table.row_class, version_id=version_id)
        else:
            found = []
        rows[name] = {row.id: row for row in found}
    return Board(
        rows,
        seq=head.seq,
        recorded_at=head.recorded_at,
        run_id=run_id,
        version_id=version_id,
        last_entries=journal.last_by_subject(reader.connection, run_id),
    )


def follow(state_file: StateFile, board: Board, entries: Iterable[Entry], run: str | None = None) -> Board:
    """`board` after `entries`, which follow it; when they start another run, the Board of that run,
    and of the plan's new version where no run was started yet.

    Args:
        run: name of the run to stay with; None goes along with whichever is started.
    """
    entries = tuple(entries)
    shown_anew = {"run.start"} if board.run_id is not None else {"run.start", "plan.load", "plan.apply"}
    if run is None and any(entry.action in shown_anew and entry.seq > board.seq for entry in entries):
        return load_board(state_file)
    return board.apply(entries)


def shown_run(reader: Reader, name: str | None) -> tuple[int | None, int | None]:
    """Keys of (run, plan version) that a Board shows: the run of that name, else the open one, else the latest,
    else none and the plan's latest version.

    Raises:
        BadInput: no run has that name.
    """
    runs = reader.find(Run)
    if name is not None:
        for run in runs:
            if run.name == name:
                return run.id, run.version_id
        known = ", ".join(run.name for run in runs) or "none yet"
        raise BadInput(f"there is no run called {name!r}", hint=f"the runs are: {known}")
    for run in reversed(runs):
        if run.closed_at is None:
            return run.id, run.version_id
    if runs:
        return runs[-1].id, runs[-1].version_id
    return None, _latest_version(reader)


def _latest_version(reader: Reader) -> int:
    (plan, *_) = reader.find(Plan)
    return reader.find(PlanVersion, plan_id=plan.id)[-1].id


def load_samples(state_file: StateFile, board: Board) -> Samples:
    """What the tasks of `board` took in the rehearsals of its plan before the run that it shows."""
    names = rehearsals_before(board)
    if not names:
        return {}
    with state_file.read() as reader:
        return samples_of([board_in(reader, state_file.genesis, name) for name in names])


def load_history(state_file: StateFile, run: str | None = None) -> History:
    """Everything that was ever journalled, seen from the run that `load_board` would show.

    Raises:
        BadInput: there is no run of that name.
    """
    with state_file.read() as reader:
        run_id, version_id = shown_run(reader, run)
    return History(state_file.entries(), run_id, version_id)


def board_at(state_file: StateFile, at: datetime, run: str | None = None) -> Board:
    """The Board as it stood after the last entry with run time <= `at` (UTC), rebuilt from the journal.

    Raises:
        BadInput: there is no run of that name, or it had not started by then.
    """
    history = load_history(state_file, run)
    board = history.board(history.seq_at(at))
    if board.seq == 0 or (board.run_id is None and board.version_id not in board.rows(PlanVersion)):
        raise BadInput("nothing had happened by then", hint="choose a later --at")
    return board
