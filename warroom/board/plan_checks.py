"""What the reader of runbooks would refuse of a Board's plan.

The rows are handed to the reader's own checks, as if a file had said what they say; there is no second set of rules.
Dear to import, since the reader is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from warroom.board.board import Board
from warroom.board.rows import CalendarHours, Person, Task
from warroom.runbook.checks import check
from warroom.runbook.faults import Faults, Place
from warroom.runbook.records import Entry
from warroom.runbook.shapes import Found, Reading
from warroom.runbook.task_format import TASK
from warroom.runbook.time_shapes import Estimate
from warroom.runbook.tree import Text
from warroom.vocabulary.errors import BadRunbook
from warroom.vocabulary.text import fault_of_text
from warroom.vocabulary.words import TaskKind

_NOWHERE = Place(1, 1)


def plan_faults(board: Board) -> tuple[str, ...]:
    """What is wrong in the plan that `board` holds, in the reader's words; none, if the reader would take it."""
    faults = Faults("the plan")
    check(_root(board), faults)
    return _told(faults)


def text_faults(board: Board, texts: Mapping[str, str]) -> tuple[str, ...]:
    """What the reader would refuse of texts of a task, by the keys that they have in a runbook."""
    faults = Faults("the plan")
    reading = Reading(faults, board.programme.timezone, board.plan.window_start, frozenset())
    shapes = {field.key: field.shape for field in TASK.fields}
    for key, text in texts.items():
        if fault := fault_of_text(text):
            faults.add(_NOWHERE, f"the {key} {fault}")
        else:
            shapes[key].read(Text(text, _NOWHERE), reading)
    return _told(faults)


def _told(faults: Faults) -> tuple[str, ...]:
    try:
        faults.raise_any()
    except BadRunbook as error:
        return tuple(fault.message + (f" ({fault.hint})" if fault.hint else "") for fault in error.faults)
    return ()


def _root(board: Board) -> Entry:
    plan = board.plan
    gates = [task for task in board.tasks if task.kind_of_task is TaskKind.GATE]
    tasks = [task for task in board.tasks if task.kind_of_task is not TaskKind.GATE]
    return _entry(
        window=_entry(ends_with=plan.ends_with),
        people=_list(_entry(handle=person.handle, calendar=person.calendar) for person in board.rows(Person).values()),
        streams=_list(_entry(key=stream.key) for stream in board.streams),
        phases=_list(_entry(key=phase.key) for phase in board.phases),
        calendars=tuple((_found(row.key), _found(_entry())) for row in board.rows(CalendarHours).values()),
        tasks=_list(_task(board, task) for task in tasks),
        gates=_list(_gate(board, task) for task in gates),
        rollback=_entry(
            point_of_no_return=plan.point_of_no_return,
            tasks=_list(_task(board, task) for task in board.backout_tasks),
        ),
    )


def _task(board: Board, task: Task) -> Entry:
    estimate = Estimate(task.duration_low_s, task.duration_s, task.duration_high_s)
    return _entry(
        **_row(board, task),
        kind=task.kind_of_task,
        verifier=board.handle(task.verifier_id),
        duration=estimate,
        undoes=_list(task.undoes),
    )


def _gate(board: Board, task: Task) -> Entry:
    gate = board.gate_of(task.id)
    if gate is None:
        return _entry(**_row(board, task))
    seats = (_entry(title=seat.title, person=board.handle(seat.person_id)) for seat in board.seats(gate.id))
    return _entry(**_row(board, task), quorum=gate.quorum, seats=_list(seats))


def _row(board: Board, task: Task) -> dict[str, Any]:
    refs = board.rows(Task)
    links = ((refs[link.predecessor_id].ref, link.link_type, link.lag_s) for link in board.links_to(task.id))
    return {
        "ref": task.ref,
        "owner": board.handle(task.owner_id),
        "backup": board.handle(task.backup_id),
        "phase": task.phase,
        "stream": task.stream,
        "calendar": task.calendar,
        "after": _list(links),
    }


def _entry(**values: Any) -> Entry:
    """A record as the reader would have it, of the values that are given."""
    given = {key: _found(value) for key, value in values.items() if value is not None}
    return Entry(_NOWHERE, given, set(given))


def _list(items: Iterable[Any]) -> tuple[Found, ...]:
    return tuple(map(_found, items))


def _found(value: Any) -> Found:
    return Found(value, _NOWHERE)
