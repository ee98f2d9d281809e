"""What an entry that corrects others says, in words, for the console and the commands alike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from warroom.board.board import Board
from warroom.clock.durations import show_duration
from warroom.clock.times import parse_iso_utc, show_time
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.journal import Change, Entry, Operation

UNDONE = "taken back"
"""What is added to an entry that was."""

MOST_TOLD = 4
"""So many figures of a control are told; a file may hold those of many entities."""

_TIMES = {"actual_start": "start", "actual_finish": "finish", "executed_at": "execution"}
"""Their names. The execution comes last, as of a task that nobody verifies it is the finish."""


def concerns(board: Board, entry: Entry, ref: str) -> bool:
    """Whether an entry belongs to the history of the task `ref`: it is about it, or changed it along with another."""
    if entry.subject == ref:
        return True
    task = board.task(ref)
    return task is not None and any(
        change.table == "task" and change.key == task.id and change.operation is Operation.UPDATE
        for change in entry.changes
    )


def odd_clock(entry: Entry) -> str | None:
    """How far the wall clock lay behind the entry before, in words; None where it went forward as clocks do."""
    if entry.clock is None:
        return None
    behind = round((entry.recorded_at - entry.clock).total_seconds())
    return f"the clock was {show_duration(behind)} behind the entry before"


def corrected(board: Board, entry: Entry) -> str:
    """The times that a correction corrects: "start corrected from 19:30 to 19:20"; "" for any other entry."""
    if entry.action != "task.correct":
        return ""
    return ", ".join(part for change in entry.changes for part in _corrections(board, change))


def tied_out(entry: Entry) -> str:
    """What an entry says of a control: the figures it enters, and what is done about a difference; "" for
    any other entry."""
    if not entry.action.startswith("control."):
        return ""
    parts = [part for change in entry.changes for part in _of_control(change)]
    return ", ".join(parts[:MOST_TOLD]) + (f" and {len(parts) - MOST_TOLD} more" if len(parts) > MOST_TOLD else "")


def _of_control(change: Change) -> Iterator[str]:
    before, after = change.before or {}, change.after or {}
    if change.table == "control_figure" and isinstance(value := after.get("value"), str):
        was, now = before.get("value"), show_number(Decimal(value))
        yield f"{show_number(Decimal(was))} corrected to {now}" if isinstance(was, str) else f"{after['side']} {now}"
    elif change.table == "control_round":
        if after.get("disposition"):
            yield f"to {after['disposition']}"
        if after.get("rows_outside"):
            yield f"{after['rows_outside']:,} rows outside the tolerance"


def _corrections(board: Board, change: Change) -> Iterator[str]:
    zone, told = board.programme.timezone, set()
    for field, name in _TIMES.items():
        before, after = (change.before or {}).get(field), (change.after or {}).get(field)
        if isinstance(before, str) and isinstance(after, str) and (before, after) not in told:
            told.add((before, after))
            first, second = (parse_iso_utc(text) for text in (before, after))
            day = first.date() != second.date()
            yield f"{name} corrected from {show_time(first, zone, day=day)} to {show_time(second, zone, day=day)}"
