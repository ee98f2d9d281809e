"""How each criterion of a gate stands: pure functions of a Board, its forecast and now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from warroom.board.board import Board
from warroom.board.rows import Assessment, Criterion, Gate, Waiver
from warroom.rules.conditions import Basis, Found, Measured, stands
from warroom.rules.gates import entity_keys
from warroom.vocabulary.words import Automatic, Light

_WORST_FIRST = (Light.RED, Light.MISSING, Light.AMBER, Light.WAIVED, Light.GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Found):
    """How a criterion stands.

    Attributes:
        number: its place among those of its gate, from 1.
        waiver: the one that counts now.
    """

    criterion: Criterion
    number: int
    waiver: Waiver | None = None

    def age_s(self, now: datetime) -> int | None:
        """How old it is at `now`, seconds; None where it is found out anew each time."""
        return None if self.at is None else max(0, int((now - self.at).total_seconds()))


def judged(basis: Basis, gate: Gate) -> tuple[Judged, ...]:
    """How every criterion of the gate stands, in the order of the runbook, for the entity of the basis or for all."""
    return tuple(
        _judged(basis, gate, criterion, number)
        for number, criterion in enumerate(basis.board.criteria(gate.id), start=1)
    )


def failing(found: Iterable[Judged]) -> tuple[int, ...]:
    """Numbers of those that are known not to hold and are not waived."""
    return tuple(one.number for one in found if one.holds is False and one.light is not Light.WAIVED)


def unsettled(found: Iterable[Judged]) -> tuple[int, ...]:
    """Numbers of those that nobody knows to hold, and that are not waived."""
    return tuple(one.number for one in found if one.holds is not True and one.light is not Light.WAIVED)


def asks_confidence(board: Board, gate: Gate) -> bool:
    """Whether a criterion of the gate needs the confidence, which takes a while to compute."""
    return any(criterion.automatic is Automatic.CONFIDENCE for criterion in board.criteria(gate.id))


def waiver_at(waivers: Iterable[Waiver], now: datetime) -> Waiver | None:
    """The latest waiver that has not expired at `now` (run time, UTC)."""
    return next((one for one in reversed(list(waivers)) if one.at <= now < one.expires_at), None)


def evaluators(board: Board, gate: Gate, criterion: Criterion) -> tuple[str, ...]:
    """Handles of those who judge a criterion: the evaluator that the runbook names, else every seat."""
    if criterion.evaluator_id is not None:
        return (board.handle(criterion.evaluator_id) or "somebody",)
    return tuple(dict.fromkeys(board.handle(seat.person_id) or "somebody" for seat in board.seats(gate.id)))


def judges(board: Board, gate: Gate, criterion: Criterion) -> frozenset[str]:
    """Handles of those who may judge it: the same, and the substitutes of the seats."""
    asked = evaluators(board, gate, criterion)
    if criterion.evaluator_id is not None:
        return frozenset(asked)
    return frozenset(asked).union(*(seat.substitutes for seat in board.seats(gate.id)))


def _judged(basis: Basis, gate: Gate, criterion: Criterion, number: int) -> Judged:
    said, waivers = basis.board.assessments(criterion.id), basis.board.waivers(criterion.id)
    of_one = any(one.entity is not None for one in said) or any(one.entity is not None for one in waivers)
    if basis.entity is None and of_one:
        each = {key: replace(basis, entity=key) for key in entity_keys(basis.board)}
        return _together({key: _judged(one, gate, criterion, number) for key, one in each.items()})
    said = tuple(one for one in said if basis.concerns(one.entity))
    who = evaluators(basis.board, gate, criterion)
    if criterion.automatic is None:
        found = _manual(basis.board, criterion, said, who)
    else:
        found = stands(basis, criterion, _measured(basis.board, said), who)
    waiver = waiver_at((one for one in waivers if basis.concerns(one.entity)), basis.now)
    if waiver is not None and found.holds is not True:
        found = replace(found, light=Light.WAIVED)
    values = {field.name: getattr(found, field.name) for field in fields(Found)}
    return Judged(**values, criterion=criterion, number=number, waiver=waiver)


def _together(each: dict[str, Judged]) -> Judged:
    """How a criterion stands as a whole of which something was said for one entity alone: as it does for the worst."""
    worst = min(each.values(), key=lambda one: _WORST_FIRST.index(one.light))
    counting = [one for one in each.values() if one.light is not Light.WAIVED] or list(each.values())
    told: dict[str, list[str]] = {}
    for key, one in each.items():
        told.setdefault(one.value, []).append(key)
    return replace(
        worst,
        value="; ".join(f"{', '.join(keys)} {value}" for value, keys in told.items()) if len(told) > 1 else worst.value,
        holds=_all_hold([one.holds for one in counting]),
        owes=tuple(dict.fromkeys(handle for one in each.values() for handle in one.owes)),
    )


def _all_hold(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _manual(board: Board, criterion: Criterion, said: Sequence[Assessment], who: tuple[str, ...]) -> Found:
    threshold = criterion.evidence or "met, with evidence"
    last = next((one for one in reversed(said) if one.met is not None), None)
    if last is None:
        return Found("not judged yet", threshold, Light.MISSING, None, ", ".join(who), owes=who)
    value = f"{'met' if last.met else 'not met'}: {last.evidence}"
    light = Light.GREEN if last.met else Light.RED
    return Found(value, threshold, light, last.met, board.handle(last.person_id) or "somebody", last.at)


def _measured(board: Board, said: Sequence[Assessment]) -> Measured | None:
    for one in reversed(said):
        if one.value is not None:
            return Measured(one.value, one.evidence, board.handle(one.person_id) or "somebody", one.at)
    return None
