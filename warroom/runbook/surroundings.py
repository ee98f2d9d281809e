"""What surrounds the tasks of a runbook, as it was read; times and spans as in `warroom.runbook.document`."""

from __future__ import annotations

from dataclasses import dataclass

from warroom.vocabulary.words import Notice


@dataclass(frozen=True, slots=True)
class PlannedEntity:
    """A company, a country or a site."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class PlannedEnvironment:
    """Where tasks are done; `rehearsal_approval` says who allowed rehearsals in it, and where that is recorded."""

    key: str
    name: str
    url: str | None = None
    production: bool = False
    rehearsal_approval: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """Who has a role from when to when."""

    role: str
    who: str
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class PlannedBridge:
    """Where everybody meets during the cutover."""

    name: str
    url: str | None = None
    phone: str | None = None
    pin: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call of the call sheet; `who` are handles of people and keys of parties."""

    title: str
    who: tuple[str, ...]
    at_s: int
    every_s: int | None = None
    until_s: int | None = None
    duration_s: int | None = None
    agenda: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedCommunication:
    """A text for an audience, with placeholders in braces. `external`: somebody outside the house is told. `to` are
    names of channels and mail addresses to which it is sent."""

    key: str
    title: str
    audience: tuple[str, ...]
    channel: str
    text: str
    notice: Notice = Notice.OTHER
    external: bool = False
    subject: str | None = None
    when_s: int | None = None
    every_s: int | None = None
    until_s: int | None = None
    approver: str | None = None
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule of the lint that says nothing here; `where` is the ref or key to which that is limited."""

    rule: str
    reason: str
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that surrounds the tasks."""

    entities: tuple[PlannedEntity, ...] = ()
    environments: tuple[PlannedEnvironment, ...] = ()
    rota: tuple[PlannedShift, ...] = ()
    bridge: PlannedBridge | None = None
    calls: tuple[PlannedCall, ...] = ()
    communications: tuple[PlannedCommunication, ...] = ()
    silences: tuple[Silence, ...] = ()
