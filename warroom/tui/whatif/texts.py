"""What a supposed slip does, as items: the figures, what breaks, whom to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Person, Task
from warroom.board.whatif import Break, BreakKind, Outcome, Suppositions, owner_then, suppose
from warroom.clock.durations import show_duration
from warroom.schedule.whatif import BadChange, Change
from warroom.tui.drawing.ink import Span, Spans
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.marks import BACKOUT, GATE, LATE, PUSHED, WINDOW_END
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line

_NAMES = {
    BreakKind.WINDOW: f"{WINDOW_END.glyph} window",
    BreakKind.GATE: f"{GATE.glyph} gate",
    BreakKind.DEADLINE: f"{LATE.glyph} deadline",
    BreakKind.BACKOUT: f"{BACKOUT.glyph} back-out",
    BreakKind.AVAILABILITY: f"{PUSHED.glyph} off duty",
}


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What follows from a slip of a task.

    Attributes:
        picture: on which it was asked.
        outcome: None if it cannot be supposed; `refusal` says why then.
    """

    picture: Picture
    task: Task
    slip: int
    outcome: Outcome | None
    refusal: str = ""


def answer(picture: Picture, task: Task, slip: int) -> Answer:
    """What follows if `task` slips by `slip` seconds. Pure."""
    if task.state in CLOSED_STATES:
        return Answer(picture, task, slip, None, f"{task.ref} is {task.state.value} by now")
    try:
        outcome = suppose(picture.board, picture.forecast, Suppositions((Change(task.ref, slip=slip),)))
    except BadChange as error:
        return Answer(picture, task, slip, None, str(error))
    return Answer(picture, task, slip, outcome)


def answer_items(answer: Answer, width: int) -> tuple[Item, ...]:
    """The panel beside the timeline."""
    outcome, picture = answer.outcome, answer.picture
    if outcome is None:
        return (Item(tuple(((f" {line}", "status-late"),) for line in wrapped(answer.refusal, width - 2))),)
    return (
        Item(tuple(_figures(picture, outcome))),
        *_breaks(picture, outcome, width),
        *_calls(picture, outcome, width),
    )


def _figures(picture: Picture, outcome: Outcome) -> Iterator[Spans]:
    forecast, moves = picture.forecast, outcome.finish_moves

    def time(seconds: int) -> str:
        return picture.weekday_time(forecast.instant(seconds))

    finish = time(outcome.effect.finish)
    if moves:
        moved: Span = (f"  {show_duration(moves, sign=True)}", "status-late bold" if moves > 0 else "inside bold")
        yield ((" finish   ", "muted"), (f"{time(forecast.finish)} → ", ""), (finish, "bold"), moved)
    else:
        yield ((" finish   ", "muted"), (finish, "bold"), ("  stays", "inside"))
    left, before = outcome.window_float, forecast.window_float
    size = show_duration(abs(left))
    verdict: Span = (f"✓ +{size} inside", "inside bold") if left >= 0 else (f"▲ -{size} BEYOND", "beyond bold")
    yield (
        (" window   ", "muted"),
        verdict,
        (f"  instead of {show_duration(before, sign=True)}" if moves else "", "muted"),
    )
    if outcome.decide_backout_by is None:
        return
    decision = time(outcome.decide_backout_by)
    if outcome.backout_moves:
        by = show_duration(outcome.backout_moves, sign=True)
        yield (
            (f" {BACKOUT.glyph} back-out", BACKOUT.ink),
            (f" by {decision}", "bold"),
            (f"  {by}", "status-late bold"),
        )
    else:
        yield ((f" {BACKOUT.glyph} back-out", BACKOUT.ink), (f" by {decision}", "bold"), ("  stays", "muted"))


def _breaks(picture: Picture, outcome: Outcome, width: int) -> Iterator[Item]:
    if not outcome.breaks:
        yield Item(((), ((" ✓ Nothing breaks", "inside bold"),)))
        return
    yield Item(((), heading("Breaks", f"{len(outcome.breaks)}", "beyond bold").lines[0]))
    for found in outcome.breaks:
        yield _break(picture, found, width)


def _break(picture: Picture, found: Break, width: int) -> Item:
    forecast, task = picture.forecast, picture.board.task(found.ref)
    why = found.why(picture.weekday_time(forecast.instant(found.limit)))
    late = f"{show_duration(found.late)} {'in all' if found.kind is BreakKind.AVAILABILITY else 'late'}"
    title = "" if task is None else one_line(task.title, 60)
    head: Spans = (
        (f" {_NAMES[found.kind]} ", "beyond bold"),
        (f"{one_line(found.ref, 14)} ", "bold"),
        (title, "muted"),
    )
    lines = [((f"     {line}", "beyond"),) for line in wrapped(f"{late}: {why}", width - 6, most=3)]
    return Item((head, *lines), found.ref)


def _calls(picture: Picture, outcome: Outcome, width: int) -> Iterator[Item]:
    """Everybody whose tasks move or break, those of what breaks first; with phone, and what to tell them."""
    board = picture.board
    told: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for found in outcome.breaks:
        owner = None if found.owner is None else board.person_called(found.owner)
        if owner is not None:
            told[owner.id] = []
    for ref, moves in outcome.moves.items():
        task = board.task(ref)
        assert task is not None
        owner_id = owner_then(board, outcome.effect, task)
        if owner_id is not None:
            told[owner_id].append((ref, moves))
    if not told:
        return
    yield Item(((), heading("Whom to call", f"{len(told)}").lines[0]))
    for person_id, tasks in told.items():
        person = board.person(person_id)
        if person is not None:
            yield _call(person, tasks, width)


def _call(person: Person, tasks: list[tuple[str, int]], width: int) -> Item:
    phone = one_line(person.phone, 40) if person.phone else "no phone known"
    head: Spans = ((f" {one_line(person.name, 40)}", "bold"), (f"  {phone}", "" if person.phone else "muted"))
    moved = [f"{one_line(ref, 14)} {show_duration(moves, sign=True)}" for ref, moves in tasks]
    said = wrapped(", ".join(moved) or "what breaks is theirs", width - 6, most=2)
    return Item((head, *(((f"     {line}", PUSHED.ink),) for line in said)), tasks[0][0] if tasks else None)
