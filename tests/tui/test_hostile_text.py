"""Nothing that a person typed can move the cursor, change colours or be read as markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cutover import Cutover, document, gate, task
from tests.tui.stage import StageHost
from warroom.runbook.document import Person, RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.vocabulary.errors import Refused

HOSTILE = "[bold red]x[/] [@click=app.exit]y \u202e\u200b\u2028rtl \U0001f4a3 日本語テキスト "
MARK = "[bold red]x[/] [@click=app.exit]y"


def hostile() -> RunbookDocument:
    """A runbook whose every text is hostile, and long."""
    long = HOSTILE * 200
    people = (Person("lena", HOSTILE, roles=("lead",), title=long), Person("omar", long), Person("vera", HOSTILE))
    wild = {"owner": "omar", "backup": None, "verifier": "vera", "instructions": long, "undo": long}
    plain = document(
        replace(task("A[/]", 30, steps=(long, HOSTILE), verify=(long,), **wild), title=long, phase="[b]"),
        replace(task("日本語", 60, "A[/]", **wild), title=HOSTILE),
        gates=(replace(gate("GO[link]", "日本語", seats=("lena", "vera")), title=long, criteria=(long,)),),
    )
    return replace(plain, people=people, programme=replace(plain.programme, name=HOSTILE))


def screen_text(app: ConsoleApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


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
        seen = [screen_text(app)]
        for key in ("enter", "end", "question_mark", "escape", "escape", "b", "escape", "tab", "enter"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(screen_text(app))
        app.complain(Refused(HOSTILE, hint=HOSTILE))
        await pilot.pause()
        seen.append(screen_text(app))
    assert any(MARK in text for text in seen), "markup is text"
    for text in seen:
        assert all(ord(character) >= 32 or character == "\n" for character in text)
        assert not any(character in text for character in "\u202e\u200b\u2028\x1b")


async def test_a_programme_nobody_belongs_to(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    """Somebody who is no person of the programme sees it, and can change nothing."""
    cutover = rehearse(document(task("A", 30)))
    host = StageHost(cutover.state_file, "stranger")
    app = ConsoleApp(host, screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "no person of this programme" in screen_text(app)
        await pilot.press(*"sdb")
        assert host.calls == []
