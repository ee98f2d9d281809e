"""Calendars, absences, other links and constraints on a Board and in its forecast, worked by hand.

The window of these plans starts on Friday 27 November 2026 at 19:00 in Berlin. All numbers are minutes from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.alerting import only
from tests.cutover import MINUTE, PEOPLE, START, Cutover, document, gate, minute, task
from warroom.board.calendars import calendars_of, hours_of, hours_texts
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.release import free_from
from warroom.board.rows import CalendarHours, Task
from warroom.rules.alerting.deciding import findings
from warroom.runbook.document import PlannedAbsence, PlannedCalendar, PlannedLink, Rollback, RunbookDocument
from warroom.schedule.hours import WorkingHours
from warroom.store.codec import make
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import LinkType, ShownState, TaskKind, Verdict, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]

# Every evening from 0 to 60 and from 90 to 240.
EVENING = PlannedCalendar(
    "evening", WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((1140, 1200), (1230, 1380))))
)


def plan(*rows: Any, calendar: str | None = None, away: tuple[int, int] | None = None, **more: Any) -> RunbookDocument:
    """A plan whose tasks are omar's, who works by `calendar` and is `away` from minute to minute."""
    absences = () if away is None else (PlannedAbsence(away[0] * MINUTE, away[1] * MINUTE),)
    omar = replace(PEOPLE[1], calendar=calendar, away=absences)
    return replace(document(*rows, **more), people=(PEOPLE[0], omar, *PEOPLE[2:]), calendars=(EVENING,))


def linked(ref: str, minutes: int, *links: tuple[str, str, int], **more: Any) -> Any:
    """A task with links: (predecessor, type, lag in minutes)."""
    planned = tuple(PlannedLink(before, lag * MINUTE, LinkType(kind)) for before, kind, lag in links)
    return replace(task(ref, minutes, **more), links=planned)


def times(cutover: Cutover, *refs: str) -> list[tuple[float, float]]:
    expected = cutover.forecast()
    timings = [expected.of(cutover.task(ref)) for ref in refs]
    return [(timing.start / MINUTE, timing.finish / MINUTE) for timing in timings]


def test_work_rests_between_shifts(rehearse: Rehearse) -> None:
    """30 of A's 45 minutes fit before the break at 60 once it starts at 30; 15 follow it."""
    cutover = rehearse(plan(task("A", 45, calendar="evening"), task("B", 10, "A")))
    assert times(cutover, "A", "B") == [(0, 45), (45, 55)]
    cutover.to(30)
    cutover.do("task.start", "A")
    assert times(cutover, "A", "B") == [(30, 105), (105, 115)]
    cutover.to(80)
    assert times(cutover, "A", "B") == [(30, 105), (105, 115)]
    expected = cutover.forecast()
    assert not expected.of(cutover.task("A")).guess
    assert expected.delay(cutover.task("A")).own == 60 * MINUTE


def test_a_task_is_worked_on_within_the_hours_of_its_owner(rehearse: Rehearse) -> None:
    """Omar is away from 20 to 50; for A, which is worked on in the evening shifts, from 60 to 90 as well."""
    by_both = plan(task("A", 45, calendar="evening"), task("B", 45), away=(20, 50))
    assert times(rehearse(by_both), "A", "B") == [(0, 105), (0, 75)]


def test_another_owner_brings_other_hours(rehearse: Rehearse) -> None:
    cutover = rehearse(plan(task("A", 45), task("B", 45, owner="bea"), away=(20, 50)))
    assert times(cutover, "A", "B") == [(0, 75), (0, 45)]


def test_a_rehearsal_takes_absences_along_and_leaves_hours_where_they_are(rehearse: Rehearse) -> None:
    """It starts an hour later than planned, so that the second shift begins after 30 minutes. Omar is away from 20
    to 50. The baseline is that plan."""
    cutover = rehearse(plan(task("A", 45, calendar="evening"), task("B", 45), away=(20, 50)))
    cutover.do("run.close")
    cutover.to(60)
    cutover.rehearse("later")
    assert times(cutover, "A", "B") == [(50, 95), (0, 75)]
    expected = cutover.forecast()
    for row in cutover.board().tasks:
        planned = expected.planned(row)
        assert (row.baseline_start_s, row.baseline_finish_s) == (planned.start, planned.finish)
        assert expected.delay(row).slip == 0


