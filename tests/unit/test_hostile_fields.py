"""Hostile text in every field that takes text, found from the signatures of the actions and the words of the commands:
stored as it was typed or refused in words, and shown so that it does no harm."""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest

from tests.commands import Commands
from tests.cutover import Cutover, document, minute, opened, set_clock, task
from tests.public_keys import a_key
from tests.unit.hostile import EVERYTHING, REFUSED, STORED, insist_on_harmless, texts_in
from warroom.actions.evidence import attachment
from warroom.actions.plan_tasks import Part
from warroom.actions.registry import ACTIONS
from warroom.cli.main import root
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.public_key import read_public_key
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Disposition, SendingMode, Side, Verdict, VoteChoice

# --- actions ---------------------------------------------------------------------------------------------------------

Deed = tuple[str, tuple[str, ...], dict[str, Any]]
STARTED: Deed = ("task.start", ("TRY",), {})
DONE: Deed = ("task.done", ("TRY",), {})


@dataclass(frozen=True)
class Scene:
    """How an action succeeds: what comes before, on what it is done, with which arguments, and by whom.

    `watched` is what the watch has seen by then.
    """

    before: tuple[Deed, ...] = ()
    subject: tuple[str | int, ...] = ("TRY",)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    by: str = "lena"
    watched: Callable[[Cutover], object] | None = None


def late(cutover: Cutover) -> None:
    """The first task begins too late, and the watch has raised that."""
    cutover.to(50)
    cutover.sweep()


BOTH_VOTE: tuple[Deed, ...] = (
    ("gate.vote", ("GO",), {"choice": VoteChoice.GO, "by": "gil"}),
    ("gate.vote", ("GO",), {"choice": VoteChoice.GO, "by": "vera"}),
)
AFTER_DONE: tuple[Deed, ...] = (("task.start", ("AFTER",), {}), ("task.done", ("AFTER",), {}))
BY_VOICE = {"choice": VoteChoice.GO, "witness": "gil", "done_by": "vera"}
RAISED: Deed = ("problem.raise", (), {"title": "x", "severity": 2})


def both_sides(legacy: int, new: int) -> tuple[Deed, ...]:
    """What comes before a control is judged: both sides, from different people."""
    return (
        ("control.record", ("gl",), {"side": Side.LEGACY, "value": Decimal(legacy), "by": "sam"}),
        ("control.record", ("gl",), {"side": Side.NEW, "value": Decimal(new), "by": "bea"}),
    )


