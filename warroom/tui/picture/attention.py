"""Who must act now, and why: from a Board and its forecast, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from warroom.board.awaited import awaited_words
from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.release import free_from
from warroom.board.rows import Gate, Task
from warroom.clock.durations import HOUR, MINUTE, show_duration
from warroom.clock.times import show_time
from warroom.tui.drawing.marks import GATE, LATE, STALE, STATES, Mark
from warroom.vocabulary.words import ShownState, TaskKind, TaskState

GATE_AHEAD_S = HOUR
"""How long before it is due a gate asks for votes, though what comes before it is still open."""


class Want(IntEnum):
    """What is wanted of somebody, the most urgent first."""

    RUNNING_LATE = 0
    BLOCKED = 1
    FAILED = 2
    STALE = 3
    NOT_STARTED = 4
    VERIFICATION = 5
    GATE = 6


_MARKS: dict[Want, Mark] = {
    Want.RUNNING_LATE: LATE,
    Want.BLOCKED: STATES[ShownState.BLOCKED],
    Want.FAILED: STATES[ShownState.FAILED],
    Want.STALE: STALE,
    Want.NOT_STARTED: STATES[ShownState.READY],
    Want.VERIFICATION: STATES[ShownState.VERIFYING],
    Want.GATE: GATE,
}


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that somebody must do now.

    Attributes:
        who: handles or seats, as shown; text of people, not yet made harmless, as are `title` and `why`.
        since: since when, UTC run time; None where that is not known.
        weight: seconds of delay or of waiting, to order demands of one kind.
    """

    want: Want
    ref: str
    who: str
    title: str
    why: str
    since: datetime | None
    weight: int

    @property
    def mark(self) -> Mark:
        return _MARKS[self.want]


def demands(board: Board, forecast: Forecast, zone: ZoneInfo) -> tuple[Demand, ...]:
    """All demands of a run, at the forecast's data date; none while there is no run, or once it is closed.

    Args:
        zone: the zone in which times are named.
    """
    run = board.run
    if run is None or run.closed_at is not None:
        return ()
    found = (_Reader(board, forecast, zone).of(task) for task in board.tasks_in_play if task.ref in forecast.delays)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.want, -one.weight, one.ref)))


class _Reader:
    def __init__(self, board: Board, forecast: Forecast, zone: ZoneInfo) -> None:
        self.board = board
        self.forecast = forecast
        self.zone = zone

    def of(self, task: Task) -> Demand | None:
        found = self.usual(task)
        if task.stale_since is None:
            return found
        why = f"stale: {task.stale_because}"
        if found is None:
            return self.demand(Want.STALE, task, why, task.stale_since)
        return replace(found, why=f"{found.why}; {why}")

    def usual(self, task: Task) -> Demand | None:
        """What is wanted of a task whether or not it is stale."""
        if task.kind_of_task is TaskKind.GATE and task.state is not TaskState.BLOCKED:
            return self.gate(task)
        match task.state:
            case TaskState.RUNNING:
                return self.running(task)
            case TaskState.BLOCKED:
                held = "" if task.blocked_at is None else f" {self.for_long(task.blocked_at)}"
                why = f"blocked{held}: {task.blocked_reason or 'no reason given'}"
                if awaited := awaited_words(self.board, task, self.time):
                    why += f"; {awaited}"
                return self.demand(Want.BLOCKED, task, why, task.blocked_at)
            case TaskState.FAILED:
                held_up = len(self.board.successors(task.id))
                why = f"failed: {task.closing_reason or 'no reason given'}" + (f", holds {held_up}" if held_up else "")
                return self.demand(Want.FAILED, task, why, task.actual_finish)
            case TaskState.VERIFYING:
                executor = self.board.handle(task.executor_id) or "somebody"
                why = f"executed by {executor}, to be verified"
                return self.demand(Want.VERIFICATION, task, why, task.executed_at, task.verifier_id)
            case TaskState.NOT_STARTED:
                return self.not_started(task)
        return None

    def running(self, task: Task) -> Demand | None:
        delay = self.forecast.delay(task)
        assert task.actual_start is not None
        over = (self.forecast.at - task.actual_start) // timedelta(seconds=1) - task.duration_s
        passed = task.eta is not None and task.eta < self.forecast.at
        if delay.own < MINUTE and over < MINUTE and not passed:
            return None
        said = []
        if over >= MINUTE:
            said.append(f"{show_duration(over)} over its {show_duration(task.duration_s)}")
        elif delay.own >= MINUTE:
            said.append(f"{show_duration(delay.own)} late by itself")
        if task.eta is None:
            said.append("no ETA given")
        elif passed:
            said.append(f"its ETA {self.time(task.eta)} has passed")
        else:
            said.append(f"ETA {self.time(task.eta)}" + (f": {task.eta_reason}" if task.eta_reason else ""))
        due = task.actual_start + timedelta(seconds=task.duration_s)
        return self.demand(
            Want.RUNNING_LATE, task, ", ".join(said), due if over > 0 else None, weight=max(delay.own, over)
        )

    def not_started(self, task: Task) -> Demand | None:
        if self.board.open_predecessors(task.id):
            return None
        since = free_from(self.board, task)
        if since > self.forecast.at:
            return None
        waited = self.for_long(since)
        return self.demand(Want.NOT_STARTED, task, f"ready for {waited}, not started", since)

    def gate(self, task: Task) -> Demand | None:
        gate = self.board.gate_of(task.id)
        if gate is None or task.state in (TaskState.DONE, TaskState.SKIPPED):
            return None
        due_s = self.forecast.planned(task).finish if gate.due_s is None else gate.due_s
        is_open = not self.board.open_predecessors(task.id)
        if not is_open and due_s - self.forecast.now > GATE_AHEAD_S:
            return None
        due = self.forecast.instant(due_s)
        late = due < self.forecast.at
        missing = missing_seats(self.board, gate)
        when = f"{'was ' if late else ''}due {self.time(due)}"
        if missing:
            seats = ", ".join(title for title, _ in missing)
            who = ", ".join(dict.fromkeys(handle for _, handle in missing))
            why = f"{when}, votes missing: {seats}"
        else:
            who = self.board.handle(task.owner_id) or "nobody"
            why = f"{when}, all votes are in: decide"
        if not is_open:
            why += " (what it waits for is still open)"
        weight = self.forecast.now - due_s
        return Demand(Want.GATE, task.ref, who, task.title, why, due if late else None, weight)

    def demand(
        self,
        want: Want,
        task: Task,
        why: str,
        since: datetime | None,
        who: int | None = None,
        weight: int | None = None,
    ) -> Demand:
        if weight is None:
            weight = 0 if since is None else (self.forecast.at - since) // timedelta(seconds=1)
        handle = self.board.handle(who if who is not None else task.owner_id) or "nobody"
        return Demand(want, task.ref, handle, task.title, why, since, weight)

    def for_long(self, since: datetime) -> str:
        return show_duration(max(0, (self.forecast.at - since) // timedelta(seconds=1)))

    def time(self, instant: datetime) -> str:
        same_day = instant.astimezone(self.zone).date() == self.forecast.at.astimezone(self.zone).date()
        return show_time(instant, self.zone, day=not same_day)


def missing_seats(board: Board, gate: Gate) -> list[tuple[str, str]]:
    """Title and holder (handle) of the seats of a gate that have not voted."""

    def missing() -> Iterator[tuple[str, str]]:
        voted = {vote.seat_id for vote in board.votes(gate.id)}
        for seat in board.seats(gate.id):
            if seat.id not in voted:
                yield seat.title, board.handle(seat.person_id) or "nobody"

    return list(missing())
