"""Controls: what differs, what may differ, how a control stands, and who may do what with it. All of it is pure; a
figure that is missing says so, and nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from warroom.board.board import Board
from warroom.board.rows import Control, ControlFigure, ControlRound, Task
from warroom.rules import permissions
from warroom.rules.permissions import Actor
from warroom.vocabulary.exact import exact, show_number
from warroom.vocabulary.words import ControlKind, ControlStanding, Disposition, Side, SignConvention, TaskState

TIES_OUT = frozenset({ControlStanding.WITHIN, ControlStanding.DISPOSED, ControlStanding.SIGNED})

_WHOLE = frozenset({ControlKind.COUNT, ControlKind.HASH, ControlKind.SAMPLE})

_WORST_FIRST = tuple(ControlStanding)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What may differ.

    Attributes:
        absolute: at most so much. percent: at most so much of the legacy side. If both are given, both must hold; if
            neither, nothing may differ.
        opposite: the new side carries the other sign.
    """

    absolute: Decimal | None = None
    percent: Decimal | None = None
    opposite: bool = False

    def difference(self, legacy: Decimal, new: Decimal) -> Decimal:
        """By how much the new side is more than the legacy side, in the sign of the legacy side."""
        with exact():
            return -new - legacy if self.opposite else new - legacy

    def allowed(self, legacy: Decimal) -> Decimal:
        """The largest difference, of either sign, that is within the tolerance. Per cent of nothing mean nothing: then
        the absolute one alone counts, or nothing may differ."""
        bounds = [] if self.absolute is None else [self.absolute]
        if self.percent is not None and (legacy or not bounds):
            with exact():
                bounds.append((abs(legacy) * self.percent).scaleb(-2))
        return min(bounds, default=Decimal(0))

    def holds(self, legacy: Decimal, new: Decimal) -> bool:
        return abs(self.difference(legacy, new)) <= self.allowed(legacy)


def tolerance_of(control: Control) -> Tolerance:
    """The tolerance of a control; a hash total has none, as it says nothing unless it is the same."""
    opposite = control.sign is SignConvention.OPPOSITE
    if control.kind_of_control is ControlKind.HASH:
        return Tolerance(opposite=opposite)
    return Tolerance(control.tolerance_absolute, control.tolerance_percent, opposite)


def fault_of_value(control: Control, value: Decimal) -> str | None:
    """Why `value` cannot be a figure of `control`, in words; None when it can."""
    if control.kind_of_control in _WHOLE and value != value.to_integral_value():
        return f"{show_number(value)} is not a whole number, as a {control.kind_of_control} is"
    return None


@dataclass(frozen=True, slots=True)
class PartStanding:
    """How a control stands for one entity and currency.

    Attributes:
        round: the latest round; None before the first.
        legacy, new: its figures. legacy_value: also where the plan says what is expected.
        difference, allowed: None while a side is missing.
        because: what else there is to say: why it is stale or outside, what is done about it.
    """

    standing: ControlStanding
    entity: str | None
    currency: str | None
    round: ControlRound | None = None
    legacy: ControlFigure | None = None
    new: ControlFigure | None = None
    legacy_value: Decimal | None = None
    difference: Decimal | None = None
    allowed: Decimal | None = None
    because: str | None = None

    @property
    def new_value(self) -> Decimal | None:
        return None if self.new is None else self.new.value


@dataclass(frozen=True, slots=True)
class Standing:
    """How a control stands: as the worst of its parts does.

    Attributes:
        parts: one for each entity and currency; at least one.
    """

    parts: tuple[PartStanding, ...]

    @property
    def worst(self) -> PartStanding:
        return min(self.parts, key=lambda part: _WORST_FIRST.index(part.standing))

    @property
    def standing(self) -> ControlStanding:
        return self.worst.standing

    @property
    def ties_out(self) -> bool:
        """Whether nothing differs by more than the tolerance, or what does is accepted."""
        return self.standing in TIES_OUT

    @property
    def signed(self) -> bool:
        return self.standing is ControlStanding.SIGNED


def control_standing(board: Board, control: Control, entity: str | None = None) -> Standing:
    """How `control` stands on a Board; with `entity`, for that one alone and for what is of no entity."""
    rounds = [
        one for one in board.rounds(control.id) if entity is None or (one.entity or control.entity) in (None, entity)
    ]
    figures = [figure for one in rounds for figure in board.figures(one.id)]
    loads = [task for ref in control.loads if (task := board.task(ref)) is not None]
    return standing_of(control, rounds, figures, loads)


def sub_ledgers(board: Board, control: Control) -> tuple[Control, ...]:
    """The controls of which `control` is the headline, in the order of the runbook."""
    return tuple(one for one in board.controls if one.part_of == control.key)


def standing_of(
    control: Control, rounds: Iterable[ControlRound], figures: Iterable[ControlFigure], loads: Sequence[Task]
) -> Standing:
    """How a control stands.

    Args:
        rounds, figures: all of it. loads: the tasks that load what it checks.
    """
    latest = latest_rounds(rounds)
    if not latest:
        missing = ControlStanding.MISSING_LEGACY if control.expected is None else ControlStanding.MISSING_NEW
        return Standing(
            (PartStanding(missing, control.entity, control.currency, legacy_value=control.expected),),
        )
    sides: dict[tuple[int, Side], ControlFigure] = {(one.round_id, one.side): one for one in figures}
    return Standing(
        tuple(
            _of_round(control, one, sides.get((one.id, Side.LEGACY)), sides.get((one.id, Side.NEW)), loads)
            for one in latest
        )
    )


