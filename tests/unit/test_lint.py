"""Every rule of the lint: what it finds, at its place, and what silences it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.faults import place_of
from warroom.lint.lint import lint
from warroom.lint.registry import RULES, UNUSED_SILENCE
from warroom.lint.rule import Finding, Weight
from warroom.runbook.reader import read_text
from warroom.runbook.starter import PLATFORMS, starter

GOOD = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T18:00, end: T+24h, ends_with: OPEN}
environments: [{key: prod, production: true}]
calendars:
  office: {days: mon-fri, hours: "08:00-17:00"}
  weekend: {days: sat-sun, hours: "08:00-17:00"}
people:
- {handle: ana, name: Ana}
- {handle: mei, name: Mei}
- {handle: bo, name: Bo}
- {handle: cy, name: Cy}
rota:
  desk: [{from: T-20d, to: T+2h30, who: ana}, {from: T+3h, to: T+50h, who: mei}]
communications:
- {key: freeze, title: F, notice: freeze, audience: [Bank], external: true, channel: mail, text: x}
- {key: open, title: O, notice: go-live, audience: [All], channel: mail, text: x}
tasks:
- {ref: TELL, title: T, kind: communication, communication: freeze, owner: ana, backup: bo, duration: 5m,
   not_before: T-10d}
- {ref: LOAD, title: L, owner: mei, backup: bo, duration: 2h, after: [TELL], not_before: T}
- {ref: CHECK, title: C, owner: bo, backup: cy, verifier: ana, duration: 1h, after: [LOAD]}
- {ref: ASIDE, title: A, owner: cy, backup: ana, duration: 1h, after: [TELL], not_before: T}
- {ref: OPEN, title: O, owner: mei, backup: cy, duration: 1h, after: [GO, ASIDE], opens: [users]}
- {ref: SAY, title: S, kind: communication, communication: open, owner: ana, backup: bo, duration: 5m, after: [OPEN]}
gates:
- {ref: GO, title: Go, owner: ana, backup: bo, after: [CHECK], due: T+4h, stage: go-live,
   seats: [{title: One, person: ana}, {title: Two, person: mei}], criteria: [All is well]}
rollback:
  point_of_no_return: OPEN
  authority: [ana]
  tasks: [{ref: BACK, title: B, owner: mei, backup: cy, duration: 2h}]
controls: [{key: tb, name: TB, tolerance: {abs: 0}, signs: ana}]
"""


@dataclass(frozen=True)
class Case:
    """`old` in the good plan becomes `new`, as often as it is there; the rule speaks where `at` stands then."""

    rule: str
    old: str
    new: str
    at: str
    message: str
    subject: str
    more: frozenset[str] = frozenset()
    """Other rules that may speak because of the same change."""
    also: tuple[tuple[str, str], ...] = ()
    """What else becomes what."""


