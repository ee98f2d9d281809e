"""One person's tasks as items: now, next, later."""

from __future__ import annotations

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Person, Task
from warroom.tui.ink import Spans
from warroom.tui.marks import LATE, STATES
from warroom.tui.picture import Picture
from warroom.tui.task_texts import state_spans, step_spans, why_lines
from warroom.tui.widgets.listing import Item
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskKind

_NOW = frozenset({ShownState.READY, ShownState.RUNNING, ShownState.BLOCKED, ShownState.FAILED})
NEXT = 4
"""How many of the tasks that still wait are told in full."""


def own_items(picture: Picture, person: Person | None, width: int) -> tuple[Item, ...]:
    """The tasks of a person: those that are up now with their steps, the next ones, and what comes later."""
    if person is None:
        return (Item(((("  You are no person of this programme; nothing here is yours.", "muted"),),)),)
    now, waiting, closed = [], [], 0
    for task in picture.board.tasks:
        if task.ref not in picture.forecast.delays:
            continue
        wanted = _wanted(picture, task, person)
        mine = task.owner_id == person.id
        if task.state in CLOSED_STATES:
            closed += mine
        elif wanted:
            now.append(task)
        elif mine:
            waiting.append(task)
    waiting.sort(key=lambda task: (picture.forecast.of(task).start, task.position))
    items = [_heading("NOW", len(now), "nothing is waiting for you")]
    items += [Item(_in_full(picture, task, width), task.ref) for task in now]
    items.append(_heading("NEXT", len(waiting[:NEXT]), "nothing more is planned for you"))
    items += [_waiting(picture, task) for task in waiting[:NEXT]]
    later = waiting[NEXT:]
    items.append(_heading("LATER", len(later), f"no more; {closed} done"))
    items += [_waiting(picture, task) for task in later]
    return tuple(items)


def _wanted(picture: Picture, task: Task, person: Person) -> bool:
    """Whether the task wants something of the person now."""
    state = picture.board.shown_state(task)
    if state is ShownState.VERIFYING:
        return task.verifier_id == person.id
    if task.kind_of_task is TaskKind.GATE:
        gate = picture.board.gate_of(task.id)
        seated = gate is not None and any(seat.person_id == person.id for seat in picture.board.seats(gate.id))
        return state in _NOW and (seated or task.owner_id == person.id)
    if task.owner_id == person.id:
        return state in _NOW
    return task.backup_id == person.id and state in _NOW and task.executor_id == person.id


def _heading(title: str, count: int, nothing: str) -> Item:
    said = str(count) if count else nothing
    return Item((((f"─ {title} ", "primary bold"), (f"─ {said} ".ljust(400, "─"), "muted")),))


def _in_full(picture: Picture, task: Task, width: int) -> tuple[Spans, ...]:
    board = picture.board
    late = picture.late(task)
    mark = STATES[board.shown_state(task)]
    glyph = LATE.glyph if late else mark.glyph
    head: Spans = (
        (f" {glyph} ", (LATE.ink if late else mark.ink) + " bold"),
        (f"{one_line(task.ref, 20)} ", "bold"),
        (one_line(task.title, 60) + "  ", ""),
        *state_spans(picture, task),
    )
    lines: list[Spans] = [head, *why_lines(picture, task, width)]
    for step in board.steps(task.id):
        lines.extend(step_spans(step, width))
    behind = board.successors(task.id)
    if behind:
        named = ", ".join(
            f"{one_line(one.ref, 20)} {one_line(board.handle(one.owner_id) or '', 12)}".strip() for one in behind[:5]
        )
        lines.append(((f"   waits for this: {named}" + (" …" if len(behind) > 5 else ""), "muted"),))
    return tuple(lines)


def _waiting(picture: Picture, task: Task) -> Item:
    forecast = picture.forecast
    expected = forecast.of(task)
    about = picture.time(forecast.instant(expected.start))
    holding = ", ".join(one_line(one.ref, 20) for one in picture.board.open_predecessors(task.id))
    late = picture.late(task)
    line: Spans = (
        (f" {LATE.glyph if late else STATES[ShownState.WAITING].glyph} ", LATE.ink if late else "muted"),
        (f"{one_line(task.ref, 20)} ", "bold"),
        (one_line(task.title, 44), ""),
        (f"  about {about}{' (a guess)' if expected.guess else ''}", "status-pushed" if late else ""),
        (f"  waits for {holding}" if holding else "", "muted"),
    )
    return Item((line,), task.ref)
