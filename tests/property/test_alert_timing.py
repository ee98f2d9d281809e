"""`next_change` is right: while nobody acts, no minute before it finds anything new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.cutover import MINUTE, PEOPLE, START, document, task
from tests.soaking import times
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.rows import AlertSetting, PlanVersion, Run, Task
from warroom.rules.alerting.deciding import findings, next_change
from warroom.rules.alerting.registry import RULES
from warroom.rules.alerting.view import view_of
from warroom.runbook.document import (
    Condition,
    PlannedCalendar,
    PlannedLink,
    PlannedTask,
    PlannedTrigger,
    Rollback,
    RunbookDocument,
)
from warroom.schedule.hours import WorkingHours
from warroom.store.codec import changed, make, table_of
from warroom.vocabulary.words import Automatic, LinkType, RunKind, TaskState

LOOK_AHEAD = 90  # minutes

# Rules that look at the times of several tasks at once: through a calendar these can jump, and the next sweep sees it.
JUMPS = frozenset({"double-booked", "off-shift", "backup-unconfirmed"})

seconds_of_a_plan = st.integers(0, 150 * MINUTE)


def in_run(plan: Board, tasks: dict[int, Task]) -> Board:
    """The Board of a run that began at `START`, with these tasks, in which every rule speaks."""
    version = plan.rows(PlanVersion)[1]
    values = {name: getattr(version, name) for name in PlanVersion.model_fields if name in Run.model_fields}
    run = make(
        Run,
        {**table_of(Run).defaults, **values, "version_id": 1, "kind_of_run": RunKind.LIVE, "name": "live"}
        | {"started_at": START},
    )
    settings = {
        key: make(AlertSetting, {**table_of(AlertSetting).defaults, "id": key, "run_id": 1, "key": name, "off": False})
        for key, name in enumerate(RULES, start=1)
    }
    rows: dict[str, Any] = {**plan._rows, "run": {1: run}, "task": tasks, "alert_setting": settings}
    return Board(rows, seq=1, recorded_at=START, run_id=1, version_id=1, last_entries={})


def progress(draw: st.DrawFn, row: Task, now: int) -> dict[str, Any]:
    """What actions may have written about a task up to `now`, seconds after the start."""

    def instant(low: int, high: int) -> datetime:
        return START + timedelta(seconds=draw(st.integers(low, high)))

    def since(earlier: datetime) -> datetime:
        return instant(int((earlier - START).total_seconds()), now)

    state = draw(st.sampled_from(TaskState))
    values: dict[str, Any] = {"state": state}
    if state is TaskState.NOT_STARTED:
        return values
    begun = state is not TaskState.SKIPPED and (state is not TaskState.BLOCKED or draw(st.booleans()))
    start = values["actual_start"] = instant(0, now) if begun else None
    if state in (TaskState.DONE, TaskState.SKIPPED, TaskState.FAILED):
        values["actual_finish"] = since(start or START)
        return values
    if state is TaskState.VERIFYING:
        values["executed_at"] = since(start or START)
    if draw(st.booleans()):
        values["stale_since"] = since(start or START)
    if state is TaskState.BLOCKED:
        values["blocked_at"] = since(start or START)
    if draw(st.booleans()):
        values["eta_given_at"] = since(start or START)
        values["eta"] = values["eta_given_at"] + timedelta(seconds=draw(st.integers(0, 60 * MINUTE)))
    if start is not None and draw(st.booleans()):
        values |= {"progress_at": since(start), "progress_done": draw(st.integers(0, 10)), "progress_total": 10}
    return values


@st.composite
def shifts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Shifts of an evening in Berlin, from the start of the window (19:00) on."""
    edges = sorted(draw(st.sets(st.integers(19 * 60, 23 * 60), min_size=2, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


def with_hours(draw: st.DrawFn, plan: RunbookDocument) -> RunbookDocument:
    """The plan with what the engine knows beyond plain links and round the clock."""

    def vary(row: PlannedTask) -> PlannedTask:
        links = tuple(replace(link, type=draw(st.sampled_from(LinkType))) for link in row.links)
        return replace(
            row,
            links=(*links, *(PlannedLink(link.predecessor) for link in links if draw(st.booleans()))),
            calendar=draw(st.sampled_from([None, "task"])),
            must_start_s=draw(st.none() | seconds_of_a_plan),
            must_finish_s=draw(st.none() | seconds_of_a_plan),
            as_late_as_possible=draw(st.booleans()),
        )

    calendars = [
        PlannedCalendar(key, WorkingHours("Europe/Berlin", dict.fromkeys(range(7), draw(shifts()))))
        for key in ("task", "owner")
    ]
    owner = replace(PEOPLE[1], calendar=draw(st.sampled_from([None, "owner"])))
    people = (PEOPLE[0], owner, *PEOPLE[2:])
    return replace(plan, tasks=tuple(map(vary, plan.tasks)), calendars=tuple(calendars), people=people)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Board, datetime]:
    count = draw(st.integers(1, 5))
    tasks = []
    for number in range(count):
        earlier = draw(st.lists(st.integers(0, number - 1), unique=True, max_size=2)) if number else []
        lags = draw(st.lists(st.integers(-20, 15), min_size=len(earlier), max_size=len(earlier)))
        not_before = draw(st.none() | seconds_of_a_plan)
        after = [f"T{each}{lag:+d}" for each, lag in zip(earlier, lags, strict=True)]
        more = {"deadline_s": draw(st.none() | seconds_of_a_plan), "party": draw(st.sampled_from([None, "bank"]))}
        tasks.append(task(f"T{number}", draw(st.integers(0, 40)), *after, not_before_s=not_before, **more))
    ends_with = draw(st.none() | st.sampled_from([each.ref for each in tasks]))
    triggers = (
        PlannedTrigger("Late", condition=Condition(Automatic.WINDOW)),
        PlannedTrigger("The first is late", condition=Condition(Automatic.TASKS_DONE, of=("T0",))),
    )
    runbook = document(*tasks, ends_with=ends_with, rollback=Rollback(triggers=triggers))
    plan = bare_board(with_hours(draw, runbook) if draw(st.booleans()) else runbook)
    now = draw(seconds_of_a_plan)
    rows = {key: changed(row, progress(draw, row, now)) for key, row in plan.rows(Task).items()}
    return in_run(plan, rows), START + timedelta(seconds=now)


def found(board: Board, at: datetime) -> set[tuple[str, str, int]]:
    """What each rule finds by itself, with how far it has come: more than the findings, which fold it by subject."""
    view = view_of(board, forecast(board, at))
    known = set()
    for name, rule in RULES.items():
        if name in JUMPS and view.calendars:
            continue
        for matter in rule.find(view, rule.limits):
            if matter.from_s <= view.now:
                known |= {(name, matter.subject, step) for step in range(matter.step + 1)}
    return known


@settings(max_examples=times(short=40, whole=300), deadline=None)
@given(situations())
def test_nothing_new_is_found_before_the_next_change(situation: tuple[Board, datetime]) -> None:
    board, at = situation
    for row in board.tasks:
        links = [(board.rows(Task)[link.predecessor_id].ref, link.lag_s) for link in board.links_to(row.id)]
        note(f"{row.model_dump(exclude_defaults=True)} after {links}")
    now = forecast(board, at)
    due = next_change(board, now)
    assert due is None or (due > now.at and due.second == due.microsecond == 0)
    known = found(board, at)
    for ahead in range(1, LOOK_AHEAD):
        instant = now.at + timedelta(minutes=ahead)
        if due is not None and instant >= due:
            break
        assert found(board, instant) <= known, instant


@settings(max_examples=times(short=20, whole=150), deadline=None)
@given(situations())
def test_a_finding_became_true_when_it_says(situation: tuple[Board, datetime]) -> None:
    board, at = situation
    expected = forecast(board, at)
    for finding in findings(board, expected):
        assert finding.due_at <= expected.at
        assert finding.own_delay_s > 0 or not finding.pushes
        assert finding.subject not in {push.ref for push in finding.pushes}
        assert all(push.moves_s > 0 for push in finding.pushes)
