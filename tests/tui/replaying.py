"""Shorthands for tests of replays."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cutover import caller
from tests.tui.stage import WINDOW, Stage, StageHost
from warroom.host.replay import replay
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.replay.widget import Scrubber
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane


def text_of(widget: Lines | Pane) -> str:
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


def scrubber_of(app: ConsoleApp) -> list[str]:
    return text_of(app.screen.query_one(Scrubber)).split("\n")


def past_of(app: ConsoleApp) -> LookingBack:
    assert app.past is not None
    return app.past


def live_host(app: ConsoleApp) -> StageHost:
    assert isinstance(app.live, StageHost)
    return app.live


def at(minutes: float) -> datetime:
    return WINDOW + timedelta(minutes=minutes)


def replaying(stage: Stage, handle: str = "jana") -> ConsoleApp:
    """The console of `warroom replay`."""
    host = replay(stage.state_file, caller(handle), to_now=False)
    return ConsoleApp(host, past=LookingBack(host))
