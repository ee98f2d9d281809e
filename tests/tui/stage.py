"""A console on a real state file whose clock is moved by hand, and scenes of a cutover to show on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import scenes
from tests.cutover import caller, numbered_ids
from warroom.actions import alerts, plan, runs
from warroom.actions.registry import ACTIONS
from warroom.board.board import Board
from warroom.clock.source import SteppedClock
from warroom.host.interface import WatchStatus
from warroom.host.local import LocalHost
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.tui.app import ConsoleApp
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.words import RunKind, VoteChoice

WINDOW = datetime(2026, 11, 27, 17, tzinfo=UTC)
"""Where the window of the first cutover starts: 18:00 in Berlin."""


class StageHost(LocalHost):
    """A host that notes what it was asked to do, and may be told to refuse the next thing."""

    def __init__(self, state_file: StateFile, handle: str, *, read_only: bool = False) -> None:
        super().__init__(state_file, caller(handle), read_only=read_only, watching=False)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusal: WarroomError | None = None
        self.watched = True

    def watch_status(self) -> WatchStatus:
        return WatchStatus("test", self.wall_time(), self.watched)

    async def act(self, action: str, **arguments: Any) -> Board:
        self.calls.append((action, arguments))
        refusal, self.refusal = self.refusal, None
        if refusal is not None:
            raise refusal
        return await super().act(action, **arguments)

    def catch_up(self) -> None:
        """Take in what others wrote, as the feed would."""
        self._catch_up()


class Stage:
    """A state file of a sample runbook, with shorthands to play it."""

    def __init__(self, state_file: StateFile, clock: SteppedClock) -> None:
        self.state_file = state_file
        self.clock = clock

    def to(self, minutes: float) -> None:
        """Move the clock to so many minutes after the start of the window."""
        self.clock.move_to(WINDOW + timedelta(minutes=minutes))

    def do(self, action: str, *subject: str | int, by: str = "jana", **arguments: Any) -> None:
        ACTIONS[action](self.state_file, caller(by), *subject, **arguments)

    def start_run(self, kind: RunKind, name: str | None = None, *, by: str = "jana", **more: Any) -> None:
        runs.start(self.state_file, caller(by), kind=kind, name=name, **more)

    def board(self) -> Board:
        return self.host().board

    def finish(self, ref: str) -> None:
        """Bring a task to its end, now, by whoever may."""
        board = self.board()
        task = board.task(ref)
        assert task is not None
        if task.actual_start is None:
            self.do("task.start", ref, by=board.handle(task.owner_id) or "jana")
        self.tick_all(ref)
        if task.communication is None:
            self.do("task.done", ref, by=board.handle(task.owner_id) or "jana")
        else:
            told_by = caller("jana", board.handle(task.owner_id))
            ACTIONS["task.done"](self.state_file, told_by, ref, reason="told on the bridge")
        self.do("task.verify", ref, by=board.handle(task.verifier_id) or "jana")

    def tick_all(self, ref: str) -> None:
        board = self.board()
        task = board.task(ref)
        assert task is not None
        positions = [step.position for step in board.steps(task.id) if step.ticked_at is None]
        if positions:
            self.do("step.tick", ref, positions=positions)

    def sweep(self) -> None:
        alerts.sweep(self.state_file)

    def host(self, handle: str = "jana", *, read_only: bool = False) -> StageHost:
        return StageHost(self.state_file, handle, read_only=read_only)

    def app(self, handle: str = "jana", *, read_only: bool = False, **options: Any) -> ConsoleApp:
        return ConsoleApp(self.host(handle, read_only=read_only), **options)


@contextmanager
def staged(
    path: Path,
    runbook: str = "first-cutover.yaml",
    lead: str = "jana",
    *,
    played: Callable[[Stage], None] | None = None,
) -> Iterator[Stage]:
    """A state file at `path` with the plan of a sample runbook, brought to a scene such as `evening`.

    Without `played` no run is started, and the clock stands at T-10m.
    """
    clock = SteppedClock(scenes.put(path, _play, runbook, lead, played))
    with StateFile.open(path, clock=clock, new_id=numbered_ids(10_000)) as state_file:
        yield Stage(state_file, clock)


def _play(path: Path, runbook: str, lead: str, played: Callable[[Stage], None] | None) -> datetime:
    """Make it, and say what its clock shows then."""
    clock = SteppedClock(WINDOW - timedelta(minutes=10))
    document = read_runbook(folder("sample_runbooks") / runbook)
    plan.init(path, document, name=runbook, handle=lead, clock=clock, new_id=numbered_ids())
    if played is not None:
        with StateFile.open(path, clock=clock, new_id=numbered_ids(1_000)) as state_file:
            played(Stage(state_file, clock))
    return clock.now()


def second_mock(stage: Stage) -> None:
    """A rehearsal of a real-size plan, ana's, has just started."""
    stage.start_run(RunKind.REHEARSAL, "Mock 2", by="ana")


def evening(stage: Stage) -> None:
    """Live at T+1h32: a load runs late, a task is blocked, two alerts are open, a gate asks for votes."""
    stage.start_run(RunKind.LIVE)
    stage.to(0)
    stage.do("task.start", "DM-01", by="jana")
    stage.to(5)
    stage.finish("DM-01")
    stage.do("task.start", "DM-02", by="imogen")
    stage.do("task.start", "DM-03", by="greta")
    stage.to(14)
    stage.finish("DM-02")
    stage.to(27)
    stage.finish("DM-03")
    stage.do("task.start", "DM-04", by="tomasz")
    stage.to(33)
    stage.finish("DM-04")
    stage.do("task.start", "DM-05", by="tomasz")
    stage.do("task.start", "DM-06", by="greta")
    stage.to(47)
    stage.finish("DM-05")
    stage.do("task.start", "DM-07", by="rahul")
    stage.do("task.block", "DM-06", by="greta", reason="The stock report prints no totals, IT looks at it")
    stage.to(60)
    stage.do("step.tick", "DM-07", by="rahul", positions=[1])
    stage.to(80)
    stage.sweep()
    stage.to(84)
    stage.do("task.eta", "DM-07", by="rahul", eta=WINDOW + timedelta(minutes=105), reason="rejects in the item file")
    stage.sweep()
    stage.to(92)


def night(stage: Stage) -> None:
    """Later the same evening: the data sign-off asks for votes, and the forecast lies beyond the window."""
    evening(stage)
    stage.to(120)
    stage.finish("DM-07")
    stage.do("task.unblock", "DM-06", by="greta")
    stage.finish("DM-06")
    stage.do("task.start", "DM-08", by="rahul")
    stage.do("task.start", "DM-09", by="sofie")
    stage.to(150)
    stage.finish("DM-08")
    stage.finish("DM-09")
    stage.do("task.start", "DM-10", by="greta")
    stage.to(165)
    stage.finish("DM-10")
    stage.do("task.start", "DM-11", by="matteo")
    stage.to(200)
    stage.finish("DM-11")
    stage.do("gate.vote", "DM-12", by="matteo", choice=VoteChoice.GO)
    stage.sweep()
    stage.to(206)
