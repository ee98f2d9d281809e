"""All alert rules, in the order in which they speak where they find something about the same subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from warroom.rules.alerting import decisions, people, progress, sendings, slip, starts, targets
from warroom.rules.alerting.finding import Matter
from warroom.rules.alerting.limits import Limits
from warroom.rules.alerting.view import View
from warroom.vocabulary.words import Severity

Find = Callable[[View, Limits], Iterator[Matter]]
_M, _H = 60, 3600


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule.

    Attributes:
        find: what it finds, due or to come.
        limits: its own limits; the runbook and the run may say others.
        trigger, told: when it speaks and to whom, in words. Unless `over` says otherwise, it is over as soon as the
            trigger no longer holds.
        over: why its alert is closed, to follow the subject.
        whatever_the_clock: it says the same whatever the time; the others wait while a clock is doubted.
    """

    name: str
    find: Find
    limits: Limits
    trigger: str
    told: str
    over: str
    whatever_the_clock: bool = False


_NOTICE, _CRITICAL = Severity.NOTICE, Severity.CRITICAL

_ALL = (
    AlertRule(
        "dependency-slipped",
        slip.dependency_slipped,
        Limits(None, after_s=5 * _M),
        "A task on which others wait is over its planned window by its own doing, or is foreseen to be by more than "
        "`after`. Later than that by more than `after` it is a warning if it pushes others, and critical if it "
        "pushes something past its deadline or the window is broken",
        "owner, backup, lead",
        "is no longer late",
    ),
    AlertRule(
        "condition-overdue",
        decisions.condition_overdue,
        Limits(_CRITICAL, after_s=0),
        "A condition of a conditional go is open past its deadline and `after`",
        "its owner, the decider, lead",
        "is no longer late",
    ),
    AlertRule(
        "trigger-reached",
        decisions.trigger_reached,
        Limits(_CRITICAL),
        "A trigger of the back-out was raised, its clock ran out, or its condition no longer holds",
        "who decides on it, lead",
        "no longer calls for a back-out",
        whatever_the_clock=True,
    ),
    AlertRule(
        "back-out-decision",
        decisions.backout_decision,
        Limits(None, before_s=2 * _H),
        "The latest safe back-out decision is 2 h, 1 h, 30 min or 10 min ahead (those within `before`), or has passed",
        "the authority of the back-out, lead",
        "is decided, or further ahead",
    ),
    AlertRule(
        "window-breaks",
        targets.window_breaks,
        Limits(_CRITICAL, after_s=0),
        "The forecast ends beyond the window by more than `after`, and no alert is on a cause that pushes its end",
        "lead",
        "is kept again",
    ),
    AlertRule(
        "deadline-breaks",
        targets.deadline_breaks,
        Limits(after_s=0),
        "A task, or the decision of a gate, is forecast past its deadline by more than `after`, and no alert is on a "
        "cause that pushes it",
        "owner, backup, lead",
        "is expected in time again",
    ),
    AlertRule(
        "gate-due",
        decisions.gate_due,
        Limits(before_s=30 * _M),
        "A gate is due, or can be decided if that is later, within `before`, and votes or evidence are missing",
        "who has not voted, who owes the evidence, the decider",
        "has its votes and its evidence, or is decided",
    ),
    AlertRule(
        "overrun",
        progress.overrun,
        Limits(after_s=15 * _M, percent=25),
        "A task runs longer than the longest of its three points (calibration takes them from rehearsals), or without "
        "them longer than planned by `after` or `percent`, whichever is more, and no ETA lies ahead",
        "owner, backup",
        "is finished, or has an ETA",
    ),
    AlertRule(
        "eta-passed",
        progress.eta_passed,
        Limits(after_s=5 * _M),
        "A task is neither finished nor given another ETA `after` its ETA",
        "owner, backup",
        "is finished, or has a new ETA",
    ),
    AlertRule(
        "blocked-long",
        progress.blocked_long,
        Limits(after_s=30 * _M),
        "A task has been blocked for `after`, and by no party",
        "owner, backup, lead of the stream, lead",
        "is no longer blocked",
    ),
    AlertRule(
        "party-waits",
        progress.party_waits,
        Limits(after_s=30 * _M),
        "A task blocked by an external party is past what it promised (the ETA), or `after` the block without one",
        "owner, backup",
        "no longer waits for them",
    ),
    AlertRule(
        "verification-owed",
        progress.verification_owed,
        Limits(after_s=30 * _M),
        "A task was executed `after` ago and is not verified",
        "verifier, owner",
        "is verified",
    ),
    AlertRule(
        "attempt-stale",
        progress.attempt_stale,
        Limits(after_s=15 * _M),
        "What a task rests on was done again `after` ago, and nobody has settled whether it still holds",
        "owner, verifier",
        "is settled",
    ),
    AlertRule(
        "control-outside",
        decisions.control_outside,
        Limits(after_s=0),
        "The two sides of a control have differed by more than its tolerance for `after`, and that is not accepted",
        "who signs it, who loaded it, lead",
        "is settled",
        whatever_the_clock=True,
    ),
    AlertRule(
        "late-start",
        starts.late_start,
        Limits(after_s=20 * _M),
        "A ready task is not begun `after` its planned start, or after its predecessors allow it",
        "owner, backup, lead of the stream",
        "is begun",
    ),
    AlertRule(
        "owner-silent",
        starts.owner_silent,
        Limits(after_s=15 * _M),
        "A ready task is neither begun nor its alert acknowledged `after` it could begin as planned",
        "owner, backup",
        "is taken up",
    ),
    AlertRule(
        "off-shift",
        people.off_shift,
        Limits(before_s=2 * _H),
        "A task is expected to begin within `before` while nobody has its role, or its owner is away and nobody "
        "stands in",
        "owner, backup, lead",
        "has somebody again",
    ),
    AlertRule(
        "backup-unconfirmed",
        people.backup_unconfirmed,
        Limits(before_s=2 * _H),
        "A task is expected to begin within `before` while its owner is away, and who stands in has not acknowledged "
        "the alert",
        "who stands in, owner",
        "is confirmed",
    ),
    AlertRule(
        "double-booked",
        people.double_booked,
        Limits(_NOTICE, after_s=30 * _M, before_s=2 * _H),
        "Tasks of one person that begin within `before` overlap by more than `after`",
        "the person, lead",
        "is no longer double-booked",
    ),
    AlertRule(
        "communication-due",
        sendings.communication_due,
        Limits(None, after_s=5 * _M, before_s=15 * _M),
        "A text is to be sent within `before`, and its task is not begun `after` it could be, or will be late by more "
        "than `after`: a notice; a warning once it is over by `after`",
        "owner, backup, approver",
        "is sent, or will be in time",
    ),
    AlertRule(
        "eta-stale",
        progress.eta_stale,
        Limits(_NOTICE, after_s=2 * _H),
        "The ETA of a running task, or its progress, was given `after` ago",
        "owner",
        "is finished, or has a new ETA",
    ),
    AlertRule(
        "needed-earlier",
        starts.needed_earlier,
        Limits(_NOTICE, after_s=1 * _H, before_s=1 * _H),
        "The run is ahead: a task that still waits is needed earlier than planned by at least `after`, within `before`",
        "owner",
        "is ready, or no longer needed earlier",
    ),
    AlertRule(
        "you-are-next",
        starts.you_are_next,
        Limits(_NOTICE, after_s=5 * _M),
        "A task has been ready for `after` and is not begun",
        "owner",
        "is begun",
    ),
    AlertRule(
        "heads-up",
        starts.heads_up,
        Limits(_NOTICE, before_s=15 * _M, off=True),
        "A task is expected to begin within `before`, and predecessors are still open",
        "owner",
        "is ready",
    ),
    AlertRule(
        "confidence-low",
        targets.confidence_low,
        Limits(percent=80, off=True),
        "Less than `percent` of the trials end inside the window. Counted only where it is switched on",
        "lead",
        "is sure enough again",
    ),
)

RULES: Mapping[str, AlertRule] = MappingProxyType({rule.name: rule for rule in _ALL})


LIMITS = ("after", "before", "percent")
"""The limits that a rule may have, as a runbook calls them."""


def known_limits(rule: AlertRule) -> tuple[str, ...]:
    """Those of `LIMITS` that a rule has."""
    values = (rule.limits.after_s, rule.limits.before_s, rule.limits.percent)
    return tuple(name for name, value in zip(LIMITS, values, strict=True) if value is not None)


def fault_of_limits(name: str, given: Iterable[str]) -> str | None:
    """Why a rule cannot be given these limits, in words; None when it can."""
    known = known_limits(RULES[name])
    unknown = [limit for limit in given if limit not in known]
    if not unknown:
        return None
    return f"the alert rule {name} knows no {' and no '.join(unknown)}" + (
        f", only {' and '.join(known)}" if known else ""
    )
