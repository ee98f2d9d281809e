"""From checked entries to the document: what is said of alerts."""

from __future__ import annotations

from warroom.runbook.alerts import PlannedAlerts, PlannedEscalation, PlannedLimits
from warroom.runbook.records import Entry
from warroom.runbook.values import values


def planned_alerts(root: Entry) -> PlannedAlerts:
    """What a runbook without faults says."""
    entry = root.get("alerts")
    if entry is None:
        return PlannedAlerts()
    return PlannedAlerts(
        tuple(
            PlannedLimits(
                rule=name.value,
                after_s=found.value.get("after"),
                before_s=found.value.get("before"),
                **values(found.value, "severity", "percent", "off"),
            )
            for name, found in entry.get("rules") or ()
        ),
        tuple(PlannedEscalation(step.get("to"), step.get("after")) for step in entry.entries("escalate")),
    )
