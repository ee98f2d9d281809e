"""Keys that people give to actions: what is read, and what is told of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from warroom.tui.keys.keymap import Keymap, keymap_file, load_keymap, read_keymap


def test_keys_are_read_as_people_write_them() -> None:
    read = read_keymap('[keys]\n"console.alerts" = ["f9", "ctrl+k", "%"]\n"task.skip" = []\n"pane.zoom" = "alt+z"\n')
    assert read.faults == ()
    assert read.keys == {
        "console.alerts": ("f9", "ctrl+k", "percent_sign"),
        "task.skip": (),
        "pane.zoom": ("alt+z",),
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[keys]\n"task.begin" = "f9"\n', "task.begin: there is no such action"),
        ('[keys]\n"task.start" = "hyper+s"\n', "task.start: 'hyper+s' is no key"),
        ('[keys]\n"task.start" = 5\n', "task.start: its keys are a text, or a list of texts"),
        ('[keys]\n"task.start" = "q"\n', "task.start: q means console.quit already"),
        ('[keys]\n"task.strat" = "f9"\n', "task.strat: there is no such action; did you mean task.start?"),
        ('[keys]\n"task.start" = "?"\n', "task.start: ? means console.help already"),
        ('[keys]\n"task.start" = "d"\n', "task.start: d means task.done already"),
        ('[keys]\n"task.start" = "v"\n', "task.start: v means task.verify already"),
        ('[keys]\n"step.number" = "f9"\n', "step.number: its keys say what is meant"),
        ('[keys]\n"console.quit" = []\n', "console.quit: it must keep a key"),
        ('[key]\n"task.start" = "f9"\n', "there is nothing called key; keys stand under [keys]"),
        ("[keys\n", "it is no TOML: Expected ']'"),
        ("keys = 3\n", "[keys] is no table"),
    ],
)
def test_a_fault_is_told_and_leaves_the_keys_as_they_were(text: str, fault: str) -> None:
    read = read_keymap(text)
    assert read.keys == {}
    assert len(read.faults) == 1
    assert read.faults[0].startswith(fault)


def test_a_key_that_was_given_up_can_be_given_to_another_action() -> None:
    read = read_keymap('[keys]\n"console.alerts" = "f9"\n"console.journal" = "a"\n')
    assert read.faults == ()
    assert read.keys["console.journal"] == ("a",)


def test_what_shares_a_key_as_it_comes_may_share_it_still() -> None:
    assert read_keymap('[keys]\n"task.block" = ["b", "f9"]\n').faults == ()


def test_two_actions_may_change_places() -> None:
    """Though both letters mean something else in a control, among marked tasks, and while a slip is typed."""
    read = read_keymap('[keys]\n"task.start" = "d"\n"task.done" = "s"\n')
    assert read == Keymap({"task.start": ("d",), "task.done": ("s",)})


def test_names_without_quotes_and_large_letters_are_read_too() -> None:
    read = read_keymap('[keys]\ntask.start = "F9"\nconsole.alerts = ["Ctrl+K", "S"]\n')
    assert read.keys["task.start"] == ("f9",)
    assert read.faults == ("console.alerts: S means task.settle already",)


def test_where_the_file_is(tmp_path: Path) -> None:
    assert keymap_file({"HOME": "/h"}) == Path("/h/.config/warroom/keymap.toml")
    assert keymap_file({"HOME": "/h", "XDG_CONFIG_HOME": "/x"}) == Path("/x/warroom/keymap.toml")
    assert keymap_file({}) is None
    assert load_keymap(tmp_path / "none.toml") == load_keymap(None)
    (tmp_path / "keymap.toml").write_bytes(b"\xff")
    assert load_keymap(tmp_path / "keymap.toml").faults == ("it cannot be read: it is not UTF-8",)