CASES = [
    Case("alert-rule-unknown", "rollback:", "alerts: {rules: {late-star: {after: 5m}}}\nrollback:",
         "late-star", "there is no alert rule late-star", "late-star"),
    Case("alert-rule-unknown", "rollback:", "alerts: {rules: {overrun: {before: 5m}}}\nrollback:",
         "overrun",
         "the alert rule overrun knows no before, only after and percent", "overrun"),
    Case("opens-before-final-gate", "after: [GO, ASIDE], opens", "after: [ASIDE], opens", "[users]",
         "OPEN opens users, and does not wait for the final gate", "OPEN",
         frozenset({"single-person", "double-booked"})),
    Case("opens-before-final-gate", "after: [GO, ASIDE], opens: [users]", "after: [ASIDE]", "{ref: OPEN",
         "OPEN is the point of no return, and does not wait", "OPEN",
         frozenset({"single-person", "double-booked"})),
    Case("opens-before-final-gate", "after: [LOAD]}", "after: [LOAD], opens: [mail, jobs]}", "[mail",
         "CHECK opens mail, jobs, and does not wait", "CHECK"),
    Case("rehearsal-in-production", "after: [TELL], not_before: T}\n- {ref: OPEN",
         "after: [TELL], not_before: T, runs: rehearsal, environment: prod}\n- {ref: OPEN", "prod}",
         "ASIDE rehearses in production (prod), which nobody has approved", "ASIDE"),
    Case("window-does-not-fit", "end: T+24h", "end: T+4h", "T+4h",
         "30m after the end of the window", "window", frozenset({"no-slack-before-back-out"})),
    Case("impossible-hours", "owner: cy, backup: ana", "owner: cy, backup: ana, calendar: weekend", "{ref: ASIDE",
         "ASIDE is never worked on: the calendar weekend and the hours of its owner cy have no time in common", "ASIDE",
         frozenset({"window-does-not-fit", "single-person", "no-slack-before-back-out"}),
         (("name: Cy}", "name: Cy, calendar: office}"),)),
    Case("verifier-is-owner", "owner: bo, backup: cy, verifier", "owner: role:desk, backup: cy, verifier",
         "ana, duration", "ana would verify their own work on CHECK", "CHECK"),
    Case("placeholder-duration", "duration: 2h, after", "duration: {likely: 2h, placeholder: true}, after", "{likely",
         "one duration is a placeholder: LOAD", "LOAD"),
    Case("no-slack-before-back-out", "ends_with: OPEN", "ends_with: OPEN, restore_by: T+6h", "{ref: GO",
         "GO is decided at Fri 27 Nov 21:30, and the latest safe back-out decision is at Fri 27 Nov 21:00", "GO"),
    Case("window-end-not-named", ", ends_with: OPEN", "", "{start", "never names the task that ends the window",
         "window"),
    Case("deadline-not-met", "due: T+4h", "due: T+3h", "T+3h", "GO is planned to be finished 30m after its due", "GO"),
    Case("deadline-not-met", "verifier: ana, duration: 1h", "duration: 1h, deadline: T+2h", "T+2h",
         "CHECK is planned to be finished 1h after its deadline", "CHECK"),
    Case("deadline-not-met", "verifier: ana, duration: 1h", "duration: 1h, must_start: T+1h", "T+1h,",
         "CHECK is planned to start 1h after its must start", "CHECK"),
    Case("single-person", "owner: mei, backup: bo, duration: 2h", "owner: mei, duration: 2h", "{ref: LOAD",
         "LOAD is on the longest path and has no backup", "LOAD"),
    Case("single-person", "name: Cy}", "name: Cy, away: [{from: T+2h, to: T+3h}]}", "{ref: CHECK",
         "CHECK is on the longest path and can be done by one person only at Fri 27 Nov 20:00", "CHECK"),
    Case("no-backup", "owner: cy, backup: ana", "owner: cy", "{ref: ASIDE", "ASIDE has no backup", "ASIDE"),
    Case("no-backup", "owner: mei, backup: cy, duration: 2h", "owner: mei, duration: 2h", "{ref: BACK",
         "BACK has no backup", "BACK"),
    Case("backup-is-owner", "owner: cy, backup: ana", "owner: cy, backup: cy", "cy, duration",
         "cy is the owner of ASIDE and its backup too", "ASIDE"),
    Case("double-booked", "owner: cy, backup: ana", "owner: mei, backup: ana", "mei, backup: bo",
         "mei has ASIDE and LOAD at the same time, 1h from Fri 27 Nov 18:00 on", "LOAD"),
    Case("outside-availability", "name: Cy}", "name: Cy, away: [{from: T, to: T+1h}]}", "cy, backup: ana",
         "cy is not available at Fri 27 Nov 18:00: ASIDE waits until Fri 27 Nov 19:00", "ASIDE"),
    Case("outside-availability", "{title: Two, person: mei}", "{title: Two, person: cy}", "{title: Two",
         "nobody who holds the seat 'Two' is available for GO at Fri 27 Nov 21:00", "GO",
         frozenset({"single-person"}), (("name: Cy}", "name: Cy, away: [{from: T+3h, to: T+3h30}]}"),)),
    Case("off-rota", "owner: cy, backup: ana, duration: 1h, after: [TELL], not_before: T",
         "owner: role:desk, backup: cy, duration: 15m, after: [TELL], not_before: T+2h40", "role:desk",
         "nobody has the role desk at Fri 27 Nov 20:40, when ASIDE starts: mei is taken", "ASIDE"),
    Case("gate-without-seats", "seats: [{title: One, person: ana}, {title: Two, person: mei}], ", "", "{ref: GO",
         "nobody votes at GO: its owner decides alone", "GO"),
    Case("gate-without-criteria", ", criteria: [All is well]", "", "{ref: GO", "GO has no criteria", "GO"),
    Case("back-out-without-authority", "  authority: [ana]\n", "", "point_of_no_return",
         "nobody is named who may decide on a back-out", "rollback"),
    Case("control-without-tolerance", ", tolerance: {abs: 0}", "", "{key: tb", "the control tb has no tolerance", "tb"),
    Case("told-late", "not_before: T-10d", "not_before: T-47h", "{ref: TELL",
         "those outside are told of the freeze 46h55 before it (by freeze), not 48h", "freeze"),
    Case("no-freeze-notice", "notice: freeze", "notice: other", "- {ref: TELL",
         "no task of kind communication tells people about the freeze", "tasks"),
    Case("no-go-live-notice", "notice: go-live", "notice: other", "- {ref: TELL",
         "no task of kind communication tells people that the new system is open", "tasks"),
    Case("redundant-link", "after: [CHECK]", "after: [CHECK, LOAD]", "LOAD]",
         "GO comes after LOAD anyway, through CHECK", "GO"),
    Case("isolated-task", "after: [TELL], not_before: T}\n- {ref: OPEN", "not_before: T}\n- {ref: OPEN", "{ref: ASIDE",
         "ASIDE is linked to nothing", "ASIDE", frozenset(), (("after: [GO, ASIDE]", "after: [GO]"),)),
]  # fmt: skip


