"""One person's tasks as items: now with everything, next with when and what they wait for, later folded away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Person, Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.markdown import markdown_lines
from warroom.tui.drawing.marks import PUSHED, STATES
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.owners.since import Since, since_items
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.confirming import confirmation_lines, wants_confirmation
from warroom.tui.telling.countdowns import due_s
from warroom.tui.telling.tasks import short_mark, step_spans, why_lines
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskKind, TaskState

NEXT = 4
"""How many of the tasks that still wait are told in full."""

LATER = ""
"""The ref of the line under which later tasks are folded; no task has it."""

BEHIND = 4
"""How many of those that wait for a task are named."""

INSTRUCTIONS = (4, 6, 8, 12, 16, 24, 32, 64)
"""How many lines of a task's instructions are shown, as there is room; the task's own screen shows them all."""

_NOW = frozenset({ShownState.READY, ShownState.RUNNING, ShownState.BLOCKED, ShownState.FAILED})


def own_items(
    picture: Picture,
    person: Person | None,
    unfolded: bool,
    since: Since | None,
    width: int,
    instructions: int = INSTRUCTIONS[0],
) -> tuple[Item, ...]:
    """The tasks of a person: those that are up now with their steps, the next ones, and what comes later.

    Args:
        unfolded: whether later tasks are listed, or only counted.
        since: what the person has missed, told above everything else.
        instructions: how many lines of a task's instructions are shown.
    """
    if person is None:
        return (Item(((("  You are no person of this programme; nothing here is yours.", "muted"),),)),)
    now = up_now(picture, person)
    own = [
        task
        for task in picture.board.tasks_in_play
        if task.owner_id == person.id and task.ref in picture.forecast.delays
    ]
    closed = sum(task.state in CLOSED_STATES for task in own)
    up = {task.id for task in now}
    waiting = [task for task in own if task.state not in CLOSED_STATES and task.id not in up]
    waiting.sort(key=lambda task: (picture.forecast.start_of(task), task.position))
    late = [task for task in (*now, *waiting) if picture.late(task)]
    note = f" · {len(late)} late" if late else ""
    following, later = waiting[:NEXT], waiting[NEXT:]
    items = [] if since is None else [*since_items(picture, since, width)]
    items.append(_heading("NOW", str(len(now)) + note if now else f"nothing is waiting for you{note}", width))
    for task in now:
        items += _in_full(picture, task, person, width, instructions)
    items.append(_heading("NEXT", str(len(following)) if following else "nothing more is planned for you", width))
    items += [_waiting(picture, task, person, width, whole=not place) for place, task in enumerate(following)]
    if not later:
        items.append(_heading("LATER", f"no more; {closed} done", width))
        return tuple(items)
    said = f"{len(later)} more, {picture.key('task.details')} {'folds' if unfolded else 'unfolds'}; {closed} done"
    items.append(Item(_heading("LATER", said, width).lines, LATER))
    if unfolded:
        items += [_waiting(picture, task, person, width) for task in later]
    return tuple(items)


def up_now(picture: Picture, person: Person) -> list[Task]:
    """The tasks that want something of a person now, in the order of the runbook."""
    return [
        task
        for task in picture.board.tasks_in_play
        if task.ref in picture.forecast.delays
        and (task.state not in CLOSED_STATES or task.stale_since is not None)
        and _wanted(picture, task, person)
    ]


def _wanted(picture: Picture, task: Task, person: Person) -> bool:
    """Whether the task wants something of the person now."""
    if wants_confirmation(picture.board, task, person):
        return True
    if task.kind_of_task is not TaskKind.GATE and person.id not in (task.owner_id, task.verifier_id, task.backup_id):
        return False  # said first, as it is cheap, and true of most tasks for most people
    if task.state in CLOSED_STATES:
        return task.owner_id == person.id  # stale: it is settled, or done again
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


def _heading(title: str, said: str, width: int) -> Item:
    rule = "─" * max(0, width - len(title) - len(said) - 7)
    return Item((((f"─ {title} ", "primary bold"), (f"─ {said} {rule}", "muted")),))


def _in_full(picture: Picture, task: Task, person: Person, width: int, instructions: int) -> Iterator[Item]:
    """What it is and how it stands, each of its steps, and who and what waits for it."""
    yield Item(tuple(_head(picture, task, person, width, instructions)), task.ref)
    yield from (Item(step_spans(step, width), task.ref, step.position) for step in picture.board.steps(task.id))
    behind = tuple(_behind(picture, task, person, width))
    if behind:
        yield Item(behind)


def _head(picture: Picture, task: Task, person: Person, width: int, instructions: int) -> Iterator[Spans]:
    mark = short_mark(picture, task)
    stands = _standing(picture, task, person)
    ref = one_line(task.ref, 20)
    room = width - 5 - width_of(((ref, ""), stands)) - 1
    yield (
        (f" {mark.glyph} ", f"{mark.ink} bold"),
        (f"{ref} ", "bold"),
        (padded(one_line(task.title, 120), max(12, room)) + " ", "bold"),
        (stands[0], f"{mark.ink} bold"),
    )
    yield from why_lines(picture, task, width)
    if task.eta is None and task.state is TaskState.RUNNING:
        yield ((f"   expected {_finish(picture, task)}; no ETA given ({picture.key('task.eta')})", "muted"),)
    delay = picture.forecast.delay(task)
    slips = [(delay.own, "by itself"), (delay.inherited, "pushed by what comes before")]
    late = [f"{show_duration(slip, sign=True)} {why}" for slip, why in slips if slip >= MINUTE]
    if late and picture.late(task):
        yield ((f"   late: {', '.join(late)}", mark.ink),)
    yield from confirmation_lines(picture, task, person, width)
    if task.instructions and task.state is not TaskState.VERIFYING:
        more = f"… {picture.key('task.details')} shows all of it"
        for line in markdown_lines(task.instructions, width - 4, most=instructions, more=more):
            yield (("   ", ""), *line)


def _standing(picture: Picture, task: Task, person: Person) -> Span:
    """State, and since when or how long of how long."""
    board = picture.board
    state = board.shown_state(task)
    mark = STATES[state]

    def ago(seconds: int) -> str:
        return show_duration(max(0, seconds))

    now = picture.forecast.at
    said = mark.word
    gate = board.gate_of(task.id)
    if gate is not None and state is not ShownState.BLOCKED:
        due = picture.moment(picture.forecast.instant(due_s(picture, task, gate)))
        voted = {vote.seat_id for vote in board.votes(gate.id)}
        missing = any(seat.person_id == person.id and seat.id not in voted for seat in board.seats(gate.id))
        vote, decide = f"vote ({picture.key('gate.vote')})", f"decide ({picture.key('gate.decide')})"
        said = f"due {due}, {vote if missing else 'you have voted' if voted else decide}"
    elif state is ShownState.RUNNING and task.actual_start is not None:
        elapsed = (now - task.actual_start) // timedelta(seconds=1)
        said = f"running {ago(elapsed)} of {show_duration(task.duration_s)}"
    elif state is ShownState.VERIFYING:
        said = f"verify: done by {one_line(board.handle(task.executor_id) or 'somebody', 16)}"
    elif state is ShownState.BLOCKED and task.blocked_at is not None:
        said = f"blocked {ago((now - task.blocked_at) // timedelta(seconds=1))}"
    elif state is ShownState.READY:
        said = f"ready, takes {show_duration(task.duration_s)}"
    return (said, mark.ink)


def _finish(picture: Picture, task: Task) -> str:
    expected = picture.forecast.of(task)
    return picture.time(picture.forecast.instant(expected.finish)) + (" (a guess)" if expected.guess else "")


def _behind(picture: Picture, task: Task, person: Person, width: int) -> Iterator[Spans]:
    """Who waits for the task, and the gate that moves with it."""
    board = picture.board
    behind = board.successors(task.id)
    if not behind:
        return
    named = ", ".join(_with_owner(picture, one, person, "you") for one in behind[:BEHIND])
    said = f"waits for this: {named}{' …' if len(behind) > BEHIND else ''}"
    gate = _gate_behind(picture, task)
    ink = "muted"
    if gate is not None and picture.late(gate):
        slip = show_duration(picture.forecast.delay(gate).slip, sign=True)
        said += f"; {one_line(gate.ref, 20)} moves to {_finish(picture, gate)} ({slip})"
        ink = PUSHED.ink if picture.late(task) else ink
    for line in wrapped(said, width - 4, most=2):
        yield ((f"   {line}", ink),)


def _with_owner(picture: Picture, task: Task, person: Person, own: str) -> str:
    """Ref and owner of a task; `own` stands for the person who looks."""
    mine = task.owner_id == person.id
    owner = own if mine else one_line(picture.board.handle(task.owner_id) or "", 16)
    return f"{one_line(task.ref, 20)} {owner}".strip()


def _gate_behind(picture: Picture, task: Task) -> Task | None:
    """The first open gate that waits for the task, directly or through others."""
    delays = picture.forecast.delays
    behind = picture.board.gates_behind(task.id)
    found = [gate for gate in behind if gate.state not in CLOSED_STATES and gate.ref in delays]
    return min(found, key=lambda gate: picture.forecast.finish_of(gate), default=None)


def _waiting(picture: Picture, task: Task, person: Person, width: int, *, whole: bool = False) -> Item:
    """One line: what, about when, what it waits for; with `whole` also how each of those stands."""
    board, expected = picture.board, picture.forecast.of(task)
    mark = short_mark(picture, task)
    holding = board.open_predecessors(task.id)
    if task.state is TaskState.VERIFYING and task.executed_at is not None:
        about = f"executed {picture.moment(task.executed_at)}"
        waits = f"waits for {one_line(board.handle(task.verifier_id) or 'somebody', 16)} to verify"
        holding = ()
    else:
        about = f"{'guess' if expected.guess else 'about'} {picture.moment(picture.forecast.instant(expected.start))}"
        named = [_with_owner(picture, one, person, "") for one in holding[:2]]
        waits = f"waits for {', '.join(named)}{' …' if len(holding) > 2 else ''}" if named else ""
    ref = one_line(task.ref, 14)
    below = whole and bool(holding)
    fixed = 5 + width_of(((ref, ""),)) + 1
    room = max(12, min(44, width - fixed - (max(30, width_of([(about, "")]) + 3) if below else 46)))
    line: Spans = (
        (f" {mark.glyph} ", mark.ink),
        (f"{ref} ", "bold"),
        (padded(one_line(task.title, 80), room) + " ", ""),
        (f"{about:<21} ", mark.ink),
        (waits, "muted"),
    )
    if not below:
        return Item((line,), task.ref)
    said = "waits for " + "; ".join(_awaited(picture, one, person) for one in holding)
    lines = wrapped(said, width - 7, most=2)
    return Item((line[:-1], *(((f"     {part}", "muted"),) for part in lines)), task.ref)


def _awaited(picture: Picture, task: Task, person: Person) -> str:
    """What somebody waits for, on whom, how it stands and about when it is finished."""
    owner = picture.board.person(task.owner_id)
    phone = f" ({one_line(owner.phone, 24)})" if owner is not None and owner.phone and owner.id != person.id else ""
    about = f", about {_finish(picture, task)}" if task.ref in picture.forecast.delays else ""
    return f"{_with_owner(picture, task, person, 'you')}{phone} {STATES[picture.board.shown_state(task)].word}{about}"
