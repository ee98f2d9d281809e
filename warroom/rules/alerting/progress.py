"""A task that was begun and does not come on: over its time, blocked, waiting outside, not verified, stale."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.networks import expected_finish
from warroom.board.rows import Party, Task
from warroom.clock.durations import show_duration
from warroom.rules.alerting.finding import Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View, stream_lead
from warroom.vocabulary.words import BlockedOn, ShownState


def overrun(view: View, limits: Limits) -> Iterator[Matter]:
    """The longest that the plan (or its calibration by rehearsals) knows counts, where it knows one; else the duration
    with the limit or the share on top, whichever is more. An ETA that lies ahead says that it is known."""
    for task in view.by_state[ShownState.RUNNING]:
        if task.actual_start is None or not task.duration_s:
            continue
        on_top = max(limits.after, task.duration_s * (limits.percent or 0) // 100)
        most = task.duration_high_s or task.duration_s + on_top
        begun, calendar = view.instant(task.actual_start), view.calendar(task)
        over = begun + most if calendar is None else calendar.place(begun, most)[1]
        if (eta := _eta(view, task)) is not None:
            over = max(over, eta)
        yield Matter(task.ref, view.after(over), partial(_overrun, view, task, most))


def _overrun(view: View, task: Task, most: int) -> Said:
    begun = view.shown(view.instant(task.actual_start)) if task.actual_start else ""
    usual = f"planned to take {show_duration(task.duration_s)}, at most {show_duration(most)}"
    message = f"{_name(task)}: runs since {begun}, {usual}; an ETA says how long it takes"
    return Said(message, view.handles(task.owner_id, task.backup_id))


def eta_passed(view: View, limits: Limits) -> Iterator[Matter]:
    """What is blocked by a party is that rule's."""
    for task in (*view.by_state[ShownState.RUNNING], *view.by_state[ShownState.BLOCKED]):
        eta = _eta(view, task)
        if eta is not None and not _waits_outside(task):
            message = f"{_name(task)}: should have been finished {view.shown(eta)}; nobody has said when it will be"
            told = view.handles(task.owner_id, task.backup_id)
            yield Matter(task.ref, view.after(eta + limits.after), partial(Said, message, told))


def eta_stale(view: View, limits: Limits) -> Iterator[Matter]:
    """What was counted of its progress makes it new."""
    for task in view.by_state[ShownState.RUNNING]:
        said_at = max((at for at in (task.eta_given_at, task.progress_at) if at is not None), default=None)
        if said_at is None or expected_finish(task) is None:
            continue
        said = view.instant(said_at)
        message = f"{_name(task)}: its ETA was given {view.shown(said)}; is it still right?"
        yield Matter(task.ref, view.since(said + limits.after), partial(Said, message, view.handles(task.owner_id)))


def blocked_long(view: View, limits: Limits) -> Iterator[Matter]:
    """What is blocked by a party is that rule's."""
    for task in view.by_state[ShownState.BLOCKED]:
        if task.blocked_at is None or _waits_outside(task):
            continue
        since = view.instant(task.blocked_at)
        message = f"{_name(task)}: blocked since {view.shown(since)}, {task.blocked_reason}"
        told = view.handles(task.owner_id, task.backup_id, stream_lead(view.board, task), leads=True)
        yield Matter(task.ref, view.since(since + limits.after), partial(Said, message, told))


def party_waits(view: View, limits: Limits) -> Iterator[Matter]:
    """What it promised, or else the ETA of the blocked task, tells when it is chased, unless a time was said for that;
    without any of them it is chased so long after the block."""
    for task in view.by_state[ShownState.BLOCKED]:
        if not _waits_outside(task) or task.blocked_at is None:
            continue
        blocked, chase = view.instant(task.blocked_at), task.blocked_chase
        eta = _eta(view, task) if task.blocked_promise is None else view.instant(task.blocked_promise)
        from_s = view.since(blocked + limits.after) if eta is None else view.after(eta)
        if chase is not None:
            from_s = view.since(view.instant(chase))
        yield Matter(task.ref, from_s, partial(_party_waits, view, task, eta, blocked))


def _party_waits(view: View, task: Task, eta: int | None, blocked: int) -> Said:
    key = _awaited_party(task)
    party = next((party for party in view.board.rows(Party).values() if party.key == key), None)
    name = key or "" if party is None else party.name
    phone = f" ({party.phone})" if party is not None and party.phone else ""
    what = f"nothing promised since {view.shown(blocked)}" if eta is None else f"promised for {view.shown(eta)}"
    ticket = f", ticket {task.blocked_ticket}" if task.blocked_ticket else ""
    message = f"{_name(task)}: waits for {name}{phone}{ticket}, {what}; ring them"
    return Said(message, view.handles(task.owner_id, task.backup_id))


def verification_owed(view: View, limits: Limits) -> Iterator[Matter]:
    for task in view.by_state[ShownState.VERIFYING]:
        if task.executed_at is None:
            continue
        executed = view.instant(task.executed_at)
        message = f"{_name(task)}: executed {view.shown(executed)}, not verified yet"
        told = view.handles(task.verifier_id, task.owner_id)
        yield Matter(task.ref, view.since(executed + limits.after), partial(Said, message, told))


def attempt_stale(view: View, limits: Limits) -> Iterator[Matter]:
    """What stands stale is settled or done again."""
    for task in view.tasks:
        if task.stale_since is None:
            continue
        message = f"{_name(task)}: {task.stale_because}; say that it still holds, or do it again"
        told = view.handles(task.owner_id, task.verifier_id)
        from_s = view.since(view.instant(task.stale_since) + limits.after)
        yield Matter(task.ref, from_s, partial(Said, message, told))


def _eta(view: View, task: Task) -> int | None:
    eta = expected_finish(task)
    return None if eta is None else view.instant(eta)


def _waits_outside(task: Task) -> bool:
    return _awaited_party(task) is not None


def _awaited_party(task: Task) -> str | None:
    """Key of the party that a blocked task waits for: as was said of the block, else as planned."""
    if task.blocked_on is None:
        return task.party
    return task.blocked_by if task.blocked_on is BlockedOn.PARTY else None


def _name(task: Task) -> str:
    return f"{task.ref} {task.title}"
