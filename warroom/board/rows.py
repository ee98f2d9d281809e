"""The rows that a Board is made of, for readers that look at nothing below it."""

from warroom.model.alerts import Alert, AlertSetting, EscalationStep
from warroom.model.backout import Invocation, RecoveryChoice, TriggerCall
from warroom.model.baselines import Baseline, BaselineTime
from warroom.model.calendars import Absence, CalendarHours
from warroom.model.communications import Announcement, StandingApproval
from warroom.model.confirmations import Confirmation
from warroom.model.controls import ControlFigure, ControlRound
from warroom.model.decisions import Assessment, Decision, GoCondition, Waiver
from warroom.model.deliveries import Delivery, Sending
from warroom.model.evidence import Evidence
from warroom.model.gates import Authority, Condition, Control, Criterion, Gate, Recovery, Seat, Trigger, Vote
from warroom.model.night import AdHocDecision, PaperDocument, RollAnswer, RollCall
from warroom.model.plan import ClockSegment, Plan, PlanVersion, Run
from warroom.model.problems import Problem
from warroom.model.programme import Document, Party, Person, PersonKey, Programme
from warroom.model.row import Row
from warroom.model.shifts import Leave, ShiftHandover
from warroom.model.shouts import Shout
from warroom.model.surroundings import Bridge, Call, Communication, Entity, Environment, RotaShift, Silence
from warroom.model.tasks import Attempt, Fact, Link, Note, Outcome, Phase, Step, Stream, Task
from warroom.model.undo import Undone
from warroom.model.watching import ClockJump

__all__ = [
    "Absence",
    "AdHocDecision",
    "Alert",
    "AlertSetting",
    "Announcement",
    "Assessment",
    "Attempt",
    "Authority",
    "Baseline",
    "BaselineTime",
    "Bridge",
    "CalendarHours",
    "Call",
    "ClockJump",
    "ClockSegment",
    "Communication",
    "Condition",
    "Confirmation",
    "Control",
    "ControlFigure",
    "ControlRound",
    "Criterion",
    "Decision",
    "Delivery",
    "Document",
    "Entity",
    "Environment",
    "EscalationStep",
    "Evidence",
    "Fact",
    "Gate",
    "GoCondition",
    "Invocation",
    "Leave",
    "Link",
    "Note",
    "Outcome",
    "PaperDocument",
    "Party",
    "Person",
    "PersonKey",
    "Phase",
    "Plan",
    "PlanVersion",
    "Problem",
    "Programme",
    "Recovery",
    "RecoveryChoice",
    "RollAnswer",
    "RollCall",
    "RotaShift",
    "Row",
    "Run",
    "Seat",
    "Sending",
    "ShiftHandover",
    "Shout",
    "Silence",
    "StandingApproval",
    "Step",
    "Stream",
    "Task",
    "Trigger",
    "TriggerCall",
    "Undone",
    "Vote",
    "Waiver",
]
