"""The part of the runbook format that is about decisions: gates, the way back, and controls."""

from __future__ import annotations

from warroom.runbook.records import Field, ListOf, Record
from warroom.runbook.shapes import Currency, Flag, FreeText, Line, Name, Number, Ref, Schema, Who, Whole, Word
from warroom.runbook.task_format import BACKOUT_TASK, ENTITY_KEY, HANDLE, WHAT
from warroom.runbook.time_shapes import Duration, Span, Time
from warroom.vocabulary.words import Automatic, ControlKind, DecisionRule, GateStage, SignConvention

_CONDITION = (
    Field(
        "automatic",
        Word(Automatic),
        "What is judged without a person: phase-done (phases), tasks-done (tasks), controls (controls), problems "
        "(severity, at_most), confidence (at_least, per cent), window, back-out, smoke-tests (flows), metric (metric, "
        "unit, at_least, at_most).",
    ),
    Field("phases", ListOf(Name("a phase"), least=1), "With phase-done: phases whose tasks must all be done."),
    Field("tasks", ListOf(Ref(), least=1), "With tasks-done: tasks that must be done."),
    Field("controls", ListOf(Name("a control"), least=1), "With controls: those that must tie out. Default: all."),
    Field("flows", ListOf(Name("a flow"), least=1), "With smoke-tests: flows that must have passed. Default: all."),
    Field("severity", Whole(1, 4), "With problems: those of this severity and worse count; 1 is the worst."),
    Field("metric", Line(), "With metric: name of the figure."),
    Field("unit", Line(), "With metric: in what it is counted."),
    Field("at_least", Number(), "The lower bound of what is judged."),
    Field("at_most", Number(), "The upper bound of what is judged."),
)

_WITH_AUTOMATIC: Schema = {
    "dependentRequired": {field.key: ["automatic"] for field in _CONDITION if field.key != "automatic"}
}
"""The other keys of a condition mean nothing without it."""

SEAT = Record(
    "a seat",
    (
        Field("title", Line(), "For what the seat speaks, such as finance.", required=True),
        Field("person", Who(), "Who holds it, or role:KEY for whoever the rota says.", required=True),
        Field("substitutes", ListOf(HANDLE), "Who may hold it instead."),
        Field("chair", Flag(), "With rule: chair, its vote is the verdict. Default: false."),
        Field("veto", Flag(), "With rule: veto, its no-go blocks. Default: false."),
    ),
)

CRITERION = Record(
    "a criterion",
    (
        Field("text", FreeText(), "What must hold. Needed unless it is automatic."),
        Field("evaluator", HANDLE, "Who judges it. Default: every seat for itself."),
        Field("evidence", FreeText(), "What shows that it holds."),
        *_CONDITION,
    ),
    short="text",
    more={"anyOf": [{"required": ["text"]}, {"required": ["automatic"]}], **_WITH_AUTOMATIC},
)

GATE = Record(
    "a gate",
    (
        *WHAT,
        Field("duration", Duration(), "Time to decide. Default: 30m."),
        Field("due", Time(), "When the decision is due. Default: when planned."),
        Field(
            "stage", Word(GateStage), "Where in the cutover it stands; go-live is the last before the way back closes."
        ),
        Field("seats", ListOf(SEAT), "Who votes. The owner decides."),
        Field("quorum", Whole(1, 999), "Votes that a verdict needs. Default: one for each seat."),
        Field(
            "rule",
            Word(DecisionRule),
            "How votes make the verdict: unanimous (any no-go blocks), majority, chair (the chair's vote is it), or "
            "veto (majority, and a no-go of a veto seat blocks). Default: unanimous.",
        ),
        Field("vote_by", Time(), "Until when votes count. Default: until the decision."),
        Field("criteria", ListOf(CRITERION), "What must hold for a go."),
    ),
)

DECIDERS = Record(
    "who decides",
    (
        Field("before", HANDLE, "Before the point of no return.", required=True),
        Field("after", HANDLE, "After it. Default: the same."),
    ),
    short="before",
)

TRIGGER = Record(
    "a trigger",
    (
        Field("text", Line(), "What calls for a back-out.", required=True),
        Field("threshold", Line(), "From which point on it does."),
        Field("measure", Line(), "How, and by whom, it is measured."),
        Field("clock", Span(), "How long a clock may run that somebody starts when it begins."),
        Field(
            "due",
            Time(),
            "With automatic: by when the condition must hold; from then on the trigger is reached unless it does. "
            "Before, and without it, the trigger is reached once the condition stands red.",
        ),
        Field("decides", DECIDERS, "Who decides once it is reached, before and after the point of no return."),
        *_CONDITION,
    ),
    short="text",
    more={"dependentRequired": {**_WITH_AUTOMATIC["dependentRequired"], "due": ["automatic"]}},
)

RECOVERY = Record(
    "a way to recover",
    (
        Field("key", Name("a key"), "How it is named.", required=True),
        Field("title", Line(), "What it is, such as manual re-entry.", required=True),
        Field("plan", FreeText(), "How it is done.", required=True),
        Field("decides", HANDLE, "Who decides on it.", required=True),
    ),
)

ROLLBACK = Record(
    "the rollback",
    (
        Field("point_of_no_return", Ref(), "The task with whose start the way back closes."),
        Field("authority", ListOf(HANDLE), "Who may decide on a back-out."),
        Field("time_box", Span(), "How long after go-live a way back is still decided on."),
        Field("triggers", ListOf(TRIGGER), "What calls for a back-out."),
        Field("recovery", ListOf(RECOVERY), "How to recover under control after the point of no return."),
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
        Field("kind", Word(ControlKind), "What it counts. Default: amount."),
        Field("unit", Line(), "In what it is counted, such as EUR."),
        Field("currency", Currency(), "Currency of an amount."),
        Field("entity", ENTITY_KEY, "Company, country or site to which it belongs. Default: all of them."),
        Field("tolerance", TOLERANCE, "What may differ; if abs and percent, both hold. Default: nothing."),
        Field("sign", Word(SignConvention), "Whether the new side carries the same sign. Default: same."),
        Field("as_of", Time(), "The moment whose values are compared."),
        Field("by", ListOf(Line()), "The columns by which rows of the two sides are matched, such as account."),
        Field("expected", Number(), "What the new side must be, where the old system has no such total, such as 0."),
        Field(
            "loads",
            ListOf(Ref(), least=1),
            "Tasks that load what it checks: who executed one does not sign; figures from before its end are stale.",
        ),
        Field("part_of", Name("a control"), "The headline of which it is a sub-ledger, such as the trial balance."),
        Field("signs", HANDLE, "Who signs it.", required=True),
    ),
)
