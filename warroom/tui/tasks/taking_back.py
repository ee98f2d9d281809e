"""Taking back at once what one has recorded last, where letters are typed and no key may ask."""

from __future__ import annotations

from warroom.rules.undo import NOTHING
from warroom.tui.doing.stand import Console
from warroom.tui.tasks.own_last import own_last_on
from warroom.tui.telling.happenings import entry_mark
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.text import one_line


async def take_back(console: Console) -> str:
    """Take back the person's last entry; returns in words what it was.

    Raises:
        WarroomError: there is none, or it is not taken back.
    """
    found = await own_last_on(console.host)
    if found is None:
        raise Refused(NOTHING)
    entry = found[0]
    await console.act("undo", entry=entry.seq)
    return f"{entry_mark(entry).word} {one_line(entry.subject, 20)} ({one_line(entry.who, 20)})"
