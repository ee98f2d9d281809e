"""Whether somebody is there: twice at the same time, off when a task is theirs, or not known to stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from warroom.board.board import CLOSED_STATES
from warroom.board.presence import is_away, leave_of
from warroom.board.rota import Rota, owner_at
from warroom.board.rows import Leave, RotaShift, Task
from warroom.rules.alerting.finding import Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View
from warroom.schedule.resources import Assignment, double_bookings
from warroom.vocabulary.words import ShownState


def double_booked(view: View, limits: Limits) -> Iterator[Matter]:
    """Of the tasks that begin within the time ahead; what overlaps by less than the limit is not told."""
    by_owner: defaultdict[int, list[tuple[int, int, Task]]] = defaultdict(list)
    until = view.now + limits.before
    for task in view.tasks:
        if task.state in CLOSED_STATES or not task.kind_of_task.is_work or not task.duration_s:
            continue
        if task.owner_id is not None and view.board.shown_state(task) is not ShownState.FAILED:
            start = view.start(task)
            owner_id = owner_at(view.board, task, start)
            if owner_id is not None:
                by_owner[owner_id].append((start, view.finish(task), task))
    for owner_id, spans in by_owner.items():
        if len(spans) > 1:
            yield from _bookings(view, owner_id, sorted(spans, key=lambda span: span[:2]), until, limits)


def _bookings(
    view: View, owner_id: int, spans: list[tuple[int, int, Task]], until: int, limits: Limits
) -> Iterator[Matter]:
    handle = view.board.handle(owner_id) or ""
    soon = [span for span in spans if span[0] <= until]
    assignments = [
        Assignment(task.ref, handle, max(start, view.now), finish, view.calendar(task)) for start, finish, task in soon
    ]
    found = [one for one in double_bookings(assignments) if one.finish - one.start > limits.after]
    say = partial(_double_booked, view, handle, tuple((one.first, one.second) for one in found))
    subject = f"person {handle}"
    if found:
        yield Matter(subject, view.now, say)
        return
    coming = []
    reached: int | None = None  # the latest finish so far
    for start, finish, _ in spans:
        if reached is not None:
            coming.append(max(view.since(start - limits.before), view.closes(start - reached + limits.after)))
        reached = finish if reached is None else max(reached, finish)
    if coming:
        yield Matter(subject, max(min(coming), view.after(view.now)), say)


def _double_booked(view: View, handle: str, pairs: tuple[tuple[str, str], ...]) -> Said:
    person = view.board.person_called(handle)
    told = ", ".join(f"{first} and {second}" for first, second in pairs[:3])
    more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
    message = f"{handle} is to work on {told}{more} at the same time"
    return Said(message, view.handles(None if person is None else person.id, leads=True))


def off_shift(view: View, limits: Limits) -> Iterator[Matter]:
    """Nobody is on shift in the role that owns a task, or its owner is away and nobody stands in."""
    rota = view.board.view("rota", [RotaShift], lambda: Rota(view.board))
    shifts = [shift.to_s for shift in view.board.rows(RotaShift).values()]
    leaves = _leaves(view)
    for task in _soon(view, leaves):
        start = max(view.start(task), view.now)
        if task.owner_role is not None:
            edges = [edge for edge in shifts if edge > start]
            missing = not rota.covers(task.owner_role, start)
        else:
            edges = [at for at in leaves[task.owner_id or 0] if at > start]
            missing = _away(view, task.owner_id, start) and not _stands_in(view, task, start)
        enters = view.since(start - limits.before)
        say = partial(_off_shift, view, task, start)
        if missing:
            yield Matter(task.ref, enters, say)
        elif edges:
            moved = view.closes(min(edges) - start)
            yield Matter(task.ref, max(enters, moved, view.after(view.now)), say)


def _off_shift(view: View, task: Task, start: int) -> Said:
    if task.owner_role is not None:
        who = f"nobody has the role {task.owner_role} then"
    else:
        who = f"{view.board.handle(task.owner_id)} is away then, and nobody stands in"
    message = f"{task.ref} {task.title}: expected to begin {view.shown(start)}; {who}"
    return Said(message, view.handles(task.owner_id, task.backup_id, leads=True))


def backup_unconfirmed(view: View, limits: Limits) -> Iterator[Matter]:
    """Whoever stands in confirms it by acknowledging the alert, or by beginning the task."""
    leaves = _leaves(view)
    for task in _soon(view, leaves):
        if task.owner_role is not None or view.is_acknowledged(task.ref):
            continue
        start = max(view.start(task), view.now)
        enters = view.foreseen(start - limits.before)
        say = partial(_backup_unconfirmed, view, task, start)
        if _away(view, task.owner_id, start):
            if _stands_in(view, task, start):
                yield Matter(task.ref, enters, say)
        elif edges := [at for at in leaves[task.owner_id or 0] if at > start]:
            moved = view.closes(min(edges) - start)
            yield Matter(task.ref, max(enters, moved, view.after(view.now)), say)


def _backup_unconfirmed(view: View, task: Task, start: int) -> Said:
    owner = view.board.handle(task.owner_id)
    standing = _substitute(view, task, start) or task.backup_id
    who = view.board.handle(standing)
    message = f"{task.ref} {task.title}: {owner} is away {view.shown(start)}; {who} stands in and has not confirmed it"
    return Said(message, view.handles(standing, task.owner_id))


def _leaves(view: View) -> Mapping[int, Sequence[int]]:
    """When leaves begin, by the key of the person. Calendars and absences of the plan are in the forecast already."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for leave in view.board.rows(Leave).values():
        found[leave.person_id].append(view.instant(leave.from_at))
    return found


def _soon(view: View, leaves: Mapping[int, Sequence[int]]) -> Iterator[Task]:
    """What is to be begun by a role, or by somebody who is on leave at some time."""
    for state in (ShownState.WAITING, ShownState.READY):
        yield from (task for task in view.by_state[state] if task.owner_role is not None or task.owner_id in leaves)


def _away(view: View, person_id: int | None, at: int) -> bool:
    return person_id is not None and is_away(view.board, person_id, view.forecast.instant(at))


def _substitute(view: View, task: Task, at: int) -> int | None:
    """Key of the one who was named to stand in for the owner then."""
    instant = view.forecast.instant(at)
    leave = None if task.owner_id is None else leave_of(view.board, task.owner_id, instant)
    return None if leave is None or _away(view, leave.substitute_id, at) else leave.substitute_id


def _stands_in(view: View, task: Task, at: int) -> bool:
    """Whether somebody does who is not away too."""
    if _substitute(view, task, at) is not None:
        return True
    return task.backup_id is not None and not _away(view, task.backup_id, at)
