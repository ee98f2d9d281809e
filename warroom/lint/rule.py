"""What a rule of the lint is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from warroom.lint.plan import Plan
from warroom.runbook.faults import Place


class Weight(StrEnum):
    """An error is a plan that cannot be right; a warning is one that somebody should look at again."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says about one place of a plan.

    Attributes:
        subject: the ref or key that it is about; a silence may name it.
        path: where that stands in the file, as `Marks.place` reads it.
    """

    subject: str
    message: str
    path: tuple[str, ...]
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A planning fault that can be looked for.

    Attributes:
        name: by which it is silenced.
        about: what it finds, in a sentence.
        needs_rehearsals: it can say nothing without a state file that knows of rehearsals.
    """

    name: str
    weight: Weight
    about: str
    find: Callable[[Plan], Iterator[Remark]]
    needs_rehearsals: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark with its rule and its place; `silenced` is the reason for which it is passed over."""

    rule: str
    weight: Weight
    subject: str
    message: str
    hint: str | None
    place: Place | None
    silenced: str | None = None
