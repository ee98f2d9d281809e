"""From checked entries to the document: gates, the way back, and controls."""

from __future__ import annotations

from warroom.runbook.document import (
    Condition,
    PlannedControl,
    PlannedCriterion,
    PlannedGate,
    PlannedRecovery,
    PlannedSeat,
    PlannedTask,
    PlannedTrigger,
    Rollback,
)
from warroom.runbook.format import DEFAULT_DECISION_S
from warroom.runbook.records import Entry
from warroom.runbook.values import Axis, condition, durations, facts, links, texts, values
from warroom.vocabulary.words import Automatic, ControlKind, DecisionRule, Runs, SignConvention


def gate(entry: Entry, axis: Axis) -> PlannedGate:
    """The gate that an entry of `gates` describes; what it leaves out has its default."""
    seats = tuple(_seat(seat) for seat in entry.entries("seats"))
    return PlannedGate(
        **values(entry, "ref", "title", "phase", "stream", "owner", "backup", "instructions", "calendar", "entity"),
        **values(entry, "stage"),
        **durations(entry, DEFAULT_DECISION_S),
        quorum=entry.get("quorum") or len(seats),
        links=links(entry),
        facts=facts(entry),
        not_before_s=axis.seconds(entry, "not_before"),
        due_s=axis.seconds(entry, "due"),
        vote_by_s=axis.seconds(entry, "vote_by"),
        runs=entry.get("runs") or Runs.BOTH,
        rule=entry.get("rule") or DecisionRule.UNANIMOUS,
        seats=seats,
        criteria=tuple(_criterion(criterion) for criterion in entry.entries("criteria")),
    )


def rollback(entry: Entry | None, tasks: tuple[PlannedTask, ...], axis: Axis) -> Rollback:
    """The way back; `tasks` are its network."""
    if entry is None:
        return Rollback()
    return Rollback(
        point_of_no_return=entry.get("point_of_no_return"),
        authority=texts(entry, "authority"),
        triggers=tuple(_trigger(trigger, axis) for trigger in entry.entries("triggers")),
        tasks=tasks,
        time_box_s=entry.get("time_box"),
        recovery=tuple(
            PlannedRecovery(**values(way, "key", "title", "plan"), decider=way.get("decides"))
            for way in entry.entries("recovery")
        ),
    )


def control(entry: Entry, axis: Axis) -> PlannedControl:
    """The control that an entry of `controls` describes; what it leaves out has its default."""
    tolerance = entry.get("tolerance")
    return PlannedControl(
        **values(entry, "key", "name", "signs", "unit", "currency", "entity", "expected", "part_of"),
        tolerance_absolute=tolerance.get("abs") if tolerance else None,
        tolerance_percent=tolerance.get("percent") if tolerance else None,
        kind=entry.get("kind") or ControlKind.AMOUNT,
        sign=entry.get("sign") or SignConvention.SAME,
        as_of_s=axis.seconds(entry, "as_of"),
        by=texts(entry, "by"),
        loads=texts(entry, "loads"),
    )


def _seat(entry: Entry) -> PlannedSeat:
    return PlannedSeat(
        **values(entry, "title", "person"),
        substitutes=texts(entry, "substitutes"),
        chair=entry.get("chair") or False,
        veto=entry.get("veto") or False,
    )


def _criterion(entry: Entry) -> PlannedCriterion:
    judged = condition(entry)
    text = entry.get("text") or (_said(judged) if judged else "")
    return PlannedCriterion(text, judged, **values(entry, "evaluator", "evidence"))


def _trigger(entry: Entry, axis: Axis) -> PlannedTrigger:
    deciders = entry.get("decides")
    before = deciders.get("before") if deciders else None
    return PlannedTrigger(
        **values(entry, "text", "threshold", "measure"),
        clock_s=entry.get("clock"),
        decider_before=before,
        decider_after=(deciders.get("after") if deciders else None) or before,
        condition=condition(entry),
        due_s=axis.seconds(entry, "due"),
    )


def _said(condition: Condition) -> str:
    """What must hold, in words, of a criterion to which none were given."""
    named = ", ".join(condition.of)
    unit = f" {condition.unit}" if condition.unit else ""
    at_most = condition.at_most if condition.at_most is not None else 0
    bounds = [
        f"{word} {bound}{unit}"
        for word, bound in (("at least", condition.at_least), ("at most", condition.at_most))
        if bound is not None
    ]
    return {
        Automatic.PHASE_DONE: f"All tasks are done of the phases {named}",
        Automatic.TASKS_DONE: f"These tasks are done: {named}",
        Automatic.CONTROLS: f"Within their tolerance are {named or 'all controls'}",
        Automatic.PROBLEMS: f"At most {at_most} problems are open of severity {condition.severity} or worse",
        Automatic.CONFIDENCE: f"The confidence to finish inside the window is {condition.at_least} % or more",
        Automatic.WINDOW: "The forecast finish lies inside the window",
        Automatic.BACK_OUT: "A back-out still fits",
        Automatic.SMOKE_TESTS: f"The smoke tests have passed of {named or 'all flows'}",
        Automatic.METRIC: f"{condition.metric}: {' and '.join(bounds)}",
    }[condition.automatic]
