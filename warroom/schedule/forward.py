"""The forward pass: when can it be?

The rules are those of DESIGN section 4 ("Forecast rules", "Out-of-sequence progress"), section 8 ("Forecast") and
FIGURES section 2.2.
"""

from __future__ import annotations

from warroom.schedule.calendars import FAR, start_for
from warroom.schedule.columns import Columns
from warroom.schedule.network import Activity, Joint, Joints, Network, Progress
from warroom.schedule.remaining import remaining
from warroom.vocabulary.words import LinkType


def forward(network: Network, *, plan_start: int, data_date: int | None, progress_override: bool = False) -> Columns:
    """Starts, finishes and guesses of a network; arguments as those of `schedule`."""
    columns = Columns(
        network=network,
        as_planned=data_date is None,
        plain=network.plain,
        predecessors=network.predecessors,
        successors=network.successors,
        other_predecessors=network.other_predecessors,
        other_successors=network.other_successors,
        closed=[False] * len(network),
        start=[],
        finish=[],
        resume=[],
        work=network.durations,
    )
    earliest = plan_start if data_date is None else max(plan_start, data_date)
    if data_date is None or not network.moved:
        _place_all(columns, _Placing(columns, earliest))
        columns.resume = columns.start
        return columns

    _leave_out_skipped(columns)
    columns.work = network.durations.copy()
    progress = _Progress(columns, earliest, plan_start, data_date, progress_override)
    columns.plain = network.plain.copy()
    for position, activity in network.moved.items():
        columns.plain[position] = False
        columns.closed[position] = activity.progress.closed
    _place_all(columns, progress)
    columns.resume = columns.start.copy()
    for position, resume in progress.resumed.items():
        columns.resume[position] = resume
    if progress.overridden:
        _leave_out(columns, progress.overridden)
    _spread(columns, progress.guesses)
    return columns


class _Placing:
    """Places the activities that are not plain, one by one, after all their predecessors."""

    def __init__(self, columns: Columns, earliest: int) -> None:
        self.columns = columns
        self.network = columns.network
        self.earliest = earliest

    def place(self, position: int) -> None:
        """Append the start and the finish of the activity at `position`, the next one in order."""
        self.place_open(position, max(self.earliest, self.network.not_before[position]))

    def place_open(self, position: int, instant: int) -> None:
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
        finish = instant + duration
        if calendar is not None:
            if duration == 0 and (joints or others or network.activities[position].must_finish is not None):
                instant = finish = calendar.settle(instant)
            else:
                instant, finish = calendar.place(instant, duration)
        columns.start.append(instant)
        finishes.append(finish)

    def bound(self, position: int, joints: list[Joint], work: int) -> int:
        """The start that joints to predecessors allow to work that remains."""
        columns = self.columns
        return max(columns.startable(position, columns.released(joint), joint[2], work) for joint in joints)


class _Progress(_Placing):
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

    def place(self, position: int) -> None:
        activity = self.network.moved.get(position)
        if activity is None:
            super().place(position)
        elif activity.progress.closed:
            self.place_closed(position, activity)
        else:
            self.place_rest(position, activity)

    def place_closed(self, position: int, activity: Activity) -> None:
        """What is finished or skipped stands where it stands."""
        finish = self.data_date if activity.actual_finish is None else activity.actual_finish
        stands = activity.progress is Progress.SKIPPED or activity.actual_start is None
        self.columns.start.append(finish if stands else activity.actual_start)  # type: ignore[arg-type]
        self.columns.finish.append(finish)
        self.resumed[position] = FAR

    def place_rest(self, position: int, activity: Activity) -> None:
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
        joints = [joint for joint in columns.links_into(position) if columns.holds(position, joint)]
        if self.progress_override:
            early = [joint for joint in joints if _out_of_sequence(columns, position, joint)]
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
        columns.start.append(actual_start if activity.begun and actual_start is not None else resume)
        columns.finish.append(finish)
        self.resumed[position] = resume


