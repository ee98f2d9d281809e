"""What a timeline of 20,000 tasks costs beside one of 200, on a terminal that takes everything and counts it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import process_time

from rich.console import Console
from textual.app import App, ComposeResult
from textual.driver import Driver

from tests.bench.consoles import CountingDriver
from tests.bench.measure import held
from tests.cutover import START, document, task
from warroom.board.board import Board
from warroom.board.from_runbook import bare_board
from warroom.clock.times import iso_utc
from warroom.host.interpreter import quick_to_answer
from warroom.rules.permissions import actor_on
from warroom.tui.look.themes import DOMAIN_COLOURS
from warroom.tui.picture.picture import Picture, picture_of
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.journal import Change, Entry, Operation
from warroom.vocabulary.words import Assurance, TaskState, Via

FEW, MANY = 200, 20_000
SIZE = (200, 60)
ROUNDS = 5
FRAME_S = 0.02
STILL = 3
"""Frames without a byte, after which all is written; on a busy machine one may pass before the next is painted."""
CHANGE_BYTES = 2_000


class Stand(App[None]):
    """Nothing but a timeline, on a terminal of true colour."""

    CSS = "Timeline { width: 1fr; height: 1fr; scrollbar-size-vertical: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self._capture_stdout, self._capture_stderr = sys.stdout, sys.stderr  # type: ignore[assignment]
        self.console = Console(
            color_system="truecolor", file=self.console.file, legacy_windows=False, _environ={}, force_terminal=True
        )

    def get_driver_class(self) -> type[Driver]:
        return CountingDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DOMAIN_COLOURS

    def compose(self) -> ComposeResult:
        return iter(())

    @property
    def driver(self) -> CountingDriver:
        assert isinstance(self._driver, CountingDriver)
        return self._driver


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and bytes to the terminal."""

    seconds: float
    bytes: int


async def cost(app: Stand, act: Callable[[], Awaitable[object] | None]) -> Cost:
    """What it costs until the terminal has been given all that follows."""
    before, began = app.driver.bytes, process_time()
    with app._context():
        outcome = act()
        if outcome is not None:
            await outcome
    seen, still = before, 0
    while app.driver.bytes == before or still < STILL:
        await asyncio.sleep(FRAME_S)
        still = still + 1 if app.driver.bytes == seen else 0
        seen = app.driver.bytes
    return Cost(process_time() - began, app.driver.bytes - before)


def board_of(count: int) -> Board:
    """Phases of a hundred tasks, each task behind the one that stands a phase earlier."""
    planned = (
        task(
            f"T{number}", 30 + number % 45, *([f"T{number - 100}"] if number >= 100 else []), phase=f"P{number // 100}"
        )
        for number in range(count)
    )
    return bare_board(document(*planned, hours=12))


def pictured(board: Board) -> Picture:
    return picture_of(board, START, actor_on(board, "lena", START))


def changed(board: Board, ref: str) -> Board:
    """The Board after the task was started."""
    found = board.task(ref)
    assert found is not None
    after = {"state": TaskState.RUNNING.value, "actual_start": iso_utc(START + timedelta(minutes=3))}
    entry = Entry(
        seq=board.seq + 1,
        id="1",
        run=None,
        recorded_at=START,
        run_time=START,
        effective_at=START,
        actor="lena",
        done_by="lena",
        assurance=Assurance.CLAIMED,
        via=Via.CLI,
        action="task.start",
        subject=ref,
        reason=None,
        changes=(Change(Operation.UPDATE, "task", found.id, {}, after),),
        schema=1,
        previous_hash="",
        hash="",
    )
    return board.apply([entry])


@dataclass(frozen=True)
class Costs:
    """Medians of one size: CPU seconds, and the bytes of a change."""

    paint: float
    scroll: float
    change: float
    change_bytes: float


async def measured() -> dict[int, Costs]:
    """All sizes by turns, so that a busy moment hits each alike."""
    boards = {count: board_of(count) for count in (FEW, MANY)}
    pictures = {count: pictured(board) for count, board in boards.items()}
    later = {count: pictured(changed(board, "T5")) for count, board in boards.items()}
    app = Stand()
    running = asyncio.create_task(app.run_async(size=SIZE))
    while not (isinstance(app._driver, CountingDriver) and app.driver.bytes):
        await asyncio.sleep(FRAME_S)
    paints: dict[int, list[float]] = {FEW: [], MANY: []}
    scrolls: dict[int, list[float]] = {FEW: [], MANY: []}
    changes: dict[int, list[float]] = {FEW: [], MANY: []}
    written: dict[int, list[int]] = {FEW: [], MANY: []}
    for _ in range(ROUNDS):
        for count in (FEW, MANY):
            timeline = Timeline()

            async def mount(shown: Timeline = timeline, picture: Picture = pictures[count]) -> None:
                await app.mount(shown)
                shown.show(picture)

            def change(shown: Timeline = timeline, picture: Picture = later[count]) -> None:
                shown.show(picture)

            def scroll(shown: Timeline = timeline) -> None:
                shown.scroll_relative(y=1, animate=False)

            painted = await cost(app, mount)
            assert painted.bytes > 10_000, "the whole screen was painted"
            paints[count].append(painted.seconds)
            one = await cost(app, change)
            assert one.bytes, "the change was shown"
            changes[count].append(one.seconds)
            written[count].append(one.bytes)
            for _ in range(3):
                scrolls[count].append((await cost(app, scroll)).seconds)
            await timeline.remove()
    app.exit()
    await running
    return {
        count: Costs(median(paints[count]), median(scrolls[count]), median(changes[count]), median(written[count]))
        for count in (FEW, MANY)
    }


def costs() -> tuple[Costs, Costs]:
    with quick_to_answer():
        found = asyncio.run(measured())
    return found[FEW], found[MANY]


def ratios_of(few: Costs, many: Costs) -> dict[str, float]:
    return {"paint": many.paint / few.paint, "scroll": many.scroll / few.scroll, "change": many.change / few.change}


def within_targets(ratios: dict[str, float]) -> bool:
    return ratios["paint"] <= 3 and ratios["scroll"] <= 1.5


def test_twenty_thousand_tasks_cost_hardly_more_than_two_hundred(
    record_property: Callable[[str, object], None],
) -> None:
    few, many = held(costs, lambda found: within_targets(ratios_of(*found)))
    ratios = ratios_of(few, many)
    for name, ratio in ratios.items():
        record_property(f"timeline_{name}_ratio", round(ratio, 2))
    record_property("timeline_change_bytes", many.change_bytes)
    print(f"{few}\n{many}\n{ratios}")
    assert within_targets(ratios)
    assert many.change_bytes <= CHANGE_BYTES
    assert few.change_bytes <= CHANGE_BYTES
