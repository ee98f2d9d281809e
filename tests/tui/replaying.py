"""Shorthands for tests of replays."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual.pilot import Pilot

from tests.cutover import caller
from tests.tui.stage import WINDOW, Stage, StageHost
from warroom.host.replay import replay
from warroom.tui.app import ConsoleApp
from warroom.tui.looking_back import LookingBack
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.tui.widgets.scrubber import Scrubber

SMALL, MIDDLE = (80, 24), (120, 40)


async def settled(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for whatever they set off."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def text_of(widget: Lines | Pane) -> str:
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


def scrubber_of(app: ConsoleApp) -> list[str]:
    return text_of(app.screen.query_one(Scrubber)).split("\n")


def screen_text(app: ConsoleApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def console_screen(app: ConsoleApp) -> ConsoleScreen:
    assert isinstance(app.screen, ConsoleScreen)
    return app.screen


def toasts(app: ConsoleApp) -> list[str]:
    return [note.message for note in app._notifications]


def past_of(app: ConsoleApp) -> LookingBack:
    assert app.past is not None
    return app.past


def live_host(app: ConsoleApp) -> StageHost:
    assert isinstance(app.live, StageHost)
    return app.live


def still(app: ConsoleApp) -> None:
    """Stop the heartbeat: the test beats."""
    (heartbeat,) = app._timers
    heartbeat.pause()


def at(minutes: float) -> datetime:
    return WINDOW + timedelta(minutes=minutes)


def replaying(stage: Stage, handle: str = "jana") -> ConsoleApp:
    """The console of `warroom replay`."""
    host = replay(stage.state_file, caller(handle), to_now=False)
    return ConsoleApp(host, past=LookingBack(host))