# Actions that are not tried here, and why; the commands behind them are.
NO_SCENE = {
    "control.import": "it takes two exports from the disk",
    "task.confirm": "it takes a task that requires people, and no text",
    "gate.measure": "it takes a criterion that is measured",
    "communication.approve": "it takes the very words that were seen",
    "communication.send": "it takes the very words that were approved",
    "rollback.measure": "it takes a trigger that is measured",
}
SCENES: Mapping[str, Scene] = {
    "task.start": Scene(),
    "task.done": Scene((STARTED,)),
    "task.verify": Scene(AFTER_DONE, ("AFTER",), by="vera"),
    "task.block": Scene(arguments={"reason": "x"}),
    "task.unblock": Scene((("task.block", ("TRY",), {"reason": "x"}),)),
    "task.skip": Scene(arguments={"reason": "x"}),
    "task.fail": Scene((STARTED,), arguments={"reason": "x"}),
    "task.eta": Scene((STARTED,), arguments={"reason": "x", "eta": minute(500)}),
    "task.progress": Scene((STARTED,), arguments={"done": 1, "total": 2}),
    "task.note": Scene(arguments={"text": "x"}),
    "task.reopen": Scene((STARTED, DONE), arguments={"reason": "x"}),
    "task.rerun": Scene((STARTED, DONE), arguments={"reason": "x"}),
    "task.settle": Scene(
        (
            *(("task.skip", (ref,), {"reason": "x"}) for ref in ("B", "C")),
            *(STARTED, DONE, ("task.start", ("END",), {}), ("task.done", ("END",), {})),
            ("task.reopen", ("TRY",), {"reason": "x"}),
        ),
        ("END",),
        {"reason": "x"},
    ),
    "task.correct": Scene((STARTED, DONE), arguments={"reason": "x", "start": minute(-1)}),
    "evidence.add": Scene(arguments={"attached": attachment("log.txt", "text/plain", b"x")}),
    "step.tick": Scene((("task.start", ("A",), {}),), ("A",), {"positions": [1]}),
    "step.untick": Scene(
        (("task.start", ("A",), {}), ("step.tick", ("A",), {"positions": [1]})), ("A",), {"positions": [1]}
    ),
    "gate.vote": Scene(subject=("GO",), arguments={"choice": VoteChoice.NO_GO, "reason": "x"}),
    "gate.decide": Scene(BOTH_VOTE, ("GO",), {"verdict": Verdict.NO_GO, "reason": "x"}),
    "rollback.raise": Scene(subject=(), arguments={"number": 1, "reason": "x", "measured": "x"}),
    "rollback.withdraw": Scene(
        (("rollback.raise", (), {"number": 1, "reason": "x"}),), (), {"number": 1, "reason": "x"}
    ),
    "log.decision": Scene(subject=(), arguments={"text": "x", "reason": "x"}),
    "log.paper": Scene(subject=(), arguments={"text": "x"}),
    "log.entered": Scene((("log.paper", (), {"text": "x"}),), (), {"number": 1, "entered_as": "x"}),
    "roll.call": Scene(subject=(), arguments={"title": "x"}),
    "roll.answer": Scene((("roll.call", (), {}),), ("sam",)),
    "roll.missing": Scene((("roll.call", (), {}), ("roll.answer", ("sam",), {})), ("sam",)),
    "rollback.start-clock": Scene(subject=(), arguments={"number": 2, "reason": "x"}),
    "rollback.stop-clock": Scene(
        (("rollback.start-clock", (), {"number": 2, "reason": "x"}),), (), {"number": 2, "reason": "x"}
    ),
    "rollback.invoke": Scene(subject=(), arguments={"reason": "x", "trigger": 1}),
    "rollback.recover": Scene((("task.start", ("END",), {}),), ("by-hand",), {"reason": "x"}, by="gil"),
    "gate.assess": Scene(subject=("GO",), arguments={"number": 1, "met": True, "evidence": "x"}),
    "gate.waive": Scene(subject=("GO",), arguments={"number": 1, "reason": "x", "expires_at": minute(500)}),
    "gate.voice": Scene(subject=("GO",), arguments=BY_VOICE),
    "gate.countersign": Scene((("gate.voice", ("GO",), BY_VOICE),), ("GO",), by="vera"),
    "control.record": Scene(subject=("gl",), arguments={"side": Side.LEGACY, "value": Decimal(1)}),
    "control.dispose": Scene(both_sides(1, 5), ("gl",), {"disposition": Disposition.ACCEPT, "reason": "x"}),
    "control.sign": Scene(both_sides(1, 1), ("gl",)),
    "control.reopen": Scene((*both_sides(1, 1), ("control.sign", ("gl",), {})), ("gl",), {"reason": "x"}),
    "problem.raise": Scene(subject=(), arguments={"title": "x", "severity": 2}),
    "problem.update": Scene((RAISED,), (), {"number": 1, "fields": {"title": "y", "workaround": "z"}}),
    "problem.solve": Scene((RAISED,), (), {"number": 1, "outcome": "x"}),
    "problem.reopen": Scene(
        (RAISED, ("problem.solve", (), {"number": 1, "outcome": "x"})), (), {"number": 1, "reason": "x"}
    ),
    "run.hold": Scene(subject=()),
    "run.resume": Scene((("run.hold", (), {}),), ()),
    "run.speed": Scene(subject=(), arguments={"rate": 2_000}),
    "run.close": Scene(subject=()),
    "undo": Scene((STARTED,), ()),
    "task.add": Scene(subject=("NEW",), arguments={"task": task("NEW", 20, "A"), "reason": "x"}),
    "task.assign": Scene(arguments={"people": {"owner": "bea"}, "reason": "x"}),
    "task.link": Scene(arguments={"after": ["C"], "reason": "x"}),
    "task.unlink": Scene(arguments={"after": ["A"], "reason": "x"}),
    "task.remove": Scene(arguments={"drop_links": True, "reason": "x"}),
    "task.retime": Scene(arguments={"times": {"duration_s": 600}, "reason": "x"}),
    "task.split": Scene(arguments={"parts": (Part("T1", 300), Part("T2", 600)), "reason": "x"}),
    "plan.apply": Scene(
        (("run.close", (), {}),),
        (),
        {"document": document(task("A", 5), task("TRY", 5, "A")), "name": "x", "reason": "x"},
    ),
    "run.rebaseline": Scene(subject=(), arguments={"reason": "x"}),
    "person.add": Scene(subject=("nora",), arguments={"fields": {"name": "Nora", "phone": "1", "company": "Acme"}}),
    "person.edit": Scene(subject=("sam",), arguments={"fields": {"name": "Sam", "title": "x", "login": "sam.b"}}),
    "person.away": Scene(subject=("sam",), arguments={"reason": "x"}),
    "person.back": Scene((("person.away", ("omar",), {"reason": "x"}),), ("omar",)),
    "person.substitute": Scene(subject=("omar",), arguments={"substitute": "sam", "reason": "x"}),
    "person.key-add": Scene(subject=("sam",), arguments={"lines": [a_key(1, "laptop")]}),
    "person.key-remove": Scene(
        (("person.key-add", ("sam",), {"lines": [a_key(1)]}),),
        ("sam",),
        {"fingerprint": read_public_key(a_key(1)).fingerprint},
    ),
    "party.add": Scene(subject=("carrier",), arguments={"name": "Carrier"}),
    "communication.draft": Scene(subject=("notice",), arguments={"text": "x", "subject": "x", "reason": "x"}),
    "communication.withdraw": Scene(
        (("communication.approve", ("notice",), {"text": "We begin at ten."}),), ("notice",), {"reason": "x"}
    ),
    "communication.record": Scene(
        subject=("notice",), arguments={"how": "x", "text": "x", "subject": "x", "reason": "x"}
    ),
    "alert.acknowledge": Scene(subject=(1,), arguments={"reason": "x"}, watched=late),
    "alert.snooze": Scene(subject=(1,), arguments={"until": minute(500), "reason": "x"}, watched=late),
    "alert.threshold": Scene(subject=("late-start",), arguments={"after_s": 600, "reason": "x"}),
    "alert.sending": Scene(subject=(SendingMode.ON,), arguments={"reason": "x"}),
    "clock.confirm": Scene(
        subject=(), arguments={"reason": "x"}, watched=lambda cutover: set_clock(cutover.state_file, -3)
    ),
    "handover.give": Scene(subject=("omar",)),
    "handover.accept": Scene((("handover.give", ("omar",), {"to": "bea"}),), ("omar",), by="bea"),
    "shout": Scene(subject=(), arguments={"text": "The bank file is here"}),
}


