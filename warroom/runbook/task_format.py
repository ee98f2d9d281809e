"""The part of the runbook format that is about tasks."""

from __future__ import annotations

from warroom.runbook.records import Field, ListOf, Record
from warroom.runbook.shapes import Flag, FreeText, Line, Name, Ref, Schema, Who, Whole, Word
from warroom.runbook.time_shapes import Duration, LinkText, Time
from warroom.vocabulary.words import Opens, Releases, Runs, TaskKind

HANDLE = Name("the handle of a person")
CALENDAR_KEY = Name("a calendar")
ENTITY_KEY = Name("an entity")

FACT = Record(
    "a fact",
    (
        Field("text", FreeText(), "What to know about the platform.", required=True),
        Field("source", Line(), "The page that says so."),
    ),
    short="text",
)

REQUIREMENT = Record(
    "a requirement",
    (
        Field("of", ListOf(HANDLE, least=1), "The people of whom some are needed.", required=True),
        Field("start", Whole(1, 99), "It starts once so many of them have confirmed that they are there."),
        Field("finish", Whole(1, 99), "It is finished once so many of them have confirmed that it is."),
    ),
    more={"anyOf": [{"required": ["start"]}, {"required": ["finish"]}]},
)

ON_FAILURE = Record(
    "what happens on failure",
    (
        Field("what", FreeText(), "What to do if it fails.", required=True),
        Field("decides", HANDLE, "Who decides then. Default: the lead."),
    ),
    short="what",
)

WHAT = (
    Field(
        "ref",
        Ref(),
        "What people type to name it; unique among tasks, gates and back-out tasks.",
        required=True,
    ),
    Field("title", Line(), "What is done, in a few words.", required=True),
    Field("phase", Name("a phase"), "Phase to which it belongs."),
    Field("stream", Name("a stream"), "Stream to which it belongs."),
    Field("entity", ENTITY_KEY, "Company, country or site to which it belongs. Default: all of them."),
    Field("owner", Who(), "The one person accountable, or role:KEY for whoever the rota says.", required=True),
    Field("backup", Who(), "Who stands in for the owner."),
    Field(
        "after",
        ListOf(LinkText()),
        "Predecessors: BC-23 must be finished; BC-23 SS started; with BC-23 FF (SF) it finishes no earlier than BC-23 "
        "finishes (starts). With a lag or a lead if need be: BC-23 FS+15m.",
    ),
    Field("not_before", Time(), "It does not start before this time."),
    Field("calendar", CALENDAR_KEY, "When it is worked on, within the hours of its owner. Default: round the clock."),
    Field("runs", Word(Runs), "In which runs it takes part. Default: both."),
    Field("instructions", FreeText(), "How it is done, in Markdown."),
    Field("facts", ListOf(FACT), "What to know about the platform, each with the page that says so."),
)
"""What tasks and gates have in common."""

_TASK = (
    *WHAT,
    Field(
        "kind",
        Word(TaskKind, refused=(("gate", "write it under gates:"),)),
        "A milestone takes no time; a communication sends a text; a smoke-test covers a flow. Default: work.",
    ),
    Field("verifier", Who(), "Who checks that it was done right; never the owner."),
    Field("requires", REQUIREMENT, "How many of some people are needed to start it, and to confirm its end."),
    Field("duration", Duration(), "How much work it is. Every task but a milestone needs it."),
    Field("deadline", Time(), "It must be finished by this time."),
    Field("must_start", Time(), "It starts at this time, or later only where its predecessors hold it."),
    Field("must_finish", Time(), "It finishes at this time, or later only where its predecessors hold it."),
    Field("as_late_as_possible", Flag(), "It starts as late as nobody behind it is moved. Default: false."),
    Field("optional", Flag(), "It may be left out. Default: false."),
    Field("splittable", Flag(), "It may be interrupted and taken up again. Default: false."),
    Field(
        "releases",
        Word(Releases),
        "What its successors wait for: done, or on_execution, before it is verified. Default: done.",
    ),
    Field("environment", Name("an environment"), "Where it is done."),
    Field("party", Name("a party"), "The external party on which it waits."),
    Field("communication", Name("a communication"), "The text that a task of kind communication sends."),
    Field("flow", Name("a flow"), "The flow of business that a smoke test or a validation covers."),
    Field("opens", ListOf(Word(Opens)), "What goes live with it, for good and for everybody."),
    Field("steps", ListOf(FreeText()), "What to tick off while doing it."),
    Field(
        "verify",
        ListOf(FreeText(mapping_not_yet="automatic checks")),
        "What to check before it counts as done.",
    ),
    Field("undo", FreeText(), "How to take it back."),
    Field("on_failure", ON_FAILURE, "What happens if it fails, and who decides."),
)


def _of_kind(kind: TaskKind) -> Schema:
    return {"properties": {"kind": {"const": kind.value}}, "required": ["kind"]}


_BY_KIND: Schema = {
    "allOf": [
        {"if": _of_kind(TaskKind.MILESTONE), "else": {"required": ["duration"]}},
        {
            "if": _of_kind(TaskKind.COMMUNICATION),
            "then": {"required": ["communication"]},
            "else": {"not": {"required": ["communication"]}},
        },
        {"if": _of_kind(TaskKind.SMOKE_TEST), "then": {"required": ["flow"]}},
    ]
}
"""Which keys a task has by its kind."""

TASK = Record("a task", _TASK, more=_BY_KIND)

BACKOUT_TASK = Record(
    "a back-out task",
    (*_TASK, Field("undoes", ListOf(Ref()), "The tasks that it takes back. Default: it is always needed.")),
    more=_BY_KIND,
)
