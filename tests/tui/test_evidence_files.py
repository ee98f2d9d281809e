"""Files as evidence, from the console: on one's own machine only, with the same action and errors as the command."""

from __future__ import annotations

import inspect
import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.looking import settled, shown, toasts
from tests.tui.stage import Stage
from warroom.actions.evidence import attachment
from warroom.board.rows import Document, Evidence
from warroom.host import attaching
from warroom.serve import console
from warroom.serve.console import ServedConsole
from warroom.store.backup import back_up
from warroom.store.content import content_of
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.machine import Machine
from warroom.tui.doing.prompt import Prompt
from warroom.tui.keys.registry import action_called
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.widgets.path_input import PathInput

SIZE = (120, 40)
PROOF = b"errors: 0\r\n\x1b[31mred"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the person's files are."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "errors.txt").write_bytes(PROOF)
    (own / "errata").mkdir()
    (own / "errata" / "list.csv").write_text("a,b\n")
    (own / ".hidden").write_text("x")
    return own


@pytest.fixture
def machine(folder: Path, at_evening: Stage) -> Machine:
    return Machine(folder, ("true",), ("true",), at_evening.state_file.own_files, folder / "backups")


def keys_of(text: str) -> list[str]:
    return list(text)


def attached(stage: Stage) -> list[tuple[str, bytes, str | None, int | None]]:
    """What was attached: name, bytes, note, key of the step."""
    board = stage.board()
    rows = [(board.rows(Document)[one.document_id], one) for one in board.rows(Evidence).values()]
    return [
        (document.name, content_of(stage.state_file, document.sha256), one.note, one.step_id) for document, one in rows
    ]


async def open_task(app: ConsoleApp, pilot: Pilot[None], ref: str = "DM-07") -> None:
    await pilot.pause()
    app.push_screen(TaskScreen(ref))
    await settled(pilot)


async def attach(pilot: Pilot[None], path: str, *more: str) -> None:
    await settled(pilot, "asterisk", *keys_of(path), *more, "enter")


def said(app: ConsoleApp) -> str:
    return str(app.screen.query_one("#prompt-said").render()) if isinstance(app.screen, Prompt) else ""


async def test_a_file_is_attached_byte_by_byte(at_evening: Stage, machine: Machine) -> None:
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await attach(pilot, "errors.txt", "down", *keys_of("all good"), "down", "backspace", "1")
        assert isinstance(app.screen, TaskScreen)
        ((name, data, note, step),) = attached(at_evening)
        assert (name, data, note) == ("errors.txt", PROOF, "all good")
        assert step == next(one.id for one in at_evening.board().steps(app.screen.selected.id) if one.position == 1)  # type: ignore[union-attr]
        assert "errors.txt (text/plain)" in shown(app)
        assert any(f"errors.txt, {len(PROOF)} bytes" in note for note in toasts(app))
        assert app.commands.said[-1].line == "warroom evidence add '--note=all good' -- DM-07.1 errors.txt"


async def test_tab_completes_and_files_are_offered_while_one_types(at_evening: Stage, machine: Machine) -> None:
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "asterisk", "e")
        assert said(app) == "errata/  errors.txt"
        await settled(pilot, "tab")
        field = app.screen.query_one(PathInput)
        assert field.value == "err"
        await settled(pilot, "a", "tab")
        assert field.value == "errata/"
        await settled(pilot, "tab")
        assert field.value == "errata/list.csv"
        await settled(pilot, "tab")
        assert not field.has_focus
        await settled(pilot, "enter")
        assert [one[0] for one in attached(at_evening)] == ["list.csv"]


def test_home_and_hidden_files_are_found_when_they_are_meant(
    machine: Machine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert machine.files_like("~") == ("~/",)
    assert machine.files_like("~/err") == ("~/errata/", "~/errors.txt")
    assert machine.files_like(".h") == (".hidden",)
    assert machine.files_like("nowhere/") == ()
    assert machine.attachment("~/errors.txt").data == PROOF
    assert machine.attachment(f"'{folder}/errors.txt'").data == PROOF


def make_odd(folder: Path, kind: str, stage: Stage) -> str:
    """Something that is not to be attached, and its path."""
    path, own = folder / "odd", stage.state_file.own_files[0]
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))
        case "folder":
            path.mkdir()
        case "state file":
            return str(own)
        case "its log":
            return f"{own}-wal"
        case "link to it":
            path.symlink_to(own)
        case "hard link to it":
            path.hardlink_to(own)
        case "copy":
            back_up(stage.state_file, path)
        case "backup":
            (folder / "backups").mkdir()
            (folder / "backups" / "a.db").write_text("begun")
            return "backups/../backups/a.db"
        case "unreadable":
            return "nothing/there"
        case "device":
            return "/dev/null"
    return str(path)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("pipe", "a pipe or socket cannot be attached"),
        ("socket", "a pipe or socket cannot be attached"),
        ("folder", "a folder cannot be attached"),
        ("device", "a device cannot be attached"),
        ("state file", "the state file itself"),
        ("its log", "the state file itself"),
        ("link to it", "the state file itself"),
        ("hard link to it", "the state file itself"),
        ("copy", "is a state file, or a backup of one"),
        ("backup", "backups of the state file are not attached"),
        ("unreadable", "the file cannot be read: No such file"),
    ],
)
async def test_what_is_no_file_of_the_person_is_refused_and_what_was_typed_stays(
    at_evening: Stage, machine: Machine, folder: Path, kind: str, why: str
) -> None:
    path = make_odd(folder, kind, at_evening)
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "asterisk")
        app.screen.query_one(PathInput).value = path
        before = at_evening.state_file.head().seq
        await settled(pilot, "enter")
        assert why in said(app)
        assert app.screen.query_one(PathInput).value == path
        assert at_evening.state_file.head().seq == before
        at_evening.do("task.note", "DM-07", by="rahul", text="SQLite's locks still hold")


