"""Reading and showing spans of time: text on one side, whole seconds on the other."""

from __future__ import annotations

import re

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

LONGEST = 366 * DAY
"""The longest span that is believed; more is taken for a slip of the keyboard."""

ACCEPTED = "write it like 45m, 1h30, 1.5h, 2d, 30s or PT1H30M (a bare number is minutes)"

_NUMBER = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)"
_SPAN = re.compile(
    rf"(?:{_NUMBER}\s*d(?:ays?)?)?\s*"
    rf"(?:{_NUMBER}\s*h(?:rs?|ours?)?(?:\s*([0-5]?[0-9])$)?)?\s*"
    rf"(?:{_NUMBER}\s*m(?:in(?:ute)?s?)?)?\s*"
    rf"(?:{_NUMBER}\s*s(?:ec(?:ond)?s?)?)?"
)
_BARE = re.compile(_NUMBER)
_ISO = re.compile(r"P[0-9.WDTHMS]{1,40}[WDHMS]")


def parse_duration(text: str) -> int:
    """Read a span: "45m", "1h30", "2d 4h", "1.5h", "30s", "15 min", "PT1H30M", "90" (minutes).

    A day is 24 elapsed hours. Large units come first and each stands once; in "1h30" the 30 are minutes.

    Returns:
        whole seconds, zero or more.

    Raises:
        ValueError: not a span, or one longer than 366 days; the message says what is accepted.
    """
    spelled = text.strip().lower()
    if not spelled:
        raise ValueError(f"a duration is missing; {ACCEPTED}")
    if spelled.startswith("-"):
        raise ValueError(f"{text[:80]!r} is a negative duration; {ACCEPTED}")
    if spelled.startswith("p"):
        seconds = _iso_seconds(spelled.upper())
    elif bare := _BARE.fullmatch(spelled):
        seconds = round(float(bare[1]) * MINUTE)
    elif span := _SPAN.fullmatch(spelled):
        days, hours, hour_minutes, minutes, rest = (float(part or 0) for part in span.groups())
        seconds = round(days * DAY + hours * HOUR + (hour_minutes + minutes) * MINUTE + rest)
    else:
        seconds = None
    if seconds is None:
        raise ValueError(f"{text[:80]!r} is not a duration; {ACCEPTED}")
    if seconds > LONGEST:
        raise ValueError(f"{text[:80]!r} is longer than 366 days; {ACCEPTED}")
    return seconds


def _iso_seconds(text: str) -> int | None:
    """Seconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds; None if it is not one."""
    if not _ISO.fullmatch(text):  # pendulum takes a bare PT for nothing at all, and fails oddly on intervals
        return None
    import pendulum  # dear to import, and rarely needed

    try:
        span = pendulum.parse(text)
    except (ValueError, OverflowError):
        return None
    # Years and months have no fixed length.
    if not isinstance(span, pendulum.Duration) or span.years or span.months:
        return None
    return round(span.total_seconds())


def show_duration(seconds: int, *, sign: bool = False) -> str:
    """A short text: "20s", "45m", "1h30", "27h25", "2d 4h"; longer ones are cut to whole minutes.

    Days are counted from 48 hours on. `parse_duration` reads the text back, unless it carries a sign.

    Args:
        seconds: the span; a negative one gets a minus.
        sign: put a plus before a span above zero.
    """
    prefix = "-" if seconds < 0 else "+" if sign and seconds > 0 else ""
    span = abs(seconds)
    if span < MINUTE:
        return f"{prefix}{span}s" if span else "0m"
    days, span = divmod(span, DAY) if span >= 2 * DAY else (0, span)
    hours, span = divmod(span, HOUR)
    minutes = span // MINUTE
    parts = []
    if days:
        parts.append(f"{days}d")
    if hours:
        parts.append(f"{hours}h{minutes:02d}" if minutes else f"{hours}h")
    elif minutes:
        parts.append(f"{minutes}m")
    return prefix + " ".join(parts)
