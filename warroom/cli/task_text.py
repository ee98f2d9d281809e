"""Tasks as plain text. Everything that somebody typed comes out harmless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from warroom.board.awaited import awaited_words
from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.networks import expected_finish
from warroom.board.plan_rows import link_text
from warroom.board.rows import Attempt, Document, Link, Step, Task
from warroom.cli.output import columns
from warroom.cli.sentences import listed, name_of
from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import show_time
from warroom.rules.required import required_on
from warroom.tui.drawing.marks import STALE, STATES
from warroom.vocabulary.text import many_lines, one_line
from warroom.vocabulary.words import Confirmed, ShownState, StepKind, TaskKind

_HEADS = ("REF", "STATE", "OWNER", "START", "FINISH", "LATE", "TITLE")
_SCHEDULE_HEADS = ("REF", "STATE", "PLANNED FINISH", "START", "FINISH", "FLOAT", "OWN", "INHERITED", "TITLE")


def task_table(board: Board, forecast: Forecast, tasks: Iterable[Task]) -> str:
    """One line for each task: its start and finish, actual or expected; "~" marks a guess."""
    return columns((_row(board, forecast, task) for task in tasks), _HEADS)


def schedule_table(board: Board, forecast: Forecast) -> str:
    """One line for each task: planned and expected finish, float ("!" where critical), own and inherited delay."""
    tasks = (task for task in board.tasks if task.ref in forecast.delays)
    return columns((_schedule_row(board, forecast, task) for task in tasks), _SCHEDULE_HEADS)


def shown_state(board: Board, task: Task) -> str:
    """The state's glyph and word; also that the task is stale."""
    marks = [STATES[board.shown_state(task)], *([STALE] if task.stale_since is not None else [])]
    return " ".join(f"{mark.glyph} {mark.word}" for mark in marks)


def _row(board: Board, forecast: Forecast, task: Task) -> tuple[str, ...]:
    owner = board.handle(task.owner_id) or ""
    return (
        task.ref,
        shown_state(board, task),
        owner,
        *_expected(board, forecast, task),
        _span(forecast.delay(task).slip),
        _title(task),
    )


def _schedule_row(board: Board, forecast: Forecast, task: Task) -> tuple[str, ...]:
    planned, timing, delay = forecast.planned(task), forecast.of(task), forecast.delay(task)
    spare = "" if timing.total_float is None else show_duration(timing.total_float) + ("!" if timing.critical else "")
    return (
        task.ref,
        shown_state(board, task),
        show_time(forecast.instant(planned.finish), board.programme.timezone),
        *_expected(board, forecast, task),
        spare,
        _span(delay.own),
        _span(delay.inherited),
        _title(task),
    )


def _expected(board: Board, forecast: Forecast, task: Task) -> tuple[str, str]:
    """Start and finish, actual or expected; "~" marks a guess."""
    zone, timing = board.programme.timezone, forecast.of(task)
    finish = show_time(forecast.instant(timing.finish), zone)
    return show_time(forecast.instant(timing.start), zone), f"~{finish}" if timing.guess else finish


def _span(seconds: int) -> str:
    """A delay, unless it is less than a minute."""
    return show_duration(seconds, sign=True) if abs(seconds) >= MINUTE else ""


def _title(task: Task) -> str:
    return f"[gate] {task.title}" if task.kind_of_task is TaskKind.GATE else task.title


