"""`warroom confidence`: how likely it is that the cutover fits."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

import click

from warroom.board.board import Board
from warroom.board.forecast import forecast
from warroom.board.rehearsed import ENOUGH
from warroom.cli.command import Command, Invocation
from warroom.cli.looked_at import looking_at, with_source
from warroom.cli.output import columns, narrate, write, write_json
from warroom.clock.times import parse_iso_utc, show_time
from warroom.vocabulary.documents import Document

DRIVERS = 10
"""How many of the tasks that matter most are told as text."""


@click.command(cls=Command)
@with_source
@click.option("--trials", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="How many.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Same seed, same figures."
)
@click.option(
    "--shape",
    type=click.Choice(["triangular", "pert"]),
    default="triangular",
    show_default=True,
    help="What is made of durations with three points.",
)
@click.pass_obj
def confidence(
    invocation: Invocation,
    runbook: str | None,
    at: str | None,
    run: str | None,
    trials: int,
    seed: int,
    shape: str,
) -> None:
    """How likely it is that the finish lies inside the window, and that a back-out still fits.

    Durations are drawn again and again: from what a task took in earlier rehearsals of the plan if it was done in two
    or more, else from its three points, {low, likely, high}. Others do not vary.

    \b
    warroom confidence --trials 10000 --seed 1 --json
    warroom confidence --runbook cutover.yaml
    """
    from warroom.board.confidence import SHAPES, confidence_document, refined_confidence

    with looking_at(invocation, runbook=runbook, at=at, run=run) as looked_at:
        board = looked_at.board
        expected = forecast(board, looked_at.at, from_window=True)
        rehearsed = looked_at.rehearsed()
        blocks = refined_confidence(board, expected, trials=trials, seed=seed, shape=SHAPES[shape], rehearsed=rehearsed)
        found = deque(blocks, maxlen=1).pop()
        document = confidence_document(board, expected, found, seed=seed, rehearsed=rehearsed)
    if not document["estimated"]:
        narrate(f"no task has a duration with three points, or {ENOUGH} rehearsals behind it, so that nothing varies")
    if invocation.as_json:
        write_json(document)
    else:
        write("\n".join(_lines(board, document)))


def _lines(board: Board, document: Document) -> Iterator[str]:
    zone = board.programme.timezone

    def time(key: str) -> str:
        return show_time(parse_iso_utc(document[key]), zone)

    facts = [("inside the window", f"{_percent(document['inside_window'])}, which ends {time('window_end')}")]
    if document["backout_safe"] is not None:
        facts.append(("back-out still fits", f"{_percent(document['backout_safe'])}, at the point of no return"))
    facts += [(f"P{percent}", time(f"p{percent}")) for percent in (50, 80, 95)]
    facts.append(("forecast", time("forecast_finish")))
    facts.append(("trials", f"{document['trials']:,} with seed {document['seed']}"))
    sources = Counter(duration["source"] for duration in document["durations"])
    facts.append(("durations", ", ".join(f"{count} {source}" for source, count in sorted(sources.items()))))
    yield columns(facts)
    drivers = [task for task in document["tasks"] if task["driver"] is not None][:DRIVERS]
    if drivers:
        yield ""
        rows = [
            (
                task["ref"],
                f"{task['driver']:+.2f}",
                _percent(task["criticality"]),
                task["owner"] or "",
                task["title"],
            )
            for task in drivers
        ]
        yield columns(rows, ("REF", "DRIVES", "CRITICAL", "OWNER", "TITLE"))


def _percent(share: float) -> str:
    return f"{share:.1%}"
