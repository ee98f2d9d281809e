"""Consoles of one process draw for their own terminals: each in its depth of colour, each with its signs."""

from __future__ import annotations

import pytest

from tests.cutover import Cutover
from tests.unit.test_remote_driver import Terminal, known, sessions, until
from warroom.serve.transport import terminal
from warroom.serve.wanted import Wanted, console_of
from warroom.tui.look.glyphs import GlyphSet


async def drawn(cutover: Cutover, looks: list[tuple[str, dict[str, str]]], wanted: Wanted) -> list[str]:
    """What each of the terminals (name, environment) is sent, one after the other in one process."""
    told = []
    async with sessions(cutover) as found:
        for name, environment in looks:
            line = Terminal()
            seen = terminal(name, 100, 30, environment)
            session = line.session = found.open(known(cutover, "lena"), line, seen, wanted)
            await until(line.drawn)
            told.append(line.text)
            session.end()
            await until(lambda line=line: line.code is not None)  # type: ignore[misc]
    return told


@pytest.mark.parametrize("turned", [False, True])
async def test_each_terminal_is_sent_its_own_depth(cutover: Cutover, turned: bool) -> None:
    looks: list[tuple[str, dict[str, str]]] = [("xterm", {"COLORTERM": "truecolor"}), ("xterm", {}), ("screen", {})]
    told = await drawn(cutover, looks[::-1] if turned else looks, Wanted(theme="night-shift"))
    true, eight_bit, standard = told[::-1] if turned else told
    assert "38;2;" in true
    assert "38;2;" not in eight_bit
    assert "38;5;" in eight_bit
    assert "38;2;" not in standard
    assert "38;5;" not in standard


async def test_a_terminal_without_the_signs_gets_ascii(cutover: Cutover) -> None:
    german = [("xterm", {"LANG": f"de_DE.{letters}"}) for letters in ("ISO-8859-1@euro", "UTF-8")]
    latin, able, poor = await drawn(cutover, [*german, ("linux", {})], Wanted())
    assert latin.isascii()
    assert poor.isascii()
    assert not able.isascii()


@pytest.mark.parametrize(
    ("name", "environment", "glyphs"),
    [
        ("xterm", {}, GlyphSet.UNICODE),
        ("xterm", {"LC_ALL": "C.UTF-8", "LANG": "de_DE.ISO-8859-1"}, GlyphSet.UNICODE),
        ("xterm", {"LC_CTYPE": "en_US.ISO-8859-15"}, GlyphSet.ASCII),
        ("xterm", {"WARROOM_GLYPHS": "ascii"}, GlyphSet.ASCII),
        ("vt220", {}, GlyphSet.ASCII),
    ],
)
def test_the_signs_of_a_terminal(name: str, environment: dict[str, str], glyphs: GlyphSet) -> None:
    assert terminal(name, 80, 24, environment).glyphs is glyphs


def test_ascii_and_density_are_asked_for() -> None:
    assert console_of(["open", "--ascii", "--compact"]) == Wanted(ascii_only=True, compact=True, named=True)
