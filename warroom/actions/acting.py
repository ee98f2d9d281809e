"""What every action does around its own work: one transaction, who acts, is it stale, one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from warroom.clock.run_clock import RunClock, Segment
from warroom.model.plan import ClockSegment, PlanVersion, Run
from warroom.model.programme import Person
from warroom.rules import assurance, permissions
from warroom.rules.order import NOT_YET
from warroom.rules.permissions import Actor
from warroom.store.gateway import Gateway
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.text import fault_of_text
from warroom.vocabulary.words import Assurance


@dataclass(slots=True)
class Acting:
    """An action under way.

    Attributes:
        transaction: rows change through its gateway.
        actor: who records it; `doer`: who did it, usually the same.
        run: the open run, or None.
        run_clock: that run's clock, or None.
        now: run time, or the wall clock where there is no run, UTC.
        effective_at: when it really happened, UTC; not after `now`.
        in_place_of: handle of the person whose right the one who did it used, as their substitute; None: nobody's.
        reason: why, as the entry tells it; the action may say more than was typed.
    """

    transaction: Transaction
    caller: Caller
    actor: Actor
    doer: Actor
    run: Run | None
    run_clock: RunClock | None
    now: datetime
    effective_at: datetime
    in_place_of: str | None = None
    reason: str | None = None

    @property
    def rows(self) -> Gateway:
        return self.transaction.rows

    def open_run(self) -> Run:
        """The open run.

        Raises:
            Refused: there is none.
        """
        if self.run is None:
            raise Refused(
                "no run is open",
                hint="start one with: warroom run start --rehearsal NAME, or --live for the cutover itself",
            )
        return self.run

    @property
    def plan(self) -> Run | PlanVersion:
        """The open run, or else the newest version of the plan."""
        return self.run or self.rows.settled(PlanVersion)[-1]

    def insist(self, denied: str | None, where: str | None = None) -> None:
        """Raise Refused with the reason that a rule gave, if it gave one."""
        if denied is not None:
            raise Refused(denied, where=where, hint=f"you act as {self.actor.handle}")

    def insist_either(self, rule: Callable[[Actor], str | None]) -> None:
        """The one who records it or the one who did it must be allowed by `rule`.

        Raises:
            Refused: neither is; the reason is that of the one who did it.
        """
        if rule(self.actor) is not None:
            self.insist(rule(self.doer))


class Known(TypedDict, total=False):
    """What every action may be told about the knowledge that it rests on.

    Attributes:
        seen: the seq of the last entry about the subject that the caller had seen when deciding; None where the
            decision rests on what is read inside the transaction.
        entry_id: a UUID made by the caller. If an entry with it exists already, this is a repetition after an
            unknown outcome: nothing is done, and that entry is returned.
    """

    seen: int | None
    entry_id: str | None


def perform(
    state_file: StateFile,
    caller: Caller,
    action: str,
    subject: str,
    work: Callable[[Acting], str | None],
    *,
    reason: str | None = None,
    at: datetime | None = None,
    **known: Unpack[Known],
) -> Entry:
    """Do `work` in one transaction and append its entry.

    Args:
        subject: what the entry is about; `work` may return a more precise one.
        at: when it really happened (run time, UTC), if not now.

    Raises:
        Refused: a rule says no. Stale: somebody else changed the subject since. BadInput: `at` or a text is wrong.
    """
    seen, entry_id = known.get("seen"), known.get("entry_id")
    check_text("the reason", reason)
    check_text("the name of what it is about", subject)
    check_text("the entry's id", entry_id)
    with state_file.write() as transaction:
        if entry_id is not None and (recorded := transaction.entry_with(entry_id)) is not None:
            return recorded
        acting = _begin(transaction, caller, at)
        _insist_on_assurance(acting, action)
        if seen is not None:
            _insist_on_fresh(transaction, None if acting.run is None else acting.run.id, subject, seen, caller)
        acting.reason = reason
        precise = work(acting)
        return transaction.journal(
            caller,
            action,
            precise or subject,
            run=None if acting.run is None else acting.run.id,
            run_time=None if acting.run is None else acting.now,
            effective_at=acting.effective_at,
            reason=acting.reason,
            entry_id=entry_id,
            in_place_of=acting.in_place_of,
        )


def check_text(what: str, text: str | None) -> None:
    """Refuse text that cannot be stored.

    Raises:
        BadInput: it holds control characters or lone surrogates, or is longer than 1 MB.
    """
    if text is not None and (fault := fault_of_text(text)) is not None:
        raise BadInput(f"{what} {fault}", hint="take it out and try again")


def required(what: str, text: str | None, hint: str = "say it with --reason TEXT") -> str:
    """`text`, which must say something.

    Raises:
        BadInput: it is empty.
    """
    if text is None or not text.strip():
        raise BadInput(f"{what} is missing", hint=hint)
    return text


def _begin(transaction: Transaction, caller: Caller, at: datetime | None) -> Acting:
    rows = transaction.rows
    actor = _actor(transaction, caller.handle, caller.assurance)
    doer = (
        actor
        if caller.done_by in (None, caller.handle)
        else _actor(transaction, caller.done_by or "", caller.assurance)
    )
    if doer is not actor and (denied := permissions.may_record_for(actor, doer.person_id)) is not None:
        raise Refused(denied, hint=f"you act as {actor.handle}")
    run = next((run for run in rows.settled(Run) if run.closed_at is None), None)
    clock = None
    now = transaction.recorded_at
    if run is not None:
        clock = run_clock_of(rows, run)
        now = clock.run_time(transaction.recorded_at)
    if at is not None and at > now:
        raise BadInput(NOT_YET, where=at.isoformat(), hint="--at says when it really happened")
    return Acting(transaction, caller, actor, doer, run, clock, now, at or now)


def run_clock_of(rows: Gateway, run: Run) -> RunClock:
    """The clock of a run."""
    segments = rows.settled(ClockSegment, run_id=run.id)
    return RunClock(tuple(Segment(segment.wall, segment.run_time, segment.rate) for segment in segments))


def _insist_on_assurance(acting: Acting, action: str) -> None:
    """It must be known well enough, for the run or else for the plan, who acts."""
    if (denied := assurance.denied(acting.plan, action, acting.caller)) is not None:
        raise Refused(denied, hint=f"you act as {acting.actor.handle}")


def _actor(transaction: Transaction, handle: str, known: Assurance) -> Actor:
    for person in transaction.rows.settled(Person, handle=handle):
        return permissions.actor_of(person)
    if known is Assurance.SYSTEM:
        return Actor(None, handle)
    raise BadInput(
        f"there is nobody called {handle}", hint="the people are listed in the runbook; name one with --as HANDLE"
    )


def _insist_on_fresh(transaction: Transaction, run: int | None, subject: str, seen: int, caller: Caller) -> None:
    last = transaction.last_entry_of(run, subject)
    if last is None or last.seq <= seen:
        return
    if last.actor == caller.handle:  # from another window perhaps, with somebody else's before it
        others = [entry for entry in transaction.entries_of(run, subject, seen) if entry.actor != caller.handle]
        if not others:
            return
        last = others[-1]
    who = last.done_by if last.done_by == last.actor else f"{last.done_by} (recorded by {last.actor})"
    said = f": {last.reason}" if last.reason else ""
    raise Stale(
        f"{subject} has changed since you looked: {last.action} by {who}{said}",
        where=subject,
        hint="look again, then decide",
        seq=last.seq,
    )
