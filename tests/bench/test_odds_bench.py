"""How long a key waits while the odds of a large plan are reckoned (DESIGN section 7: an absolute figure, reported and
never asserted)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from textual.events import Key

from tests.bench.test_schedule_bench import random_plan
from tests.cutover import START, document, opened
from tests.tui.stage import StageHost
from warroom.actions import plan
from warroom.clock.source import SteppedClock
from warroom.runbook.document import PlannedLink, PlannedTask, RunbookDocument
from warroom.tui.app import ConsoleApp
from warroom.tui.timeline.widget import Timeline

TASKS = 1_200


def large_plan() -> RunbookDocument:
    activities, links = random_plan(TASKS)
    after: dict[str, list[PlannedLink]] = {}
    for link in links:
        after.setdefault(link.successor, []).append(PlannedLink(link.predecessor, link.lag))
    tasks = (
        PlannedTask(
            activity.key,
            activity.key,
            owner="omar",
            duration_s=activity.duration,
            duration_low_s=activity.duration * 7 // 10,
            duration_high_s=activity.duration * 16 // 10,
            links=tuple(after.get(activity.key, ())),
        )
        for activity in activities
    )
    return document(*tasks, hours=400)


async def pressed(app: ConsoleApp, times: int) -> float:
    """Milliseconds from a key to the cursor's new place."""
    timeline = app.screen.query_one(Timeline)
    before, began = timeline.cursor, perf_counter()
    app.post_message(Key("down" if times % 40 < 20 else "up", None))
    while timeline.cursor == before:
        await asyncio.sleep(0.0005)
    taken = (perf_counter() - began) * 1000
    await asyncio.sleep(0.01)
    return taken


async def test_keys_while_the_odds_are_reckoned(
    tmp_path: Path, record_property: Callable[[str, object], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a slow machine the heartbeat would reckon them before they are asked for.
    monkeypatch.setattr(ConsoleApp, "_heartbeat", lambda _: None)
    path = tmp_path / "state.db"
    plan.init(path, large_plan(), name="large.yaml", handle="lena", clock=SteppedClock(START))
    with opened(path) as cutover:
        cutover.rehearse()
        app = ConsoleApp(StageHost(cutover.state_file, "lena"))
        async with app.run_test(size=(160, 45)) as pilot:
            await pilot.pause()
            quiet = sorted([await pressed(app, times) for times in range(60)])
            began = perf_counter()
            first = None
            waits: list[float] = []
            app.odds.reckon()
            while app.odds.known is None or not app.odds.known.final:
                waits.append(await pressed(app, len(waits)))
                if first is None and app.odds.known is not None:
                    first = perf_counter() - began
            everything = perf_counter() - began
    waits.sort()
    for name, taken in (("quiet", quiet), ("reckoning", waits)):
        middle, late = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
        record_property(f"key_ms_{name}", (round(middle, 1), round(late, 1)))
        print(f"{name}: a key takes {middle:.1f} ms, p95 {late:.1f} ms, of {len(taken)}")
    print(f"{TASKS} tasks: first figure after {first or everything:.2f} s, 10,000 trials after {everything:.2f} s")
    assert app.odds.known is not None
