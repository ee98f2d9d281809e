"""A second implementation of the schedule, written to be read and not to be fast.

Each figure is computed by recursion from its definition, working time by walking second after second.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from tests.property.schedule_strategies import Case
from warroom.schedule.network import Activity, Link, Progress
from warroom.vocabulary.words import LinkType

START_LINKS = (LinkType.START_START, LinkType.START_FINISH)
FINISH_BOUNDS = (LinkType.FINISH_FINISH, LinkType.START_FINISH)


class Placed(NamedTuple):
    """Where one activity is: its start and finish, when its remaining work goes on, and how much that is."""

    start: int
    resume: int
    finish: int
    work: int


class Clock:
    """Working time of one activity; `works(t)` is about the second from t to t + 1."""

    def __init__(self, activity: Activity) -> None:
        self.periods = None
        if activity.calendar is not None:
            calendar = activity.calendar
            self.periods = list(zip(calendar.starts, calendar.ends, strict=True))

    def works(self, second: int) -> bool:
        return self.periods is None or any(start <= second < end for start, end in self.periods)

    def between(self, start: int, finish: int) -> int:
        if finish < start:
            return -self.between(finish, start)
        return finish - start if self.periods is None else sum(map(self.works, range(start, finish)))

    def opening(self, instant: int) -> int:
        while not self.works(instant):
            instant += 1
        return instant

    def closing(self, instant: int) -> int:
        while not self.works(instant - 1):
            instant -= 1
        return instant

    def after(self, instant: int, work: int) -> int:
        """The end of `work` seconds that begin at an instant."""
        while work:
            work -= self.works(instant)
            instant += 1
        return instant

    def before(self, instant: int, work: int) -> int:
        """The beginning of `work` seconds that end at an instant."""
        while work:
            instant -= 1
            work -= self.works(instant)
        return instant

    def touches(self, instant: int) -> bool:
        return self.works(instant) or self.works(instant - 1)


class Naive:
    """The same figures as a `Schedule`, each computed on its own."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.now = case.data_date
        self.activity = {activity.key: activity for activity in case.activities}
        self.clock = {activity.key: Clock(activity) for activity in case.activities}
        self.early = cache(self._early)
        self.final = cache(self._final)
        self.late = cache(self._late)
        self.leads = cache(self._leads)
        self.guess = cache(self._guess)
        self.early_network_finish = max(self.early(key).finish for key in self.activity)
        named = case.ends_with
        last = [key for key in self.activity if self.early(key).finish == self.early_network_finish]
        self.ends = [named] if named else last
        self.anchor = self.early(self.ends[0]).finish if case.anchor is None else case.anchor
        self.network_finish = max(self.final(key).finish for key in self.activity)
        self.finish = self.final(self.ends[0]).finish

    # what is known

    def progress(self, key: str) -> Progress:
        return Progress.OPEN if self.now is None else self.activity[key].progress

    def closed(self, key: str) -> bool:
        return self.progress(key) in (Progress.FINISHED, Progress.SKIPPED)

    def begun(self, key: str) -> bool:
        """Whether the start of its present attempt is made."""
        if self.progress(key) in (Progress.OPEN, Progress.FAILED):
            return False
        return self.closed(key) or self.activity[key].actual_start is not None

    def settled(self, link: Link) -> bool:
        """Whether the predecessor has got to its end of the link."""
        return self.begun(link.predecessor) if link.type in START_LINKS else self.closed(link.predecessor)

    def ahead(self, link: Link) -> bool:
        """Whether the successor got to its end of the link before the predecessor did."""
        activity, progress = self.activity[link.successor], self.progress(link.successor)
        if progress in (Progress.OPEN, Progress.SKIPPED) or self.settled(link):
            return False
        if link.type in FINISH_BOUNDS:
            reached = activity.actual_finish if progress is Progress.FINISHED else None
        else:
            reached = activity.actual_finish if activity.actual_start is None else activity.actual_start
        return reached is not None and (link.lag >= 0 or self.release(link) > reached)

    def out_of_sequence(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted({(link.predecessor, link.successor) for link in self.case.links if self.ahead(link)}))

    def counts(self, link: Link) -> bool:
        skipped = self.progress(link.predecessor) is Progress.SKIPPED
        if skipped and self.activity[link.predecessor].actual_finish is None:
            return False
        overridden = self.case.progress_override and not self.closed(link.successor) and self.ahead(link)
        return not overridden

    def into(self, key: str) -> list[Link]:
        return [link for link in self.case.links if link.successor == key and self.counts(link)]

    def out_of(self, key: str) -> list[Link]:
        """The links that still matter to an open activity: those to open ones."""
        return [
            link
            for link in self.case.links
            if link.predecessor == key and not self.closed(link.successor) and self.counts(link)
        ]

    # forward

    def release(self, link: Link, final: bool = False) -> int:
        """When a link lets its end of the successor be."""
        lag = 0 if self.progress(link.predecessor) is Progress.SKIPPED else link.lag
        before = (self.final if final else self.early)(link.predecessor)
        return (before.start if link.type in START_LINKS else before.finish) + lag

    def settle(self, key: str, instant: int) -> int:
        clock = self.clock[key]
        return instant if clock.touches(instant) else clock.opening(instant)

    def bound(self, link: Link, work: int, final: bool = False) -> int:
        """The start that follows from a link."""
        instant, clock = self.release(link, final), self.clock[link.successor]
        if work == 0:
            return self.settle(link.successor, instant)
        return clock.before(instant, work) if link.type in FINISH_BOUNDS else clock.opening(instant)

    def allowed(self, key: str, final: bool = False) -> int | None:
        duration = self.activity[key].duration
        return max((self.bound(link, duration, final) for link in self.into(key)), default=None)

    def own_start(self, key: str) -> list[int]:
        """What its own constraints say about its start."""
        activity, clock = self.activity[key], self.clock[key]
        found = [at for at in (activity.not_before, activity.must_start) if at is not None]
        if activity.must_finish is not None:
            found.append(clock.before(activity.must_finish, activity.duration))
        return found

    def holding(self, key: str) -> list[Link]:
        """The links that hold what remains of an activity."""
        fresh = self.progress(key) is Progress.OPEN or (self.progress(key) is Progress.BLOCKED and not self.begun(key))
        return [link for link in self.into(key) if fresh or link.type in FINISH_BOUNDS or not self.settled(link)]

    def _early(self, key: str) -> Placed:
        activity, clock, progress = self.activity[key], self.clock[key], self.progress(key)
        if self.closed(key):
            assert self.now is not None
            finish = self.now if activity.actual_finish is None else activity.actual_finish
            started = progress is Progress.FINISHED and activity.actual_start is not None
            start = activity.actual_start if started else finish
            assert start is not None
            return Placed(start, finish, finish, 0)
        if progress is Progress.OPEN:
            work = activity.duration
            earliest = self.case.plan_start if self.now is None else max(self.case.plan_start, self.now)
            bounds = [self.bound(link, work) for link in self.into(key)]
            start = max([earliest, *self.own_start(key), *bounds])
            if work == 0 and (bounds or activity.must_finish is not None):
                start = self.settle(key, start)
            else:
                start = clock.opening(start)
            return Placed(start, start, clock.after(start, work), work)
        assert self.now is not None
        now = self.now if activity.actual_start is None else max(self.now, activity.actual_start)
        work = self.work(key, now)
        limits = [now, *(self.bound(link, work) for link in self.holding(key))]
        if progress is Progress.BLOCKED and not self.begun(key):
            limits += [self.case.plan_start, *self.own_start(key)]
        resume = max(limits)
        if work:
            resume = clock.opening(resume)
        finish = clock.after(resume, work)
        if progress is not Progress.FAILED and activity.eta is not None and activity.eta > finish:
            finish = activity.eta
            resume = clock.before(finish, work)
        made = activity.actual_start if self.begun(key) else resume
        assert made is not None
        return Placed(made, resume, finish, work)

    def work(self, key: str, now: int) -> int:
        """Seconds of work that remain."""
        activity, clock = self.activity[key], self.clock[key]
        if self.progress(key) is Progress.FAILED:
            return activity.duration
        left = activity.duration
        if activity.actual_start is not None:
            blocked = self.progress(key) is Progress.BLOCKED and activity.blocked_since is not None
            until = activity.blocked_since if blocked else now
            assert until is not None
            left = max(0, left - max(0, clock.between(activity.actual_start, until)))
        return left if activity.eta is None else min(left, max(0, clock.between(now, activity.eta)))

    def _guess(self, key: str) -> bool:
        if self.closed(key):
            return False
        return self.own_guess(key) or any(
            self.guess(link.predecessor)
            for link in self.into(key)
            if not (link.type in START_LINKS and self.begun(link.predecessor))
        )

    def own_guess(self, key: str) -> bool:
        activity, progress = self.activity[key], self.progress(key)
        if self.now is None or progress is Progress.OPEN:
            return False
        if progress is Progress.FAILED:
            return True
        now = self.now if activity.actual_start is None else max(self.now, activity.actual_start)
        if activity.eta is not None:
            return activity.eta < now
        if progress is Progress.BLOCKED or activity.actual_start is None:
            return True
        return self.clock[key].between(activity.actual_start, now) > activity.duration

    # backward

    def _leads(self, key: str) -> bool:
        return key in self.ends or any(
            self.leads(link.successor)
            for link in self.out_of(key)
            if not (link.type in START_LINKS and self.begun(key))
        )

    def own_late(self, key: str) -> list[int]:
        """What its own constraints say about its late finish."""
        activity, clock = self.activity[key], self.clock[key]
        found = [at for at in (activity.deadline, activity.must_finish) if at is not None]
        if activity.must_start is not None and not self.begun(key):
            found.append(clock.after(activity.must_start, activity.duration))
        return found

    def _late(self, key: str, beside: bool) -> tuple[int, int] | None:
        """Late start and finish; `beside`: of what does not lead to the end. None: without any limit."""
        clock, work = self.clock[key], self.early(key).work
        limits = self.own_late(key)
        if beside:
            limits.append(self.early_network_finish)
        elif key in self.ends or self.case.ends_with is None:
            limits.append(self.anchor)
        for link in self.out_of(key):
            late = self.late(link.successor, beside)
            if late is None:
                continue
            limit = late[1 if link.type in FINISH_BOUNDS else 0] - link.lag
            if link.type not in START_LINKS:
                limits.append(limit)
            elif not self.begun(key):
                limits.append(clock.after(limit, work))
        if not limits:
            return None
        latest = min(limits)
        if work == 0:
            latest = latest if clock.touches(latest) else clock.closing(latest)
            return latest, latest
        latest = clock.closing(latest)
        return clock.before(latest, work), latest

    def late_dates(self, key: str) -> tuple[int, int]:
        late = self.late(key, not self.leads(key))
        assert late is not None
        return late

    # floats, waiting, drivers

    def total_float(self, key: str, finish: int) -> int:
        return self.clock[key].between(finish, self.late_dates(key)[1])

    def gap(self, key: str, placed: Placed) -> int | None:
        """Working seconds before an open successor moves; None if there is none to move."""
        gaps = []
        for link in self.out_of(key):
            if link.type in START_LINKS and self.begun(key):
                continue
            after = self.final(link.successor)
            bound = (after.finish if link.type in FINISH_BOUNDS else after.resume) - link.lag
            leaves = placed.resume if link.type in START_LINKS else placed.finish
            gaps.append(self.clock[key].between(leaves, bound))
        return min(gaps, default=None)

    def wait(self, key: str) -> int:
        """Working seconds by which an activity that is as late as possible waits."""
        if not self.activity[key].as_late_as_possible or self.closed(key) or self.begun(key):
            return 0
        early = self.early(key)
        gap = self.gap(key, early)
        total_float = self.total_float(key, early.finish)
        return max(0, total_float if gap is None else min(total_float, gap))

    def _final(self, key: str) -> Placed:
        early, wait, clock = self.early(key), self.wait(key), self.clock[key]
        if not wait:
            return early
        finish = clock.after(early.finish, wait)
        start = clock.before(finish, early.work)
        return Placed(start, start, finish, early.work)

    def free_float(self, key: str) -> int:
        final = self.final(key)
        total_float, gap = self.total_float(key, final.finish), self.gap(key, final)
        return max(0, total_float if gap is None else min(total_float, gap))

    def driven_by(self, key: str) -> tuple[str, ...]:
        placed = self.final(key)
        if self.closed(key) or self.wait(key):
            return ()
        return tuple(
            sorted(
                {
                    link.predecessor
                    for link in self.holding(key)
                    if not self.wait(link.predecessor) and self.bound(link, placed.work) == placed.resume
                }
            )
        )
