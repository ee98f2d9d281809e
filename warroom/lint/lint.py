"""Looking for planning faults: every rule speaks, and what the runbook silences is kept with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from warroom.board.board import Board
from warroom.lint.plan import Plan
from warroom.lint.registry import RULES, UNUSED_SILENCE
from warroom.lint.rule import Finding, Weight
from warroom.runbook.document import RunbookDocument
from warroom.runbook.faults import Place
from warroom.runbook.surroundings import Silence

_NOWHERE = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the lint says of a plan.

    Attributes:
        findings: all, errors first, then in the order of the rules and of the file; silenced ones too.
        skipped: names of the rules that could not be judged, because nothing is known of rehearsals.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[str, ...]

    def count(self, weight: Weight) -> int:
        """How many findings of that weight are not silenced."""
        return sum(finding.weight is weight and finding.silenced is None for finding in self.findings)


def lint(document: RunbookDocument, rehearsals: Sequence[Board] | None = None) -> Verdict:
    """Judge a plan by all rules.

    Args:
        rehearsals: one Board for each rehearsal, the earliest first; None: nothing is known of any.
    """
    plan = Plan(document, rehearsals)
    findings: list[Finding] = []
    skipped: list[str] = []
    for rule in RULES:
        if rule.needs_rehearsals and rehearsals is None:
            skipped.append(rule.name)
            continue
        told = [
            Finding(rule.name, rule.weight, remark.subject, remark.message, remark.hint, plan.place(remark.path))
            for remark in rule.find(plan)
        ]
        findings += sorted(told, key=lambda finding: finding.place or _NOWHERE)
    silences = document.surroundings.silences
    judged = [_silenced(finding, silences) for finding in findings]
    judged += _unused(plan, silences, findings, skipped)
    return Verdict(tuple(judged), tuple(skipped))


def _silenced(finding: Finding, silences: Sequence[Silence]) -> Finding:
    reason = next((silence.reason for silence in silences if _matches(silence, finding)), None)
    return finding if reason is None else replace(finding, silenced=reason)


def _matches(silence: Silence, finding: Finding) -> bool:
    return silence.rule == finding.rule and silence.where in (None, finding.subject)


def _unused(
    plan: Plan, silences: Sequence[Silence], findings: Sequence[Finding], skipped: Sequence[str]
) -> Iterator[Finding]:
    known = [rule.name for rule in RULES]
    for index, silence in enumerate(silences):
        if silence.rule in skipped or any(_matches(silence, finding) for finding in findings):
            continue
        at = "" if silence.where is None else f" at {silence.where}"
        message, hint = f"the rule {silence.rule} has nothing to say{at}", "take this silence out"
        if silence.rule not in known:
            near = get_close_matches(silence.rule, known, n=1)
            message = f"there is no rule {silence.rule}"
            hint = f"did you mean {near[0]!r}?" if near else "warroom runbook check --rules lists them"
        place = plan.document.marks.item("lint", "silence", index)
        yield Finding(UNUSED_SILENCE, Weight.WARNING, silence.where or silence.rule, message, hint, place)
