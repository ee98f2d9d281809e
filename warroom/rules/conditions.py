"""How a condition stands that is judged without a person, of a criterion of a gate or of a trigger of the back-out.

Pure functions of a Board, its forecast and now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.figures import is_late
from warroom.board.flows import Flow, flows
from warroom.board.forecast import Forecast
from warroom.board.rows import Condition, Problem, Task
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
    """What conditions are judged by.

    Attributes:
        now: run time, UTC.
        confidence: per cent of the trials that finish inside the window; None: not computed.
        entity: key of the one that is judged: what belongs to another does not count; None: all of it counts.
    """

    board: Board
    forecast: Forecast
    now: datetime
    confidence: Decimal | None = None
    entity: str | None = None

    def concerns(self, entity: str | None) -> bool:
        """Whether what belongs to `entity` (None: to all of them) counts."""
        return self.entity is None or entity is None or entity == self.entity


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that somebody took; `said` is what shows it, `at` is run time, UTC."""

    value: Decimal
    said: str | None
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """How a condition stands.

    Attributes:
        value, threshold: what is found and what is asked for, in words.
        light: as it is shown. holds: whether it does; None where that is not known.
        source: who or what says so. at: since when it is said (run time, UTC); None: it is found out anew each time.
        owes: handles of those who owe what is missing.
    """

    value: str
    threshold: str
    light: Light
    holds: bool | None
    source: str
    at: datetime | None = None
    owes: tuple[str, ...] = ()


def stands(
    basis: Basis, condition: Condition, measured: Measured | None = None, measures: tuple[str, ...] = ()
) -> Found:
    """How a condition stands, which has its `automatic`.

    Args:
        measured: of a metric, its last figure. measures: handles of those who owe one.
    """
    assert condition.automatic is not None
    if condition.automatic is Automatic.METRIC:
        return _metric(condition, measured, measures)
    return _JUDGES[condition.automatic](basis, condition)


def _metric(condition: Condition, measured: Measured | None, measures: tuple[str, ...]) -> Found:
    unit = f" {condition.unit}" if condition.unit else ""
    low, high = condition.at_least, condition.at_most
    bounds = [
        f"{word} {show_number(bound)}{unit}"
        for word, bound in (("at least", low), ("at most", high))
        if bound is not None
    ]
    threshold = " and ".join(bounds)
    if measured is None:
        source = ", ".join(measures) or "nobody"
        return Found("not measured yet", threshold, Light.MISSING, None, source, owes=measures)
    holds = (low is None or measured.value >= low) and (high is None or measured.value <= high)
    said = f": {measured.said}" if measured.said else ""
    value = f"{show_number(measured.value)}{unit}{said}"
    return Found(value, threshold, _light(holds), holds, measured.who, measured.at)


# --- what the Board says ---------------------------------------------------------------------------------------------


def _phase_done(basis: Basis, condition: Condition) -> Found:
    tasks = [task for task in basis.board.tasks if task.phase in condition.of]
    return _tasks(basis, tasks, f"all of {', '.join(condition.of)}")


def _tasks_done(basis: Basis, condition: Condition) -> Found:
    tasks = [task for ref in condition.of if (task := basis.board.task(ref)) is not None]
    return _tasks(basis, tasks, f"all {len(tasks)}")


def _tasks(basis: Basis, named: Sequence[Task], threshold: str) -> Found:
    """Tasks that are to be done; the gates that are judged, and what comes behind them, are no part of them."""
    tasks = [task for task in named if basis.concerns(task.entity)]
    if named and not tasks:
        return _none_of(basis, threshold, "board")
    left = [task for task in tasks if task.state not in CLOSED_STATES]
    stale = [task for task in tasks if task.stale_since is not None]
    skipped = sum(task.state is TaskState.SKIPPED for task in tasks)
    value = f"{len(tasks) - len(left)} of {len(tasks)} done"
    if skipped:
        value += f", {skipped} of them skipped"
    if left:
        stuck = any(task.state in _STUCK or _late(basis, task) for task in left)
        value += f"; open: {_named(left)}"
        return Found(value, threshold, Light.RED if stuck else Light.AMBER, False, "board", owes=_owners(basis, left))
    if stale:
        return Found(f"{value}; stale: {_named(stale)}", threshold, Light.AMBER, None, "board")
    closed = [task.actual_finish for task in tasks if task.actual_finish is not None]
    return Found(value, threshold, Light.GREEN, True, "board", max(closed, default=None))


def _late(basis: Basis, task: Task) -> bool:
    return task.ref in basis.forecast.delays and is_late(task, basis.forecast)


def _controls(basis: Basis, condition: Condition) -> Found:
    board, threshold = basis.board, "all within their tolerance"
    named = [control for control in board.controls if not condition.of or control.key in condition.of]
    if not named:
        return Found("there are no controls", threshold, Light.MISSING, None, "controls")
    controls = [control for control in named if basis.concerns(control.entity)]
    if not controls:
        return _none_of(basis, threshold, "controls")
    standings = [(control, control_standing(board, control, basis.entity)) for control in controls]
    tied = sum(standing.ties_out for _, standing in standings)
    value = f"{tied} of {len(controls)} tie out"
    missing = [pair for pair in standings if pair[1].standing in _MISSING_FIGURES]
    wrong = [pair for pair in standings if not pair[1].ties_out and pair not in missing]
    if missing or wrong:
        loose = [f"{control.key} {standing.standing}" for control, standing in wrong + missing]
        more = f" and {len(loose) - _NAMED} more" if len(loose) > _NAMED else ""
        value += f"; {', '.join(loose[:_NAMED])}{more}"
    owes = [board.handle(control.signs_id) or "somebody" for control, _ in wrong + missing]
    at = [part.new.at for _, standing in standings for part in standing.parts if part.new is not None]
    light = Light.RED if wrong else Light.MISSING if missing else Light.GREEN
    holds = False if wrong else None if missing else True
    return Found(value, threshold, light, holds, "controls", min(at, default=None), tuple(dict.fromkeys(owes)))


