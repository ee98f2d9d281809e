"""Activities and the links between them, checked once and kept in an order in which they can be computed.

Every instant is a whole second on an axis whose 0 is the start of the window; every span is in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from enum import StrEnum

from warroom.schedule.calendars import FAR, Calendar, finish_for, start_for
from warroom.schedule.order import BadNetwork, CyclicNetwork, find_cycle, in_order
from warroom.vocabulary.words import LinkType

__all__ = [
    "FAR",
    "Activity",
    "BadNetwork",
    "CyclicNetwork",
    "Joint",
    "Joints",
    "Link",
    "Network",
    "Progress",
    "find_cycle",
]


class Progress(StrEnum):
    """How far one activity has come. A task that only waits for its verifier counts as running."""

    OPEN = "open"
    RUNNING = "running"
    BLOCKED = "blocked"
    FINISHED = "finished"
    SKIPPED = "skipped"
    FAILED = "failed"

    @property
    def closed(self) -> bool:
        """Whether nothing of it remains, so that it stands where it stands and holds nobody any more."""
        return self in (Progress.FINISHED, Progress.SKIPPED)


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a network: what was planned of it, and what is known of it now.

    Attributes:
        key: its name, unique in the network.
        duration: seconds it takes, of working time if it has a calendar; 0 for a milestone.
        not_before: earliest instant at which it may start.
        deadline: instant by which it must be finished; caps its late finish and moves nothing forward.
        progress: how far it has come.
        actual_start: when it started. A running one has it; a blocked or failed one may.
        actual_finish: when it was finished or skipped. A finished one has it.
        eta: instant at which it is expected to be finished, as told by its owner or implied by counted
            progress. Read of running and blocked activities only.
        blocked_since: when a blocked one came to a stop; without it, its work counts up to the data date.
        resumes: the instant at which a blocked one can go on at the earliest, as was promised.
        must_start: the instant at which it must start: no earlier, and its late start is no later. Predecessors
            can still hold it beyond that (its float is then below 0).
        must_finish: the same of its finish. Once it has begun, only the late side of both is left.
        as_late_as_possible: whether it waits as long as nothing behind it moves.
        calendar: when it is worked on; None means round the clock.

    Raises:
        ValueError: a duration below 0, a running one without start, a finished one without finish.
    """

    key: str
    duration: int
    not_before: int | None = None
    deadline: int | None = None
    progress: Progress = Progress.OPEN
    actual_start: int | None = None
    actual_finish: int | None = None
    eta: int | None = None
    blocked_since: int | None = None
    resumes: int | None = None
    must_start: int | None = None
    must_finish: int | None = None
    as_late_as_possible: bool = False
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        if self.duration < 0:
            raise ValueError(f"{self.key}: a duration is never below 0")
        if self.progress is Progress.RUNNING and self.actual_start is None:
            raise ValueError(f"{self.key}: a running activity has an actual start")
        if self.progress is Progress.FINISHED and self.actual_finish is None:
            raise ValueError(f"{self.key}: a finished activity has an actual finish")

    @property
    def begun(self) -> bool:
        """Whether its present attempt has an actual start, so that links from its start are settled."""
        return self.progress.closed or (self.actual_start is not None and self.progress is not Progress.FAILED)

    def earliest_start(self) -> int:
        """The earliest start that its own constraints allow before it has begun; `-FAR` without any."""
        earliest = -FAR if self.not_before is None else self.not_before
        if self.must_start is not None:
            earliest = max(earliest, self.must_start)
        if self.must_finish is not None:
            start = start_for(self.calendar, self.must_finish, self.duration) if self.duration else self.must_finish
            earliest = max(earliest, start)
        return earliest

    def latest_finish(self, *, begun: bool) -> int:
        """The latest finish that its own constraints allow; `FAR` without any."""
        latest = FAR if self.deadline is None else self.deadline
        if self.must_finish is not None:
            latest = min(latest, self.must_finish)
        if self.must_start is not None and not begun:
            finish = finish_for(self.calendar, self.must_start, self.duration) if self.duration else self.must_start
            latest = min(latest, finish)
        return latest


@dataclass(frozen=True, slots=True)
class Link:
    """What the successor waits for: one of its ends lies `lag` seconds after an end of the predecessor, or later.

    A lead is a negative lag. Lags are elapsed time, whatever calendars say.
    """

    predecessor: str
    successor: str
    lag: int = 0
    type: LinkType = LinkType.FINISH_START


Joints = list[tuple[int, int]]
"""The finish-to-start links on one side of an activity: (position of the other activity, lag)."""

Joint = tuple[int, int, LinkType]
"""A link of any type on one side of an activity: (position of the other activity, lag, type)."""


class Joined:
    """Positions, and the joints between them: the finish-to-start ones of each, and those of other types at those
    positions that have any."""

    __slots__ = ()

    predecessors: list[Joints]
    successors: list[Joints]
    other_predecessors: dict[int, list[Joint]]
    other_successors: dict[int, list[Joint]]

    def links_into(self, position: int) -> Iterator[Joint]:
        """The joints with the predecessors of a position, of whatever type."""
        for predecessor, lag in self.predecessors[position]:
            yield predecessor, lag, LinkType.FINISH_START
        yield from self.other_predecessors.get(position, ())

    def links_from(self, position: int) -> Iterator[Joint]:
        """The joints with the successors of a position, of whatever type."""
        for successor, lag in self.successors[position]:
            yield successor, lag, LinkType.FINISH_START
        yield from self.other_successors.get(position, ())


