"""How sure the forecast of a Board is. Loads numpy: import it when it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from types import MappingProxyType

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.drivers import what_matters
from warroom.board.forecast import Forecast
from warroom.board.rehearsed import Samples, Source, source_of
from warroom.board.rows import Task
from warroom.clock.times import iso_utc
from warroom.schedule.estimates import Estimate, Pert, Triangular
from warroom.schedule.estimates import Samples as Sampled
from warroom.schedule.montecarlo import BackoutRisk, Confidence, refined
from warroom.vocabulary.documents import Document

Shape = Callable[[int, int, int], Estimate]
"""What is made of three points: `Triangular` or `Pert`."""

PERCENTILES = (50, 80, 95)

_SEED = 1


def refined_confidence(
    board: Board,
    forecast: Forecast,
    *,
    trials: int,
    seed: int,
    shape: Shape = Triangular,
    rehearsed: Samples = MappingProxyType({}),
) -> Iterator[Confidence]:
    """How sure `forecast` is after 1,000 trials, after 2,000, and so on. Stop reading to cancel the rest.

    Durations vary where rehearsals or three points of the plan say so (`source_of`); nothing else does.

    Args:
        forecast: of `board`, counted back from the window's end (`from_window`).
        trials: how many in all.
        seed: the same seed gives the same figures.
        rehearsed: what tasks took in earlier rehearsals.
    """
    reference = board.plan.point_of_no_return
    risk = None
    if forecast.backout is not None and reference is not None:
        risk = BackoutRisk(forecast.backout, reference, estimates(board.backout_tasks, shape, rehearsed))
    known = estimates(board.tasks, shape, rehearsed)
    yield from refined(forecast.expected, known, trials=trials, seed=seed, backout=risk)


def inside_window(board: Board, forecast: Forecast, *, rehearsed: Samples = MappingProxyType({})) -> Decimal | None:
    """Per cent of a thousand trials that finish inside the window, for gates and triggers; None where it cannot be
    told. The arguments are those of `refined_confidence`. The draws are always the same, so that the figure moves
    only where the work or the time does, and not with every entry."""
    found = next(iter(refined_confidence(board, forecast, trials=1_000, seed=_SEED, rehearsed=rehearsed)))
    return None if found.inside is None else Decimal(round(found.inside * 1_000)) / 10


def estimates(
    tasks: Iterable[Task], shape: Shape = Triangular, rehearsed: Samples = MappingProxyType({})
) -> dict[str, Estimate]:
    """The estimates of those tasks whose durations vary, by ref."""
    found: dict[str, Estimate] = {}
    for task in tasks:
        source, low, high = source_of(task, rehearsed), task.duration_low_s, task.duration_high_s
        if source is Source.REHEARSAL:
            found[task.ref] = Sampled(tuple(sample.duration for sample in rehearsed[task.ref]))
        elif source is Source.THREE_POINT and low is not None and high is not None:
            found[task.ref] = shape(low, task.duration_s, high)
    return found


SHAPES: dict[str, Shape] = {"triangular": Triangular, "pert": Pert}


def confidence_document(
    board: Board,
    forecast: Forecast,
    found: Confidence,
    *,
    seed: int,
    rehearsed: Samples = MappingProxyType({}),
) -> Document:
    """How sure the forecast is (README: JSON): shares from 0 to 1, percentiles of the finish as instants.

    Of each task: the share of trials in which it is on the longest path (`criticality`), and the correlation of its
    duration with the finish (`driver`), strongest first. Tasks with neither are left out.

    `durations` says of every open task, the back-out's included, which source its duration comes from; what it took in
    rehearsals is listed even where that is too little to count.
    """
    tasks = what_matters(board, found)
    opened = [task for task in (*board.tasks, *board.backout_tasks) if task.state not in CLOSED_STATES]
    known = [task for task in opened if task.backout or task.ref in forecast.delays]
    return {
        "at": iso_utc(forecast.at),
        "run": None if board.run is None else board.run.name,
        "trials": found.trials,
        "seed": seed,
        "estimated": len(estimates(board.tasks, rehearsed=rehearsed)),
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
        "durations": [
            {
                "ref": task.ref,
                "source": source_of(task, rehearsed).value,
                "planned_s": task.duration_s,
                "low_s": task.duration_low_s,
                "high_s": task.duration_high_s,
                "rehearsed": [
                    {"run": sample.run, "tier": sample.tier, "duration_s": sample.duration}
                    for sample in rehearsed.get(task.ref, ())
                ],
            }
            for task in known
        ],
    }
