"""The part of the runbook format that surrounds the tasks: where, with whom, on which calls, with which texts."""

from __future__ import annotations

from dataclasses import dataclass

from warroom.runbook.placeholders import placeholder_fault
from warroom.runbook.records import Field, ListOf, Record
from warroom.runbook.shapes import Address, Flag, Found, FreeText, Line, Name, Reading, Schema, Word
from warroom.runbook.task_format import HANDLE
from warroom.runbook.time_shapes import Span, Time
from warroom.runbook.tree import Tree
from warroom.vocabulary.words import Notice


@dataclass(frozen=True, slots=True)
class Template:
    """Text with placeholders in braces."""

    def read(self, tree: Tree, reading: Reading) -> Found | None:
        found = FreeText().read(tree, reading)
        if found is not None and (fault := placeholder_fault(found.value)) is not None:
            reading.faults.add(found.place, fault.message, reading.faults.did_you_mean(fault.name, fault.known))
            return None
        return found

    def schema(self) -> Schema:
        return FreeText().schema()


_REPEATED: Schema = {"dependentRequired": {"every": ["until"], "until": ["every"]}}

ENTITY = Record(
    "an entity",
    (
        Field("key", Name("a key"), "How tasks, gates and controls name it.", required=True),
        Field("name", Line(), "Name of the company, country or site. Default: its key."),
    ),
    short="key",
)

ENVIRONMENT = Record(
    "an environment",
    (
        Field("key", Name("a key"), "How tasks name it.", required=True),
        Field("name", Line(), "Name of the environment. Default: its key."),
        Field("url", Line(), "Where it is."),
        Field("production", Flag(), "It is the one that goes live. Default: false."),
        Field("rehearsal_approval", Line(), "Who allowed rehearsals in it, when, and where that is recorded."),
    ),
    short="key",
)

ROTA_SHIFT = Record(
    "a shift of the rota",
    (
        Field("from", Time(), "From when on the person has the role.", required=True),
        Field("to", Time(), "Until when.", required=True),
        Field("who", HANDLE, "Who has the role.", required=True),
    ),
)

BRIDGE = Record(
    "the bridge",
    (
        Field("name", Line(), "What it is called. Default: Bridge."),
        Field("url", Line(), "Where to join."),
        Field("phone", Line(), "The number to ring."),
        Field("pin", Line(), "What to type there."),
    ),
)

CALL = Record(
    "a call",
    (
        Field("title", Line(), "What it is for.", required=True),
        Field("at", Time(), "When it is, or the first of them.", required=True),
        Field("every", Span(), "It is repeated at this distance; needs until."),
        Field("until", Time(), "The last time at which it may be repeated."),
        Field("duration", Span(), "How long it takes."),
        Field("who", ListOf(Name("a person or a party"), least=1), "Who takes part.", required=True),
        Field("agenda", FreeText(), "What is talked about."),
    ),
    more=_REPEATED,
)

COMMUNICATION = Record(
    "a communication",
    (
        Field("key", Name("a key"), "How tasks name it.", required=True),
        Field("title", Line(), "What it is.", required=True),
        Field("notice", Word(Notice), "What it is about. Default: other."),
        Field("audience", ListOf(Line(), least=1), "Whom it is for.", required=True),
        Field("external", Flag(), "Somebody outside the house is told. Default: false."),
        Field("channel", Line(), "How it is sent, such as mail.", required=True),
        Field("to", ListOf(Address()), "Where it goes: names of channels, and mail addresses. Default: sent by hand."),
        Field("subject", Template(), "Its subject; may hold placeholders."),
        Field("text", Template(), "What it says, with placeholders in braces such as {window_start}.", required=True),
        Field("when", Time(), "When it is due. Default: when the task that names it is."),
        Field("every", Span(), "It is repeated at this distance; needs until."),
        Field("until", Time(), "The last time at which it may be repeated."),
        Field("approver", HANDLE, "Who approves the text before it is sent. Default: the lead."),
    ),
    more=_REPEATED,
)

SILENCE = Record(
    "a silenced rule",
    (
        Field("rule", Name("a rule"), "Name of the rule; warroom runbook check --rules lists them.", required=True),
        Field("where", Name("a ref or a key"), "Only where the rule speaks of this ref or key. Default: everywhere."),
        Field("reason", FreeText(), "Why it is no fault here.", required=True),
    ),
)

LINT = Record("the lint", (Field("silence", ListOf(SILENCE), "Rules that say nothing, each with its reason."),))
