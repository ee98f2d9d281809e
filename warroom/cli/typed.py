"""Reading what is typed after a verb: times, spans, speeds, steps, progress. What cannot be read is a BadInput."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from warroom.clock.durations import parse_duration
from warroom.clock.run_clock import LIFE
from warroom.clock.times import parse_time
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.numbers import figure_of

FASTEST = 1_000_000

_STEP = re.compile(r"(.+)\.([0-9]{1,6})")
_PROGRESS = re.compile(r"([0-9][0-9,_ ]*)/ *([0-9][0-9,_ ]*)")


def instant(
    text: str,
    *,
    zone: str,
    window_start: datetime,
    now: datetime,
    prefer: Literal["past", "next"],
    option: str = "--at",
) -> datetime:
    """A time as people type it (see `parse_time`), UTC; a bare clock time is the nearest past or next one.

    Raises:
        BadInput: it is not a time.
    """
    try:
        return parse_time(text, zone=zone, window_start=window_start, near=now, prefer=prefer)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            str(error), where=option, hint='write it like 02:40, "Sat 02:40", T+5h or 2026-11-28T02:40'
        ) from None


def expected(text: str, *, zone: str, window_start: datetime, now: datetime, option: str = "ETA") -> datetime:
    """When something will be finished: a span from now (45m), or a time, a bare clock time being the next one; UTC.

    Raises:
        BadInput: it is neither.
    """
    try:
        return now + timedelta(seconds=parse_duration(text.strip().removeprefix("+")))
    except (ValueError, OverflowError):
        pass
    try:
        return parse_time(text, zone=zone, window_start=window_start, near=now, prefer="next")
    except (ValueError, OverflowError):
        raise BadInput(
            f"{text!r} is neither a span nor a time", where=option, hint='write it like 45m, 1h30, 02:40 or "Sat 02:40"'
        ) from None


def span(text: str, *, where: str) -> int:
    """A span such as 45m, in seconds.

    Raises:
        BadInput: it is not one.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        raise BadInput(str(error), where=where) from None


def rate(text: str) -> int:
    """A speed such as 60, 60x or 0.5, in thousandths of life.

    Raises:
        BadInput: it is not one, or out of bounds.
    """
    try:
        speed = Decimal(text.strip().lower().removesuffix("x"))
    except InvalidOperation:
        raise BadInput(
            f"{text!r} is not a speed", where="--speed", hint="write it like 60 (sixty times life)"
        ) from None
    if not speed.is_finite() or not Decimal(1) / LIFE <= speed <= FASTEST:
        raise BadInput(
            f"a speed lies between 0.001 and {FASTEST}", where="--speed", hint="to stop the clock: warroom run hold"
        )
    return round(speed * LIFE)


def steps(texts: Sequence[str]) -> tuple[str, list[int]]:
    """The task and the places in its list that REF.N ... name.

    Raises:
        BadInput: one is not of that form, or they are of different tasks.
    """
    found = [_STEP.fullmatch(text) for text in texts]
    for text, match in zip(texts, found, strict=True):
        if match is None:
            raise BadInput(f"{text!r} does not name a step", hint="write it like BC-24.2: the second step of BC-24")
    named = [(match[1], int(match[2])) for match in found if match is not None]
    refs = list(dict.fromkeys(ref for ref, _ in named))
    if len(refs) != 1:
        raise BadInput(f"these are steps of different tasks: {', '.join(refs)}", hint="tick them one task at a time")
    return refs[0], [position for _, position in named]


def figure(text: str) -> Decimal:
    """A number of a control: with a decimal point, or written in a way that can be read in one way only.

    Raises:
        BadInput: it is none, or can be read in two ways.
    """
    try:
        return figure_of(text)
    except ValueError as error:
        raise BadInput(str(error), where="NUMBER", hint="write it with a decimal point, such as 1204331.07") from None


def task_or_step(text: str) -> tuple[str, int | None]:
    """The task that REF names, or the task and the place of its step that REF.N names."""
    match = _STEP.fullmatch(text)
    return (text, None) if match is None else (match[1], int(match[2]))


def progress(text: str) -> tuple[int, int]:
    """What is done and the whole, from N/M; thousands may be separated.

    Raises:
        BadInput: it is not of that form.
    """
    match = _PROGRESS.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"{text!r} is not a progress", hint="write what is done and the whole, such as 412000/1200000")
    done, total = (int(re.sub("[,_ ]", "", number)[:20]) for number in match.groups())
    return done, total
