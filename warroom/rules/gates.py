"""When a gate may be decided, and how."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.board.rows import Gate, Task
from warroom.vocabulary.words import TaskState, Verdict, VoteChoice


def closed(task: Task, gate: Gate) -> str | None:
    """Why a gate is neither voted on nor decided any more, in words; None while it is open. A no-go leaves it open:
    going back on it is a new decision, on votes that may have changed. So does a verdict that has become stale."""
    if task.state is TaskState.SKIPPED:
        return f"{task.ref} was skipped"
    if gate.verdict not in (None, Verdict.NO_GO) and task.stale_since is None:
        return f"{task.ref} is decided already: {gate.verdict}"
    return None


def verdict_denied(
    verdict: Verdict, *, quorum: int, votes: Sequence[VoteChoice], open_predecessors: Sequence[str]
) -> str | None:
    """Why `verdict` cannot be given now, in words; None when it can.

    A verdict needs its quorum, abstentions not counted. Go and conditional also need every predecessor finished and no
    no-go vote standing (DESIGN section 8: any no-go blocks).
    """
    cast = sum(choice is not VoteChoice.ABSTAIN for choice in votes)
    if cast < quorum:
        return f"the quorum is {quorum}, and {cast} of the seats have voted"
    if verdict is Verdict.NO_GO:
        return None
    if VoteChoice.NO_GO in votes:
        return "a no-go vote stands; it is changed by whoever cast it, or the verdict is no-go"
    if open_predecessors:
        return f"it waits for {', '.join(open_predecessors)}"
    return None
