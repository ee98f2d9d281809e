"""What the cursor may stand on besides tasks and their steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnCriterion:
    """A criterion of the gate that is shown, by its number from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class OnSeat:
    """A seat of the gate that is shown."""

    title: str


@dataclass(frozen=True, slots=True)
class OnPart:
    """A control as it stands for an entity and a currency; None: of none, or of that which the control itself names."""

    key: str
    entity: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class OnTrigger:
    """A trigger of the back-out, by its number from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class OnRecovery:
    """A way to recover after the point of no return."""

    key: str


Picked = OnCriterion | OnSeat | OnPart | OnTrigger | OnRecovery
