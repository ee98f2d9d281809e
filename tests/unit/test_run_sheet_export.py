"""Printed run sheets: one per owner, as Markdown and as HTML, escaped; what they hold is recorded afterwards."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.commands import Commands
from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.from_runbook import bare_board
from warroom.board.run_sheets import order_as_planned, order_as_printed, run_sheets
from warroom.cli.sheet_html import html_sheets
from warroom.cli.sheet_markdown import escaped, markdown_sheets
from warroom.cli.sheet_parts import BY, OTHERWISE
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.tui.sheets.reading import OUTCOMES

SAMPLE = folder("sample_runbooks") / "first-cutover.yaml"
EVIL = '<script>alert(1)</script> ![x](y) # *b* | "q"'


MORE = ("--owner", "omar", "--duration", "10m", "--reason", "x")


def sample() -> Board:
    return bare_board(read_runbook(SAMPLE))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its own signature
        self.tags.append(tag)


def test_each_owner_has_a_sheet_with_their_tasks_and_what_they_verify() -> None:
    board = sample()
    sheets = {
        sheet.owner.handle: sheet
        for sheet in run_sheets(board, forecast(board, board.plan.window_start))
        if sheet.owner is not None
    }
    owned = [one.task.ref for sheet in sheets.values() for one in sheet.own]
    assert sorted(owned) == sorted(task.ref for task in board.tasks)
    rahul = sheets["rahul"]
    assert [one.task.ref for one in rahul.own] == ["DM-07", "DM-08"]
    assert [one.task.ref for one in rahul.to_verify] == ["DM-09"]
    assert rahul.own[1].waits_for == ("DM-07 rahul (+44 20 7946 0178 ext 1)",)


@pytest.mark.parametrize("name", ["first-cutover.yaml", "business-central.yaml"])
def test_a_sheet_that_is_printed_before_the_run_has_the_planned_order(name: str) -> None:
    """What is entered afterwards stands in that order, whatever has become of the tasks meanwhile."""
    board = bare_board(read_runbook(folder("sample_runbooks") / name))
    plan = board.plan
    expected = forecast(board, plan.window_start + timedelta(seconds=plan.plan_start_s))
    printed = [sheet.owner.id for sheet in run_sheets(board, expected) if sheet.owner is not None]
    assert printed
    for key in printed:
        assert order_as_planned(board, expected, key) == order_as_printed(board, expected, key)


def add_evil(rehearsal: Commands) -> None:
    """A task whose title is written to break out of a page."""
    title = EVIL.replace("\x1b", "")
    rehearsal.good("task", "add", "EVIL", "--title", title, *["--owner", "omar", "--duration", "10m", "--reason", "x"])


def test_html_is_whole_loads_nothing_and_takes_no_tags_from_texts(rehearsal: Commands) -> None:
    add_evil(rehearsal)
    page = rehearsal.good("runbook", "export", "--format", "html").out
    parser = _Tags()
    parser.feed(page)
    assert {"script", "img", "link", "a"}.isdisjoint(parser.tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page
    assert page.count("<section>") == page.count("</section>") == page.count("<h1>")


def test_markdown_shows_texts_as_they_are(rehearsal: Commands) -> None:
    add_evil(rehearsal)
    text = rehearsal.good("runbook", "export", "--format", "md").out
    assert "<script>" not in text
    assert "\\!" not in text
    assert "!\\[x\\](y) \\# \\*b\\* \\|" in text
    assert escaped("- a\n# b") == "\\- a \\# b"


def test_one_owner_of_a_file_into_a_new_file_only(commands: Commands, tmp_path: Path) -> None:
    out = tmp_path / "rahul.md"
    answer = commands.good("runbook", "export", str(SAMPLE), "--format", "md", "--owner", "rahul", "-o", str(out))
    assert "warroom task record FILE --by paper" in answer.err
    assert out.read_text(encoding="utf-8").count("# Run sheet: ") == 1
    assert commands("runbook", "export", str(SAMPLE), "--format", "md", "-o", str(out)).code == 2
    assert commands("runbook", "export", str(SAMPLE), "--format", "md", "--owner", "nobody").code == 2
    assert commands("runbook", "export", str(SAMPLE), "--format", "md", "--run", "x").code == 2


def test_what_was_written_on_a_sheet_is_recorded_afterwards(rehearsal: Commands, tmp_path: Path) -> None:
    rehearsal.to(40)
    text = rehearsal.good("runbook", "export", "--format", "md", "--owner", "omar").out
    assert "- [ ] A.1 " in text
    filled = tmp_path / "filled.csv"
    filled.write_text("A,start,omar,19:02,\nA.1 A.2,tick,omar,19:10,seen\nA,done,omar,19:20,412 rows\n", "utf-8")
    rehearsal.good("task", "record", str(filled), "--by", "paper")
    assert rehearsal.json("task", "show", "A")["state"] == "done"
    assert "## A " not in rehearsal.good("runbook", "export", "--format", "md", "--owner", "omar").out


def test_both_formats_of_the_sample_name_every_open_task() -> None:
    board = sample()
    expected = forecast(board, board.plan.window_start)
    sheets = run_sheets(board, expected)
    for text in (markdown_sheets(board, expected, sheets), html_sheets(board, expected, sheets)):
        assert all(task.ref in text for task in board.tasks)


def test_there_is_a_place_on_paper_for_all_that_is_entered_afterwards() -> None:
    board = sample()
    expected = forecast(board, board.plan.window_start)
    (sheet,) = (sheet for sheet in run_sheets(board, expected) if sheet.owner and sheet.owner.handle == "jana")
    assert [one.task.ref for one in sheet.own] == ["DM-01"]
    text = markdown_sheets(board, expected, [sheet])
    assert "started \\_\\_:\\_\\_ · done \\_\\_:\\_\\_ · verified \\_\\_:\\_\\_ · by \\_" in text
    assert "or [ ] failed [ ] skipped [ ] blocked at " in text
    page = html_sheets(board, expected, [sheet])
    for word in ("started", "done", "verified", BY, "note"):
        assert f"<span>{word}</span>" in page
    for word in OTHERWISE:
        assert f"<i>{word}</i>" in page
    assert set(OTHERWISE) == OUTCOMES.keys() - {"done", "unblocked"}
