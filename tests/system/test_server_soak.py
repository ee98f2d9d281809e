"""Half an hour of a server, in simulated minutes: people come, act, shout, look and go, and nothing is left of them."""

from __future__ import annotations

import asyncio
import gc
import os
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.browsable import Served, browsable
from tests.tui.stage import Stage, evening, staged
from warroom.model.presence import Presence
from warroom.serve.console import ServedConsole
from warroom.serve.links import Secret
from warroom.serve.sessions import Known, Session
from warroom.serve.transport import Depth, Terminal
from warroom.serve.wall import Nowhere
from warroom.serve.wanted import Wanted
from warroom.store.copies import file_of

MINUTES = 240 if os.environ.get("WARROOM_SOAK") else 30
WARM = 10
SPARE_FILES = 12
"""A connection to the state file has three, and there are a few more of them when many threads read at once."""
HANDLES = ("rahul", "greta", "sofie")


def opened(served: Served, handle: str) -> Session:
    person = served.room.host.board.person_called(handle)
    assert person is not None
    known = Known(person.id, handle, "test")
    return served.room.sessions.open(known, Nowhere(), Terminal("xterm", 100, 30, Depth.EIGHT_BIT), Wanted())


async def until_it_stands(session: Session, seq: int) -> None:
    while not session.app.is_running or session.app.picture.board.seq < seq:
        await asyncio.sleep(0.01)


async def minute(served: Served, stage: Stage, number: int, link: str) -> None:
    """Everybody comes, one shouts, one notes, one looks by browser, and all go."""
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=1))
    host = served.room.host
    sessions = [opened(served, handle) for handle in HANDLES]
    stage.do("shout", f"Minute {number}", by="jana")
    stage.do("task.note", "DM-07", by="rahul", text=f"minute {number}")
    seq = stage.state_file.head().seq
    for session in sessions:
        await until_it_stands(session, seq)
        session.app.call_later(session.app.beat)
        session.feed(b"N\x1b")
    await host.off_loop(host.attendance.exchange)
    async with aiohttp.ClientSession() as client:
        async with client.get(link + "events") as events:
            await events.content.readline()
        async with client.get(link + "picture.svg") as picture:
            assert picture.status == 200
        assert f"warroom_sessions {float(len(HANDLES))}" in await measured(client, served)
    for session in sessions:
        session.end()
    for session in sessions:
        await session.ended.wait()
    await host.off_loop(host.attendance.exchange)


async def measured(client: aiohttp.ClientSession, served: Served) -> str:
    async with client.get(served.base + "/metrics") as metrics:
        return await metrics.text()


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def consoles_alive() -> int:
    gc.collect()
    return sum(isinstance(one, ServedConsole) for one in gc.get_objects())


async def what_is_there(served: Served) -> dict[str, int]:
    """What there is once everybody has gone, that of the browser view aside."""
    async with aiohttp.ClientSession() as client:
        while "warroom_browser_viewers 0.0" not in await measured(client, served):
            await asyncio.sleep(0.01)
    return {
        "told": len(served.room.host.hub._callbacks),
        "connected": len(served.room.host.attendance.connected()),
        # Widgets of the wall, which have a pump each, come and go with what it shows; lines just closed linger.
        "tasks": sum(not task.get_name().startswith(("message pump", "Task-")) for task in asyncio.all_tasks()),
    }


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_nothing_grows(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db", played=evening) as stage:
        token = Secret.beside(file_of(stage.state_file.database)).token(stage.clock.now() + timedelta(days=2))
        async with browsable(stage.state_file) as served:
            link = f"{served.base}/wall/{token}/"
            before: dict[str, int] = {}
            files = 0
            for number in range(1, MINUTES + 1):
                await minute(served, stage, number, link)
                if number == WARM:
                    before, files = await what_is_there(served), open_files()
            after = await what_is_there(served)
            assert after == before
            assert open_files() <= files + SPARE_FILES
            # Textual's caches of keys hold the consoles of those who pressed the last ones, timers those just ended.
            while consoles_alive() > 1 + 2 * len(HANDLES):
                await asyncio.sleep(0.5)
            assert len(served.room.sessions) == 0
            with stage.state_file.read() as reader:
                assert reader.find(Presence) == []
