"""Glyph sets: in ASCII all that is drawn can be typed on any keyboard, nothing moves, and statuses stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.tui.looking import LARGE, MIDDLE, SMALL, SnapCompare, settled, shown
from tests.tui.stage import Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.drawing.marks import CONTROLS, GATE, LATE, LEGEND, LIGHTS, PUSHED, STALE, STATES
from warroom.tui.look.glyphs import ASCII, GlyphSet, checked_glyphs, glyph_set_for
from warroom.tui.look.themes import load_themes
from warroom.tui.screens.first import FIRST

TYPED = "Überweisung an Zoë"
"""What somebody typed."""


def beyond_ascii(app: ConsoleApp) -> set[str]:
    """Signs on the screen that are not on every keyboard; letters are those of people's names and texts."""
    return {sign for sign in shown(app) if not (" " <= sign <= "~" or sign == "\n" or sign.isalpha())}


@pytest.mark.parametrize("name", sorted(FIRST))
async def test_every_screen_in_ascii(at_night: Stage, name: str) -> None:
    for size in (SMALL, MIDDLE, LARGE):
        app = at_night.app(screen=name, glyphs=GlyphSet.ASCII)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            assert beyond_ascii(app) == set()
            assert {cell_len(line) for line in shown(app).split("\n")} == {size[0]}


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
async def test_the_wall_in_ascii(at_night: Stage, size: tuple[int, int]) -> None:
    app = at_night.app(wall=True, glyphs=GlyphSet.ASCII)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert beyond_ascii(app) == set()


@pytest.mark.parametrize("keys", [["w", "plus"], ["enter"], ["question_mark"], ["I"], ["n"], ["e"], ["ctrl+p"], ["r"]])
async def test_what_opens_over_a_screen_in_ascii(at_evening: Stage, keys: list[str]) -> None:
    app = at_evening.app(glyphs=GlyphSet.ASCII)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        before = shown(app)
        await settled(pilot, *keys)
        assert shown(app) != before
        assert beyond_ascii(app) == set()


async def test_what_people_typed_stays_as_it_is(at_evening: Stage) -> None:
    at_evening.do("task.note", "DM-07", by="rahul", text=TYPED)
    app = at_evening.app(glyphs=GlyphSet.ASCII)
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "enter")
        assert TYPED in shown(app)
        assert beyond_ascii(app) == set()


async def test_a_message_in_ascii(at_evening: Stage) -> None:
    app = at_evening.app(glyphs=GlyphSet.ASCII, theme="sunset")
    async with app.run_test(size=MIDDLE, notifications=True) as pilot:
        await pilot.pause()
        assert "sunset: there is no theme" in shown(app)
        assert beyond_ascii(app) == set()


def test_the_war_room_in_ascii(snap_compare: SnapCompare, at_evening: Stage) -> None:
    assert snap_compare(at_evening.app(glyphs=GlyphSet.ASCII), terminal_size=MIDDLE)


async def test_a_status_is_told_by_sign_and_word(at_evening: Stage) -> None:
    app = at_evening.app(glyphs=GlyphSet.ASCII)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        lines = shown(app).split("\n")
        (running,) = (line for line in lines if "* running   !+40m   DM-07" in line)
        (blocked,) = (line for line in lines if "# blocked   !+48m   DM-06" in line)
        assert "####E" in running, "its own delay"
        assert "Note control totals" in blocked
        assert any("v done" in line and "DM-01" in line for line in lines)


def test_every_sign_has_another_of_its_width_and_statuses_stay_apart() -> None:
    assert all(own.isascii() and len(own) == 1 == cell_len(sign) for sign, own in ASCII.items())
    drawn = {sign for glyph, _, _ in LEGEND for sign in glyph if not sign.isascii()}
    drawn |= {mark.glyph for mark in (*LIGHTS.values(), *CONTROLS.values())} - {"~"}
    assert drawn <= set(ASCII)
    for marks in ((*STATES.values(), LATE, PUSHED, STALE, GATE), LIGHTS.values()):
        signs = {mark.glyph for mark in marks}
        assert len({ASCII.get(sign, sign) for sign in signs}) == len(signs)


@pytest.mark.parametrize(
    ("environment", "encoding", "chosen"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", GlyphSet.UNICODE),
        ({"TERM": "xterm-256color"}, "ISO-8859-1", GlyphSet.ASCII),
        ({"TERM": "xterm-256color"}, "no such thing", GlyphSet.ASCII),
        ({"TERM": "linux"}, "UTF-8", GlyphSet.ASCII),
        ({"TERM": "vt100"}, "UTF-8", GlyphSet.ASCII),
        ({"TERM": "linux", "WARROOM_GLYPHS": "unicode"}, "UTF-8", GlyphSet.UNICODE),
        ({"TERM": "xterm", "WARROOM_GLYPHS": "ASCII"}, "UTF-8", GlyphSet.ASCII),
        ({"TERM": "xterm", "WARROOM_GLYPHS": "runes"}, "UTF-8", GlyphSet.UNICODE),
        ({}, "UTF-8", GlyphSet.UNICODE),
    ],
)
def test_which_set_a_terminal_gets(environment: dict[str, str], encoding: str, chosen: GlyphSet) -> None:
    assert glyph_set_for(environment, encoding) is chosen


@pytest.mark.parametrize(
    ("glyphs", "reason"),
    [
        ({"Q": "x"}, "'Q' is not a sign that the console draws"),
        ({"●": "日"}, "'日' cannot stand for ●: it must be one character of the same width"),
        ({"●": "**"}, "'**' cannot stand for ●"),
        ({"●": " "}, "' ' cannot stand for ●"),
        ({"●": "\x1b"}, "cannot stand for ●"),
    ],
)
def test_signs_of_a_theme_that_cannot_be_used(glyphs: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        checked_glyphs(glyphs)
    assert reason in str(caught.value)


def write_theme(folder: Path, name: str, more: str) -> None:
    (folder / f"{name}.toml").write_text(f'[base]\nprimary = "#88aaff"\n{more}', encoding="utf-8")


async def test_a_theme_brings_signs_of_its_own_and_takes_them_away_again(at_evening: Stage, tmp_path: Path) -> None:
    write_theme(tmp_path, "mine", '[glyphs]\n"●" = "◉"\n"▲" = "^"\n')
    write_theme(tmp_path, "plain", "")
    app = at_evening.app(theme="mine", theme_folders=(tmp_path,))
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "◉ running   ^+40m" in shown(app)
        assert "●" not in shown(app)
        app.theme = "plain"
        await pilot.pause()
        assert "● running   ▲+40m" in shown(app)
    app = at_evening.app(theme="mine", theme_folders=(tmp_path,), glyphs=GlyphSet.ASCII)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert beyond_ascii(app) == set()
        assert "^+40m" in shown(app), "the theme's own, where it is ASCII"


def test_a_theme_with_a_bad_sign_is_told(tmp_path: Path) -> None:
    write_theme(tmp_path, "bad", '[glyphs]\n"●" = "ab"\n')
    loaded, (failed,) = load_themes([tmp_path])
    assert loaded == []
    assert failed.reason == "glyphs: 'ab' cannot stand for ●: it must be one character of the same width"
