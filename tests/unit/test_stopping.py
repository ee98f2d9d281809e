"""How a server stops: with leave taken, in a hurry, at once."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tests.cutover import Cutover
from tests.unit.test_remote_driver import Terminal, known, open_session, until
from warroom.host.shared import SharedHost
from warroom.serve import server
from warroom.serve.sessions import Sessions
from warroom.serve.stopping import Stop


async def test_who_is_told_to_hurry_waits_for_nobody(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "WARNING_S", 3_600.0)
    host, stop = SharedHost(cutover.state_file, watching=False), Stop()
    found = Sessions(host)
    serving = asyncio.create_task(server.serve(host, found, (), stop=stop, tell=print))
    await asyncio.sleep(0)
    lines = [Terminal() for _ in range(2)]
    for line in lines:
        await open_session(found, known(cutover, "lena"), line)
    stop.tell()
    await until(lambda: all("the server stops in a moment" in line.text for line in lines))
    assert not serving.done()
    stop.tell()
    await serving
    assert all(server.GOODBYE in line.text and line.code == 1 for line in lines)


async def test_the_third_signal_is_the_systems() -> None:
    stop, number = Stop(), signal.SIGUSR1
    before = signal.getsignal(number)
    try:
        stop.on_signals([number])
        for event in (stop.told, stop.hurried):
            assert not event.is_set()
            os.kill(os.getpid(), number)
            await event.wait()
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)


async def test_what_is_waited_for_ends_by_itself_too() -> None:
    stop = Stop()
    await stop.unless_hurried(asyncio.sleep(0), 3_600)
    await stop.unless_hurried(asyncio.Event().wait(), 0.01)
    stop.tell()
    stop.tell()
    await stop.unless_hurried(asyncio.Event().wait(), 3_600)
