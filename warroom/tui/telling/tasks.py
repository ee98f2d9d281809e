"""What is said of one task, in a line or a few: below the timeline, in lists, and at the top of its own screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rich.cells import cell_len

from warroom.board.awaited import awaited_words
from warroom.board.rows import Person, Step, Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import show_time
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.marks import DORMANT, LATE, PUSHED, STALE, STATES, VERDICTS, Mark
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import StepKind, TaskState


def state_spans(picture: Picture, task: Task) -> Spans:
    """Glyph and word of the state, and the slip with its kind."""
    mark = STATES[picture.board.shown_state(task)]
    spans: list[Span] = [(f"{mark.glyph} {mark.word}", f"{mark.ink} bold")]
    gate = picture.board.gate_of(task.id)
    if gate is not None and gate.verdict is not None:
        verdict = VERDICTS[gate.verdict]
        spans.append((f" {verdict.glyph} {verdict.word}", f"{verdict.ink} bold"))
    if task.stale_since is not None:
        spans.append((f" {STALE.glyph} {STALE.word}", f"{STALE.ink} bold"))
    if task.attempt > 1:
        spans.append((f" attempt {task.attempt}", "muted"))
    if picture.board.is_held(task):
        spans.append(("  held: the back-out was invoked", "beyond"))
        return tuple(spans)
    if task.ref not in picture.forecast.delays:
        return tuple(spans)
    delay = picture.forecast.delay(task)
    if delay.own >= MINUTE:
        spans.append((f"  {LATE.glyph} {show_duration(delay.own, sign=True)} by itself", LATE.ink))
    if delay.inherited >= MINUTE:
        spans.append((f"  {PUSHED.glyph} {show_duration(delay.inherited, sign=True)} pushed", PUSHED.ink))
    return tuple(spans)


def short_mark(picture: Picture, task: Task) -> Mark:
    """How a task is marked where there is room for one sign: by its lateness, unless its state says more."""
    state = STATES[picture.board.shown_state(task)]
    if task.state in (TaskState.BLOCKED, TaskState.FAILED):
        return state
    if task.stale_since is not None:
        return Mark(STALE.glyph, f"{state.word}, {STALE.word}", STALE.ink)
    if not picture.late(task):
        return state
    if picture.forecast.delay(task).own >= MINUTE:
        return Mark(LATE.glyph, state.word, LATE.ink)
    return Mark(PUSHED.glyph, state.word, PUSHED.ink)


_READABLE = 28  # cells of a title that say what it is about
LEAST_TITLE = 16
"""A title of fewer cells says less than how long it still is to a time that is told anyhow."""


def task_line(picture: Picture, task: Task, width: int, *, quiet: bool = False) -> Spans:
    """A task in a list of others: its state, what it is, whose, and when it was or is expected to be finished.

    Args:
        quiet: of less weight than those beside it.
    """
    in_forecast = task.ref in picture.forecast.delays
    if task.backout and picture.board.invocation is None:
        mark = DORMANT
    else:
        mark = short_mark(picture, task) if in_forecast else STATES[picture.board.shown_state(task)]
    owner = one_line(picture.board.handle(task.owner_id) or "nobody", 16)
    tail, more = f"  {mark.word}, {owner}", ""
    if task.actual_finish is not None:
        tail += f", {picture.time(task.actual_finish)}"
    elif in_forecast:
        expected = picture.forecast.instant(picture.forecast.finish_of(task))
        tail += f", about {picture.time(expected)}"
        more = "" if picture.board.run is None else f", {picture.distance(expected)}"
    ref = one_line(task.ref, 14)
    room = width - 5 - cell_len(ref) - cell_len(tail)
    if room - cell_len(more) >= LEAST_TITLE:
        tail, room = tail + more, room - cell_len(more)
    return (
        (f" {mark.glyph} ", f"{mark.ink} bold"),
        (f"{ref} ", "" if quiet else "bold"),
        (padded(one_line(task.title, 80), max(8, room)), "muted" if quiet else ""),
        (tail, mark.ink),
    )


def selected_line(picture: Picture, task: Task | None, width: int) -> Spans:
    """The selected task in one line; where that is long, the title gives way to whose it is and how it stands, and as
    far as it stays readable to its times."""
    if task is None:
        return ()
    board = picture.board
    ref: Span = (f" {one_line(task.ref, 20)} ", "bold")
    owner = one_line(board.handle(task.owner_id) or "", 20)
    stands = (*state_spans(picture, task), *(((f"  {owner}", "bold"),) if owner else ()))
    times: list[Span] = []
    if task.ref in picture.forecast.delays:
        planned, expected = picture.forecast.planned(task), picture.forecast.of(task)
        times.append((f"  plan {span_text(picture, planned.start, planned.finish)}", "muted"))
        if (planned.start, planned.finish) != (expected.start, expected.finish):
            times.append((f"  now {span_text(picture, expected.start, expected.finish)}", ""))
    title = one_line(task.title, 100)
    room = width - width_of((ref, *stands)) - 3
    if room - width_of(times) >= _READABLE:
        room -= width_of(times)
    spans: list[Span] = [ref, (padded(title, min(cell_len(title), max(12, room))) + "  ", ""), *stands, *times]
    holding = board.open_predecessors(task.id)
    if holding:
        spans.append(("  waits for " + ", ".join(one_line(one.ref, 20) for one in holding), "muted"))
    return tuple(spans)


def span_text(picture: Picture, start: int, finish: int) -> str:
    """Two instants (seconds from the window start) as "20:00-20:20"; of another day "Sat 20:00-20:20", with the second
    day too where that is not the first."""
    first, last = picture.forecast.instant(start), picture.forecast.instant(finish)
    same_day = first.astimezone(picture.zone).date() == last.astimezone(picture.zone).date()
    until = show_time(last, picture.zone, day=False) if same_day else picture.weekday_time(last)
    return f"{picture.weekday_time(first)}-{until}"


def step_spans(step: Step, width: int) -> tuple[Spans, ...]:
    """A step with its box, number and evidence."""
    box = "[x]" if step.ticked_at is not None else "[ ]"
    kind = "V" if step.kind_of_step is StepKind.VERIFICATION else " "
    lines = wrapped(one_line(step.text), width - 10, most=3)
    ink = "status-done" if step.ticked_at is not None else "status-verifying" if kind == "V" else ""
    spans: list[Spans] = [((f"   {box} {step.position}{kind} ", ink or "bold"), (lines[0], ink))]
    spans += [((" " * 10 + line, ink),) for line in lines[1:]]
    if step.evidence:
        spans += [
            ((" " * 10 + line, "muted"),) for line in wrapped("evidence: " + one_line(step.evidence), width - 10, 2)
        ]
    return tuple(spans)


def why_lines(picture: Picture, task: Task, width: int) -> Iterator[Spans]:
    """ETA, block, progress and reasons, as far as there are any."""
    board = picture.board

    def said(text: str, ink: str) -> Iterator[Spans]:
        for line in wrapped(text, width - 3, most=3):
            yield ((f"   {line}", ink),)

    if task.stale_since is not None:
        yield from said(
            f"{STALE.glyph} stale since {picture.moment(task.stale_since)}: {one_line(task.stale_because or '')} "
            f"({picture.key('task.settle')} still good, {picture.key('task.rerun')} do again)",
            STALE.ink,
        )
    if task.blocked_reason:
        since = "" if task.blocked_at is None else f" since {picture.moment(task.blocked_at)}"
        yield from said(f"blocked{since}: {one_line(task.blocked_reason)}", "status-blocked")
    if awaited := awaited_words(board, task, picture.time):
        due = [at for at in (task.blocked_chase, task.blocked_promise) if at is not None]
        yield from said(f"waits for {one_line(awaited)}", "status-late" if due and min(due) < picture.now else "")
    if task.eta is not None:
        by = board.handle(task.eta_given_by_id) or "somebody"
        age = None if task.eta_given_at is None else (picture.forecast.at - task.eta_given_at) // timedelta(seconds=1)
        given = "" if age is None else f" {show_duration(max(0, age))} ago"
        reason = f': "{one_line(task.eta_reason)}"' if task.eta_reason else ""
        passed = " HAS PASSED" if task.eta < picture.now and task.actual_finish is None else ""
        yield from said(
            f"ETA {picture.moment(task.eta)}{passed} (by {one_line(by, 20)}{given}{reason})", "status-ready"
        )
    if task.progress_done is not None and task.progress_total:
        share = task.progress_done * 100 // task.progress_total
        unit = f" {one_line(task.progress_unit, 20)}" if task.progress_unit else ""
        yield from said(f"{task.progress_done:,} of {task.progress_total:,}{unit}, {share} %", "status-running")
    if task.closing_reason:
        yield from said(one_line(task.closing_reason), "muted")


def person_text(person: Person) -> str:
    """Handle, name, what they are and how to reach them."""
    known = (person.handle, person.name, person.title, person.company, person.phone)
    return " · ".join(one_line(part, 60) for part in known if part)