def test_calendars_are_kept_from_board_to_board(rehearse: Rehearse) -> None:
    cutover = rehearse(plan(task("A", 45, calendar="evening")))
    board = cutover.board()
    calendars = calendars_of(board)
    assert calendars is not None
    cutover.do("task.start", "A")
    moved = board.apply(cutover.entries())
    assert moved.task("A") != board.task("A")
    assert calendars_of(moved) is calendars
    assert calendars.of(moved.tasks[0]) is calendars.of(board.tasks[0])


def test_a_plan_without_calendars_and_absences_has_none() -> None:
    board = bare_board(document(task("A", 30)))
    assert calendars_of(board) is None
    assert forecast(board, START).expected.network.calendars == {}


def test_a_backout_takes_the_nights_with_it() -> None:
    """Back by 240 with 15 in hand: 60 minutes of evening work are done by 225 if they begin by 165; 180 by 0."""
    undo = Rollback(tasks=(task("U", 60, backout=True, calendar="evening"),))
    found = forecast(bare_board(plan(task("A", 30), rollback=undo)), START)
    assert (found.decide_backout_by, found.backout_duration) == (165 * MINUTE, 60 * MINUTE)
    undo = Rollback(tasks=(task("U", 180, backout=True, calendar="evening"),))
    found = forecast(bare_board(plan(task("A", 30), rollback=undo)), START)
    assert (found.decide_backout_by, found.backout_duration) == (15 * MINUTE, 210 * MINUTE)


# --- links -----------------------------------------------------------------------------------------------------------


def states(cutover: Cutover, *refs: str) -> list[ShownState]:
    board = cutover.board()
    return [board.shown_state(cutover.task(ref)) for ref in refs]


def test_what_a_link_waits_for(rehearse: Rehearse) -> None:
    cutover = rehearse(
        plan(
            task("A", 60),
            linked("FS", 10, ("A", "FS", 0)),
            linked("SS", 10, ("A", "SS", 0)),
            linked("FF", 10, ("A", "FF", 0)),
            linked("SF", 10, ("A", "SF", 0)),
            linked("ALL", 10, ("A", "SS", 5), ("A", "FF", 0)),
            linked("LAST", 0, ("A", "FF", 0), kind=TaskKind.MILESTONE),
            gates=[replace(gate("GO"), links=(PlannedLink("A", 0, LinkType.FINISH_FINISH),))],
        )
    )
    refs = ("FS", "SS", "FF", "SF", "ALL", "LAST", "GO")
    waiting, ready = ShownState.WAITING, ShownState.READY
    assert states(cutover, *refs) == [waiting, waiting, ready, ready, waiting, waiting, waiting]
    with pytest.raises(Refused, match="SS waits for A"):
        cutover.do("task.start", "SS", by="omar")
    cutover.do("task.start", "A")
    assert states(cutover, *refs) == [waiting, ready, ready, ready, ready, waiting, waiting]
    assert [row.ref for row in cutover.board().predecessors(cutover.task("ALL").id)] == ["A"]
    for handle in ("lena", "gil"):
        cutover.do("gate.vote", "GO", by=handle, choice=VoteChoice.GO)
    with pytest.raises(Refused, match="waits for A"):
        cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="x")
    cutover.do("task.fail", "A", reason="x")
    assert states(cutover, *refs) == [waiting, waiting, ready, ready, waiting, waiting, waiting]
    cutover.do("task.skip", "A", reason="x")
    assert set(states(cutover, *refs)) == {ready}
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="x")


def test_from_when_on_a_task_is_free(rehearse: Rehearse) -> None:
    """A runs from 10 to 40."""
    cutover = rehearse(
        plan(
            task("A", 30),
            linked("FS", 10, ("A", "FS", 5)),
            linked("SS", 10, ("A", "SS", 5)),
            linked("FF", 10, ("A", "FF", 5)),
            linked("SF", 10, ("A", "SF", 45)),
            linked("REST", 10, ("A", "FS", 25), calendar="evening"),
            linked("LATER", 10, must_start_s=70 * MINUTE),
            linked("BY", 10, must_finish_s=80 * MINUTE),
        )
    )
    cutover.to(10)
    cutover.do("task.start", "A")
    assert free_from(cutover.board(), cutover.task("SS")) == minute(15)
    assert free_from(cutover.board(), cutover.task("FF")) == START  # not held yet
    cutover.to(40)
    cutover.do("task.done", "A")
    board = cutover.board()
    free = {row.ref: (free_from(board, row) - START) / timedelta(minutes=1) for row in board.tasks if row.ref != "A"}
    assert free == {"FS": 45, "SS": 15, "FF": 35, "SF": 45, "REST": 90, "LATER": 70, "BY": 70}


