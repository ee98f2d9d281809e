"""Nothing that a person typed can move the cursor, change colours or be read as markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cutover import START, Cutover, caller, document, gate, minute, numbered_ids, opened, task
from tests.soaking import times
from tests.tui.looking import shown
from tests.tui.stage import StageHost
from warroom.actions import plan, runs
from warroom.clock.source import SteppedClock
from warroom.runbook.document import (
    Person,
    Phase,
    PlannedControl,
    PlannedCriterion,
    PlannedRecovery,
    PlannedTrigger,
    Rollback,
    RunbookDocument,
)
from warroom.tui.app import ConsoleApp
from warroom.tui.drawing.ink import width_of
from warroom.tui.screens.first import FIRST
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import RunKind, Side, VoteChoice

HOSTILE = "[bold red]x[/] [@click=app.exit]y \u202e\u200b\u2028rtl \U0001f4a3 日本語テキスト "
UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufe0f]")
MARK = "[bold red]x[/] [@click=app.exit]y"


def hostile() -> RunbookDocument:
    """A runbook whose every text is hostile, and long."""
    long = HOSTILE * 200
    people = (Person("lena", HOSTILE, roles=("lead",), title=long), Person("omar", long), Person("vera", HOSTILE))
    wild = {"owner": "omar", "backup": None, "verifier": "vera", "instructions": long, "undo": long}
    plain = document(
        replace(task("A[/]", 30, steps=(long, HOSTILE), verify=(long,), **wild), title=long, phase="[b]"),
        replace(task("日本語", 60, "A[/]", **wild), title=HOSTILE),
        gates=(
            replace(gate("GO[link]", "日本語", seats=("lena", "vera")), title=long, criteria=(PlannedCriterion(long),)),
        ),
    )
    return replace(plain, people=people, programme=replace(plain.programme, name=HOSTILE))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
@pytest.mark.parametrize("first", ["war-room", "owner"])
async def test_hostile_text_is_shown_as_it_is(
    rehearse: Callable[[RunbookDocument], Cutover], size: tuple[int, int], first: str
) -> None:
    cutover = rehearse(hostile())
    cutover.do("task.start", "A[/]", by="omar")
    cutover.do("task.block", "A[/]", by="omar", reason=HOSTILE * 100)
    cutover.do("task.note", "A[/]", by="omar", text=HOSTILE * 5_000)
    cutover.to(150)
    cutover.sweep()
    host = StageHost(cutover.state_file, "lena" if first == "war-room" else "omar")
    app = ConsoleApp(host, screen=first)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        seen = [shown(app)]
        for key in ("enter", "end", "question_mark", "escape", "escape", "b", "escape", "tab", "enter"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(shown(app))
        app.complain(Refused(HOSTILE, hint=HOSTILE))
        await pilot.pause()
        seen.append(shown(app))
    assert any(MARK in text for text in seen), "markup is text"
    for text in seen:
        assert all(ord(character) >= 32 or character == "\n" for character in text)
        assert not any(character in text for character in "\u202e\u200b\u2028\x1b")


ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x9b1m\r\x08\x7f"
WIDE = "漢字かな交じり文👩\u200d💻🏳\ufe0fé"
WORST = f"{ESCAPES}{WIDE}{HOSTILE}"
SCREENS = sorted(FIRST)


@pytest.fixture
def doors_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is refused where text comes in: a state file may be written by another program."""
    monkeypatch.setattr("warroom.vocabulary.text._REFUSED", re.compile(r"(?!)"))


def worst() -> RunbookDocument:
    """A runbook whose texts hold escape codes and wide characters, its refs and handles as far as there may be any."""
    long = WORST * 50
    people = (Person("ŝéñ漢", WORST, roles=("lead",), title=long, company=WORST, phone=WORST), Person("omar", long))
    wild = {"owner": "ŝéñ漢", "backup": "omar", "instructions": long, "undo": long, "stream": WORST[:60]}
    plain = document(
        replace(task("漢[/]字", 30, steps=(long, WORST), verify=(long,), **wild), title=WORST, phase="ph"),
        replace(task("B💣", 60, "漢[/]字", **wild), title=long, phase="ph"),
        gates=(
            replace(
                gate("GO[b]", "B💣", seats=("omar",), owner="ŝéñ漢"), title=long, criteria=(PlannedCriterion(long),)
            ),
        ),
    )
    named = replace(plain.programme, name=WORST)
    rollback = Rollback(
        authority=("ŝéñ漢",),
        triggers=(PlannedTrigger(long, WORST, measure=long, clock_s=3_600),),
        recovery=(PlannedRecovery("way", WORST, long, "omar"),),
        tasks=(replace(task("U💣", 10, owner="omar", backup=None, backout=True), title=long),),
    )
    controls = (PlannedControl("漢", long, "omar", "漢€"),)
    parts: dict[str, Any] = {"phases": (Phase("ph", WORST),), "streams": (), "rollback": rollback, "controls": controls}
    return replace(plain, people=people, programme=named, **parts)


