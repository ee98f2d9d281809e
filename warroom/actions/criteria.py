"""What people say of a criterion: whether it holds, its figure, or that one does without it for a time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.gates import gate_called
from warroom.actions.rights import insist_may
from warroom.model.decisions import Assessment, Waiver
from warroom.model.gates import Criterion, Gate, Seat
from warroom.model.programme import Person
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
    **known: Unpack[Known],
) -> Entry:
    """Say whether a criterion holds that a person judges, and what shows it.

    Args:
        number: of the criterion among those of the gate, from 1.

    Raises:
        Refused: not allowed, or it is judged without a person. BadInput: no such criterion, or no evidence.
    """
    check_text("the evidence", required("the evidence", evidence, "say what shows it with --evidence TEXT"))

    def work(acting: Acting) -> None:
        _, gate = gate_called(acting, ref)
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
        acting.rows.insert(Assessment, met=met, evidence=evidence, **_by(acting, criterion))

    reason = f"criterion {number} {'met' if met else 'not met'}: {evidence}"
    return perform(state_file, caller, "gate.assess", ref, work, reason=reason, **known)


def measure(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    number: int,
    value: Decimal,
    evidence: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Record the figure of a criterion that is a metric.

    Raises:
        Refused: not allowed, or the criterion has no figure. BadInput: no such criterion, or no such number.
    """
    check_text("the evidence", evidence)
    if not is_figure(value):
        raise BadInput("that is no figure", hint="give a plain number, such as 12 or 0.5")

    def work(acting: Acting) -> None:
        _, gate = gate_called(acting, ref)
        criterion = _criterion(acting, gate, ref, number)
        if criterion.automatic is not Automatic.METRIC:
            raise Refused(f"criterion {number} of {ref} is no metric", where=ref, hint=f"see: warroom gate show {ref}")
        acting.insist(permissions.may_log(acting.doer), ref)
        acting.rows.insert(Assessment, value=value, evidence=evidence, **_by(acting, criterion))

    reason = f"criterion {number}: {value:f}" + (f": {evidence}" if evidence else "")
    return perform(state_file, caller, "gate.measure", ref, work, reason=reason, **known)


def waive(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    number: int,
    reason: str,
    expires_at: datetime,
    **known: Unpack[Known],
) -> Entry:
    """Do without a criterion until a time (run time, UTC), by name.

    Raises:
        Refused: not allowed. BadInput: no such criterion, or the time has passed.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task, gate = gate_called(acting, ref)
        criterion = _criterion(acting, gate, ref, number)
        insist_may(acting, permissions.may_decide, task, doer_alone=True)
        if expires_at <= acting.now:
            raise BadInput("that time has passed", where=ref, hint="say until when the criterion is waived: 8h, 06:00")
        acting.rows.insert(Waiver, reason=reason, expires_at=expires_at, **_by(acting, criterion))
        acting.reason = f"criterion {number}: {reason}"

    return perform(state_file, caller, "gate.waive", ref, work, reason=reason, **known)


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


def _by(acting: Acting, criterion: Criterion) -> dict[str, object]:
    return {
        "run_id": acting.open_run().id,
        "criterion_id": criterion.id,
        "person_id": acting.doer.person_id,
        "at": acting.effective_at,
    }