# --- as late as possible ---------------------------------------------------------------------------------------------


def test_waiting_as_late_as_possible_is_nobodys_delay(rehearse: Rehearse) -> None:
    """I waits for J, which waits for A. When A is late, I waits longer; when I then misses its start, it is late."""
    cutover = rehearse(
        only(
            plan(task("A", 60), linked("I", 20, as_late_as_possible=True), task("J", 10, "A", "I")),
            "dependency-slipped",
        )
    )
    assert times(cutover, "I", "J") == [(40, 60), (60, 70)]
    cutover.to(20)
    cutover.do("task.start", "A")
    assert times(cutover, "I", "J") == [(60, 80), (80, 90)]
    delay = cutover.forecast().delay(cutover.task("I"))
    assert (delay.own, delay.inherited) == (0, 20 * MINUTE)
    assert {finding.subject for finding in findings(cutover.board(), cutover.forecast())} == {"A"}
    cutover.to(70)
    assert times(cutover, "I", "J") == [(70, 90), (90, 100)]
    assert cutover.forecast().delay(cutover.task("I")).own == 30 * MINUTE


def test_what_ends_the_window_waits_for_its_end_in_a_run(rehearse: Rehearse) -> None:
    cutover = rehearse(plan(task("A", 60), linked("I", 20, as_late_as_possible=True), ends_with="I"))
    assert times(cutover, "I") == [(220, 240)]
    assert cutover.task("I").baseline_start_s == 220 * MINUTE
    assert cutover.forecast().delay(cutover.task("I")).slip == 0


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_a_minute_before_a_break_is_no_alert_of_half_an_hour(rehearse: Rehearse) -> None:
    """A fills the shift until 60. Whatever it loses is made up for after the break, from 90 on."""
    cutover = rehearse(only(plan(task("A", 60, calendar="evening")), "dependency-slipped"))
    cutover.to(5)
    assert times(cutover, "A") == [(5, 95)]
    assert cutover.forecast().delay(cutover.task("A")).own == 35 * MINUTE
    assert findings(cutover.board(), cutover.forecast()) == []
    cutover.to(6)
    (finding,) = findings(cutover.board(), cutover.forecast())
    assert (finding.subject, finding.due_at) == ("A", minute(6))


# --- rows ------------------------------------------------------------------------------------------------------------

minutes_of_day = st.integers(0, 1439)
shifts = st.lists(
    st.tuples(minutes_of_day, st.integers(0, 1440)).filter(lambda shift: shift[0] != shift[1]), max_size=3
)


@given(
    st.dictionaries(st.integers(0, 6), shifts.filter(bool).map(tuple)),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2030, 1, 1)), shifts.map(tuple)),
)
def test_hours_are_kept_in_words(weekly: dict[int, Any], exceptions: dict[date, Any]) -> None:
    hours = WorkingHours("Asia/Kolkata", weekly, exceptions)
    texts, dates = hours_texts(hours)
    row = make(CalendarHours, {"key": "x", "timezone": "Asia/Kolkata", "hours": texts, "exceptions": dates})
    assert hours_of(row) == hours


def test_how_hours_are_written(rehearse: Rehearse) -> None:
    exceptions = {date(2026, 12, 24): (), date(2026, 12, 27): ((480, 840),)}
    hours = WorkingHours(
        "UTC", {0: ((480, 720), (780, 1020)), 2: ((480, 720), (780, 1020)), 5: ((1320, 360),)}, exceptions
    )
    runbook = replace(plan(task("A", 45)), calendars=(EVENING, PlannedCalendar("x", hours)))
    row = next(row for row in rehearse(runbook).board().rows(CalendarHours).values() if row.key == "x")
    assert row.hours == ("mon,wed 08:00-12:00, 13:00-17:00", "sat 22:00-06:00")
    assert row.exceptions == ("2026-12-24 off", "2026-12-27 08:00-14:00")


def test_tasks_keep_what_the_plan_says() -> None:
    planned = task(
        "A", 30, duration_low_s=60, duration_high_s=7200, must_start_s=5, must_finish_s=9, calendar="evening"
    )
    (row,) = bare_board(plan(planned)).rows(Task).values()
    assert (row.duration_low_s, row.duration_s, row.duration_high_s) == (60, 1800, 7200)
    assert (row.must_start_s, row.must_finish_s, row.calendar) == (5, 9, "evening")
