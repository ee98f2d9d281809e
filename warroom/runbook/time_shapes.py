"""The shapes of values that hold time: durations, instants, zones, and links with a lag."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warroom.clock.durations import parse_duration
from warroom.clock.times import parse_offset, parse_time, parse_zone, suggest_zone
from warroom.runbook.shapes import Found, Reading, Schema, text_of
from warroom.runbook.tree import Keys, Tree


@dataclass(frozen=True, slots=True)
class Span:
    """A duration; read as whole seconds."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        if isinstance(tree, Keys):
            reading.faults.add(
                tree.place, "three-point durations are not supported yet", "write one duration, like 1h30"
            )
            return None
        text = text_of(tree, reading, "a duration")
        if text is None:
            return None
        try:
            return Found(parse_duration(text), tree.place)
        except ValueError as error:
            reading.faults.add(tree.place, str(error))
            return None

    def schema(self) -> Schema:
        return {"type": ["string", "number"], "minimum": 0, "examples": ["45m", "1h30", "2d", "PT1H30M", 90]}


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
        return {"type": "string", "examples": examples if self.absolute else ["T+15h", "T-35d", *examples]}


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


@dataclass(frozen=True, slots=True)
class LinkText:
    """A predecessor with a lag, "BC-23 FS+15m"; read as (ref, lag in seconds)."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        text = text_of(tree, reading, "a predecessor")
        if text is None:
            return None
        parts = re.fullmatch(r"([^\s+]{1,64})(?:\s+([A-Za-z]{2})\s*(?:([+-])\s*(\S.*))?)?", text.strip())
        if parts is None:
            message = f"{text[:80]!r} is not a predecessor"
            reading.faults.add(tree.place, message, "write it like BC-23 or BC-23 FS+15m")
            return None
        ref, kind, sign, lag = parts.groups()
        kind = (kind or "FS").upper()
        if kind in ("SS", "FF", "SF"):
            reading.faults.add(tree.place, f"links of type {kind} are not supported yet", "write FS")
        elif kind != "FS":
            reading.faults.add(tree.place, f"{kind!r} is not a type of link", "write it like BC-23 FS+15m")
        else:
            try:
                lag_s = parse_duration(lag) if lag else 0
            except ValueError as error:
                reading.faults.add(tree.place, str(error))
                return None
            return Found((ref, -lag_s if sign == "-" else lag_s), tree.place)
        return None

    def schema(self) -> Schema:
        return {
            "type": "string",
            "pattern": r"^[^\s+]{1,64}(\s+FS\s*([+-]\s*\S.*)?)?$",
            "examples": ["BC-23", "BC-23 FS+15m"],
        }
