"""The small cutover as a simple model: what state everything is in, who may do what with it, and what that does.

It is written from the rules (DESIGN, README "Who may do what") and not from the code, so that the two can be compared.
`DEEDS` has one line for every action; an action whose line says nothing of who may do it, or of what it does, is only
watched: what was done is then read from the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.cutover import START, small_document
from tests.cutover import task as planned
from tests.public_keys import a_key
from warroom.actions.evidence import attachment
from warroom.actions.plan_tasks import Part
from warroom.vocabulary.comparison import ComparedPart, Comparison, Source
from warroom.vocabulary.public_key import read_public_key
from warroom.vocabulary.words import Disposition, Result, SendingMode, Side, TaskState, Verdict, VoteChoice

LEAD, PEOPLE = "lena", ("lena", "omar", "bea", "vera", "gil", "sam")
CLOSED = (TaskState.DONE, TaskState.SKIPPED)
BEGUN = (TaskState.RUNNING, TaskState.VERIFYING)
GATE = "GO"
QUORUM = 2
SEATS = ("lena", "gil", "vera")
BACKOUT = ("U1", "U2")
HELD = ("task.start", "task.rerun", "gate.vote", "gate.decide")
"""What a back-out lets nobody do any more with what belongs to the cutover itself."""
LIFE = 1_000


@dataclass(slots=True)
class Task:
    """A task: who has to do with it, what comes before it, its steps (whether each is for the verifier), its state."""

    owner: str
    backup: str | None
    after: tuple[str, ...] = ()
    verifier: str | None = None
    steps: tuple[bool, ...] = ()
    state: TaskState = TaskState.NOT_STARTED
    started: int | None = None
    executed: int | None = None
    blocked: int | None = None
    executor: str | None = None
    stale: bool = False
    ticked: set[int] = field(default_factory=set)


def _tasks() -> dict[str, Task]:
    return {
        "A": Task("omar", "bea", steps=(False, False)),
        "B": Task("omar", "bea", ("A",), "vera", (False, True)),
        "C": Task("bea", "omar", ("A",), steps=(True,)),
        "TRY": Task("omar", "bea", ("A",)),
        "END": Task("omar", "bea", (GATE, "TRY")),
        "AFTER": Task("omar", "bea", ("END",), "vera"),
        GATE: Task("lena", None, ("B", "C")),
    }


@dataclass(slots=True)
class Model:
    """All of it at one instant. Times are seconds of the run's clock after the start of the window.

    Attributes:
        wall: what the wall clock shows, in the same seconds.
        open: whether the run is.
        backing_out: whether a back-out was invoked; of its own tasks the model knows nothing.
        judged: whether anything was said by voice, or about a criterion, a control or a problem: what a gate makes of
            that the model does not know.
        away: who is; their backups stand in for them.
        stands_for: for whom somebody else has the rights on tasks.
    """

    tasks: dict[str, Task] = field(default_factory=_tasks)
    votes: dict[str, VoteChoice] = field(default_factory=dict)
    verdict: Verdict | None = None
    notes: dict[str, int] = field(default_factory=dict)
    open: bool = True
    backing_out: bool = False
    judged: bool = False
    away: set[str] = field(default_factory=set)
    stands_for: dict[str, set[str]] = field(default_factory=dict)
    wall: int = 0
    rates: list[tuple[int, int, int]] = field(default_factory=lambda: [(0, 0, LIFE)])

    @property
    def now(self) -> int:
        wall, shown, rate = self.rates[-1]
        return shown + (self.wall - wall) * rate // LIFE

    @property
    def rate(self) -> int:
        return self.rates[-1][2]

    def waits(self, ref: str) -> bool:
        return any(self.tasks[before].state not in CLOSED for before in self.tasks[ref].after)


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody tries something: `doer` is for whom it is recorded."""

    action: str
    ref: str | None
    by: str
    doer: str
    arguments: Mapping[str, Any]

    def get(self, name: str) -> Any:
        return self.arguments.get(name)


Rule = Callable[[Model, Try], bool]
Effect = Callable[[Model, Try], None]


# --- who may, and when -----------------------------------------------------------------------------------------------


def stands(model: Model, handle: str, person: str | None) -> bool:
    """Whether somebody is that person, or has their rights on tasks."""
    return person is not None and (person == handle or person in model.stands_for.get(handle, ()))


