"""Rules about what the runbook says of alerts."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from warroom.lint.plan import Plan
from warroom.lint.rule import Remark
from warroom.rules.alerting.registry import LIMITS, RULES, fault_of_limits


def alert_rule_unknown(plan: Plan) -> Iterator[Remark]:
    for limits in plan.document.alerts.limits:
        path = ("alerts", "rules", limits.rule)
        if limits.rule not in RULES:
            near = get_close_matches(limits.rule, RULES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "warroom alert rules lists them"
            yield Remark(limits.rule, f"there is no alert rule {limits.rule}", path, hint)
            continue
        values = (limits.after_s, limits.before_s, limits.percent)
        given = [name for name, value in zip(LIMITS, values, strict=True) if value is not None]
        if (fault := fault_of_limits(limits.rule, given)) is not None:
            yield Remark(limits.rule, fault, path, "take it out")
