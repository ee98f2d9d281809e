"""What a rule finds, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from warroom.vocabulary.words import Severity

WINDOW = "window"
BACK_OUT = "back-out"
"""Subjects that are no task; others are "trigger 2", "control gl" and "person ana"."""


@dataclass(frozen=True, slots=True)
class Push:
    """A task that is moved by an alert's subject, by how many seconds, and whose it is."""

    ref: str
    moves_s: int
    owner: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a matter once it is due: the message, and handles of those whom it concerns, in order.

    `severity` is that of this very case; None: the one that its rule has.
    """

    message: str
    told: tuple[str, ...]
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """Something about one subject that calls for an alert from a minute on, if nobody does anything.

    Attributes:
        subject: ref of the task that is the cause, or what else it is.
        from_s: the first whole minute in which it is true, seconds from the window start. One that lies ahead may
            prove too early, never too late: it is then judged again.
        say: works out what is said; asked only once it is true.
        step: how far it has come, where it is told again when it comes further. next_step_s: from when on it has.
        pushed: refs of the tasks that are late by it; it is silent where an alert on another subject pushes one.
    """

    subject: str
    from_s: int
    say: Callable[[], Said]
    step: int = 0
    next_step_s: int | None = None
    pushed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that calls for an alert now: all that the rules say about one subject.

    Attributes:
        rule: the rule that speaks. others: those that found something about the same subject, and are silent.
        subject: ref of the task that is the cause, or what else it is.
        due_at: the instant (run time, UTC) from which on it is true.
        own_delay_s: by how much the subject itself is late, seconds; 0 where that says nothing.
        window_float_s: where the window stands, seconds.
        pushes: what the subject's own delay moves. gates: refs of the gates among them.
        told: handles of those whom it concerns, in order, each once.
        step: as in `Matter`.
    """

    rule: str
    subject: str
    severity: Severity
    due_at: datetime
    message: str
    own_delay_s: int
    window_float_s: int
    pushes: tuple[Push, ...]
    told: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    step: int = 0
