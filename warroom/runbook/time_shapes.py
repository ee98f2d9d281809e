"""The shapes of values that hold time: durations, estimates, instants, zones, and links with a lag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from warroom.clock.durations import parse_duration
from warroom.clock.times import parse_offset, parse_time, parse_zone, suggest_zone
from warroom.runbook.records import Field, Record
from warroom.runbook.shapes import Flag, Found, Reading, Schema, text_of
from warroom.runbook.tree import Keys, Tree
from warroom.vocabulary.words import LinkType

_NUMBER = r"[0-9]{1,9}(\.[0-9]{1,6})?"
_SPAN = (
    rf"^\s*({_NUMBER}|[Pp][0-9.WDTHMSwdthms]{{1,40}}|({_NUMBER}\s*[Dd][A-Za-z]*)?\s*"
    rf"({_NUMBER}\s*[Hh][A-Za-z]*(\s*[0-5]?[0-9])?)?\s*({_NUMBER}\s*[Mm][A-Za-z]*)?\s*({_NUMBER}\s*[Ss][A-Za-z]*)?)\s*$"
)
_DATED = r"(19[789]|20[0-9]|21[0-9])[0-9]-?[0-9Ww][0-9TZWtzw:. +-]*"
"""What the schema says of spans and times; it lets a little more pass than the reader, which knows calendars."""


@dataclass(frozen=True, slots=True)
class Span:
    """A duration; read as whole seconds."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a duration")
        if text is None:
            return None
        try:
            return Found(parse_duration(text), tree.place)
        except ValueError as error:
            reading.faults.add(tree.place, str(error))
            return None

    def schema(self) -> Schema:
        return {
            "type": ["string", "number"],
            "minLength": 1,
            "pattern": _SPAN,
            "minimum": 0,
            "examples": ["45m", "1h30", "2d", "PT1H30M", 90],
        }


class Estimate(NamedTuple):
    """How long something takes, in seconds; `low` and `high` are None where only one duration was given.

    `placeholder` marks a guess that no rehearsal has confirmed.
    """

    low: int | None
    likely: int
    high: int | None
    placeholder: bool = False


_ESTIMATE = Record(
    "an estimate",
    (
        Field("low", Span(), "The shortest that it can take; with high, or neither."),
        Field("likely", Span(), "How long it most likely takes; plans count with this one.", required=True),
        Field("high", Span(), "The longest that it can take."),
        Field("placeholder", Flag(), "It is only a guess; a rehearsal gives the real figure. Default: false."),
    ),
)


@dataclass(frozen=True, slots=True)
class Duration:
    """One duration, or an estimate {low, likely, high, placeholder}; read as an `Estimate`."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if not isinstance(tree, Keys):
            found = Span().read(tree, reading)
            return None if found is None else Found(Estimate(None, found.value, None), tree.place)
        estimate = _ESTIMATE.entry(tree, reading)
        low, likely, high = (estimate.fields.get(key) for key in ("low", "likely", "high"))
        for key, other in (("low", "high"), ("high", "low")):
            if key in estimate.written and other not in estimate.written:
                reading.faults.add(tree.place, f"an estimate with {key!r} needs the key {other!r}")
                return None
        if likely is None or len({"low", "high"} & estimate.written) != (low is not None) + (high is not None):
            return None
        if low is not None and low.value > likely.value:
            reading.faults.add(low.place, "the shortest duration is longer than the likely one")
        elif high is not None and high.value < likely.value:
            reading.faults.add(high.place, "the longest duration is shorter than the likely one")
        else:
            points = (None if low is None else low.value, likely.value, None if high is None else high.value)
            return Found(Estimate(*points, estimate.get("placeholder") or False), tree.place)
        return None

    def schema(self) -> Schema:
        estimate = {**_ESTIMATE.schema(), "dependentRequired": {"low": ["high"], "high": ["low"]}}
        return {"oneOf": [Span().schema(), estimate]}


@dataclass(frozen=True, slots=True)
class Time:
    """An instant; read as a datetime in UTC. With `absolute` it may not count from the window start."""

    absolute: bool = False

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a time")
        if text is None:
            return None
        try:
            if self.absolute and parse_offset(text) is not None:
                raise ValueError(f"{text!r} counts from the window start, which is what this time must say")
            instant = parse_time(text, zone=reading.zone, window_start=reading.window_start)
        except (ValueError, OverflowError) as error:
            reading.faults.add(tree.place, str(error))
            return None
        return Found(instant, tree.place)

    def schema(self) -> Schema:
        examples = ["2026-11-27T17:00", "2026-11-27T16:00Z"]
        if self.absolute:
            return {"type": "string", "pattern": rf"^\s*{_DATED}$", "examples": examples}
        pattern = rf"^\s*([Tt]\s*([+-].+)?|{_DATED})$"
        return {"type": "string", "pattern": pattern, "examples": ["T+15h", "T-35d", *examples]}


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of an IANA time zone."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a time zone")
        if text is None:
            return None
        try:
            parse_zone(text)
        except ValueError as error:
            near = suggest_zone(text[:80])
            hint = f"did you mean {near!r}?" if near else "use an IANA name such as Europe/Berlin"
            reading.faults.add(tree.place, str(error), hint)
            return None
        return Found(text, tree.place)

    def schema(self) -> Schema:
        return {"type": "string", "examples": ["Europe/Berlin"]}


def parse_link(text: str) -> tuple[str, LinkType, int]:
    """The predecessor that "BC-23", "BC-23 SS" or "BC-23 FS+15m" names, with the link's type and its lag in seconds.

    Raises:
        ValueError: it names none; the message says what is accepted.
    """
    parts = re.fullmatch(r"([^\s+]{1,64})(?:\s+([A-Za-z]{2})\s*(?:([+-])\s*(\S.*))?)?", text.strip())
    if parts is None:
        raise ValueError(f"{text[:80]!r} is not a predecessor; write it like BC-23 or BC-23 FS+15m")
    ref, kind, sign, lag = parts.groups()
    kind = (kind or LinkType.FINISH_START).upper()
    if kind not in tuple(LinkType):
        choices = ", ".join(LinkType)
        raise ValueError(f"{kind!r} is not a type of link; it is one of {choices}, as in BC-23 SS+15m")
    lag_s = parse_duration(lag) if lag else 0
    return ref, LinkType(kind), -lag_s if sign == "-" else lag_s


@dataclass(frozen=True, slots=True)
class LinkText:
    """A predecessor with a type and a lag, "BC-23 SS+15m"; read as (ref, type, lag in seconds)."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a predecessor")
        if text is None:
            return None
        try:
            return Found(parse_link(text), tree.place)
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            reading.faults.add(tree.place, message, hint or None)
            return None

    def schema(self) -> Schema:
        return {
            "type": "string",
            "pattern": r"^[^\s+]{1,64}(\s+[FSfs]{2}\s*([+-]\s*[0-9Pp].*)?)?$",
            "examples": ["BC-23", "BC-23 FS+15m", "BC-23 SS"],
        }
