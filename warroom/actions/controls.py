"""Entering the figures of a control, saying what is done about a difference, and signing."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Unpack

from warroom.actions.acting import Acting, Known, check_text, perform, required
from warroom.actions.control_rounds import (
    Found,
    control_called,
    name_of_part,
    open_round,
    part_names,
    subject_of,
    why_next,
)
from warroom.model.controls import ControlFigure, ControlRound
from warroom.model.gates import Control
from warroom.model.programme import Person
from warroom.rules import controls as rules
from warroom.rules.controls import PartStanding
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.exact import is_figure, show_number
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import ControlStanding, Disposition, Side

_UNDISPOSED: dict[str, Any] = {
    "disposition": None,
    "disposed_at": None,
    "disposed_by_id": None,
    "disposed_because": None,
}


def record(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    side: Side,
    value: Decimal,
    entity: str | None = None,
    currency: str | None = None,
    as_of: datetime | None = None,
    evidence: str | None = None,
    note: str | None = None,
    correct: bool = False,
    reason: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Enter what one system shows for a control. Once entered, a side is frozen: it is corrected, with a reason, or
    taken anew in the next round. That one begins by itself with a new side which replaces a stale figure, or one that
    was to be put right; the legacy side goes along.

    Args:
        as_of: the moment whose value it is (UTC); None: that of the control.
        evidence: where the proof is.
        correct: what was entered was wrong; needs a reason.
        at: when it was taken (run time, UTC), if not now.

    Raises:
        Refused: not allowed, frozen, signed, imported, nothing to correct, or the other side is from the same person.
        BadInput: no such control, entity or currency, or not a figure of this control.
    """
    for what, text in (("the evidence", evidence), ("the note", note)):
        check_text(what, text)
    if correct:
        required("the reason", reason)

    def work(acting: Acting) -> None:
        acting.insist(rules.may_record(acting.doer))
        found = control_called(acting, key)
        insist_on_figure(found.control, value)
        names = part_names(acting, found, entity, currency)
        taken = {"value": value, "evidence": evidence, "note": note}
        if correct:
            _correct(acting, found, found.part(*names), side, {**taken, "as_of": as_of, "at": at})
        else:
            opened = round_for(acting, found, names, side)
            _insist_on_another(acting, found.control, opened, side)
            add_figure(acting, found.control, opened, side, **taken, as_of=as_of)

    return perform(state_file, caller, "control.record", subject_of(key), work, reason=reason, at=at, **known)


