"""YAML text as a small tree in which every value knows its place, with limits against hostile files.

Scalars stay the text that was written: `1.10` is not rounded to a number, a time not turned into a date.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning
from ruamel.yaml.events import CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from warroom.runbook.faults import Faults, Place
from warroom.vocabulary.errors import BadRunbook
from warroom.vocabulary.text import fault_of_text

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_VALUES = 150_000
"""Keys, texts, lists and mappings; three times what 1,200 tasks need. Each costs the YAML library time and memory."""
MOST_LINES = 200_000
DEEPEST = 50
LARGEST_EXPANSION = 20_000_000
"""Characters plus values, counting what stands behind an alias each time it is used."""

_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_YAML + name for name in ("str", "int", "float", "bool", "timestamp", "merge", "value"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as it was written."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Nothing:
    """A value that is left out: `key:` with nothing behind it, `~` or `null`."""

    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping, with every key that was written, twice if it was written twice."""

    pairs: tuple[tuple[Tree, Tree], ...]
    place: Place


Tree = Text | Nothing | Items | Keys


def decoded(content: bytes, faults: Faults) -> str:
    """The text of a file's bytes.

    Raises:
        BadRunbook: it is larger than 5 MB, or not UTF-8.
    """
    _check_size(len(content), faults)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].rpartition(b"\n")[2].decode("utf-8", "replace")
        place = Place(content.count(b"\n", 0, error.start) + 1, len(before) + 1)
        raise faults.alone(place, "the file is not UTF-8 text", "save it as UTF-8") from None


def grown(text: str, faults: Faults) -> Tree:
    """The tree of a YAML text.

    Raises:
        BadRunbook: with one fault: it is not YAML, is empty, holds control characters, more than 200,000 lines or
            150,000 values, is nested deeper than 50 levels, or its aliases are recursive or expand beyond measure.
    """
    _check_size(len(text), faults)
    if found := _CONTROL.search(text):
        before = text[: found.start()]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise faults.alone(place, f"the file holds the control character U+{ord(found.group()):04X}")
    if text.count("\n") > MOST_LINES:
        raise faults.alone(Place(MOST_LINES + 1, 1), f"the file has more than {MOST_LINES:,} lines")
    root = _composed(text, faults)
    if root is None:
        raise faults.alone(Place(1, 1), "the file is empty")
    return _Growth(faults).grow(root, 1).tree


def _check_size(size: int, faults: Faults) -> None:
    if size > LARGEST_FILE:
        raise faults.alone(Place(1, 1), "the file is larger than 5 MB")


def _composed(text: str, faults: Faults) -> Node | None:
    def composer(loader: Any) -> _Composer:
        return _Composer(loader, faults)

    yaml = YAML(typ="rt")
    yaml.Composer = composer  # type: ignore[assignment]  # it is only ever called
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ReusedAnchorWarning)  # legal: the later one holds from there on
            root: Node | None = yaml.compose(text)
            return root
    except BadRunbook:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = f"{error.context}: " if error.context else ""
        message = f"not YAML: {context}{error.problem}"[:300].replace("\x00", "the end of the file")
        raise faults.alone(_place(mark) if mark else Place(1, 1), message) from None
    except Exception as error:
        # On odd input the library also fails in ways of its own (ValueError, AssertionError).
        raise faults.alone(Place(1, 1), f"not YAML: {type(error).__name__}") from None


class _Composer(Composer):
    """Composes nodes, and stops where there are too many of them or they are nested too deep: each takes its time."""

    def __init__(self, loader: Any, faults: Faults) -> None:
        super().__init__(loader=loader)
        self._faults = faults
        self._values = 0
        self._nesting = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"the file holds more than {MOST_VALUES:,} values"
            raise self._faults.alone(_place(event.start_mark), message)
        nests = isinstance(event, CollectionStartEvent)
        self._nesting += nests
        if self._nesting > DEEPEST:
            raise _too_deep(self._faults, _place(event.start_mark))
        node = super().compose_node(parent, index)
        self._nesting -= nests
        return node


@dataclass(frozen=True, slots=True)
class _Grown:
    """A subtree, with its height and what it weighs when every alias in it is written out."""

    tree: Tree
    height: int
    weight: int


class _Growth:
    """One pass over the composed nodes. What is behind an alias is grown once and shared."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._grown: dict[int, _Grown] = {}
        self._growing: set[int] = set()

    def grow(self, node: Node, depth: int) -> _Grown:
        if (known := self._grown.get(id(node))) is not None:
            return known
        place = _place(node.start_mark)
        if id(node) in self._growing:
            raise self._faults.alone(place, "this value contains itself, through an alias")
        if depth > DEEPEST:
            raise _too_deep(self._faults, place)
        self._growing.add(id(node))
        grown = self._of_kind(node, place, depth)
        self._growing.discard(id(node))
        if grown.height > DEEPEST:
            raise _too_deep(self._faults, place)
        if grown.weight > LARGEST_EXPANSION:
            raise self._faults.alone(place, "the aliases in this value expand to far more than a runbook holds")
        self._grown[id(node)] = grown
        return grown

    def _of_kind(self, node: Node, place: Place, depth: int) -> _Grown:
        if isinstance(node, MappingNode):
            self._check_tag(node, place, _YAML + "map")
            pairs = [(self.grow(key, depth + 1), self.grow(value, depth + 1)) for key, value in node.value]
            tree = Keys(tuple((key.tree, value.tree) for key, value in pairs), place)
            return _together(tree, (part for pair in pairs for part in pair))
        if isinstance(node, SequenceNode):
            self._check_tag(node, place, _YAML + "seq")
            items = [self.grow(item, depth + 1) for item in node.value]
            return _together(Items(tuple(item.tree for item in items), place), iter(items))
        return _Grown(self._scalar(node, place), 1, 1 + len(node.value))

    def _scalar(self, node: Node, place: Place) -> Tree:
        tag, text = str(node.tag), str(node.value)
        if tag == _YAML + "null":
            return Nothing(place)
        if tag not in _PLAIN_TAGS:
            self._faults.add(place, f"tags are not read here: {tag.removeprefix(_YAML)[:80]}")
        elif fault := fault_of_text(text):
            self._faults.add(place, f"this text {fault}")
        return Text(text, place)

    def _check_tag(self, node: Node, place: Place, expected: str) -> None:
        if node.tag != expected:
            self._faults.add(place, f"tags are not read here: {str(node.tag).removeprefix(_YAML)[:80]}")


def _together(tree: Tree, parts: Iterator[_Grown]) -> _Grown:
    height = weight = 1
    for part in parts:
        height = max(height, part.height + 1)
        weight += part.weight
    return _Grown(tree, height, weight)


def _too_deep(faults: Faults, place: Place) -> Exception:
    return faults.alone(place, f"nested deeper than {DEEPEST} levels")


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)
