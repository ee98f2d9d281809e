"""What a list is narrowed down to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.stage import Stage
from warroom.tui.filter import Sieve, found_loosely, read_filter
from warroom.tui.machine import Machine, machine_of
from warroom.tui.picture import picture_of
from warroom.tui.tables import as_csv

CASES = [
    ("owner:me", lambda board, task, late: board.handle(task.owner_id) == "rahul"),
    ("-owner:me", lambda board, task, late: board.handle(task.owner_id) != "rahul"),
    ("state:done", lambda board, task, late: board.shown_state(task).value == "done"),
    (
        "-state:done owner:greta",
        lambda b, task, late: b.shown_state(task) != "done" and b.handle(task.owner_id) == "greta",
    ),
    ("late:", lambda board, task, late: late),
    ("kind:gate", lambda board, task, late: task.kind == "gate"),
    ("ref:dm-1", lambda board, task, late: task.ref.startswith("DM-1")),
]


@pytest.mark.parametrize(("text", "holds"), CASES, ids=[text for text, _ in CASES])
def test_fields(at_evening: Stage, text: str, holds: object) -> None:
    host = at_evening.host("rahul")
    board = host.board
    picture = picture_of(board, board.run_time(host.wall_time()), host.actor)
    sieve = Sieve(read_filter(text), picture)
    wanted = [task.ref for task in board.tasks if holds(board, task, picture.late(task))]  # type: ignore[operator]
    assert [task.ref for task in board.tasks if sieve.keeps_task(task)] == wanted
    assert wanted


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("dm07", "DM-07 Load items", True),
        ("ldit", "DM-07 Load items", False),
        ("itms", "DM-07 Load items", True),
        ("ms", "DM-07 Load items", True),
        ("md", "DM-07 Load items", False),
        ("[a-z]+", "DM-07 Load items", False),
    ],
)
def test_words_are_found_loosely(word: str, text: str, found: bool) -> None:
    assert found_loosely(word, text) is found


def test_anything_can_be_typed(at_evening: Stage) -> None:
    host = at_evening.host()
    picture = picture_of(host.board, host.board.run_time(host.wall_time()), host.actor)
    for text in ("", " ", "-", "--", ":", "owner:", "late:x", "nofield:x", "(((", "\\", "-late:", "日本"):
        sieve = Sieve(read_filter(text), picture)
        for task in host.board.tasks:
            sieve.keeps_task(task)
        sieve.keeps(None, "a heading")


def test_no_text_of_a_table_is_a_formula() -> None:
    text = as_csv([{"ref": "A", "title": "=HYPERLINK(1)", "n": -5, "refs": ["@x", "b"]}, {"ref": "B", "title": "a, b"}])
    assert text.splitlines() == ["ref,title,n,refs", "A,'=HYPERLINK(1),-5,'@x; b", 'B,"a, b",,']


def test_programs_by_the_environment(tmp_path: Path) -> None:
    assert machine_of({"PAGER": "less -S", "EDITOR": "vim", "VISUAL": "code -w"}, tmp_path) == Machine(
        tmp_path, ("less", "-S"), ("code", "-w")
    )
    assert machine_of({"PAGER": "'"}, tmp_path).pager == ("less",)
