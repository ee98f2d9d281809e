"""What people say of a criterion: whether it holds, its figure, or that one does without it for a time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.gates import gate_called
from warroom.actions.held import insist_not_held
from warroom.actions.rights import insist_may
from warroom.actions.subject import insist_on_entities
from warroom.model.decisions import Assessment, Waiver
from warroom.model.gates import Criterion, Gate, Seat
from warroom.model.programme import Person
from warroom.model.tasks import Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.exact import is_figure
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Automatic


def assess(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    number: int,
    met: bool,
    evidence: str,
    entity: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say whether a criterion holds that a person judges, and what shows it.

    Args:
        number: of the criterion among those of the gate, from 1.
        entity: key of the one of which it is said; None: of all.

    Raises:
        Refused: not allowed, it is judged without a person, or a back-out holds the gate. BadInput: no such criterion
            or entity, or no evidence.
    """
    check_text("the evidence", required("the evidence", evidence, "say what shows it with --evidence TEXT"))

    def work(acting: Acting) -> None:
        _, gate = _judged_gate(acting, ref)
        criterion = _criterion(acting, gate, ref, number)
        if criterion.automatic is not None:
            how = "gate measure" if criterion.automatic is Automatic.METRIC else "gate show"
            raise Refused(
                f"criterion {number} of {ref} is judged by what is recorded ({criterion.automatic})",
                where=ref,
                hint=f"see: warroom {how} {ref}",
            )
        evaluators = _evaluators(acting, gate, criterion)
        acting.insist_either(lambda actor: permissions.may_assess(actor, evaluators))
        acting.rows.insert(Assessment, met=met, evidence=evidence, **_by(acting, criterion, entity))

    reason = f"{_named(number, entity)} {'met' if met else 'not met'}: {evidence}"
    return perform(state_file, caller, "gate.assess", ref, work, reason=reason, **known)


def measure(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    number: int,
    value: Decimal,
    evidence: str | None = None,
    entity: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Record the figure of a criterion that is a metric.

    Args:
        entity: as of `assess`.

    Raises:
        Refused: not allowed, the criterion has no figure, or a back-out holds the gate. BadInput: no such criterion or
            entity, or no such number.
    """
    check_text("the evidence", evidence)
    if not is_figure(value):
        raise BadInput("that is no figure", hint="give a plain number, such as 12 or 0.5")

    def work(acting: Acting) -> None:
        _, gate = _judged_gate(acting, ref)
        criterion = _criterion(acting, gate, ref, number)
        if criterion.automatic is not Automatic.METRIC:
            raise Refused(f"criterion {number} of {ref} is no metric", where=ref, hint=f"see: warroom gate show {ref}")
        acting.insist(permissions.may_log(acting.doer), ref)
        acting.rows.insert(Assessment, value=value, evidence=evidence, **_by(acting, criterion, entity))

    reason = f"{_named(number, entity)}: {value:f}" + (f": {evidence}" if evidence else "")
    return perform(state_file, caller, "gate.measure", ref, work, reason=reason, **known)


def waive(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    number: int,
    reason: str,
    expires_at: datetime,
    entity: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Do without a criterion until a time (run time, UTC), by name.

    Args:
        entity: key of the one for which one does without it; None: for all.

    Raises:
        Refused: not allowed, or a back-out holds the gate. BadInput: no such criterion or entity, or the time has
            passed.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task, gate = _judged_gate(acting, ref)
        criterion = _criterion(acting, gate, ref, number)
        insist_may(acting, permissions.may_decide, task, doer_alone=True)
        if expires_at <= acting.now:
            raise BadInput("that time has passed", where=ref, hint="say until when the criterion is waived: 8h, 06:00")
        acting.rows.insert(Waiver, reason=reason, expires_at=expires_at, **_by(acting, criterion, entity))
        acting.reason = f"{_named(number, entity)}: {reason}"

    return perform(state_file, caller, "gate.waive", ref, work, reason=reason, **known)


def _named(number: int, entity: str | None) -> str:
    return f"criterion {number}" + ("" if entity is None else f" for {entity}")


def _judged_gate(acting: Acting, ref: str) -> tuple[Task, Gate]:
    """The gate, which is judged only as long as it can be decided.

    Raises:
        Refused, BadInput: as of `gate_called`; also if a back-out that was invoked holds it.
    """
    task, gate = gate_called(acting, ref)
    insist_not_held(acting, task)
    return task, gate


def _criterion(acting: Acting, gate: Gate, ref: str, number: int) -> Criterion:
    found = sorted(acting.rows.find(Criterion, gate_id=gate.id), key=lambda criterion: criterion.position)
    if not 1 <= number <= len(found):
        raise BadInput(f"{ref} has no criterion {number}", hint=f"see: warroom gate show {ref}")
    return found[number - 1]


def _evaluators(acting: Acting, gate: Gate, criterion: Criterion) -> frozenset[str]:
    """Handles of those who judge it: the named evaluator, else whoever has a seat."""
    rows = acting.rows
    if criterion.evaluator_id is not None:
        return frozenset({rows.get(Person, criterion.evaluator_id).handle})
    seats = rows.find(Seat, gate_id=gate.id)
    holders = {rows.get(Person, seat.person_id).handle for seat in seats}
    return frozenset(holders.union(*(seat.substitutes for seat in seats)))


def _by(acting: Acting, criterion: Criterion, entity: str | None) -> dict[str, object]:
    run = acting.open_run()
    if entity is not None:
        insist_on_entities(acting, [entity])
    return {
        "run_id": run.id,
        "criterion_id": criterion.id,
        "entity": entity,
        "person_id": acting.doer.person_id,
        "at": acting.effective_at,
    }