def _problems(basis: Basis, condition: Condition) -> Found:
    severity, most = condition.severity or 1, condition.at_most or Decimal(0)
    found = [one for one in open_problems(basis.board.problems, severity) if _is_about(basis, one)]
    worse = "" if severity == 1 else " or worse"
    value = f"{len(found)} open of severity {severity}{worse}"
    if found:
        value += ": " + ", ".join(f"problem {one.number}" for one in found[:_NAMED])
    holds = len(found) <= most
    owes = () if holds else tuple(dict.fromkeys(basis.board.handle(one.owner_id) or "nobody" for one in found))
    light = Light.AMBER if holds and found else _light(holds)
    return Found(value, f"at most {show_number(most)}", light, holds, "log of problems", owes=owes)


def _is_about(basis: Basis, problem: Problem) -> bool:
    """Whether a problem counts: one that names no task is everybody's."""
    tasks = [task for ref in problem.tasks if (task := basis.board.task(ref)) is not None]
    return not tasks or any(basis.concerns(task.entity) for task in tasks)


def _smoke_tests(basis: Basis, condition: Condition) -> Found:
    threshold = "all tests passed"
    named = [flow for flow in flows(basis.board) if not condition.of or flow.name in condition.of]
    if not named:
        return Found("no test names a flow", threshold, Light.MISSING, None, "tests")
    found = [own for flow in named if (own := _own_tests(basis, flow)) is not None]
    if not found:
        return _none_of(basis, threshold, "tests")
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
        return Found(value, threshold, Light.RED, False, "tests", owes=owes)
    if untested:
        return Found(value, threshold, Light.MISSING, None, "tests", owes=owes)
    if stale:
        return Found(f"{value}; stale: {_named(stale)}", threshold, Light.AMBER, None, "tests")
    at = [task.actual_finish for flow in found for task in flow.passed if task.actual_finish is not None]
    return Found(value, threshold, Light.GREEN, True, "tests", max(at, default=None))


def _own_tests(basis: Basis, flow: Flow) -> Flow | None:
    """The tests of a flow that count; None where none does."""
    if basis.entity is None:
        return flow

    def own(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        return tuple(task for task in tasks if basis.concerns(task.entity))

    found = replace(
        flow, passed=own(flow.passed), failed=own(flow.failed), not_tested=own(flow.not_tested), open=own(flow.open)
    )
    return found if found.passed or found.failed or found.not_tested or found.open else None


def _none_of(basis: Basis, threshold: str, source: str) -> Found:
    """What is asked for belongs to other entities alone."""
    return Found(f"{basis.entity} has none of them", threshold, Light.GREEN, True, source)


# --- what the forecast says ------------------------------------------------------------------------------------------


def _confidence(basis: Basis, condition: Condition) -> Found:
    threshold = f"at least {show_number(condition.at_least or Decimal(0))} %"
    if basis.confidence is None:
        return Found("not computed", threshold, Light.AMBER, None, "trials")
    holds = condition.at_least is None or basis.confidence >= condition.at_least
    return Found(f"{basis.confidence.normalize():f} %", threshold, _light(holds), holds, "trials")


def _window(basis: Basis, _: Condition) -> Found:
    forecast, zone = basis.forecast, basis.board.programme.timezone
    spare = forecast.window_float
    value = f"{show_time(forecast.instant(forecast.finish), zone)}, {show_duration(abs(spare))} "
    value += "inside" if spare >= 0 else "beyond"
    close = 0 <= spare < basis.board.plan.buffer_s
    threshold = f"by {show_time(forecast.instant(forecast.end), zone)}"
    return Found(value, threshold, Light.AMBER if close else _light(spare >= 0), spare >= 0, "forecast")


def _back_out(basis: Basis, _: Condition) -> Found:
    forecast, zone = basis.forecast, basis.board.programme.timezone
    by = forecast.decide_backout_by
    threshold = f"restored by {show_time(forecast.instant(forecast.restore_by), zone)}"
    if by is None:
        none = not basis.board.backout_tasks
        value = "no back-out is planned" if none else "the point of no return has passed"
        return Found(value, threshold, Light.MISSING if none else Light.RED, None if none else False, "forecast")
    spare = by - forecast.now
    if spare < 0:
        value = f"too late since {show_time(forecast.instant(by), zone)}"
    else:
        value = f"decided at the latest {show_time(forecast.instant(by), zone)}, in {show_duration(spare)}"
    close = 0 <= spare < basis.board.plan.buffer_s
    return Found(value, threshold, Light.AMBER if close else _light(spare >= 0), spare >= 0, "forecast")


def _light(holds: bool) -> Light:
    return Light.GREEN if holds else Light.RED


def _named(tasks: Sequence[Task]) -> str:
    refs = [task.ref for task in tasks[:_NAMED]]
    return ", ".join(refs) + (f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else "")


def _owners(basis: Basis, tasks: Iterable[Task]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(basis.board.handle(task.owner_id) or "nobody" for task in tasks))


_JUDGES: Mapping[Automatic, Callable[[Basis, Condition], Found]] = MappingProxyType(
    {
        Automatic.PHASE_DONE: _phase_done,
        Automatic.TASKS_DONE: _tasks_done,
        Automatic.CONTROLS: _controls,
        Automatic.PROBLEMS: _problems,
        Automatic.CONFIDENCE: _confidence,
        Automatic.WINDOW: _window,
        Automatic.BACK_OUT: _back_out,
        Automatic.SMOKE_TESTS: _smoke_tests,
    }
)
