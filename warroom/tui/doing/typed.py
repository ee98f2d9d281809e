"""Reading what people type into a prompt: an ETA, a time, a figure, a handle, a progress."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from warroom.clock.durations import parse_duration
from warroom.clock.times import parse_time, show_distance
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.numbers import figure_of
from warroom.vocabulary.text import one_line

AGO = re.compile(r"-[0-9][0-9.]*[hm0-9]*")
"""So long ago: "-10", "-1h30"."""

_SPAN = re.compile(r"\+?\s*[0-9][0-9.]*\s*([dhms].*)?", re.IGNORECASE)
_PROGRESS = re.compile(r"([0-9][0-9,.']*)\s*/\s*([0-9][0-9,.']*)\s*(\S.*)?")


def parse_eta(text: str, now: datetime, picture: Picture) -> datetime:
    """The instant (UTC, run time) meant by "+15", "45m", "1h30" (from now), "2:40", "Sat 02:40" (the next), a time.

    Args:
        now: run time, UTC.

    Raises:
        ValueError: it is neither a duration nor a time.
    """
    spelled = text.strip()
    if _SPAN.fullmatch(spelled):
        return now + timedelta(seconds=parse_duration(spelled.removeprefix("+")))
    return parse_time(spelled, zone=picture.zone.key, window_start=picture.forecast.origin, near=now).astimezone(UTC)


def preview_eta(text: str, now: datetime, picture: Picture) -> str:
    """How an ETA is understood, to show while it is typed; "" while it cannot be."""
    try:
        instant = parse_eta(text, now, picture)
    except ValueError:
        return ""
    return f"= {picture.time(instant)}, {show_distance((instant - now) // timedelta(seconds=1))}"


def future(text: str, now: datetime, picture: Picture) -> datetime:
    """The same for what must lie ahead.

    Raises:
        BadInput: it is neither a duration nor a time, or it lies behind.
    """
    try:
        instant = parse_eta(text, now, picture)
    except (ValueError, OverflowError) as error:
        raise BadInput(str(error), hint="such as 45m, 2:40 or Sat 02:40") from None
    if instant <= now:
        raise BadInput("that time has passed", hint="such as 45m, 2:40 or Sat 02:40")
    return instant


def happened(text: str, now: datetime, picture: Picture) -> datetime:
    """The instant (UTC, run time) at which something has happened: "-10" (minutes ago), "2:40", "Sat 02:40" (the last),
    "T+3h", a time.

    Raises:
        ValueError: it is none of these.
    """
    spelled = text.strip()
    if AGO.fullmatch(spelled):
        return now - timedelta(seconds=parse_duration(spelled[1:]))
    return _last(spelled, now, picture)


def past(text: str, now: datetime, picture: Picture) -> datetime | None:
    """The instant (UTC, run time) at which something has happened: a time, a clock time being the last one; None where
    nothing was typed.

    Raises:
        BadInput: it is no time.
    """
    if not text:
        return None
    try:
        return _last(text, now, picture)
    except (ValueError, OverflowError) as error:
        raise BadInput(str(error), hint="such as 2:40 or Sat 02:40") from None


def _last(text: str, now: datetime, picture: Picture) -> datetime:
    """A time (UTC); of a clock time the last one before `now`."""
    zone, start = picture.zone.key, picture.forecast.origin
    return parse_time(text, zone=zone, window_start=start, near=now, prefer="past").astimezone(UTC)


def figure(text: str) -> Decimal:
    """A number of a control or a criterion.

    Raises:
        BadInput: it is none, or can be read in two ways.
    """
    try:
        return figure_of(text)
    except ValueError as error:
        raise BadInput(str(error), hint="write it with a decimal point, such as 1204331.07") from None


def preview_figure(text: str) -> str:
    """How a number is understood, to show while it is typed; "" while it cannot be."""
    try:
        return f"= {show_number(figure_of(text))}"
    except ValueError:
        return ""


def preview_person(text: str, picture: Picture) -> str:
    """Whose handle that is; "" while it is nobody's."""
    person = picture.board.person_called(text.strip())
    return "" if person is None else f"= {one_line(person.name, 60)}"


def parse_progress(text: str) -> tuple[int, int, str | None]:
    """ "412,000/1,200,000 rows" as (done, total, unit).

    Raises:
        BadInput: it is not of this form.
    """
    match = _PROGRESS.fullmatch(text.strip())
    if match is None:
        raise BadInput("that is not a progress", hint="such as 412000/1200000 rows")
    done, total = (int(re.sub(r"[,.']", "", part)) for part in match.group(1, 2))
    return done, total, match[3]
