"""The runbook format as it is read: the one declaration behind the reader and the JSON Schema."""

from __future__ import annotations

from warroom.runbook.calendar_shapes import Day, Days, Shifts, WeekHours
from warroom.runbook.records import Field, ListOf, MapOf, Record
from warroom.runbook.shapes import Flag, FreeText, Line, Name, Number, Ref, Whole, Word
from warroom.runbook.time_shapes import Duration, LinkText, Span, Time, Zone
from warroom.vocabulary.words import Assurance, ProgressLogic, Role, Runs, TaskKind

VERSION = 1

NOT_YET = frozenset(
    {
        *("rota", "entities", "entity", "party", "communications"),
        *("readiness", "hypercare", "releases", "check", "checks"),
    }
)
"""Keys of the format that the engine does not know yet; they are refused by name, never passed over."""

DEFAULT_BUFFER_S = 3600
DEFAULT_DECISION_S = 1800

_HANDLE = Name("the handle of a person")
_CALENDAR = Name("a calendar")
_TEXTS = ListOf(FreeText())

PROGRAMME = Record(
    "the programme",
    (
        Field("key", Name("a key"), "Short key of the programme.", required=True),
        Field("name", Line(), "Name of the programme.", required=True),
        Field("timezone", Zone(), "Zone of all times that name none, and of the clock shown.", required=True),
        Field("platform", Line(), "What is being brought live, such as d365-bc."),
    ),
)

WINDOW = Record(
    "the window",
    (
        Field("start", Time(absolute=True), "Start of the window; T in every other time.", required=True),
        Field("end", Time(), "End of the window.", required=True),
        Field("restore_by", Time(), "When business must run again on the old system. Default: the end."),
        Field("ends_with", Ref(), "The task that must be finished inside the window. Default: the last one."),
        Field("buffer", Span(), "Kept free before restore_by when the last back-out is worked out. Default: 1h."),
    ),
)

SCHEDULE = Record(
    "the schedule",
    (
        Field(
            "progress",
            Word(ProgressLogic),
            "What is left of work that began before its predecessors were done: retained-logic waits for them, "
            "progress-override goes on. Default: retained-logic.",
        ),
    ),
)

CALENDAR = Record(
    "a calendar",
    (
        Field("timezone", Zone(), "Zone whose clocks show these hours. Default: the programme's."),
        Field("days", Days(), "Days of the week with these hours."),
        Field(
            "hours",
            WeekHours(),
            "The shifts of such a day, or of days of the week: {mon-thu: 08:00-17:00, fri: 08:00-14:00}. A shift "
            "that runs past midnight belongs to the day on which it begins.",
            required=True,
        ),
        Field("except", MapOf(Day(), Shifts(off=True)), "Dates with other shifts, or off."),
    ),
)

ABSENCE = Record(
    "an absence",
    (
        Field("from", Time(), "From when on the person is away.", required=True),
        Field("to", Time(), "Until when.", required=True),
    ),
)

PERSON = Record(
    "a person",
    (
        Field("handle", _HANDLE, "How the person is named everywhere else, and types commands.", required=True),
        Field("name", Line(), "The person's name.", required=True),
        Field("title", Line(), "What the person is in this cutover, such as finance manager."),
        Field("company", Line(), "Where the person belongs."),
        Field("phone", Line(), "How to ring the person during the cutover."),
        Field("timezone", Zone(), "The person's own zone."),
        Field("login", Line(), "The person's account name on the machine where warroom runs."),
        Field(
            "roles", ListOf(Word(Role)), "What the person may do beside their own tasks and votes. Default: nothing."
        ),
        Field("notify", ListOf(Line()), "Addresses for alerts."),
        Field("calendar", _CALENDAR, "When the person works. Default: round the clock."),
        Field("away", ListOf(ABSENCE), "When the person does not work, whatever the calendar says."),
    ),
)

PARTY = Record(
    "a party",
    (
        Field("key", Name("a key"), "How commands and owners name the party.", required=True),
        Field("name", Line(), "A company, a vendor or a desk that takes part without a log-in.", required=True),
        Field("phone", Line(), "How to ring it during the cutover."),
        Field(
            "contact",
            Line(),
            "Whom to ask for there. Where it is the handle of one of the people, tasks can be owned by the party: they "
            "are that person's.",
        ),
    ),
)

_NO_SYSTEM = (("system", "it is the watch's own; write key, claimed or proxy"),)

ASSURANCE = Record(
    "the assurance",
    (
        Field("vote", Word(Assurance, refused=_NO_SYSTEM), "Of votes. Default: claimed."),
        Field("sign", Word(Assurance, refused=_NO_SYSTEM), "Of decisions. Default: claimed."),
        Field("verify", Word(Assurance, refused=_NO_SYSTEM), "Of verifying. Default: proxy."),
        Field("work", Word(Assurance, refused=_NO_SYSTEM), "Of everything else. Default: proxy."),
    ),
)

STREAM = Record(
    "a stream",
    (
        Field("key", Name("a key"), "How tasks name the stream.", required=True),
        Field("name", Line(), "Name of the stream. Default: its key."),
        Field("lead", _HANDLE, "Who leads the stream."),
    ),
    short="key",
)

PHASE = Record(
    "a phase",
    (
        Field("key", Name("a key"), "How tasks name the phase.", required=True),
        Field("name", Line(), "Name of the phase. Default: its key."),
    ),
    short="key",
)

