"""What is said of one task: in one line below the timeline, in an owner's list, and whole on its own screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from warroom.board.rows import Person, Step, Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.tui.ink import Span, Spans
from warroom.tui.marks import LATE, PUSHED, STATES, VERDICTS
from warroom.tui.picture import Picture
from warroom.tui.widgets.listing import Item
from warroom.tui.wrapping import wrapped
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import StepKind, TaskKind


def state_spans(picture: Picture, task: Task) -> Spans:
    """Glyph and word of the state, and the slip with its kind."""
    mark = STATES[picture.board.shown_state(task)]
    spans: list[Span] = [(f"{mark.glyph} {mark.word}", f"{mark.ink} bold")]
    gate = picture.board.gate_of(task.id)
    if gate is not None and gate.verdict is not None:
        verdict = VERDICTS[gate.verdict]
        spans.append((f" {verdict.glyph} {verdict.word}", f"{verdict.ink} bold"))
    if task.ref not in picture.forecast.delays:
        return tuple(spans)
    delay = picture.forecast.delay(task)
    if delay.own >= MINUTE:
        spans.append((f"  {LATE.glyph} {show_duration(delay.own, sign=True)} by itself", LATE.ink))
    if delay.inherited >= MINUTE:
        spans.append((f"  {PUSHED.glyph} {show_duration(delay.inherited, sign=True)} pushed", PUSHED.ink))
    return tuple(spans)


def selected_line(picture: Picture, task: Task | None) -> Spans:
    """The selected task in one line."""
    if task is None:
        return ()
    board = picture.board
    spans: list[Span] = [(f" {one_line(task.ref, 20)} ", "bold"), (one_line(task.title, 60) + "  ", "")]
    spans.extend(state_spans(picture, task))
    owner = board.handle(task.owner_id)
    if owner:
        spans.append((f"  {one_line(owner, 20)}", "bold"))
    if task.ref in picture.forecast.delays:
        planned, expected = picture.forecast.planned(task), picture.forecast.of(task)
        spans.append((f"  plan {span_text(picture, planned.start, planned.finish)}", "muted"))
        if (planned.start, planned.finish) != (expected.start, expected.finish):
            spans.append((f"  now {span_text(picture, expected.start, expected.finish)}", ""))
    holding = board.open_predecessors(task.id)
    if holding:
        spans.append(("  waits for " + ", ".join(one_line(one.ref, 20) for one in holding), "muted"))
    return tuple(spans)


def span_text(picture: Picture, start: int, finish: int) -> str:
    """Two instants (seconds from the window start) as "20:00-20:20"."""
    forecast = picture.forecast
    return f"{picture.time(forecast.instant(start))}-{picture.time(forecast.instant(finish))}"


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

    if task.blocked_reason:
        since = "" if task.blocked_at is None else f" since {picture.time(task.blocked_at)}"
        yield from said(f"blocked{since}: {one_line(task.blocked_reason)}", "status-blocked")
    if task.eta is not None:
        by = board.handle(task.eta_given_by_id) or "somebody"
        given = "" if task.eta_given_at is None else f" {picture.time(task.eta_given_at)}"
        reason = f': "{one_line(task.eta_reason)}"' if task.eta_reason else ""
        passed = " HAS PASSED" if task.eta < picture.now and task.actual_finish is None else ""
        yield from said(f"ETA {picture.time(task.eta)}{passed} (by {one_line(by, 20)}{given}{reason})", "status-ready")
    if task.progress_done is not None and task.progress_total:
        share = task.progress_done * 100 // task.progress_total
        unit = f" {one_line(task.progress_unit, 20)}" if task.progress_unit else ""
        yield from said(f"{task.progress_done:,} of {task.progress_total:,}{unit}, {share} %", "status-running")
    if task.closing_reason:
        yield from said(one_line(task.closing_reason), "muted")


def details(picture: Picture, task: Task, width: int) -> tuple[Item, ...]:
    """Everything about a task, as items; its steps can be selected."""
    items: list[Item] = []

    def section(title: str) -> None:
        items.append(Item(((), ((f" {title}", "primary bold"),))))

    def text(said: str, ink: str = "") -> None:
        items.append(Item(tuple(((f"   {line}", ink),) for line in wrapped(said, width - 4))))

    board = picture.board
    items.append(Item(((*((" ", ""),), *state_spans(picture, task)),)))
    why = tuple(why_lines(picture, task, width))
    if why:
        items.append(Item(why))
    section("People")
    for role, key in (
        ("owner", task.owner_id),
        ("backup", task.backup_id),
        ("verifier", task.verifier_id),
        ("executed by", task.executor_id),
        ("verified by", task.verified_by_id),
    ):
        person = board.person(key)
        if person is not None:
            text(f"{role:<12}{person_text(person)}")
    section("Times")
    for line in _times(picture, task):
        text(line)
    before, after = board.predecessors(task.id), board.successors(task.id)
    for title, tasks in (("Waits for", before), ("Waits for this", after)):
        if tasks:
            section(title)
            for one in tasks:
                mark = STATES[board.shown_state(one)]
                owner = one_line(board.handle(one.owner_id) or "–", 20)
                said = f"{one_line(one.ref, 20)} {one_line(one.title, 60)} · {owner}"
                items.append(Item((((f"   {mark.glyph} {mark.word:<10}", mark.ink), (said, "")),)))
    if task.kind_of_task is TaskKind.GATE:
        _gate(picture, task, width, items, section)
    steps = board.steps(task.id)
    if steps:
        section("Steps (V: verification)")
        items.extend(Item(step_spans(step, width), task.ref, step.position) for step in steps)
    for title, long_text in (("Instructions", task.instructions), ("Undo", task.undo)):
        if long_text:
            section(title)
            text(long_text)
    notes = board.notes(task.id)
    if notes:
        section("Notes")
        for note in reversed(notes):
            text(f"{picture.time(note.at)} {board.handle(note.person_id) or 'somebody'}: {note.text}")
    return tuple(items)


def person_text(person: Person) -> str:
    """Handle, name, what they are and how to reach them."""
    known = (person.handle, person.name, person.title, person.company, person.phone)
    return " · ".join(one_line(part, 60) for part in known if part)


def _times(picture: Picture, task: Task) -> Iterator[str]:
    def spoken(name: str, start: datetime | None, finish: datetime | None) -> str:
        parts = [picture.time(instant) if instant is not None else "…" for instant in (start, finish)]
        return f"{name:<12}{parts[0]} to {parts[1]}"

    forecast = picture.forecast
    if task.ref in forecast.delays:
        planned, expected = forecast.planned(task), forecast.of(task)
        yield spoken("planned", forecast.instant(planned.start), forecast.instant(planned.finish))
        if task.actual_finish is None:
            guess = " (a guess)" if expected.guess else ""
            yield spoken("expected", forecast.instant(expected.start), forecast.instant(expected.finish)) + guess
        if expected.total_float is not None:
            yield f"{'float':<12}{show_duration(expected.total_float, sign=True)}" + (
                ", on the longest path" if expected.on_longest_path else ""
            )
    if task.actual_start is not None:
        yield spoken("actual", task.actual_start, task.actual_finish)
    yield f"{'duration':<12}{show_duration(task.duration_s)}"


def _gate(picture: Picture, task: Task, width: int, items: list[Item], section: Callable[[str], None]) -> None:
    gate = picture.board.gate_of(task.id)
    if gate is None:
        return
    board = picture.board
    section("Criteria")
    for criterion in board.criteria(gate.id):
        lines = wrapped(one_line(criterion.text), width - 6, most=3)
        items.append(
            Item(tuple(((("   · " if not place else "     ") + line, ""),) for place, line in enumerate(lines)))
        )
    section(f"Votes (quorum {gate.quorum})")
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    for seat in board.seats(gate.id):
        vote = votes.get(seat.id)
        said = (
            "no vote yet" if vote is None else vote.choice.value + (f": {one_line(vote.reason)}" if vote.reason else "")
        )
        who = f"   {one_line(seat.title, 24):<24} {one_line(board.handle(seat.person_id) or '–', 16):<16} "
        items.append(Item((((who, ""), (said, "muted" if vote is None else "bold")),)))
    if gate.verdict is not None:
        section("Verdict")
        mark = VERDICTS[gate.verdict]
        by = one_line(board.handle(gate.decided_by_id) or "somebody", 20)
        said = f"   {mark.glyph} {mark.word} by {by}: {one_line(gate.decision_reason or '')}"
        items.append(Item((((said, mark.ink),),)))
