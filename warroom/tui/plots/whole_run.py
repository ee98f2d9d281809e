"""The plots of the whole run over one time axis: what is done by when, and how much work there is in each hour."""

from __future__ import annotations

from warroom.clock.durations import HOUR
from warroom.tui.drawing.axis import show_tick
from warroom.tui.drawing.chart import FEWEST_COLUMNS, FEWEST_LINES, labelled, ticks
from warroom.tui.drawing.ink import Spans
from warroom.tui.picture.picture import Picture
from warroom.tui.plots.burn_up import DONE, EXPECTED, PLANNED, burn_up, planned_finishes
from warroom.tui.plots.loads import LABEL, WORKED, plot_axis, whole_load


def plots(picture: Picture, width: int, height: int) -> tuple[Spans, ...]:
    """Both, one above the other, in `width` cells and `height` lines. The last cell is left free, for in the rows
    below there is a scrollbar."""
    axis = plot_axis(picture, width - 1)
    if axis.width < FEWEST_COLUMNS or height < FEWEST_LINES:
        return ((("there is no room for a plot", "muted"),),)
    lower = (height - 3) * 2 // 5
    upper = height - 3 - lower
    total = len(planned_finishes(picture))
    loads, most = whole_load(picture, axis, lower)
    hours = show_tick(max(HOUR, axis.step))
    return (
        _caption("Done by when", ("█ done", DONE[1]), ("░ expected", EXPECTED[1]), ("━ planned", PLANNED[1])),
        *labelled(
            burn_up(picture, axis, upper), {0: "1 task" if total == 1 else f"{total} tasks", upper - 1: "0"}, LABEL
        ),
        _caption(
            f"At work at once, by {hours}", ("█ worked", WORKED), ("░ expected", EXPECTED[1]), ("━ planned", PLANNED[1])
        ),
        *labelled(loads, {0: f"{most:.1f}", lower - 1: "0"}, LABEL),
        ticks(axis, picture.forecast.origin, picture.zone, LABEL),
    )


def _caption(title: str, *signs: tuple[str, str]) -> Spans:
    said: list[tuple[str, str]] = [(f" {title}", "primary bold")]
    for sign, ink in signs:
        glyph, _, word = sign.partition(" ")
        said += [(f"   {glyph}", ink), (f" {word}", "muted")]
    return tuple(said)
