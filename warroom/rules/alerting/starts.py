"""A task that is to be begun: it is up, it is up soon, it is wanted earlier, nobody takes it up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from warroom.board.release import free_from
from warroom.board.rows import Task
from warroom.clock.durations import show_duration
from warroom.rules.alerting.finding import Matter, Said
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View, stream_lead
from warroom.vocabulary.words import ShownState


def you_are_next(view: View, limits: Limits) -> Iterator[Matter]:
    for task in _work(view, ShownState.READY):
        free, planned = _free(view, task), view.planned_start(task)
        early = f"{show_duration(planned - free)} before " if free < planned else ""
        message = f"{task.ref} {task.title}: ready since {view.shown(free)}, {early}planned {view.shown(planned)}"
        from_s = view.since(free + limits.after)
        yield Matter(task.ref, from_s, partial(Said, message, view.handles(task.owner_id)))


def owner_silent(view: View, limits: Limits) -> Iterator[Matter]:
    """Whoever acknowledged the alert on the task is not silent."""
    for task in _work(view, ShownState.READY):
        if view.is_acknowledged(task.ref):
            continue
        due = max(_free(view, task), view.planned_start(task))
        owner = view.board.handle(task.owner_id) or "its owner"
        message = f"{task.ref} {task.title}: could begin since {view.shown(due)}, and nothing is heard of {owner}"
        from_s = _while_it_may_wait(view, task, view.since(due + limits.after))
        yield Matter(task.ref, from_s, partial(Said, message, view.handles(task.owner_id, task.backup_id)))


def late_start(view: View, limits: Limits) -> Iterator[Matter]:
    for task in _work(view, ShownState.READY):
        due = view.due_start(task)
        message = f"{task.ref} {task.title}: should have begun {view.shown(due)}"
        told = view.handles(task.owner_id, task.backup_id, stream_lead(view.board, task))
        from_s = _while_it_may_wait(view, task, view.after(due + limits.after))
        yield Matter(task.ref, from_s, partial(Said, message, told))


def heads_up(view: View, limits: Limits) -> Iterator[Matter]:
    for task in _work(view, ShownState.WAITING):
        yield Matter(task.ref, view.foreseen(view.start(task) - limits.before), partial(_heads_up, view, task))


def _heads_up(view: View, task: Task) -> Said:
    waits = ", ".join(before.ref for before in view.board.open_predecessors(task.id))
    message = f"{task.ref} {task.title}: you are up about {view.shown(view.start(task))}; it waits for {waits}"
    return Said(message, view.handles(task.owner_id))


def needed_earlier(view: View, limits: Limits) -> Iterator[Matter]:
    """What is ready is told that it is, however early."""
    for task in _work(view, ShownState.WAITING):
        start, planned = view.start(task), view.planned_start(task)
        if planned - start >= max(limits.after, 1):
            early = show_duration(planned - start)
            message = f"{task.ref} {task.title}: needed {early} earlier, {view.shown(start)} rather than "
            message += view.shown(planned)
            from_s = view.foreseen(start - limits.before)
            yield Matter(task.ref, from_s, partial(Said, message, view.handles(task.owner_id)))


def _work(view: View, state: ShownState) -> Iterator[Task]:
    return (task for task in view.by_state[state] if task.kind_of_task.is_work)


def _free(view: View, task: Task) -> int:
    return view.instant(free_from(view.board, task))


def _while_it_may_wait(view: View, task: Task, from_s: int) -> int:
    """Not before the minute until which the task waits because it may."""
    waits = view.may_wait_until(task)
    return from_s if waits is None or waits < view.now else max(from_s, view.after(waits))
