"""How the night goes, in two lines: tasks planned and done so far, and how the forecast of the finish has moved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta

from warroom.board.finishes import Finish
from warroom.clock.durations import HOUR, MINUTE, show_duration
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.picture.picture import Picture
from warroom.tui.plots.burn_up import actual_finishes, planned_finishes

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SECOND = timedelta(seconds=1)
_CURVE = 32  # cells of a curve at most
_BESIDE = 110  # from so many cells on both stand beside each other


def trend_lines(picture: Picture, finishes: Sequence[Finish] | None, width: int) -> tuple[Spans, Spans]:
    """Both lines in `width` cells: what is planned and what is done; beside or below it how the finish has moved.

    Args:
        finishes: what the forecast said in the past, in order; that of now is added. None while it is not known.
    """
    if width < _BESIDE:
        curve = min(_CURVE, width // 3)
        done = _done(picture, planned_finishes(picture), curve)
        return _cut(done, width), _cut(_moved(picture, finishes, curve), width)
    half = width // 2
    curve = min(_CURVE, half - 42)
    planned = planned_finishes(picture)
    upper = (*_cut(_planned(picture, planned, curve), half), *_finish_curve(picture, finishes, curve))
    lower = (*_cut(_done(picture, planned, curve), half), *_sentence(picture, finishes))
    return _cut(upper, width), _cut(lower, width)


def _cut(spans: Spans, width: int) -> Spans:
    """Exactly `width` cells."""
    room, cut = width, []
    for text, ink in spans:
        shown = text if width_of([(text, ink)]) <= room else padded(text, room)
        cut.append((shown, ink))
        room -= width_of([(shown, ink)])
    return (*cut, (" " * room, ""))


# --- tasks planned and done ------------------------------------------------------------------------------------------


def _instants(picture: Picture, count: int) -> list[int]:
    """The ends of `count` equal parts of the window, up to the finish where that is later."""
    forecast = picture.forecast
    reach = max(forecast.planned_finish, forecast.finish, MINUTE)
    return [reach * (place + 1) // count for place in range(count)]


def _curve(counts: Sequence[int], total: int) -> str:
    return "".join(_EIGHTHS[-(-8 * count // total) if total else 0] for count in counts)


def _planned(picture: Picture, finished: Sequence[int], count: int) -> Spans:
    now = picture.forecast.now
    instants = _instants(picture, count)
    heights = [bisect_right(finished, instant) for instant in instants]
    past = bisect_right(instants, now)
    shown = _curve(heights, len(finished))
    due = bisect_right(finished, now)
    return (
        (" plan ", "muted"),
        (shown[:past], "group"),
        (shown[past:], "lane-plan"),
        (f" {due} of {len(finished)} due by now", "muted"),
    )


def _done(picture: Picture, planned: Sequence[int], count: int) -> Spans:
    done = actual_finishes(picture)
    now = picture.forecast.now
    # The part that is under way counts up to now.
    instants = [instant for instant in _instants(picture, count) if instant <= now]
    heights = [bisect_right(done, instant) for instant in instants]
    if len(instants) < count and now > 0:
        heights.append(len(done))
    behind = bisect_right(planned, now) - len(done)
    shown = _curve(heights, len(planned)).ljust(count)
    if not picture.board.run:
        said: Span = (" nothing done yet", "muted")
    elif behind > 0:
        said = (f" {len(done)} done, {behind} behind the plan", "status-late bold")
    else:
        said = (
            f" {len(done)} done, {-behind} ahead of the plan" if behind else f" {len(done)} done, on plan",
            "inside",
        )
    return ((" done ", "muted"), (shown, "status-done"), said)


# --- the finish ------------------------------------------------------------------------------------------------------


def _with_now(picture: Picture, finishes: Sequence[Finish] | None) -> list[Finish]:
    forecast = picture.forecast
    before = [finish for finish in finishes or () if finish.at < forecast.at]
    return [*before, Finish(forecast.at, forecast.instant(forecast.finish))]


def _finish_curve(picture: Picture, finishes: Sequence[Finish] | None, count: int) -> Spans:
    known = _with_now(picture, finishes)
    stands: Spans = (
        (f" now {picture.weekday_time(known[-1].finish)}", "bold"),
        (f", planned {picture.weekday_time(picture.figures.planned_finish)}", "muted"),
    )
    if len(known) < 2:
        return ((" finish ", "muted"), (" " * count, ""), *stands)
    first, last = known[0].at, known[-1].at
    lowest, highest = min(one.finish for one in known), max(one.finish for one in known)
    times = [one.at for one in known]
    cells = []
    for place in range(count):
        instant = first + (last - first) * place / max(1, count - 1)
        finish = known[max(0, bisect_right(times, instant) - 1)].finish
        share = (finish - lowest) / (highest - lowest) if highest > lowest else 0.0
        cells.append(_EIGHTHS[1 + round(7 * share)])
    end = picture.forecast.instant(picture.forecast.end)
    return (
        (" finish ", "muted"),
        ("".join(cells), "beyond" if known[-1].finish > end else "inside"),
        *stands,
    )


def _sentence(picture: Picture, finishes: Sequence[Finish] | None) -> Spans:
    """ "the finish has moved +47m since 22:00, +12m in an hour" """
    if finishes is None:
        return ()
    known = _with_now(picture, finishes)
    first, last = known[0], known[-1]
    if len(known) < 2:
        return ((" the finish has not moved yet", "muted"),) if picture.board.run else ()
    moved = (last.finish - first.finish) // _SECOND
    since = picture.weekday_time(first.at)
    if abs(moved) < MINUTE:
        said: Span = (f" the finish has not moved since {since}", "muted")
    else:
        ink = "status-late bold" if moved > 0 else "inside bold"
        said = (f" the finish has moved {show_duration(moved, sign=True)} since {since}", ink)
    hour_ago = [one for one in known if one.at <= last.at - timedelta(seconds=HOUR)]
    lately = (last.finish - hour_ago[-1].finish) // _SECOND if hour_ago else 0
    if hour_ago and hour_ago[-1] != first and abs(lately) >= MINUTE:
        return (said, (f", {show_duration(lately, sign=True)} in an hour", ""))
    return (said,)


def _moved(picture: Picture, finishes: Sequence[Finish] | None, count: int) -> Spans:
    """The curve and the sentence in one line."""
    curve = _finish_curve(picture, finishes, count)
    return (*curve[:2], *_sentence(picture, finishes))