@pytest.mark.parametrize("size", [(80, 24), *times(short=0, whole=1) * [(160, 45)]], ids=str)
@pytest.mark.parametrize("first", [*SCREENS, "wall", "replay"])
@pytest.mark.usefixtures("doors_open")
async def test_the_worst_text_moves_no_column_of_any_screen(tmp_path: Path, size: tuple[int, int], first: str) -> None:
    with opened(created_by(tmp_path / "own.db", worst(), "ŝéñ漢")) as cutover:
        runs.start(cutover.state_file, caller("ŝéñ漢"), kind=RunKind.REHEARSAL, name="mock")
        play_worst(cutover)
        host = StageHost(cutover.state_file, "ŝéñ漢")
        options: dict[str, Any] = {"wall": True} if first == "wall" else {}
        if first in SCREENS:
            options["screen"] = first
        app = ConsoleApp(host, **options)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            insist_on_columns(app, size)
            keys = ("r", "comma") if first == "replay" else ("down", "end", "enter", "end", "question_mark", "escape")
            for key in (*keys, "b", "escape", "ctrl+p"):
                await pilot.press(key)
                await app.workers.wait_for_complete()
                await pilot.pause()
                insist_on_columns(app, size)


def created_by(path: Path, runbook: RunbookDocument, handle: str) -> Path:
    plan.init(path, runbook, name="worst.yaml", handle=handle, clock=SteppedClock(START), new_id=numbered_ids())
    return path


def play_worst(cutover: Cutover) -> None:
    """Something late, blocked, noted, judged, counted and voted on, each with the worst of reasons; a megabyte among
    them."""
    cutover.do("gate.assess", "GO[b]", by="ŝéñ漢", number=1, met=False, evidence=WORST)
    cutover.do("rollback.raise", 1, by="omar", reason=WORST, measured=WORST)
    figure: dict[str, Any] = {"value": Decimal("-1E25"), "evidence": WORST, "note": WORST}
    cutover.do("control.record", "漢", by="omar", side=Side.LEGACY, **figure)
    cutover.do("control.record", "漢", by="ŝéñ漢", side=Side.NEW, **figure)
    cutover.do("control.reopen", "漢", by="ŝéñ漢", reason=WORST)
    cutover.do("task.start", "漢[/]字", by="ŝéñ漢")
    cutover.do("step.tick", "漢[/]字", by="ŝéñ漢", positions=[1], evidence=WORST)
    cutover.do("task.note", "漢[/]字", by="ŝéñ漢", text=(WORST * 20_000)[:400_000])
    cutover.do("task.eta", "漢[/]字", by="ŝéñ漢", eta=minute(170), reason=WORST * 10)
    cutover.do("gate.vote", "GO[b]", by="omar", choice=VoteChoice.NO_GO, reason=WORST * 10)
    cutover.to(120)
    cutover.do("task.block", "漢[/]字", by="ŝéñ漢", reason=WORST * 100)
    cutover.to(150)
    cutover.sweep()


def insist_on_columns(app: ConsoleApp, size: tuple[int, int]) -> None:
    """Every line is exactly as wide as the terminal, and holds nothing that a terminal could obey."""
    lines = [strip.text for strip in app.screen._compositor.render_strips()]
    assert len(lines) == size[1]
    for line in lines:
        assert cell_len(line) == size[0], line
        assert not UNSHOWABLE.search(line), repr(line)
    for timeline in app.screen.query(Timeline):
        for number in range(timeline.line_count):
            assert width_of(timeline.line_spans(number)) == timeline.width


async def test_a_programme_nobody_belongs_to(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    """Somebody who is no person of the programme sees it, and can change nothing."""
    cutover = rehearse(document(task("A", 30)))
    host = StageHost(cutover.state_file, "stranger")
    app = ConsoleApp(host, screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "no person of this programme" in shown(app)
        await pilot.press(*"sdb")
        assert host.calls == []
