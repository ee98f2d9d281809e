"""The rows that a Board is made of, for readers that look at nothing below it."""

from warroom.model.alerts import Alert
from warroom.model.baselines import Baseline, BaselineTime
from warroom.model.calendars import Absence, CalendarHours
from warroom.model.gates import Authority, Control, Criterion, Gate, Seat, Trigger, Vote
from warroom.model.plan import ClockSegment, Plan, PlanVersion, Run
from warroom.model.programme import Document, Person, Programme
from warroom.model.row import Row
from warroom.model.tasks import Link, Note, Phase, Step, Stream, Task

__all__ = [
    "Absence",
    "Alert",
    "Authority",
    "Baseline",
    "BaselineTime",
    "CalendarHours",
    "ClockSegment",
    "Control",
    "Criterion",
    "Document",
    "Gate",
    "Link",
    "Note",
    "Person",
    "Phase",
    "Plan",
    "PlanVersion",
    "Programme",
    "Row",
    "Run",
    "Seat",
    "Step",
    "Stream",
    "Task",
    "Trigger",
    "Vote",
]