def dispose(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    disposition: Disposition,
    reason: str,
    entity: str | None = None,
    currency: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Say what is done about a difference that is beyond the tolerance; it can be said anew until the round is signed.

    Raises:
        Refused: not allowed (to accept one: whoever loaded the data or entered the new side), or nothing is beyond the
            tolerance.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        found = control_called(acting, key)
        part = _differing(found, entity, currency)
        accepts = disposition is Disposition.ACCEPT
        people = rules.people_of(found.control, part.new, found.loads)
        allowed = rules.may_sign if accepts else rules.may_judge
        acting.insist(allowed(acting.doer, people), key)
        acting.insist(allowed(acting.actor, people), key)
        assert part.round is not None
        acting.rows.update(
            part.round,
            disposition=disposition,
            disposed_at=acting.effective_at,
            disposed_by_id=acting.doer.person_id,
            disposed_because=reason,
        )

    return perform(state_file, caller, "control.dispose", subject_of(key), work, reason=reason, **known)


def sign(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    entity: str | None = None,
    currency: str | None = None,
    note: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Sign a control: all its parts, or those of an entity or a currency. What is signed stands until it is reopened.

    Raises:
        Refused: not allowed, for somebody else, signed already, or a part neither ties out nor is accepted.
    """

    def work(acting: Acting) -> None:
        if acting.doer != acting.actor:
            raise Refused("nobody signs for somebody else", where=key)
        found = control_called(acting, key)
        chosen = found.chosen(entity, currency)
        for part in chosen:
            people = rules.people_of(found.control, part.new, found.loads)
            acting.insist(rules.may_sign(acting.actor, people), key)
            if part.standing not in rules.TIES_OUT:
                because = "" if part.because is None else f", {part.because}"
                raise Refused(
                    f"{_called(found.control, part)} cannot be signed: it is {part.standing.value}{because}",
                    where=key,
                    hint=f"see: warroom control show {key}",
                )
        unsigned = [part for part in chosen if part.standing is not ControlStanding.SIGNED]
        if not unsigned:
            raise Refused(f"{key} is signed already, by {_name(acting, _signer(chosen[0]))}", where=key)
        for part in unsigned:
            assert part.round is not None
            acting.rows.update(
                part.round,
                signed_at=acting.effective_at,
                signed_by_id=acting.actor.person_id,
                signed_assurance=caller.assured,
                signed_note=note,
            )

    return perform(state_file, caller, "control.sign", subject_of(key), work, reason=note, **known)


def reopen(
    state_file: StateFile,
    caller: Caller,
    key: str,
    *,
    reason: str,
    legacy: bool = False,
    entity: str | None = None,
    currency: str | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Open the next round of a control, in which the new side is taken again; the one before stays as it is, signed or
    not.

    Args:
        legacy: the frozen legacy side does not go along: it is taken again too.

    Raises:
        Refused: not allowed, or there is nothing to take again yet.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        found = control_called(acting, key)
        part = found.one(entity, currency)
        people = rules.people_of(found.control, part.new, found.loads)
        acting.insist(rules.may_judge(acting.actor, people), key)
        if part.new is None and not (legacy and part.legacy is not None):
            raise Refused(
                f"the new side of {_called(found.control, part)} has not been entered: its round is open", where=key
            )
        assert part.round is not None
        names = (part.round.entity, part.round.currency)
        open_round(acting, found, names, because=reason, keeps_legacy=not legacy)

    return perform(state_file, caller, "control.reopen", subject_of(key), work, reason=reason, **known)


# --- what entering by hand and by file have in common ----------------------------------------------------------------


def insist_on_figure(control: Control, value: Decimal) -> None:
    """Refuse a number that cannot be a figure of `control`.

    Raises:
        BadInput: it is too large, too fine, or not whole where it must be.
    """
    if not is_figure(value):
        raise BadInput("that number has too many digits for a control", where=control.key)
    if (fault := rules.fault_of_value(control, value)) is not None:
        raise BadInput(fault, where=control.key)


def round_for(acting: Acting, found: Found, names: tuple[str | None, str | None], side: Side) -> ControlRound:
    """The round to which a figure of `side` is added: the latest, or the next where that one is due.

    Raises:
        Refused: the latest round has that side already, or the plan says what it is.
    """
    control, part = found.control, found.part(*names)
    if side is Side.LEGACY and control.expected is not None:
        raise Refused(
            f"the plan says what {control.key} must be: {show_number(control.expected)}",
            where=control.key,
            hint="only its new side is entered",
        )
    if part is None or part.round is None:
        return open_round(acting, found, names)
    there = part.legacy if side is Side.LEGACY else part.new
    if there is None:
        return part.round
    if side is Side.NEW and rules.next_round_due(part):
        return open_round(acting, found, names, because=why_next(part))
    called = _called(control, part)
    signed = part.round.signed_at is not None
    raise Refused(
        f"the {side} side of {called} was entered already: {show_number(there.value)} by {_name(acting, there.by_id)}"
        + (f", and signed by {_name(acting, part.round.signed_by_id)}" if signed else ""),
        where=control.key,
        hint=f"take it again: warroom control reopen {control.key} --reason TEXT"
        + (" --legacy" if side is Side.LEGACY else "")
        + ("" if signed else "; or correct it: --correct --reason TEXT"),
    )


def add_figure(
    acting: Acting, control: Control, one: ControlRound, side: Side, *, as_of: datetime | None, **taken: Any
) -> ControlFigure:
    """Insert a figure, taken now by whoever acts."""
    run = acting.open_run()
    if as_of is None and control.as_of_s is not None:
        as_of = run.window_start + timedelta(seconds=control.as_of_s)
    return acting.rows.insert(
        ControlFigure,
        run_id=run.id,
        round_id=one.id,
        side=side,
        at=acting.effective_at,
        by_id=acting.doer.person_id,
        recorded_by_id=acting.actor.person_id,
        as_of=as_of,
        **taken,
    )


def _insist_on_another(acting: Acting, control: Control, one: ControlRound, side: Side) -> None:
    """What is typed for one side comes from another person than the other side does.

    Raises:
        Refused: it does not.
    """
    other = Side.NEW if side is Side.LEGACY else Side.LEGACY
    there = acting.rows.one(ControlFigure, round_id=one.id, side=other)
    if there is not None and there.by_id is not None and there.by_id == acting.doer.person_id:
        raise Refused(
            f"{acting.doer.handle} entered the {other} side of {control.key}: somebody else enters the {side} side",
            where=control.key,
            hint="or compare the two exports: warroom control import",
        )


def _differing(found: Found, entity: str | None, currency: str | None) -> PartStanding:
    """The part whose difference is to be disposed of: the only one that is beyond its tolerance, else the only one that
    was disposed of already.

    Raises:
        Refused: there is none, or more than one.
    """
    chosen = found.chosen(entity, currency)
    for standing in (ControlStanding.OUTSIDE, ControlStanding.DISPOSED):
        differing = [part for part in chosen if part.standing is standing]
        if len(differing) == 1:
            return differing[0]
        if differing:
            return found.one(entity, currency)
    key, part = found.control.key, chosen[0]
    raise Refused(
        f"{_called(found.control, part)} is {part.standing.value}: there is no difference to dispose of",
        where=key,
        hint=f"see: warroom control show {key}",
    )


def _correct(
    acting: Acting,
    found: Found,
    part: PartStanding | None,
    side: Side,
    corrected: dict[str, Any],
) -> None:
    """What is corrected was taken when it was taken: only what is given (not None) changes."""
    figure = None if part is None else part.legacy if side is Side.LEGACY else part.new
    if part is None or part.round is None or figure is None:
        raise Refused(f"the {side} side of {found.control.key} was not entered yet", where=found.control.key)
    key, called = found.control.key, _called(found.control, part)
    people = rules.people_of(found.control, part.new, found.loads)
    acting.insist(rules.may_amend(acting.actor, people, figure), key)
    if part.round.signed_at is not None:
        raise Refused(
            f"{called} is signed by {_name(acting, part.round.signed_by_id)}",
            where=key,
            hint=f"open its next round: warroom control reopen {key} --reason TEXT",
        )
    if part.round.rows_document_id is not None:
        raise Refused(
            f"{called} was compared row by row: a total alone is not corrected",
            where=key,
            hint=f"open its next round and import again: warroom control reopen {key} --reason TEXT",
        )
    acting.rows.update(
        figure,
        **{name: value for name, value in corrected.items() if value is not None},
        recorded_by_id=acting.actor.person_id,
        source=None,
        source_sha256=None,
        corrected_because=acting.reason,
    )
    acting.rows.update(part.round, **_UNDISPOSED)


def _called(control: Control, part: PartStanding) -> str:
    """How messages name a part of a control: "tb (DE EUR)"."""
    assert part.round is not None
    named = part.round.entity is not None or part.round.currency is not None
    return f"{control.key} ({name_of_part(part.round.entity, part.round.currency)})" if named else control.key


def _signer(part: PartStanding) -> int | None:
    return None if part.round is None else part.round.signed_by_id


def _name(acting: Acting, person_id: int | None) -> str:
    return "nobody" if person_id is None else acting.rows.get(Person, person_id).name
