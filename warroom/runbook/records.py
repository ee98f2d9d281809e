"""The shapes that hold others: lists, mappings from names to one shape, and records with known keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from warroom.runbook.faults import Place
from warroom.runbook.shapes import Found, Reading, Schema, Shape, kind_of
from warroom.runbook.tree import Items, Keys, Nothing, Text, Tree


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; read as a tuple of what could be read of it."""

    item: Shape
    least: int = 0

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if not isinstance(tree, Items):
            reading.faults.add(tree.place, f"a list is expected here, not {kind_of(tree)}", "write it like [a, b]")
            return None
        if len(tree.items) < self.least:
            reading.faults.add(tree.place, "this list may not be empty")
        found = (self.item.read(item, reading) for item in tree.items)
        return Found(tuple(value for value in found if value is not None), tree.place)

    def schema(self) -> Schema:
        schema: Schema = {"type": "array", "items": self.item.schema()}
        return {**schema, "minItems": self.least} if self.least else schema


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping whose keys are all of one shape, and whose values are; read as pairs of what could be read."""

    key: Shape
    value: Shape

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if not isinstance(tree, Keys):
            reading.faults.add(tree.place, f"a mapping is expected here, not {kind_of(tree)}")
            return None
        found: list[tuple[Found, Found]] = []
        lines: dict[object, int] = {}
        for key, value in tree.pairs:
            name = self.key.read(key, reading)
            if name is not None and name.value in lines:
                message = f"this key was already given in line {lines[name.value]}"
                reading.faults.add(key.place, message)
                continue
            if name is not None:
                lines[name.value] = key.place.line
            if isinstance(value, Nothing):
                reading.faults.add(key.place, "this key has no value")
            elif (read := self.value.read(value, reading)) is not None and name is not None:
                found.append((name, read))
        return Found(tuple(found), tree.place)

    def schema(self) -> Schema:
        return {"type": "object", "propertyNames": self.key.schema(), "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record."""

    key: str
    shape: Shape
    about: str
    required: bool = False


@dataclass(slots=True)
class Entry:
    """What could be read of a record: its fields by key, and where each stands.

    `written` are the keys that stand in the file, whether or not their values could be read.
    """

    place: Place
    fields: dict[str, Found] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def get(self, key: str) -> Any:
        """The value of `key`, None if it was not given or could not be read."""
        found = self.fields.get(key)
        return None if found is None else found.value

    def items(self, key: str) -> Sequence[Found]:
        """The items of the list at `key`; none if it was not given."""
        items: Sequence[Found] = self.get(key) or ()
        return items

    def entries(self, key: str) -> list[Entry]:
        """The records of the list at `key`."""
        return [item.value for item in self.items(key)]


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys; read as an `Entry`.

    Attributes:
        what: with its article, for messages: "a task".
        short: the key that a bare text in place of the mapping stands for, if one may.
        more: what else its JSON Schema says, of keys that go with others; the checks hold it too.
    """

    what: str
    fields: tuple[Field, ...]
    short: str | None = None
    more: Schema | None = None

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if isinstance(tree, Text) and self.short is not None:
            found = next(field for field in self.fields if field.key == self.short).shape.read(tree, reading)
            return None if found is None else Found(Entry(tree.place, {self.short: found}), tree.place)
        if not isinstance(tree, Keys):
            reading.faults.add(tree.place, f"{self.what} must be a mapping, not {kind_of(tree)}")
            return None
        return Found(self.entry(tree, reading), tree.place)

    def entry(self, tree: Keys, reading: Reading) -> Entry:
        """What can be read of a mapping."""
        entry = Entry(tree.place)
        known = {field.key: field for field in self.fields}
        written: dict[str, Place] = {}
        for key, value in tree.pairs:
            name = key.text if isinstance(key, Text) else ""
            if not name:
                reading.faults.add(key.place, f"a key of {self.what} must be a text, not {kind_of(key)}")
            elif name in written:
                reading.faults.add(key.place, f"the key {name[:80]!r} was already given in line {written[name].line}")
            elif name not in known:
                written[name] = key.place
                entry.written.add(self._unknown(name, key.place, reading) or name)
            else:
                written[name] = key.place
                entry.written.add(name)
                if isinstance(value, Nothing):
                    # An omitted value is marked at whatever comes next in the file; its key says where it is.
                    reading.faults.add(key.place, f"the key {name!r} has no value")
                elif (found := known[name].shape.read(value, reading)) is not None:
                    entry.fields[name] = found
        for wanted in self.fields:
            if wanted.required and wanted.key not in entry.written:
                reading.faults.add(tree.place, f"{self.what} needs the key {wanted.key!r}")
        return entry

    def _unknown(self, name: str, place: Place, reading: Reading) -> str | None:
        """Note an unknown key; the key that was probably meant, which then does not count as missing."""
        if name in reading.not_yet:
            reading.faults.add(place, f"the key {name!r} is not supported yet")
            return None
        meant = reading.faults.nearest(name, [field.key for field in self.fields])
        hint = f"did you mean {meant!r}?" if meant else f"known are {', '.join(field.key for field in self.fields)}"
        reading.faults.add(place, f"unknown key {name[:80]!r} in {self.what}", hint)
        return meant

    def schema(self) -> Schema:
        schema: Schema = {
            "type": "object",
            "properties": {field.key: {**field.shape.schema(), "description": field.about} for field in self.fields},
            "required": [field.key for field in self.fields if field.required],
            "additionalProperties": False,
            **(self.more or {}),
        }
        if self.short is None:
            return schema
        bare = next(field for field in self.fields if field.key == self.short).shape.schema()
        return {"oneOf": [bare, schema]}
