"""What cannot be used of the files that a person wrote for the console, told in the console itself."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import App
from textual.theme import Theme

from warroom.tui.doing.stand import Console
from warroom.tui.look.readable import READABLE, hard_to_read
from warroom.tui.look.themes import FailedTheme
from warroom.vocabulary.text import one_line

MOST_TOLD = 3
"""So many colours that are hard to read are named."""


def say_failed_themes(app: App[None], failed: Iterable[FailedTheme]) -> None:
    _say(app, "Themes that cannot be used", [f"{theme.file}: {theme.reason}" for theme in failed])


def say_keymap_faults(app: App[None], faults: Iterable[str]) -> None:
    _say(app, "Keys that cannot be used (keymap.toml)", faults)


def say_hard_to_read(app: Console, theme: Theme) -> None:
    """Tell which colours of the theme that is shown are hard to read; it can be used all the same. Without
    colours there is none to tell."""
    found = hard_to_read(theme) if theme.name in app.own_themes and not app.no_color else []
    said = [f"{ink} on {ground}: {ratio:.1f}, and {READABLE} is wanted" for ink, ground, ratio in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        said.append(f"and {len(found) - MOST_TOLD} more")
    _say(app, f"Hard to read in {theme.name}, by contrast", said)


def _say(app: App[None], title: str, lines: Iterable[str]) -> None:
    said = "\n".join(map(one_line, lines))
    if said:
        app.notify(said, title=title, severity="warning", timeout=20, markup=False)