def may_work(model: Model, one: Try, task: Task) -> bool:
    """The lead, the owner, and the backup of one who is away; it is enough that the one who records it may."""
    return any(
        who == LEAD or stands(model, who, task.owner) or (task.owner in model.away and stands(model, who, task.backup))
        for who in (one.by, one.doer)
    )


def works(model: Model, one: Try) -> bool:
    """On a task of the main network that is no gate."""
    if one.ref == GATE or (task := model.tasks.get(one.ref or "")) is None:
        return False
    return may_work(model, one, task)


def in_state(*states: TaskState) -> Rule:
    return lambda model, one: one.ref in model.tasks and model.tasks[one.ref].state in states


def with_words(name: str) -> Rule:
    return lambda _, one: bool((one.get(name) or "").strip())


def by_now(model: Model, one: Try) -> bool:
    return (one.get("at") or 0) <= model.now


def effective(model: Model, one: Try) -> int:
    at = one.get("at")
    return model.now if at is None else int(at)


def leads(_: Model, one: Try) -> bool:
    return one.by == LEAD


def in_sequence(model: Model, one: Try) -> bool:
    assert one.ref is not None
    return LEAD in (one.by, one.doer) or not model.waits(one.ref)


def in_order(model: Model, one: Try) -> bool:
    """What happens to a task happens after what has happened to it, and not before it is now."""
    task = _task(model, one)
    earlier = [at for at in (task.started, task.executed, task.blocked) if at is not None]
    return by_now(model, one) and effective(model, one) >= max(earlier, default=effective(model, one))


def _task(model: Model, one: Try) -> Task:
    assert one.ref is not None
    return model.tasks[one.ref]


def ticked_for_done(model: Model, one: Try) -> bool:
    task = _task(model, one)
    wanted = {at for at, checking in enumerate(task.steps, 1) if task.verifier is None or not checking}
    return wanted <= task.ticked


def verifies(model: Model, one: Try) -> bool:
    if one.ref == GATE or one.ref not in model.tasks:
        return False
    task = model.tasks[one.ref]
    if task.state is not TaskState.VERIFYING or one.doer == task.executor:
        return False
    if one.doer != LEAD and not stands(model, one.doer, task.verifier):
        return False
    checks = {at for at, checking in enumerate(task.steps, 1) if checking}
    return checks <= task.ticked


def turn(ticked: bool) -> Rule:
    """The steps named are there, it is their turn, they are the actor's, and they are ticked or not."""

    def may(model: Model, one: Try) -> bool:
        if one.ref == GATE or one.ref not in model.tasks:
            return False
        task = model.tasks[one.ref]
        for at in one.get("positions"):
            if not 1 <= at <= len(task.steps) or (at in task.ticked) is not ticked:
                return False
            checking = task.steps[at - 1]
            if checking and task.verifier is not None:
                people = (one.by, one.doer)
                let = any(who == LEAD or stands(model, who, task.verifier) for who in people)
            else:
                let = may_work(model, one, task)
            if not let or task.state not in (BEGUN if checking else (TaskState.RUNNING,)):
                return False
        return ticked or in_order(model, one)

    return may


def undecided(model: Model, one: Try) -> bool:
    return one.ref == GATE and (model.verdict in (None, Verdict.NO_GO) or model.tasks[GATE].stale)


def votes(_: Model, one: Try) -> bool:
    reasoned = one.get("choice") is VoteChoice.GO or bool((one.get("reason") or "").strip())
    return one.doer in SEATS and reasoned


def may_decide(model: Model, one: Try) -> bool:
    return may_work(model, one, model.tasks[GATE])


def can_be_given(model: Model, one: Try) -> bool:
    cast = [choice for choice in model.votes.values() if choice is not VoteChoice.ABSTAIN]
    if len(cast) < QUORUM:
        return False
    return one.get("verdict") is Verdict.NO_GO or not (VoteChoice.NO_GO in cast or model.waits(GATE))


def another_rate(model: Model, one: Try) -> bool:
    return next_rate(model, one) != model.rate


def next_rate(model: Model, one: Try) -> int:
    if one.action == "run.hold":
        return 0
    if one.action == "run.resume":
        return next((rate for _, _, rate in reversed(model.rates) if rate), LIFE)
    return int(one.get("rate"))


