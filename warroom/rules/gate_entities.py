"""How a gate stands for each entity, on which the verdicts may differ: pure functions, as those of `criteria`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from warroom.board.rows import Gate, Task
from warroom.rules.conditions import Basis
from warroom.rules.criteria import Judged, failing, judged
from warroom.rules.gates import Panel, entity_keys, entity_verdicts, panel_of, verdict_denied
from warroom.vocabulary.words import Verdict


@dataclass(frozen=True, slots=True)
class EntityStanding:
    """How a gate stands for one entity.

    Attributes:
        verdict: what was decided last about it; None: nothing yet.
        found: how the criteria stand, judged by what belongs to it and by what belongs to none.
        panel: what a verdict on it rests on; it waits for nothing that belongs to another.
    """

    entity: str
    verdict: Verdict | None
    found: tuple[Judged, ...]
    panel: Panel

    def denied(self, verdict: Verdict) -> str | None:
        """Why that verdict cannot be given on it now, in words; None when it can."""
        denied = verdict_denied(verdict, self.panel)
        return None if denied is None else f"{self.entity}: {denied}"


def entity_standings(basis: Basis, task: Task, gate: Gate) -> tuple[EntityStanding, ...]:
    """How a gate stands for each entity, in the order of the runbook."""
    verdicts = entity_verdicts(basis.board.decisions(gate.id), entity_keys(basis.board))
    return tuple(_standing(basis, task, gate, entity, verdict) for entity, verdict in verdicts.items())


def differing(standing: EntityStanding, found: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """The criteria that stand otherwise for the entity than `found`, for all of them together."""
    return tuple(
        own
        for own, whole in zip(standing.found, found, strict=True)
        if (own.light, own.value) != (whole.light, whole.value)
    )


def _standing(basis: Basis, task: Task, gate: Gate, entity: str, verdict: Verdict | None) -> EntityStanding:
    found = judged(replace(basis, entity=entity), gate)
    panel = panel_of(basis.board, task, gate, basis.now, failing(found), entity)
    return EntityStanding(entity, verdict, found, panel)
