"""Where somebody is in the console, so that they can be brought back there: screens, what is selected, the filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from warroom.tui.app import ConsoleApp
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.first import ASIDE, FIRST
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.pane import Pane


@dataclass(frozen=True, slots=True)
class Opened:
    """A screen: its name, the task that it is about, the pane and the task on which the cursor stands, and what that
    pane is narrowed down to, as it was typed."""

    name: str
    about: str | None
    pane: str | None
    selected: str | None
    filter: str | None = None


Place = tuple[Opened, ...]
"""The screens from the first to the one on top."""


def place_of(app: ConsoleApp) -> Place:
    """Where somebody is; empty where there is nothing to come back to."""
    found: list[Opened] = []
    for screen in app.screen_stack:
        known = isinstance(screen, TaskScreen) or getattr(screen, "SCREEN_NAME", None) in (
            FIRST if not found else ASIDE
        )
        if not isinstance(screen, ConsoleScreen) or not known or not screen.query(Pane):
            break
        about = screen.ref if isinstance(screen, AsideScreen) else None
        pane = screen.pane
        narrowed = None if pane.sieve is None else pane.sieve.filter.text
        found.append(Opened(screen.SCREEN_NAME, about, pane.id, pane.selected, narrowed))
    return tuple(found)


def go_to(app: ConsoleApp, place: Place, arrived: Callable[[], None]) -> None:
    """Bring somebody back. The app shows the first screen of the place already; what is gone meanwhile is left out.

    Args:
        arrived: called once they are there.
    """
    _open(app, place)
    app.call_after_refresh(arrived)


def _open(app: ConsoleApp, place: Place) -> None:
    board = app.host.board
    if place:
        _select(app, place[0])
    for opened in place[1:]:
        if opened.name == TaskScreen.SCREEN_NAME:
            if opened.about is None or board.task(opened.about) is None:
                return
            app.show_task(opened.about)
        else:
            app.show_beside(opened.name, opened.about)
        app.call_after_refresh(_select, app, opened)


def _select(app: ConsoleApp, opened: Opened) -> None:
    screen = next((one for one in app.screen_stack if getattr(one, "SCREEN_NAME", None) == opened.name), None)
    if not isinstance(screen, ConsoleScreen):
        return
    pane = next((pane for pane in screen.query(Pane) if pane.id == opened.pane), None)
    if pane is None:
        return
    if pane.can_focus:
        pane.focus()
    if opened.filter is not None and pane.can_filter:
        screen.narrow(pane, opened.filter)
    if opened.selected is None:
        return
    item = next((item for item in range(pane.item_count) if pane.ref_at(item) == opened.selected), None)
    if item is not None:
        pane.move_to(item)