async def test_a_large_file_is_referred_to_and_that_is_said(
    at_evening: Stage, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "LARGEST", 10)
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await attach(pilot, "errors.txt")
        (document,) = (one for one in at_evening.board().rows(Document).values() if one.name == "errors.txt")
        assert (document.kept, document.size_bytes) == (False, len(PROOF))
        assert any("more than the 10 that are kept" in note for note in toasts(app))


# --- what was attached ------------------------------------------------------------------------------------------------


async def test_what_was_attached_is_read_and_saved(
    at_evening: Stage, machine: Machine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "../../.profile"
    at_evening.do("evidence.add", "DM-07", by="rahul", attached=attachment(name, "text/plain", PROOF))
    read: list[str] = []
    monkeypatch.setattr(Machine, "show_text", lambda _, __, ___, text: read.append(text))
    monkeypatch.setattr(ConsoleApp, "suspend", lambda _: open(os.devnull))  # noqa: SIM115  # a context that does nothing
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "end")
        assert "read" in shown(app)
        await settled(pilot, "enter", "f8", "f8")
        assert read == ["errors: 0·\n·[31mred"]
        assert (folder / "profile").read_bytes() == PROOF
        assert [path.name for path in sorted(folder.glob("*profile*"))] == ["profile", "profile-2"]


async def test_what_is_no_text_is_only_saved(at_evening: Stage, machine: Machine) -> None:
    at_evening.do("evidence.add", "DM-07", by="rahul", attached=attachment("a.png", "image/png", b"\x89PNG\0"))
    app = at_evening.app("rahul", machine=machine)
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "end", "enter")
        assert any("a.png is not text" in note for note in toasts(app))


# --- a served console -------------------------------------------------------------------------------------------------


async def test_without_a_machine_it_says_how_else(at_evening: Stage, folder: Path) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "asterisk")
        assert isinstance(app.screen, TaskScreen)
        assert any("ssh HOST evidence add DM-07 - --name proof.pdf < proof.pdf" in note for note in toasts(app))


async def test_there_is_no_way_round(at_evening: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verb itself, past the reason why not; other keys for it; and a path wherever text is typed."""
    opened: list[Any] = []
    monkeypatch.setattr(attaching, "read_regular", lambda *told: opened.append(told))
    monkeypatch.setattr(Machine, "files_like", lambda *told: opened.append(told))
    at_evening.do("evidence.add", "DM-07", by="rahul", attached=attachment("a.txt", "text/plain", PROOF))
    app = at_evening.app("rahul")
    async with app.run_test(size=SIZE) as pilot:
        await open_task(app, pilot)
        await settled(pilot, "end")
        screen = app.screen
        assert isinstance(screen, ConsoleScreen)
        before = sorted(folder.rglob("*"))
        for name in ("evidence.add", "evidence.open", "evidence.save"):
            action = action_called(name)
            assert action.why_disabled(screen.context()) is not None
            outcome = action.run(screen, "")
            if outcome is not None:
                await outcome
        assert app.screen is screen
        await settled(pilot, "home", "down", "i", *keys_of(str(folder / "errors.txt")), "tab", "enter")
        assert opened == []
        assert sorted(folder.rglob("*")) == before
        assert [one[0] for one in attached(at_evening)] == ["a.txt"]
        step = at_evening.board().steps(screen.context().task.id)  # type: ignore[union-attr]
        assert str(folder / "errors.txt") in [one.evidence for one in step]  # words, and nothing else


def test_a_served_console_can_be_given_no_machine() -> None:
    assert "machine" not in inspect.signature(ServedConsole.__init__).parameters
    for module in Path(console.__file__).parent.glob("*.py"):
        assert not re.search("machine_of|tui.doing.machine", module.read_text()), module.name
