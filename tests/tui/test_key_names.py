"""Texts that name keys: those that the person has, never those that others have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import warroom.tui
from tests.tui.looking import select, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.tui.keys.key_names import KeyNames
from warroom.tui.keys.keymap import Keymap, read_keymap

OWN_KEYS = {"again.py", "evidence_verbs.py", "keymap.py", "leaving.py", "prompt.py", "recording.py"}
"""Questions have keys of their own, which nobody rebinds: enter, tab, esc, and a letter or two."""

NAMED = re.compile(
    r"(\bctrl\+\w|\b[Ff]\d\b|\besc\b|\b(enter|space|tab) (opens|shows|folds|unfolds|ticks|records|goes)\b"
    r"|\((?![aA]\))[a-zA-Z#!*:/]\)|(^|[;,:·(] )[a-zA-Z#!*/] [a-z]+s\b)"
)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file that are no documentation, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in documented:
            yield one.lineno, one.value


def test_no_text_names_a_key_by_heart() -> None:
    root = Path(warroom.tui.__file__).parent
    found = [
        f"{path.name}:{line}: {text}"
        for path in sorted(root.rglob("*.py"))
        if path.name not in OWN_KEYS
        for line, text in texts(path)
        if " " in text and NAMED.search(text) and "esc leaves, and nothing happens" not in text
    ]
    # The hint of the prompt that takes something back begins with that prompt's own key.
    assert [one for one in found if not one.endswith("esc, and ")] == []


@pytest.mark.parametrize(
    ("told", "name", "said"),
    [
        ("", "console.gate", "g"),
        ("", "step.number", "1-9"),
        ("", "timeline.follow", "f"),
        ('"console.gate" = "f9"', "console.gate", "f9"),
        ('"console.gate" = []', "console.gate", 'ctrl+p "Open the gates, go/no-go"'),
        ('"console.gate" = []\n"console.palette" = "f9"', "console.gate", 'f9 "Open the gates, go/no-go"'),
        ('"step.number" = []', "step.number", 'ctrl+p "Tick that step, or untick it"'),
        ("", "console.density", 'ctrl+p "Denser, or as before"'),
    ],
)
def test_an_action_is_named_by_its_key_or_as_the_palette_names_it(told: str, name: str, said: str) -> None:
    keymap = read_keymap(f"[keys]\n{told}")
    assert keymap.faults == ()
    assert KeyNames(keymap.keys)(name) == said


def test_in_a_replay_no_key_is_named_that_moves_about_there() -> None:
    assert KeyNames()("move.first") == "home"
    assert KeyNames(replaying=True)("move.first") == 'ctrl+p "To the first line"'
    assert KeyNames(replaying=True)("move.last") == "G"
    assert KeyNames(replaying=True)("replay.live") == "r"


async def test_what_is_shown_and_refused_names_the_keys_of_the_person(at_evening: Stage) -> None:
    keys = {"gate.vote": ("f9",), "gate.decide": (), "task.eta": ("f10",), "console.gate": ("ctrl+g",)}
    app = at_evening.app(keymap=Keymap(keys))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        select(app, "DM-12")
        await settled(pilot, "s")
        assert toasts(app) == ['DM-12 is a gate: f9 votes on it, ctrl+p "Decide the gate" decides it']


async def test_an_owner_reads_their_own_keys(at_evening: Stage) -> None:
    at_evening.tick_all("DM-07")
    at_evening.do("task.done", "DM-07", by="rahul")
    at_evening.do("task.verify", "DM-07", by="sofie")
    at_evening.do("task.start", "DM-08", by="rahul")
    app = at_evening.app("rahul", screen="owner", keymap=Keymap({"task.eta": ("f9",)}))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "no ETA given (f9)" in shown(app)
