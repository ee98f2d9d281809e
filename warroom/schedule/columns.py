"""What the passes fill in: columns indexed by the positions of the network, and what can be read off them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from warroom.schedule.calendars import elapsed
from warroom.schedule.network import FAR, Joined, Joint, Joints, Network, Progress
from warroom.vocabulary.words import LinkType


@dataclass(slots=True)
class Columns(Joined):
    """The passes' working columns.

    Attributes:
        network: what they are about.
        as_planned: whether progress is put aside.
        predecessors, successors, other_predecessors, other_successors: the joints that count: those of skipped
            predecessors hold no lag, or are gone, and so are those that progress overrides.
        plain: 1 at each position that is plain in its network and has not moved.
        closed: whether the activity is finished or skipped.
        start, finish: as in `Timing`.
        resume: when the work that remains goes on: the start if it has not begun; `FAR` if closed.
        work: seconds of working time that remain.
        guess: positions that rest on a guess, their own or one that they wait for.
        late_start, late_finish: the latest resumption and finish; `FAR` if closed.
        delayed: seconds of working time by which those that are as late as possible wait, by position.
        on_longest_path: positions of the longest path.
    """

    network: Network
    as_planned: bool
    plain: bytearray
    predecessors: list[Joints]
    successors: list[Joints]
    other_predecessors: dict[int, list[Joint]]
    other_successors: dict[int, list[Joint]]
    closed: list[bool]
    start: list[int]
    finish: list[int]
    resume: list[int]
    work: list[int]
    guess: set[int] = field(default_factory=set)
    late_start: list[int] = field(default_factory=list)
    late_finish: list[int] = field(default_factory=list)
    delayed: dict[int, int] = field(default_factory=dict)
    on_longest_path: set[int] = field(default_factory=set)

    def begun(self, position: int) -> bool:
        """Whether the present attempt of an activity has actually started."""
        return not self.as_planned and self.network.activities[position].begun

    def released(self, joint: Joint, earlier: tuple[int, int] = (0, 0)) -> int:
        """The instant from which on a joint to a predecessor lets its end of the successor be.

        `earlier` gives the seconds by which to take the start and the finish of the predecessor earlier.
        """
        predecessor, lag, link_type = joint
        if link_type.leaves_start:
            return self.start[predecessor] - earlier[0] + lag
        return self.finish[predecessor] - earlier[1] + lag

    def startable(self, position: int, instant: int, link_type: LinkType, work: int) -> int:
        """The start that follows from a link that lets its end of the activity be at `instant`.

        A bound on the finish moves the start by the whole work and never stretches it. In a calendar both are working
        instants: a bound outside working time is that of the next beginning.
        """
        calendar = self.network.calendars.get(position)
        if calendar is None:
            return instant - work if link_type.reaches_finish else instant
        if work == 0:
            return calendar.settle(instant)
        return calendar.start_for(instant, work) if link_type.reaches_finish else calendar.place(instant, 0)[0]

    def allowed(self, position: int) -> int:
        """The start that predecessors allow the whole activity; `-FAR` where there is none."""
        joints = self.predecessors[position]
        if self.network.plain[position]:
            return max([self.finish[predecessor] + lag for predecessor, lag in joints], default=-FAR)
        duration = self.network.durations[position]
        return max(
            (self.startable(position, self.released(joint), joint[2], duration) for joint in self.links_into(position)),
            default=-FAR,
        )

    def holds(self, position: int, joint: Joint) -> bool:
        """Whether a joint to a predecessor still holds what remains of an activity, if it has begun (retained logic).

        A start that is made is held by nobody; work that went on before the predecessor got there is.
        """
        predecessor, _, link_type = joint
        if link_type.reaches_finish or not self.begun_again(position):
            return True
        return not (self.begun(predecessor) if link_type.leaves_start else self.closed[predecessor])

    def begun_again(self, position: int) -> bool:
        """Whether an activity is past the point at which closed predecessors can hold it: begun, or failed."""
        return self.begun(position) or (
            not self.as_planned and self.network.activities[position].progress is Progress.FAILED
        )

    def driving(self, position: int) -> Iterator[Joint]:
        """The joints to predecessors that hold an activity where it is: their bound is where its work goes on."""
        if self.closed[position] or position in self.delayed:
            return
        resume, work = self.resume[position], self.work[position]
        for joint in self.links_into(position):
            if joint[0] in self.delayed or not self.holds(position, joint):
                continue
            if self.startable(position, self.released(joint), joint[2], work) == resume:
                yield joint

    def gap(self, position: int) -> int:
        """Seconds of its working time by which an activity may slip before an open successor moves.

        About `FAR` if there is no such successor. A link from a start that is made says nothing any more.
        """
        calendar = self.network.calendars.get(position)
        begun = self.begun(position)
        gap = FAR
        for successor, lag, link_type in self.links_from(position):
            if self.closed[successor] or (begun and link_type.leaves_start):
                continue
            bound = (self.finish if link_type.reaches_finish else self.resume)[successor] - lag
            leaves = (self.resume if link_type.leaves_start else self.finish)[position]
            gap = min(gap, elapsed(calendar, leaves, bound))
        return gap
