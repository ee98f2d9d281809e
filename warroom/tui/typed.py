"""Reading what people type into a prompt: an ETA, a progress."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from warroom.clock.durations import parse_duration, show_duration
from warroom.clock.times import parse_time
from warroom.tui.picture import Picture
from warroom.vocabulary.errors import BadInput

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
    return f"= {picture.time(instant)}, in {show_duration((instant - now) // timedelta(seconds=1))}"


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
