"""What a console is given: a Board that moves, a clock, and a way to act. It needs to know nothing below this.

A host works over a state file for one person (`warroom.host.local`), or may be shared by many consoles in one process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from warroom.board.board import Board
from warroom.rules.permissions import Actor
from warroom.vocabulary.errors import WarroomError


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """Whether somebody watches for alerts: who swept last, and when (wall clock, UTC)."""

    holder: str | None
    swept_at: datetime | None
    awake: bool


class Host(Protocol):
    """One console's side of the programme. All methods may be called from the console's own loop."""

    @property
    def actor(self) -> Actor:
        """Who sits at this console; his rights follow from the Board."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether this console may only look."""
        ...

    @property
    def board(self) -> Board:
        """The newest Board."""
        ...

    @property
    def trouble(self) -> WarroomError | None:
        """Why the Board cannot be kept current at present, or None."""
        ...

    def wall_time(self) -> datetime:
        """The wall clock, UTC. Run time is `board.run_time(host.wall_time())`."""
        ...

    def watch_status(self) -> WatchStatus:
        """Whether somebody watches for alerts."""
        ...

    def subscribe(self, moved: Callable[[], None]) -> Callable[[], None]:
        """Have `moved` called, on any thread, whenever the Board or `trouble` has changed.

        Returns a function that ends it.
        """
        ...

    async def act(self, action: str, **arguments: Any) -> Board:
        """Perform an action off the loop, and return a Board that has it.

        Args:
            action: its name in the journal, such as "task.done".
            arguments: those of the action's function in `warroom.actions`, `ref` and `seen` among them.

        Raises:
            WarroomError: it was refused; nothing was changed.
        """
        ...