# --- what it does ----------------------------------------------------------------------------------------------------


def becomes(state: TaskState) -> Effect:
    def does(model: Model, one: Try) -> None:
        _task(model, one).state = state

    return does


def starts(model: Model, one: Try) -> None:
    task = _task(model, one)
    task.state, task.started, task.executor = TaskState.RUNNING, effective(model, one), one.doer


def finishes(model: Model, one: Try) -> None:
    task = _task(model, one)
    task.state = TaskState.DONE if task.verifier is None else TaskState.VERIFYING
    task.executed, task.executor = effective(model, one), one.doer


def goes_on(model: Model, one: Try) -> None:
    task = _task(model, one)
    begun = TaskState.VERIFYING if task.executed is not None else TaskState.RUNNING
    task.state, task.blocked = TaskState.NOT_STARTED if task.started is None else begun, None


def noted(model: Model, one: Try) -> None:
    if one.get("note") or one.get("text"):
        assert one.ref is not None
        model.notes[one.ref] = model.notes.get(one.ref, 0) + 1


def ticks(model: Model, one: Try) -> None:
    _task(model, one).ticked.update(one.get("positions"))


def unticks(model: Model, one: Try) -> None:
    _task(model, one).ticked.difference_update(one.get("positions"))


def casts(model: Model, one: Try) -> None:
    model.votes[one.doer] = one.get("choice")


def decides(model: Model, one: Try) -> None:
    model.verdict = one.get("verdict")
    task = model.tasks[GATE]
    task.state = TaskState.FAILED if model.verdict is Verdict.NO_GO else TaskState.DONE
    task.started = task.started if task.started is not None else model.now
    task.stale = False


def goes_at(model: Model, one: Try) -> None:
    model.rates.append((model.wall, model.now, next_rate(model, one)))


def closes(model: Model, _: Try) -> None:
    model.open = False


def blocks(model: Model, one: Try) -> None:
    _task(model, one).blocked = effective(model, one)


def nothing(_: Model, __: Try) -> None:
    """What is not in the model changes; the journal and the tables are compared all the same."""


