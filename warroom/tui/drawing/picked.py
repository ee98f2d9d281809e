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


@dataclass(frozen=True, slots=True)
class OnPerson:
    """A person, by their handle."""

    handle: str


@dataclass(frozen=True, slots=True)
class OnShift:
    """The shift of a person, by their handle."""

    handle: str


@dataclass(frozen=True, slots=True)
class OnLogged:
    """Something in the log of the night, as the journal names it: "problem 1", "decision 2", "paper 3"."""

    subject: str


@dataclass(frozen=True, slots=True)
class OnFound:
    """Something that was found by a search, by its place in the list of all that can be found."""

    place: int


@dataclass(frozen=True, slots=True)
class OnEvidence:
    """Something that was attached to the task that is shown, by its number."""

    number: int


Picked = OnCriterion | OnSeat | OnPart | OnTrigger | OnRecovery | OnPerson | OnShift | OnLogged | OnFound | OnEvidence
