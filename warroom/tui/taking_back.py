"""Taking back at once what one has recorded last, where letters are typed and no key may ask."""

from __future__ import annotations

from warroom.rules.undo import own_last
from warroom.tui.happenings import entry_mark
from warroom.tui.stand import Console
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.text import one_line

RECORDED = 200
"""So many of the latest entries are looked through for one's own."""


async def take_back(console: Console) -> str:
    """Take back the person's last entry; returns in words what it was.

    Raises:
        WarroomError: there is none, or it is not taken back.
    """
    host, board = console.host, console.picture.board
    entries = await host.entries(RECORDED)
    newest_first = (entry for entry in reversed(entries) if entry.run == board.run_id)
    found = own_last(newest_first, host.actor.handle, board.undone)
    if found is None:
        raise Refused(f"nothing of yours is among the last {RECORDED} entries")
    entry = found[0]
    await console.act("undo", entry=entry.seq)
    return f"{entry_mark(entry).word} {one_line(entry.subject, 20)} ({one_line(entry.who, 20)})"
