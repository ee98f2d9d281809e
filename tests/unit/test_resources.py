"""What the forecast asks of people, on a Board and from the command line; worked by hand, in minutes from the window
start (Friday 19:00 in Berlin)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.commands import Commands
from tests.cutover import MINUTE, PEOPLE, START, Cutover, document, task
from warroom.board.documents import schedule_document
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.impossible import impossible_hours
from warroom.board.resources import Resources, resources
from warroom.runbook.document import PlannedAbsence, PlannedCalendar, RunbookDocument
from warroom.schedule.hours import WorkingHours
from warroom.schedule.resources import DoubleBooking, OutsideHours

Rehearse = Callable[[RunbookDocument], Cutover]

EVENING = PlannedCalendar("evening", WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((1140, 1200),))))
MORNING = PlannedCalendar("morning", WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((480, 720),))))


def facts(runbook: RunbookDocument) -> Resources:
    board = bare_board(runbook)
    return resources(board, forecast(board, START))


def test_load_by_the_hour_and_two_tasks_at_a_time() -> None:
    """A 0-90 and B 30-60 are omar's; C, bea's, begins when A is done."""
    found = facts(document(task("A", 90), task("B", 30, not_before_s=30 * MINUTE), task("C", 20, "A", owner="bea")))

    assert found.load == {"omar": {0: 90 * MINUTE, 1: 30 * MINUTE}, "bea": {1: 20 * MINUTE}}
    assert found.double_booked == [DoubleBooking("omar", "A", "B", 30 * MINUTE, 60 * MINUTE)]
    assert (found.outside_hours, found.verifying_own_work, found.impossible) == ([], [], {})


def test_a_night_between_two_shifts_loads_nobody() -> None:
    """A (90) works from 0 to 60 and, a day later, from 1440 to 1470."""
    found = facts(replace(document(task("A", 90, calendar="evening"), hours=60), calendars=(EVENING,)))

    assert found.load == {"omar": {0: 60 * MINUTE, 24: 30 * MINUTE}}


def test_an_eta_outside_the_hours_of_the_owner(rehearse: Rehearse) -> None:
    """Omar is there from 0 to 60 and has promised to be done at 100: 40 minutes of that are outside his hours."""
    omar = replace(PEOPLE[1], calendar="evening")
    runbook = document(task("A", 45))
    cutover = rehearse(replace(runbook, people=(PEOPLE[0], omar, *PEOPLE[2:]), calendars=(EVENING,)))
    cutover.do("task.start", "A", by="omar")
    cutover.to(20)
    cutover.do("task.eta", "A", by="omar", eta=START.replace(hour=19, minute=40), reason="slow")
    board = cutover.board()

    assert resources(board, cutover.forecast()).outside_hours == [OutsideHours("omar", "A", 60 * MINUTE, 40 * MINUTE)]


def test_who_verifies_what_he_did_himself(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 10, verifier="vera")))
    assert resources(cutover.board(), cutover.forecast()).verifying_own_work == []
    cutover.do("task.start", "A", done_by="vera")
    cutover.do("task.done", "A", done_by="vera")
    assert resources(cutover.board(), cutover.forecast()).verifying_own_work == ["A"]


def impossible(runbook: RunbookDocument) -> dict[str, str]:
    board = bare_board(runbook)
    return impossible_hours(board, forecast(board, START))


def test_hours_that_cannot_be_are_told() -> None:
    """Omar works in the morning, A in the evening: they have no time in common. Bea is away for good."""
    omar = replace(PEOPLE[1], calendar="morning")
    bea = replace(PEOPLE[2], away=(PlannedAbsence(-200 * 86400, 800 * 86400),))
    runbook = replace(
        document(task("A", 45, calendar="evening"), task("B", 10, "A"), task("C", 5, owner="bea")),
        people=(PEOPLE[0], omar, bea, *PEOPLE[3:]),
        calendars=(EVENING, MORNING, replace(EVENING, key="never", hours=WorkingHours("Europe/Berlin", {}))),
    )

    assert impossible(runbook) == {
        "A": "the calendar evening and the hours of its owner omar have no time in common",
        "C": "its owner bea is never available",
    }
    assert impossible(replace(runbook, tasks=(task("D", 5, calendar="never"),))) == {
        "D": "the calendar never has no working time"
    }
    long = replace(runbook, tasks=(task("E", 60 * 24 * 400, calendar="morning"),))
    assert list(impossible(long)) == ["E"]
    assert impossible(document(task("A", 45))) == {}
    board = bare_board(runbook)
    assert [fault["ref"] for fault in schedule_document(board, forecast(board, START))["faults"]] == ["A", "C"]


RUNBOOK = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T19:00, end: T+9h}
people: [{handle: mei, name: Mei, roles: [lead], calendar: morning}]
calendars:
  morning: {timezone: Europe/Berlin, days: mon-fri, hours: ["08:00-12:00"]}
  evening: {timezone: Europe/Berlin, days: mon-fri, hours: ["18:00-22:00"]}
tasks:
- {ref: A, title: Long, owner: mei, duration: 1h, calendar: evening}
"""


def test_check_and_schedule_tell_them(commands: Commands, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(RUNBOOK)
    answer = commands("runbook", "check", str(path), "--json")
    (found,) = (finding for finding in answer.json["findings"] if finding["rule"] == "impossible-hours")
    assert (answer.code, found["severity"], found["where"]) == (2, "error", f"{path}:9:3")
    assert "the calendar evening and the hours" in found["message"]
    assert "hours that cannot be" in commands.good("schedule", "--runbook", str(path)).out
    path.write_text(RUNBOOK.replace(", calendar: evening}", "}"))
    rules = {finding["rule"] for finding in commands("runbook", "check", str(path), "--json").json["findings"]}
    assert "impossible-hours" not in rules, "it only waits for Monday morning"
    assert commands.json("schedule", "--runbook", str(path))["faults"] == []


def test_the_command(planning: Commands) -> None:
    """The small plan: C is bea's, all other work omar's, and B (30-90) runs beside TRY and REAL (30-45)."""
    found = planning.json("schedule", "--resources")
    assert list(found) == ["at", "run", "owners", "double_booked", "outside_hours", "verifying_own_work", "faults"]
    owners = {row["owner"]: row for row in found["owners"]}
    assert list(owners) == ["omar", "bea", "lena"]
    assert owners["bea"]["load"] == [{"from": "2026-11-27T18:00:00Z", "work_s": 20 * 60}]
    assert owners["omar"]["busiest_hour_s"] == max(row["work_s"] for row in owners["omar"]["load"])
    assert {
        "owner": "omar",
        "refs": ["REAL", "B"],
        "from": "2026-11-27T18:30:00Z",
        "to": "2026-11-27T18:45:00Z",
    } in found["double_booked"]
    text = planning.good("schedule", "--resources").out
    for shown in ("BUSIEST", "two tasks at a time", "REAL and B", "20m"):
        assert shown in text
