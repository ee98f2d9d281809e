"""From checked entries to the document: what surrounds the tasks."""

from __future__ import annotations

from warroom.runbook.records import Entry
from warroom.runbook.surroundings import (
    PlannedBridge,
    PlannedCall,
    PlannedCommunication,
    PlannedEntity,
    PlannedEnvironment,
    PlannedShift,
    Silence,
    Surroundings,
)
from warroom.runbook.values import Axis, texts, values
from warroom.vocabulary.words import Notice


def surroundings(root: Entry, axis: Axis) -> Surroundings:
    """What a runbook tells besides people, tasks and decisions."""
    bridge, lint = root.get("bridge"), root.get("lint")
    return Surroundings(
        entities=tuple(
            PlannedEntity(entry.get("key"), entry.get("name") or entry.get("key")) for entry in root.entries("entities")
        ),
        environments=tuple(_environment(entry) for entry in root.entries("environments")),
        rota=tuple(
            PlannedShift(role.value, shift.get("who"), axis.given(shift, "from"), axis.given(shift, "to"))
            for role, shifts in root.get("rota") or ()
            for shift in (found.value for found in shifts.value)
        ),
        bridge=(
            PlannedBridge(bridge.get("name") or "Bridge", **values(bridge, "url", "phone", "pin")) if bridge else None
        ),
        calls=tuple(_call(entry, axis) for entry in root.entries("calls")),
        communications=tuple(_communication(entry, axis) for entry in root.entries("communications")),
        silences=tuple(
            Silence(**values(entry, "rule", "reason", "where")) for entry in (lint.entries("silence") if lint else ())
        ),
    )


def _environment(entry: Entry) -> PlannedEnvironment:
    return PlannedEnvironment(
        **values(entry, "key", "url", "rehearsal_approval"),
        name=entry.get("name") or entry.get("key"),
        production=entry.get("production") or False,
    )


def _call(entry: Entry, axis: Axis) -> PlannedCall:
    return PlannedCall(
        **values(entry, "title", "agenda"),
        who=texts(entry, "who"),
        at_s=axis.given(entry, "at"),
        every_s=entry.get("every"),
        until_s=axis.seconds(entry, "until"),
        duration_s=entry.get("duration"),
    )


def _communication(entry: Entry, axis: Axis) -> PlannedCommunication:
    return PlannedCommunication(
        **values(entry, "key", "title", "channel", "text", "subject", "approver"),
        audience=texts(entry, "audience"),
        to=texts(entry, "to"),
        notice=entry.get("notice") or Notice.OTHER,
        external=entry.get("external") or False,
        when_s=axis.seconds(entry, "when"),
        every_s=entry.get("every"),
        until_s=axis.seconds(entry, "until"),
    )
