"""The texts of communications, filled from a Board and its forecast. Pure: the same at any replay of that instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from warroom.board.board import Board
from warroom.board.figures import Figures, figures
from warroom.board.forecast import Forecast
from warroom.board.rows import Bridge, Communication, Entity, Gate, Person, Run, Task
from warroom.clock.durations import show_duration
from warroom.clock.times import parse_zone, show_time
from warroom.rules.alerting.view import leads_of
from warroom.rules.problems import open_problems
from warroom.runbook.placeholders import PIECE
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState

MOST_LISTED = 10
"""So many things a list in a text names; the others are only counted."""

_NONE = "none"
_UNDER_WAY = frozenset({ShownState.RUNNING, ShownState.VERIFYING, ShownState.BLOCKED})


@dataclass(frozen=True, slots=True)
class Words:
    """What a communication says, to the letter."""

    subject: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What values are taken from."""

    board: Board
    forecast: Forecast
    figures: Figures
    task: Task | None

    def time(self, instant: datetime | None, missing: str = _NONE) -> str:
        """With the zone's own short name, for readers elsewhere."""
        if instant is None:
            return missing
        zone = parse_zone(self.board.programme.timezone)
        return f"{show_time(instant, zone)} {instant.astimezone(zone).tzname()}"

    @property
    def bridge(self) -> Bridge | None:
        return next(iter(self.board.rows(Bridge).values()), None)

    @property
    def decided(self) -> list[tuple[Task, Gate]]:
        """The decided gates, the last one last."""
        board = self.board
        gates = [(board.rows(Task)[gate.task_id], gate) for gate in board.rows(Gate).values() if gate.decided_at]
        return sorted(gates, key=lambda pair: (pair[1].decided_at or self.forecast.at, pair[0].position))


def filled(board: Board, forecast: Forecast, communication: Communication, task: Task | None = None) -> Words:
    """The words of a communication as the Board gives them.

    Args:
        forecast: of `board`, at the instant that the text is of.
        task: the one that sends it.
    """
    source = _Source(board, forecast, figures(board, forecast), task)
    subject = None if communication.subject is None else one_line(_fill(communication.subject, source), 200)
    return Words(subject, _fill(communication.text, source))


def fits(template: str | None, text: str | None) -> bool:
    """Whether `text` can be `template` with its placeholders filled: all that is not a placeholder stands there, in
    order."""
    if template is None or text is None:
        return template is text
    pieces, start = [""], 0
    for piece in PIECE.finditer(template):
        pieces[-1] += template[start : piece.start()]
        if piece.group(1) is None:
            pieces[-1] += piece.group()[0]
        else:
            pieces.append("")
        start = piece.end()
    pieces[-1] += template[start:]
    if len(pieces) == 1:
        return text == pieces[0]
    first, *between, last = pieces
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or end < len(first):
        return False
    at = len(first)
    for literal in between:
        found = text.find(literal, at, end)
        if found < 0:
            return False
        at = found + len(literal)
    return True


def _fill(template: str, source: _Source) -> str:
    """In one pass, so that braces in a value stay what they are."""
    return PIECE.sub(lambda piece: VALUES[piece[1]](source) if piece[1] is not None else piece[0][0], template)


def _listed(lines: Iterable[str]) -> str:
    """Each on a line of its own, below what stands before the list."""
    found = [f"- {one_line(line, 200)}" for line in lines]
    more = [f"- and {len(found) - MOST_LISTED} more"] if len(found) > MOST_LISTED else []
    return "\n".join(["", *found[:MOST_LISTED], *more]) if found else _NONE


def _lead(source: _Source) -> str:
    people = source.board.rows(Person).values()
    leads = leads_of(source.board)[:1]
    return next((person.name for person in people if person.handle in leads), _NONE)


def _window_float(source: _Source) -> str:
    seconds = source.forecast.window_float
    return f"{show_duration(seconds)} left" if seconds >= 0 else f"{show_duration(-seconds)} beyond the window"


