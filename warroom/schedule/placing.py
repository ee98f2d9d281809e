"""Where the forward pass puts one activity, given where those before it lie.

The rules are those of DESIGN section 4 ("Forecast rules", "Out-of-sequence progress"), section 8 ("Forecast") and
FIGURES section 2.2.
"""

from __future__ import annotations

from warroom.schedule.calendars import FAR, Interval, start_for
from warroom.schedule.columns import Columns
from warroom.schedule.network import Activity, Joint, Progress
from warroom.schedule.remaining import remaining
from warroom.vocabulary.words import LinkType


class Placing:
    """Places the activities that are not plain, one by one, after all their predecessors."""

    def __init__(self, columns: Columns, earliest: int) -> None:
        self.columns = columns
        self.network = columns.network
        self.earliest = earliest

    def place(self, position: int) -> Interval:
        """The start and the finish of the activity at `position`."""
        return self.place_open(position, max(self.earliest, self.network.not_before[position]))

    def place_open(self, position: int, instant: int) -> Interval:
        """Place one that has not begun, and starts at `instant` or when its predecessors let it."""
        network, columns = self.network, self.columns
        duration = network.durations[position]
        joints, others = columns.predecessors[position], columns.other_predecessors.get(position)
        finishes = columns.finish
        for predecessor, lag in joints:
            bound = finishes[predecessor] + lag
            if bound > instant:
                instant = bound
        if others:
            instant = max(instant, self.bound(position, others, duration))
        calendar = network.calendars.get(position)
        if calendar is None:
            return instant, instant + duration
        if duration == 0 and (joints or others or network.activities[position].must_finish is not None):
            instant = calendar.settle(instant)
            return instant, instant
        return calendar.place(instant, duration)

    def bound(self, position: int, joints: list[Joint], work: int) -> int:
        """The start that joints to predecessors allow to work that remains."""
        columns = self.columns
        return max(columns.startable(position, columns.released(joint), joint[2], work) for joint in joints)


class PlacingProgress(Placing):
    """Places the activities that are not plain or not merely open.

    Attributes:
        resumed: when the work that remains goes on, of those that have moved.
        guesses: positions that rest on a guess of their own.
        overridden: (predecessor, successor) positions with lag and type of the links that progress overrides.
    """

    def __init__(
        self, columns: Columns, earliest: int, plan_start: int, data_date: int, progress_override: bool
    ) -> None:
        super().__init__(columns, earliest)
        self.plan_start = plan_start
        self.data_date = data_date
        self.progress_override = progress_override
        self.resumed: dict[int, int] = {}
        self.guesses: list[int] = []
        self.overridden: set[tuple[int, int, int, LinkType]] = set()

    def place(self, position: int) -> Interval:
        activity = self.network.moved.get(position)
        if activity is None:
            return super().place(position)
        if activity.progress.closed:
            return self.place_closed(position, activity)
        return self.place_rest(position, activity)

    def place_closed(self, position: int, activity: Activity) -> Interval:
        """What is finished or skipped stands where it stands."""
        finish = self.data_date if activity.actual_finish is None else activity.actual_finish
        stands = activity.progress is Progress.SKIPPED
        self.resumed[position] = FAR
        return finish if stands or activity.actual_start is None else activity.actual_start, finish

    def place_rest(self, position: int, activity: Activity) -> Interval:
        """Place what remains of one that is running, blocked or failed."""
        columns, network = self.columns, self.network
        actual_start = activity.actual_start
        now = self.data_date if actual_start is None else max(self.data_date, actual_start)
        if activity.progress is Progress.BLOCKED and activity.blocked_since is not None:
            now = max(now, activity.blocked_since)  # it stopped within the minute that the data date begins
        rest = remaining(activity, now)
        work = columns.work[position] = rest.work
        if rest.guess:
            self.guesses.append(position)
        if activity.progress is Progress.BLOCKED and actual_start is None:
            now = max(now, self.plan_start, network.not_before[position])
        if activity.progress is Progress.BLOCKED and activity.resumes is not None:
            now = max(now, activity.resumes)
        joints = [joint for joint in columns.links_into(position) if columns.holds(position, joint)]
        if self.progress_override:
            early = [joint for joint in joints if got_ahead(columns, position, joint)]
            self.overridden.update((joint[0], position, *joint[1:]) for joint in early)
            joints = [joint for joint in joints if joint not in early]
        resume = max(now, self.bound(position, joints, work)) if joints else now
        finish = resume + work
        calendar = network.calendars.get(position)
        if calendar is not None and work:
            resume, finish = calendar.place(resume, work)
        if rest.promise > finish:
            finish = rest.promise
            resume = start_for(calendar, finish, work) if work else finish
        self.resumed[position] = resume
        return actual_start if activity.begun and actual_start is not None else resume, finish


def got_ahead(columns: Columns, position: int, joint: Joint) -> bool:
    """Whether the activity got to its end of a link before its predecessor did.

    A lead lets a successor begin early; such a pair is out of sequence only if the lead does not reach back
    to the actual time.
    """
    activity = columns.network.activities[position]
    predecessor, lag, link_type = joint
    if link_type.reaches_finish:
        reached = activity.actual_finish if activity.progress is Progress.FINISHED else None
    else:
        reached = activity.actual_finish if activity.actual_start is None else activity.actual_start
    if reached is None or activity.progress is Progress.SKIPPED:
        return False
    if columns.begun(predecessor) if link_type.leaves_start else columns.closed[predecessor]:
        return False
    return lag >= 0 or columns.released(joint) > reached
