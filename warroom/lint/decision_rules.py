"""Rules about decisions and what leads to them: gates, controls, the point of no return, notices."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.clock.durations import HOUR, show_duration
from warroom.lint.plan import Plan
from warroom.lint.rule import Remark
from warroom.runbook.document import PlannedTask
from warroom.runbook.surroundings import PlannedCommunication
from warroom.vocabulary.words import Notice, Runs, TaskKind

NOTICE_S = 48 * HOUR
"""How long before a freeze those outside the house are told at the latest."""


def gate_without_seats(plan: Plan) -> Iterator[Remark]:
    for gate in plan.document.gates:
        if not gate.seats:
            message = f"nobody votes at {gate.ref}: its owner decides alone"
            yield Remark(gate.ref, message, plan.path(gate.ref), "add seats: owner or executive, finance, partner")


def gate_without_criteria(plan: Plan) -> Iterator[Remark]:
    for gate in plan.document.gates:
        if not gate.criteria:
            message = f"{gate.ref} has no criteria: nobody can say what a go rests on"
            yield Remark(
                gate.ref, message, plan.path(gate.ref), "write them beforehand, each so that it is true or not"
            )


def back_out_without_authority(plan: Plan) -> Iterator[Remark]:
    rollback = plan.document.rollback
    if rollback.tasks and not rollback.authority:
        yield Remark("rollback", "nobody is named who may decide on a back-out", ("rollback",), "add authority:")


def control_without_tolerance(plan: Plan) -> Iterator[Remark]:
    for control in plan.document.controls:
        if control.tolerance_absolute is None and control.tolerance_percent is None:
            message = f"the control {control.key} has no tolerance"
            path = ("controls", control.key)
            yield Remark(control.key, message, path, "write tolerance: {abs: 0} if nothing may differ")


def opens_before_final_gate(plan: Plan) -> Iterator[Remark]:
    gates = {gate.ref for gate in plan.final_gates}
    point = plan.document.rollback.point_of_no_return
    for ref, row in plan.rows.items():
        if isinstance(row, PlannedTask) and row.opens:
            what = f"{ref} opens {', '.join(row.opens)}"
        elif ref == point and ref not in gates:
            what = f"{ref} is the point of no return"
        else:
            continue
        if row.runs is not Runs.REHEARSAL and not gates & plan.ancestors(ref):
            behind = " or ".join(sorted(gates)) or "a gate with stage: go-live"
            path = (*plan.path(ref), "opens")
            yield Remark(ref, f"{what}, and does not wait for the final gate", path, f"put it after {behind}")


def rehearsal_in_production(plan: Plan) -> Iterator[Remark]:
    forbidden = {
        environment.key
        for environment in plan.document.surroundings.environments
        if environment.production and environment.rehearsal_approval is None
    }
    for row in plan.everything:
        if isinstance(row, PlannedTask) and row.runs is Runs.REHEARSAL and row.environment in forbidden:
            message = f"{row.ref} rehearses in production ({row.environment}), which nobody has approved"
            path = (*plan.path(row.ref), "environment")
            yield Remark(row.ref, message, path, "rehearse elsewhere, or record the approval: rehearsal_approval")


def told_late(plan: Plan) -> Iterator[Remark]:
    external = [
        text for text in plan.document.surroundings.communications if text.external and text.notice is Notice.FREEZE
    ]
    told = [(at, text.key, path) for text in external for at, path in _sendings(plan, text)]
    if told:
        at, key, path = min(told)
        if at > -NOTICE_S:
            before = show_duration(max(0, -at))
            message = f"those outside are told of the freeze {before} before it (by {key}), not 48h"
            yield Remark(key, message, path, "send a notice ten days ahead, and again 48 hours ahead")


def no_freeze_notice(plan: Plan) -> Iterator[Remark]:
    if not _has_notice(plan, Notice.FREEZE):
        message = "no task of kind communication tells people about the freeze"
        yield Remark("tasks", message, ("tasks",), "add one that sends a communication with notice: freeze")


def no_go_live_notice(plan: Plan) -> Iterator[Remark]:
    if not _has_notice(plan, Notice.GO_LIVE):
        message = "no task of kind communication tells people that the new system is open"
        yield Remark("tasks", message, ("tasks",), "add one that sends a communication with notice: go-live")


def _has_notice(plan: Plan, notice: Notice) -> bool:
    keys = {text.key for text in plan.document.surroundings.communications if text.notice is notice}
    return any(task.kind is TaskKind.COMMUNICATION and task.communication in keys for task in plan.document.tasks)


def _sendings(plan: Plan, text: PlannedCommunication) -> Iterator[tuple[int, tuple[str, ...]]]:
    """When a text is sent, by the tasks that send it or else by itself, and where that stands."""
    senders = [task for task in plan.document.tasks if task.communication == text.key]
    for task in senders:
        if task.ref in plan.forecast.delays:
            yield plan.forecast.plan.of(task.ref).finish, plan.path(task.ref)
    if not senders and text.when_s is not None:
        yield text.when_s, ("communications", text.key, "when")
