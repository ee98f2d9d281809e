"""Clocks that were set while a run was open: noticed by the watch, confirmed by a lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Unpack

from warroom.actions.acting import Acting, Known, perform, run_clock_of
from warroom.clock.durations import show_duration
from warroom.clock.source import Uptime, both
from warroom.model.plan import Run
from warroom.model.watching import ClockJump, MachineClock
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import WATCH, Caller, Entry

JUMP = timedelta(seconds=2)
"""A wall clock that is off by more than this against the machine's uptime was set."""

CAUGHT_UP = timedelta(minutes=5)
"""Set forward by no more than this, what it makes late is raised as if the time had passed."""

DRIFT = 1e-3
"""A clock may run this much faster or slower than the machine's own while it is being steered to the right time."""

NOTED_EVERY = timedelta(minutes=1)
"""How the clocks stand is noted anew after so long, so that drifting adds up to little."""

SUBJECT = "clock"


def look(state_file: StateFile, machine: str) -> Entry | None:
    """See whether this machine's wall clock was set since anybody looked last, and write that down once.

    Of all processes of the machine the first one that sees it writes it; for the others it is then as it should be.

    Args:
        machine: the name of the machine, for people.

    Returns the entry, or None: it was not set, or no run is open.
    """
    up, wall = both(state_file.clock)
    with state_file.read() as reader:
        known = reader.one(MachineClock, boot=up.boot)
    if known is not None:
        passed, moved = _since(known, up, wall)
        if abs(moved) <= JUMP / 2 and abs(passed) <= NOTED_EVERY:
            return None
    with state_file.write() as transaction:
        rows = transaction.rows
        up, wall = both(state_file.clock)
        known = rows.one(MachineClock, boot=up.boot)
        if known is None:
            rows.insert(MachineClock, boot=up.boot, wall=wall, up_us=up.us)
            return None
        passed, moved = _since(known, up, wall)
        rows.update(known, wall=wall, up_us=up.us)
        # Where no boot has a name, an uptime that went back is that of another one.
        if passed < timedelta() or abs(moved) <= JUMP + passed * DRIFT:
            return None
        run = next((run for run in rows.find(Run) if run.closed_at is None), None)
        if run is None:
            return None
        moved_s = round(moved.total_seconds())
        jump = rows.insert(
            ClockJump,
            run_id=run.id,
            machine=machine,
            expected=wall - moved,
            shown=wall,
            moved_s=moved_s,
            holds=moved_s < 0 or moved > CAUGHT_UP,
        )
        return transaction.journal(
            WATCH,
            "clock.jump",
            SUBJECT,
            run=run.id,
            run_time=run_clock_of(rows, run).run_time(transaction.recorded_at),
            reason=said(jump),
        )


def said(jump: ClockJump) -> str:
    """What happened to the clock, in words."""
    way = "forward" if jump.moved_s > 0 else "back"
    held = ": alerts of lateness wait until a lead has confirmed it" if jump.holds else ""
    return f"the clock of {jump.machine} was set {way} by {show_duration(abs(jump.moved_s))}{held}"


def confirm(state_file: StateFile, caller: Caller, *, reason: str | None = None, **known: Unpack[Known]) -> Entry:
    """Say that the clock is right as it is; alerts of lateness go by it again.

    Raises:
        Refused: not the lead, no run is open, or nothing waits for that.
    """

    def work(acting: Acting) -> None:
        acting.insist_either(permissions.may_lead)
        run = acting.open_run()
        doubted = [jump for jump in acting.rows.find(ClockJump, run_id=run.id) if jump.holds and not jump.confirmed_at]
        if not doubted:
            raise Refused("nothing waits for the clock to be confirmed", where=SUBJECT)
        for jump in doubted:
            acting.rows.update(jump, confirmed_at=acting.now, confirmed_by_id=acting.doer.person_id)

    return perform(state_file, caller, "clock.confirm", SUBJECT, work, reason=reason, **known)


def _since(known: MachineClock, up: Uptime, wall: datetime) -> tuple[timedelta, timedelta]:
    """How long ago that was, and by how much the wall clock is ahead of where it should be since."""
    passed = timedelta(microseconds=up.us - known.up_us)
    return passed, wall - known.wall - passed
