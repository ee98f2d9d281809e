"""What the forecast asks of people, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.resources import Resources
from warroom.cli.output import columns
from warroom.clock.durations import HOUR, show_duration
from warroom.clock.times import show_time


def resource_lines(board: Board, forecast: Forecast, facts: Resources) -> Iterator[str]:
    """Each owner's work and busiest hour, then what people should look at."""
    zone = board.programme.timezone

    def time(seconds: int) -> str:
        return show_time(forecast.instant(seconds), zone)

    rows = []
    for owner, hours in facts.load.items():
        if not hours:
            continue
        busiest = max(hours, key=lambda hour: (hours[hour], -hour))
        first, last = time(min(hours) * HOUR), time((max(hours) + 1) * HOUR)
        peak = f"{show_duration(hours[busiest])} in the hour from {time(busiest * HOUR)}"
        rows.append((owner, show_duration(sum(hours.values())), f"{first} to {last}", peak))
    yield columns(rows, ("OWNER", "WORK", "BETWEEN", "BUSIEST")) if rows else "nobody has anything to do"
    found: dict[str, list[tuple[str, ...]]] = {
        "two tasks at a time": [
            (one.owner, f"{one.first} and {one.second}", f"{time(one.start)} to {time(one.finish)}")
            for one in facts.double_booked
        ],
        "work outside hours": [
            (one.owner, one.key, f"{show_duration(one.seconds)}, from {time(one.start)} on")
            for one in facts.outside_hours
        ],
        "the same person executes and verifies": [(ref,) for ref in facts.verifying_own_work],
    }
    for title, lines in found.items():
        if lines:
            yield ""
            yield title
            yield columns(lines, indent="  ")
    yield from fault_lines(facts.impossible)


def fault_lines(impossible: Mapping[str, str]) -> Iterator[str]:
    """The tasks whose hours cannot be; nothing if there are none."""
    if impossible:
        yield ""
        yield "hours that cannot be"
        yield columns(impossible.items(), indent="  ")
