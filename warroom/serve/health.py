"""Whether the server does what it should, for whoever watches it from outside: `/healthz`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from warroom.serve.server import Room
from warroom.store.copies import file_of
from warroom.store.health import NO_ROOM, Check, Health
from warroom.vocabulary.errors import WarroomError

SLOW_S = 1.0
"""A loop that is so late makes everybody wait."""


async def health(room: Room) -> tuple[Check, ...]:
    """What is found now: feed, journal, alert watch, loop, free disk."""
    return (*await room.host.off_loop(lambda: list(_from_disk(room))), _loop(room))


def health_document(found: Sequence[Check]) -> dict[str, Any]:
    """What is found, for programs; a warning alone leaves it in order."""
    return {
        "ok": all(check.health is not Health.FAIL for check in found),
        "checks": {check.name: {"verdict": check.health.value, "found": check.found} for check in found},
    }


def _from_disk(room: Room) -> Iterator[Check]:
    host, state_file = room.host, room.host.state_file
    trouble = host.trouble
    if trouble is not None:
        yield Check("feed", Health.FAIL, trouble.message, trouble.hint)
    else:
        yield Check("feed", Health.OK, f"current, at entry {host.board.seq}")
    try:
        behind = state_file.head().seq - host.board.seq
        age = host.board.recorded_at
        last = "no entry" if age is None else f"last entry {_seconds(state_file.clock.now() - age)} s ago"
        yield Check("journal", Health.OK if behind < 100 else Health.WARN, f"{last}, {behind} not yet shown")
    except WarroomError as error:
        yield Check("journal", Health.FAIL, error.message, error.hint)
    yield _watch(room)
    try:
        free = shutil.disk_usage(file_of(state_file.database).parent).free
        yield Check("disk", Health.OK if free >= NO_ROOM else Health.FAIL, f"{free} bytes free")
    except OSError as error:
        yield Check("disk", Health.FAIL, f"cannot be told: {error.strerror}")


def _watch(room: Room) -> Check:
    host = room.host
    try:
        awake = host.watch_status().awake
    except WarroomError as error:
        return Check("watch", Health.FAIL, error.message, error.hint)
    run = host.board.run
    if awake:
        return Check("watch", Health.OK, "somebody watches for alerts")
    if run is None or run.closed_at is not None:
        return Check("watch", Health.OK, "nobody watches, and no run is open")
    return Check("watch", Health.FAIL, "nobody watches for alerts")


def _loop(room: Room) -> Check:
    late = room.lag.now
    return Check("loop", Health.OK if late < SLOW_S else Health.FAIL, f"{late * 1000:.0f} ms late")


def _seconds(span: timedelta) -> int:
    return max(0, span // timedelta(seconds=1))
