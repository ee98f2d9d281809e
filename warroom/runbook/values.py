"""Reading the fields of checked entries, on the way from a file to the document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from warroom.runbook.document import Condition, PlannedFact, PlannedLink
from warroom.runbook.records import Entry
from warroom.runbook.time_shapes import Estimate


@dataclass(frozen=True, slots=True)
class Axis:
    """Turns instants into seconds from the window start."""

    start: datetime

    def seconds(self, entry: Entry, key: str) -> int | None:
        """The instant at `key`, in seconds; None if it was not given."""
        instant = entry.get(key)
        return None if instant is None else (instant - self.start) // timedelta(seconds=1)

    def given(self, entry: Entry, key: str) -> int:
        """The same of a key that every such entry has."""
        seconds = self.seconds(entry, key)
        assert seconds is not None
        return seconds


def values(entry: Entry, *keys: str) -> dict[str, Any]:
    """Several fields by key, None for those that were not given."""
    return {key: entry.get(key) for key in keys}


def texts(entry: Entry, key: str) -> tuple[Any, ...]:
    """The values of the list at `key`."""
    return tuple(item.value for item in entry.items(key))


def durations(entry: Entry, default: int) -> dict[str, Any]:
    """The fields of a task or a gate that its duration fills; `default` seconds if none was given."""
    estimate: Estimate = entry.get("duration") or Estimate(None, default, None)
    return {
        "duration_s": estimate.likely,
        "duration_low_s": estimate.low,
        "duration_high_s": estimate.high,
        "placeholder": estimate.placeholder,
    }


def links(entry: Entry) -> tuple[PlannedLink, ...]:
    """The links that `after` names, with their lags in seconds."""
    return tuple(
        PlannedLink(predecessor, lag_s, link_type)
        for predecessor, link_type, lag_s in (item.value for item in entry.items("after"))
    )


def facts(entry: Entry) -> tuple[PlannedFact, ...]:
    """The facts about a task or a gate, with their sources."""
    return tuple(PlannedFact(**values(fact, "text", "source")) for fact in entry.entries("facts"))


def condition(entry: Entry) -> Condition | None:
    """What a criterion or a trigger leaves to be judged without a person."""
    automatic = entry.get("automatic")
    if automatic is None:
        return None
    of = tuple(name for key in ("phases", "tasks", "controls", "flows") for name in texts(entry, key))
    return Condition(automatic, of, **values(entry, "severity", "metric", "unit", "at_least", "at_most"))
