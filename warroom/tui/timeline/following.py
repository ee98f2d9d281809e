"""Where the timeline's axis lies while it follows now."""

from __future__ import annotations

from warroom.board.forecast import Forecast
from warroom.clock.durations import DAY, HOUR, MINUTE
from warroom.tui.drawing.axis import Axis, filling_step, fitting_step

NEAR_STEP = 10 * MINUTE
"""Seconds in a column of a view that shows the hours around now, where the whole window would make bars too short."""

WIDEST_WHOLE = 20 * MINUTE
"""The most seconds in a column with which the whole window is shown at once."""


def following_axis(forecast: Forecast, width: int, step: int | None, last: int, *, under_way: bool) -> Axis:
    """The whole window, or the hours around now where a column would have to hold more than `WIDEST_WHOLE`.

    Args:
        width: columns. step: seconds in one, where somebody has chosen it.
        last: the last finish that should be seen too, such as that of a what-if; seconds from the window start.
        under_way: whether a run was started and is not done; a mere plan is shown whole, and so is what is over.
    """
    grain = 15 * MINUTE if forecast.end <= 12 * HOUR else HOUR  # so that the view stays while the finish creeps on
    last = last if last < forecast.end + DAY else 0  # what lies so far out would leave no room for the rest
    begun = forecast.backing_out
    last = last if begun is None else max(last, begun.finish)
    reach = -(-max(forecast.end, forecast.finish, last) // grain) * grain
    near = not under_way or -6 * HOUR < forecast.now < reach + 6 * HOUR
    whole = filling_step(reach * 21 // 20, width)
    if not near:
        whole = fitting_step(7 * DAY, max(1, width))
    elif under_way and whole > WIDEST_WHOLE:
        whole = NEAR_STEP
    step = step or whole
    if near and reach <= step * width:
        return Axis(-(step * width - reach) // 4 // step * step, step, width)
    # Moving by many columns at once keeps repaints of the whole timeline rare.
    leap = 4 * step
    return Axis((forecast.now - step * width // 3) // leap * leap, step, width)
