"""Reading and showing instants: in a zone for people, in UTC for files, from the window start for plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Literal, overload
from zoneinfo import ZoneInfo, available_timezones

from warroom.clock.durations import DAY, HOUR, MINUTE, parse_duration, show_duration

ACCEPTED = 'write it like T+15h, T-35d, 2026-11-27T17:00 or "Sat 02:40"'

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_OFFSET = re.compile(r"T\s*(?:([+-])\s*(.+))?", re.IGNORECASE)
_CLOCK_OFFSET = re.compile(r"(?:([0-9]{1,3})d\s*)?([0-9]{1,2}):([0-5][0-9])")
_CLOCK = re.compile(r"(?:([a-z]{3,9})\s+)?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.IGNORECASE)
_ISO = re.compile(r"(?:19[789]|20[0-9]|21[0-9])[0-9]-?[0-9W][0-9TZW:. +-]{1,32}", re.IGNORECASE)


def parse_zone(name: str) -> ZoneInfo:
    """The zone with this IANA name, such as Europe/Berlin.

    Raises:
        ValueError: there is no such zone. `suggest_zone` may know which one was meant.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name[:80]!r}") from None


def suggest_zone(name: str) -> str | None:
    """The zone that was probably meant by `name`, also when only its city was given; None if none is near."""
    zones = sorted(available_timezones())
    wanted = name.strip().lower().replace(" ", "_")
    by_spelling = {zone.lower(): zone for zone in zones}
    by_city = {zone.lower().rpartition("/")[2]: zone for zone in zones if "/" in zone}
    for spellings in (by_spelling, by_city):
        if near := get_close_matches(wanted, spellings, n=1, cutoff=0.8):
            return spellings[near[0]]
    return None


def parse_offset(text: str) -> int | None:
    """Seconds from the window start for "T", "T+15h", "T-35d", "T+16:42"; None if `text` is of another kind.

    Raises:
        ValueError: it begins like one, but what follows the sign is not a duration.
    """
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    sign, span = match.groups()
    if sign is None:
        return 0
    if on_clock := _CLOCK_OFFSET.fullmatch(span.strip()):
        days, hours, minutes = (int(part or 0) for part in on_clock.groups())
        seconds = days * DAY + hours * HOUR + minutes * MINUTE
    else:
        seconds = parse_duration(span)
    return -seconds if sign == "-" else seconds


def parse_time(
    text: str,
    *,
    zone: str,
    window_start: datetime | None = None,
    near: datetime | None = None,
    prefer: Literal["past", "next"] = "next",
) -> datetime:
    """Read an instant as people type it.

    Accepted are "T", "T+15h", "T-35d" (from the window start), an ISO 8601 date (its midnight) or time, with
    or without a zone, and a clock time, "02:40" or "Sat 02:40". A local time that comes twice (clocks going
    back) means its first occurrence; a clock time the occurrence nearest to `near` on the preferred side.

    Args:
        zone: the IANA zone of times that name none.
        window_start: what T stands for, aware; without it such a text is refused.
        near: the instant around which a clock time is looked for, aware; without it such a text is refused.
        prefer: "next" takes a clock time's first occurrence at or after `near`, "past" its last at or before.

    Returns:
        the instant, aware, in UTC.

    Raises:
        ValueError: not a time, a local time that does not exist (clocks going forward), or an unknown zone.
    """
    where = parse_zone(zone)
    spelled = text.strip()
    if (offset := parse_offset(spelled)) is not None:
        if window_start is None:
            raise ValueError(f"{text[:80]!r} counts from the window start, which is not known here")
        return window_start.astimezone(UTC) + timedelta(seconds=offset)
    if match := _CLOCK.fullmatch(spelled):
        if near is None:
            raise ValueError(f"{text[:80]!r} names no date; write it like T+15h or 2026-11-27T17:00")
        weekday, *digits = match.groups()
        return _occurrence(text, _weekday(text, weekday), _clock_time(text, digits), where, near, prefer)
    instant = _iso_time(spelled)
    if instant is None:
        raise ValueError(f"{text[:80]!r} is not a time; {ACCEPTED}")
    if instant.tzinfo is not None:
        return instant.astimezone(UTC)
    found = instants(instant, where)
    if not found:
        raise _no_such_time(instant, where)
    return found[0]


def _iso_time(text: str) -> datetime | None:
    """An ISO 8601 date or time of the years 1970 to 2199, naive if it names no zone; None if it is none."""
    if not _ISO.fullmatch(text):
        return None
    import pendulum  # dear to import, and most times that are typed are clock times

    try:
        parsed = pendulum.parse(text, exact=True, tz=None)
    except (ValueError, OverflowError):
        return None
    if isinstance(parsed, datetime):
        # A plain datetime: pendulum's own type keeps a zone object that plain arithmetic does not need.
        plain = datetime.combine(parsed.date(), parsed.time())
        offset = parsed.utcoffset()
        return plain if offset is None else (plain - offset).replace(tzinfo=UTC)
    return datetime.combine(parsed, time()) if isinstance(parsed, date) else None


