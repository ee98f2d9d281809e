"""Which alerts call the person at this console: once each time that they are to hear of one."""

from __future__ import annotations

from collections.abc import Callable

from warroom.board.board import Board
from warroom.board.rows import Alert
from warroom.rules.alerting.life import CALLING
from warroom.tui.alerts.texts import SEVERITIES
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Severity

_SAID = 3
"""So many alerts are said at once; the others are counted."""

_LOUDEST_FIRST = tuple(reversed(Severity))


class Calls:
    """Remembers what the person has heard; what was there when the console opened counts as heard."""

    def __init__(self, board: Board, handle: str) -> None:
        self._handle = handle
        self._heard = {alert.id: alert.version for alert in board.alerts}

    def new_on(self, board: Board) -> list[Alert]:
        """The alerts that are told to the person and that they have not heard of as they stand, the loudest first."""
        new = [
            alert
            for alert in board.open_alerts
            if alert.state in CALLING and self._handle in alert.told and alert.version > self._heard.get(alert.id, 0)
        ]
        self._heard |= {alert.id: alert.version for alert in new}
        return sorted(new, key=lambda alert: _LOUDEST_FIRST.index(alert.severity))


def said_of(alerts: list[Alert], key: Callable[[str], str]) -> str:
    """What is said of alerts that call."""
    lines = [f"{SEVERITIES[alert.severity].glyph} {one_line(alert.message, 160)}" for alert in alerts[:_SAID]]
    if len(alerts) > _SAID:
        lines.append(f"and {len(alerts) - _SAID} more; {key('console.alerts')} shows them all")
    return "\n".join(lines)
