"""The SSH load test in its short form: a dozen real sessions, a stalled and a hostile one among them. What is asserted
is that nothing is lost; how long it took is for `python -m tests.bench ssh`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bench.consoles import until
from tests.bench.ssh import be_hostile, room, ticks
from tests.serving import needs_ssh
from warroom.board.load import load_board
from warroom.store.statefile import StateFile
from warroom.store.verify import verify

PATIENCE_S = 60.0

pytestmark = [needs_ssh, pytest.mark.about_files]


async def test_a_dozen_sessions_tick_while_one_stalls_and_one_is_hostile(tmp_path: Path) -> None:
    async with room(tmp_path, 12) as opened:
        before = (await opened.server.ask("sessions"))["seq"]
        assert opened.stalled.channel is not None
        opened.stalled.channel.pause_reading()
        hostility = asyncio.create_task(be_hostile(opened.hostile, 4))
        found = await ticks(opened, 20, lambda _: 0.2)
        await hostility
        assert found.missed == 0
        assert len(found.own) == 20
        assert len(found.others) >= len(opened.watchers)
        assert not any(client.ended for client in opened.clients)
        async with asyncio.timeout(PATIENCE_S):  # on a busy machine the last ticks may still be on their way
            while (await opened.server.ask("sessions"))["seq"] < before + 20:
                await asyncio.sleep(0.1)
        taken = opened.stalled.taken
        opened.stalled.channel.resume_reading()
        await until(lambda: opened.stalled.taken > taken, 30)
        # What it was kept from is drawn once, not twenty times.
        assert opened.stalled.taken - taken < 400_000
    with StateFile.open(tmp_path / "ssh.db") as state_file:
        assert verify(state_file).sound
        assert load_board(state_file).seq >= before + 20
