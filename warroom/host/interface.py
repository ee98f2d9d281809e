"""What a console is given: a Board that moves, a clock, and a way to act. It needs to know nothing below this.

A host works over a state file for one person (`warroom.host.local`), or may be shared by many consoles in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from warroom.board.board import Board
from warroom.board.finishes import Finish
from warroom.board.rehearsed import Samples
from warroom.rules.permissions import Actor
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Via

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """Whether somebody watches for alerts.

    Attributes:
        holder: the process that does, or did last; None: nobody ever did.
        since: since when it does (wall clock, UTC).
        awake: whether it still does.
        can_send: whether it knows channels, so that messages leave.
    """

    holder: str | None
    since: datetime | None
    awake: bool
    can_send: bool = True


@dataclass(frozen=True, slots=True)
class Connected:
    """An open console: whose, by which way, on which screen, since when, and when a key was last pressed there (wall
    clock, UTC)."""

    handle: str
    via: Via
    screen: str
    opened_at: datetime
    active_at: datetime


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

    @property
    def announcement(self) -> str | None:
        """What whoever runs the host tells everybody, such as that it is about to stop; or None."""
        ...

    def connected(self) -> tuple[Connected, ...]:
        """Who has a console open, here and elsewhere, by handle."""
        ...

    def stand(self, screen: str, active_at: datetime) -> None:
        """Let others know that this console, while it is subscribed, shows that screen, and when a key was last pressed
        (wall clock, UTC)."""
        ...

    def once(self, key: Hashable, board: Board, make: Callable[[], T], /) -> T:
        """What `make` makes of `board`. Where many consoles share a host it is made for all of them at once, and kept
        under `key` while that is the Board; so it may depend on nothing else but what `key` says. Forecasts and
        pictures are made through this."""
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
            arguments: those of the action's function in `warroom.actions`, `ref` and `seen` among them; with `done_by`
                (a handle) it is recorded for somebody else, who told it as `told_by` (a `Medium`) says.

        Raises:
            WarroomError: it was refused; nothing was changed.
        """
        ...

    async def entries(self, last: int) -> tuple[Entry, ...]:
        """The latest entries of the journal that are in the Board, up to `last` of them, oldest first."""
        ...

    async def content(self, sha256: str) -> bytes:
        """What was kept of a document, by its SHA-256 (hex).

        Raises:
            WarroomError: it is not there any more.
        """
        ...

    async def rehearsed(self) -> Samples:
        """What the tasks of the Board took in the rehearsals of its plan before the run that it shows."""
        ...

    async def finishes(self) -> tuple[Finish, ...]:
        """What the forecast said in the run's past, up to what the Board's clock shows; () while there is no run."""
        ...

    async def look_back(self) -> Replay:
        """The past of the run that the Board shows, up to now."""
        ...


class MarkKind(StrEnum):
    """What a mark on the scrubber stands for."""

    BLOCK = "block"
    ALERT = "alert"
    VOTE = "vote"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something in a run's past that is worth jumping to: when (run time, UTC), which entry, what, and about whom."""

    instant: datetime
    seq: int
    kind: MarkKind
    subject: str
    text: str


class Replay(Host, Protocol):
    """A host that shows a run as it stood at an instant of its past. Nothing can be written through it.

    Its `board` is the one after the last entry with run time <= `instant`, or after the entry that was gone to; its
    `wall_time` is the one at which that Board was there and the run's clock showed `instant`, so that everything
    computed from board and clock is what was known then.
    """

    @property
    def begin(self) -> datetime:
        """The first instant of the run (run time, UTC)."""
        ...

    @property
    def end(self) -> datetime:
        """The last instant that can be shown."""
        ...

    @property
    def instant(self) -> datetime:
        """The instant that is shown."""
        ...

    @property
    def entry(self) -> Entry:
        """The last entry that is in the Board."""
        ...

    @property
    def place(self) -> tuple[int, int]:
        """Which entry of the run that is, counted from 1, and how many there are."""
        ...

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What happened in the whole run, in order."""
        ...

    def density(self, edges: Sequence[datetime]) -> tuple[int, ...]:
        """How many entries of the run lie from each edge (run times, UTC, ascending) up to the next; an entry at the
        last edge counts to the last part."""
        ...

    def seek(self, instant: datetime) -> None:
        """Show another instant; one outside the run becomes its begin or end."""
        ...

    def seek_entry(self, seq: int) -> None:
        """Show the Board right after the entry `seq` of the run, or after the last one before it."""
        ...

    def step(self, entries: int) -> None:
        """Show the instant of the entry that many entries of the run later (negative: earlier)."""
        ...

    def seek_subject(self, subject: str) -> bool:
        """Show the next entry about `subject` after this instant, wrapping round; False if there is none."""
        ...