class Network(Joined):
    """Activities in an order in which every one comes after all its predecessors.

    The columns are indexed by that position and are for reading only. The same pair may be linked more than
    once; the link that asks for more decides. Most links are finish-to-start, and most activities are *plain*: no
    other links, no calendar. They are kept so that the passes can be quick about them.

    Attributes:
        links: what it was built from.
        keys: the key at each position.
        positions: the position of each key.
        activities: the activity at each position.
        predecessors, successors: the finish-to-start joints of each position.
        other_predecessors, other_successors: the joints of other types, at those positions that have any.
        durations: seconds.
        not_before: earliest starts that constraints allow, `-FAR` where there is none.
        deadlines: latest finishes that constraints allow, `FAR` where there is none.
        calendars: the calendar of each position that has one.
        plain: 1 at each position that is plain.
        late: positions of those that are as late as possible.
        moved: the activities that are no longer merely open, by position.
    """

    __slots__ = (
        "activities",
        "calendars",
        "deadlines",
        "durations",
        "keys",
        "late",
        "links",
        "moved",
        "not_before",
        "other_predecessors",
        "other_successors",
        "plain",
        "positions",
        "predecessors",
        "successors",
    )

    def __init__(self, activities: Iterable[Activity], links: Iterable[Link]) -> None:
        """Check and sort.

        Raises:
            BadNetwork: two activities with one key, a link to an unknown key, a link to itself.
            CyclicNetwork: a cycle; its path is named.
        """
        given = {}
        for activity in activities:
            if activity.key in given:
                raise BadNetwork(f"two activities are called {activity.key}")
            given[activity.key] = activity
        self.links: tuple[Link, ...] = tuple(links)
        for link in self.links:
            for key in (link.predecessor, link.successor):
                if key not in given:
                    raise BadNetwork(f"a link from {link.predecessor} to {link.successor}: there is no {key}")
            if link.predecessor == link.successor:
                raise BadNetwork(f"{link.predecessor} is linked to itself")

        self.keys: list[str] = in_order(given, [(link.predecessor, link.successor) for link in self.links])
        self.positions: dict[str, int] = {key: position for position, key in enumerate(self.keys)}
        self.predecessors: list[Joints] = [[] for _ in self.keys]
        self.successors: list[Joints] = [[] for _ in self.keys]
        self.other_predecessors: dict[int, list[Joint]] = {}
        self.other_successors: dict[int, list[Joint]] = {}
        for link in self.links:
            before, after = self.positions[link.predecessor], self.positions[link.successor]
            if link.type is LinkType.FINISH_START:
                self.predecessors[after].append((before, link.lag))
                self.successors[before].append((after, link.lag))
            else:
                self.other_predecessors.setdefault(after, []).append((before, link.lag, link.type))
                self.other_successors.setdefault(before, []).append((after, link.lag, link.type))

        count = len(self.keys)
        self.activities: list[Activity] = [given[key] for key in self.keys]
        self.durations: list[int] = [0] * count
        self.not_before: list[int] = [-FAR] * count
        self.deadlines: list[int] = [FAR] * count
        self.calendars: dict[int, Calendar] = {}
        self.plain = bytearray(count)
        self.late: set[int] = set()
        self.moved: dict[int, Activity] = {}
        for position, activity in enumerate(self.activities):
            self._put(position, activity)

    def __len__(self) -> int:
        return len(self.keys)

    def activity(self, key: str) -> Activity:
        """The activity called `key`.

        Raises:
            KeyError: there is none.
        """
        return self.activities[self.positions[key]]

    def with_activities(self, changed: Iterable[Activity]) -> Network:
        """The same network with some activities replaced by others of the same keys; this one stays as it is.

        Links and order are shared, so that this costs a copy of a few plain columns.

        Raises:
            BadNetwork: a key that the network does not have.
        """
        other = copy(self)
        for column in ("activities", "durations", "not_before", "deadlines", "calendars", "plain", "late", "moved"):
            setattr(other, column, getattr(self, column).copy())
        for activity in changed:
            position = self.positions.get(activity.key)
            if position is None:
                raise BadNetwork(f"there is no activity {activity.key}")
            other.activities[position] = activity
            other._put(position, activity)
        return other

    def _put(self, position: int, activity: Activity) -> None:
        """Fill the columns that come from the activity at a position."""
        self.durations[position] = activity.duration
        self.not_before[position] = activity.earliest_start()
        self.deadlines[position] = activity.latest_finish(begun=False)
        self.plain[position] = (
            activity.calendar is None
            and position not in self.other_predecessors
            and position not in self.other_successors
        )
        if activity.calendar is None:
            self.calendars.pop(position, None)
        else:
            self.calendars[position] = activity.calendar
        if activity.as_late_as_possible:
            self.late.add(position)
        else:
            self.late.discard(position)
        if activity.progress is Progress.OPEN:
            self.moved.pop(position, None)
        else:
            self.moved[position] = activity
