"""The side of the war room as items: who must act, and the alerts."""

from __future__ import annotations

import json

from rich.cells import cell_len

from warroom.board.rows import Alert
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.tui.alerts.texts import most_urgent_first
from warroom.tui.drawing.ink import Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import LATE, PUSHED
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.attention import Demand
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AlertState, Severity

ONE_LINE_FROM = 72
"""From so many cells on a demand takes one line."""

_SEVERITY_INKS = {
    Severity.CRITICAL: "status-late bold",
    Severity.WARNING: "status-blocked bold",
    Severity.NOTICE: "muted",
}


REASONS, MESSAGES = (3, 6, 12), (4, 8, 16)
"""How many lines of why somebody must act, and of an alert, are shown, as there is room."""


def demand_items(picture: Picture, width: int, most: int = REASONS[0]) -> tuple[Item, ...]:
    """Who must act: glyph, who, which task, why in at most `most` lines, since when."""
    longest = max((cell_len(one_line(one.who, 60)) for one in picture.demands), default=0)
    who_room = min(longest, 9 if width < 60 else 16)
    return tuple(_demand(picture, one, who_room, width, most) for one in picture.demands)


def _demand(picture: Picture, demand: Demand, who_room: int, width: int, most: int) -> Item:
    ink = demand.mark.ink
    ref = one_line(demand.ref, 14)
    who = padded(one_line(demand.who, 60), who_room)
    head: Spans = ((f" {demand.mark.glyph} ", f"{ink} bold"), (who + " ", "bold"), (f"{ref} ", "bold"))
    since = "" if demand.since is None else f", since {picture.time(demand.since)}"
    why, title = one_line(demand.why, 300) + since, one_line(demand.title, 80)
    if width >= ONE_LINE_FROM:
        return Item(((*head, (why, ink), (f" · {title}", "muted")),), demand.ref)
    lines = wrapped(why, width - 6, most=most)
    return Item(((*head, (title, "muted")), *(((f"     {line}", ink),) for line in lines)), demand.ref)


def alert_items(picture: Picture, width: int, most: int = MESSAGES[0]) -> tuple[Item, ...]:
    """The open alerts, the most urgent first, each in at most `most` lines and half as many for what it pushes."""
    return tuple(_alert(picture, alert, width, most) for alert in most_urgent_first(picture.board.open_alerts))


def _alert(picture: Picture, alert: Alert, width: int, most: int) -> Item:
    ink = _SEVERITY_INKS[alert.severity]
    time = show_time(alert.raised_at, picture.zone, day=False)
    state = "" if alert.state is AlertState.RAISED else f" ({alert.state.value})"
    lines = wrapped(one_line(alert.message) + state, width - 10, most=most)
    first: Spans = ((f" {LATE.glyph} ", ink), (f"{time} ", "muted"), (lines[0], ink.replace(" bold", "")))
    rest: list[Spans] = [((" " * 9 + line, ink.replace(" bold", "")),) for line in lines[1:]]
    pushed = _pushes(alert)
    if pushed:
        named = ", ".join(f"{one_line(ref, 14)} {show_duration(moves, sign=True)}" for ref, moves in pushed)
        said = f"▸ {named}"
        rest += [((" " * 9 + line, PUSHED.ink),) for line in wrapped(said, width - 10, most=most // 2)]
    return Item((first, *rest), alert.subject)


def _pushes(alert: Alert) -> list[tuple[str, int]]:
    """Refs and seconds of those that the cause pushes."""
    return [(str(push["ref"]), int(push["moves_s"])) for push in json.loads(alert.pushes)]
