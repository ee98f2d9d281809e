"""From checked entries to the document: with defaults, and with instants as seconds from the window start."""

from __future__ import annotations

from warroom.clock.working_hours import show_shifts
from warroom.runbook.build_alerts import planned_alerts
from warroom.runbook.build_decisions import control, gate, rollback
from warroom.runbook.build_surroundings import surroundings
from warroom.runbook.calendar_checks import week_of
from warroom.runbook.document import (
    AssuranceAsked,
    Party,
    Person,
    Phase,
    PlannedAbsence,
    PlannedCalendar,
    PlannedGate,
    PlannedTask,
    Programme,
    Requirement,
    RunbookDocument,
    Stream,
    Window,
)
from warroom.runbook.format import DEFAULT_BUFFER_S
from warroom.runbook.marks import Marks
from warroom.runbook.records import Entry
from warroom.runbook.values import Axis, durations, facts, links, texts, values
from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.words import ProgressLogic, Releases, Runs, TaskKind


def build(root: Entry, source: str, file: str) -> RunbookDocument:
    """The document of a runbook without faults; `source` is its text and `file` the name of its file."""
    window: Entry = root.get("window")
    axis = Axis(window.get("start"))
    way_back, logic = root.get("rollback"), root.get("schedule")
    tasks = tuple(_task(entry, axis) for entry in root.entries("tasks"))
    gates = tuple(gate(entry, axis) for entry in root.entries("gates"))
    backout = tuple(_task(entry, axis, backout=True) for entry in (way_back.entries("tasks") if way_back else ()))
    programme = Programme(**values(root.get("programme"), "key", "name", "timezone", "platform", "variant"))
    return RunbookDocument(
        programme=programme,
        window=_window(window),
        plan_start_s=_plan_start(root, axis, tasks, gates),
        people=tuple(_person(entry, axis) for entry in root.entries("people")),
        streams=tuple(
            Stream(entry.get("key"), entry.get("name") or entry.get("key"), entry.get("lead"))
            for entry in root.entries("streams")
        ),
        phases=tuple(
            Phase(entry.get("key"), entry.get("name") or entry.get("key")) for entry in root.entries("phases")
        ),
        tasks=tasks,
        gates=gates,
        rollback=rollback(way_back, backout, axis),
        controls=tuple(control(entry, axis) for entry in root.entries("controls")),
        source=source,
        calendars=tuple(
            PlannedCalendar(key.value, _hours(found.value, programme.timezone))
            for key, found in root.get("calendars") or ()
        ),
        progress=(logic.get("progress") if logic else None) or ProgressLogic.RETAINED,
        parties=tuple(Party(**values(entry, "key", "name", "phone", "contact")) for entry in root.entries("parties")),
        assurance=_assurance(root.get("assurance")),
        surroundings=surroundings(root, axis),
        alerts=planned_alerts(root),
        marks=Marks(file, root),
    )


def _window(entry: Entry) -> Window:
    end = entry.get("end")
    buffer_s = entry.get("buffer")
    return Window(
        start=entry.get("start"),
        end=end,
        restore_by=entry.get("restore_by") or end,
        ends_with=entry.get("ends_with"),
        buffer_s=DEFAULT_BUFFER_S if buffer_s is None else buffer_s,
    )


def _plan_start(root: Entry, axis: Axis, tasks: tuple[PlannedTask, ...], gates: tuple[PlannedGate, ...]) -> int:
    """Where the plan starts, in seconds: as written, else the earliest time that is named, or T."""
    written = axis.seconds(root, "plan_start")
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


def _assurance(entry: Entry | None) -> AssuranceAsked:
    """What is asked for; what is not written keeps its default."""
    return AssuranceAsked() if entry is None else AssuranceAsked(**{key: entry.get(key) for key in entry.fields})


def _person(entry: Entry, axis: Axis) -> Person:
    return Person(
        **values(entry, "handle", "name", "title", "company", "phone", "timezone", "login", "calendar"),
        roles=tuple(dict.fromkeys(item.value.value for item in entry.items("roles"))),
        notify=texts(entry, "notify"),
        keys=texts(entry, "keys"),
        quiet=show_shifts([shift.value for shift in entry.items("quiet")]) if entry.get("quiet") else None,
        away=tuple(
            PlannedAbsence(axis.given(absence, "from"), axis.given(absence, "to")) for absence in entry.entries("away")
        ),
    )


def _task(entry: Entry, axis: Axis, *, backout: bool = False) -> PlannedTask:
    failure, requires = entry.get("on_failure"), entry.get("requires")
    return PlannedTask(
        **values(entry, "ref", "title", "phase", "stream", "owner", "backup", "verifier", "calendar"),
        **values(entry, "instructions", "undo", "entity", "environment", "party", "communication", "flow"),
        **durations(entry, 0),
        kind=entry.get("kind") or TaskKind.WORK,
        links=links(entry),
        facts=facts(entry),
        requires=(
            Requirement(texts(requires, "of"), requires.get("start"), requires.get("finish")) if requires else None
        ),
        not_before_s=axis.seconds(entry, "not_before"),
        deadline_s=axis.seconds(entry, "deadline"),
        must_start_s=axis.seconds(entry, "must_start"),
        must_finish_s=axis.seconds(entry, "must_finish"),
        as_late_as_possible=entry.get("as_late_as_possible") or False,
        optional=entry.get("optional") or False,
        splittable=entry.get("splittable") or False,
        releases=entry.get("releases") or Releases.DONE,
        runs=entry.get("runs") or Runs.BOTH,
        opens=texts(entry, "opens"),
        steps=texts(entry, "steps"),
        verify=texts(entry, "verify"),
        failure_plan=failure.get("what") if failure else None,
        failure_decider=failure.get("decides") if failure else None,
        backout=backout,
        undoes=texts(entry, "undoes"),
    )


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
