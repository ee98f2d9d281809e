"""A communication as items: how it stands, and its words as they would go out. Every text is inert."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.rules.communications import Standing, announcements_of
from warroom.tui.drawing.items import Item, heading, indented
from warroom.tui.picture.picture import Picture

_INKS = {"sent": "status-done", "sent by hand": "status-done", "approved": "inside", "approved, standing": "inside"}


def communication_items(picture: Picture, standing: Standing, width: int) -> tuple[Item, ...]:
    """State and people, then subject and text; where the Board says something else by now, that too."""
    return tuple(_items(picture, standing, width))


def _items(picture: Picture, standing: Standing, width: int) -> Iterator[Item]:
    text, board = standing.sender.communication, picture.board
    due = picture.time(picture.forecast.instant(standing.due_s))
    approver = board.handle(text.approver_id) or "the lead"
    yield indented(
        f"{standing.word}, due {due}; {approver} approves it", width, _INKS.get(standing.word, "status-blocked")
    )
    outside = ", outside the house" if text.external else ""
    yield indented(f"for {', '.join(text.audience)}{outside}", width)
    yield indented(
        f"to {', '.join(text.to)}" if text.to else f"sent by hand: {text.channel or 'any way'}", width, "muted"
    )
    if standing.outdated:
        yield indented("▲ the board says something else by now", width, "status-late")
    yield heading("Words", "as they go out" if standing.approved else "")
    if standing.words.subject is not None:
        yield indented(standing.words.subject, width, "bold")
        yield indented("", width)
    yield indented(standing.words.text, width)
    if standing.outdated:
        yield heading("By now it would say")
        yield indented(standing.fresh.text, width, "muted")
    done = announcements_of(board, standing.sender)
    if done:
        yield heading("What became of it")
    for one in reversed(done):
        for word, person, instant in (
            ("sent", one.sent_by_id, one.sent_at),
            ("approved", one.approved_by_id, one.approved_at),
            ("edited", one.drafted_by_id, one.drafted_at),
        ):
            if instant is not None:
                how = f", by hand: {one.by_hand}" if word == "sent" and one.by_hand is not None else ""
                yield indented(f"{picture.time(instant)} {word} by {board.handle(person) or 'somebody'}{how}", width)
