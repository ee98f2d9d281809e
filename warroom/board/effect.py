"""What a change of the plan does to the forecast: the same few figures, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.clock.durations import show_duration
from warroom.clock.times import iso_utc, show_time


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one forecast; instants are UTC, the float whole seconds (negative: beyond the window)."""

    planned_finish: datetime
    forecast_finish: datetime
    window_float_s: int
    latest_backout_decision: datetime | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The figures of two forecasts at one time, and by how many seconds tasks that are in both finish later."""

    before: Figures
    after: Figures
    moves: dict[str, int]

    @property
    def finish_moves_s(self) -> int:
        """By how many seconds the forecast finish is later."""
        return round((self.after.forecast_finish - self.before.forecast_finish).total_seconds())


def effect_of(before: Forecast, after: Forecast) -> Effect:
    """What lies between two forecasts. Their windows may start at different times, as those of two runbooks may."""
    moves = {}
    for key in after.expected.network.keys:
        if key in before.expected.network.positions:
            finish = after.instant(after.expected.of(key).finish)
            moved = round((finish - before.instant(before.expected.of(key).finish)).total_seconds())
            if moved:
                moves[key] = moved
    return Effect(_figures(before), _figures(after), moves)


def _figures(forecast: Forecast) -> Figures:
    decide_by = forecast.decide_backout_by
    return Figures(
        planned_finish=forecast.instant(forecast.planned_finish),
        forecast_finish=forecast.instant(forecast.finish),
        window_float_s=forecast.window_float,
        latest_backout_decision=None if decide_by is None else forecast.instant(decide_by),
    )


def effect_document(board: Board, effect: Effect) -> dict[str, Any]:
    """The effect as JSON; the tasks that move are those of `board`, in its order."""
    return {
        "before": _document(effect.before),
        "after": _document(effect.after),
        "finish_moves_s": effect.finish_moves_s,
        "tasks": [
            {"ref": task.ref, "moves_s": effect.moves[task.ref]} for task in board.tasks if task.ref in effect.moves
        ],
    }


def _document(figures: Figures) -> dict[str, Any]:
    decide_by = figures.latest_backout_decision
    return {
        "planned_finish": iso_utc(figures.planned_finish),
        "forecast_finish": iso_utc(figures.forecast_finish),
        "window_float_s": figures.window_float_s,
        "latest_backout_decision": None if decide_by is None else iso_utc(decide_by),
    }


def effect_sentence(effect: Effect, zone: str) -> str:
    """What moves, in one line: the finish, the float of the window, the latest back-out decision."""
    before, after = effect.before, effect.after
    said = [f"finish {_moved(before.forecast_finish, after.forecast_finish, zone)}"]
    left = _float(after.window_float_s)
    said.append(
        left if before.window_float_s == after.window_float_s else f"{left} (was {_float(before.window_float_s)})"
    )
    if before.latest_backout_decision != after.latest_backout_decision:
        moved = _moved(before.latest_backout_decision, after.latest_backout_decision, zone)
        said.append(f"latest back-out decision {moved}")
    count = len(effect.moves)
    said.append(
        f"{count} task{'' if count == 1 else 's'} move{'s' if count == 1 else ''}" if count else "no task moves"
    )
    return ", ".join(said)


def _moved(before: datetime | None, after: datetime | None, zone: str) -> str:
    if before == after or before is None or after is None:
        return f"stays {_time(after, zone)}" if before == after else f"{_time(before, zone)} to {_time(after, zone)}"
    moved = show_duration(round((after - before).total_seconds()), sign=True)
    return f"{_time(before, zone)} to {_time(after, zone)} ({moved})"


def _time(instant: datetime | None, zone: str) -> str:
    return "none" if instant is None else show_time(instant, zone)


def _float(seconds: int) -> str:
    where = "inside" if seconds >= 0 else "BEYOND"
    return f"{show_duration(abs(seconds))} {where} the window"
