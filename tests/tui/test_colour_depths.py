"""The same console in 16 million, 256 and 16 colours and in none: every status is still told by sign and word."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from tests.tui.looking import MIDDLE, SMALL
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.look.themes import theme_for

Depth = Literal["truecolor", "256", "standard"]
DEPTHS: tuple[Depth | None, ...] = ("truecolor", "256", "standard", None)
SEQUENCES = {"truecolor": "\x1b[1;38;2;", "256": "\x1b[1;38;5;", "standard": "\x1b[1;9"}
"""How bold text in a colour begins, for each depth."""

COLOUR = re.compile(r"\x1b\[[0-9;]*\b([34][0-79]|9[0-7]|10[0-7]|[34]8;[25])\b[0-9;]*m")


def sent(app: ConsoleApp, depth: Depth | None) -> list[str]:
    """The lines of the screen as a terminal of this depth is sent them; for None, all colours that are left."""
    terminal = Console(color_system=depth or "truecolor", force_terminal=True, legacy_windows=False, _environ={})
    lines = []
    for strip in app.screen._compositor.render_strips():
        pieces = (
            text if style is None else fresh(style).render(text, color_system=terminal._color_system)
            for text, style, _ in Segment.simplify(strip)
        )
        lines.append("".join(pieces))
    return lines


def fresh(style: Style) -> Style:
    """The same look; Rich keeps what it once made of a style for whichever depth came first."""
    return Style(color=style.color, bgcolor=style.bgcolor, bold=style.bold, reverse=style.reverse)


def text_of(line: str) -> str:
    """A line without what colours it."""
    parts = line.split("\x1b[")
    return parts[0] + "".join(part.partition("m")[2] for part in parts[1:])


@pytest.mark.parametrize("depth", DEPTHS, ids=str)
async def test_the_war_room_tells_every_status(
    at_evening: Stage, monkeypatch: pytest.MonkeyPatch, depth: Depth | None
) -> None:
    if depth is None:
        monkeypatch.setenv("NO_COLOR", "1")
    app = at_evening.app(theme=theme_for(depth))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        lines = sent(app, depth)
        told = [text_of(line) for line in lines]
        for sign, ref, word in (
            ("✓", "DM-01", "done"),
            ("■", "DM-06", "blocked"),
            ("●", "DM-07", "running"),
            ("·", "DM-08", "waiting"),
        ):
            assert any(re.search(f"{sign}.{word}.*{ref}", line) for line in told), ref
        assert any("▲+40m" in line for line in told)
        assert any("~+40m" in line for line in told)
        assert "▲ late 10 (2 causes)" in "\n".join(told)
        coloured = "".join(lines)
        if depth is None:
            assert COLOUR.search(coloured) is None
        else:
            (cause,) = (line for line in lines if "▲ late 10" in text_of(line))
            assert SEQUENCES[depth] in cause


@pytest.mark.parametrize("depth", DEPTHS, ids=str)
async def test_the_owner_is_told_what_is_up(
    at_evening: Stage, monkeypatch: pytest.MonkeyPatch, depth: Depth | None
) -> None:
    if depth is None:
        monkeypatch.setenv("NO_COLOR", "1")
    app = at_evening.app("rahul", screen="owner", theme=theme_for(depth))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        told = "\n".join(map(text_of, sent(app, depth)))
        assert "▲ DM-07" in told
        assert "running" in told
        assert "ETA 19:45, in 13m" in told
        assert "DM-08" in told
