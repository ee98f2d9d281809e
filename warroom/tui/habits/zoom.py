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


def zoom(screen: Screen[Any], pane: Pane) -> bool:
    """Give the pane the room of all others; header and footer stay. False where there is no other pane: nothing is
    changed then."""
    inside: Widget = pane
    around_it: list[Widget] = []
    set_aside: list[Widget] = []
    while inside is not screen and isinstance(around := inside.parent, Widget):
        around_it.append(inside)
        set_aside += (
            other
            for other in around.children
            if other is not inside and (around is not screen or isinstance(other, Pane | Container))
        )
        inside = around
    if not any(other.display for other in set_aside):
        return False
    for widget in around_it:
        widget.add_class(ZOOMED)
    for widget in set_aside:
        widget.add_class(SET_ASIDE)
    return True


def unzoom(screen: Screen[Any]) -> None:
    """Show all panes again."""
    for name in (ZOOMED, SET_ASIDE):
        screen.query(f".{name}").remove_class(name)
