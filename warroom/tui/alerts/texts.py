"""All alerts of a run as items: whole messages, what each pushes, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from warroom.board.rows import Alert
from warroom.clock.durations import show_duration
from warroom.rules.alerting.life import raised_late_s
from warroom.rules.alerting.slip import pushed_by
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import LATE, PUSHED, STATES, Mark
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AlertState, Severity, ShownState

SEVERITIES: dict[Severity, Mark] = {
    Severity.CRITICAL: Mark(LATE.glyph, "critical", "status-late"),
    Severity.WARNING: Mark(LATE.glyph, "warning", "status-blocked"),
    Severity.NOTICE: Mark("·", "notice", "muted"),
}


@dataclass(frozen=True, slots=True)
class Push:
    """A task that an alert's cause moves, by how many seconds, and whose it is; texts not yet harmless."""

    ref: str
    moves_s: int
    owner: str


def pushes_of(alert: Alert) -> tuple[Push, ...]:
    """What the cause of an alert pushed when it was raised."""
    return tuple(
        Push(str(push["ref"]), int(push["moves_s"]), str(push.get("owner") or "")) for push in json.loads(alert.pushes)
    )


def pushes_now(picture: Picture, alert: Alert) -> tuple[Push, ...]:
    """What the cause of an open alert pushes as things stand."""
    pushed = pushed_by(picture.board, picture.forecast, alert.subject)
    return tuple(Push(push.ref, push.moves_s, push.owner or "") for push in pushed)


def _newest_first(alerts: Iterable[Alert]) -> list[Alert]:
    return sorted(alerts, key=lambda alert: (alert.raised_at, alert.id), reverse=True)


def most_urgent_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Alerts as they are listed: the most severe first, of those the newest."""
    return sorted(_newest_first(alerts), key=lambda alert: list(SEVERITIES).index(alert.severity))


def _answers(picture: Picture, alert: Alert) -> str:
    """Who was told, and what came of it."""
    said = f"told {', '.join(alert.told) or 'nobody'}"
    if alert.acknowledged_at is not None:
        who = picture.board.handle(alert.acknowledged_by_id) or "somebody"
        how = "" if alert.acknowledged_how is None else f" ({alert.acknowledged_how})"
        said += f"; {who} knows of it since {picture.moment(alert.acknowledged_at)}{how}"
    if alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
        said += f"; waits until {picture.moment(alert.snoozed_until)}"
    if alert.level:
        said += f"; escalated, step {alert.level}"
    return said


def alert_list(picture: Picture, width: int) -> tuple[Item, ...]:
    """The open alerts, the most urgent first, and then the closed ones, the newest first."""
    shown = most_urgent_first(picture.board.open_alerts)
    closed = _newest_first(alert for alert in picture.board.alerts if alert.state is AlertState.CLOSED)
    items = [_heading("OPEN", len(shown), "no alert is open", width)]
    items += [_open(picture, alert, width) for alert in shown]
    items.append(_heading("CLOSED", len(closed), "none", width))
    items += [_closed(picture, alert, width) for alert in closed]
    return tuple(items)


def _heading(title: str, count: int, nothing: str, width: int) -> Item:
    said = str(count) if count else nothing
    rule = "─" * max(0, width - len(title) - len(said) - 7)
    return Item((((f"─ {title} ", "primary bold"), (f"─ {said} {rule}", "muted")),))


def _open(picture: Picture, alert: Alert, width: int) -> Item:
    mark = SEVERITIES[alert.severity]
    lines: list[Spans] = [_head(picture, alert, mark, f"{mark.ink} bold")]
    lines += [((f"     {line}", ""),) for line in wrapped(alert.message, width - 7, most=6)]
    lines += [((f"     {line}", "muted"),) for line in wrapped(_answers(picture, alert), width - 7, most=3)]
    pushed, before = pushes_now(picture, alert), len(pushes_of(alert))
    if pushed:
        changed = "" if len(pushed) == before else f" ({before} when it was raised)"
        lines.append(((f"     {PUSHED.glyph} pushes {len(pushed)}{changed}:", PUSHED.ink),))
        lines += [_push_line(picture, push, width) for push in pushed]
    return Item(tuple(lines), alert.subject, alert.id)


def _head(picture: Picture, alert: Alert, mark: Mark, ink: str) -> Spans:
    task = picture.board.task(alert.subject)
    owner = "" if task is None else picture.board.handle(task.owner_id) or "nobody"
    spans: list[Span] = [
        (f" {mark.glyph} ", ink),
        (f"{mark.word} ", ink),
        (" ".join(filter(None, (one_line(alert.subject, 20), one_line(owner, 20)))), "bold"),
        (f"  raised {picture.moment(alert.raised_at)}", "muted"),
    ]
    if late := raised_late_s(alert):
        spans.append((f"  raised {show_duration(late)} late", "muted"))
    if alert.state not in (AlertState.RAISED, AlertState.CLOSED):
        spans.append((f"  {alert.state.value}", "status-ready"))
    if alert.episode > 1:
        spans.append((f"  {alert.episode} times by now", "muted"))
    return tuple(spans)


def _push_line(picture: Picture, push: Push, width: int) -> Spans:
    task = picture.board.task(push.ref)
    title = "" if task is None else one_line(task.title, 60)
    who = padded(one_line(push.owner or "nobody", 16), 12)
    moves = show_duration(push.moves_s, sign=True)
    room = max(0, width - 40)
    return (
        (f"       {moves:<8}", PUSHED.ink),
        (padded(one_line(push.ref, 12), 10) + " ", "bold"),
        (who + " ", ""),
        (padded(title, room), "muted"),
    )


def _closed(picture: Picture, alert: Alert, width: int) -> Item:
    done = STATES[ShownState.DONE]
    times = picture.time(alert.raised_at)
    if alert.closed_at is not None:
        times += f" to {picture.time(alert.closed_at)}"
    head: Spans = (
        (f" {done.glyph} ", done.ink),
        (f"{one_line(alert.subject, 20)} ", ""),
        (f" {times}  {SEVERITIES[alert.severity].word}", "muted"),
    )
    lines = wrapped(alert.message, width - 7, most=3)
    return Item((head, *(((f"     {line}", "muted"),) for line in lines)), alert.subject, alert.id)
