"""Hostile text in every field that takes text, found from the signatures of the actions and the words of the commands:
stored as it was typed or refused in words, and shown so that it does no harm."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_type_hints

import click
import pytest

from tests.commands import Commands
from tests.cutover import Cutover, minute, opened, rehearsing
from tests.unit.hostile import EVERYTHING, REFUSED, STORED, insist_on_harmless, texts_in
from warroom.actions.acting import Known
from warroom.actions.evidence import Attachment, attachment
from warroom.actions.registry import ACTIONS
from warroom.cli.main import root
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Verdict, VoteChoice

# --- actions ---------------------------------------------------------------------------------------------------------

Deed = tuple[str, tuple[str, ...], dict[str, Any]]
STARTED: Deed = ("task.start", ("TRY",), {})
DONE: Deed = ("task.done", ("TRY",), {})


@dataclass(frozen=True)
class Scene:
    """How an action succeeds: what comes before, on what it is done, with which arguments, and by whom."""

    before: tuple[Deed, ...] = ()
    subject: tuple[str, ...] = ("TRY",)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    by: str = "lena"


BOTH_VOTE: tuple[Deed, ...] = (
    ("gate.vote", ("GO",), {"choice": VoteChoice.GO, "by": "gil"}),
    ("gate.vote", ("GO",), {"choice": VoteChoice.GO, "by": "vera"}),
)
AFTER_DONE: tuple[Deed, ...] = (("task.start", ("AFTER",), {}), ("task.done", ("AFTER",), {}))
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
    "run.hold": Scene(subject=()),
    "run.resume": Scene((("run.hold", (), {}),), ()),
    "run.speed": Scene(subject=(), arguments={"rate": 2_000}),
    "run.close": Scene(subject=()),
    "undo": Scene((STARTED,), ()),
}


def takes_text(hint: object) -> bool:
    return hint in (str, str | None)


def texts_of(action: str) -> Iterator[str]:
    """The parameters of an action that take text; those of what is attached as `attached.name`."""
    for name, hint in (get_type_hints(ACTIONS[action]) | get_type_hints(Known)).items():
        if name != "return" and takes_text(hint):
            yield name
        elif hint is Attachment:
            yield from (f"{name}.name", f"{name}.media_type")


FIELDS = [(action, name) for action in ACTIONS for name in texts_of(action)]


@contextmanager
def scene_of(action: str, template: Path, path: Path) -> Iterator[tuple[Cutover, Scene]]:
    """A cutover in which the action would succeed."""
    shutil.copy(template, path)
    scene = SCENES[action]
    with opened(path) as cutover:
        for name, subject, arguments in scene.before:
            cutover.do(name, *subject, **arguments)
        yield cutover, scene


def attempt(cutover: Cutover, action: str, scene: Scene, name: str, text: str) -> Entry:
    """Do it with `text` in the place called `name`."""
    arguments, subject = dict(scene.arguments), scene.subject
    if name == "ref":
        subject = (text, *subject[1:])
    elif name.startswith("attached."):
        arguments["attached"] = replace(arguments["attached"], **{name.partition(".")[2]: text})
    else:
        arguments[name] = text
    return cutover.do(action, *subject, by=scene.by, **arguments)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "state.db"
    with rehearsing(path):
        pass
    return path


def test_every_action_has_its_scene() -> None:
    assert set(SCENES) == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_succeeds_in_its_scene(action: str, template: Path, tmp_path: Path) -> None:
    with scene_of(action, template, tmp_path / "state.db") as (cutover, scene):
        cutover.do(action, *scene.subject, by=scene.by, **scene.arguments)


@pytest.mark.parametrize(("action", "name"), FIELDS)
def test_what_nobody_types_on_purpose_is_refused(action: str, name: str, template: Path, tmp_path: Path) -> None:
    with scene_of(action, template, tmp_path / "state.db") as (cutover, scene):
        head = cutover.head()
        for text in REFUSED.values():
            with pytest.raises(BadInput) as caught:
                attempt(cutover, action, scene, name, text)
            insist_on_harmless(one_line(caught.value.message))
            assert cutover.head() == head


@pytest.mark.parametrize(("action", "name"), FIELDS)
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
        about = scene.subject[0] if scene.subject else "TRY"
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
# What is tried with each: other controls fare as the first does.
TYPED = {kind: (REFUSED | STORED)[kind] for kind in ("escape", "byte that is no text", "a megabyte")}
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
    for kind, text in (TYPED | {"everything": EVERYTHING}).items():
        for words in calls(path, command, text):
            answer = commands(*words)
            assert answer.code in (0, 1, 2, 3), (kind, words[: len(path)], answer)
            insist_on_harmless(answer.err)
            if path != ("evidence", "get"):  # which gives back what was attached as it is
                insist_on_harmless(answer.out)
            if kind == "escape":
                told = commands(*words, "--json")
                assert "\x1b" not in told.out + told.err
                assert told.code == 0 or json.loads(told.err.splitlines()[-1])["error"]["message"]
