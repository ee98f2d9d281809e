"""Many processes ticking one state file, each as a person at a terminal of their own."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.cutover import caller, created, document, opened, task
from tests.system.workers import workers
from warroom.actions import steps
from warroom.store.statefile import StateFile
from warroom.store.verify import verify


@dataclass(frozen=True, slots=True)
class Waits:
    """How long each acknowledged tick of all processes took, in seconds, sorted."""

    seconds: tuple[float, ...]
    over: float

    def at(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]

    def __str__(self) -> str:
        p50, p99, longest = (1e3 * value for value in (self.at(0.5), self.at(0.99), self.seconds[-1]))
        rate = len(self.seconds) / self.over
        return f"{rate:.0f} ticks/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {longest:.0f} ms"


def tick(pipe: Connection, path: Path, number: int, pause: float, rounds: int, over: float) -> None:
    """When told to, tick and untick the task of one's own; sends how long each took.

    Args:
        pause: mean seconds between two ticks, at random as people come; 0: one right after the other.
        rounds: ticks at most. over: seconds at most.
    """
    chance = random.Random(number)
    ref, omar = f"A{number}", caller("omar")
    with StateFile.open(path) as state_file:
        pipe.send("ready")
        pipe.recv()
        taken = []
        end = time.monotonic() + over
        for turn in range(rounds):
            if pause:
                time.sleep(chance.expovariate(1 / pause))
            if time.monotonic() > end:
                break
            before = time.perf_counter()
            (steps.tick if turn % 2 == 0 else steps.untick)(state_file, omar, ref, positions=[1])
            taken.append(time.perf_counter() - before)
        pipe.send(taken)


def ticking(path: Path, processes: int, *, pause: float, rounds: int, over: float) -> Waits:
    """So many processes tick a state file made at `path`; afterwards its journal holds all ticks and is sound."""
    created(path, document(*(task(f"A{number}", 60, steps=("step",)) for number in range(processes))))
    with opened(path) as cutover:
        cutover.rehearse()
        for number in range(processes):
            cutover.do("task.start", f"A{number}", by="omar")
        before = cutover.state_file.head().seq
    with workers() as start:
        ticking = [start(tick, path, number, pause, rounds, over) for number in range(processes)]
        for worker in ticking:
            assert worker.answer() == "ready"
        begun = time.monotonic()
        for worker in ticking:
            worker.say("go")
        taken = tuple(sorted(seconds for worker in ticking for seconds in worker.answer()))
        lasted = time.monotonic() - begun
    with opened(path) as cutover:
        assert verify(cutover.state_file).findings == ()
        assert cutover.state_file.head().seq == before + len(taken)
    return Waits(taken, lasted)


def lines(folder: Path, processes: int) -> Iterator[str]:
    """The figures of issue-size loads: people at one tick a second, and everybody as fast as they can."""
    calm = ticking(folder / "calm.db", processes, pause=1.0, rounds=1_000, over=20)
    yield f"{processes} processes, a tick a second each: {calm}"
    saturated = ticking(folder / "saturated.db", processes, pause=0.0, rounds=100_000, over=8)
    yield f"{processes} processes, as fast as they can: {saturated}"
