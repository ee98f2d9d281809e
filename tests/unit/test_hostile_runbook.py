"""Hostile text in every place of a runbook that takes text, found from the format: refused with its place, or kept as
it was written, and shown so that it does no harm."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.commands import Commands
from tests.unit.hostile import REFUSED, STORED, insist_on_harmless, texts_in
from warroom.resources import folder
from warroom.runbook.format import RUNBOOK
from warroom.runbook.reader import read_text
from warroom.runbook.records import ListOf, MapOf, Record
from warroom.runbook.shapes import FreeText, Line, Shape
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadRunbook

Keys = tuple[str, ...]
Place = tuple[str | int, ...]

# A runbook that has no text of its own in some places that take one is given it here.
ADDED: dict[Keys, Any] = {
    ("people", "login"): "ana.r",
    ("people", "notify"): ["mailto://ana@example.org"],
    ("rollback", "tasks", "undo"): "Take it back.",
}
# Places whose text stands only beside other keys, each tried by the reader's own tests.
ELSEWHERE = {
    ("environments", "rehearsal_approval"),
    ("environments", "url"),
    ("gates", "facts", "source"),
    ("gates", "facts", "text"),
    ("rollback", "tasks", "on_failure", "what"),
    ("rollback", "triggers", "metric"),
    ("rollback", "triggers", "unit"),
}
WILD = " ".join(STORED[kind] for kind in ("markup", "SQL", "directions and nothing", "wide"))[:195]


def text_fields(shape: Shape, keys: Keys = ()) -> Iterator[Keys]:
    """The places of the format that take any text, as the keys that lead there."""
    if isinstance(shape, FreeText | Line):
        yield keys
    elif isinstance(shape, ListOf):
        yield from text_fields(shape.item, keys)
    elif isinstance(shape, MapOf):
        yield from text_fields(shape.value, (*keys, "*"))
    elif isinstance(shape, Record):
        for field in shape.fields:
            yield from text_fields(field.shape, (*keys, field.key))


def texts(tree: Any, place: Place = ()) -> Iterator[Place]:
    """Where the texts of a runbook stand."""
    if isinstance(tree, str):
        yield place
    elif isinstance(tree, list | dict):
        for key, value in enumerate(tree) if isinstance(tree, list) else tree.items():
            yield from texts(value, (*place, key))


def put(tree: Any, place: Place, text: str) -> None:
    for key in place[:-1]:
        tree = tree[key]
    tree[place[-1]] = text


@cache
def samples() -> dict[str, Any]:
    """The shipped runbooks as trees of plain values, each with what is to be added."""
    trees = {}
    for path in sorted(folder("sample_runbooks").glob("*.yaml"), key=lambda path: path.stat().st_size):
        tree = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
        for (*keys, last), value in ADDED.items():
            holder = tree
            for key in keys:
                holder = holder.get(key, {}) if isinstance(holder, dict) else {}
            if isinstance(holder, list):
                holder[0].setdefault(last, value)
        trees[path.name] = tree
    return trees


@cache
def places() -> dict[Keys, tuple[str, Place]]:
    """For each place of the format the first sample that has a text there, and where."""
    found: dict[Keys, tuple[str, Place]] = {}
    for name, tree in samples().items():
        for place in texts(tree):
            found.setdefault(tuple(key for key in place if isinstance(key, str)), (name, place))
    return found


TEXTS = sorted(set(text_fields(RUNBOOK)) - ELSEWHERE)


def with_text(name: str, changes: dict[Place, str], *, escaped: bool = False) -> str:
    """The sample as YAML (which JSON is), with these texts in these places; all beyond ASCII as it is, or escaped."""
    tree = copy.deepcopy(samples()[name])
    for place, text in changes.items():
        put(tree, place, text)
    written = json.dumps(tree, ensure_ascii=escaped)
    return written if escaped else written.replace("\u2028", "\\u2028")  # in YAML that would end the line


def test_every_place_that_takes_text_is_tried() -> None:
    assert set(text_fields(RUNBOOK)) - places().keys() == ELSEWHERE


@pytest.mark.parametrize("keys", TEXTS, ids=".".join)
def test_what_nobody_writes_on_purpose_is_refused(keys: Keys) -> None:
    name, place = places()[keys]
    for kind, escaped in (("escape", False), ("lone surrogate", True)):
        with pytest.raises(BadRunbook) as caught:
            read_text(with_text(name, {place: REFUSED[kind]}, escaped=escaped), "wild.yaml")
        assert caught.value.faults


def test_what_is_written_is_kept_and_shown_harmlessly(commands: Commands) -> None:
    """All places of a sample at once."""
    for name in sorted({places()[keys][0] for keys in TEXTS}):
        wild = {places()[keys][1]: WILD for keys in TEXTS if places()[keys][0] == name}
        path = commands.path.with_name(name)
        path.write_text(with_text(name, wild), encoding="utf-8")
        commands.path.unlink(missing_ok=True)
        commands.good("init", str(path))
        with StateFile.open(commands.path) as state_file:
            loaded = list(texts_in([change.after for change in next(state_file.entries()).changes]))
        assert sum(WILD in text for text in loaded) >= len(wild)
        ref = commands.json("task", "list")[0]["ref"]
        for arguments in (["status"], ["task", "list"], ["task", "show", ref], ["gate", "list"], ["journal", "list"]):
            insist_on_harmless(commands.good(*arguments).out)
        insist_on_harmless(commands("runbook", "check", str(path)).err)
