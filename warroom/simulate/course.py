"""How each task and each gate goes in one play: drawn from the seed and the ref alone.

So whoever plays can stop and go on later, or share the play with people at consoles, and nothing else needs to be kept.
All spans are whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from warroom.board.rows import Task
from warroom.clock.durations import HOUR, MINUTE
from warroom.simulate import sayings
from warroom.simulate.sayings import Trouble, sayings_for

# Parts of all tasks, in per cent: the first two finish within their time.
_EARLY, _NEAR, _LATE = 30, 49, 12  # the rest is blocked once
_DAWDLERS = 6  # tasks that somebody starts much too late, in per cent
_TOO_SHORT_TO_GO_WRONG = 5 * MINUTE
_LONGEST_BLOCK = 3 * HOUR


@dataclass(frozen=True, slots=True)
class Block:
    """A task stands still: from when (after its start), for how long, and why."""

    after: int
    lasts: int
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Promise:
    """An ETA with a reason.

    Attributes:
        after: when it is given: after the start or, of a blocked task, after it was blocked.
        finish: what is promised, after the start.
    """

    after: int
    finish: int
    reason: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a task goes.

    Attributes:
        start_after: from when it could be started until its owner starts it.
        ticks: when each step of its own is ticked, after the start.
        work: from the start to the finish of its execution; a block is in it.
        checks: when each verification step is ticked, after the execution.
        verify_after: from the execution to its verification.
        evidence: what is given with the last of `checks`.
        documents: numbers of the business documents that a test makes.
    """

    start_after: int
    ticks: tuple[int, ...]
    work: int
    block: Block | None
    promise: Promise | None
    checks: tuple[int, ...]
    verify_after: int
    note: str | None
    evidence: str | None
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """How the panel of a gate goes, from when the gate could be decided.

    Attributes:
        votes: when each seat votes.
        decide_after: when the verdict is given.
        doubter: place of the seat that votes no-go first, and `doubt` why; None: nobody.
        held_back: why the verdict is no-go at first; None: it is not.
        again_after: from a no-go to the next try.
        condition: of a verdict that is conditional; None: it is go.
        agreed: reason of a verdict of go.
        evidence: what is shown for a criterion.
    """

    votes: tuple[int, ...]
    decide_after: int
    doubter: int | None
    doubt: str
    held_back: str | None
    again_after: int
    condition: str | None
    agreed: str
    evidence: str


def course_of(seed: int, task: Task, *, steps: int, checks: int) -> Course:
    """How `task`, which has so many steps to execute and to verify, goes in the play of `seed`."""
    draw = Random(f"{seed}:{task.ref}")
    said = sayings_for(task.title)
    dawdles = draw.randrange(100) < _DAWDLERS
    start_after = draw.randrange(6 * MINUTE, 13 * MINUTE) if dawdles else draw.randrange(5, 80)
    lot = draw.randrange(100)
    if task.duration_s < _TOO_SHORT_TO_GO_WRONG:
        lot %= _EARLY + _NEAR
    early, late = lot < _EARLY, _EARLY + _NEAR <= lot < _EARLY + _NEAR + _LATE
    blocked = lot >= _EARLY + _NEAR + _LATE
    per_cent = draw.randrange(55, 85) if early else draw.randrange(125, 185) if late else draw.randrange(82, 99)
    total = task.duration_s * per_cent // 100
    verify_after = min(total * draw.randrange(10, 25) // 100, 20 * MINUTE)
    work = total - verify_after
    ticks = _spread(draw, steps, work)
    block = promise = None
    if blocked:
        lasts = min(max(8 * MINUTE, task.duration_s * draw.randrange(40, 110) // 100), _LONGEST_BLOCK)
        block = Block(work * draw.randrange(20, 75) // 100, lasts, draw.choice(said.troubles))
        ticks = tuple(tick + lasts if tick > block.after else tick for tick in ticks)
        work += lasts
        promise = Promise(draw.randrange(60, 200), work * draw.randrange(92, 108) // 100, block.trouble.remedy)
    elif late:
        after = work * draw.randrange(30, 90) // 100
        promise = Promise(after, work * draw.randrange(92, 108) // 100, draw.choice(said.delays))
    return Course(
        start_after=start_after,
        ticks=ticks,
        work=work,
        block=block,
        promise=promise,
        checks=_spread(draw, checks, verify_after),
        verify_after=verify_after,
        note=draw.choice(said.notes) if draw.randrange(100) < 30 else None,
        evidence=draw.choice(said.evidence) if draw.randrange(100) < 60 else None,
        documents=tuple(f"{kind}-{draw.randrange(1000, 9999)}" for kind in ("SO", "INV")),
    )


def session_of(seed: int, task: Task, *, seats: int) -> Session:
    """How the panel of the gate `task`, which has so many seats, goes in the play of `seed`."""
    draw = Random(f"{seed}:{task.ref}")
    votes = tuple(task.duration_s * draw.randrange(10, 70) // 100 for _ in range(seats))
    doubted, held_back = draw.randrange(100) < 12, draw.randrange(100) < 6
    return Session(
        votes=votes,
        decide_after=task.duration_s * draw.randrange(75, 105) // 100,
        doubter=draw.randrange(seats) if doubted and seats else None,
        doubt=draw.choice(sayings.DOUBTS),
        held_back=draw.choice(sayings.HELD_BACK) if held_back else None,
        again_after=draw.randrange(5 * MINUTE, 14 * MINUTE),
        condition=draw.choice(sayings.CONDITIONS) if draw.randrange(100) < 12 else None,
        agreed=draw.choice(sayings.AGREED),
        evidence=draw.choice(sayings.SHOWN),
    )


def _spread(draw: Random, count: int, span: int) -> tuple[int, ...]:
    """`count` instants within `span`, in order, each somewhere in its own part of it."""
    return tuple(span * (100 * place + draw.randrange(30, 95)) // (100 * count) for place in range(count))
