"""What the forecast asks of people, as a JSON document (README: JSON). Instants are UTC text with Z, spans seconds."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.resources import Resources
from warroom.clock.durations import HOUR
from warroom.clock.times import iso_utc
from warroom.vocabulary.documents import Document


def resources_document(board: Board, forecast: Forecast, facts: Resources) -> Document:
    """Hourly load, double-booking, work outside hours, own verification, and hours that cannot be."""

    def at(seconds: int) -> str:
        return iso_utc(forecast.instant(seconds))

    return {
        "at": iso_utc(forecast.at),
        "run": None if board.run is None else board.run.name,
        "owners": [
            {
                "owner": owner,
                "work_s": sum(hours.values()),
                "busiest_hour_s": max(hours.values(), default=0),
                "load": [{"from": at(hour * HOUR), "work_s": seconds} for hour, seconds in hours.items()],
            }
            for owner, hours in facts.load.items()
        ],
        "double_booked": [
            {
                "owner": booking.owner,
                "refs": [booking.first, booking.second],
                "from": at(booking.start),
                "to": at(booking.finish),
            }
            for booking in facts.double_booked
        ],
        "outside_hours": [
            {"owner": fact.owner, "ref": fact.key, "from": at(fact.start), "seconds": fact.seconds}
            for fact in facts.outside_hours
        ],
        "verifying_own_work": facts.verifying_own_work,
        "faults": [{"ref": ref, "message": message} for ref, message in facts.impossible.items()],
    }
