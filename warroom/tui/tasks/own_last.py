"""What somebody did last and could take back, looked for in the journal."""

from __future__ import annotations

from warroom.host.interface import Host
from warroom.rules.undo import REACH, own_last
from warroom.vocabulary.journal import Entry

FIRST, FURTHER = 250, 9
"""So many entries are read first, and each time nothing was found so many times as many: it is mostly among the last
few, and seldom far back."""


async def own_last_on(host: Host) -> tuple[Entry, tuple[Entry, ...]] | None:
    """What `own_last` finds for the person of a console; None if there is nothing within `REACH`."""
    reach = FIRST
    while True:
        reach = min(reach, REACH)
        entries, board = await host.entries(reach), host.board
        newest_first = (entry for entry in reversed(entries) if entry.run == board.run_id)
        found = own_last(newest_first, host.actor.handle, board.undone)
        if found is not None or reach == REACH or len(entries) < reach:
            return found
        reach *= FURTHER
