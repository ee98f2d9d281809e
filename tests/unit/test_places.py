"""Where people are: kept beside the state file, and brought back by the next server."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cutover import Cutover
from tests.unit.test_remote_driver import Terminal, known, open_session, until
from warroom.host.shared import SharedHost
from warroom.serve import places as places_module
from warroom.serve.places import beside, places, read_places, write_places
from warroom.serve.server import Lag, Room
from warroom.serve.sessions import Sessions
from warroom.tui.places import Opened
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.filter_bar import FilterBar

PLACE = (Opened("owner", None, "tasks", "DM-03", "late:"), Opened("task", "DM-03", "steps", None))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = beside(tmp_path / "acme.db")
    assert read_places(path) == {}
    write_places(path, {"lena": PLACE})
    write_places(path, {"lena": PLACE, "omar": PLACE[:1]})
    assert read_places(path) == {"lena": PLACE, "omar": PLACE[:1]}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("", {}),
        ("[", {}),
        ("[" * 100_000, {}),
        ("[]", {}),
        ('{"lena": 3, "omar": [3], "mei": [{"name": null}]}', {}),
        ('{"lena": [{"name": "no-such-screen"}]}', {}),
        ('{"lena": [{"name": "what-if", "about": 5}]}', {}),
        ('{"lena": [{"name": "owner", "pane": 7}]}', {}),
        (
            '{"lena": [{"name": "owner", "more": 7}, {"name": "war-room"}]}',
            {"lena": (Opened("owner", None, None, None),)},
        ),
    ],
)
def test_what_cannot_be_read_brings_nobody_anywhere(
    tmp_path: Path, written: str, left: dict[str, tuple[Opened, ...]]
) -> None:
    path = tmp_path / "places"
    path.write_text(written, "utf-8")
    assert read_places(path) == left


async def test_the_next_server_brings_people_back_with_cursor_and_filter(
    cutover: Cutover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, who = tmp_path / "acme.db.places", known(cutover, "omar")
    monkeypatch.setattr(places_module, "KEPT_EVERY_S", 0.05)
    async with SharedHost(cutover.state_file, watching=False) as host, Lag() as lag:
        async with Sessions(host) as found, places(Room(host, found, lag), path=path):
            session = await open_session(found, who, Terminal())
            session.feed(b"/")
            await until(lambda: isinstance(session.app.focused, FilterBar))
            session.feed(b"title\r")
            await until(lambda: not isinstance(session.app.focused, FilterBar))
            session.feed(b"j")
            # As if it were killed in this instant: it is written while the console is open.
            await until(lambda: path.exists() and '"filter": "title"' in path.read_text("utf-8"))
            screen = session.app.screen
            assert isinstance(screen, ConsoleScreen)
            left = screen.pane
            await until(lambda: left.selected is not None)
            selected = left.selected
            await until(lambda: json.loads(path.read_bytes())["omar"][0]["selected"] == selected)
        async with Sessions(host) as found, places(Room(host, found, lag), path=path):
            session = await open_session(found, who, Terminal())

            def back() -> bool:
                screen = session.app.screen
                return isinstance(screen, ConsoleScreen) and screen.pane.sieve is not None

            await until(back)
            screen = session.app.screen
            assert isinstance(screen, ConsoleScreen)
            pane = screen.pane
            assert pane.sieve is not None
            assert pane.sieve.filter.text == "title"
            await until(lambda: pane.selected == selected)
            session.feed(b"\x1b")  # it is left as ever
            await until(lambda: pane.sieve is None)
