"""What all rules look at: one Board and its forecast, with the tasks sorted by state once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import Forecast
from warroom.board.rows import Person, Stream, Task
from warroom.clock.durations import DAY
from warroom.clock.times import show_time
from warroom.rules.alerting.finding import Push
from warroom.schedule.calendars import Calendar
from warroom.vocabulary.words import Role, ShownState, TaskState

_MINUTE_S = 60
_FAR_S = 366 * DAY


@dataclass(frozen=True, slots=True)
class View:
    """A Board, its forecast, and what is asked of them again and again. Times are seconds from the window start.

    Attributes:
        confidence: per cent of the trials that finish inside the window; None: nobody has counted.
        tasks: those in play that are in the forecast. by_state: the same by their shown state.
        waiting: keys of those that wait for others.
        now: the data date.
        leads: handles of the leads of the cutover; of the deputies where it has none.
        calendars: whether any calendar has a say in the forecast.
        pushes: what tasks push, as far as it was worked out.
    """

    board: Board
    forecast: Forecast
    confidence: Decimal | None
    tasks: tuple[Task, ...]
    by_state: defaultdict[ShownState, list[Task]]
    waiting: frozenset[int]
    now: int
    leads: tuple[str, ...]
    calendars: bool
    _offset: int
    _news: int
    _acknowledged: frozenset[str] = frozenset()
    pushes: dict[str, tuple[Push, ...]] = field(default_factory=dict)

    # --- minutes -------------------------------------------------------------------------------------------------

    def after(self, seconds: int) -> int:
        """The first whole minute later than that."""
        return seconds - (seconds + self._offset) % _MINUTE_S + _MINUTE_S

    def since(self, seconds: int) -> int:
        """The first whole minute not earlier than that."""
        return seconds + -(seconds + self._offset) % _MINUTE_S

    def foreseen(self, seconds: int) -> int:
        """The first whole minute not earlier than that in which it could be known: not before the last news of any
        task, which may have moved the forecast there."""
        return max(self.since(seconds), min(self.now, self.since(self._news)))

    def instant(self, instant: datetime) -> int:
        """The seconds of an instant (UTC), rounded up."""
        return -((self.forecast.origin - instant) // timedelta(seconds=1))

    def closes(self, gap_s: int) -> int:
        """The first minute in which time alone can have closed a gap between two times of the forecast: none comes
        faster than time, but through a calendar, where the end of a shift makes it jump."""
        return self.after(self.now + max(0, gap_s))

    def breaks_from(self, slack_s: int) -> int:
        """The first minute in which a target of the whole network that has `slack_s` left can be missed by time alone.

        Through calendars, what can be resumed or finished no later than at its late dates misses a target after them;
        where one is missed already, late dates no longer tell of the others, and every minute counts.
        """
        if not self.calendars:
            return self.closes(slack_s)
        waits = self.waiting
        latest = self.now + _FAR_S
        for task in self.tasks:
            if task.id in waits or task.state in CLOSED_STATES:
                continue
            columns = self.forecast.expected_with(task).columns
            position = columns.network.positions[task.ref]
            if columns.closed[position]:
                continue
            runs = task.state in (TaskState.RUNNING, TaskState.VERIFYING) or task.eta is not None
            latest = min(latest, (columns.late_finish if runs else columns.late_start)[position])
        return self.after(max(latest, self.now))

    def shown(self, seconds: int, *, day: bool = False) -> str:
        """A time as it is said to people."""
        return show_time(self.forecast.instant(seconds), self.board.programme.timezone, day=day)

    # --- tasks ---------------------------------------------------------------------------------------------------

    def start(self, task: Task) -> int:
        return self.forecast.start_of(task)

    def finish(self, task: Task) -> int:
        return self.forecast.finish_of(task)

    def planned_start(self, task: Task) -> int:
        backing_out = self.forecast.backing_out
        plan = self.forecast.plan if backing_out is None or not task.backout else backing_out.plan
        return plan.columns.start[plan.network.positions[task.ref]]

    def due_start(self, task: Task) -> int:
        """When it should start: as planned, or as its predecessors allow."""
        expected = self.forecast.expected_with(task)
        return max(self.planned_start(task), expected.columns.allowed(expected.network.positions[task.ref]))

    def may_wait_until(self, task: Task) -> int | None:
        """Until when a task waits because it may, being as late as possible; None: it does not."""
        columns = self.forecast.expected_with(task).columns
        position = columns.network.positions[task.ref]
        return columns.start[position] if position in columns.delayed else None

    def calendar(self, task: Task) -> Calendar | None:
        network = self.forecast.expected_with(task).network
        return network.calendars.get(network.positions[task.ref])

    def is_acknowledged(self, subject: str) -> bool:
        """Whether somebody has acknowledged the last alert on a subject."""
        return subject in self._acknowledged

    # --- people --------------------------------------------------------------------------------------------------

    def handles(self, *keys: int | None, leads: bool = False) -> tuple[str, ...]:
        """Handles of people by key, each once, in order; with the leads at the end."""
        found = [handle for key in keys if (handle := self.board.handle(key)) is not None]
        return each_once([*found, *(self.leads if leads else ())])


def view_of(board: Board, forecast: Forecast, confidence: Decimal | None = None) -> View:
    """The view of a Board that all rules share."""
    tasks = tuple(task for task in board.tasks_in_play if task.ref in forecast.delays)
    by_state: defaultdict[ShownState, list[Task]] = defaultdict(list)
    for task in tasks:
        by_state[board.shown_state(task)].append(task)
    networks = [forecast.expected.network, *([forecast.backing_out.expected.network] if forecast.backing_out else ())]
    return View(
        board=board,
        forecast=forecast,
        confidence=confidence,
        tasks=tasks,
        by_state=by_state,
        waiting=frozenset(task.id for task in by_state[ShownState.WAITING]),
        now=forecast.now,
        leads=leads_of(board),
        calendars=any(network.calendars for network in networks),
        _offset=forecast.origin.second,
        _news=_last_news(tasks, forecast),
        _acknowledged=frozenset(
            subject
            for subject, alert in {alert.subject: alert for alert in board.alerts}.items()
            if alert.acknowledged_at is not None
        ),
    )


def _last_news(tasks: Iterable[Task], forecast: Forecast) -> int:
    """When something was last said of a task that may have moved the forecast, seconds."""
    said = (
        at
        for task in tasks
        if task.state is not TaskState.NOT_STARTED
        for at in (task.actual_start, task.actual_finish, task.eta_given_at, task.progress_at, task.blocked_at)
        if at is not None
    )
    return forecast.seconds(max(said, default=forecast.origin))


def leads_of(board: Board) -> tuple[str, ...]:
    """Handles of the leads of the cutover; of the deputies where it has none."""
    people = board.rows(Person).values()
    for role in (Role.LEAD, Role.DEPUTY):
        if found := tuple(person.handle for person in people if role in person.roles):
            return found
    return ()


def stream_lead(board: Board, task: Task) -> int | None:
    """Key of the one who leads the stream of a task."""
    if task.stream is None:
        return None
    leads = board.view(
        "leads by stream",
        [Stream],
        lambda: {stream.key: stream.lead_id for stream in board.rows(Stream).values()},
    )
    return leads.get(task.stream)


def each_once(handles: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(handle for handle in handles if handle is not None))
