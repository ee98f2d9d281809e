"""From checked entries to the document: with defaults, and with instants as seconds from the window start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from warroom.runbook.calendar_checks import week_of
from warroom.runbook.document import (
    AssuranceAsked,
    Party,
    Person,
    Phase,
    PlannedAbsence,
    PlannedCalendar,
    PlannedControl,
    PlannedGate,
    PlannedLink,
    PlannedSeat,
    PlannedTask,
    PlannedTrigger,
    Programme,
    Rollback,
    RunbookDocument,
    Stream,
    Window,
)
from warroom.runbook.format import DEFAULT_BUFFER_S, DEFAULT_DECISION_S
from warroom.runbook.records import Entry
from warroom.runbook.time_shapes import Estimate
from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.words import ProgressLogic, Runs, TaskKind


def build(root: Entry, source: str) -> RunbookDocument:
    """The document of a runbook without faults; `source` is its text."""
    return _Builder(root.get("window")).document(root, source)


class _Builder:
    """Holds the window start, from which all seconds count."""

    def __init__(self, window: Entry) -> None:
        self._entry = window
        self._start: datetime = window.get("start")

    def document(self, root: Entry, source: str) -> RunbookDocument:
        tasks = tuple(self._task(entry) for entry in root.entries("tasks"))
        gates = tuple(self._gate(entry) for entry in root.entries("gates"))
        rollback, logic = root.get("rollback"), root.get("schedule")
        programme = Programme(**_values(root.get("programme"), "key", "name", "timezone", "platform"))
        return RunbookDocument(
            programme=programme,
            window=self._window(),
            plan_start_s=self._plan_start(root, tasks, gates),
            people=tuple(self._person(entry) for entry in root.entries("people")),
            streams=tuple(
                Stream(entry.get("key"), entry.get("name") or entry.get("key"), entry.get("lead"))
                for entry in root.entries("streams")
            ),
            phases=tuple(
                Phase(entry.get("key"), entry.get("name") or entry.get("key")) for entry in root.entries("phases")
            ),
            tasks=tasks,
            gates=gates,
            rollback=self._rollback(rollback) if rollback else Rollback(),
            controls=tuple(_control(entry) for entry in root.entries("controls")),
            source=source,
            calendars=tuple(
                PlannedCalendar(key.value, _hours(found.value, programme.timezone))
                for key, found in root.get("calendars") or ()
            ),
            progress=(logic.get("progress") if logic else None) or ProgressLogic.RETAINED,
            parties=tuple(
                Party(**_values(entry, "key", "name", "phone", "contact")) for entry in root.entries("parties")
            ),
            assurance=_assurance(root.get("assurance")),
        )

    def _window(self) -> Window:
        entry = self._entry
        end = entry.get("end")
        buffer_s = entry.get("buffer")
        return Window(
            start=self._start,
            end=end,
            restore_by=entry.get("restore_by") or end,
            ends_with=entry.get("ends_with"),
            buffer_s=DEFAULT_BUFFER_S if buffer_s is None else buffer_s,
        )

    def _plan_start(self, root: Entry, tasks: tuple[PlannedTask, ...], gates: tuple[PlannedGate, ...]) -> int:
        """Where the plan starts, in seconds: as written, else the earliest time that is named, or T."""
        written = self._seconds(root, "plan_start")
        if written is not None:
            return written
        named = [
            *(
                time
                for task in tasks
                for time in (task.not_before_s, task.deadline_s, task.must_start_s, task.must_finish_s)
            ),
            *(time for gate in gates for time in (gate.not_before_s, gate.due_s)),
        ]
        return min([0, *(time for time in named if time is not None)])

    def _seconds(self, entry: Entry, key: str) -> int | None:
        instant = entry.get(key)
        return None if instant is None else (instant - self._start) // timedelta(seconds=1)

    def _person(self, entry: Entry) -> Person:
        return Person(
            **_values(entry, "handle", "name", "title", "company", "phone", "timezone", "login", "calendar"),
            roles=tuple(dict.fromkeys(item.value.value for item in entry.items("roles"))),
            notify=_texts(entry, "notify"),
            away=tuple(self._absence(absence) for absence in entry.entries("away")),
        )

    def _absence(self, entry: Entry) -> PlannedAbsence:
        begin, end = self._seconds(entry, "from"), self._seconds(entry, "to")
        assert begin is not None
        assert end is not None
        return PlannedAbsence(begin, end)

    def _task(self, entry: Entry, *, backout: bool = False) -> PlannedTask:
        return PlannedTask(
            **_values(entry, "ref", "title", "phase", "stream", "owner", "backup", "verifier", "calendar"),
            **_values(entry, "instructions", "undo"),
            **_durations(entry, 0),
            kind=entry.get("kind") or TaskKind.WORK,
            links=_links(entry),
            not_before_s=self._seconds(entry, "not_before"),
            deadline_s=self._seconds(entry, "deadline"),
            must_start_s=self._seconds(entry, "must_start"),
            must_finish_s=self._seconds(entry, "must_finish"),
            as_late_as_possible=entry.get("as_late_as_possible") or False,
            runs=entry.get("runs") or Runs.BOTH,
            steps=_texts(entry, "steps"),
            verify=_texts(entry, "verify"),
            backout=backout,
            undoes=_texts(entry, "undoes"),
        )

    def _gate(self, entry: Entry) -> PlannedGate:
        seats = tuple(PlannedSeat(seat.get("title"), seat.get("person")) for seat in entry.entries("seats"))
        return PlannedGate(
            **_values(entry, "ref", "title", "phase", "stream", "owner", "backup", "instructions", "calendar"),
            **_durations(entry, DEFAULT_DECISION_S),
            quorum=entry.get("quorum") or len(seats),
            links=_links(entry),
            not_before_s=self._seconds(entry, "not_before"),
            due_s=self._seconds(entry, "due"),
            runs=entry.get("runs") or Runs.BOTH,
            seats=seats,
            criteria=_texts(entry, "criteria"),
        )

    def _rollback(self, entry: Entry) -> Rollback:
        return Rollback(
            point_of_no_return=entry.get("point_of_no_return"),
            authority=_texts(entry, "authority"),
            triggers=tuple(
                PlannedTrigger(trigger.get("text"), trigger.get("threshold")) for trigger in entry.entries("triggers")
            ),
            tasks=tuple(self._task(task, backout=True) for task in entry.entries("tasks")),
        )


def _assurance(entry: Entry | None) -> AssuranceAsked:
    """What is asked for; what is not written keeps its default."""
    return AssuranceAsked() if entry is None else AssuranceAsked(**{key: entry.get(key) for key in entry.fields})


def _durations(entry: Entry, default: int) -> dict[str, Any]:
    estimate: Estimate = entry.get("duration") or Estimate(None, default, None)
    return {
        "duration_s": estimate.likely,
        "duration_low_s": estimate.low,
        "duration_high_s": estimate.high,
    }


def _hours(calendar: Entry, zone: str) -> WorkingHours:
    """The hours of a calendar, those of a week and of a date in their order; `zone` is that of the programme."""
    return WorkingHours(
        zone=calendar.get("timezone") or zone,
        weekly={
            day: tuple(sorted(found.value for found in shifts)) for day, shifts in sorted(week_of(calendar).items())
        },
        exceptions={
            day.value: tuple(sorted(found.value for found in shifts.value))
            for day, shifts in sorted(calendar.get("except") or (), key=lambda pair: pair[0].value)
        },
    )


def _control(entry: Entry) -> PlannedControl:
    tolerance = entry.get("tolerance")
    return PlannedControl(
        **_values(entry, "key", "name", "signs", "unit"),
        tolerance_absolute=tolerance.get("abs") if tolerance else None,
        tolerance_percent=tolerance.get("percent") if tolerance else None,
    )


def _links(entry: Entry) -> tuple[PlannedLink, ...]:
    return tuple(
        PlannedLink(predecessor, lag_s, link_type)
        for predecessor, link_type, lag_s in (item.value for item in entry.items("after"))
    )


def _texts(entry: Entry, key: str) -> tuple[str, ...]:
    return tuple(item.value for item in entry.items(key))


def _values(entry: Entry, *keys: str) -> dict[str, Any]:
    return {key: entry.get(key) for key in keys}
