"""What a runbook says of alerts, as it was read; spans are seconds."""

from __future__ import annotations

from dataclasses import dataclass

from warroom.vocabulary.words import EscalatesTo, Severity


@dataclass(frozen=True, slots=True)
class PlannedLimits:
    """What is said of one alert rule; None: what the rule says itself."""

    rule: str
    severity: Severity | None = None
    after_s: int | None = None
    before_s: int | None = None
    percent: int | None = None
    off: bool | None = None


@dataclass(frozen=True, slots=True)
class PlannedEscalation:
    """To whom an alert goes that nobody has acknowledged for so many seconds."""

    to: EscalatesTo
    after_s: int


@dataclass(frozen=True, slots=True)
class PlannedAlerts:
    """All that a runbook says of alerts; without steps the escalation is the usual one."""

    limits: tuple[PlannedLimits, ...] = ()
    escalation: tuple[PlannedEscalation, ...] = ()
