"""Every rule of the lint, in the order in which findings are told."""

from __future__ import annotations

from warroom.lint import alert_rules, decision_rules, people_rules, rehearsal_rules, schedule_rules
from warroom.lint.rule import Rule, Weight

UNUSED_SILENCE = "unused-silence"

RULES: tuple[Rule, ...] = (
    Rule(
        "opens-before-final-gate",
        Weight.ERROR,
        "A task that opens users, interfaces, mail, jobs or payments, or is the point of no return, does not wait for "
        "the final gate.",
        decision_rules.opens_before_final_gate,
    ),
    Rule(
        "rehearsal-in-production",
        Weight.ERROR,
        "A task of rehearsals is done in production, and no approval is recorded.",
        decision_rules.rehearsal_in_production,
    ),
    Rule(
        "window-does-not-fit",
        Weight.ERROR,
        "The task that ends the window is planned to finish after it.",
        schedule_rules.window_does_not_fit,
    ),
    Rule(
        "impossible-hours",
        Weight.ERROR,
        "Calendars and absences leave no time for a task.",
        people_rules.impossible,
    ),
    Rule(
        "verifier-is-owner",
        Weight.ERROR,
        "By the rota, the same person owns a task and verifies it.",
        people_rules.verifier_is_owner,
    ),
    Rule(
        "alert-rule-unknown",
        Weight.ERROR,
        "Limits are given for an alert rule that is not there, or that does not know them.",
        alert_rules.alert_rule_unknown,
    ),
    Rule(
        "placeholder-duration",
        Weight.WARNING,
        "Durations are only placeholders; rehearse them first.",
        schedule_rules.placeholder_duration,
    ),
    Rule(
        "back-out-never-rehearsed",
        Weight.WARNING,
        "No rehearsal has played the back-out.",
        rehearsal_rules.back_out_never_rehearsed,
        needs_rehearsals=True,
    ),
    Rule(
        "duration-unlike-rehearsals",
        Weight.WARNING,
        "A duration is much unlike what the last rehearsal took: half as long again, or outside its three points.",
        rehearsal_rules.duration_unlike_rehearsals,
        needs_rehearsals=True,
    ),
    Rule(
        "no-slack-before-back-out",
        Weight.WARNING,
        "The final gate is decided no earlier than the latest safe back-out decision.",
        schedule_rules.no_slack_before_back_out,
    ),
    Rule(
        "window-end-not-named",
        Weight.WARNING,
        "The window does not name the task that ends it.",
        schedule_rules.window_end_not_named,
    ),
    Rule(
        "deadline-not-met",
        Weight.WARNING,
        "A task or a gate is planned later than its deadline, its due time or the time at which it must be.",
        schedule_rules.deadline_not_met,
    ),
    Rule(
        "single-person",
        Weight.WARNING,
        "Only one person can do a task of the longest path.",
        people_rules.single_person,
    ),
    Rule("no-backup", Weight.WARNING, "A task or a gate has no backup.", people_rules.no_backup),
    Rule("backup-is-owner", Weight.WARNING, "The backup of a task is its owner.", people_rules.backup_is_owner),
    Rule(
        "double-booked",
        Weight.WARNING,
        "An owner has two tasks at the same time, neither of them splittable.",
        people_rules.double_booked,
    ),
    Rule(
        "outside-availability",
        Weight.WARNING,
        "An owner, or everybody who may hold a seat, is not available when a task or a gate needs them.",
        people_rules.outside_availability,
    ),
    Rule("off-rota", Weight.WARNING, "Nobody has a role when a task needs it.", people_rules.off_rota),
    Rule(
        "gate-without-seats",
        Weight.WARNING,
        "Nobody votes at a gate.",
        decision_rules.gate_without_seats,
    ),
    Rule("gate-without-criteria", Weight.WARNING, "A gate has no criteria.", decision_rules.gate_without_criteria),
    Rule(
        "back-out-without-authority",
        Weight.WARNING,
        "There is a back-out, and nobody who may decide on it.",
        decision_rules.back_out_without_authority,
    ),
    Rule(
        "control-without-tolerance",
        Weight.WARNING,
        "A control does not say what may differ.",
        decision_rules.control_without_tolerance,
    ),
    Rule(
        "told-late",
        Weight.WARNING,
        "Partners, vendors or others outside are told of the freeze less than 48 hours before the window starts.",
        decision_rules.told_late,
    ),
    Rule("no-freeze-notice", Weight.WARNING, "No task tells people about the freeze.", decision_rules.no_freeze_notice),
    Rule("no-go-live-notice", Weight.WARNING, "No task tells people of the go-live.", decision_rules.no_go_live_notice),
    Rule(
        "redundant-link",
        Weight.WARNING,
        "A link says what other links say already.",
        schedule_rules.redundant_link,
    ),
    Rule("isolated-task", Weight.WARNING, "A task has no links at all.", schedule_rules.isolated_task),
)
"""The rule `unused-silence` stands beside them: it judges the silences once all others have spoken."""
