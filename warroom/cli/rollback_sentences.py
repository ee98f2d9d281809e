"""What an action about the way back did, in one line for whoever typed it."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.clock.times import show_time
from warroom.vocabulary.journal import Entry


def of_rollback(board: Board, entry: Entry) -> str:
    """What `entry` did, as seen on a Board that has it."""
    zone, reason = board.programme.timezone, entry.reason
    match entry.action:
        case "rollback.invoke":
            invocation = board.invocation
            if invocation is None or entry.run != board.run_id:
                return f"the back-out was invoked: {reason}"
            left_out = f"; nothing to undo for {', '.join(invocation.left_out)}" if invocation.left_out else ""
            done = show_time(invocation.expected_done_at, zone)
            return f"BACKING OUT, done at {done}{left_out}: {reason}"
        case "rollback.recover":
            return f"{entry.subject} is chosen: {reason}"
        case "rollback.raise":
            return f"{entry.subject} is raised: {reason}"
        case "rollback.withdraw":
            return f"{entry.subject} is withdrawn: {reason}"
        case "rollback.measure":
            return f"{entry.subject} is measured: {reason}"
        case "rollback.start-clock":
            return f"the clock of {entry.subject} runs since {show_time(entry.effective_at, zone)}: {reason}"
        case _:
            return f"the clock of {entry.subject} is stopped: {reason}"
