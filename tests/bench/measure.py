"""How benchmarks measure: medians, taken in turns, so that a busy moment hits every contender alike."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import TypeVar

from tests.soaking import times

ROUNDS = times(short=3, whole=7)
TRIES = 4

F = TypeVar("F")


def medians(
    *contenders: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = process_time
) -> list[float]:
    """The median seconds of each contender over `rounds` turns, of CPU unless `clock` is another.

    Each turn runs it once untimed, so that the time is a warm one and not that of reloading caches which the
    other contender has filled. Garbage is collected between the turns and not within: that costs what happens to be
    alive in the process, of which earlier tests leave more or less.
    """
    times: list[list[float]] = [[] for _ in contenders]
    try:
        for _ in range(rounds):
            for contender, taken in zip(contenders, times, strict=True):
                gc.enable()
                contender()
                gc.collect()
                gc.disable()
                before = clock()
                contender()
                taken.append(clock() - before)
    finally:
        gc.enable()
    return [median(taken) for taken in times]


def ratio(reference: Callable[[], object], ours: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """How many times longer the reference takes than ours, by medians of CPU time of one run."""
    reference_time, our_time = medians(reference, ours, rounds=rounds)
    return reference_time / our_time


def held(measured: Callable[[], F], within: Callable[[F], bool]) -> F:
    """A figure, or several, measured anew where a noisy machine put it outside its target, up to `TRIES` times: what
    has become dearer is outside each time. The last one counts."""
    for _ in range(TRIES - 1):
        if within(figure := measured()):
            return figure
    return measured()
