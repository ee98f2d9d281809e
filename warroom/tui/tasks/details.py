"""One task whole, as items: the work that it takes, and the facts about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.board.rows import Attempt, Document, Evidence, Task
from warroom.clock.durations import MINUTE, show_duration
from warroom.schedule.result import Hold, Holder
from warroom.tui.drawing.items import Item, heading, indented
from warroom.tui.drawing.markdown import markdown_lines
from warroom.tui.drawing.marks import LATE, PUSHED, STATES
from warroom.tui.drawing.picked import OnEvidence
from warroom.tui.gates.criterion_texts import found_at
from warroom.tui.gates.texts import gate_items
from warroom.tui.picture.picture import Picture
from warroom.tui.tasks.chain import chain_items, history_items
from warroom.tui.telling.confirming import requirement_lines
from warroom.tui.telling.tasks import person_text, state_spans, step_spans, why_lines
from warroom.tui.whatif.supposed import supposed_items
from warroom.tui.whatif.texts import Answer
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import LinkType, ShownState, StepKind, TaskKind


def work_items(picture: Picture, task: Task, history: Sequence[Entry], width: int) -> tuple[Item, ...]:
    """How it stands and what it takes: state, steps, verification, instructions, notes. The steps can be selected.

    Args:
        history: the entries of the journal about it, oldest first.
    """
    return (*_work(picture, task, width), *history_items(picture, history, width))


def fact_items(picture: Picture, task: Task, later: Sequence[Answer] | None, width: int) -> tuple[Item, ...]:
    """What is known of it: people, times, delay, what would follow if it were later, what comes before and after.

    Args:
        later: what would follow; None: it is being reckoned.
    """
    return tuple(_facts(picture, task, later, width))


def whole_items(
    picture: Picture, task: Task, history: Sequence[Entry], later: Sequence[Answer] | None, width: int
) -> tuple[Item, ...]:
    """Both, below each other."""
    return (
        *_work(picture, task, width),
        *_facts(picture, task, later, width),
        *history_items(picture, history, width),
    )


def _work(picture: Picture, task: Task, width: int) -> Iterator[Item]:
    board = picture.board
    yield Item((((" ", ""), *state_spans(picture, task)),))
    why = tuple(why_lines(picture, task, width))
    if why:
        yield Item(why)
    if task.backout:
        dormant = "" if board.invocation is not None else ", dormant until that is invoked"
        yield Item((((f"   belongs to the back-out{dormant}", "muted"),),))
        if task.undoes:
            yield indented(f"undoes {', '.join(one_line(ref, 20) for ref in task.undoes)}", width)
    if task.kind_of_task is TaskKind.GATE:
        yield from gate_items(picture, task, found_at(picture, board.gate_of(task.id), None), width)
    steps = board.steps(task.id)
    for kind, title in ((StepKind.STEP, "Steps"), (StepKind.VERIFICATION, "Verification")):
        own = [step for step in steps if step.kind_of_step is kind]
        if own:
            ticked = sum(step.ticked_at is not None for step in own)
            yield heading(title, f"{ticked} of {len(own)} ticked")
            yield from (Item(step_spans(step, width), task.ref, step.position) for step in own)
    if task.requires_of:
        yield heading("Required", f"of {', '.join(one_line(handle, 16) for handle in task.requires_of)}")
        yield from (indented(line, width) for line in requirement_lines(picture, task))
    if task.kind_of_task is not TaskKind.GATE:
        yield from _marked("Instructions", task.instructions, width)
    if facts := board.facts(task.id):
        yield heading("Facts")
        yield from (
            indented(fact.text if fact.source is None else f"{fact.text} ({fact.source})", width) for fact in facts
        )
    yield from _marked("On failure", task.failure_plan, width)
    yield from _marked("Undo", task.undo, width)
    attempts = board.attempts(task.id)
    if attempts:
        yield heading("Earlier attempts", f"{len(attempts)}, the newest first")
        for attempt in reversed(attempts):
            yield indented(_attempt(picture, attempt), width)
    notes = board.notes(task.id)
    if notes:
        yield heading("Notes", f"{len(notes)}, the newest first")
        for note in reversed(notes):
            yield indented(f"{picture.time(note.at)} {board.handle(note.person_id) or 'somebody'}: {note.text}", width)
    attached = board.evidence(task.id)
    if attached:
        yield heading("Evidence", f"{len(attached)}, the newest first")
        for each in reversed(attached):
            yield Item(indented(_evidence(picture, each), width).lines, picked=OnEvidence(each.id))


def _evidence(picture: Picture, attached: Evidence) -> str:
    """When, who, what, and what it shows; the number is what `warroom evidence get` takes."""
    document = picture.board.rows(Document)[attached.document_id]
    who = picture.board.handle(attached.person_id) or "somebody"
    where = "" if document.kept else ", kept elsewhere"
    said = f": {attached.note}" if attached.note else ""
    return f"{picture.time(attached.at)} {who}: {attached.id} {document.name} ({document.media_type}{where}){said}"


def _attempt(picture: Picture, attempt: Attempt) -> str:
    """When and by whom, how it ended, and why it was done again."""
    times = (attempt.actual_start, attempt.actual_finish)
    when = " to ".join(picture.time(time) for time in times if time is not None)
    who = picture.board.handle(attempt.executor_id) or "somebody"
    ended = STATES[ShownState(attempt.state.value)].word
    reason = f" ({attempt.closing_reason})" if attempt.closing_reason else ""
    return f"{attempt.number}  {when} {who}, {ended}{reason}; done again: {attempt.replaced_because}"


def _marked(title: str, text: str | None, width: int) -> Iterator[Item]:
    """A section of text in which Markdown counts."""
    if text:
        yield heading(title)
        yield Item(tuple((("   ", ""), *line) for line in markdown_lines(text, width - 4)))


def _facts(picture: Picture, task: Task, later: Sequence[Answer] | None, width: int) -> Iterator[Item]:
    board = picture.board
    yield heading("People")
    for role, key in (
        ("owner", task.owner_id),
        ("backup", task.backup_id),
        ("verifier", task.verifier_id),
        ("executed by", task.executor_id),
        ("verified by", task.verified_by_id),
    ):
        person = board.person(key)
        if person is not None:
            yield indented(f"{role:<12}{person_text(person)}", width)
    yield heading("Times")
    if task.ref in picture.impossible:
        yield indented(f"✗ {picture.impossible[task.ref]}", width, "status-failed")
    for line in _times(picture, task):
        yield indented(line, width)
    yield from _delay(picture, task, width)
    yield from supposed_items(picture, later, width)
    yield from chain_items(picture, task, width)


def _times(picture: Picture, task: Task) -> Iterator[str]:
    forecast = picture.forecast

    def spoken(name: str, start: datetime | None, finish: datetime | None) -> str:
        parts = [picture.time(instant) if instant is not None else "…" for instant in (start, finish)]
        return f"{name:<12}{parts[0]} to {parts[1]}"

    def seconds(name: str, start: int, finish: int) -> str:
        return spoken(name, forecast.instant(start), forecast.instant(finish))

    if task.baseline_start_s is not None and task.baseline_finish_s is not None:
        yield seconds("baseline", task.baseline_start_s, task.baseline_finish_s)
    if task.ref in forecast.delays:
        planned, expected = forecast.planned(task), forecast.of(task)
        yield seconds("planned", planned.start, planned.finish)
        if task.actual_finish is None:
            guess = " (a guess)" if expected.guess else ""
            ends = f", {picture.distance(forecast.instant(expected.finish))}" if picture.in_run else ""
            yield seconds("expected", expected.start, expected.finish) + ends + guess
        if expected.total_float is not None:
            path = ", on the longest path" if expected.on_longest_path else ", critical" if expected.critical else ""
            yield f"{'float':<12}{show_duration(expected.total_float, sign=True)}{path}"
        holds = ", ".join(_held(hold) for hold in expected.held_by)
        if holds and task.actual_finish is None:
            yield f"{'held by':<12}{holds}"
    if task.actual_start is not None:
        yield spoken("actual", task.actual_start, task.actual_finish)
    if task.executed_at is not None and task.verifier_id is not None:
        yield f"{'executed':<12}{picture.moment(task.executed_at)}"
    yield f"{'duration':<12}{show_duration(task.duration_s)}"
    if task.not_before_s is not None:
        yield f"{'not before':<12}{picture.moment(forecast.instant(task.not_before_s))}"
    if task.deadline_s is not None:
        yield f"{'deadline':<12}{picture.moment(forecast.instant(task.deadline_s))}"


def _held(hold: Hold) -> str:
    """What holds a task where it is: "BC-22", "BC-23 SS+15m", "now"."""
    if hold.predecessor is None:
        return {Holder.ACTUAL: "its own start", Holder.ETA: "its ETA"}.get(hold.by, hold.by.value)
    kind = "" if hold.link_type in (None, LinkType.FINISH_START) else f" {hold.link_type}"
    lag = show_duration(hold.lag, sign=True) if hold.lag else ""
    return f"{one_line(hold.predecessor, 20)}{kind}{lag if kind else f' {lag}' if lag else ''}"


def _delay(picture: Picture, task: Task, width: int) -> Iterator[Item]:
    if task.ref not in picture.forecast.delays:
        return
    delay = picture.forecast.delay(task)
    if max(delay.own, delay.inherited, abs(delay.slip)) < MINUTE:
        return
    yield heading("Delay", f"{show_duration(delay.slip, sign=True)} in all")
    if delay.own >= MINUTE:
        yield indented(f"{LATE.glyph} own         {show_duration(delay.own, sign=True)}: a cause", width, LATE.ink)
    elif delay.own <= -MINUTE:
        yield indented(f"✓ won back    {show_duration(-delay.own)}", width, "inside")
    if delay.inherited >= MINUTE:
        yield indented(f"{PUSHED.glyph} inherited   {show_duration(delay.inherited, sign=True)}", width, PUSHED.ink)
