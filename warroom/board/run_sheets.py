"""Run sheets: what each owner has to do, to be printed and filled in by hand where no console is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Person, Step, Task
from warroom.vocabulary.words import ShownState


@dataclass(frozen=True, slots=True)
class SheetTask:
    """One task of a sheet. Texts are people's, not yet harmless; instants are UTC, in run time.

    Attributes:
        start, finish: as expected now.
        state: how it stands.
        waits_for: refs of what it waits for, each with the handle and the number of whose that is.
        told: refs and handles of those that wait for it.
    """

    task: Task
    start: datetime
    finish: datetime
    state: ShownState
    verifier: str | None
    steps: tuple[Step, ...]
    waits_for: tuple[str, ...]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunSheet:
    """All that is open of one owner, in the order in which it is expected.

    Attributes:
        owner: None: of nobody.
        own: their tasks. to_verify: what others execute and they verify.
    """

    owner: Person | None
    own: tuple[SheetTask, ...]
    to_verify: tuple[SheetTask, ...]


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """Which tasks stand on somebody's sheet, and in which order: keys of their own, then of those they verify."""

    own: tuple[int, ...]
    to_verify: tuple[int, ...]


def order_as_printed(board: Board, forecast: Forecast, person_id: int) -> SheetOrder | None:
    """The order of the sheet that is printed of `board` as it stands; None where nothing is open of theirs."""
    for sheet in run_sheets(board, forecast):
        if sheet.owner is not None and sheet.owner.id == person_id:
            return SheetOrder(tuple(one.task.id for one in sheet.own), tuple(one.task.id for one in sheet.to_verify))
    return None


def order_as_planned(board: Board, forecast: Forecast, person_id: int) -> SheetOrder:
    """The order of a sheet that was printed before the run: all that is theirs, open or not, as it is planned."""
    theirs = (task for task in board.tasks_in_play if person_id in (task.owner_id, task.verifier_id))
    tasks = sorted(
        (task for task in theirs if task.ref in forecast.delays),
        key=lambda task: (forecast.planned(task).start, task.position),
    )
    return SheetOrder(
        tuple(task.id for task in tasks if task.owner_id == person_id),
        tuple(task.id for task in tasks if task.verifier_id == person_id),
    )


def run_sheets(board: Board, forecast: Forecast) -> tuple[RunSheet, ...]:
    """A sheet for each person who owns or verifies an open task, in the order of the runbook; last what nobody owns."""
    tasks = sorted(
        (task for task in board.tasks_in_play if task.ref in forecast.delays and task.state not in CLOSED_STATES),
        key=lambda task: (forecast.start_of(task), task.position),
    )
    people: list[Person | None] = [*sorted(board.rows(Person).values(), key=lambda person: person.id), None]

    def sheets() -> Iterator[RunSheet]:
        for person in people:
            key = None if person is None else person.id
            own = [task for task in tasks if task.owner_id == key]
            checked = [] if key is None else [task for task in tasks if task.verifier_id == key]
            if own or checked:
                yield RunSheet(
                    person,
                    tuple(_sheet_task(board, forecast, task) for task in own),
                    tuple(_sheet_task(board, forecast, task) for task in checked),
                )

    return tuple(sheets())


def _sheet_task(board: Board, forecast: Forecast, task: Task) -> SheetTask:
    expected = forecast.of(task)
    return SheetTask(
        task=task,
        start=forecast.instant(expected.start),
        finish=forecast.instant(expected.finish),
        state=board.shown_state(task),
        verifier=board.handle(task.verifier_id),
        steps=board.steps(task.id),
        waits_for=tuple(_reached(board, before) for before in board.open_predecessors(task.id)),
        told=tuple(
            " ".join(part for part in (after.ref, board.handle(after.owner_id)) if part)
            for after in board.successors(task.id)
        ),
    )


def _reached(board: Board, task: Task) -> str:
    owner = board.person(task.owner_id)
    if owner is None:
        return task.ref
    return f"{task.ref} {owner.handle}" + (f" ({owner.phone})" if owner.phone else "")
