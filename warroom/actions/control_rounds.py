"""Finding the rounds of a control inside a transaction, and opening new ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from warroom.actions.acting import Acting
from warroom.model.controls import ControlFigure, ControlRound
from warroom.model.gates import Control
from warroom.model.surroundings import Entity
from warroom.model.tasks import Task
from warroom.rules import controls
from warroom.rules.controls import PartStanding
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import Side

_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Found:
    """A control as it stands in a transaction. `loads` are the tasks that load what it checks."""

    control: Control
    loads: tuple[Task, ...]
    parts: tuple[PartStanding, ...]

    def part(self, entity: str | None, currency: str | None) -> PartStanding | None:
        """The part of that entity and currency (None: of none); None before its first round."""
        for part in self.parts:
            if part.round is not None and (part.round.entity, part.round.currency) == (entity, currency):
                return part
        return None

    def chosen(self, entity: str | None, currency: str | None) -> list[PartStanding]:
        """The parts with a round that are of that entity and that currency; None: of any.

        Raises:
            Refused: there is none.
        """
        found = [
            part
            for part in self.parts
            if part.round is not None and entity in (None, part.entity) and currency in (None, part.currency)
        ]
        if not found:
            told = " ".join(filter(None, (entity, currency)))
            raise Refused(
                f"nothing was recorded of {self.control.key}" + (f" for {told}" if told else ""),
                where=self.control.key,
                hint=f"warroom control record {self.control.key} --side legacy NUMBER",
            )
        return found

    def one(self, entity: str | None, currency: str | None) -> PartStanding:
        """The only one of them.

        Raises:
            Refused: there is none, or more than one.
        """
        found = self.chosen(entity, currency)
        if len(found) > 1:
            names = ", ".join(name_of_part(part.entity, part.currency) for part in found)
            raise Refused(
                f"{self.control.key} has several parts: {names}",
                where=self.control.key,
                hint="say which: --entity KEY, --currency CODE",
            )
        return found[0]


def name_of_part(entity: str | None, currency: str | None) -> str:
    """How a part of a control is called: "DE EUR"."""
    return " ".join(filter(None, (entity, currency))) or "the whole"


def subject_of(key: str) -> str:
    """The subject of entries about a control; no task is called so, as refs hold no spaces."""
    return f"control {key}"


def control_called(acting: Acting, key: str) -> Found:
    """The control `key` of the open run, as it stands.

    Raises:
        Refused: no run is open. BadInput: there is no such control.
    """
    rows, run = acting.rows, acting.open_run()
    known = {control.key: control for control in rows.settled(Control, run_id=run.id)}
    control = known.get(key)
    if control is None:
        close = get_close_matches(key, known, n=1, cutoff=0.5)
        raise BadInput(
            f"there is no control {key} in this run",
            hint=f"did you mean {close[0]}?" if close else "warroom control list shows them all",
        )
    loads = [task for ref in control.loads if (task := rows.one(Task, run_id=run.id, ref=ref)) is not None]
    rounds = rows.find(ControlRound, control_id=control.id)
    latest = controls.latest_rounds(rounds)
    figures = [figure for one in latest for figure in rows.find(ControlFigure, round_id=one.id)]
    return Found(control, tuple(loads), controls.standing_of(control, rounds, figures, loads).parts)


def controls_entered(acting: Acting, loads: Collection[str]) -> list[str]:
    """Keys of the controls of these loads (by ref) whose new side was entered in the latest round."""
    rows, run = acting.rows, acting.open_run()
    checking = [one for one in rows.settled(Control, run_id=run.id) if not set(one.loads).isdisjoint(loads)]
    return [
        control.key
        for control in checking
        if any(
            rows.one(ControlFigure, round_id=one.id, side=Side.NEW) is not None
            for one in controls.latest_rounds(rows.find(ControlRound, control_id=control.id))
        )
    ]


def part_names(acting: Acting, found: Found, entity: str | None, currency: str | None) -> tuple[str | None, str | None]:
    """The entity and currency of a round's row: None where the control itself names it.

    Raises:
        BadInput: the control is of another, or there is no such entity, or it is no currency.
    """
    control = found.control
    if entity is not None:
        known = [one.key for one in acting.rows.settled(Entity, run_id=acting.open_run().id)]
        if control.entity not in (None, entity):
            raise BadInput(f"the control {control.key} is of {control.entity} only", where=entity)
        if entity not in known:
            hint = f"the entities are: {', '.join(known)}" if known else "list it in the runbook, under entities:"
            raise BadInput(f"there is no entity {entity}", where=control.key, hint=hint)
    if currency is not None:
        if not _CURRENCY.fullmatch(currency):
            raise BadInput(f"{currency!r} is not a currency", where=control.key, hint="write its code, such as EUR")
        if control.currency not in (None, currency):
            raise BadInput(f"the control {control.key} is in {control.currency} only", where=currency)
    return (entity if control.entity is None else None), (currency if control.currency is None else None)


def open_round(
    acting: Acting,
    found: Found,
    names: tuple[str | None, str | None],
    *,
    because: str | None = None,
    keeps_legacy: bool = True,
) -> ControlRound:
    """Open the next round of a part; the legacy side of the one before is frozen, and goes along."""
    before = found.part(*names)
    entity, currency = names
    number = 1 if before is None or before.round is None else before.round.number + 1
    opened = acting.rows.insert(
        ControlRound,
        run_id=acting.open_run().id,
        control_id=found.control.id,
        entity=entity,
        currency=currency,
        number=number,
        opened_because=because,
    )
    if before is not None and before.legacy is not None and keeps_legacy:
        frozen = {name: value for name, value in before.legacy.__dict__.items() if name not in ("id", "round_id")}
        acting.rows.insert(ControlFigure, round_id=opened.id, **frozen)
    return opened


def why_next(part: PartStanding) -> str:
    """Why the next round begins by itself."""
    return part.because or "the figures are taken again"
