"""What if? A schedule with any number of changes, beside the one that stands; nothing of the plan is touched."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field, replace

from warroom.schedule.calendars import Calendar, elapsed, finish_for
from warroom.schedule.network import Activity, Link, Network, Progress
from warroom.schedule.passes import schedule
from warroom.schedule.result import Schedule

_UNTIL_PROMISED = (Progress.RUNNING, Progress.BLOCKED)


class BadChange(ValueError):
    """A change that cannot be made to the activity that it names."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changes about one open activity; what is None or 0 stays.

    Attributes:
        key: the activity.
        slip: seconds of its working time by which its finish slips: one that has not begun starts later, one that
            has takes longer. Below 0 it takes less time, but never less than none.
        eta: the instant at which it is finished instead.
        duration: seconds that it takes in all instead, of its working time.
        not_before: its earliest start instead.
        skip: whether it is skipped at the data date.
        calendar: when it is worked on instead: of another owner, of more shifts.
    """

    key: str
    slip: int = 0
    eta: int | None = None
    duration: int | None = None
    not_before: int | None = None
    skip: bool = False
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that is changed at once.

    Attributes:
        activities: changes of single activities; several of one activity are made in order.
        linked: links that are added.
        unlinked: (predecessor, successor) whose links are all taken away, before others are added.
    """

    activities: tuple[Change, ...] = ()
    linked: tuple[Link, ...] = ()
    unlinked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What the changes do.

    Attributes:
        before, after: the schedule as it stands, and with the changes.
        moves: seconds by which the finishes of open activities move, by key; what stays is left out.
    """

    before: Schedule = field(repr=False)
    after: Schedule = field(repr=False)
    moves: dict[str, int]

    @property
    def finish_moves(self) -> int:
        """Seconds by which the finish moves."""
        return self.after.finish - self.before.finish

    @property
    def window_float(self) -> int | None:
        """Seconds between the finish and the end of the window; None without such an end."""
        return None if self.after.anchor is None else self.after.anchor - self.after.finish

    @property
    def breaks_window(self) -> bool:
        """Whether the finish now lies beyond the window, and did not before."""
        anchor = self.after.anchor
        return anchor is not None and self.before.finish <= anchor < self.after.finish

    def missed(self) -> tuple[str, ...]:
        """The open activities that now miss their deadline or fixed time, and did not before, in network order."""
        return tuple(
            key for key in self.after.network.keys if _misses(self.after, key) and not _misses(self.before, key)
        )


def what_if(base: Schedule, changes: Changes | Iterable[Change]) -> Effect:
    """The effect of changes on a schedule: one more full pass on the same terms.

    Raises:
        BadChange: of an activity that is not there, is finished or skipped already, or to less than no duration.
        BadNetwork: links that do not make a network.
    """
    if not isinstance(changes, Changes):
        changes = Changes(tuple(changes))
    network = base.network
    if base.data_date is None and network.moved:  # the plan puts progress aside
        network = network.with_activities([_as_planned(activity) for activity in network.moved.values()])
    if changes.linked or changes.unlinked:
        network = _linked(network, changes)
    data_date = base.data_date
    for change in changes.activities:
        if change.key not in network.positions:
            raise BadChange(f"there is no activity {change.key}")
        network = network.with_activities([_changed(base, network.activity(change.key), change)])
        if change.skip and data_date is None:
            data_date = base.plan_start  # a forecast at the beginning of a plan is that plan
    after = schedule(
        network,
        plan_start=base.plan_start,
        data_date=data_date,
        ends_with=base.ends_with,
        anchor=base.anchor,
        progress_override=base.progress_override,
    )
    return Effect(before=base, after=after, moves=_moves(base, after))


@dataclass(frozen=True, slots=True)
class Step:
    """One activity of a sweep.

    Attributes:
        done, total: how many activities the sweep has been through, this one included, and how many there are.
        key: the activity that slips.
        finish_moves: seconds by which the finish moves.
        window_float: seconds that are left before the end of the window; None without such an end.
        breaks_window: whether it is this slip that breaks the window.
        missed: the activities that now miss their deadline or fixed time.
        moved: how many other activities move.
    """

    done: int
    total: int
    key: str
    finish_moves: int
    window_float: int | None
    breaks_window: bool
    missed: tuple[str, ...]
    moved: int


def sweep(base: Schedule, slip: int, among: Collection[str] | None = None) -> Generator[Step, None, None]:
    """What breaks when an activity slips by `slip` seconds, asked of every open one in turn: a full pass for each.

    `among` narrows it down to some keys. Each step comes as soon as it is known; stop reading, or
    close it, to cancel the rest.
    """
    keys = [
        key
        for position, key in enumerate(base.network.keys)
        if not base.columns.closed[position] and (among is None or key in among)
    ]
    for done, key in enumerate(keys, start=1):
        effect = what_if(base, [Change(key, slip=slip)])
        yield Step(
            done=done,
            total=len(keys),
            key=key,
            finish_moves=effect.finish_moves,
            window_float=effect.window_float,
            breaks_window=effect.breaks_window,
            missed=effect.missed(),
            moved=len(effect.moves.keys() - {key}),
        )


def ranked(steps: Iterable[Step]) -> list[Step]:
    """The worst first: what breaks the window, then what misses most deadlines, moves the finish or others most."""
    return sorted(
        steps, key=lambda step: (not step.breaks_window, -len(step.missed), -step.finish_moves, -step.moved, step.key)
    )


def _changed(base: Schedule, activity: Activity, change: Change) -> Activity:
    """An activity with a change."""
    if activity.progress.closed:
        raise BadChange(f"{change.key} is {activity.progress} already")
    if change.duration is not None and change.duration < 0:
        raise BadChange(f"{change.key} cannot take less than no time")
    if change.skip:
        return replace(activity, progress=Progress.SKIPPED, actual_finish=base.data_date, eta=None)
    columns, position = base.columns, base.network.positions[change.key]
    if change.calendar is not None:
        activity = replace(activity, calendar=change.calendar)
    if change.duration is not None:
        activity = replace(activity, duration=change.duration, eta=None)
    if change.not_before is not None:
        activity = replace(activity, not_before=change.not_before)
    promised = base.data_date is not None and activity.progress in _UNTIL_PROMISED
    if change.eta is not None:
        activity = _finishing(activity, change.eta, columns.resume[position], promised)
    if not change.slip:
        return activity
    if promised:
        finish = activity.eta if change.eta is not None and activity.eta is not None else columns.finish[position]
        return replace(activity, eta=finish_for(activity.calendar, finish, change.slip))
    if change.slip < 0 or activity.progress is Progress.FAILED:
        return replace(activity, duration=max(0, activity.duration + change.slip))
    start = finish_for(activity.calendar, columns.start[position], change.slip)
    return replace(activity, not_before=max(start, activity.earliest_start()))


def _finishing(activity: Activity, eta: int, resume: int, promised: bool) -> Activity:
    """An activity that is finished at `eta`: by a promise once it has begun, else by taking so long."""
    if promised:
        return replace(activity, eta=eta)
    return replace(activity, duration=max(0, elapsed(activity.calendar, resume, eta)))


def _as_planned(activity: Activity) -> Activity:
    return replace(
        activity, progress=Progress.OPEN, actual_start=None, actual_finish=None, eta=None, blocked_since=None
    )


def _linked(network: Network, changes: Changes) -> Network:
    unlinked = set(changes.unlinked)
    pairs = {(link.predecessor, link.successor) for link in network.links}
    for predecessor, successor in unlinked - pairs:
        raise BadChange(f"there is no link from {predecessor} to {successor}")
    kept = [link for link in network.links if (link.predecessor, link.successor) not in unlinked]
    return Network(network.activities, [*kept, *changes.linked])


def _moves(before: Schedule, after: Schedule) -> dict[str, int]:
    """By how much the finishes of the activities that are still open move."""
    found = {}
    for position, key in enumerate(after.network.keys):
        if after.columns.closed[position]:
            continue
        move = after.columns.finish[position] - before.columns.finish[before.network.positions[key]]
        if move:
            found[key] = move
    return found


def _misses(result: Schedule, key: str) -> bool:
    """Whether an open activity finishes after its own deadline, or after what its fixed times allow."""
    position = result.network.positions[key]
    if result.columns.closed[position]:
        return False
    activity = result.network.activities[position]
    latest = activity.latest_finish(begun=result.columns.begun(position))
    return elapsed(activity.calendar, result.columns.finish[position], latest) < 0
