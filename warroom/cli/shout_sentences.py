"""What a shout did, in one line for whoever typed it."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.rows import Shout
from warroom.rules.shouts import listeners
from warroom.vocabulary.journal import Entry


def of_shout(board: Board, entry: Entry) -> str:
    """Whom it is shown to."""
    found = [board.rows(Shout).get(change.key) for change in entry.changes if change.table == "shout"]
    shout = next((one for one in found if one is not None), None)
    whom = entry.subject.removeprefix("person ")
    if shout is None:
        return f"shouted to {whom}"
    handles = sorted(board.handle(key) or "" for key in listeners(board, shout))
    if shout.stream is not None:
        whom += f" ({', '.join(handles) or 'nobody has an open task there'})"
    return f"shouted to {whom}{', and called them to the bridge' if shout.bridge else ''}"