def _weekday(text: str, name: str | None) -> int | None:
    if name is None:
        return None
    for number, day in enumerate(DAYS):
        if name[:3].title() == day:
            return number
    raise ValueError(f"{text[:80]!r} does not begin with a day of the week; {ACCEPTED}")


def _clock_time(text: str, digits: list[str | None]) -> time:
    hour, minute, second = (int(part or 0) for part in digits)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise ValueError(f"{text[:80]!r} is not a time of day; {ACCEPTED}") from None


def _occurrence(
    text: str,
    weekday: int | None,
    clock_time: time,
    zone: ZoneInfo,
    near: datetime,
    prefer: Literal["past", "next"],
) -> datetime:
    forward = prefer == "next"
    today = near.astimezone(zone).date()
    for distance in range(9):  # a weekday comes again after seven days, and its clock time may lie on the far side
        day = today + timedelta(days=distance if forward else -distance)
        if weekday is not None and day.weekday() != weekday:
            continue
        local = datetime.combine(day, clock_time)
        found = instants(local, zone)
        for instant in found if forward else reversed(found):
            if instant >= near if forward else instant <= near:
                return instant
        if not found:
            as_if = local.replace(tzinfo=zone).astimezone(UTC)
            if as_if >= near if forward else as_if <= near:
                raise _no_such_time(local, zone)
    raise ValueError(f"{text[:80]!r} does not occur near {near}")


def instants(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """When clocks in `zone` show `local` (naive), in UTC: once; twice when they go back; never when they go forward."""

    def candidates() -> Iterator[datetime]:
        for fold in (0, 1):
            instant = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local:
                yield instant

    return sorted(set(candidates()))


def _no_such_time(local: datetime, zone: ZoneInfo) -> ValueError:
    return ValueError(f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}, where clocks go forward over it")


def show_time(instant: datetime, zone: str | ZoneInfo, *, seconds: bool = False, day: bool = True) -> str:
    """The instant as a clock in `zone` shows it: "Sat 28 Nov 09:42", always in English and of one width. Only in the
    hour that comes twice when clocks go back is it told which one is meant: "Sun 25 Oct 02:30 CEST".

    Args:
        instant: aware.
        seconds: also show seconds.
        day: also show weekday, day and month.
    """
    local = instant.astimezone(parse_zone(zone) if isinstance(zone, str) else zone)
    clock_time = _clock_shows(local, seconds)
    if not day:
        return clock_time
    return f"{DAYS[local.weekday()]} {local.day:02d} {MONTHS[local.month - 1]} {clock_time}"


def show_iso(instant: datetime, zone: str | ZoneInfo, *, seconds: bool = False) -> str:
    """The instant as a clock in `zone` shows it, with weekday and ISO date: "Sat 2026-11-28 09:42"; where that comes
    twice, as `show_time` tells it.

    Args:
        instant: aware.
        seconds: also show seconds.
    """
    local = instant.astimezone(parse_zone(zone) if isinstance(zone, str) else zone)
    return f"{DAYS[local.weekday()]} {local:%Y-%m-%d} {_clock_shows(local, seconds)}"


def _clock_shows(local: datetime, seconds: bool) -> str:
    clock_time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    comes_once = local.replace(fold=1 - local.fold).utcoffset() == local.utcoffset()
    return clock_time if comes_once else f"{clock_time} {local:%Z}"


def show_distance(seconds: int) -> str:
    """How far an instant lies ahead (or, negative, behind) in words: "in 12m", "4m ago", "now"."""
    if not seconds:
        return "now"
    return f"in {show_duration(seconds)}" if seconds > 0 else f"{show_duration(-seconds)} ago"


def show_offset(seconds: int) -> str:
    """Seconds from the window start as "T+16:42", "T-35d 02:00"; days are counted from 100 hours on."""
    span = abs(seconds)
    days, span = divmod(span, DAY) if span >= 100 * HOUR else (0, span)
    hours, minutes = span // HOUR, span % HOUR // MINUTE
    return f"T{'-' if seconds < 0 else '+'}{f'{days}d ' if days else ''}{hours:02d}:{minutes:02d}"


def iso_utc(instant: datetime) -> str:
    """The instant as "2026-11-28T08:42:10Z", with six decimals only if it has microseconds.

    Raises:
        ValueError: `instant` is not aware.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


@overload
def iso_whole(instant: datetime) -> str: ...
@overload
def iso_whole(instant: datetime | None) -> str | None: ...
def iso_whole(instant: datetime | None) -> str | None:
    """The instant as `iso_utc` writes it, cut to whole seconds as documents tell it; None where there is none.

    Raises:
        ValueError: `instant` is not aware.
    """
    return None if instant is None else iso_utc(instant.replace(microsecond=0))


def parse_iso_utc(text: str) -> datetime:
    """Read back what `iso_utc` wrote; aware, in UTC.

    Raises:
        ValueError: not such a text.
    """
    if not text.endswith("Z"):
        raise ValueError(f"{text[:80]!r} is not a UTC time that ends in Z")
    return datetime.fromisoformat(text).astimezone(UTC)