def latest_rounds(rounds: Iterable[ControlRound]) -> list[ControlRound]:
    """The last round of each entity and currency, in their order."""
    last: dict[tuple[str, str], ControlRound] = {}
    for one in rounds:
        part = (one.entity or "", one.currency or "")
        if part not in last or last[part].number < one.number:
            last[part] = one
    return [last[part] for part in sorted(last)]


def _of_round(
    control: Control,
    one: ControlRound,
    legacy: ControlFigure | None,
    new: ControlFigure | None,
    loads: Sequence[Task],
) -> PartStanding:
    value = control.expected if legacy is None else legacy.value
    tolerance = tolerance_of(control)
    standing, because = ControlStanding.MISSING_LEGACY, None
    difference = allowed = None
    if value is not None:
        standing, allowed = ControlStanding.MISSING_NEW, tolerance.allowed(value)
    if value is not None and new is not None:
        difference = tolerance.difference(value, new.value)
        standing, because = _of_figures(one, new, tolerance.holds(value, new.value), loads)
    return PartStanding(
        standing,
        one.entity or control.entity,
        one.currency or control.currency,
        one,
        legacy,
        new,
        value,
        difference,
        allowed,
        because,
    )


def _of_figures(
    one: ControlRound, new: ControlFigure, within: bool, loads: Sequence[Task]
) -> tuple[ControlStanding, str | None]:
    if (because := stale_because(new.at, loads)) is not None:
        return ControlStanding.STALE, because
    if one.signed_at is not None:
        return ControlStanding.SIGNED, one.signed_note
    if one.disposition is Disposition.ACCEPT:
        return ControlStanding.DISPOSED, f"accepted: {one.disposed_because}"
    if within and not one.rows_outside:
        return ControlStanding.WITHIN, None
    said = []
    if one.rows_outside:
        said.append(f"{one.rows_outside:,} {'row differs' if one.rows_outside == 1 else 'rows differ'} by more")
    if one.disposition is not None:
        said.append(f"to {one.disposition}: {one.disposed_because}")
    return ControlStanding.OUTSIDE, "; ".join(said) or None


def stale_because(taken_at: datetime, loads: Iterable[Task]) -> str | None:
    """Why a figure of the new side that was taken at `taken_at` (run time, UTC) no longer counts, in words; None while
    it does: it must have been taken after the last task that loads what it shows had come to its end."""
    for task in loads:
        if task.state is TaskState.SKIPPED:
            continue
        if task.executed_at is None or task.state is TaskState.FAILED:
            return f"{task.ref} is not finished" + ("" if task.attempt == 1 else f", attempt {task.attempt}")
        if taken_at < task.executed_at:
            return f"{task.ref} was finished after it was taken"
        if task.stale_since is not None:
            return f"{task.ref} is stale itself: {task.stale_because}"
    return None


def next_round_due(part: PartStanding) -> bool:
    """Whether the next figure of the new side begins a round of its own: this one's is stale, or is to be put right."""
    assert part.round is not None
    put_right = part.round.disposition in (Disposition.FIX, Disposition.RELOAD)
    return part.new is not None and (part.standing is ControlStanding.STALE or put_right)


@dataclass(frozen=True, slots=True)
class ControlPeople:
    """The people of a round, by key: who signs, who took or wrote down the new side, who loaded what it shows."""

    signs_id: int | None
    entered: frozenset[int]
    loaded: frozenset[int]


def people_of(control: Control, new: ControlFigure | None, loads: Iterable[Task]) -> ControlPeople:
    """Who may not be one person: who signs a control, who entered its figure, who loaded what it is about."""
    entered = () if new is None else (new.by_id, new.recorded_by_id)
    loaded = (task.executor_id for task in loads)
    return ControlPeople(control.signs_id, _known(entered), _known(loaded))


def _known(keys: Iterable[int | None]) -> frozenset[int]:
    return frozenset(key for key in keys if key is not None)


def may_record(actor: Actor) -> str | None:
    """Enter a figure: everybody who takes part."""
    return permissions.may_note(actor)


def may_judge(actor: Actor, people: ControlPeople) -> str | None:
    """Say what is done about a difference, or open the next round: the one who signs, or the lead."""
    if actor.leads or (actor.person_id is not None and actor.person_id == people.signs_id):
        return None
    return "only the one who signs it or the lead may do that"


def may_sign(actor: Actor, people: ControlPeople) -> str | None:
    """Sign, or accept a difference: whoever may judge it, but neither who loaded the data nor who entered the new
    side."""
    if (denied := may_judge(actor, people)) is not None:
        return denied
    if actor.person_id in people.loaded:
        return "nobody judges what they loaded themselves"
    if actor.person_id in people.entered:
        return "nobody judges what they entered themselves"
    return None


def may_amend(actor: Actor, people: ControlPeople, figure: ControlFigure) -> str | None:
    """Correct a figure: whoever took it or wrote it down, the one who signs, or the lead."""
    if actor.person_id is not None and actor.person_id in (figure.by_id, figure.recorded_by_id):
        return None
    if may_judge(actor, people) is None:
        return None
    return "only whoever entered it, the one who signs it or the lead may correct it"
