"""The shapes of single values. Each reads a value, says what is wrong with it, and tells its JSON Schema.

A shape gives back `Found`, a value with its place, or None when it noted a fault. Reading never stops at a
fault, so that all of them are told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from warroom.runbook.faults import Faults, Place
from warroom.runbook.tree import Items, Keys, Nothing, Text, Tree
from warroom.vocabulary.addresses import fault_of_address
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.public_key import ALGORITHMS, LONGEST_LINE, read_public_key
from warroom.vocabulary.text import fault_of_ref

Schema = dict[str, Any]

ROLE_PREFIX = "role:"
"""What makes a role of a name: "role:treasurer" is whoever is treasurer by the rota."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value that could be read, and where it stands. What it is follows from the shape that read it."""

    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Reading:
    """What values are read against: the zone of times that name none, and the window start.

    `not_yet` are the keys of the format that are told as not supported yet.
    """

    faults: Faults
    zone: str
    window_start: datetime
    not_yet: frozenset[str]


class Shape(Protocol):
    """What a value must look like."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        """The value, or None after noting at least one fault."""
        ...

    def schema(self) -> Schema:
        """The same as JSON Schema."""
        ...


def text_of(tree: Tree, reading: Reading, wanted: str) -> str | None:
    """The text of a scalar; None after noting that something else stands where `wanted` is."""
    if isinstance(tree, Text):
        if tree.text.strip():
            return tree.text
        reading.faults.add(tree.place, f"{wanted} is expected here, and the text is empty")
    else:
        reading.faults.add(tree.place, f"{wanted} is expected here, not {kind_of(tree)}")
    return None


def kind_of(tree: Tree) -> str:
    """What a tree is, in words."""
    return {Text: "a text", Nothing: "nothing", Items: "a list", Keys: "a mapping"}[type(tree)]


@dataclass(frozen=True, slots=True)
class FreeText:
    """Text of any number of lines. `mapping_not_yet` names what a mapping in its place will be one day."""

    mapping_not_yet: str | None = None

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if self.mapping_not_yet and isinstance(tree, Keys):
            reading.faults.add(tree.place, f"{self.mapping_not_yet} are not supported yet", "write a plain text")
            return None
        text = text_of(tree, reading, "a text")
        return None if text is None else Found(text.strip("\n"), tree.place)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"\S"}


@dataclass(frozen=True, slots=True)
class Line:
    """Text on one line, of at most 200 characters."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a text")
        if text is None:
            return None
        line = text.strip()
        if "\n" in line or len(line) > 200:
            reading.faults.add(tree.place, "this text must fit on one line of at most 200 characters")
            return None
        return Found(line, tree.place)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 200, "pattern": r"^\s*\S[^\n]*\s*$"}


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, on one line as OpenSSH writes it."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a public key")
        if text is None:
            return None
        try:
            return Found(read_public_key(text.strip()), tree.place)
        except BadInput as error:
            reading.faults.add(tree.place, error.message, error.hint)
            return None

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": LONGEST_LINE, "pattern": f"({'|'.join(ALGORITHMS)}) +[A-Za-z0-9+/]+=*"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where alerts of a person go: the name of a channel, or a mail address. Nothing secret."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        found = Line().read(tree, reading)
        if found is not None and (fault := fault_of_address(found.value)) is not None:
            hint = "write a name of the channels file, or name@example.org"
            reading.faults.add(found.place, f"this {fault}", hint)
            return None
        return found

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": 200, "examples": ["ana@example.org", "leads-teams"]}


@dataclass(frozen=True, slots=True)
class Name:
    """A short key without spaces, '+' or ':' that other places refer to, such as a person's handle."""

    what: str

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, self.what)
        if text is None:
            return None
        if text.startswith(ROLE_PREFIX):
            reading.faults.add(tree.place, f"a role ({text[:80]!r}) cannot stand here", "name a person")
        elif not re.fullmatch(r"[^\s+:]{1,64}", text):
            reading.faults.add(
                tree.place, f"{text[:80]!r} cannot be {self.what}: no spaces, '+' or ':', at most 64 long"
            )
        else:
            return Found(text, tree.place)
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^[^\s+:]{1,64}$"}


@dataclass(frozen=True, slots=True)
class Who:
    """The handle of a person, or "role:KEY" for whoever the rota says has that role."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if isinstance(tree, Text) and tree.text.startswith(ROLE_PREFIX):
            key = Text(tree.text.removeprefix(ROLE_PREFIX), tree.place)
            found = Name("the key of a role").read(key, reading)
            return None if found is None else Found(ROLE_PREFIX + found.value, tree.place)
        return Name("the handle of a person").read(tree, reading)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": rf"^({ROLE_PREFIX})?[^\s+:]{{1,64}}$"}


@dataclass(frozen=True, slots=True)
class Currency:
    """The code of a currency, three capital letters."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a currency")
        if text is None:
            return None
        if re.fullmatch(r"[A-Z]{3}", text):
            return Found(text, tree.place)
        reading.faults.add(tree.place, f"{text[:80]!r} is not the code of a currency", "write it like EUR")
        return None

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]}


@dataclass(frozen=True, slots=True)
class Ref:
    """The reference of a task or a gate."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a ref")
        if text is None:
            return None
        if fault := fault_of_ref(text):
            reading.faults.add(tree.place, f"the ref {text[:80]!r} {fault}")
            return None
        return Found(text, tree.place)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^(?!.*\.\d+$)[^\s+]{1,64}$"}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    words: type[StrEnum]
    refused: tuple[tuple[str, str], ...] = ()
    """Words of the enumeration that are not written here, with what to do instead."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a word")
        if text is None:
            return None
        if (instead := dict(self.refused).get(text)) is not None:
            reading.faults.add(tree.place, f"{text!r} is not written here", instead)
        elif text in self._choices():
            return Found(self.words(text), tree.place)
        else:
            message = f"{text[:80]!r} is none of {', '.join(self._choices())}"
            reading.faults.add(tree.place, message, reading.faults.did_you_mean(text, self._choices()))
        return None

    def schema(self) -> Schema:
        return {"enum": list(self._choices())}

    def _choices(self) -> tuple[str, ...]:
        refused = dict(self.refused)
        return tuple(word.value for word in self.words if word.value not in refused)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "true or false")
        if text is None:
            return None
        if text.lower() in ("true", "false"):
            return Found(text.lower() == "true", tree.place)
        reading.faults.add(tree.place, f"{text[:80]!r} is neither true nor false")
        return None

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, from `least` to `most`."""

    least: int
    most: int

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a whole number")
        if text is None:
            return None
        if re.fullmatch(r"[0-9]{1,6}", text) and self.least <= int(text) <= self.most:
            return Found(int(text), tree.place)
        limits = f"{self.least}" if self.least == self.most else f"a whole number from {self.least} to {self.most}"
        reading.faults.add(tree.place, f"{text[:80]!r} must be {limits}")
        return None

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number of zero or more, kept exactly."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a number")
        if text is None:
            return None
        if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", text):
            return Found(Decimal(text), tree.place)
        reading.faults.add(tree.place, f"{text[:80]!r} is not a number of zero or more, such as 0 or 0.05")
        return None

    def schema(self) -> Schema:
        return {"type": ["number", "string"], "minimum": 0, "pattern": r"^[0-9]{1,15}(\.[0-9]{1,6})?$"}