def texts_of(action: str) -> Iterator[str]:
    """The places of an action that take text: its parameters, and as `fields.name` what is in those that hold several.
    What is in a whole runbook is for the tests of runbooks, and nobody types a hash."""
    for parameter in inspect.signature(ACTIONS[action]).parameters.values():
        if parameter.annotation in ("str", "str | None"):
            yield parameter.name
    for name, value in SCENES[action].arguments.items():
        if name != "document" and (isinstance(value, dict) or is_dataclass(value)):
            inside = value if isinstance(value, dict) else vars_of(value)
            yield from (f"{name}.{key}" for key, text in inside.items() if type(text) is str and key != "sha256")
    yield "entry_id"


def vars_of(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


FIELDS = [(action, name) for action in SCENES for name in texts_of(action)]


@contextmanager
def scene_of(action: str, template: Path, path: Path) -> Iterator[tuple[Cutover, Scene]]:
    """A cutover in which the action would succeed."""
    shutil.copy(template, path)
    scene = SCENES[action]
    with opened(path) as cutover:
        for name, subject, arguments in scene.before:
            cutover.do(name, *subject, **arguments)
        if scene.watched is not None:
            scene.watched(cutover)
        yield cutover, scene


def attempt(cutover: Cutover, action: str, scene: Scene, name: str, text: str) -> Entry:
    """Do it with `text` in the place called `name`."""
    arguments, subject = dict(scene.arguments), scene.subject
    if name in ("ref", "handle", "key", "rule"):
        subject = (text,)
    elif "." in name:
        whole, _, part = name.partition(".")
        held = arguments[whole]
        arguments[whole] = held | {part: text} if isinstance(held, dict) else replace(held, **{part: text})
        if name == "task.ref":
            subject = (text,)
    else:
        arguments[name] = text
    return cutover.do(action, *subject, by=scene.by, **arguments)


def test_every_action_has_its_scene() -> None:
    assert {*SCENES, *NO_SCENE} == set(ACTIONS)


@pytest.mark.parametrize("action", SCENES)
def test_an_action_succeeds_in_its_scene(action: str, template: Path, tmp_path: Path) -> None:
    with scene_of(action, template, tmp_path / "state.db") as (cutover, scene):
        cutover.do(action, *scene.subject, by=scene.by, **scene.arguments)


@pytest.mark.parametrize(("action", "name"), FIELDS)
def test_what_nobody_types_on_purpose_is_refused(action: str, name: str, template: Path, tmp_path: Path) -> None:
    with scene_of(action, template, tmp_path / "state.db") as (cutover, scene):
        head = cutover.head()
        for text in REFUSED.values():
            with pytest.raises((BadInput, Refused)) as caught:
                attempt(cutover, action, scene, name, text)
            insist_on_harmless(one_line(caught.value.message))
            assert cutover.head() == head


@pytest.mark.parametrize(("action", "name"), [field for field in FIELDS if field[1] != "entry_id"])
def test_what_is_typed_is_stored_and_shown_harmlessly(
    action: str, name: str, template: Path, commands: Commands
) -> None:
    """In the journal it stands as it was typed, in JSON too; what people see of it can do nothing."""
    refused = False
    for text in (EVERYTHING, STORED["a megabyte"]):
        refused |= stored_and_shown(action, name, text, template, commands) is None
    if refused:  # what is refused as a whole may be taken in parts
        for text in STORED.values():
            stored_and_shown(action, name, text, template, commands)


def stored_and_shown(action: str, name: str, text: str, template: Path, commands: Commands) -> Entry | None:
    """The entry that holds it, None if it is refused."""
    with scene_of(action, template, commands.path) as (cutover, scene):
        before = cutover.state_file.head().seq
        try:
            entry = attempt(cutover, action, scene, name, text)
        except (BadInput, Refused):
            assert cutover.state_file.head().seq == before
            return None
        assert verify(cutover.state_file).sound
        about = next(
            (ref for ref in scene.subject if isinstance(ref, str) and cutover.board().task(ref) is not None), "A"
        )
    assert entry.seq == before + 1
    listed = commands.json("journal", "list", "--after", str(before))
    assert any(text in each for each in texts_in(listed))
    for arguments in (["journal", "list", "--after", str(before)], ["task", "show", about], ["status"]):
        insist_on_harmless(commands.good(*arguments).out)
    return entry


# --- commands --------------------------------------------------------------------------------------------------------

# Commands that are not called here, and why.
NOT_CALLED = {
    "demo": "plays for minutes",
    "open": "needs a terminal",
    "simulate": "plays for minutes",
    "journal follow": "has no end",
}
# Options with which a command has no end.
NO_END = {"follow"}
# What is tried with each: other controls fare as the first does. The options that all commands share are tried with
# two, and so is a megabyte.
TYPED = {"everything": EVERYTHING} | {kind: REFUSED[kind] for kind in ("escape", "byte that is no text")}
SHARED = {"db", "handle"}
WITH_SHARED = {("status",), ("task", "note")}
# A good value for each argument and required option, by its name; text is put in place of one of them at a time.
GOOD = {
    "ref": "TRY",
    "named": "A.1",
    "when": "45m",
    "counted": "1/2",
    "text": "x",
    "reason": "x",
    "number": "1",
    "choice": "go",
    "verdict": "go",
    "key": "1",
    "slips": "A+30m",
}


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands that do something, with the words that call them."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from leaves(below, (*path, name))
    elif " ".join(path) not in NOT_CALLED:
        yield path, command


def calls(path: tuple[str, ...], command: click.Command, text: str) -> Iterator[list[str]]:
    """Calls of the command with `text` in one place at a time."""
    for hostile in command.params:
        if getattr(hostile, "is_flag", False) or hostile.name in NO_END:
            continue
        if hostile.name in SHARED and path not in WITH_SHARED:
            continue
        words = list(path)
        for parameter in command.params:
            value = text if parameter is hostile else GOOD.get(parameter.name or "", "x")
            if isinstance(parameter, click.Argument):
                words.append(value)
            elif parameter is hostile or parameter.required:
                words += [parameter.opts[0], value]
        yield words


@pytest.mark.parametrize(("path", "command"), [pytest.param(*leaf, id=" ".join(leaf[0])) for leaf in leaves(root)])
def test_no_command_falls_over_or_shows_it_as_it_is(
    path: tuple[str, ...], command: click.Command, template: Path, commands: Commands
) -> None:
    """Whatever is typed in any place of it: it is done or refused in words, and nothing that is shown does harm."""
    shutil.copy(template, commands.path)
    kinds = TYPED | ({"a megabyte": STORED["a megabyte"]} if path in WITH_SHARED else {})
    for kind, text in kinds.items():
        for words in calls(path, command, text):
            answer = commands(*words)
            assert answer.code in (0, 1, 2, 3), (kind, words[: len(path)], answer)
            insist_on_harmless(answer.err)
            if path != ("evidence", "get"):  # which gives back what was attached as it is
                insist_on_harmless(answer.out)
            if kind == "escape":
                told = commands(*words, "--json")
                assert "\x1b" not in told.out + told.err
                assert told.code == 0 or json.loads(told.err.rstrip("\n").split("\n")[-1])["error"]["message"]
