"""Judging the criterion under the cursor: met or not, its figure, or doing without it for a time."""

from __future__ import annotations

from warroom.board.rows import Criterion, Gate, Task
from warroom.rules import permissions
from warroom.rules.criteria import judges
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import REASON, About, time_field
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import CHOOSE, Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import figure, future, preview_figure
from warroom.tui.drawing.picked import OnCriterion
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Automatic

MET, NOT_MET = "met", "not met"


def _none(context: Context) -> str:
    return f"stand on a criterion of the go/no-go panel ({context.key('console.gate')})"


def on_metric(context: Context) -> bool:
    """Whether the criterion under the cursor has a figure."""
    found = criterion_under(context)
    return found is not None and found[2].automatic is Automatic.METRIC


def criterion_under(context: Context) -> tuple[Task, Gate, Criterion] | None:
    """The criterion under the cursor, with its gate."""
    task, gate, picked = context.task, when.gate_of(context), context.picked
    if task is None or gate is None or not isinstance(picked, OnCriterion):
        return None
    found = context.board.criteria(gate.id)
    return (task, gate, found[picked.number - 1]) if picked.number <= len(found) else None


def can_assess(context: Context) -> Reason:
    """Whether the person may say that the criterion holds."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    found = criterion_under(context)
    if found is None:
        return _none(context)
    _, gate, criterion = found
    if criterion.automatic is not None:
        return f"it is judged by what is recorded ({criterion.automatic}): {context.key('task.details')} shows that"
    return permissions.may_assess(context.actor, judges(context.board, gate, criterion))


def can_measure(context: Context) -> Reason:
    """Whether the person may record its figure."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    return permissions.may_log(context.actor) if on_metric(context) else _none(context)


def can_waive(context: Context) -> Reason:
    """Whether the person may do without it."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    found = criterion_under(context)
    return _none(context) if found is None else permissions.may_decide(context.actor, context.people(found[0]))


def assess(screen: Stand, _: str) -> None:
    asked = _about(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("gate.assess", met=answers["verdict"] == MET, evidence=answers["evidence"])

    verdict = Field("verdict", CHOOSE, required=True, choices=(MET, NOT_MET))
    evidence = Field("evidence", "what shows it: page, file, number, and whatever is to be noted", required=True)
    asked.ask("Judge", [verdict, evidence], submit)


def measure(screen: Stand, _: str) -> None:
    asked = _about(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("gate.measure", value=figure(answers["figure"]), evidence=answers["evidence"] or None)

    found = criterion_under(screen.context())
    assert found is not None
    unit = one_line(found[2].unit or "a number", 20)
    asked.ask(
        "Measured",
        [Field("figure", unit, required=True, preview=preview_figure), Field("evidence", "where it was read")],
        submit,
    )


def waive(screen: Stand, _: str) -> None:
    asked = _about(screen)

    async def submit(answers: Answers) -> None:
        expires = future(answers["until"], screen.console.run_time(), screen.picture)
        await asked.act("gate.waive", reason=answers["reason"], expires_at=expires)

    fields = [time_field("until", "8h, 06:00: then it counts again", screen, required=True), REASON]
    asked.ask("Do without it, in your own name", fields, submit)


def _about(screen: Stand) -> About:
    found = criterion_under(screen.context())
    assert found is not None
    task, _, criterion = found
    picked = screen.context().picked
    assert isinstance(picked, OnCriterion)
    heading = f"{one_line(task.ref, 20)}, criterion {picked.number}: {one_line(criterion.text, 60)}"
    return About(screen, task.ref, heading, ref=task.ref, number=picked.number)