def findings(text: str) -> tuple[Finding, ...]:
    return lint(read_text(text, "plan.yaml")).findings


def changed(case: Case) -> str:
    text = GOOD
    for old, new in ((case.old, case.new), *case.also):
        assert old in text, "the case must change something"
        text = text.replace(old, new)
    return text


def where(finding: Finding) -> str:
    assert finding.place is not None
    return f"plan.yaml:{finding.place.line}:{finding.place.column}"


def test_the_plan_that_the_cases_change_has_no_fault() -> None:
    assert findings(GOOD) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.message[:30]}")
def test_a_rule_speaks_at_its_place(case: Case) -> None:
    text = changed(case)
    told = findings(text)
    matching = [finding for finding in told if finding.rule == case.rule and case.message in finding.message]
    assert len(matching) == 1, told
    (finding,) = matching
    line = GOOD.rfind("\n", 0, GOOD.index(case.old)) + 1
    assert where(finding) == place_of(text, case.at, line if case.at in text[line:] else 0)
    assert finding.subject == case.subject
    rule = next(rule for rule in RULES if rule.name == case.rule)
    assert finding.weight is rule.weight
    assert {finding.rule for finding in told} - {case.rule} <= case.more, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.message[:30]}")
def test_a_rule_is_silenced_with_a_reason(case: Case) -> None:
    silence = f"lint: {{silence: [{{rule: {case.rule}, where: {case.subject}, reason: It is so.}}]}}\n"
    told = [finding for finding in findings(changed(case) + silence) if finding.rule == case.rule]
    assert [finding.silenced for finding in told if finding.subject == case.subject] == ["It is so."]


def test_every_rule_has_a_case() -> None:
    judged = {case.rule for case in CASES}
    assert judged == {rule.name for rule in RULES if not rule.needs_rehearsals}


