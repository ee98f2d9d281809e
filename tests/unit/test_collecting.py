"""When the garbage of all consoles is collected."""

from __future__ import annotations

import asyncio
import gc

import pytest

from warroom.serve.collecting import AT_LATEST_S, NEVER, NOT_BEFORE_S, QUIET_S, Collector


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    found: list[None] = []
    monkeypatch.setattr(gc, "collect", lambda: found.append(None))
    return found


async def test_only_when_nobody_types_or_at_the_latest(collected: list[None]) -> None:
    quiet_for = 0.0
    async with Collector(lambda: quiet_for) as collector:
        start = asyncio.get_running_loop().time()
        collector.look(start + NOT_BEFORE_S + 1)
        assert not collected, "somebody types"
        quiet_for = QUIET_S
        collector.look(start + NOT_BEFORE_S / 2)
        assert not collected, "there is little to collect"
        collector.look(start + NOT_BEFORE_S + 2)
        assert len(collected) == 1
        collector.look(start + NOT_BEFORE_S + 4)
        assert len(collected) == 1
        quiet_for = 0.0
        collector.look(start + NOT_BEFORE_S + 2 + AT_LATEST_S)
        assert len(collected) == 2


async def test_the_interpreter_begins_none_meanwhile() -> None:
    before = gc.get_threshold()
    async with Collector(lambda: 0.0):
        assert gc.get_threshold() == (*before[:2], NEVER)
    assert gc.get_threshold() == before
