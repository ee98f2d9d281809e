"""How sure the forecast of a Board is. Loads numpy: import it when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from warroom.board.board import Board
from warroom.board.documents import Document
from warroom.board.forecast import Forecast
from warroom.board.rows import Task
from warroom.clock.times import iso_utc
from warroom.schedule.estimates import Estimate, Pert, Triangular
from warroom.schedule.montecarlo import BackoutRisk, Confidence, refined

Shape = Callable[[int, int, int], Estimate]
"""What is made of three points: `Triangular` or `Pert`."""

PERCENTILES = (50, 80, 95)


def refined_confidence(
    board: Board, forecast: Forecast, *, trials: int, seed: int, shape: Shape = Triangular
) -> Iterator[Confidence]:
    """How sure `forecast` is after 1,000 trials, after 2,000, and so on. Stop reading to cancel the rest.

    Durations vary where the plan gives three points; nothing else does.

    Args:
        forecast: of `board`, counted back from the window's end (`from_window`).
        trials: how many in all.
        seed: the same seed gives the same figures.
    """
    reference = board.plan.point_of_no_return
    risk = None
    if forecast.backout is not None and reference is not None:
        risk = BackoutRisk(forecast.backout, reference, estimates(board.backout_tasks, shape))
    yield from refined(forecast.expected, estimates(board.tasks, shape), trials=trials, seed=seed, backout=risk)


def estimates(tasks: Iterable[Task], shape: Shape = Triangular) -> dict[str, Estimate]:
    """The estimates of those tasks that have three points, by ref."""
    return {
        task.ref: shape(task.duration_low_s, task.duration_s, task.duration_high_s)
        for task in tasks
        if task.duration_low_s is not None and task.duration_high_s is not None
    }


SHAPES: dict[str, Shape] = {"triangular": Triangular, "pert": Pert}


def confidence_document(board: Board, forecast: Forecast, found: Confidence, *, seed: int) -> Document:
    """How sure the forecast is (README: JSON): shares from 0 to 1, percentiles of the finish as instants.

    Of each task: the share of trials in which it is on the longest path (`criticality`), and the correlation of its
    duration with the finish (`driver`), strongest first. Tasks with neither are left out.
    """
    refs = {*found.criticality, *found.drivers}
    tasks = [task for task in board.tasks if task.ref in refs]
    tasks.sort(key=lambda task: (-abs(found.drivers.get(task.ref, 0.0)), -found.criticality.get(task.ref, 0.0)))
    return {
        "at": iso_utc(forecast.at),
        "run": None if board.run is None else board.run.name,
        "trials": found.trials,
        "seed": seed,
        "estimated": len(estimates(board.tasks)),
        "window_end": iso_utc(forecast.instant(forecast.end)),
        "forecast_finish": iso_utc(forecast.instant(forecast.finish)),
        "inside_window": found.inside,
        "backout_safe": found.backout_safe,
        **{f"p{percent}": iso_utc(forecast.instant(found.percentile(percent))) for percent in PERCENTILES},
        "tasks": [
            {
                "ref": task.ref,
                "title": task.title,
                "owner": board.handle(task.owner_id),
                "criticality": found.criticality.get(task.ref, 0.0),
                "driver": found.drivers.get(task.ref),
            }
            for task in tasks
        ],
    }
