"""People as items: who is there, who has answered, what they have to do hour by hour; and the call sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from warroom.board.board import CLOSED_STATES
from warroom.board.night import answers_to, last_roll_call
from warroom.board.presence import back_at, is_away, leave_of
from warroom.board.rota import Rota
from warroom.board.rows import Bridge, Call, Party, Person, RollAnswer, RotaShift, Task
from warroom.clock.durations import DAY, HOUR, show_duration
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import LATE, STATES, Mark
from warroom.tui.drawing.picked import OnPerson
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskState

Load = Mapping[str, Mapping[int, int]]
"""Seconds of work by handle and hour, counted from the window start."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"
THERE = Mark("●", "there", "status-running")
AWAY = Mark("○", "away", "muted")
ANSWERED = Mark("✓", "answered", "status-done")
ONLINE = Mark("◉", "on line", "status-running")
MISSING = Mark("◌", "no answer", "status-ready")

_NOW = (TaskState.RUNNING, TaskState.VERIFYING, TaskState.BLOCKED)
_CALLS = 8
"""So many calls of the call sheet are shown."""


def title_spans(picture: Picture) -> Spans:
    """How many are there, and how many have answered the roll-call."""
    board = picture.board
    people = tuple(board.rows(Person).values())
    away = sum(is_away(board, person.id, picture.now) for person in people)
    spans: list[Span] = [
        (" People ", "bold reverse"),
        (f"  {THERE.glyph} {len(people) - away} there ", THERE.ink),
        (f" {AWAY.glyph} {away} away ", AWAY.ink),
    ]
    call = last_roll_call(board)
    if call is None:
        spans.append((f"  no roll was called ({picture.key('roll.call')} calls it)", "muted"))
    else:
        given = len(answers_to(board, call))
        title = f" {one_line(call.title, 30)}" if call.title else ""
        ink = ANSWERED.ink if given == len(people) else MISSING.ink
        spans.append((f"  roll-call{title}, {picture.time(call.called_at)}: {given} of {len(people)}", ink))
    return tuple(spans)


def people_items(picture: Picture, load: Load, screens: Mapping[str, str], width: int) -> tuple[Item, ...]:
    """Everybody: those who have not answered the roll-call first, then those with work now, then the others.

    Args:
        screens: by handle, which screen somebody who is on line looks at.
    """
    board = picture.board
    call = last_roll_call(board)
    given = {} if call is None else answers_to(board, call)

    def order(person: Person) -> tuple[bool, bool, bool, str]:
        tasks = tasks_of(picture, person)
        busy = bool(tasks) and tasks[0].state in _NOW
        return person.id in given, not busy, not tasks, person.handle

    people = sorted(board.rows(Person).values(), key=order)
    first = picture.forecast.now // HOUR
    hours = range(first, first + max(6, min(24, width - 56)))
    items = [heading("Everybody", f"work hour by hour from {_hour(picture, first)} to {_hour(picture, hours.stop)}")]
    for person in people:
        roll = _roll(picture, given.get(person.id)) if call is not None else ()
        lines = _person(picture, person, load.get(person.handle, {}), hours, screens.get(person.handle), width)
        lines = ((*roll, *lines[0]), *lines[1:])
        items.append(Item(lines, picked=OnPerson(person.handle)))
    return tuple(items)


def tasks_of(picture: Picture, person: Person) -> Sequence[Task]:
    """The open tasks that a person owns: those under way first, then by when they are expected to start."""
    board, forecast = picture.board, picture.forecast
    own = [
        task
        for task in board.tasks_in_play
        if task.owner_id == person.id and task.state not in CLOSED_STATES and task.ref in forecast.delays
    ]
    return sorted(own, key=lambda task: (task.state not in _NOW, forecast.start_of(task), task.position))


def _hour(picture: Picture, hour: int) -> str:
    return picture.time(picture.forecast.instant(hour * HOUR))


def _person(
    picture: Picture,
    person: Person,
    load: Mapping[int, int],
    hours: range,
    screen: str | None,
    width: int,
) -> tuple[Spans, ...]:
    board, now = picture.board, picture.now
    away = is_away(board, person.id, now)
    mark = AWAY if away else THERE
    spans: list[Span] = [
        (f" {mark.glyph} {mark.word:<6}", mark.ink),
        (padded(one_line(person.handle, 20), 11) + " ", "bold"),
        (one_line(person.name, 30), ""),
    ]
    if person.phone:
        spans.append((f"  {one_line(person.phone, 24)}", "primary"))
    if screen is not None:
        spans.append((f"  {ONLINE.glyph} {ONLINE.word}: {one_line(screen, 16)}", ONLINE.ink))
    if width >= 110:
        spans.append((f"  {one_line(person.title or ', '.join(person.roles), 40)}", "muted"))
    lines: list[Spans] = [tuple(spans)]
    if away:
        lines.append(((f"   {_away(picture, person)}", AWAY.ink),))
    lines.append((("   ", ""), *_curve(load, hours), ("  ", ""), *_work(picture, person)))
    return tuple(lines)


