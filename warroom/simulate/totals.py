"""How the controls go in a play: one enters the old side, another the new one, and whoever signs looks at both.

The old side is taken when the first task that loads the data begins, the new side when the last one is executed. In one
control out of eight a figure of the new side is wrong at first: it is to be put right, and taken again. Controls that
do not say what loads their data are left to people, and so are figures that somebody else has entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from random import Random
from typing import Any

from warroom.actions.control_rounds import subject_of
from warroom.board.rows import Control, Person, Task
from warroom.clock.durations import MINUTE
from warroom.rules import controls as rules
from warroom.rules.controls import PartStanding, control_standing, tolerance_of
from warroom.rules.permissions import actor_of
from warroom.simulate import sayings
from warroom.simulate.attendance import Attendance, Turn
from warroom.simulate.intention import Intention, after
from warroom.vocabulary.words import ControlKind, ControlStanding, Disposition, Role, Side, TaskState

_ONCE_WRONG = 12  # per cent
_CENT = Decimal("0.01")
_DIGITS = 60  # twice what a figure can have


@dataclass(frozen=True, slots=True)
class Count:
    """How a control goes.

    Attributes:
        legacy: what the old system shows. new: what the new one shows; `wrong`: at first, None: it is right at once.
        legacy_after, new_after: seconds until they are taken. judged_after: until the signer has looked at them.
        again_after: from when a difference is to be put right until it is.
        cause: of the difference.
    """

    legacy: Decimal
    new: Decimal
    wrong: Decimal | None
    legacy_after: int
    new_after: int
    judged_after: int
    again_after: int
    cause: str


def count_of(seed: int, control: Control) -> Count:
    """How `control` goes in the play of `seed`."""
    draw = Random(f"{seed}:control {control.key}")
    step = _CENT if control.kind_of_control in (ControlKind.AMOUNT, ControlKind.QUANTITY) else Decimal(1)
    tolerance = tolerance_of(control)
    with localcontext(Context(prec=_DIGITS)):
        legacy = draw.randrange(100_000, 90_000_000) * step if control.expected is None else control.expected
        within = (tolerance.allowed(legacy) * draw.randrange(0, 100) / 100).quantize(step, ROUND_DOWN)
        beyond = tolerance.allowed(legacy) + draw.randrange(1, 5_000) * step
        new, wrong = legacy + within, (legacy + beyond).quantize(step, ROUND_DOWN)
        if tolerance.opposite:
            new, wrong = -new, -wrong
    return Count(
        legacy,
        new,
        wrong if draw.randrange(100) < _ONCE_WRONG else None,
        legacy_after=draw.randrange(MINUTE, 5 * MINUTE),
        new_after=draw.randrange(MINUTE, 6 * MINUTE),
        judged_after=draw.randrange(MINUTE, 3 * MINUTE),
        again_after=draw.randrange(4 * MINUTE, 9 * MINUTE),
        cause=draw.choice(sayings.CAUSES),
    )


def of_controls(there: Attendance, seed: int) -> Iterator[Intention]:
    """What is entered, judged and signed next, at most one thing for each control."""
    board = there.board
    for control in board.controls:
        loads = [task for ref in control.loads if (task := board.task(ref)) is not None]
        if not any(task.actual_start is not None for task in loads):
            continue
        parts = control_standing(board, control).parts
        if len(parts) == 1 and parts[0].standing is not ControlStanding.SIGNED:
            yield from _of_control(there, control, loads, parts[0], count_of(seed, control))


def _of_control(
    there: Attendance, control: Control, loads: list[Task], part: PartStanding, count: Count
) -> Iterator[Intention]:
    match part.standing:
        case ControlStanding.MISSING_LEGACY:
            began = min(task.actual_start for task in loads if task.actual_start is not None)
            turn = _of_figure(there, control, loads, None, after(began, count.legacy_after))
            yield from _meant(turn, control, "control.record", side=Side.LEGACY, value=count.legacy)
        case ControlStanding.MISSING_NEW | ControlStanding.STALE:
            if (loaded := _loaded_at(loads)) is not None:
                turn = _of_figure(there, control, loads, part, after(loaded, count.new_after))
                value = count.new if count.wrong is None else count.wrong
                yield from _meant(turn, control, "control.record", side=Side.NEW, value=value)
        case ControlStanding.OUTSIDE:
            yield from _of_difference(there, control, loads, part, count)
        case _:
            assert part.new is not None
            turn = _of_signature(there, control, loads, part, after(part.new.at, count.judged_after))
            yield from _meant(turn, control, "control.sign")


def _of_difference(
    there: Attendance, control: Control, loads: list[Task], part: PartStanding, count: Count
) -> Iterator[Intention]:
    assert part.round is not None
    assert part.new is not None
    if part.new.value != count.wrong:
        return
    if part.round.disposition is None:
        turn = there.of_judgement(control.signs_id, after(part.new.at, count.judged_after))
        yield from _meant(turn, control, "control.dispose", disposition=Disposition.FIX, reason=count.cause)
    elif part.round.disposition is Disposition.FIX and part.round.disposed_at is not None:
        turn = _of_figure(there, control, loads, part, after(part.round.disposed_at, count.again_after))
        yield from _meant(turn, control, "control.record", side=Side.NEW, value=count.new)


def _loaded_at(loads: Iterable[Task]) -> datetime | None:
    """When the last of the loads was executed; None while one is still to be, or what it rests on was done again."""
    found: list[datetime] = []
    for task in loads:
        if task.state is TaskState.SKIPPED:
            continue
        if task.executed_at is None or task.state is TaskState.FAILED or task.stale_since is not None:
            return None
        found.append(task.executed_at)
    return max(found, default=None)


def _of_figure(
    there: Attendance, control: Control, loads: list[Task], part: PartStanding | None, due: datetime
) -> Turn | None:
    """Who takes a figure: whoever verified a load, else stands by for it, else anybody, but neither the signer nor who
    has loaded the data; the new side not the one who took the old one, unless there is nobody else."""
    board = there.board
    barred = {control.signs_id, *(key for task in loads for key in (task.owner_id, task.executor_id))}
    took_legacy = None if part is None or part.legacy is None else part.legacy.by_id
    known = [*(task.verifier_id for task in loads), *(task.backup_id for task in loads)]
    anybody = [person.id for person in board.rows(Person).values() if Role.OBSERVER not in person.roles]
    able = [key for key in dict.fromkeys([*known, *anybody]) if key is not None and key not in barred]
    others = [key for key in able if key != took_legacy]
    return there.first_of(others or able, due)


def _of_signature(
    there: Attendance, control: Control, loads: list[Task], part: PartStanding, due: datetime
) -> Turn | None:
    """Who signs: whoever the runbook names or else a lead, if neither has loaded the data nor entered the new side."""
    people = rules.people_of(control, part.new, loads)
    able = [
        key
        for key in (control.signs_id, *there.leads)
        if key is not None and rules.may_sign(actor_of(there.board.rows(Person)[key]), people) is None
    ]
    return there.first_of(able, due)


def _meant(turn: Turn | None, control: Control, action: str, **arguments: Any) -> Iterator[Intention]:
    if turn is not None:
        yield Intention(turn.due, turn.who, action, control.key, arguments, subject_of(control.key))
