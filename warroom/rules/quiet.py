"""Quiet hours: when a person is not to be woken for what can wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from warroom.clock.working_hours import length, parse_shifts
from warroom.vocabulary.words import Severity


def quiet_until(hours: str | None, zone: str, now: datetime, severity: Severity) -> datetime | None:
    """When a message may go out, where it may not at `now`; UTC.

    Args:
        hours: the person's quiet hours by the clocks of `zone`, such as "22:00-06:00"; None: there are none.
        severity: that of the alert; what is critical breaks every silence.

    Returns None when it may go out now.
    """
    if not hours or severity is Severity.CRITICAL:
        return None
    local = now.astimezone(ZoneInfo(zone))
    for shift in parse_shifts(hours):
        lasts = timedelta(minutes=length(shift))
        for days in (-1, 0):  # those of yesterday may reach into today
            midnight = (local + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
            start = midnight + timedelta(minutes=shift[0])  # by the clock on the wall there, as people mean it
            over = (start + lasts).astimezone(now.tzinfo)
            if start.astimezone(now.tzinfo) <= now < over:
                return over
    return None