def task_lines(board: Board, forecast: Forecast, task: Task) -> Iterator[str]:
    """Everything about one task."""
    zone = board.programme.timezone

    def at(instant: datetime | None) -> str:
        return "" if instant is None else show_time(instant, zone)

    def name(key: int | None) -> str:
        return "" if key is None else name_of(board, key)

    yield f"{one_line(task.ref)}  {one_line(task.title)}"
    yield ""
    facts = [
        ("state", _state(board, task)),
        ("stale", _stale(board, task)),
        ("attempt", str(task.attempt) if task.attempt > 1 else ""),
        ("owner", name(task.owner_id)),
        ("backup", name(task.backup_id)),
        ("verifier", name(task.verifier_id)),
        ("kind", "" if task.kind_of_task is TaskKind.WORK else task.kind_of_task.value),
        *_belonging(task),
        *_requires(board, task),
        ("phase", task.phase or ""),
        ("stream", task.stream or ""),
        ("duration", _duration(task)),
        ("calendar", task.calendar or ""),
        ("constraints", listed(_constraints(board, task), "")),
        ("after", listed((_neighbour(board, link, link.predecessor_id) for link in board.links_to(task.id)), "")),
        ("before", listed((_neighbour(board, link, link.successor_id) for link in board.links_from(task.id)), "")),
        *_times(board, forecast, task),
        ("started", _by(at(task.actual_start), name(task.executor_id))),
        ("executed", _by(at(task.executed_at), name(task.executor_id))),
        ("finished", _by(at(task.actual_finish), name(task.verified_by_id))),
        ("result", "" if task.result is None else task.result.value),
        ("documents", ", ".join(task.document_numbers)),
        ("ETA", _eta(board, task)),
        ("progress", _progress(board, task)),
    ]
    yield columns((fact for fact in facts if fact[1]), indent="  ")
    yield from _block("instructions", task.instructions)
    steps = board.steps(task.id)
    for title, kind in (("steps", StepKind.STEP), ("verification", StepKind.VERIFICATION)):
        if own := [step for step in steps if step.kind_of_step is kind]:
            yield ""
            yield title
            yield from (_step(board, task, step) for step in own)
    if facts_known := board.facts(task.id):
        yield ""
        yield "facts"
        for fact in facts_known:
            yield f"  - {one_line(fact.text, 4000)}" + (f"  ({one_line(fact.source, 400)})" if fact.source else "")
    yield from _block("on failure", task.failure_plan)
    yield from _block("undo", task.undo)
    if attempts := board.attempts(task.id):
        yield ""
        yield "earlier attempts"
        yield from (f"  {one_line(_attempt(board, attempt), 4000)}" for attempt in attempts)
    if notes := board.notes(task.id):
        yield ""
        yield "notes"
        yield from (f"  {at(note.at)} {one_line(name(note.person_id))}: {one_line(note.text, 4000)}" for note in notes)
    if attached := board.evidence(task.id):
        yield ""
        yield "evidence"
        for each in attached:
            document = board.rows(Document)[each.document_id]
            said = f": {each.note}" if each.note else ""
            line = f"{at(each.at)} {name(each.person_id)}: {each.id} {document.name} ({document.media_type}){said}"
            yield f"  {one_line(line, 4000)}"


def _state(board: Board, task: Task) -> str:
    reason = task.blocked_reason or task.closing_reason
    early = ", started out of sequence" if task.out_of_sequence else ""
    awaited = awaited_words(board, task, lambda at: show_time(at, board.programme.timezone))
    said = "; ".join(part for part in (reason, awaited) if part)
    return shown_state(board, task) + early + (f": {said}" if said else "")


def _stale(board: Board, task: Task) -> str:
    if task.stale_since is None:
        return ""
    return f"since {show_time(task.stale_since, board.programme.timezone)}: {task.stale_because}"


def _attempt(board: Board, attempt: Attempt) -> str:
    """An earlier attempt: when, by whom, how it ended, and why it was done again."""
    zone = board.programme.timezone
    times = [show_time(time, zone) for time in (attempt.actual_start, attempt.actual_finish) if time is not None]
    ended = STATES[ShownState(attempt.state.value)].word + (
        f": {attempt.closing_reason}" if attempt.closing_reason else ""
    )
    again = f"done again since {show_time(attempt.replaced_at, zone)}: {attempt.replaced_because}"
    return f"{attempt.number}: {' to '.join(times)} by {name_of(board, attempt.executor_id)}, {ended}; {again}"


def _belonging(task: Task) -> Iterator[tuple[str, str]]:
    """What the runbook says it belongs to and opens."""
    yield "entity", task.entity or ""
    yield "environment", task.environment or ""
    yield "party", task.party or ""
    yield "text", task.communication or ""
    yield "flow", task.flow or ""
    yield "opens", listed(task.opens, "")
    yield "optional", "yes" if task.optional else ""


