"""What alerts there must be, by brute force: an own reading of the rules, minute after minute, from the facts of tasks.

It knows work that follows work (finish to start, with a lag), round the clock, and of the rules those about one task.
Nothing of the product is asked: times are minutes, a forecast is a walk over the tasks in order, and each rule is what
the README says of it. All rules speak equally loudly, so that of several the first of `RULES` is heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

SILENT_AFTER, NEXT_AFTER, LATE_AFTER = 15, 5, 20
SLIP_AFTER = 5
BLOCKED_AFTER, OWED_AFTER = 30, 30
ETA_AFTER, ETA_OLD = 5, 120
OVER_AFTER, OVER_SHARE = 15, 25
EARLY_BY, EARLY_AHEAD = 60, 60
DAMPED = 10

RULES = (
    "dependency-slipped",
    "overrun",
    "eta-passed",
    "blocked-long",
    "verification-owed",
    "late-start",
    "owner-silent",
    "eta-stale",
    "needed-earlier",
    "you-are-next",
)
"""In the order of the README."""


@dataclass
class Fact:
    """A task and what was reported of it, in minutes after the start of the window.

    Attributes:
        after: its predecessors, with lags. verified: somebody verifies it.
        state: "open", "running", "blocked", "verifying" or "done".
    """

    ref: str
    duration: int
    after: tuple[tuple[str, int], ...]
    not_before: int
    verified: bool
    state: str = "open"
    started: int | None = None
    executed: int | None = None
    finished: int | None = None
    eta: int | None = None
    eta_at: int | None = None
    blocked_at: int | None = None


@dataclass
class Raised:
    """An alert: when it was raised and, each time it was open, from when to when."""

    rule: str
    subject: str
    episode: int
    spans: list[list[int | None]] = field(default_factory=list)

    @property
    def closed(self) -> int | None:
        return self.spans[-1][1]


class Oracle:
    """Looks at everything every minute, and writes down what must be raised and closed.

    Args:
        facts: in an order in which each comes after those before it. rules: those that speak.
    """

    def __init__(self, facts: Iterable[Fact], rules: Collection[str] = RULES) -> None:
        self._rules = rules
        self.facts = {fact.ref: fact for fact in facts}
        self.alerts: list[Raised] = []
        self._planned = self._walk(planned=True, now=0)

    def look(self, now: int) -> None:
        """What a sweep in this minute must do."""
        found = self.found(now)
        for alert in self.alerts:
            if alert.closed is None and alert.subject not in found:
                alert.spans[-1][1] = now
        for subject, rule in found.items():
            of_it = [alert for alert in self.alerts if alert.subject == subject]
            if of_it and of_it[-1].closed is None:
                continue
            if of_it and of_it[-1].closed is not None and now - of_it[-1].closed <= DAMPED:
                of_it[-1].spans.append([now, None])
            else:
                self.alerts.append(Raised(rule, subject, len(of_it) + 1, [[now, None]]))

    def found(self, now: int) -> dict[str, str]:
        """The rule that is heard about each task now."""
        times = self._walk(planned=False, now=now)
        heard = {}
        for fact in self.facts.values():
            speaking = set(self._speaking(fact, now, times))
            first = next((rule for rule in RULES if rule in speaking and rule in self._rules), None)
            if first is not None:
                heard[fact.ref] = first
        return heard

    def _walk(self, *, planned: bool, now: int) -> dict[str, tuple[int, int]]:
        """Start and finish of each task: as planned, or as expected now."""
        times: dict[str, tuple[int, int]] = {}
        for fact in self.facts.values():
            start = max([fact.not_before, 0, *(times[ref][1] + lag for ref, lag in fact.after)])
            if planned or fact.state == "open":
                start = start if planned else max(start, now)
                times[fact.ref] = start, start + fact.duration
            elif fact.state == "done":
                assert fact.started is not None
                assert fact.finished is not None
                times[fact.ref] = fact.started, fact.finished
            else:
                times[fact.ref] = self._going_on(fact, now)
        return times

    def _going_on(self, fact: Fact, now: int) -> tuple[int, int]:
        """A task that was begun: to its ETA; without one for as long as it takes, and a blocked one from now on."""
        assert fact.started is not None
        if fact.eta is not None:
            return fact.started, max(now, fact.eta)
        if fact.state == "blocked":
            assert fact.blocked_at is not None
            left = max(0, fact.duration - (fact.blocked_at - fact.started))
            return fact.started, now + left
        return fact.started, max(now, fact.started + fact.duration)

    def _free(self, fact: Fact) -> int | None:
        """From when on it can be begun; None while it waits."""
        ends = [self.facts[ref].finished for ref, _ in fact.after]
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            return None
        lags = (lag for _, lag in fact.after)
        return max([fact.not_before, 0, *(end + lag for end, lag in zip(known, lags, strict=True))])

    def _speaking(self, fact: Fact, now: int, times: dict[str, tuple[int, int]]) -> Iterable[str]:
        planned_start, planned_finish = self._planned[fact.ref]
        start, finish = times[fact.ref]
        allowed = max([fact.not_before, 0, *(times[ref][1] + lag for ref, lag in fact.after)])
        inherited = max(0, allowed - planned_start)
        free = self._free(fact)
        waits = fact.state == "open" and (free is None or free > now)
        if fact.state != "done" and free is not None and self._wait_for(fact):
            own = finish - planned_finish - inherited
            over = now > planned_finish + inherited
            if finish > planned_finish and own > 0 and (over or own > SLIP_AFTER):
                yield "dependency-slipped"
        if fact.state == "open" and free is not None:
            if now >= free + NEXT_AFTER:
                yield "you-are-next"
            if now >= max(free, planned_start) + SILENT_AFTER:
                yield "owner-silent"
            if now > max(planned_start, allowed) + LATE_AFTER:
                yield "late-start"
        if waits and free is None and planned_start - start >= EARLY_BY and now >= start - EARLY_AHEAD:
            yield "needed-earlier"
        yield from self._of_what_was_begun(fact, now)

    def _of_what_was_begun(self, fact: Fact, now: int) -> Iterable[str]:
        if fact.state == "running":
            assert fact.started is not None
            most = fact.started + fact.duration + max(OVER_AFTER, fact.duration * OVER_SHARE / 100)
            if fact.duration and now > max(most, fact.eta or 0):
                yield "overrun"
            if fact.eta_at is not None and now >= fact.eta_at + ETA_OLD:
                yield "eta-stale"
        if fact.state in ("running", "blocked") and fact.eta is not None and now > fact.eta + ETA_AFTER:
            yield "eta-passed"
        if fact.state == "blocked" and fact.blocked_at is not None and now >= fact.blocked_at + BLOCKED_AFTER:
            yield "blocked-long"
        if fact.state == "verifying" and fact.executed is not None and now >= fact.executed + OWED_AFTER:
            yield "verification-owed"

    def _wait_for(self, fact: Fact) -> bool:
        """Whether something that is not done yet depends on it; or the end of everything does."""
        behind = [other for other in self.facts.values() if any(ref == fact.ref for ref, _ in other.after)]
        return not behind or any(other.state != "done" for other in behind)
