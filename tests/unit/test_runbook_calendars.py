"""Calendars, absences, links, constraints and estimates: read as meant, and each fault told at its place."""

from __future__ import annotations

from datetime import date

import pytest

from tests.faults import Case, assert_told
from warroom.runbook.document import PlannedAbsence, PlannedCalendar, PlannedLink
from warroom.runbook.reader import read_text
from warroom.schedule.hours import WorkingHours
from warroom.vocabulary.errors import BadRunbook
from warroom.vocabulary.words import LinkType, ProgressLogic

GOOD = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T17:00, end: T+9h}
schedule: {progress: progress-override}
calendars:
  office: {days: mon-fri, hours: ["08:00-12:00", "13:00-18:00"], except: {2026-12-24: off, 2026-12-27: "08:00-14:00"}}
  nights: {timezone: Asia/Kolkata, days: mon-sat, hours: ["22:00-06:00"]}
  short: {hours: {mon-thu: "07:00-12:00, 12:30-16:00", fri: ["07:00-13:00"]}}
people:
- {handle: ana, name: Ana, calendar: office, away: [{from: T+1h, to: 2026-11-28T17:00}, {from: T-2d, to: T}]}
- {handle: mei, name: Mei}
tasks:
- {ref: A-1, title: First, owner: ana, duration: {low: 20m, likely: 30m, high: 2h}, must_start: T-3h, calendar: nights}
- {ref: A-2, title: Second, owner: mei, duration: 1h, after: [A-1 SS+15m, A-1 FF, A-1 sf - 1h], must_finish: T+3h}
- {ref: A-3, title: Third, owner: mei, duration: 1h, as_late_as_possible: true}
gates:
- {ref: G-1, title: Go, owner: ana, calendar: short, duration: {low: 5m, likely: 10m, high: 1h}}
rollback: {tasks: [{ref: B-1, title: Back, owner: mei, duration: 5m, calendar: short}]}
"""


def test_what_the_engine_knows_is_read() -> None:
    document = read_text(GOOD, "plan.yaml")
    week_day, night, early = ((480, 720), (780, 1080)), ((1320, 360),), ((420, 720), (750, 960))
    assert document.calendars == (
        PlannedCalendar(
            "office",
            WorkingHours(
                "Europe/Berlin",
                dict.fromkeys(range(5), week_day),
                {date(2026, 12, 24): (), date(2026, 12, 27): ((480, 840),)},
            ),
        ),
        PlannedCalendar("nights", WorkingHours("Asia/Kolkata", dict.fromkeys(range(6), night))),
        PlannedCalendar("short", WorkingHours("Europe/Berlin", {**dict.fromkeys(range(4), early), 4: ((420, 780),)})),
    )
    ana, mei = document.people
    assert (ana.calendar, mei.calendar) == ("office", None)
    assert ana.away == (PlannedAbsence(3_600, 86_400), PlannedAbsence(-2 * 86_400, 0))
    first, second, _ = document.tasks
    assert (first.duration_low_s, first.duration_s, first.duration_high_s) == (1_200, 1_800, 7_200)
    assert (second.duration_low_s, second.duration_s, second.duration_high_s) == (None, 3_600, None)
    assert (first.calendar, first.must_start_s, first.must_finish_s) == ("nights", -10_800, None)
    assert (second.calendar, second.must_start_s, second.must_finish_s) == (None, None, 10_800)
    assert [task.as_late_as_possible for task in document.tasks] == [False, False, True]
    assert second.links == (
        PlannedLink("A-1", 900, LinkType.START_START),
        PlannedLink("A-1", 0, LinkType.FINISH_FINISH),
        PlannedLink("A-1", -3_600, LinkType.START_FINISH),
    )
    (gate,) = document.gates
    assert (gate.calendar, gate.duration_low_s, gate.duration_s, gate.duration_high_s) == ("short", 300, 600, 3_600)
    assert document.rollback.tasks[0].calendar == "short"
    assert document.progress is ProgressLogic.OVERRIDE
    assert document.plan_start_s == -10_800


def test_without_a_word_work_goes_round_the_clock_and_open_predecessors_hold_it() -> None:
    lines = [line for line in GOOD.splitlines(keepends=True) if not line.startswith(("schedule", "calendars", "  "))]
    text = "".join(lines).replace(", calendar: office", "")
    for name in ("nights", "short"):
        text = text.replace(f", calendar: {name}", "")
    document = read_text(text, "plan.yaml")
    assert document.calendars == ()
    assert {task.calendar for task in document.tasks} == {None}
    assert document.progress is ProgressLogic.RETAINED


NIGHTS = 'days: mon-sat, hours: ["22:00-06:00"]'

CASES = [
    Case("unknown zone", "Asia/Kolkata", "Asia/Kolkatta", "Asia/Kolkatta", "unknown time zone", "'Asia/Kolkata'"),
    Case("no days", "days: mon-sat, hours", "hours", "{timezone", "a calendar needs the key 'days'", "mon-fri"),
    Case("no hours", ', hours: ["22:00-06:00"]', "", "{timezone", "a calendar needs the key 'hours'"),
    Case("bad days", "mon-sat", "mon-xyz", "mon-xyz", "does not name days of the week", None),
    Case("day twice", "mon-sat", "'mon-sat, tue'", "'mon-sat", "names a day twice"),
    Case("days of hours by days", "short: {", "short: {days: mon-fri, ", "mon-fri", "name their days themselves"),
    Case("day with hours already", "fri: [", "thu-fri: [", "thu-fri", "thu has hours already"),
    Case("no hours on any day", NIGHTS, "days: mon, hours: []", "[]", "this list may not be empty"),
    Case("no day with hours", NIGHTS, "hours: {}", "{}", "this mapping may not be empty"),
    Case("bad shift", "22:00-06:00", "22-06", '"22-06', "'22-06' is not a shift", None),
    Case("hour that does not exist", "22:00-06:00", "22:00-25:00", '"22:00-25', "names no times of day"),
    Case("minute that does not exist", "22:00-06:00", "22:60-23:00", '"22:60', "names no times of day"),
    Case("shift of no length", "22:00-06:00", "22:00-22:00", '"22:00-22', "ends when it begins; write 00:00-24:00"),
    Case("off in a week", "22:00-06:00", "off", '"off', "'off' is not written here", "leave the day out"),
    Case("off with others", '27: "08:00-14:00"', '27: [off, "08:00-14:00"]', "off, \"08", "'off' is not written here",
         "write off alone"),
    Case("overlapping hours", "13:00-18:00", "11:00-18:00", '"11:00', "this shift begins before another one ends"),
    Case("night into the morning", '["22:00-06:00"]', '["05:00-07:00", "22:00-06:00"]', '"05:00',
         "this shift begins before another one ends"),
    Case("overlapping exception", '"08:00-14:00"', '"08:00-14:00, 13:59-15:00"', '"08:00-14:00,',
         "this shift begins before another one ends"),
    Case("bad date", "2026-12-27", "2026-02-30", "2026-02-30", "'2026-02-30' is not a date", "2026-12-24"),
    Case("date of another kind", "2026-12-27", "27.12.", "27.12.", "'27.12.' is not a date"),
    Case("date twice", "2026-12-27", "2026-12-24", "2026-12-24: \"08", "this key was already given in line 6"),
    Case("date without a value", '2026-12-27: "08:00-14:00"', "2026-12-27: ", "2026-12-27", "this key has no value"),
    Case("name twice", "  nights:", "  office:", "office", "this key was already given in line 6",
         more=("'nights' is not one",)),
    Case("name with a space", "  nights:", "  n x:", "n x", "'n x' cannot be a calendar",
         more=("'nights' is not one",)),
    Case("key of a calendar", "{days: mon-fri", "{hour: x, days: mon-fri", "hour: x",
         "unknown key 'hour' in a calendar", "'hours'"),
    Case("unknown calendar of a person", "calendar: office", "calendar: ofice", "ofice",
         "the calendar 'ofice' is not one of the calendars", "did you mean 'office'?"),
    Case("unknown calendar of a task", "T-3h, calendar: nights", "T-3h, calendar: x", "x}",
         "the calendar 'x' is not one of the calendars", "add it to calendars:"),
    Case("unknown calendar of a gate", "owner: ana, calendar: short", "owner: ana, calendar: shot", "shot",
         "the calendar 'shot' is not", "did you mean 'short'?"),
    Case("unknown calendar of the back-out", "5m, calendar: short", "5m, calendar: shot", "shot",
         "the calendar 'shot' is not", "did you mean 'short'?"),
    Case("absence that ends early", "to: 2026-11-28T17:00", "to: T+1h", "T+1h}", "the absence ends before it begins"),
    Case("absence without end", ", to: 2026-11-28T17:00", "", "{from: T+1h", "an absence needs the key 'to'"),
    Case("absence at no time", "to: 2026-11-28T17:00", "to: later", "later", "'later' is not a time"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_at_its_place(case: Case) -> None:
    assert_told(GOOD, case)


def test_calendars_are_a_mapping_of_mappings() -> None:
    for value, message in (("[x]", "a mapping is expected here, not a list"), ("{office: x}", "must be a mapping")):
        text = GOOD[: GOOD.index("calendars:")] + f"calendars: {value}\n" + GOOD[GOOD.index("people:") :]
        with pytest.raises(BadRunbook) as caught:
            read_text(text, "plan.yaml")
        assert caught.value.faults[0].line == 5
        assert message in caught.value.faults[0].message


def test_an_overlap_is_told_once_for_all_its_days() -> None:
    text = GOOD.replace("07:00-12:00, 12:30-16:00", "07:00-12:00, 11:30-16:00")
    with pytest.raises(BadRunbook) as caught:
        read_text(text, "plan.yaml")
    assert len(caught.value.faults) == 1


def test_a_night_shift_may_end_when_the_next_one_begins() -> None:
    for written, spans, days in (
        (GOOD.replace('["22:00-06:00"]', '["06:00-22:00", "22:00-06:00"]'), ((360, 1320), (1320, 360)), range(6)),
        (GOOD.replace(NIGHTS, 'days: sun-mon, hours: ["00:00-24:00"]'), ((0, 1440),), (6, 0)),
    ):
        nights = next(one for one in read_text(written, "plan.yaml").calendars if one.key == "nights")
        assert nights.hours.weekly == dict.fromkeys(days, spans)