def _roll(picture: Picture, answer: RollAnswer | None) -> Spans:
    mark = MISSING if answer is None else ANSWERED
    said = mark.word if answer is None else picture.time(answer.at)
    return ((f" {mark.glyph} {said:<10}", mark.ink),)


def _away(picture: Picture, person: Person) -> str:
    board, now = picture.board, picture.now
    leave, back = leave_of(board, person.id, now), back_at(board, person.id, now)
    until = "nobody knows until when" if back is None else f"until {picture.time(back)}"
    if leave is None:
        return f"off shift {until}"
    instead = board.handle(leave.substitute_id)
    stands_in = "" if instead is None else f"; {one_line(instead, 20)} stands in"
    return f"away {until}: {one_line(leave.reason or 'no reason given', 60)}{stands_in}"


def _curve(load: Mapping[int, int], hours: range) -> Iterator[Span]:
    """A block for every hour: full where the hour is; more work than there is time has the ink of what is late."""
    for hour in hours:
        seconds = load.get(hour, 0)
        height = min(8, -(-8 * seconds // HOUR))
        ink = LATE.ink if seconds > HOUR else "lane-forecast" if hour != hours.start else "status-running"
        yield _EIGHTHS[height] if height else "·", ink if height else "muted"


def _work(picture: Picture, person: Person) -> Iterator[Span]:
    tasks = tasks_of(picture, person)
    if not tasks:
        yield "nothing is open", "muted"
        return
    for task in tasks[:2]:
        mark = STATES[picture.board.shown_state(task)]
        at = "" if task.state in _NOW else f" {_start(picture, task)}"
        yield f"{mark.glyph} {mark.word} ", mark.ink
        yield f"{one_line(task.ref, 14)}{at}  ", ""
    if len(tasks) > 2:
        yield f"{len(tasks) - 2} more", "muted"


def _start(picture: Picture, task: Task) -> str:
    if picture.board.shown_state(task) is ShownState.READY:
        return ""
    return picture.time(picture.forecast.instant(picture.forecast.start_of(task)))


# --- the call sheet --------------------------------------------------------------------------------------------------


def sheet_items(picture: Picture, width: int) -> tuple[Item, ...]:
    """Where everybody meets, the calls to come, who is on shift in which role, and the numbers of parties outside."""
    return tuple(_sheet(picture, width))


def _sheet(picture: Picture, width: int) -> Iterator[Item]:
    board, forecast = picture.board, picture.forecast
    for bridge in board.rows(Bridge).values():
        yield heading("Bridge", one_line(bridge.name, 40))
        parts = (bridge.phone, f"PIN {bridge.pin}" if bridge.pin else None, bridge.url)
        yield _said(" · ".join(part for part in parts if part), width, "primary")
    yield heading("Calls", "" if board.rows(Call) else "none is planned")
    coming = [(at, call) for call in board.rows(Call).values() if (at := next_call(call, forecast.now)) is not None]
    for at, call in sorted(coming, key=lambda one: (one[0], one[1].position))[:_CALLS]:
        every = f", every {show_duration(call.every_s)}" if call.every_s else ""
        when = f"{picture.time(forecast.instant(at))}, in {show_duration(max(0, at - forecast.now))}{every}"
        yield _said(f"{one_line(call.title, 60)} ({when})", width, "bold")
        yield _said(", ".join(call.who), width, "muted", indent=5)
    shifts = sorted(board.rows(RotaShift).values(), key=lambda one: (one.position, one.from_s))
    if shifts:
        yield heading("On shift")
        rota = Rota(board)
        for role in dict.fromkeys(shift.role for shift in shifts):
            yield from _role(picture, rota, role, width)
    parties = tuple(board.rows(Party).values())
    if parties:
        yield heading("Outside")
        for party in parties:
            known = (party.name, party.phone or "no number", party.contact)
            yield _said(" · ".join(one_line(part, 60) for part in known if part), width)


def next_call(call: Call, now: int) -> int | None:
    """When a call is held next, now at the earliest (seconds from the window start); None: it was held."""
    if now <= call.at_s:
        return call.at_s
    if not call.every_s:
        return None
    at = call.at_s + -(-(now - call.at_s) // call.every_s) * call.every_s
    return at if at <= (call.until_s if call.until_s is not None else call.at_s + 7 * DAY) else None


def _role(picture: Picture, rota: Rota, role: str, width: int) -> Iterator[Item]:
    board, now = picture.board, (picture.now - picture.forecast.origin) // timedelta(seconds=1)
    person = board.person(rota.person_at(role, now))
    if person is None:
        return
    off = "" if rota.covers(role, now) else " (off shift now)"
    phone = f" · {one_line(person.phone, 24)}" if person.phone else ""
    yield _said(f"{one_line(role, 40)}: {one_line(person.handle, 20)}{phone}{off}", width)


def _said(said: str, width: int, ink: str = "", indent: int = 3) -> Item:
    return Item(tuple(((" " * indent + line, ink),) for line in wrapped(one_line(said), width - indent - 1, most=3)))
