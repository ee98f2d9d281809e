"""`warroom person list --connected`: who has a console open now."""

from __future__ import annotations

from datetime import timedelta

from warroom.cli.desk import Desk
from warroom.cli.output import columns, write, write_json
from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.times import iso_utc, show_time
from warroom.host.interface import Connected
from warroom.host.presence import connected_in
from warroom.vocabulary.documents import Document

_HEADS = ("HANDLE", "NAME", "SCREEN", "IDLE", "VIA", "SINCE")


def write_connected(desk: Desk) -> None:
    """Write one line for each open console, or a JSON list."""
    found = connected_in(desk.state_file)
    if desk.invocation.as_json:
        write_json([_document(desk, one) for one in found])
    elif found:
        write(columns([_row(desk, one) for one in found], _HEADS))
    else:
        write("nobody has a console open")


def _document(desk: Desk, one: Connected) -> Document:
    return {
        "handle": one.handle,
        "name": _name(desk, one),
        "via": one.via.value,
        "screen": one.screen or None,
        "since": iso_utc(one.opened_at),
        "idle_s": _idle(desk, one),
    }


def _row(desk: Desk, one: Connected) -> tuple[str, ...]:
    idle = _idle(desk, one)
    return (
        one.handle,
        _name(desk, one) or "",
        one.screen,
        "" if idle < MINUTE else show_duration(idle // MINUTE * MINUTE),
        one.via.value,
        show_time(one.opened_at, desk.zone),
    )


def _name(desk: Desk, one: Connected) -> str | None:
    person = desk.board.person_called(one.handle)
    return None if person is None else person.name


def _idle(desk: Desk, one: Connected) -> int:
    return max(0, (desk.wall - one.active_at) // timedelta(seconds=1))
