"""Who has how much to do when, on a Board as forecast: facts for people to judge. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.calendars import calendars_of
from warroom.board.forecast import Forecast
from warroom.board.impossible import impossible_hours
from warroom.board.rota import owner_at
from warroom.board.rows import Task
from warroom.schedule.resources import (
    Assignment,
    DoubleBooking,
    OutsideHours,
    double_bookings,
    hourly_load,
    outside_hours,
    verifying_own_work,
)
from warroom.vocabulary.words import TaskState


@dataclass(frozen=True, slots=True)
class Resources:
    """What the forecast asks of people; they are named by their handles.

    Attributes:
        load: seconds of work by owner and hour, counted from the window start; of all tasks but the skipped ones.
        double_booked, outside_hours: of open tasks.
        verifying_own_work: refs of tasks that the same person executes and verifies.
        impossible: see `impossible_hours`.
    """

    load: dict[str, dict[int, int]]
    double_booked: list[DoubleBooking]
    outside_hours: list[OutsideHours]
    verifying_own_work: list[str]
    impossible: dict[str, str]


def resources(board: Board, forecast: Forecast) -> Resources:
    """The facts of the main network. Tasks without an owner load nobody.

    An open task loads its owner (by the rota, whoever has the role when it starts), one that was executed whoever did
    it, from its start to its finish, in the working time of both.
    """
    assignments = list(_assignments(board, forecast))
    still_open = {task.ref for task in board.tasks if task.state not in CLOSED_STATES}
    pending = [assignment for assignment in assignments if assignment.key in still_open]
    on_shift = {task.ref for task in board.tasks if task.owner_role is not None}
    impossible = impossible_hours(board, forecast)
    calendars = calendars_of(board)
    available = {}
    for task in board.tasks:
        calendar = None if calendars is None or task.owner_id is None else calendars.of_person(task.owner_id)
        if calendar is not None and (handle := board.handle(task.owner_id)) is not None:
            available[handle] = calendar
    taking_part = [task for task in board.tasks if task.ref in forecast.delays]
    return Resources(
        load=hourly_load(assignments),
        double_booked=double_bookings(pending),
        outside_hours=outside_hours([one for one in pending if one.key not in impossible.keys() | on_shift], available),
        verifying_own_work=verifying_own_work(
            {assignment.key: assignment.owner for assignment in assignments},
            {task.ref: person for task in taking_part if (person := _verifier(board, task)) is not None},
        ),
        impossible=impossible,
    )


def _assignments(board: Board, forecast: Forecast) -> Iterator[Assignment]:
    columns, positions = forecast.expected.columns, forecast.expected.network.positions
    calendars = calendars_of(board)
    for task in board.tasks:
        if task.ref not in positions or task.state is TaskState.SKIPPED:
            continue
        position = positions[task.ref]
        who = _executor(board, task, columns.start[position])
        if who is None:
            continue
        yield Assignment(
            key=task.ref,
            owner=who,
            start=columns.start[position],
            finish=columns.finish[position],
            calendar=None if calendars is None else calendars.of(task),
        )


def _executor(board: Board, task: Task, start: int) -> str | None:
    """Who executed a task, or is to when it starts."""
    return board.handle(owner_at(board, task, start) if task.executor_id is None else task.executor_id)


def _verifier(board: Board, task: Task) -> str | None:
    """Who verified a task, or is to."""
    return board.handle(task.verifier_id if task.verified_by_id is None else task.verified_by_id)
