"""What the header and the panels say of the way back: that a back-out is under way, the time-box, reached triggers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from warroom.clock.durations import show_duration
from warroom.rules.backout import TriggerStanding, tasks_under_way, time_box
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.marks import BACKOUT
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import BackoutStage

_SECOND = timedelta(seconds=1)


def backing_out_spans(picture: Picture) -> tuple[Spans, Spans] | None:
    """That a back-out is under way and when it is done; and how that stands to when business must run again. None
    while none was invoked."""
    board, forecast = picture.board, picture.forecast
    backing_out = forecast.backing_out
    if backing_out is None:
        return None
    under_way = board.backout_stage is BackoutStage.BACKING_OUT
    word = "BACKING OUT" if under_way else "BACKED OUT"
    done = picture.weekday_time(forecast.instant(backing_out.finish))
    guess = under_way and any(forecast.of(task).guess for task in tasks_under_way(board, forecast))
    said: Spans = (
        (f" {BACKOUT.glyph} {word} ", "beyond reverse bold"),
        (" done at " if under_way else " since ", "muted"),
        (done, "bold"),
        (" (a guess)" if guess else "", "muted"),
    )
    left = forecast.restore_by - backing_out.finish
    by = picture.weekday_time(forecast.instant(forecast.restore_by))
    if left >= 0:
        stands: Spans = ((f"✓ {show_duration(left)} before business must run, {by}", "inside bold"),)
    else:
        stands = ((f"▲ {show_duration(-left)} AFTER business must run, {by}", "beyond bold"),)
    return said, stands


def time_box_spans(picture: Picture, run_time: datetime) -> Spans | None:
    """How long a way back is still decided on after go-live; None before that, and once it is over."""
    box = time_box(picture.board)
    if box is None or run_time >= box.end:
        return None
    left = show_duration((box.end - run_time) // _SECOND)
    return (("time-box ", "muted"), (f"{left} left", "bold"))


def trigger_spans(picture: Picture, standing: TriggerStanding) -> Iterator[tuple[str, str]]:
    """How a trigger stands, as lines with their ink; none where nobody has called on it."""
    if standing.reached:
        since = "" if standing.since is None else f" since {picture.moment(standing.since)}"
        yield f"REACHED{since}, {deciders_text(standing.deciders)} decides: {standing.value}", "beyond bold"
    elif standing.clock is not None:
        yield standing.value, "bold"


def deciders_text(handles: Sequence[str]) -> str:
    """Those of whom any one decides."""
    return " or ".join(one_line(handle, 16) for handle in handles) or "the lead"
