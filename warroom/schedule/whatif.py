"""What if? A schedule with any number of changes, beside the one that stands; nothing of the plan is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from warroom.schedule.again import can_place_again, place_again
from warroom.schedule.calendars import Calendar, Interval, elapsed, finish_for
from warroom.schedule.columns import Columns
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
        activities: changes of single activities; several of one activity are made in their order.
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
        before: the schedule as it stands.
        after: the forward dates with the changes.
        finish: the finish of the task with which the window ends, seconds.
        moves: seconds by which the finishes of open activities move, by key; what stays is left out.
        asked: the activities that were changed.
    """

    before: Schedule = field(repr=False)
    after: Columns = field(repr=False)
    finish: int
    moves: dict[str, int]
    asked: frozenset[str]

    @property
    def finish_moves(self) -> int:
        """Seconds by which the finish moves."""
        return self.finish - self.before.finish

    @property
    def window_float(self) -> int | None:
        """Seconds between the finish and the end of the window; None without such an end."""
        return None if self.before.anchor is None else self.before.anchor - self.finish

    @property
    def breaks_window(self) -> bool:
        """Whether the finish now lies beyond the window, and did not before."""
        anchor = self.before.anchor
        return anchor is not None and self.before.finish <= anchor < self.finish

    def span(self, key: str) -> Interval:
        """Start and finish of an activity with the changes.

        Raises:
            KeyError: there is no such activity.
        """
        position = self.after.network.positions[key]
        return self.after.start[position], self.after.finish[position]

    def missed(self) -> tuple[str, ...]:
        """The open activities that now miss their deadline or fixed time, and did not before, in network order."""
        before, after = self.before.columns, self.after
        affected = sorted(after.network.positions[key] for key in self.asked | self.moves.keys())
        keys = [after.network.keys[position] for position in affected]
        return tuple(key for key in keys if _misses(after, key) and not _misses(before, key))


def what_if(base: Schedule, changes: Changes | Iterable[Change]) -> Effect:
    """The effect of changes on a schedule, on the same terms.

    Changes are made in the order of the network, each of what follows from those before it, so that a task which slips
    behind one that slips is late by both. Each costs a pass over what it moves; a skip, other links, work that waits
    as late as possible or overrides its predecessors cost a full one.

    Raises:
        BadChange: of an activity that is not there, is finished or skipped already, or to less than no duration.
        BadNetwork: links that do not make a network.
    """
    if not isinstance(changes, Changes):
        changes = Changes(tuple(changes))
    terms, columns = base, base.columns
    if changes.linked or changes.unlinked:
        columns = _laid_out(terms, _linked(columns.network, changes))
    places = columns.network.positions
    for change in changes.activities:
        if change.key not in places:
            raise BadChange(f"there is no activity {change.key}")
    for change in sorted(changes.activities, key=lambda change: places[change.key]):
        if change.skip and terms.data_date is None:  # a forecast at the beginning of a plan is that plan
            network = columns.network.with_activities(map(_as_planned, columns.network.moved.values()))
            terms = replace(terms, data_date=base.plan_start)
            columns = _laid_out(terms, network)
        activity = _changed(terms, columns, change)
        if change.skip or not can_place_again(columns, progress_override=terms.progress_override):
            columns = _laid_out(terms, columns.network.with_activities([activity]))
        else:
            columns = place_again(columns, activity, plan_start=terms.plan_start, data_date=terms.data_date)
    return Effect(
        before=base,
        after=columns,
        finish=_finish(base, columns),
        moves=_moves(base.columns, columns),
        asked=frozenset(change.key for change in changes.activities),
    )


def _laid_out(terms: Schedule, network: Network) -> Columns:
    """A full pass over another network."""
    return schedule(
        network,
        plan_start=terms.plan_start,
        data_date=terms.data_date,
        ends_with=terms.ends_with,
        anchor=terms.anchor,
        progress_override=terms.progress_override,
    ).columns


def _finish(terms: Schedule, columns: Columns) -> int:
    """The finish of the task with which the window ends; of the last one, if none was named."""
    if terms.ends_with is None:
        return max(columns.finish, default=terms.plan_start)
    return columns.finish[columns.network.positions[terms.ends_with]]


def _changed(terms: Schedule, columns: Columns, change: Change) -> Activity:
    """The activity that a change names, with that change."""
    position = columns.network.positions[change.key]
    activity = columns.network.activities[position]
    if terms.data_date is None and activity.progress is not Progress.OPEN:  # the plan puts progress aside
        activity = _as_planned(activity)
    if activity.progress.closed:
        raise BadChange(f"{change.key} is {activity.progress} already")
    if change.duration is not None and change.duration < 0:
        raise BadChange(f"{change.key} cannot take less than no time")
    if change.skip:
        return replace(activity, progress=Progress.SKIPPED, actual_finish=terms.data_date, eta=None)
    if change.calendar is not None:
        activity = replace(activity, calendar=change.calendar)
    if change.duration is not None:
        activity = replace(activity, duration=change.duration, eta=None)
    if change.not_before is not None:
        activity = replace(activity, not_before=change.not_before)
    promised = terms.data_date is not None and activity.progress in _UNTIL_PROMISED
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
        activity,
        progress=Progress.OPEN,
        actual_start=None,
        actual_finish=None,
        eta=None,
        blocked_since=None,
        resumes=None,
    )


def _linked(network: Network, changes: Changes) -> Network:
    unlinked = set(changes.unlinked)
    pairs = {(link.predecessor, link.successor) for link in network.links}
    for predecessor, successor in unlinked - pairs:
        raise BadChange(f"there is no link from {predecessor} to {successor}")
    kept = [link for link in network.links if (link.predecessor, link.successor) not in unlinked]
    return Network(network.activities, [*kept, *changes.linked])


def _moves(before: Columns, after: Columns) -> dict[str, int]:
    """By how much the finishes of the activities that are still open move."""
    keys, was = after.network.keys, before.finish
    if keys is not before.network.keys:  # other links may ask for another order
        was = [before.finish[before.network.positions[key]] for key in keys]
    return {
        keys[position]: finish - was[position]
        for position, finish in enumerate(after.finish)
        if finish != was[position] and not after.closed[position]
    }


def _misses(columns: Columns, key: str) -> bool:
    """Whether an open activity finishes after its own deadline, or after what its fixed times allow."""
    position = columns.network.positions[key]
    if columns.closed[position]:
        return False
    activity = columns.network.activities[position]
    latest = activity.latest_finish(begun=columns.begun(position))
    return elapsed(activity.calendar, columns.finish[position], latest) < 0
