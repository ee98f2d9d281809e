"""The part of the runbook format that is about alerts."""

from __future__ import annotations

from warroom.runbook.faults import Faults
from warroom.runbook.records import Entry, Field, ListOf, MapOf, Record
from warroom.runbook.shapes import Flag, Name, Whole, Word
from warroom.runbook.time_shapes import Span
from warroom.vocabulary.words import EscalatesTo, Severity

_RULE = Record(
    "an alert rule",
    (
        Field("severity", Word(Severity), "How loud it is. Default: as the rule says."),
        Field("after", Span(), "How long something may last, or by how much it may be missed."),
        Field("before", Span(), "How long ahead it is told."),
        Field("percent", Whole(0, 1000), "A share, in per cent."),
        Field("off", Flag(), "The rule says nothing; false switches on one that is off by itself."),
    ),
)

_STEP = Record(
    "a step of the escalation",
    (
        Field("to", Word(EscalatesTo), "Who is told.", required=True),
        Field("after", Span(), "How long after the alert began to call.", required=True),
    ),
)

ALERTS = Record(
    "the alerts",
    (
        Field("rules", MapOf(Name("a rule"), _RULE), "Limits of alert rules; warroom alert rules lists them."),
        Field(
            "escalate",
            ListOf(_STEP, least=1),
            "Who is told of an alert that nobody acknowledges. Default: the backup after 15m, the lead of the stream "
            "after 30m, the lead after 45m.",
        ),
    ),
)


def check_alerts(root: Entry, faults: Faults) -> None:
    """Note steps of the escalation that are not later than the one before."""
    entry = root.get("alerts")
    earlier = None
    for step in [] if entry is None else entry.entries("escalate"):
        after = step.fields.get("after")
        if after is not None and earlier is not None and after.value <= earlier:
            faults.add(after.place, "this step must come later than the one above it")
        earlier = None if after is None else after.value
