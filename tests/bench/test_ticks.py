"""Durable ticks through the whole action path, against the same tick written by hand on the sqlite module."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

from tests.bench.measure import held
from tests.cutover import caller, document, rehearsing, task
from warroom.actions import steps, tasks
from warroom.store import sqlite

TICKS = 2_000
REF = "A"


class ByHand:
    """A tick as somebody would write it who needs nothing else: precondition, update, chained insert, one commit."""

    def __init__(self, path: Path) -> None:
        engine = sqlite.engine_of(path)
        self.pooled = engine.raw_connection()
        self.connection: Any = self.pooled.driver_connection

    def tick(self, position: int, ticked: bool) -> None:
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        key, ticked_at, state, run_id = execute(
            "SELECT step.id, step.ticked_at, task.state, task.run_id FROM task JOIN step ON step.task_id = task.id"
            " WHERE task.run_id = 1 AND task.ref = ? AND step.position = ?",
            (REF, position),
        ).fetchone()
        assert state == "running"
        assert (ticked_at is None) is ticked
        seq, previous = execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        now = datetime.now(UTC).isoformat()
        execute("UPDATE step SET ticked_at = ?, ticked_by_id = 2 WHERE id = ?", (now if ticked else None, key))
        entry_id = str(uuid4())
        body = json.dumps(
            {
                "action": "step.tick",
                "actor": "omar",
                "changes": [
                    {
                        "after": {"ticked_at": now},
                        "before": {"ticked_at": None},
                        "key": key,
                        "op": "update",
                        "table": "step",
                    }
                ],
                "id": entry_id,
                "previous_hash": previous,
                "recorded_at": now,
                "run": run_id,
                "seq": seq + 1,
                "subject": REF,
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        execute(
            "INSERT INTO journal (seq, id, run_id, subject, recorded_at, run_time, body, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq + 1, entry_id, run_id, REF, now, now, body, sha256(body.encode()).hexdigest()),
        )
        execute("COMMIT")


def test_a_durable_tick(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Target: at least 40 % of the rate of the tick written by hand, waiting for the disk included on both sides."""
    book = document(task(REF, 60, steps=tuple(f"step {number}" for number in range(1, 9))))
    with rehearsing(tmp_path / "ours.db", book) as ours, rehearsing(tmp_path / "hand.db", book) as other:
        for cutover in (ours, other):
            tasks.start(cutover.state_file, caller("omar"), REF)
        hand = ByHand(other.path)
        omar = caller("omar")

        def by_hand(number: int) -> None:
            hand.tick(1 + number // 2 % 8, number % 2 == 0)

        def through_the_action(number: int) -> None:
            act = steps.tick if number % 2 == 0 else steps.untick
            act(ours.state_file, omar, REF, positions=[1 + number // 2 % 8])

        def measured() -> float:
            """By medians of single ticks, taken in turns, so that a busy disk holds both up alike."""
            times: tuple[list[float], list[float]] = ([], [])
            for number in range(TICKS):
                for tick, taken in zip((by_hand, through_the_action), times, strict=True):
                    before = perf_counter()
                    tick(number)
                    taken.append(perf_counter() - before)
            return median(times[0]) / median(times[1])

        measured()
        share = held(measured, lambda found: found >= 0.4)
    record_property("durable tick: share of the rate by hand", round(share, 3))
    assert share >= 0.4
