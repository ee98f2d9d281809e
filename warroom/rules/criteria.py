"""How each criterion of a gate stands: pure functions of a Board, its forecast and now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.figures import is_late
from warroom.board.flows import flows
from warroom.board.forecast import Forecast
from warroom.board.rows import Criterion, Gate, Task, Waiver
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.rules.controls import control_standing
from warroom.rules.problems import open_problems
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.words import Automatic, ControlStanding, Light, TaskState

_NAMED = 4
"""So many of what is open are named in a value."""

_STUCK = frozenset({TaskState.FAILED, TaskState.BLOCKED})
_MISSING_FIGURES = frozenset({ControlStanding.MISSING_LEGACY, ControlStanding.MISSING_NEW})


@dataclass(frozen=True, slots=True)
class Basis:
    """What criteria are judged by.

    Attributes:
        now: run time, UTC.
        confidence: per cent of the trials that finish inside the window; None: not computed.
    """

    board: Board
    forecast: Forecast
    now: datetime
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """How a criterion stands.

    Attributes:
        number: its place among those of its gate, from 1.
        value, threshold: what is found and what is asked for, in words.
        light: as it is shown. holds: whether it does; None where that is not known.
        source: who or what says so. at: since when it is said (run time, UTC); None: it is found out anew each time.
        owes: handles of those who owe what is missing.
        waiver: the one that counts now.
    """

    criterion: Criterion
    number: int
    value: str
    threshold: str
    light: Light
    holds: bool | None
    source: str
    at: datetime | None = None
    owes: tuple[str, ...] = ()
    waiver: Waiver | None = None

    def age_s(self, now: datetime) -> int | None:
        """How old it is at `now`, seconds; None where it is found out anew each time."""
        return None if self.at is None else max(0, int((now - self.at).total_seconds()))


@dataclass(frozen=True, slots=True)
class _Found:
    """What a judge says of a criterion; the fields are those of `Judged`."""

    value: str
    threshold: str
    light: Light
    holds: bool | None
    source: str
    at: datetime | None = None
    owes: tuple[str, ...] = ()


def judged(basis: Basis, gate: Gate) -> tuple[Judged, ...]:
    """How every criterion of the gate stands, in the order of the runbook."""
    return tuple(
        _judged(basis, gate, criterion, number)
        for number, criterion in enumerate(basis.board.criteria(gate.id), start=1)
    )


def failing(found: Iterable[Judged]) -> tuple[int, ...]:
    """Numbers of those that are known not to hold and are not waived."""
    return tuple(one.number for one in found if one.holds is False and one.light is not Light.WAIVED)


def unsettled(found: Iterable[Judged]) -> tuple[int, ...]:
    """Numbers of those that nobody knows to hold, and that are not waived."""
    return tuple(one.number for one in found if one.holds is not True and one.light is not Light.WAIVED)


def asks_confidence(board: Board, gate: Gate) -> bool:
    """Whether a criterion of the gate needs the confidence, which takes a while to compute."""
    return any(criterion.automatic is Automatic.CONFIDENCE for criterion in board.criteria(gate.id))


def waiver_at(waivers: Iterable[Waiver], now: datetime) -> Waiver | None:
    """The latest waiver that has not expired at `now`."""
    return next((one for one in reversed(list(waivers)) if one.at <= now < one.expires_at), None)


def _judged(basis: Basis, gate: Gate, criterion: Criterion, number: int) -> Judged:
    judge = _manual if criterion.automatic is None else _JUDGES[criterion.automatic]
    found = judge(basis, gate, criterion)
    waiver = waiver_at(basis.board.waivers(criterion.id), basis.now)
    if waiver is not None and found.holds is not True:
        found = replace(found, light=Light.WAIVED)
    values = {name: getattr(found, name) for name in _Found.__slots__}
    return Judged(criterion=criterion, number=number, waiver=waiver, **values)


# --- what a person says ----------------------------------------------------------------------------------------------


def evaluators(board: Board, gate: Gate, criterion: Criterion) -> tuple[str, ...]:
    """Handles of those who judge a criterion: the evaluator that the runbook names, else every seat."""
    if criterion.evaluator_id is not None:
        return (board.handle(criterion.evaluator_id) or "somebody",)
    return tuple(dict.fromkeys(board.handle(seat.person_id) or "somebody" for seat in board.seats(gate.id)))


def judges(board: Board, gate: Gate, criterion: Criterion) -> frozenset[str]:
    """Handles of those who may judge it: the same, and the substitutes of the seats."""
    asked = evaluators(board, gate, criterion)
    if criterion.evaluator_id is not None:
        return frozenset(asked)
    return frozenset(asked).union(*(seat.substitutes for seat in board.seats(gate.id)))


def _manual(basis: Basis, gate: Gate, criterion: Criterion) -> _Found:
    board = basis.board
    threshold = criterion.evidence or "met, with evidence"
    found = [one for one in board.assessments(criterion.id) if one.met is not None]
    if not found:
        owes = evaluators(board, gate, criterion)
        return _Found("not judged yet", threshold, Light.MISSING, None, ", ".join(owes), owes=owes)
    last = found[-1]
    value = f"{'met' if last.met else 'not met'}: {last.evidence}"
    who = board.handle(last.person_id) or "somebody"
    return _Found(value, threshold, Light.GREEN if last.met else Light.RED, last.met, who, last.at)


def _metric(basis: Basis, gate: Gate, criterion: Criterion) -> _Found:
    unit = f" {criterion.unit}" if criterion.unit else ""
    bounds = [
        f"{word} {show_number(bound)}{unit}"
        for word, bound in (("at least", criterion.at_least), ("at most", criterion.at_most))
        if bound is not None
    ]
    threshold = " and ".join(bounds)
    last = next((one for one in reversed(basis.board.assessments(criterion.id)) if one.value is not None), None)
    if last is None or last.value is None:
        owes = evaluators(basis.board, gate, criterion)
        return _Found("not measured yet", threshold, Light.MISSING, None, ", ".join(owes), owes=owes)
    low, high = criterion.at_least, criterion.at_most
    holds = (low is None or last.value >= low) and (high is None or last.value <= high)
    said = f": {last.evidence}" if last.evidence else ""
    who = basis.board.handle(last.person_id) or "somebody"
    return _Found(f"{show_number(last.value)}{unit}{said}", threshold, _light(holds), holds, who, last.at)


# --- what the Board says ---------------------------------------------------------------------------------------------


def _phase_done(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    tasks = [task for task in basis.board.tasks if task.phase in criterion.of]
    return _tasks(basis, tasks, f"all of {', '.join(criterion.of)}")


def _tasks_done(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    tasks = [task for ref in criterion.of if (task := basis.board.task(ref)) is not None]
    return _tasks(basis, tasks, f"all {len(tasks)}")


def _tasks(basis: Basis, tasks: Sequence[Task], threshold: str) -> _Found:
    """Tasks that are to be done; the gates that are judged, and what comes behind them, are no part of them."""
    left = [task for task in tasks if task.state not in CLOSED_STATES]
    stale = [task for task in tasks if task.stale_since is not None]
    skipped = sum(task.state is TaskState.SKIPPED for task in tasks)
    value = f"{len(tasks) - len(left)} of {len(tasks)} done"
    if skipped:
        value += f", {skipped} of them skipped"
    if left:
        stuck = any(task.state in _STUCK or _late(basis, task) for task in left)
        value += f"; open: {_named(left)}"
        return _Found(value, threshold, Light.RED if stuck else Light.AMBER, False, "board", owes=_owners(basis, left))
    if stale:
        return _Found(f"{value}; stale: {_named(stale)}", threshold, Light.AMBER, None, "board")
    closed = [task.actual_finish for task in tasks if task.actual_finish is not None]
    return _Found(value, threshold, Light.GREEN, True, "board", max(closed, default=None))


def _late(basis: Basis, task: Task) -> bool:
    return task.ref in basis.forecast.delays and is_late(task, basis.forecast)


def _controls(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    board = basis.board
    controls = [control for control in board.controls if not criterion.of or control.key in criterion.of]
    standings = [(control, control_standing(board, control)) for control in controls]
    tied = sum(standing.ties_out for _, standing in standings)
    value, threshold = f"{tied} of {len(controls)} tie out", "all within their tolerance"
    missing = [pair for pair in standings if pair[1].standing in _MISSING_FIGURES]
    wrong = [pair for pair in standings if not pair[1].ties_out and pair not in missing]
    if missing or wrong:
        loose = [f"{control.key} {standing.standing}" for control, standing in wrong + missing]
        more = f" and {len(loose) - _NAMED} more" if len(loose) > _NAMED else ""
        value += f"; {', '.join(loose[:_NAMED])}{more}"
    owes = [board.handle(control.signs_id) or "somebody" for control, _ in wrong + missing]
    at = [part.new.at for _, standing in standings for part in standing.parts if part.new is not None]
    if not controls:
        return _Found("there are no controls", threshold, Light.MISSING, None, "controls")
    light = Light.RED if wrong else Light.MISSING if missing else Light.GREEN
    holds = False if wrong else None if missing else True
    return _Found(value, threshold, light, holds, "controls", min(at, default=None), tuple(dict.fromkeys(owes)))


def _problems(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    severity, most = criterion.severity or 1, criterion.at_most or Decimal(0)
    found = open_problems(basis.board.problems, severity)
    worse = "" if severity == 1 else " or worse"
    value = f"{len(found)} open of severity {severity}{worse}"
    if found:
        value += ": " + ", ".join(f"problem {one.number}" for one in found[:_NAMED])
    holds = len(found) <= most
    owes = () if holds else tuple(dict.fromkeys(basis.board.handle(one.owner_id) or "nobody" for one in found))
    light = Light.AMBER if holds and found else _light(holds)
    return _Found(value, f"at most {show_number(most)}", light, holds, "log of problems", owes=owes)


def _smoke_tests(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    found = [flow for flow in flows(basis.board) if not criterion.of or flow.name in criterion.of]
    threshold = "all tests passed"
    if not found:
        return _Found("no test names a flow", threshold, Light.MISSING, None, "tests")
    failed = [flow for flow in found if flow.failed]
    untested = [flow for flow in found if flow.not_tested or flow.open]
    stale = [task for flow in found for task in flow.passed if task.stale_since is not None]
    value = f"{sum(flow.has_passed for flow in found)} of {len(found)} flows passed"
    if failed:
        value += f"; failed: {', '.join(flow.name for flow in failed)}"
    if untested:
        value += f"; not tested: {', '.join(flow.name for flow in untested)}"
    owes = _owners(basis, [task for flow in found for task in (*flow.failed, *flow.not_tested, *flow.open)])
    if failed:
        return _Found(value, threshold, Light.RED, False, "tests", owes=owes)
    if untested:
        return _Found(value, threshold, Light.MISSING, None, "tests", owes=owes)
    if stale:
        return _Found(f"{value}; stale: {_named(stale)}", threshold, Light.AMBER, None, "tests")
    at = [task.actual_finish for flow in found for task in flow.passed if task.actual_finish is not None]
    return _Found(value, threshold, Light.GREEN, True, "tests", max(at, default=None))


# --- what the forecast says ------------------------------------------------------------------------------------------


def _confidence(basis: Basis, _: Gate, criterion: Criterion) -> _Found:
    threshold = f"at least {show_number(criterion.at_least or Decimal(0))} %"
    if basis.confidence is None:
        return _Found("not computed", threshold, Light.AMBER, None, "trials")
    holds = criterion.at_least is None or basis.confidence >= criterion.at_least
    return _Found(f"{basis.confidence.normalize():f} %", threshold, _light(holds), holds, "trials")


def _window(basis: Basis, _: Gate, __: Criterion) -> _Found:
    forecast, zone = basis.forecast, basis.board.programme.timezone
    spare = forecast.window_float
    value = f"{show_time(forecast.instant(forecast.finish), zone)}, {show_duration(abs(spare))} "
    value += "inside" if spare >= 0 else "beyond"
    close = 0 <= spare < basis.board.plan.buffer_s
    threshold = f"by {show_time(forecast.instant(forecast.end), zone)}"
    return _Found(value, threshold, Light.AMBER if close else _light(spare >= 0), spare >= 0, "forecast")


def _back_out(basis: Basis, _: Gate, __: Criterion) -> _Found:
    forecast, zone = basis.forecast, basis.board.programme.timezone
    by = forecast.decide_backout_by
    threshold = f"restored by {show_time(forecast.instant(forecast.restore_by), zone)}"
    if by is None:
        none = not basis.board.backout_tasks
        value = "no back-out is planned" if none else "the point of no return has passed"
        return _Found(value, threshold, Light.MISSING if none else Light.RED, None if none else False, "forecast")
    spare = by - forecast.now
    if spare < 0:
        value = f"too late since {show_time(forecast.instant(by), zone)}"
    else:
        value = f"decided at the latest {show_time(forecast.instant(by), zone)}, in {show_duration(spare)}"
    close = 0 <= spare < basis.board.plan.buffer_s
    return _Found(value, threshold, Light.AMBER if close else _light(spare >= 0), spare >= 0, "forecast")


def _light(holds: bool) -> Light:
    return Light.GREEN if holds else Light.RED


def _named(tasks: Sequence[Task]) -> str:
    refs = [task.ref for task in tasks[:_NAMED]]
    return ", ".join(refs) + (f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else "")


def _owners(basis: Basis, tasks: Iterable[Task]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(basis.board.handle(task.owner_id) or "nobody" for task in tasks))


_JUDGES: Mapping[Automatic, Callable[[Basis, Gate, Criterion], _Found]] = MappingProxyType(
    {
        Automatic.PHASE_DONE: _phase_done,
        Automatic.TASKS_DONE: _tasks_done,
        Automatic.CONTROLS: _controls,
        Automatic.PROBLEMS: _problems,
        Automatic.CONFIDENCE: _confidence,
        Automatic.WINDOW: _window,
        Automatic.BACK_OUT: _back_out,
        Automatic.SMOKE_TESTS: _smoke_tests,
        Automatic.METRIC: _metric,
    }
)
