"""Who is away, and who stands in for whom: facts of an instant, worked out alike from a Board and by an action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from warroom.board.board import Board
from warroom.board.calendars import calendars_of, hours_of
from warroom.board.rows import Absence, CalendarHours, Leave, Run
from warroom.clock.durations import DAY
from warroom.schedule.calendars import Calendar
from warroom.schedule.hours import calendar
from warroom.vocabulary.words import RunKind

_AROUND = (-2 * DAY, 2 * DAY)
"""How far around an instant working hours are laid out to tell whether it lies in them; a shift lasts a day at most."""


def lasts(leave: Leave, run: Run | None, at: datetime) -> bool:
    """Whether a leave counts in `run` (None: before any) at `at`, run time, UTC."""
    if leave.run_id is None:
        own = run is None or run.kind_of_run is RunKind.LIVE
    else:
        own = run is not None and leave.run_id == run.id
    return own and leave.from_at <= at and (leave.to_at is None or at < leave.to_at)


def stood_in_for(board: Board, person_id: int, at: datetime) -> frozenset[int]:
    """Keys of the people whose rights on tasks the person has at `at` (run time, UTC)."""
    return substituted(board.rows(Leave).values(), board.run, person_id, at)


def substituted(leaves: Iterable[Leave], run: Run | None, person_id: int, at: datetime) -> frozenset[int]:
    """The same from the leaves in which the person may be the substitute; `at`: run time, UTC."""
    return frozenset(leave.person_id for leave in leaves if leave.substitute_id == person_id and lasts(leave, run, at))


def leave_of(board: Board, person_id: int, at: datetime) -> Leave | None:
    """The leave that the person is on at `at` (run time, UTC), the one said last."""
    leaves = [leave for leave in board.rows(Leave).values() if leave.person_id == person_id]
    return next((leave for leave in reversed(leaves) if lasts(leave, board.run, at)), None)


def is_away(board: Board, person_id: int, at: datetime) -> bool:
    """Whether the person is on leave at `at` (run time, UTC), absent by the runbook, or outside their shifts."""
    if leave_of(board, person_id, at) is not None:
        return True
    calendars = calendars_of(board)
    hours = None if calendars is None else calendars.of_person(person_id)
    return hours is not None and not _open(hours, _seconds(at, board.plan.window_start))


def back_at(board: Board, person_id: int, at: datetime) -> datetime | None:
    """When the person is there again, from `at` on (run time, UTC): `at` itself while they are; None: nobody knows."""
    calendars = calendars_of(board)
    hours = None if calendars is None else calendars.of_person(person_id)
    origin = board.plan.window_start
    while is_away(board, person_id, at):
        leave = leave_of(board, person_id, at)
        if leave is not None:
            if leave.to_at is None:
                return None
            at = leave.to_at
        else:
            assert hours is not None
            at = origin + timedelta(seconds=hours.place(_seconds(at, origin), 0)[0])
    return at


def is_off(hours: CalendarHours | None, absences: Iterable[Absence], origin: datetime, at: datetime) -> bool:
    """Whether a person with these hours (None: round the clock) and absences, which count from the window start
    `origin`, is off at `at`; both UTC."""
    seconds = _seconds(at, origin)
    if any(absence.from_s <= seconds < absence.to_s for absence in absences):
        return True
    return hours is not None and not _open(calendar(hours_of(hours), origin=at, horizon=_AROUND), 0)


def _open(hours: Calendar, seconds: int) -> bool:
    return hours.place(seconds, 0)[0] == seconds


def _seconds(at: datetime, origin: datetime) -> int:
    return (at - origin) // timedelta(seconds=1)
