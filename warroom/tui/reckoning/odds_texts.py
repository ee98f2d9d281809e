"""How sure the forecast is, in figures: the odds, the percentiles, and what drives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from warroom.board.board import CLOSED_STATES
from warroom.board.drivers import what_matters
from warroom.board.rehearsed import Source, source_of
from warroom.board.rows import Task
from warroom.clock.durations import show_duration
from warroom.tui.drawing.chart import PERCENTS
from warroom.tui.drawing.ink import Spans, padded
from warroom.tui.drawing.items import Item, heading
from warroom.tui.drawing.shares import share_ink, show_share
from warroom.tui.reckoning.odds import Reckoned
from warroom.vocabulary.text import one_line

_BAR = 10


def odds_items(known: Reckoned, width: int) -> tuple[Item, ...]:
    """The figures, then the tasks that matter most. Tasks can be selected."""
    return (Item(tuple(_figures(known))), *_drivers(known, width))


def _figures(known: Reckoned) -> Iterator[Spans]:
    picture, found = known.picture, known.confidence
    forecast = picture.forecast
    if found.inside is not None:
        share = (show_share(found.inside), f"{share_ink(found.inside)} bold")
        yield ((" inside the window     ", "muted"), share, (f"  it ends {_time(known, forecast.end)}", "muted"))
    if found.backout_safe is not None:
        share = (show_share(found.backout_safe), f"{share_ink(found.backout_safe)} bold")
        yield ((" a back-out still fits ", "muted"), share, ("  at the point of no return", "muted"))
    for percent in PERCENTS:
        yield ((f" P{percent}                   ", "muted"), (_time(known, found.percentile(percent)), "bold"))
    yield ((" forecast              ", "muted"), (_time(known, forecast.finish), ""))
    rest = "" if known.final else ", more are under way"
    yield ((" trials                ", "muted"), (f"{found.trials:,}", ""), (rest, "muted"))
    tasks = [task for task in picture.board.tasks if task.state not in CLOSED_STATES and task.ref in forecast.delays]
    sources = Counter(source_of(task, known.rehearsed) for task in tasks)
    said = ", ".join(f"{sources[source]} {source.value}" for source in Source if sources[source])
    yield ((" durations             ", "muted"), (said or "nothing is left to do", ""))


def _time(known: Reckoned, seconds: int) -> str:
    return known.picture.weekday_time(known.picture.forecast.instant(seconds))


def _drivers(known: Reckoned, width: int) -> Iterator[Item]:
    found = known.confidence
    tasks = what_matters(known.picture.board, found)
    driving = [task for task in tasks if task.ref in found.drivers]
    yield Item(((), heading("What drives the finish", "how much, how often critical").lines[0]))
    if not driving:
        yield Item(((("   nothing that varies can move it any more", "muted"),),))
    for task in driving:
        yield _driver(known, task, width)


def _driver(known: Reckoned, task: Task, width: int) -> Item:
    found = known.confidence
    driver, critical = found.drivers[task.ref], found.criticality.get(task.ref, 0.0)
    full = round(abs(driver) * _BAR)
    bar = "█" * full + "·" * (_BAR - full)
    ref = padded(one_line(task.ref, 14), 8)
    head: Spans = (
        (f" {ref} ", "bold"),
        (bar, "status-late" if driver > 0 else "muted"),
        (f" {driver:+.2f} ", ""),
        (f"{show_share(critical):>6} ", ""),
    )
    rest = f"{one_line(task.title, 60)} · {_durations(known, task)}"
    if width >= 72:
        return Item(((*head, (f" {rest}", "muted")),), task.ref)
    return Item((head, ((f"     {padded(rest, width - 6).rstrip()}", "muted"),)), task.ref)


def _durations(known: Reckoned, task: Task) -> str:
    """What its duration is drawn from."""
    source, likely = source_of(task, known.rehearsed), show_duration(task.duration_s)
    if source is Source.REHEARSAL:
        took = (f"{show_duration(one.duration)} {one_line(one.run, 12)}" for one in known.rehearsed[task.ref])
        return f"took {', '.join(took)}"
    if task.duration_low_s is None or task.duration_high_s is None:
        return likely
    return f"{show_duration(task.duration_low_s)} to {show_duration(task.duration_high_s)}, likely {likely}"
