"""What a list is narrowed down to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.stage import Stage
from warroom.board.rows import Task
from warroom.tui.doing.machine import Machine, machine_of
from warroom.tui.habits.tables import as_csv
from warroom.tui.picture.filter import Sieve, found_loosely, read_filter
from warroom.tui.picture.picture import picture_of

Row = dict[str, str | bool]

CASES: dict[str, Callable[[Row], bool]] = {
    "owner:me": lambda row: row["owner"] == "rahul",
    "-owner:me": lambda row: row["owner"] != "rahul",
    "state:done": lambda row: row["state"] == "done",
    "-state:done owner:greta": lambda row: row["state"] != "done" and row["owner"] == "greta",
    "late:": lambda row: bool(row["late"]),
    "kind:gate": lambda row: row["kind"] == "gate",
    "ref:dm-1": lambda row: str(row["ref"]).startswith("DM-1"),
}


@pytest.mark.parametrize("text", CASES)
def test_fields(at_evening: Stage, text: str) -> None:
    host = at_evening.host("rahul")
    board = host.board
    picture = picture_of(board, board.run_time(host.wall_time()), host.actor)
    sieve = Sieve(read_filter(text), picture)

    def row(task: Task) -> Row:
        return {
            "ref": task.ref,
            "owner": board.handle(task.owner_id) or "",
            "state": board.shown_state(task).value,
            "late": picture.late(task),
            "kind": task.kind_of_task.value,
        }

    wanted = [task.ref for task in board.tasks if CASES[text](row(task))]
    assert [task.ref for task in board.tasks if sieve.keeps_task(task)] == wanted
    assert wanted


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("dm07", "DM-07 Load items", True),
        ("lsit", "DM-07 Load items", False),
        ("itms", "DM-07 Load items", True),
        ("ms", "DM-07 Load items", True),
        ("md", "DM-07 Load items", False),
        ("[a-z]+", "DM-07 Load items", False),
    ],
)
def test_words_are_found_loosely(word: str, text: str, found: bool) -> None:
    assert found_loosely(word, text) is found


def test_anything_can_be_typed(at_evening: Stage) -> None:
    """What cannot be a field is looked for as it is; an empty one narrows nothing down."""
    host = at_evening.host()
    picture = picture_of(host.board, host.board.run_time(host.wall_time()), host.actor)
    everything = len(host.board.tasks)
    kept = {"late:x": 10, "-late:": 5, ":": 1, **dict.fromkeys(("nofield:x", "(((", "\\", "日本"), 0)}
    for text in ("", " ", "-", "--", "owner:", *kept):
        sieve = Sieve(read_filter(text), picture)
        assert sum(sieve.keeps_task(task) for task in host.board.tasks) == kept.get(text, everything), text


def test_no_text_of_a_table_is_a_formula() -> None:
    text = as_csv([{"ref": "A", "title": "=HYPERLINK(1)", "n": -5, "refs": ["@x", "b"]}, {"ref": "B", "title": "a, b"}])
    assert text.splitlines() == ["ref,title,n,refs", "A,'=HYPERLINK(1),-5,'@x; b", 'B,"a, b",,']


def test_programs_by_the_environment(tmp_path: Path) -> None:
    assert machine_of({"PAGER": "less -S", "EDITOR": "vim", "VISUAL": "code -w"}, tmp_path) == Machine(
        tmp_path, ("less", "-S"), ("code", "-w")
    )
    assert machine_of({"PAGER": "'"}, tmp_path).pager == ("less",)
