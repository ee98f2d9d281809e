"""The figures that sum up a Board: the console's header and `warroom status` show the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.vocabulary.words import ShownState, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and instants of the main network; instants are UTC, spans whole seconds.

    Attributes:
        states: how many tasks are in each shown state.
        late: open tasks that finish, or should have started, later than planned by now.
        causes: those of them that are late by their own doing.
        next_gate: the undecided gate that is expected first, with the instant at which its decision is expected.
    """

    total: int
    states: Counter[ShownState]
    late: tuple[Task, ...]
    causes: tuple[Task, ...]
    open_alerts: int
    planned_finish: datetime
    forecast_finish: datetime
    window_float_s: int
    latest_backout_decision: datetime | None
    next_gate: tuple[Task, datetime] | None

    @property
    def done(self) -> int:
        return self.states[ShownState.DONE] + self.states[ShownState.SKIPPED]

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total > 0


def is_late(task: Task, forecast: Forecast) -> bool:
    """Whether an open task is expected to finish after its planned finish."""
    return task.state not in (TaskState.DONE, TaskState.SKIPPED) and forecast.delay(task).slip > 0


def figures(board: Board, forecast: Forecast) -> Figures:
    """The figures of a Board with its forecast."""
    tasks = [task for task in board.tasks if task.ref in forecast.delays]
    in_play = {task.id for task in board.tasks_in_play}
    late = tuple(task for task in tasks if task.id in in_play and is_late(task, forecast))
    gates = [
        (task, forecast.instant(forecast.finish_of(task)))
        for task in tasks
        if task.kind_of_task is TaskKind.GATE
        and task.state is not TaskState.DONE
        and task.state is not TaskState.SKIPPED
        and task.id in in_play
    ]
    decide_by = forecast.decide_backout_by
    return Figures(
        total=len(tasks),
        states=Counter(board.shown_state(task) for task in tasks),
        late=late,
        causes=tuple(task for task in late if forecast.delay(task).cause),
        open_alerts=len(board.open_alerts),
        planned_finish=forecast.instant(forecast.planned_finish),
        forecast_finish=forecast.instant(forecast.finish),
        window_float_s=forecast.window_float,
        latest_backout_decision=None if decide_by is None else forecast.instant(decide_by),
        next_gate=min(gates, key=lambda gate: gate[1]) if gates else None,
    )
