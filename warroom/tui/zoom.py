"""One pane for the whole screen, and back."""

from __future__ import annotations

from typing import Any

from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from warroom.tui.widgets.pane import Pane

ZOOMED, SET_ASIDE = "-zoomed", "-set-aside"


def is_zoomed(screen: Screen[Any]) -> bool:
    """Whether one pane has the screen for itself."""
    return bool(screen.query(f".{ZOOMED}"))


def zoom(screen: Screen[Any], pane: Pane) -> None:
    """Give the pane the room of all others; header and footer stay."""
    inside: Widget = pane
    while isinstance(around := inside.parent, Widget):
        inside.add_class(ZOOMED)
        for other in around.children:
            if other is not inside and (around is not screen or isinstance(other, Pane | Container)):
                other.add_class(SET_ASIDE)
        if around is screen:
            return
        inside = around


def unzoom(screen: Screen[Any]) -> None:
    """Show all panes again."""
    for name in (ZOOMED, SET_ASIDE):
        screen.query(f".{name}").remove_class(name)
