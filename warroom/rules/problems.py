"""The log of the night: which problems count, and what can be done with one."""

from __future__ import annotations

from collections.abc import Iterable

from warroom.board.rows import Problem
from warroom.model.problems import MILDEST, WORST
from warroom.vocabulary.words import ProblemStatus

SEVERITIES = tuple(range(WORST, MILDEST + 1))
"""The worst first."""


def open_problems(problems: Iterable[Problem], severity: int = MILDEST) -> list[Problem]:
    """The open ones of this severity and worse, the worst first. One that is accepted no longer counts."""
    found = [one for one in problems if one.status is ProblemStatus.OPEN and one.severity <= severity]
    return sorted(found, key=lambda one: (one.severity, one.number))


def fault_of_severity(severity: int) -> str | None:
    """Why that is no severity, in words; None when it is one."""
    if WORST <= severity <= MILDEST:
        return None
    return f"a severity is {WORST} (the worst) to {MILDEST}"