def _requires(board: Board, task: Task) -> Iterator[tuple[str, str]]:
    """How many of whom must confirm the start and the finish, and who has."""
    for what in Confirmed:
        if (wanted := required_on(board, task, what)) is not None:
            who = listed(wanted.confirmed, "nobody yet")
            yield f"to {what}", f"{wanted.count} of {', '.join(wanted.of)}; confirmed by {who}"


def _duration(task: Task) -> str:
    likely = show_duration(task.duration_s) + (" (a placeholder)" if task.placeholder else "")
    if task.duration_low_s is None or task.duration_high_s is None:
        return likely
    return f"{likely} ({show_duration(task.duration_low_s)} to {show_duration(task.duration_high_s)})"


def _constraints(board: Board, task: Task) -> Iterator[str]:
    zone, start = board.programme.timezone, board.plan.window_start
    for what, seconds in (
        ("not before", task.not_before_s),
        ("must start", task.must_start_s),
        ("must finish", task.must_finish_s),
        ("deadline", task.deadline_s),
    ):
        if seconds is not None:
            yield f"{what} {show_time(start + timedelta(seconds=seconds), zone)}"
    if task.as_late_as_possible:
        yield "as late as possible"


def _neighbour(board: Board, link: Link, other_id: int) -> str:
    """The task at the other end of a link, with the link's type and lag where they are not the usual ones."""
    other = board.rows(Task)[other_id]
    return f"{link_text(other.ref, link.link_type, link.lag_s)} ({STATES[board.shown_state(other)].word})"


def _times(board: Board, forecast: Forecast, task: Task) -> Iterator[tuple[str, str]]:
    if task.ref not in forecast.delays:
        yield "schedule", "it belongs to the back-out, or takes no part in this run"
        return
    zone = board.programme.timezone
    planned, expected, delay = forecast.planned(task), forecast.of(task), forecast.delay(task)

    def span(start: int, finish: int) -> str:
        return f"{show_time(forecast.instant(start), zone)} to {show_time(forecast.instant(finish), zone)}"

    yield "planned", span(planned.start, planned.finish)
    yield "expected", span(expected.start, expected.finish) + (", a guess" if expected.guess else "")
    if delay.slip:
        parts = f"{show_duration(delay.own, sign=True)} own, {show_duration(delay.inherited, sign=True)} inherited"
        yield "slip", f"{show_duration(delay.slip, sign=True)} ({parts})"
    if expected.total_float is not None:
        yield "float", show_duration(expected.total_float) + (", critical" if expected.critical else "")


def _by(when: str, who: str) -> str:
    return f"{when} by {who}" if when and who else when


def _eta(board: Board, task: Task) -> str:
    if task.eta is None or task.eta_given_at is None:
        return ""
    zone = board.programme.timezone
    given = f"{name_of(board, task.eta_given_by_id)} at {show_time(task.eta_given_at, zone)}"
    return f"{show_time(task.eta, zone)}, given by {given}: {task.eta_reason}"


def _progress(board: Board, task: Task) -> str:
    if task.progress_done is None:
        return ""
    unit = f" {task.progress_unit}" if task.progress_unit else ""
    implied = expected_finish(task)
    rest = "" if implied is None else f", expected {show_time(implied, board.programme.timezone)}"
    return f"{task.progress_done} of {task.progress_total}{unit}{rest}"


def _step(board: Board, task: Task, step: Step) -> str:
    ticked = ""
    if step.ticked_at is not None:
        when = show_time(step.ticked_at, board.programme.timezone, day=False)
        ticked = f"  ({when} {one_line(name_of(board, step.ticked_by_id))})"
    evidence = f"  evidence: {one_line(step.evidence)}" if step.evidence else ""
    box = "[x]" if step.ticked_at is not None else "[ ]"
    return f"  {box} {one_line(task.ref)}.{step.position}  {one_line(step.text)}{ticked}{evidence}"


def _block(title: str, text: str | None) -> Iterator[str]:
    if text:
        yield ""
        yield title
        yield from (f"  {line}" for line in many_lines(text).rstrip().split("\n"))
