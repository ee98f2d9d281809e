"""The colours of the shipped themes: they can be read, and statuses are told apart, whoever looks and on what."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import combinations

import pytest
from rich.color import Color as TerminalColour
from rich.color import ColorSystem
from textual.color import Color

from warroom.resources import folder
from warroom.tui.look.readable import READABLE, WRITTEN, colours_of, contrast
from warroom.tui.look.themes import DOMAIN_COLOURS, MONO_THEME, SIXTEEN_THEME, load_themes

Linear = tuple[float, float, float]
"""Red, green and blue as amounts of light, from 0 to 1."""

THEMES: dict[str, Mapping[str, str]] = {
    loaded.theme.name: colours_of(loaded.theme) for loaded in load_themes([folder("themes")])[0]
}
ACROSS_A_ROOM = 7.0
"""The contrast of text that WCAG 2.2 asks for at its level AAA."""

STATUSES = ("waiting", "ready", "running", "verifying", "blocked", "done", "failed", "pushed")
"""One status of each colour: skipped is shown as waiting is, late as failed is."""

APART = 6.0
"""How far two statuses must be apart; by about 2 (of 100 from black to white) two colours are just told apart."""

# Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# at severity 1: what an eye without one of its three cones makes of linear red, green and blue.
VISIONS: dict[str, tuple[Linear, Linear, Linear]] = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> Linear:
    """A colour as light: the transfer function of sRGB (IEC 61966-2-1) undone."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in Color.parse(colour).normalized
    )
    return red, green, blue


def times(rows: Iterable[Linear], colour: Linear) -> Linear:
    red, green, blue = (sum(weight * part for weight, part in zip(row, colour, strict=True)) for row in rows)
    return red, green, blue


def lab(colour: Linear) -> Linear:
    """Lightness and two axes of colour in Oklab (Ottosson 2020), in which equal steps look equally large; times 100."""
    cones = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        colour,
    )
    long, middle, short = (100 * cone ** (1 / 3) for cone in cones)
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        (long, middle, short),
    )


def apart(one: str, other: str, vision: str | None) -> float:
    """How different two colours look to an eye."""

    def seen(colour: str) -> Linear:
        light = linear(colour)
        if vision is not None:
            red, green, blue = (min(1.0, max(0.0, part)) for part in times(VISIONS[vision], light))
            light = red, green, blue
        return lab(light)

    return math.dist(seen(one), seen(other))


def as_shown(colour: str, colours: ColorSystem) -> str:
    """The colour that a terminal of so many colours shows."""
    return TerminalColour.parse(Color.parse(colour).hex).downgrade(colours).get_truecolor().hex


def test_the_formulas_are_those_that_are_cited() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert apart("#000000", "#ffffff", None) == pytest.approx(100, abs=0.01)
    assert apart("#ff0000", "#ff0000", "deutan") == 0
    # Red and green of one lightness, which is what such an eye confuses.
    assert apart("#b06000", "#708000", "deutan") < apart("#b06000", "#708000", None) / 3


@pytest.mark.parametrize("name", THEMES)
def test_whatever_is_written_can_be_read_on_every_ground(name: str) -> None:
    colours = THEMES[name]
    least = ACROSS_A_ROOM if name == "projector" else READABLE
    found = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2) for ink, ground in WRITTEN}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def close(name: str, vision: str | None) -> dict[str, float]:
    """The pairs of statuses that are too close in a theme."""
    found = {
        f"{one} {other}": round(apart(THEMES[name][f"status-{one}"], THEMES[name][f"status-{other}"], vision), 1)
        for one, other in combinations(STATUSES, 2)
    }
    return {pair: distance for pair, distance in found.items() if distance < APART}


@pytest.mark.parametrize("name", [name for name in THEMES if name not in (MONO_THEME, SIXTEEN_THEME)])
def test_statuses_are_told_apart(name: str) -> None:
    assert close(name, None) == {}


@pytest.mark.parametrize(
    ("name", "vision"), [("deuteranopia", "deutan"), ("deuteranopia", "protan"), ("tritanopia", "tritan")]
)
def test_statuses_are_told_apart_by_the_eyes_that_a_theme_is_for(name: str, vision: str) -> None:
    assert close(name, vision) == {}
    assert close("night-shift", vision) != {}  # which is why there is another


@pytest.mark.parametrize("name", [name for name in THEMES if name != SIXTEEN_THEME])
def test_256_colours_can_be_read(name: str) -> None:
    colours = {ink: as_shown(THEMES[name][ink], ColorSystem.EIGHT_BIT) for ink in {part for p in WRITTEN for part in p}}
    found = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2) for ink, ground in WRITTEN}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 3.0} == {}


def test_sixteen_colours_are_shown_as_they_are_written() -> None:
    shown: dict[int | None, set[str]] = {}
    for ink in {part for pair in WRITTEN for part in pair} | {*DOMAIN_COLOURS}:
        colour = THEMES[SIXTEEN_THEME][ink]
        shown.setdefault(TerminalColour.parse(colour).downgrade(ColorSystem.STANDARD).number, set()).add(colour.lower())
    assert {number: colours for number, colours in shown.items() if len(colours) > 1} == {}
    assert close(SIXTEEN_THEME, None).keys() == {"ready pushed"}  # two of eight share one of seven that can be read


@pytest.mark.parametrize("name", THEMES)
def test_a_live_run_is_never_taken_for_a_rehearsal(name: str) -> None:
    colours = THEMES[name]
    assert apart(colours["run-live"], colours["run-rehearsal"], None) >= APART
    for vision in VISIONS:
        assert name == MONO_THEME or apart(colours["run-live"], colours["run-rehearsal"], vision) >= APART
