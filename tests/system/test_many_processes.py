"""Fifty people at terminals of their own, all at once: everybody is served, and nobody hears of a lock."""

from __future__ import annotations

from pathlib import Path

from tests.bench.processes import ticking

PROCESSES = 50
TICKS = 6


def test_fifty_processes_tick_at_once(tmp_path: Path) -> None:
    """`ticking` verifies the journal; an error of any process would end it without an answer."""
    waits = ticking(tmp_path / "state.db", PROCESSES, pause=0.0, rounds=TICKS, over=60)
    assert len(waits.seconds) == PROCESSES * TICKS
