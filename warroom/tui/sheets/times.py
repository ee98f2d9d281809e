"""Times as they stand on a run sheet: each is looked for behind the one that is written before it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from warroom.clock.durations import parse_duration
from warroom.clock.times import parse_time, show_offset
from warroom.tui.doing.sheet_draft import Typed
from warroom.tui.doing.typed import happened
from warroom.tui.picture.picture import Picture

_DIGITS = re.compile(r"([0-9]{1,2})([0-9]{2})")
_CLOCK = re.compile(r"(?:[a-z]{3,9}\s+)?[0-9]{1,2}:[0-9]{2}", re.IGNORECASE)
_HOUR = timedelta(hours=1)


def time_written(typed: Typed, behind: datetime | None, picture: Picture) -> datetime:
    """The instant (UTC, run time) meant by "22:40", "2240", "Sat 02:40", "+15" (after the time before it), "-10"
    (before it was typed), "T+3h", a time.

    A clock time is the first one behind the time before it, so that it finds the day by itself through midnight; with
    none before it, the last one that has passed, as in the line of the scribe. Of a time that comes twice, where
    clocks go back, the later one that has passed is meant, as there.

    Args:
        behind: the time that is written or known before it.

    Raises:
        ValueError: it is none of these, or counts from a time that is not there.
    """
    spelled = typed.text.strip()
    if spelled.startswith("+"):
        if behind is None:
            raise ValueError(f"{spelled[:20]} counts from the time before it, and none is there")
        return behind + timedelta(seconds=parse_duration(spelled[1:]))
    if (digits := _DIGITS.fullmatch(spelled)) is not None:
        spelled = f"{digits[1]}:{digits[2]}"
    if behind is None or not _CLOCK.fullmatch(spelled):
        return happened(spelled, typed.at, picture)
    zone = picture.zone.key
    first = parse_time(spelled, zone=zone, near=behind, prefer="next").astimezone(UTC)
    if first > typed.at:
        return happened(spelled, typed.at, picture)
    return happened(spelled, min(first + _HOUR, typed.at), picture)


def twice_words(instant: datetime, picture: Picture) -> str:
    """Which of two it is, and how the other is written, where clocks go back and the time comes twice; "" elsewhere."""
    local = instant.astimezone(picture.zone)
    for other in (instant - _HOUR, instant + _HOUR):
        if other.astimezone(picture.zone).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0):
            which, another = ("the second", "first") if other < instant else ("the first", "second")
            offset = show_offset(picture.forecast.seconds(other))
            return f"{which} of two; the {another} is {offset.replace(' ', '')}"
    return ""
