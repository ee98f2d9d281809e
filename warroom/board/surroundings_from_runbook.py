"""The parts of a runbook document around its tasks as rows: surroundings, the way back, controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from warroom.board.rows import (
    AlertSetting,
    Authority,
    Bridge,
    Call,
    Communication,
    Control,
    Entity,
    Environment,
    EscalationStep,
    Recovery,
    RotaShift,
    Silence,
    Trigger,
)
from warroom.runbook.alerts import PlannedAlerts
from warroom.runbook.document import Condition, PlannedControl, Rollback
from warroom.runbook.surroundings import Surroundings
from warroom.store.codec import R


class Insert(Protocol):
    """Adds one row and returns it with its key."""

    def __call__(self, row_class: type[R], **values: Any) -> R: ...


def condition_values(condition: Condition | None) -> dict[str, Any]:
    """The columns of a condition; none if a person judges."""
    return {} if condition is None else asdict(condition)


def lay_out_surroundings(surroundings: Surroundings, people: Mapping[str, int], add: Insert) -> None:
    """Insert what surrounds the tasks; `people` gives the key of each person by handle."""
    for position, entity in enumerate(surroundings.entities):
        add(Entity, position=position, **asdict(entity))
    for position, environment in enumerate(surroundings.environments):
        add(Environment, position=position, **asdict(environment))
    for position, shift in enumerate(surroundings.rota):
        add(
            RotaShift,
            role=shift.role,
            position=position,
            person_id=people[shift.who],
            from_s=shift.from_s,
            to_s=shift.to_s,
        )
    if surroundings.bridge is not None:
        add(Bridge, **asdict(surroundings.bridge))
    for position, call in enumerate(surroundings.calls):
        add(Call, position=position, **asdict(call))
    for position, communication in enumerate(surroundings.communications):
        values = asdict(communication)
        approver = values.pop("approver")
        add(Communication, position=position, approver_id=_person(approver, people), **values)
    for position, silence in enumerate(surroundings.silences):
        add(Silence, position=position, rule=silence.rule, place=silence.where, reason=silence.reason)


def lay_out_rollback(rollback: Rollback, people: Mapping[str, int], add: Insert) -> None:
    """Insert the way back, but for its tasks."""
    for position, trigger in enumerate(rollback.triggers):
        add(
            Trigger,
            position=position,
            text=trigger.text,
            threshold=trigger.threshold,
            measure=trigger.measure,
            clock_s=trigger.clock_s,
            due_s=trigger.due_s,
            decider_before_id=_person(trigger.decider_before, people),
            decider_after_id=_person(trigger.decider_after, people),
            **condition_values(trigger.condition),
        )
    for handle in rollback.authority:
        add(Authority, person_id=people[handle])
    for position, way in enumerate(rollback.recovery):
        add(Recovery, key=way.key, position=position, title=way.title, plan=way.plan, decider_id=people[way.decider])


def lay_out_alerts(alerts: PlannedAlerts, add: Insert) -> None:
    """Insert what is said of alerts."""
    for limits in alerts.limits:
        values = asdict(limits)
        add(AlertSetting, key=values.pop("rule"), **values)
    for position, step in enumerate(alerts.escalation):
        add(EscalationStep, position=position, to=step.to, after_s=step.after_s)


def lay_out_controls(controls: Iterable[PlannedControl], people: Mapping[str, int], add: Insert) -> None:
    """Insert the controls."""
    for position, control in enumerate(controls):
        add(
            Control,
            key=control.key,
            name=control.name,
            kind_of_control=control.kind,
            unit=control.unit,
            currency=control.currency,
            entity=control.entity,
            tolerance_absolute=control.tolerance_absolute,
            tolerance_percent=control.tolerance_percent,
            sign=control.sign,
            as_of_s=control.as_of_s,
            by=control.by,
            expected=control.expected,
            loads=control.loads,
            part_of=control.part_of,
            signs_id=people[control.signs],
            position=position,
        )


def _person(handle: str | None, people: Mapping[str, int]) -> int | None:
    return None if handle is None else people[handle]
