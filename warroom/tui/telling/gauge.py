"""The gauge: the window on one line, with now, the forecast finish and the last safe back-out on it."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len

from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.marks import BACKOUT, BACKOUT_NOW, NOW, WINDOW_END
from warroom.tui.picture.picture import Picture


class _Pin(NamedTuple):
    """A marked instant; `labels` from the longest to the shortest."""

    at: int
    glyph: str
    ink: str
    labels: tuple[str, ...]


WORST_PER_CENT = 95
"""The worst case of the finish is the one that so many of a hundred trials keep."""


def gauge(picture: Picture, width: int, *, worst: int | None = None) -> Spans:
    """The window from its start to its end (or to the forecast finish, if later) in `width` cells.

    Args:
        worst: the finish in the worst case, seconds from the window start; None where it is not known.
    """
    forecast, zone = picture.forecast, picture.zone
    backed_out = picture.backed_out
    done = 0 if backed_out is None else backed_out[0]
    reach = max(forecast.end, forecast.finish, done, min(worst or 0, forecast.end * 5 // 4), 1)
    begin, end = (_weekday_time(picture, seconds) for seconds in (0, forecast.end))
    # Where the line goes on beyond the window's end, the time behind it says what it is of.
    first, last = f" {begin} ", f" {end} " if reach == forecast.end else f" end {end} "
    track = width - cell_len(first) - cell_len(last)
    if track < 12:
        return ((first, "muted"), (last, "muted"))
    inside = forecast.window_float >= 0
    cells = [("┄", "muted")] * track

    def cell(seconds: int) -> int:
        return min(track - 1, max(0, seconds * (track - 1) // reach))

    now = forecast.now
    for x in range(cell(now) if now > 0 else 0):
        cells[x] = ("━", "status-running")
    beyond_from = cell(forecast.end)
    for x in range(beyond_from, track):
        cells[x] = ("╍", "beyond")
    taken = [False] * track
    pins = []
    if now >= 0:
        pins.append(_Pin(now, NOW.glyph, NOW.ink + " bold", (f" {show_time(picture.now, zone, day=False)}",)))
    finish = picture.weekday_time(picture.figures.forecast_finish)
    ink = "inside bold" if inside else "beyond bold"
    if forecast.backing_out is None:
        pins.append(_Pin(forecast.finish, "◆", ink, (f" {finish} finish", " finish")))
    else:
        back = forecast.backing_out.finish
        said = f" {picture.weekday_time(forecast.instant(back))} back-out done"
        pins.append(_Pin(back, BACKOUT.glyph, "beyond bold", (said, " back-out done")))
    if forecast.decide_backout_by is not None:
        at = picture.weekday_time(forecast.instant(forecast.decide_backout_by))
        left = forecast.decide_backout_by - now
        counted = f" (in {show_duration(left)})" if left > 0 else " (passed)"
        labels = (f" {at} last back-out{counted}", f" {at} last back-out", " last back-out")
        pins.append(_Pin(forecast.decide_backout_by, BACKOUT.glyph, BACKOUT.ink + " bold", labels))
    if backed_out is not None and now >= 0:
        at, at_worst = (picture.weekday_time(forecast.instant(seconds)) for seconds in backed_out)
        late = f", at worst {at_worst}" if backed_out[1] > done else ""
        told = (f" {at} if backed out now{late}", f" {at} if backed out now", f" {at} backed out")
        ink = "beyond bold" if done > forecast.restore_by else f"{BACKOUT_NOW.ink} bold"
        pins.append(_Pin(done, BACKOUT_NOW.glyph, ink, told))
    if worst is not None and forecast.backing_out is None and worst > forecast.finish:
        at = picture.weekday_time(forecast.instant(worst))
        ink = "inside bold" if worst <= forecast.end else "beyond bold"
        pins.append(_Pin(worst, "◇", ink, (f" {at} at worst", " worst")))
    pins.append(_Pin(forecast.end, WINDOW_END.glyph, WINDOW_END.ink + " bold", ()))
    for pin in sorted(pins, key=lambda pin: pin.glyph != BACKOUT.glyph):  # it must be seen, whatever else is there
        x = cell(pin.at)
        if not taken[x]:
            cells[x], taken[x] = (pin.glyph, pin.ink), True
    for pin in pins:
        x = cell(pin.at)
        if pin.glyph != NOW.glyph or cells[x][0] == NOW.glyph:  # a time without a word belongs to its sign
            _label(cells, taken, x, pin)
    return ((first, "muted"), *cells, (last, "muted"))


def _label(cells: list[tuple[str, str]], taken: list[bool], x: int, pin: _Pin) -> None:
    """Write the longest label that finds room to the right of the pin, else to its left."""
    for label in pin.labels:
        size = cell_len(label)
        for start, text in ((x + 1, label + " "), (x - size - 1, " " + label.strip() + " ")):
            end = start + len(text)
            if start < 0 or end > len(cells) or any(taken[start:end]):
                continue
            for offset, character in enumerate(text):
                cells[start + offset], taken[start + offset] = (character, pin.ink.replace(" bold", "")), True
            return


def _weekday_time(picture: Picture, seconds: int) -> str:
    """ "Fri 18:00" """
    shown = show_time(picture.forecast.instant(seconds), picture.zone)
    return f"{shown[:3]}{shown[len('Fri 27 Nov') :]}"