def _place_all(columns: Columns, placing: _Placing) -> None:
    """Place all activities in order; the plain ones here, where no call is spent on them."""
    network, earliest = columns.network, placing.earliest
    start, finish = columns.start, columns.finish
    started, finished, place = start.append, finish.append, placing.place
    for plain, joints, instant, duration in zip(
        columns.plain, columns.predecessors, network.not_before, network.durations, strict=True
    ):
        if plain:
            if instant < earliest:
                instant = earliest
            for predecessor, lag in joints:
                bound = finish[predecessor] + lag
                if bound > instant:
                    instant = bound
            started(instant)
            finished(instant + duration)
        else:
            place(len(start))


def _leave_out_skipped(columns: Columns) -> None:
    """Keep of the links from skipped activities only what they still ask for.

    A skipped activity lets its successors go at the moment when it was skipped, without the lag; if that
    moment is not known, it does not hold them at all.
    """
    network = columns.network
    skipped = {
        position: activity.actual_finish is not None
        for position, activity in network.moved.items()
        if activity.progress is Progress.SKIPPED
    }
    if not skipped:
        return
    columns.predecessors = predecessors = network.predecessors.copy()
    columns.other_predecessors = others = network.other_predecessors.copy()
    for successor in {joint[0] for position in skipped for joint in network.links_from(position)}:
        plain: Joints = predecessors[successor]
        predecessors[successor] = [
            (before, 0 if before in skipped else lag) for before, lag in plain if skipped.get(before, True)
        ]
        if successor in others:
            others[successor] = [
                (before, 0 if before in skipped else lag, link_type)
                for before, lag, link_type in others[successor]
                if skipped.get(before, True)
            ]


def _leave_out(columns: Columns, links: set[tuple[int, int, int, LinkType]]) -> None:
    """Leave links out on both of their sides: (predecessor, successor, lag, type)."""
    columns.predecessors, columns.successors = columns.predecessors.copy(), columns.successors.copy()
    columns.other_predecessors = columns.other_predecessors.copy()
    columns.other_successors = columns.other_successors.copy()
    for after in {link[1] for link in links}:
        kept = [joint for joint in columns.links_into(after) if (joint[0], after, *joint[1:]) not in links]
        columns.predecessors[after], columns.other_predecessors[after] = _parted(kept)
    for before in {link[0] for link in links}:
        kept = [joint for joint in columns.links_from(before) if (before, *joint) not in links]
        columns.successors[before], columns.other_successors[before] = _parted(kept)


def _parted(joints: list[Joint]) -> tuple[Joints, list[Joint]]:
    """Joints as the finish-to-start ones and the others."""
    finish_start = LinkType.FINISH_START
    return [joint[:2] for joint in joints if joint[2] is finish_start], [
        joint for joint in joints if joint[2] is not finish_start
    ]


def _spread(columns: Columns, guesses: list[int]) -> None:
    """Mark all open work that waits for a guess; a start that is made is none to those that wait for it."""
    found = guesses
    columns.guess.update(found)
    for position in found:  # grows while it is walked
        begun = columns.begun(position)
        for successor, _, link_type in columns.links_from(position):
            if successor in columns.guess or columns.closed[successor] or (begun and link_type.leaves_start):
                continue
            columns.guess.add(successor)
            found.append(successor)


def _out_of_sequence(columns: Columns, position: int, joint: Joint) -> bool:
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


def out_of_sequence(columns: Columns) -> tuple[tuple[str, str], ...]:
    """The pairs of keys of which the successor got ahead of its predecessor, in order; overridden ones as well."""
    if columns.as_planned:
        return ()
    network = columns.network
    return tuple(
        sorted(
            {
                (network.keys[joint[0]], network.keys[position])
                for position in network.moved
                for joint in network.links_into(position)
                if _out_of_sequence(columns, position, joint)
            }
        )
    )
