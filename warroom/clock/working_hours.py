"""Working hours in words: "mon-fri" for days of the week, "08:00-12:00, 13:00-18:00" for the shifts of a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from warroom.clock.times import DAYS

Shift = tuple[int, int]
"""(begin, end) in minutes of the local day; an end that is not after the begin lies on the next day."""

OFF = "off"
"""What stands in place of shifts on a day without any."""

MINUTES_OF_DAY = 24 * 60

DAYS_ACCEPTED = "write it like mon-fri or mon, wed, fri"
SHIFTS_ACCEPTED = "write it like 08:00-12:00; 22:00-06:00 runs into the next day"

_NAMES = tuple(day.lower() for day in DAYS)
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHIFT = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})")


def parse_days(text: str) -> tuple[int, ...]:
    """The weekdays (Monday is 0) that "mon-fri" or "sat, mon-wed" name, in order; "sat-mon" runs over Sunday.

    Raises:
        ValueError: it names none, or one twice; the message says what is accepted.
    """
    found: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        begin = _weekday(first, text)
        end = _weekday(last, text) if dash else begin
        found += [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]
    if len(set(found)) < len(found):
        raise ValueError(f"{text[:80]!r} names a day twice")
    return tuple(sorted(found))


def _weekday(word: str, text: str) -> int:
    for names in (_NAMES, _FULL_NAMES):
        if word in names:
            return names.index(word)
    raise ValueError(f"{text[:80]!r} does not name days of the week; {DAYS_ACCEPTED}")


def parse_shifts(text: str) -> tuple[Shift, ...]:
    """The shifts that "08:00-12:00, 13:00-18:00" names, as written; none for "off".

    Raises:
        ValueError: it names none, or one that takes no time; the message says what is accepted.
    """
    if text.strip().lower() == OFF:
        return ()
    return tuple(_shift(part.strip()) for part in text.split(","))


def _shift(text: str) -> Shift:
    match = _SHIFT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:80]!r} is not a shift; {SHIFTS_ACCEPTED}")
    begin, end = (60 * int(match[group]) + int(match[group + 1]) for group in (1, 3))
    if begin >= MINUTES_OF_DAY or end > MINUTES_OF_DAY or int(match[2]) > 59 or int(match[4]) > 59:
        raise ValueError(f"{text[:80]!r} names no times of day; {SHIFTS_ACCEPTED}")
    if begin == end:
        raise ValueError(f"{text[:80]!r} ends when it begins; write 00:00-24:00 for a whole day")
    return begin, end


def length(shift: Shift) -> int:
    """Minutes on the clock from the begin to the end of a shift."""
    begin, end = shift
    return end - begin if end > begin else end - begin + MINUTES_OF_DAY


def show_days(days: Iterable[int]) -> str:
    """The inverse of `parse_days`: runs of two days and more as "mon-wed"."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_NAMES[run[0]] if len(run) == 1 else f"{_NAMES[run[0]]}-{_NAMES[run[-1]]}" for run in runs)


def show_shifts(shifts: Sequence[Shift]) -> str:
    """The inverse of `parse_shifts`."""
    return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in shifts) or OFF


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
