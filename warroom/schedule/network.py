"""Activities and the links between them, checked once and kept in an order in which they can be computed.

Every instant is a whole second on an axis whose 0 is the start of the window; every span is in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from enum import StrEnum

from warroom.vocabulary.words import LinkType

FAR = 1 << 62
"""Later than any instant of a plan, and `-FAR` earlier than any: "no such limit" in a column of integers."""


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


class BadNetwork(ValueError):
    """Activities and links that do not make a network."""


class CyclicNetwork(BadNetwork):
    """Activities that wait for each other in a circle.

    Attributes:
        path: the circle, in the order of its links; its last key is its first one.
    """

    def __init__(self, path: list[str]) -> None:
        super().__init__(f"a cycle: {' -> '.join(path)}")
        self.path = tuple(path)


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a network: what was planned of it, and what is known of it now.

    Attributes:
        key: its name, unique in the network.
        duration: seconds it takes; 0 for a milestone.
        not_before: earliest instant at which it may start.
        deadline: instant by which it must be finished; caps its late finish and moves nothing forward.
        progress: how far it has come.
        actual_start: when it started. A running one has it; a blocked or failed one may.
        actual_finish: when it was finished or skipped. A finished one has it.
        eta: instant at which it is expected to be finished, as told by its owner or implied by counted
            progress. Read of running and blocked activities only.
        blocked_since: when a blocked one came to a stop; without it, its work counts up to the data date.

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

    def __post_init__(self) -> None:
        if self.duration < 0:
            raise ValueError(f"{self.key}: a duration is never below 0")
        if self.progress is Progress.RUNNING and self.actual_start is None:
            raise ValueError(f"{self.key}: a running activity has an actual start")
        if self.progress is Progress.FINISHED and self.actual_finish is None:
            raise ValueError(f"{self.key}: a finished activity has an actual finish")


@dataclass(frozen=True, slots=True)
class Link:
    """The successor starts `lag` seconds after its predecessor finishes, or later; a lead is negative."""

    predecessor: str
    successor: str
    lag: int = 0
    type: LinkType = LinkType.FINISH_START


Joints = list[tuple[int, int]]
"""The links on one side of an activity: (position of the other activity, lag)."""


class Network:
    """Activities in an order in which every one comes after all its predecessors.

    The columns are indexed by that position and are for reading only. The same pair may be linked more than
    once; the link that asks for more decides.

    Attributes:
        keys: the key at each position.
        positions: the position of each key.
        activities: the activity at each position.
        predecessors, successors: the joints of each position.
        durations: seconds.
        not_before: earliest starts, `-FAR` where there is none.
        deadlines: latest finishes, `FAR` where there is none.
        moved: the activities that are no longer merely open, by position.
    """

    __slots__ = (
        "activities",
        "deadlines",
        "durations",
        "keys",
        "moved",
        "not_before",
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
        links = list(links)
        for link in links:
            for key in (link.predecessor, link.successor):
                if key not in given:
                    raise BadNetwork(f"a link from {link.predecessor} to {link.successor}: there is no {key}")
            if link.predecessor == link.successor:
                raise BadNetwork(f"{link.predecessor} is linked to itself")

        self.keys: list[str] = _sorted_keys(given, links)
        self.positions: dict[str, int] = {key: position for position, key in enumerate(self.keys)}
        self.predecessors: list[Joints] = [[] for _ in self.keys]
        self.successors: list[Joints] = [[] for _ in self.keys]
        for link in links:
            before, after = self.positions[link.predecessor], self.positions[link.successor]
            self.predecessors[after].append((before, link.lag))
            self.successors[before].append((after, link.lag))

        self.activities: list[Activity] = [given[key] for key in self.keys]
        self.durations: list[int] = [activity.duration for activity in self.activities]
        self.not_before: list[int] = [
            -FAR if activity.not_before is None else activity.not_before for activity in self.activities
        ]
        self.deadlines: list[int] = [
            FAR if activity.deadline is None else activity.deadline for activity in self.activities
        ]
        self.moved: dict[int, Activity] = {
            position: activity
            for position, activity in enumerate(self.activities)
            if activity.progress is not Progress.OPEN
        }

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

        Links and order are shared, so that this costs a copy of five plain columns.

        Raises:
            BadNetwork: a key that the network does not have.
        """
        other = copy(self)
        other.activities = self.activities.copy()
        other.durations = self.durations.copy()
        other.not_before = self.not_before.copy()
        other.deadlines = self.deadlines.copy()
        other.moved = self.moved.copy()
        for activity in changed:
            position = self.positions.get(activity.key)
            if position is None:
                raise BadNetwork(f"there is no activity {activity.key}")
            other.activities[position] = activity
            other.durations[position] = activity.duration
            other.not_before[position] = -FAR if activity.not_before is None else activity.not_before
            other.deadlines[position] = FAR if activity.deadline is None else activity.deadline
            if activity.progress is Progress.OPEN:
                other.moved.pop(position, None)
            else:
                other.moved[position] = activity
        return other


def _sorted_keys(given: Iterable[str], links: list[Link]) -> list[str]:
    """The keys in topological order (Kahn's method); CyclicNetwork if there is none."""
    successors: dict[str, list[str]] = {key: [] for key in given}
    waiting_for = dict.fromkeys(successors, 0)
    for link in links:
        successors[link.predecessor].append(link.successor)
        waiting_for[link.successor] += 1
    keys = [key for key, count in waiting_for.items() if count == 0]
    for key in keys:  # grows while it is walked
        for successor in successors[key]:
            waiting_for[successor] -= 1
            if waiting_for[successor] == 0:
                keys.append(successor)
    if len(keys) < len(successors):
        path = find_cycle((link.predecessor, link.successor) for link in links)
        assert path is not None
        raise CyclicNetwork(path)
    return keys


def find_cycle(edges: Iterable[tuple[str, str]]) -> list[str] | None:
    """One cycle among (predecessor, successor) pairs, or None.

    Returns the keys along the cycle, the first one repeated at the end: `["A", "B", "A"]`. A link from a key
    to itself is the cycle `["A", "A"]`. Which cycle is found depends on the order of the edges only.
    """
    successors: dict[str, list[str]] = {}
    for predecessor, successor in edges:
        successors.setdefault(predecessor, []).append(successor)
    finished: set[str] = set()
    for root in successors:
        if root in finished:
            continue
        path = {root: iter(successors[root])}  # keys from the root to here, each with what is left to try
        while path:
            key = next(reversed(path))
            following = next(path[key], None)
            if following is None:
                finished.add(key)
                del path[key]
            elif following in path:
                keys = list(path)
                return [*keys[keys.index(following) :], following]
            elif following not in finished:
                path[following] = iter(successors.get(following, ()))
    return None