def _phase(source: _Source) -> str:
    """The phases of what is under way, in the order of the runbook; else that of what is expected next."""
    board, forecast = source.board, source.forecast
    tasks = [task for task in board.tasks_in_play if task.phase is not None and task.ref in forecast.delays]
    under_way = {task.phase for task in tasks if board.shown_state(task) in _UNDER_WAY}
    if not under_way:
        ahead = [task for task in tasks if board.shown_state(task) in (ShownState.READY, ShownState.WAITING)]
        if ahead:
            under_way = {min(ahead, key=lambda task: forecast.start_of(task)).phase}
    return ", ".join(phase.name for phase in board.phases if phase.key in under_way) or _NONE


def _late_tasks(source: _Source) -> Iterator[str]:
    """The latest first."""
    delay = source.forecast.delay
    for task in sorted(source.figures.late, key=lambda task: (-delay(task).slip, task.position)):
        yield f"{task.ref} {task.title}: {show_duration(delay(task).slip, sign=True)}"


def _entity(source: _Source) -> str:
    key = None if source.task is None else source.task.entity
    return next((entity.name for entity in _entities(source) if entity.key == key), key or _NONE)


def _entities(source: _Source) -> list[Entity]:
    return sorted(source.board.rows(Entity).values(), key=lambda entity: entity.position)


def _next_gate(source: _Source) -> str:
    if source.figures.next_gate is None:
        return _NONE
    task, instant = source.figures.next_gate
    return f"{task.title}, expected {source.time(instant)}"


def _of_last(source: _Source, value: Callable[[Task, Gate], str]) -> str:
    return value(*source.decided[-1]) if source.decided else _NONE


def _verdict(gate: Gate) -> str:
    return gate.verdict.value if gate.verdict is not None else _NONE


def _percent_done(source: _Source) -> str:
    return str(100 * source.figures.done // source.figures.total) if source.figures.total else "0"


def _bridge(source: _Source, value: Callable[[Bridge], str | None]) -> str:
    return _NONE if source.bridge is None else value(source.bridge) or _NONE


VALUES: Mapping[str, Callable[[_Source], str]] = MappingProxyType(
    {
        "programme": lambda source: one_line(source.board.programme.name),
        "run": lambda source: one_line(source.board.plan.name) if isinstance(source.board.plan, Run) else _NONE,
        "window_start": lambda source: source.time(source.board.plan.window_start),
        "window_end": lambda source: source.time(source.board.plan.window_end),
        "window": lambda source: (
            f"from {source.time(source.board.plan.window_start)} to {source.time(source.board.plan.window_end)}"
        ),
        "window_float": _window_float,
        "now": lambda source: source.time(source.forecast.at),
        "lead": _lead,
        "bridge_url": lambda source: _bridge(source, lambda bridge: bridge.url),
        "bridge_phone": lambda source: _bridge(source, lambda bridge: bridge.phone),
        "bridge_pin": lambda source: _bridge(source, lambda bridge: bridge.pin),
        "planned_finish": lambda source: source.time(source.figures.planned_finish),
        "forecast_finish": lambda source: source.time(source.figures.forecast_finish),
        "latest_backout_decision": lambda source: source.time(
            source.figures.latest_backout_decision, "no way back is left"
        ),
        "tasks_done": lambda source: str(source.figures.done),
        "tasks_total": lambda source: str(source.figures.total),
        "percent_done": _percent_done,
        "tasks_late": lambda source: str(len(source.figures.late)),
        "late_tasks": lambda source: _listed(_late_tasks(source)),
        "phase": _phase,
        "entity": _entity,
        "entities": lambda source: ", ".join(one_line(entity.name) for entity in _entities(source)) or _NONE,
        "next_gate": _next_gate,
        "last_gate": lambda source: _of_last(source, lambda task, _: one_line(task.title)),
        "last_verdict": lambda source: _of_last(source, lambda _, gate: _verdict(gate)),
        "verdicts": lambda source: _listed(f"{task.title}: {_verdict(gate)}" for task, gate in source.decided),
        "known_problems": lambda source: _listed(
            problem.title + (f" ({problem.workaround})" if problem.workaround else "")
            for problem in open_problems(source.board.problems)
        ),
    }
)
"""What each placeholder stands for; what that means, `placeholders.PLACEHOLDERS` says in words."""
