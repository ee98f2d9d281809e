"""The picture: everything that the screens draw, made once from a Board at a run time and shared by all widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.figures import Figures, figures
from warroom.board.forecast import Forecast, forecast
from warroom.board.impossible import impossible_hours
from warroom.board.rows import Task
from warroom.clock.times import parse_zone, show_distance, show_time
from warroom.rules.permissions import Actor
from warroom.tui.picture.attention import Demand, demands
from warroom.tui.picture.groups import Group, Grouping, backout_groups, groups_of, in_order, lateness

BIG_BOARD = 2_000
"""From so many tasks on a picture is made off the loop."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One Board at one run time.

    Attributes:
        now: run time, UTC; the wall clock while there is no run.
        zone: the programme's zone, in which times are shown and typed.
        groups: the main network by phase, in the order of the runbook; behind it the back-out, if there is one, or
            before it once that is invoked.
        demands: who must act.
        backed_out: when a back-out that is decided now would be done, and when at worst; seconds from the window
            start. None where there is none to decide.
        impossible: why tasks never find the working time that they need, by ref.
        key: how texts name actions to whoever looks: `picture.key("console.gate")` is "g". Of nobody: the
            action's own name.
    """

    board: Board
    forecast: Forecast
    figures: Figures
    now: datetime
    zone: ZoneInfo
    actor: Actor
    groups: tuple[Group, ...]
    demands: tuple[Demand, ...]
    impossible: Mapping[str, str]
    backed_out: tuple[int, int] | None = None
    key: Callable[[str], str] = str

    @property
    def in_run(self) -> bool:
        """Whether there is a run that is still open."""
        run = self.board.run
        return run is not None and run.closed_at is None

    @property
    def most_urgent(self) -> str | None:
        """The ref of the task to begin with where none is named: one's own that is next, else what is most urgent for
        anybody, else the first."""
        tasks = self.board.tasks_in_play
        own = [
            task
            for task in tasks
            if task.owner_id is not None
            and task.owner_id == self.actor.person_id
            and task.state not in CLOSED_STATES
            and task.ref in self.forecast.delays
        ]
        if own:
            return min(own, key=lambda task: (self.forecast.start_of(task), task.position)).ref
        if self.demands:
            return self.demands[0].ref
        return tasks[0].ref if tasks else None

    def time(self, instant: datetime) -> str:
        """The clock time in the programme's zone, with the day where it is not today's."""
        same_day = instant.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        return show_time(instant, self.zone, day=not same_day)

    def distance(self, instant: datetime) -> str:
        """How far an instant lies ahead or behind: "in 12m", "4m ago"; by whole minutes, as the picture moves."""
        return show_distance(int((instant - self.forecast.at) / timedelta(minutes=1)) * 60)

    def moment(self, instant: datetime) -> str:
        """An instant as people are told of it: the clock time, with the day where it is not today's, and the distance
        once there is a run: "19:45, in 12m"."""
        return f"{self.time(instant)}, {self.distance(instant)}" if self.board.run is not None else self.time(instant)

    def weekday_time(self, instant: datetime) -> str:
        """The clock time in the programme's zone, with the weekday alone where that is enough to tell the day."""
        if abs(instant - self.now) > timedelta(days=6):
            return self.time(instant)
        same_day = instant.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()
        clock = show_time(instant, self.zone, day=False)
        return clock if same_day else f"{show_time(instant, self.zone)[:3]} {clock}"

    def late(self, task: Task) -> bool:
        """Whether an open task is expected to finish at least a minute after its planned finish."""
        return lateness(self.board, self.forecast, task) > 0

    def grouped(self, by: Grouping) -> tuple[Group, ...]:
        """The same tasks in other groups, with the back-out where `groups` has it."""
        if by is Grouping.PHASE:
            return self.groups
        board, expected = self.board, self.forecast
        return in_order(groups_of(board, expected, by), backout_groups(board, expected))


def picture_of(board: Board, now: datetime, actor: Actor) -> Picture:
    """Make the picture of `board` at `now` (UTC, run time) for `actor`. Pure."""
    expected = forecast(board, now)
    zone = parse_zone(board.programme.timezone)
    return Picture(
        board=board,
        forecast=expected,
        figures=figures(board, expected),
        now=now,
        zone=zone,
        actor=actor,
        groups=in_order(groups_of(board, expected, Grouping.PHASE), backout_groups(board, expected)),
        demands=demands(board, expected, zone),
        impossible=impossible_hours(board, expected),
        backed_out=_backed_out(expected) if board.run is not None else None,
    )


def _backed_out(expected: Forecast) -> tuple[int, int] | None:
    backout, worst = expected.backout, expected.worst_backout
    if backout is None:
        return None
    done = backout.done_if_decided(expected.now)
    return done, done if worst is None else max(done, worst.done_if_decided(expected.now))