def test_a_silence_that_matches_nothing_is_told() -> None:
    text = GOOD + "lint: {silence: [{rule: no-backup, reason: x}, {rule: no-backups, where: LOAD, reason: x}]}\n"
    unused, unknown = findings(text)
    assert (unused.rule, unused.weight) == (UNUSED_SILENCE, Weight.WARNING)
    assert (where(unused), unused.message) == (
        place_of(text, "{rule: no-backup,"),
        "the rule no-backup has nothing to say",
    )
    assert (where(unknown), unknown.message) == (place_of(text, "{rule: no-backups"), "there is no rule no-backups")
    assert unknown.hint == "did you mean 'no-backup'?"
    text = GOOD + "lint: {silence: [{rule: back-out-never-rehearsed, reason: x}]}\n"
    assert findings(text) == (), "a rule that cannot be judged may be silenced"


def test_a_silence_holds_only_where_it_says() -> None:
    text = GOOD.replace("owner: cy, backup: ana", "owner: cy").replace("backup: cy, duration: 2h", "duration: 2h")
    silenced = text + "lint: {silence: [{rule: no-backup, where: BACK, reason: x}]}\n"
    assert [(finding.subject, finding.silenced) for finding in findings(silenced)] == [("ASIDE", None), ("BACK", "x")]


def test_links_are_not_redundant_where_a_run_leaves_the_other_way_out() -> None:
    """CHECK takes part in the live run only, so that in rehearsals nothing but the link from LOAD holds GO."""
    text = GOOD.replace("after: [CHECK]", "after: [CHECK, LOAD]").replace(
        "after: [LOAD]}", "after: [LOAD], runs: live}"
    )
    assert findings(text) == ()
    lead = GOOD.replace("after: [CHECK]", "after: [CHECK, LOAD FS-5m]")
    assert findings(lead) == (), "a link with a lead says something of its own"
    behind = GOOD.replace("after: [LOAD]}", "after: [LOAD SS]}").replace("after: [CHECK]", "after: [CHECK, LOAD]")
    assert not [finding for finding in findings(behind) if finding.rule == "redundant-link"]


def test_an_approval_allows_rehearsals_in_production() -> None:
    text = GOOD.replace(
        "not_before: T}\n- {ref: OPEN", "not_before: T, runs: rehearsal, environment: prod}\n- {ref: OPEN"
    )
    approved = text.replace("production: true}", "production: true, rehearsal_approval: Ana on 1 November}")
    assert findings(approved) == ()


def test_without_a_marked_gate_the_last_one_before_the_point_of_no_return_is_final() -> None:
    assert findings(GOOD.replace(", stage: go-live", "")) == ()
    none = findings(GOOD.replace(", stage: go-live", "").replace("after: [GO, ASIDE]", "after: [ASIDE]"))
    assert [finding.hint for finding in none if finding.weight is Weight.ERROR] == [
        "put it after a gate with stage: go-live"
    ]


def test_who_may_be_interrupted_may_be_booked_twice() -> None:
    text = GOOD.replace("owner: cy, backup: ana", "owner: mei, backup: ana, splittable: true")
    assert findings(text) == ()


def test_what_is_sent_by_itself_counts_as_a_notice_to_those_outside() -> None:
    text = GOOD.replace("not_before: T-10d", "not_before: T-1h").replace("communication: freeze", "communication: f2")
    text = text.replace(
        "communications:\n",
        "communications:\n- {key: f2, title: F, notice: freeze, audience: [All], channel: mail, text: x}\n",
    )
    early = text.replace("external: true, channel: mail", "external: true, when: T-3d, channel: mail")
    assert findings(early) == ()
    (late,) = findings(early.replace("when: T-3d", "when: T-1d"))
    assert (late.rule, where(late)) == ("told-late", place_of(early.replace("T-3d", "T-1d"), "T-1d"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_starter_has_only_placeholders_to_be_rehearsed(platform: str) -> None:
    today = datetime(2026, 11, 22, 9, tzinfo=UTC)
    document = read_text(starter(platform, today), "new.yaml")
    verdict = lint(document)
    assert [finding.rule for finding in verdict.findings] == ["placeholder-duration"]
    assert verdict.skipped == ("back-out-never-rehearsed", "duration-unlike-rehearsals")
    assert document.programme.platform == platform
    assert document.window.start == datetime(2027, 2, 19, 17, tzinfo=UTC), "a Friday evening in Berlin"