_WHAT = (
    Field(
        "ref",
        Ref(),
        "What people type to name it; unique among tasks, gates and back-out tasks.",
        required=True,
    ),
    Field("title", Line(), "What is done, in a few words.", required=True),
    Field("phase", Name("a phase"), "Phase to which it belongs."),
    Field("stream", Name("a stream"), "Stream to which it belongs."),
    Field("owner", _HANDLE, "The one person accountable.", required=True),
    Field("backup", _HANDLE, "Who stands in for the owner."),
    Field(
        "after",
        ListOf(LinkText()),
        "Predecessors: BC-23 must be finished; BC-23 SS started; with BC-23 FF (SF) it finishes no earlier than BC-23 "
        "finishes (starts). With a lag or a lead if need be: BC-23 FS+15m.",
    ),
    Field("not_before", Time(), "It does not start before this time."),
    Field("calendar", _CALENDAR, "When it is worked on, within the hours of its owner. Default: round the clock."),
    Field("runs", Word(Runs), "In which runs it takes part. Default: both."),
    Field("instructions", FreeText(), "How it is done, in Markdown."),
)

_TASK = (
    *_WHAT,
    Field(
        "kind",
        Word(TaskKind, refused=(("gate", "write it under gates:"),)),
        "A milestone takes no time. Default: work.",
    ),
    Field("verifier", _HANDLE, "Who checks that it was done right; never the owner."),
    Field("duration", Duration(), "How much work it is. Every task but a milestone needs it."),
    Field("deadline", Time(), "It must be finished by this time."),
    Field("must_start", Time(), "It starts at this time, or later only where its predecessors hold it."),
    Field("must_finish", Time(), "It finishes at this time, or later only where its predecessors hold it."),
    Field("as_late_as_possible", Flag(), "It starts as late as nobody behind it is moved. Default: false."),
    Field("steps", _TEXTS, "What to tick off while doing it."),
    Field(
        "verify",
        ListOf(FreeText(mapping_not_yet="automatic checks")),
        "What to check before it counts as done.",
    ),
    Field("undo", FreeText(), "How to take it back."),
)

TASK = Record("a task", _TASK)

BACKOUT_TASK = Record(
    "a back-out task",
    (*_TASK, Field("undoes", ListOf(Ref()), "The tasks that it takes back. Default: it is always needed.")),
)

SEAT = Record(
    "a seat",
    (
        Field("title", Line(), "For what the seat speaks, such as finance.", required=True),
        Field("person", _HANDLE, "Who holds it.", required=True),
    ),
)

GATE = Record(
    "a gate",
    (
        *_WHAT,
        Field("duration", Duration(), "Time to decide. Default: 30m."),
        Field("due", Time(), "When the decision is due. Default: when planned."),
        Field("seats", ListOf(SEAT), "Who votes. The owner decides."),
        Field("quorum", Whole(1, 999), "Votes that a verdict needs. Default: one for each seat."),
        Field("criteria", ListOf(FreeText(mapping_not_yet="criteria with fields")), "What must hold for a go."),
    ),
)

TRIGGER = Record(
    "a trigger",
    (
        Field("text", Line(), "What calls for a back-out.", required=True),
        Field("threshold", Line(), "From which point on it does."),
    ),
    short="text",
)

ROLLBACK = Record(
    "the rollback",
    (
        Field("point_of_no_return", Ref(), "The task with whose start the way back closes."),
        Field("authority", ListOf(_HANDLE), "Who may decide on a back-out."),
        Field("triggers", ListOf(TRIGGER), "What calls for a back-out."),
        Field("tasks", ListOf(BACKOUT_TASK), "The back-out tasks, a network of their own."),
    ),
)

TOLERANCE = Record(
    "a tolerance",
    (
        Field("abs", Number(), "Largest difference, in the control's unit."),
        Field("percent", Number(), "Largest difference, in per cent of the old system's side."),
    ),
)

CONTROL = Record(
    "a control",
    (
        Field("key", Name("a key"), "How commands name the control.", required=True),
        Field("name", Line(), "What is compared between the old and the new system.", required=True),
        Field("unit", Line(), "In what it is counted, such as EUR."),
        Field("tolerance", TOLERANCE, "What may differ; abs or percent. Default: nothing."),
        Field("signs", _HANDLE, "Who signs it.", required=True),
    ),
)

RUNBOOK = Record(
    "the runbook",
    (
        Field("warroom", Whole(VERSION, VERSION), "Version of this format.", required=True),
        Field("programme", PROGRAMME, "What this cutover is.", required=True),
        Field("plan_start", Time(), "Where the plan starts. Default: the earliest time that a task names, or T."),
        Field("window", WINDOW, "The time in which it must fit.", required=True),
        Field("schedule", SCHEDULE, "How the schedule is worked out."),
        Field("calendars", MapOf(_CALENDAR, CALENDAR), "Working hours, by the name that tasks and people use."),
        Field("people", ListOf(PERSON, least=1), "Everybody who takes part.", required=True),
        Field("parties", ListOf(PARTY), "Companies, vendors and desks that take part without a log-in."),
        Field(
            "assurance",
            ASSURANCE,
            "How well it must be known at least who acts: by key, claimed, or proxy (recorded by somebody else).",
        ),
        Field("streams", ListOf(STREAM), "Areas of work."),
        Field("phases", ListOf(PHASE), "Phases, in the order in which they are shown."),
        Field("tasks", ListOf(TASK, least=1), "The tasks of the main network.", required=True),
        Field("gates", ListOf(GATE), "Decisions. They stand in the main network like tasks."),
        Field("rollback", ROLLBACK, "How to turn back."),
        Field("controls", ListOf(CONTROL), "Totals that must tie out between the old and the new system."),
    ),
)
