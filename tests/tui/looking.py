"""Pressing keys on a console and reading what it shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from tests.tui.stage import StageHost
from warroom.board.rows import Task
from warroom.tui.app import ConsoleApp
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.timeline.widget import Timeline

SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 60)
SIZES = {"80x24": SMALL, "120x40": MIDDLE, "200x60": LARGE}

_CHARACTERS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "space": " ", "backspace": "\x7f"}
"""What terminals send for keys that have a name of their own."""


class SnapCompare(Protocol):
    """The fixture of the snapshot tests."""

    def __call__(
        self,
        app: ConsoleApp,
        *,
        terminal_size: tuple[int, int] = ...,
        press: list[str] = ...,
        run_before: Callable[[Pilot[None]], Awaitable[None]] = ...,
    ) -> bool: ...


async def settled(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for whatever they set off."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def shown(app: ConsoleApp) -> str:
    """All that is on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def toasts(app: ConsoleApp) -> list[str]:
    return [note.message for note in app._notifications]


def host_of(app: ConsoleApp) -> StageHost:
    assert isinstance(app.host, StageHost)
    return app.host


def task_of(app: ConsoleApp, ref: str) -> Task:
    task = app.host.board.task(ref)
    assert task is not None
    return task


def console_screen(app: ConsoleApp) -> ConsoleScreen:
    assert isinstance(app.screen, ConsoleScreen)
    return app.screen


def select(app: ConsoleApp, ref: str) -> None:
    app.screen.query_one(Timeline).go_to(ref)


def still(app: ConsoleApp) -> None:
    """Stop the heartbeat: the test beats."""
    (heartbeat,) = app._timers
    heartbeat.pause()


async def caught_up(app: ConsoleApp, pilot: Pilot[None]) -> None:
    """Let the console take in what others wrote."""
    host_of(app).catch_up()
    await settled(pilot)


async def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Press keys so fast that none is done when the next comes, as a client that pastes does; then wait for all."""
    app = pilot.app
    assert app._driver is not None
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        character = key if len(key) == 1 else _CHARACTERS.get(name)
        event = Key(name, character)
        event.set_sender(app)
        app._driver.send_message(event)
    await pilot.pause()
    with suppress(WorkerCancelled):  # what was begun on a screen that has been left
        await app.workers.wait_for_complete()
    await pilot.pause()
