"""The passes against a second implementation, written to be read, not to be fast, and against networkx.

The second one computes each figure by recursion from its definition: forward dates from the rules of DESIGN
sections 4 and 8, late dates from the longest way to what limits an activity.
"""

from __future__ import annotations

from functools import cache

import networkx as nx
from hypothesis import given, settings

from tests.property.schedule_strategies import Case, cases
from warroom.schedule.network import Activity, Link, Progress


class Naive:
    """The same figures as a `Schedule`, each computed on its own."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.now = case.data_date
        self.activity = {activity.key: activity for activity in case.activities}
        self.finish = cache(self._finish)
        self.work = cache(self._work)
        self.leads = cache(self._leads)
        self.network_finish = max(self.finish(key) for key in self.activity)
        named = case.ends_with
        self.ends = (
            [named] if named else [key for key in self.activity if self.finish(key) == self.network_finish]
        )
        self.end_finish = self.finish(self.ends[0])

    def progress(self, key: str) -> Progress:
        return Progress.OPEN if self.now is None else self.activity[key].progress

    def closed(self, key: str) -> bool:
        return self.progress(key) in (Progress.FINISHED, Progress.SKIPPED)

    def begun(self, key: str) -> int | None:
        """When the activity began; None also for a failed one, of which the next attempt has not begun."""
        if self.progress(key) in (Progress.OPEN, Progress.FAILED):
            return None
        return self.activity[key].actual_start

    def release(self, link: Link) -> int | None:
        """When a link lets its successor go; None for one that no longer holds."""
        if self.progress(link.predecessor) is Progress.SKIPPED:
            return self.activity[link.predecessor].actual_finish
        return self.finish(link.predecessor) + link.lag

    def into(self, key: str) -> list[Link]:
        return [link for link in self.case.links if link.successor == key]

    def out_of(self, key: str) -> list[Link]:
        """The links that still matter to an open activity: those to open ones."""
        return [
            link for link in self.case.links if link.predecessor == key and not self.closed(link.successor)
        ]

    def allowed(self, key: str) -> int | None:
        return max((at for link in self.into(key) if (at := self.release(link)) is not None), default=None)

    def resume(self, key: str) -> int:
        """The earliest that the remaining work can go on."""
        activity, limits = self.activity[key], [self.now if self.now is not None else self.case.plan_start]
        if self.progress(key) is Progress.OPEN or (
            self.progress(key) is Progress.BLOCKED and activity.actual_start is None
        ):
            limits += [self.case.plan_start]
            limits += [at for at in (self.allowed(key), activity.not_before) if at is not None]
        else:
            limits += [activity.actual_start] if activity.actual_start is not None else []
            limits += [
                self.finish(link.predecessor) + link.lag
                for link in self.into(key)
                if not self.closed(link.predecessor)
            ]
        return max(limits)

    def _work(self, key: str) -> int:
        """Seconds of work that remain."""
        activity: Activity = self.activity[key]
        if self.now is None or self.progress(key) in (Progress.OPEN, Progress.FAILED):
            return activity.duration
        left = activity.duration
        now = self.now
        if activity.actual_start is not None:
            now = max(now, activity.actual_start)
            until = now
            if self.progress(key) is Progress.BLOCKED and activity.blocked_since is not None:
                until = activity.blocked_since
            left = max(0, activity.duration - max(0, until - activity.actual_start))
        return left if activity.eta is None else min(left, max(0, activity.eta - now))

    def _finish(self, key: str) -> int:
        activity = self.activity[key]
        if self.closed(key):
            assert self.now is not None
            return self.now if activity.actual_finish is None else activity.actual_finish
        finish = self.resume(key) + self.work(key)
        if self.progress(key) in (Progress.RUNNING, Progress.BLOCKED) and activity.eta is not None:
            finish = max(finish, activity.eta)
        return finish

    def start(self, key: str) -> int:
        begun = self.begun(key)
        if self.progress(key) is Progress.SKIPPED or (self.closed(key) and begun is None):
            return self.finish(key)
        return self.finish(key) - self.work(key) if begun is None else begun

    def guess(self, key: str) -> bool:
        if self.closed(key):
            return False
        return self.own_guess(key) or any(self.guess(link.predecessor) for link in self.into(key))

    def own_guess(self, key: str) -> bool:
        activity, progress = self.activity[key], self.progress(key)
        if self.now is None or progress is Progress.OPEN:
            return False
        if progress is Progress.FAILED:
            return True
        if activity.eta is not None:
            return activity.eta < self.now
        if progress is Progress.BLOCKED or activity.actual_start is None:
            return True
        return activity.actual_start + activity.duration < self.now

    def _leads(self, key: str) -> bool:
        return key in self.ends or any(self.leads(link.successor) for link in self.out_of(key))

    def ways(self, key: str) -> list[tuple[str, int]]:
        """Every way from an open activity through open ones: (last one, seconds from this finish to its)."""
        found = [(key, 0)]
        for link in self.out_of(key):
            step = link.lag + self.work(link.successor)
            found += [(last, step + seconds) for last, seconds in self.ways(link.successor)]
        return found

    def late_finish(self, key: str) -> int:
        anchor = self.end_finish if self.case.anchor is None else self.case.anchor
        limits = []
        for last, seconds in self.ways(key):
            deadline = self.activity[last].deadline
            limits += [] if deadline is None else [deadline - seconds]
            limits += [anchor - seconds] if last in self.ends else []
            limits += [] if self.leads(key) else [self.network_finish - seconds]
        return min(limits)

    def free_float(self, key: str) -> int:
        gaps = [
            self.finish(link.successor) - self.work(link.successor) - link.lag - self.finish(key)
            for link in self.out_of(key)
        ]
        return max(0, min([self.late_finish(key) - self.finish(key), *gaps]))


@settings(max_examples=300)
@given(cases())
def test_against_a_second_implementation(case: Case) -> None:
    naive, result = Naive(case), case.schedule()

    assert (result.finish, result.network_finish) == (naive.end_finish, naive.network_finish)
    for key, timing in result.timings():
        assert (timing.start, timing.finish) == (naive.start(key), naive.finish(key))
        assert timing.allowed_start == naive.allowed(key)
        assert timing.guess == naive.guess(key)
        if naive.closed(key):
            assert timing.late_finish is None
        else:
            assert timing.late_finish == naive.late_finish(key)
            assert timing.free_float == naive.free_float(key)


@given(cases(moved=False))
def test_the_finish_is_the_longest_way_that_networkx_finds(case: Case) -> None:
    """The plan as a graph of ways from a source, over each activity's own limits, to a sink."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    durations = {activity.key: activity.duration for activity in case.activities}
    base = -1_000  # before any instant of a case, so that every way from the source has a positive length
    for activity in case.activities:
        earliest = max(case.plan_start, activity.not_before if activity.not_before is not None else base)
        graph.add_edge("source", activity.key, weight=earliest - base)
        graph.add_edge(activity.key, "sink", weight=activity.duration)
    for link in case.links:
        weight = durations[link.predecessor] + link.lag
        pair = (link.predecessor, link.successor)
        if not graph.has_edge(*pair) or graph.edges[pair]["weight"] < weight:
            graph.add_edge(*pair, weight=weight)

    assert case.schedule().network_finish == base + nx.dag_longest_path_length(graph)
