"""Rules about the schedule: does it fit, does it rest on guesses, do its links say what they should."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.clock.durations import show_duration
from warroom.lint.plan import Plan, Planned, follows_at_once
from warroom.lint.rule import Remark
from warroom.runbook.document import PlannedGate
from warroom.vocabulary.words import LinkType, Runs

_MOST_NAMED = 10


def placeholder_duration(plan: Plan) -> Iterator[Remark]:
    guessed = [row for row in plan.everything if row.placeholder]
    if guessed:
        named = ", ".join(row.ref for row in guessed[:_MOST_NAMED])
        more = f" and {len(guessed) - _MOST_NAMED} more" if len(guessed) > _MOST_NAMED else ""
        count = "one duration is a placeholder" if len(guessed) == 1 else f"{len(guessed)} durations are placeholders"
        message = f"{count}: {named}{more}"
        first = guessed[0].ref
        yield Remark(first, message, (*plan.path(first), "duration"), "rehearse them first, and write the times back")


def window_end_not_named(plan: Plan) -> Iterator[Remark]:
    if plan.document.window.ends_with is None:
        message = "the plan never names the task that ends the window; the last one counts"
        yield Remark("window", message, ("window",), "add ends_with: REF to the window")


def window_does_not_fit(plan: Plan) -> Iterator[Remark]:
    late = plan.forecast.planned_finish - plan.forecast.end
    if late > 0:
        finish = plan.time(plan.forecast.planned_finish)
        message = f"the plan is finished at {finish}, {show_duration(late)} after the end of the window"
        yield Remark("window", message, ("window", "end"), "shorten its longest path: warroom schedule --runbook FILE")


def deadline_not_met(plan: Plan) -> Iterator[Remark]:
    for row, task, timing in plan.taking_part:
        latest = "due" if isinstance(row, PlannedGate) else "deadline"
        for limit, key in ((task.deadline_s, latest), (task.must_finish_s, "must_finish")):
            if limit is not None and timing.finish > limit:
                late = show_duration(timing.finish - limit)
                message = f"{row.ref} is planned to be finished {late} after its {key.replace('_', ' ')}"
                yield Remark(row.ref, message, (*plan.path(row.ref), key))
        if task.must_start_s is not None and timing.start > task.must_start_s:
            late = show_duration(timing.start - task.must_start_s)
            message = f"{row.ref} is planned to start {late} after its must start"
            yield Remark(row.ref, message, (*plan.path(row.ref), "must_start"))


def no_slack_before_back_out(plan: Plan) -> Iterator[Remark]:
    decide_by = plan.forecast.decide_backout_by
    if decide_by is None:
        return
    for gate in plan.final_gates:
        if gate.ref not in plan.forecast.delays:
            continue
        decided = plan.forecast.plan.of(gate.ref).finish
        if decided >= decide_by:
            message = (
                f"{gate.ref} is decided at {plan.time(decided)}, and the latest safe back-out decision is at "
                f"{plan.time(decide_by)}: there is no slack"
            )
            yield Remark(gate.ref, message, plan.path(gate.ref), "decide earlier, back out faster, or restore later")


def redundant_link(plan: Plan) -> Iterator[Remark]:
    for ref, row in plan.rows.items():
        plain = [link.predecessor for link in row.links if follows_at_once(row, link.predecessor)]
        held = [link.predecessor for link in row.links if link.type is LinkType.FINISH_START and link.lag_s >= 0]
        for predecessor in dict.fromkeys(plain):
            through = next(
                (other for other in held if other != predecessor and _surely(plan, predecessor, other, row)), None
            )
            if through is not None:
                message = f"{ref} comes after {predecessor} anyway, through {through}"
                yield Remark(ref, message, (*plan.path(ref), "after", predecessor), "take this link out")


def _surely(plan: Plan, first: str, last: str, row: Planned) -> bool:
    """Whether a path of finish-to-start links leads from `first` to `last` in every run in which `row` takes part."""
    if first not in plan.ancestors(last):
        return False
    pending, seen = [last], {last}
    while pending:
        here = plan.rows[pending.pop()]
        if here.runs not in (Runs.BOTH, row.runs):
            continue
        for link in here.links:
            if link.type is not LinkType.FINISH_START or link.lag_s < 0 or link.predecessor in seen:
                continue
            if link.predecessor == first:
                return True
            seen.add(link.predecessor)
            if first in plan.ancestors(link.predecessor):
                pending.append(link.predecessor)
    return False


def isolated_task(plan: Plan) -> Iterator[Remark]:
    linked = {link.predecessor for row in plan.rows.values() for link in row.links}
    for ref, row in plan.rows.items():
        if not row.links and ref not in linked and len(plan.rows) > 1:
            message = f"{ref} is linked to nothing: it moves nobody, and nobody moves it"
            yield Remark(ref, message, plan.path(ref), "say what it comes after, or what waits for it")