# --- all of it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """An action.

    Attributes:
        arguments: what it may be given, by name; times are seconds of the run's clock.
        may: all that must hold; None: only watched.
        does: what it does, in order; None: read from the tables.
        about: what its first argument names: "task" (or a gate), "new" (a task that is not there yet), "person",
            "control", "party", "way" (to recover), "text" (that is sent), or nothing.
    """

    arguments: Mapping[str, st.SearchStrategy[Any]]
    may: tuple[Rule, ...] | None
    does: tuple[Effect, ...] | None
    about: str | None = "task"


TEXTS = st.sampled_from(("late", "no access", "Grüße \U0001f600", "", " ", None))
WORDS = st.sampled_from(("late", "no access", "Grüße \U0001f600", "", " "))
AT = st.none() | st.integers(0, 40_000)
VALUES = st.integers(0, 3).map(Decimal)
INSTANTS = ("due_at", "expires_at", "at", "eta", "start", "executed", "finish", "to_at", "until")
POSITIONS = st.lists(st.integers(1, 3), min_size=1, max_size=3)

NUMBERS = st.integers(0, 3)
ADDED_UP = Comparison(
    Source("old.csv", "0" * 64, 1, 0, 0), None, ("Account",), (ComparedPart(None, None, Decimal(1), None, 1, 0, None),)
)
HANDLES = st.sampled_from((*PEOPLE, "nora"))
REFS = st.sampled_from(("A", "B", "C", "TRY", GATE, "END", "AFTER", "NEW", "PART", "REST", *BACKOUT, "NONE"))
NEW_TASKS = st.integers(1, 90).map(lambda minutes: planned("NEW", minutes, "A"))
WATCHED: tuple[None, None] = (None, None)
RULES = st.sampled_from(("late-start", "eta-passed", "none"))
ADDRESSES = st.sampled_from(("ops@example.org", ""))
KEYS = st.integers(1, 3).map(a_key)
PRINTS = KEYS.map(lambda line: read_public_key(line).fingerprint)
ATTACHED = st.builds(attachment, WORDS, st.just("text/plain"), st.binary(max_size=9))

OPEN = (TaskState.NOT_STARTED, *BEGUN)
DEEDS: Mapping[str, Deed] = {
    "task.start": Deed(
        {"at": AT, "note": TEXTS}, (works, in_state(TaskState.NOT_STARTED), by_now, in_sequence), (starts, noted)
    ),
    "task.done": Deed(
        {"at": AT, "note": TEXTS, "result": st.none() | st.sampled_from(Result)},
        (works, in_state(TaskState.RUNNING), in_order, ticked_for_done),
        (finishes, noted),
    ),
    "task.verify": Deed({"at": AT, "note": TEXTS}, (verifies, in_order), (becomes(TaskState.DONE), noted)),
    "task.block": Deed(
        {"reason": WORDS, "at": AT},
        (with_words("reason"), works, in_state(*OPEN), in_order),
        (becomes(TaskState.BLOCKED), blocks),
    ),
    "task.unblock": Deed({"reason": TEXTS, "at": AT}, (works, in_state(TaskState.BLOCKED), in_order), (goes_on,)),
    "task.skip": Deed(
        {"reason": WORDS, "at": AT},
        (with_words("reason"), works, in_state(*OPEN, TaskState.BLOCKED, TaskState.FAILED), in_order),
        (becomes(TaskState.SKIPPED),),
    ),
    "task.fail": Deed(
        {"reason": WORDS, "at": AT},
        (
            *(with_words("reason"), works, in_state(*BEGUN, TaskState.BLOCKED), in_order),
            lambda model, one: _task(model, one).started is not None,
        ),
        (becomes(TaskState.FAILED),),
    ),
    "task.eta": Deed(
        {"reason": WORDS, "eta": st.integers(0, 400_000)},
        (
            *(with_words("reason"), works, in_state(*BEGUN, TaskState.BLOCKED)),
            lambda model, one: bool(one.get("eta") >= model.now),
        ),
        (nothing,),
    ),
    "task.progress": Deed(
        {"done": st.integers(-1, 9), "total": st.integers(-1, 9), "unit": st.none() | st.just("rows")},
        (
            *(works, in_state(TaskState.RUNNING)),
            lambda _, one: bool(0 <= one.get("done") <= one.get("total") and one.get("total") > 0),
        ),
        (nothing,),
    ),
    "task.note": Deed(
        {"text": WORDS, "at": AT},
        (with_words("text"), by_now, lambda model, one: one.ref in (*model.tasks, *BACKOUT)),
        (noted,),
    ),
    "step.tick": Deed({"positions": POSITIONS, "evidence": TEXTS, "at": AT}, (turn(ticked=False),), (ticks,)),
    "step.untick": Deed({"positions": POSITIONS}, (turn(ticked=True),), (unticks,)),
    "gate.vote": Deed({"choice": st.sampled_from(VoteChoice), "reason": TEXTS}, (undecided, votes), (casts,)),
    "gate.decide": Deed(
        {"verdict": st.sampled_from(Verdict), "reason": WORDS},
        (with_words("reason"), undecided, may_decide, can_be_given),
        (decides,),
    ),
    **dict.fromkeys(
        ("rollback.withdraw", "rollback.start-clock", "rollback.stop-clock"),
        Deed({"number": NUMBERS, "reason": WORDS}, *WATCHED, about=None),
    ),
    "rollback.raise": Deed({"number": NUMBERS, "reason": WORDS, "measured": TEXTS, "at": AT}, *WATCHED, about=None),
    "rollback.invoke": Deed(
        {"reason": WORDS, "trigger": st.none() | NUMBERS, "witness": st.none() | HANDLES}, *WATCHED, about=None
    ),
    "rollback.measure": Deed({"number": NUMBERS, "value": VALUES, "measured": TEXTS}, *WATCHED, about=None),
    "gate.assess": Deed({"number": NUMBERS, "met": st.booleans(), "evidence": WORDS}, *WATCHED),
    "gate.measure": Deed({"number": NUMBERS, "value": VALUES, "evidence": TEXTS}, *WATCHED),
    "gate.waive": Deed({"number": NUMBERS, "reason": WORDS, "expires_at": st.integers(0, 99_000)}, *WATCHED),
    "gate.voice": Deed({"choice": st.sampled_from(VoteChoice), "witness": HANDLES, "reason": TEXTS}, *WATCHED),
    "gate.countersign": Deed({}, *WATCHED),
    "control.record": Deed(
        {"side": st.sampled_from(Side), "value": VALUES, "correct": st.booleans(), "reason": TEXTS, "at": AT},
        *WATCHED,
        about="control",
    ),
    "control.import": Deed({"comparison": st.just(ADDED_UP), "note": TEXTS}, *WATCHED, about="control"),
    "control.dispose": Deed({"disposition": st.sampled_from(Disposition), "reason": WORDS}, *WATCHED, about="control"),
    "control.sign": Deed({"note": TEXTS}, *WATCHED, about="control"),
    "control.reopen": Deed({"reason": WORDS, "legacy": st.booleans()}, *WATCHED, about="control"),
    "problem.raise": Deed({"title": WORDS, "severity": NUMBERS, "due_at": AT}, *WATCHED, about=None),
    "problem.update": Deed(
        {"number": NUMBERS, "fields": st.fixed_dictionaries({"severity": NUMBERS})}, *WATCHED, about=None
    ),
    "problem.solve": Deed({"number": NUMBERS, "outcome": WORDS, "accepted": st.booleans()}, *WATCHED, about=None),
    "problem.reopen": Deed({"number": NUMBERS, "reason": WORDS}, *WATCHED, about=None),
    "log.decision": Deed({"text": WORDS, "reason": WORDS, "decided_by": st.none() | HANDLES}, *WATCHED, about=None),
    "log.paper": Deed({"text": WORDS, "owner": st.none() | HANDLES, "due_at": AT}, *WATCHED, about=None),
    "log.entered": Deed({"number": NUMBERS, "entered_as": WORDS}, *WATCHED, about=None),
    "roll.call": Deed({"title": TEXTS}, *WATCHED, about=None),
    "roll.answer": Deed({}, *WATCHED, about="person"),
    "roll.missing": Deed({}, *WATCHED, about="person"),
    "alert.acknowledge": Deed({"number": NUMBERS, "reason": TEXTS}, *WATCHED, about=None),
    "alert.snooze": Deed({"number": NUMBERS, "until": st.integers(0, 40_000), "reason": TEXTS}, *WATCHED, about=None),
    "alert.threshold": Deed({"rule": RULES, "after_s": NUMBERS, "off": st.booleans()}, *WATCHED, about=None),
    "alert.sending": Deed({"mode": st.sampled_from(SendingMode), "to": st.none() | ADDRESSES}, *WATCHED, about=None),
    "clock.confirm": Deed({"reason": TEXTS}, *WATCHED, about=None),
    "communication.draft": Deed({"text": WORDS, "reason": TEXTS}, *WATCHED, about="text"),
    "communication.approve": Deed({"text": WORDS, "standing": st.booleans()}, *WATCHED, about="text"),
    "communication.withdraw": Deed({"reason": WORDS}, *WATCHED, about="text"),
    "communication.send": Deed({"text": WORDS}, *WATCHED, about="text"),
    "communication.record": Deed({"how": WORDS, "text": WORDS, "at": AT}, *WATCHED, about="text"),
    "person.key-add": Deed({"lines": st.lists(KEYS, max_size=2)}, *WATCHED, about="person"),
    "person.key-remove": Deed({"fingerprint": PRINTS}, *WATCHED, about="person"),
    "shout": Deed({"text": WORDS, "to": st.none() | HANDLES}, *WATCHED, about=None),
    "rollback.recover": Deed({"reason": WORDS, "witness": st.none() | HANDLES}, *WATCHED, about="way"),
    "run.hold": Deed({"reason": TEXTS}, (leads, another_rate), (goes_at,), about=None),
    "run.resume": Deed({"reason": TEXTS}, (leads, another_rate), (goes_at,), about=None),
    "run.speed": Deed(
        {"rate": st.sampled_from((0, LIFE, 2 * LIFE, 60 * LIFE))}, (leads, another_rate), (goes_at,), about=None
    ),
    "run.close": Deed({"reason": TEXTS}, (leads,), (closes,), about=None),
    "evidence.add": Deed({"attached": ATTACHED, "note": TEXTS}, *WATCHED),
    "task.reopen": Deed({"reason": WORDS}, *WATCHED),
    "task.rerun": Deed({"reason": WORDS, "from_here": st.booleans()}, *WATCHED),
    "task.confirm": Deed({"at": AT}, *WATCHED),
    "task.settle": Deed({"reason": WORDS}, *WATCHED),
    "task.correct": Deed({"reason": WORDS, "start": AT, "executed": AT, "finish": AT}, *WATCHED),
    "undo": Deed({"reason": TEXTS}, *WATCHED, about=None),
    "task.add": Deed({"task": NEW_TASKS, "reason": WORDS}, *WATCHED, about="new"),
    "task.assign": Deed(
        {"people": st.fixed_dictionaries({}, optional=dict.fromkeys(("owner", "backup", "verifier"), HANDLES))}
        | {"reason": WORDS},
        *WATCHED,
    ),
    "task.link": Deed({"after": st.lists(REFS, max_size=2), "instead": st.booleans(), "reason": WORDS}, *WATCHED),
    "task.unlink": Deed({"after": st.lists(REFS, max_size=2), "reason": WORDS}, *WATCHED),
    "task.remove": Deed({"drop_links": st.booleans(), "reason": WORDS}, *WATCHED),
    "task.retime": Deed(
        {"times": st.fixed_dictionaries({"duration_s": st.integers(0, 9_000)}), "reason": WORDS}, *WATCHED
    ),
    "task.split": Deed(
        {"parts": st.just((Part("PART", 600), Part("REST", 900))), "spread_steps": st.booleans(), "reason": WORDS},
        *WATCHED,
    ),
    "plan.apply": Deed(
        {"document": st.just(small_document()), "name": st.just("small.yaml"), "reason": WORDS}, *WATCHED, about=None
    ),
    "run.rebaseline": Deed({"reason": WORDS}, *WATCHED, about=None),
    "person.add": Deed({"fields": st.fixed_dictionaries({"name": WORDS})}, *WATCHED, about="person"),
    "person.edit": Deed({"fields": st.fixed_dictionaries({"phone": TEXTS})}, *WATCHED, about="person"),
    "person.away": Deed({"reason": WORDS, "to_at": AT}, *WATCHED, about="person"),
    "person.back": Deed({"reason": TEXTS}, *WATCHED, about="person"),
    "person.substitute": Deed({"substitute": HANDLES, "reason": WORDS, "to_at": AT}, *WATCHED, about="person"),
    "party.add": Deed({"name": WORDS}, *WATCHED, about="party"),
    "handover.give": Deed({"to": st.none() | HANDLES, "note": TEXTS}, *WATCHED, about="person"),
    "handover.accept": Deed({}, *WATCHED, about="person"),
}


def allowed(model: Model, one: Try) -> bool | None:
    """Whether it may be done; None where the model does not know."""
    deed = DEEDS[one.action]
    recorded_for = one.doer == one.by or one.by == LEAD
    if not (model.open and recorded_for):
        return False
    if model.backing_out and one.action in HELD and one.ref in model.tasks:
        return False
    if model.backing_out and (one.ref in BACKOUT or one.action == "run.close"):
        return None
    if deed.may is None:
        return None
    may = all(rule(model, one) for rule in deed.may)
    return None if may and model.judged and one.action == "gate.decide" else may


def carried_out(model: Model, one: Try) -> None:
    for effect in DEEDS[one.action].does or ():
        effect(model, one)


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the action takes them: times as instants."""
    return {
        name: START + timedelta(seconds=value) if name in INSTANTS and value is not None else value
        for name, value in arguments.items()
    }


LIKELY: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    **dict.fromkeys(("task.start", "task.done", "task.verify"), ({},)),
    "task.unblock": ({"reason": "it can go on"},),
    "step.tick": ({"positions": [1]}, {"positions": [2]}),
    "gate.vote": ({"choice": VoteChoice.GO}, {"choice": VoteChoice.GO}, {"choice": VoteChoice.NO_GO, "reason": "no"}),
    "gate.decide": ({"verdict": Verdict.GO, "reason": "agreed"}, {"verdict": Verdict.NO_GO, "reason": "no"}),
}


def likely(model: Model) -> Iterator[Try]:
    """What somebody would do next who wants the cutover to go on."""
    for action, choices in LIKELY.items():
        for ref in model.tasks:
            for by in PEOPLE:
                for arguments in choices:
                    one = Try(action, ref, by, by, arguments)
                    if allowed(model, one):
                        yield one
