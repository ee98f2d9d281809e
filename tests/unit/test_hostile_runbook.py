"""Hostile text in every place of a runbook that takes text, found from the format itself: refused with its place, or kept
as it was written and shown harmlessly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.unit.hostile import STORED
from warroom.resources import folder
from warroom.runbook.records import ListOf, MapOf, Record
from warroom.runbook.shapes import FreeText, Line, Shape

SAMPLE = folder("sample_runbooks") / "business-central.yaml"
# What the sample says nothing of.
MORE = {}
WILD = " ".join(STORED[kind] for kind in ("markup", "directions and nothing", "SQL", "wide"))[:200]

Path = tuple[str | int, ...]


def text_fields(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of the format that take any text, as the keys that lead there."""
    if isinstance(shape, FreeText | Line):
        yield path
    elif isinstance(shape, ListOf):
        yield from text_fields(shape.item, path)
    elif isinstance(shape, MapOf):
        yield from text_fields(shape.value, (*path, "*"))
    elif isinstance(shape, Record):
        for field in shape.fields:
            yield from text_fields(field.shape, (*path, field.key))


def texts(tree: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """All texts in a runbook, with where they stand."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, list | dict):
        for key, value in enumerate(tree) if isinstance(tree, list) else tree.items():
            yield from texts(value, (*path, key))
