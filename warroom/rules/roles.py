"""Who may do what: the one table behind the permissions, `warroom doctor --permissions` and the README."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from warroom.vocabulary.words import Role


class Place(StrEnum):
    """What somebody is to the very thing that is done."""

    OWNER = "owner"
    BACKUP = "backup"
    VERIFIER = "verifier"
    SEAT = "seat"
    EVALUATOR = "evaluator"
    AUTHORITY = "authority"
    APPROVER = "approver"
    REQUIRED = "required"
    SELF = "self"
    ANYBODY = "anybody"


class Capability(StrEnum):
    """Something that not everybody may do."""

    WORK = "work"
    START_EARLY = "start-out-of-sequence"
    CONFIRM = "confirm"
    CHECK = "check"
    VERIFY = "verify"
    CORRECT = "correct"
    UNDO = "undo"
    NOTE = "note"
    ATTACH = "attach-evidence"
    RECORD = "record-for-others"
    VOTE = "vote"
    RECORD_VOTE = "record-votes"
    DECIDE = "decide"
    ASSESS = "assess"
    LOG = "log"
    CALL_TRIGGER = "call-trigger"
    END_CALL = "end-trigger-call"
    BACK_OUT = "back-out"
    CONTROL_RUN = "control-run"
    PLAN_BEFORE = "change-plan-before-run"
    PLAN_DURING = "change-plan-in-run"
    HAND_OVER_TASK = "hand-task-to-backup"
    EDIT_PEOPLE = "edit-people"
    EDIT_SELF = "edit-contact"
    SUBSTITUTE = "substitute"
    SAY_AWAY = "say-away"
    GIVE_SHIFT = "give-shift"
    ACCEPT_SHIFT = "accept-shift"
    SHOUT = "shout"
    ANSWER_ALERT = "answer-alert"
    SET_LIMITS = "set-alert-limits"
    COMMUNICATE = "send-communication"
    APPROVE = "approve-communication"
    LOOK = "look"

    @property
    def about(self) -> str:
        """What it is, in words."""
        return _ABOUT[self]


_ABOUT = {
    Capability.WORK: "Start, tick, finish, block, skip or fail a task, give an ETA or progress",
    Capability.START_EARLY: "Start a task before its predecessors are finished",
    Capability.CONFIRM: "Confirm the start or the finish of a task that requires several people",
    Capability.CHECK: "Tick verification steps",
    Capability.VERIFY: "Verify what somebody else has executed",
    Capability.CORRECT: "Reopen a task, do it again, correct its times, settle what is stale",
    Capability.UNDO: "Take back one's own last action",
    Capability.NOTE: "Write a note",
    Capability.ATTACH: "Attach evidence",
    Capability.RECORD: "Record what somebody else did (--for)",
    Capability.VOTE: "Vote on a seat",
    Capability.RECORD_VOTE: "Write down a vote that somebody gave by voice, before a witness",
    Capability.DECIDE: "Decide a gate, waive a criterion",
    Capability.ASSESS: "Judge a criterion",
    Capability.LOG: "Record the figure of a criterion, or a problem and what becomes of it",
    Capability.CALL_TRIGGER: "Raise a trigger of the back-out, start its clock",
    Capability.END_CALL: "Withdraw a trigger that was raised, stop its clock",
    Capability.BACK_OUT: "Back out; after the point of no return, choose a way to recover",
    Capability.CONTROL_RUN: "Start, hold and close runs",
    Capability.PLAN_BEFORE: "Change the plan before a run",
    Capability.PLAN_DURING: "Change the plan of a run",
    Capability.HAND_OVER_TASK: "Hand a task to its backup",
    Capability.EDIT_PEOPLE: "Add and edit people, their roles, and parties",
    Capability.EDIT_SELF: "Change phone, time zone and addresses of a person",
    Capability.SUBSTITUTE: "Name a substitute",
    Capability.SAY_AWAY: "Say that somebody is away, or back",
    Capability.GIVE_SHIFT: "Offer a shift",
    Capability.ACCEPT_SHIFT: "Accept a shift",
    Capability.SHOUT: "Shout a line to everybody, a stream or one person",
    Capability.ANSWER_ALERT: "Acknowledge or snooze an alert",
    Capability.SET_LIMITS: "Change the limits of alert rules in a run",
    Capability.COMMUNICATE: "Edit and send the text of a communication",
    Capability.APPROVE: "Approve the text of a communication, unless one has edited it",
    Capability.LOOK: "Look at everything; backup, restore, doctor",
}

Grantee = Role | Place

_LEADS: frozenset[Grantee] = frozenset({Role.LEAD, Role.DEPUTY})
_ALL: frozenset[Grantee] = frozenset({*Role, *Place})

GRANTS: Mapping[Capability, frozenset[Grantee]] = MappingProxyType(
    {
        Capability.WORK: _LEADS | {Place.OWNER, Place.BACKUP},
        Capability.START_EARLY: _LEADS,
        Capability.CONFIRM: frozenset({Place.REQUIRED}),
        Capability.CHECK: _LEADS | {Place.VERIFIER},
        Capability.VERIFY: _LEADS | {Place.VERIFIER},
        Capability.CORRECT: _LEADS | {Place.OWNER, Place.BACKUP, Place.VERIFIER},
        Capability.UNDO: _ALL - {Role.OBSERVER},
        Capability.NOTE: _ALL,
        Capability.ATTACH: _ALL - {Role.OBSERVER},
        Capability.RECORD: _LEADS | {Role.SCRIBE},
        Capability.VOTE: frozenset({Place.SEAT}),
        Capability.RECORD_VOTE: _LEADS | {Role.SCRIBE},
        Capability.DECIDE: _LEADS | {Place.OWNER, Place.BACKUP},
        Capability.ASSESS: _LEADS | {Place.EVALUATOR},
        Capability.LOG: _ALL - {Role.OBSERVER},
        Capability.CALL_TRIGGER: _ALL - {Role.OBSERVER},
        Capability.END_CALL: _LEADS | {Place.AUTHORITY, Place.SELF},
        Capability.BACK_OUT: frozenset({Place.AUTHORITY}),
        Capability.CONTROL_RUN: _LEADS,
        Capability.PLAN_BEFORE: _LEADS | {Role.PLANNER},
        Capability.PLAN_DURING: _LEADS,
        Capability.HAND_OVER_TASK: _LEADS | {Place.OWNER},
        Capability.EDIT_PEOPLE: _LEADS,
        Capability.EDIT_SELF: _LEADS | {Place.SELF},
        Capability.SUBSTITUTE: _LEADS | {Place.SELF},
        Capability.SAY_AWAY: _LEADS | {Place.SELF, Place.BACKUP},
        Capability.GIVE_SHIFT: _LEADS | {Place.SELF},
        Capability.ACCEPT_SHIFT: frozenset({Place.SELF}),
        Capability.SHOUT: _ALL - {Role.OBSERVER},
        Capability.ANSWER_ALERT: _LEADS | {Place.SELF},
        Capability.SET_LIMITS: _LEADS,
        Capability.COMMUNICATE: _LEADS | {Place.OWNER, Place.BACKUP, Place.APPROVER},
        Capability.APPROVE: _LEADS | {Place.APPROVER},
        Capability.LOOK: _ALL,
    }
)
"""The table. Where the runbook names no authority for the back-out, the leads are it. A backup counts as such while the
owner is away; `SELF` is the one whom it is about, of a shift the one coming in. Whoever has the role observer has no
other standing: what else names them gives them nothing."""

GRANTEES: tuple[Grantee, ...] = (
    Role.LEAD,
    Role.DEPUTY,
    Role.SCRIBE,
    Role.PLANNER,
    Place.OWNER,
    Place.BACKUP,
    Place.VERIFIER,
    Place.SEAT,
    Place.EVALUATOR,
    Place.AUTHORITY,
    Place.APPROVER,
    Place.REQUIRED,
    Place.SELF,
    Role.HYPERCARE_LEAD,
    Role.SUPPORT,
    Place.ANYBODY,
    Role.OBSERVER,
)
"""Everybody of the table, in the order in which they are shown."""

_WORDS: Mapping[Grantee, str] = MappingProxyType(
    {
        Role.LEAD: "the lead",
        Role.DEPUTY: "a deputy",
        Role.SCRIBE: "a scribe",
        Role.PLANNER: "a planner",
        Role.HYPERCARE_LEAD: "the hypercare lead",
        Role.SUPPORT: "support",
        Role.OBSERVER: "an observer",
        Place.OWNER: "its owner",
        Place.BACKUP: "the backup of an owner who is away",
        Place.VERIFIER: "its verifier",
        Place.SEAT: "the holder of the seat or a substitute",
        Place.EVALUATOR: "its evaluator",
        Place.AUTHORITY: "the authority that the runbook names",
        Place.APPROVER: "its approver",
        Place.REQUIRED: "one of those whom it requires",
        Place.SELF: "the person concerned",
        Place.ANYBODY: "anybody else of the people",
    }
)
_TOLD: tuple[Grantee, ...] = (*Place, *Role)


def grantees(capability: Capability) -> tuple[Grantee, ...]:
    """Who may, in the order in which they are shown."""
    return tuple(grantee for grantee in GRANTEES if grantee in GRANTS[capability])


def who_may(capability: Capability) -> str:
    """Who may, in words, for a refusal: "its verifier, the lead or a deputy"."""
    if GRANTS[capability] >= _ALL - {Role.OBSERVER}:
        return "people of the programme who do not only observe"
    words = [_WORDS[grantee] for grantee in _TOLD if grantee in GRANTS[capability]]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
