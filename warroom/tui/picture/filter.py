"""What a list is narrowed down to: words that are found loosely, and fields such as `owner:me late: -state:done`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from warroom.board.rows import Task
from warroom.tui.picture.picture import Picture

MOST_BETWEEN = 2
"""So many letters may stand between two of a word that is found loosely."""

FUZZY_FROM = 3
"""Shorter words must be there as they are."""

_LIKE_A_FIELD = re.compile(r"-?([A-Za-z]{2,}):")

SYNTAX = "words, owner:me, stream:x, phase:x, state:ready, kind:gate, late:, critical:; - before one turns it round"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is wanted.

    Attributes:
        field: one of `_FIELDS`; "" for a word that is looked for in the text.
        value: in lower case. inverse: whether what has it is left out.
    """

    field: str
    value: str
    inverse: bool

    def holds(self, picture: Picture, task: Task | None, text: str) -> bool:
        if not self.field:
            found = found_loosely(self.value, text)
        else:
            found = task is not None and _FIELDS[self.field](picture, task, self.value)
        return found is not self.inverse


@dataclass(frozen=True, slots=True)
class Filter:
    """All of its terms must hold.

    Attributes:
        text: what was typed. unknown: names in it that stand where a field would, but are none.
    """

    text: str
    terms: tuple[Term, ...]
    unknown: tuple[str, ...] = ()

    @property
    def without_a_match(self) -> str:
        """What is said where nothing is kept."""
        if not self.unknown:
            return "nothing matches"
        return f"nothing matches; there is no field {self.unknown[0]}, but {', '.join(_FIELDS)}"


def read_filter(text: str) -> Filter:
    """What was typed; anything can be, and what is no field is a word."""
    words = text.split()
    named = (match[1].lower() for word in words if (match := _LIKE_A_FIELD.match(word)) is not None)
    unknown = tuple(dict.fromkeys(name for name in named if name not in _FIELDS))
    return Filter(text, tuple(term for word in words if (term := _term(word)) is not None), unknown)


def _term(word: str) -> Term | None:
    inverse = word.startswith("-") and len(word) > 1
    said = (word[1:] if inverse else word).lower()
    field, colon, value = said.partition(":")
    if colon and field in _FIELDS:
        return Term(field, value, inverse) if value or field in _FLAGS else None
    return None if said == "-" else Term("", said, inverse)


@dataclass(frozen=True, slots=True)
class Sieve:
    """A filter on what one picture shows."""

    filter: Filter
    picture: Picture

    def keeps_task(self, task: Task) -> bool:
        """Whether a task is wanted, by its ref and title and by its fields."""
        return self._keeps(task, f"{task.ref} {task.title}")

    def keeps(self, ref: str | None, text: str) -> bool:
        """Whether an item that shows `text` is wanted, which is about the task `ref` if there is one of that ref; then
        the words of the task count too, so that it is kept with all of its items."""
        task = None if ref is None else self.picture.board.task(ref)
        return self._keeps(task, text if task is None else f"{task.ref} {task.title}\n{text}")

    def _keeps(self, task: Task | None, text: str) -> bool:
        return all(term.holds(self.picture, task, text) for term in self.filter.terms)


def found_loosely(word: str, text: str) -> bool:
    """Whether the letters of `word` come in `text` in their order, close together; short words as they are."""
    if len(word) < FUZZY_FROM:
        return word in text.lower()
    between = f"[^\n]{{0,{MOST_BETWEEN}}}?"
    return re.search(between.join(map(re.escape, word)), text.lower()) is not None


def _owner(picture: Picture, task: Task, value: str) -> bool:
    handle = picture.actor.handle if value == "me" else value
    return (picture.board.handle(task.owner_id) or "").lower().startswith(handle.lower())


def _late(picture: Picture, task: Task, _: str) -> bool:
    return task.ref in picture.forecast.delays and picture.late(task)


def _critical(picture: Picture, task: Task, _: str) -> bool:
    if task.ref not in picture.forecast.delays:
        return False
    expected = picture.forecast.expected
    return expected.network.positions[task.ref] in expected.columns.on_longest_path


_FIELDS: dict[str, Callable[[Picture, Task, str], bool]] = {
    "owner": _owner,
    "stream": lambda _, task, value: (task.stream or "").lower().startswith(value),
    "phase": lambda _, task, value: (task.phase or "").lower().startswith(value),
    "state": lambda picture, task, value: picture.board.shown_state(task).value.startswith(value),
    "kind": lambda _, task, value: task.kind_of_task.value.startswith(value),
    "ref": lambda _, task, value: task.ref.lower().startswith(value),
    "late": _late,
    "critical": _critical,
}

_FLAGS = ("late", "critical")
"""Fields that need no value."""
