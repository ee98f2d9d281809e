"""Working hours as people write them, turned into a calendar on the axis of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from warroom.schedule.calendars import Calendar, Interval

Shift = tuple[int, int]
"""(begin, end) in minutes of the local day; an end that is not after the begin lies on the next day."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class WorkingHours:
    """The hours of a week in one zone, with days that are different.

    Attributes:
        zone: IANA name; the hours are what clocks there show.
        weekly: the shifts of each weekday, Monday is 0; a weekday without any is off.
        exceptions: the shifts of single days instead of those of their weekday; none at all for a holiday.

    A shift belongs to the day on which it begins, also where it runs past midnight.
    """

    zone: str
    weekly: Mapping[int, Sequence[Shift]]
    exceptions: Mapping[date, Sequence[Shift]] = field(default_factory=dict)

    def shifts(self, day: date) -> Sequence[Shift]:
        """The shifts that begin on a local day."""
        return self.exceptions.get(day, self.weekly.get(day.weekday(), ()))


def calendar(
    hours: WorkingHours, *, origin: datetime, horizon: Interval, absences: Iterable[Interval] = ()
) -> Calendar:
    """The calendar of working hours.

    Args:
        hours: what is worked.
        origin: the instant (aware) that is 0 on the axis.
        horizon: from when to when it is made, in seconds on the axis.
        absences: stretches of time without work whatever the hours say, in seconds on the axis.

    Both ends of a shift are read off the clocks of the zone, so that one in which these go forward is an hour shorter,
    and one in which they go back an hour longer. A time that clocks show twice is the first of the two.

    Raises:
        ValueError: an origin without zone.
        zoneinfo.ZoneInfoNotFoundError: an unknown zone.
    """
    if origin.tzinfo is None:
        raise ValueError("the origin of a calendar needs a zone")
    zone = ZoneInfo(hours.zone)
    origin = origin.astimezone(UTC)

    def seconds(day: date, minutes: int) -> int:
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - the zone follows
        return (local.replace(tzinfo=zone).astimezone(UTC) - origin) // _SECOND

    begins, ends = ((origin + timedelta(seconds=edge)).astimezone(zone).date() for edge in horizon)
    intervals = []
    day = begins - _DAY  # its shift may run past midnight
    while day <= ends:
        for begin, end in hours.shifts(day):
            until = end if end > begin else end + 24 * 60
            intervals.append((seconds(day, begin), seconds(day, until)))
        day += _DAY
    worked = Calendar(intervals, horizon)
    away = list(absences)
    return worked.without(away) if away else worked
