"""The runbook format as it is read: the one declaration behind the reader and the JSON Schema."""

from __future__ import annotations

from warroom.runbook.alerts_format import ALERTS
from warroom.runbook.calendar_shapes import Day, Days, Shifts, WeekHours
from warroom.runbook.decision_format import CONTROL, GATE, ROLLBACK
from warroom.runbook.records import Field, ListOf, MapOf, Record
from warroom.runbook.shapes import Address, Key, Line, Name, Ref, Whole, Word
from warroom.runbook.surroundings_format import BRIDGE, CALL, COMMUNICATION, ENTITY, ENVIRONMENT, LINT, ROTA_SHIFT
from warroom.runbook.task_format import CALENDAR_KEY, HANDLE, TASK
from warroom.runbook.time_shapes import Span, Time, Zone
from warroom.vocabulary.words import Assurance, ProgressLogic, Role

VERSION = 1

NOT_YET = frozenset({"readiness", "hypercare", "check", "checks"})
"""Keys of the format that the engine does not know yet; they are refused by name, never passed over."""

DEFAULT_BUFFER_S = 3600
DEFAULT_DECISION_S = 1800

PROGRAMME = Record(
    "the programme",
    (
        Field("key", Name("a key"), "Short key of the programme.", required=True),
        Field("name", Line(), "Name of the programme.", required=True),
        Field("timezone", Zone(), "Zone of all times that name none, and of the clock shown.", required=True),
        Field("platform", Line(), "What is being brought live, such as d365-bc."),
        Field("variant", Line(), "Which way of doing so, where the platform has several, such as ppac."),
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
        Field("handle", HANDLE, "How the person is named everywhere else, and types commands.", required=True),
        Field("name", Line(), "The person's name.", required=True),
        Field("title", Line(), "What the person is in this cutover, such as finance manager."),
        Field("company", Line(), "Where the person belongs."),
        Field("phone", Line(), "How to ring the person during the cutover."),
        Field("timezone", Zone(), "The person's own zone."),
        Field("login", Line(), "The person's account name on the machine where warroom runs."),
        Field(
            "roles", ListOf(Word(Role)), "What the person may do beside their own tasks and votes. Default: nothing."
        ),
        Field("notify", ListOf(Address()), "Where alerts go: names of channels, and mail addresses."),
        Field("quiet", Shifts(), "Hours in the person's zone in which only critical alerts are sent: 22:00-06:00."),
        Field(
            "keys",
            ListOf(Key()),
            "Public keys with which the person logs in to the server, each a line such as `ssh-ed25519 AAAA...`. "
            "They count when the state file is made; later: warroom person key.",
        ),
        Field("calendar", CALENDAR_KEY, "When the person works. Default: round the clock."),
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
        Field("lead", HANDLE, "Who leads the stream."),
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

RUNBOOK = Record(
    "the runbook",
    (
        Field("warroom", Whole(VERSION, VERSION), "Version of this format.", required=True),
        Field("programme", PROGRAMME, "What this cutover is.", required=True),
        Field("plan_start", Time(), "Where the plan starts. Default: the earliest time that a task names, or T."),
        Field("window", WINDOW, "The time in which it must fit.", required=True),
        Field("schedule", SCHEDULE, "How the schedule is worked out."),
        Field("entities", ListOf(ENTITY), "Companies, countries or sites that can go live apart."),
        Field("environments", ListOf(ENVIRONMENT), "Where tasks are done."),
        Field("bridge", BRIDGE, "Where everybody meets during the cutover."),
        Field("calls", ListOf(CALL), "The call sheet: who is on which call when."),
        Field("calendars", MapOf(CALENDAR_KEY, CALENDAR), "Working hours, by the name that tasks and people use."),
        Field("people", ListOf(PERSON, least=1), "Everybody who takes part.", required=True),
        Field("parties", ListOf(PARTY), "Companies, vendors and desks that take part without a log-in."),
        Field(
            "assurance",
            ASSURANCE,
            "How well it must be known at least who acts: by key, claimed, or proxy (recorded by somebody else).",
        ),
        Field("rota", MapOf(Name("the key of a role"), ListOf(ROTA_SHIFT, least=1)), "Who has a role when, by role."),
        Field("streams", ListOf(STREAM), "Areas of work."),
        Field("phases", ListOf(PHASE), "Phases, in the order in which they are shown."),
        Field("tasks", ListOf(TASK, least=1), "The tasks of the main network.", required=True),
        Field("gates", ListOf(GATE), "Decisions. They stand in the main network like tasks."),
        Field("rollback", ROLLBACK, "How to turn back."),
        Field("controls", ListOf(CONTROL), "Totals that must tie out between the old and the new system."),
        Field("communications", ListOf(COMMUNICATION), "Texts that tasks of kind communication send."),
        Field("alerts", ALERTS, "When people are told, and who is told next."),
        Field("lint", LINT, "What warroom runbook check passes over."),
    ),
)
