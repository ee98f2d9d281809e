"""The line that the console tells for what a key did does the same when it is run."""

from __future__ import annotations

import ast
import shlex
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import warroom.tui
from tests.tui.looking import settled, shown
from tests.tui.stage import Stage, night, staged
from warroom.actions.evidence import attachment
from warroom.actions.registry import ACTIONS
from warroom.cli.main import main
from warroom.clock.source import SystemClock
from warroom.serve.wanted import words_of
from warroom.store.statefile import StateFile
from warroom.tui.doing.command_lines import command_line, known_actions, looking_line, over_ssh
from warroom.tui.doing.command_log import CommandLog
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.timeline.widget import Timeline
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.sheet import SheetLine
from warroom.vocabulary.words import AfterNoGo, Disposition, Medium, Result, Side, Verdict, VoteChoice

AT = datetime(2026, 11, 27, 21, 45, tzinfo=UTC)


def letters(text: str) -> list[str]:
    known = {" ": "space", "+": "plus", "/": "slash", "-": "minus", ",": "comma", "'": "apostrophe", ":": "colon"}
    return [known.get(letter, letter) for letter in text]


KEYS: dict[str, tuple[str, str, list[str]]] = {
    "start": ("jana", "DM-13", ["s"]),
    "note": ("greta", "DM-13", ["n", *letters("-x: it's 5 o'clock"), "enter"]),
    "block": ("jana", "DM-13", ["s", "b", *letters("bank is shut"), "enter"]),
    "eta": ("jana", "DM-13", ["s", "e", *letters("+45"), "enter", *letters("big file"), "enter"]),
    "progress": ("jana", "DM-13", ["s", "p", *letters("3/10 rows"), "enter"]),
    "step": ("jana", "DM-13", ["s", "1", "1"]),
    "evidence": ("jana", "DM-13", ["s", "i", *letters("log 7"), "enter"]),
    "skip": ("jana", "DM-13", ["x", *letters("not needed"), "enter"]),
    "fail": ("jana", "DM-13", ["s", "X", *letters("no power"), "enter"]),
    "assign": ("jana", "DM-13", ["A", *letters("rahul"), "enter", *letters("sleeps"), "enter"]),
    "retime": ("jana", "DM-13", ["T", *letters("1h30"), "enter", *letters("more data"), "enter"]),
    "reopen": ("jana", "DM-11", ["O", *letters("wrong file"), "enter"]),
    "rerun": ("jana", "DM-11", ["R", "tab", *letters("wrong file"), "enter"]),
    "correct": ("jana", "DM-11", ["C", *letters("20:00"), "tab", "tab", *letters("late note"), "enter"]),
    "vote": ("helene", "DM-12", ["v", "n", *letters("stock differs"), "enter"]),
    "marked": ("jana", "DM-13", ["m", "n", *letters("call in"), "enter"]),
}


def told(entries: list[Entry]) -> list[tuple[Any, ...]]:
    return [(one.action, one.subject, one.reason, one.actor, one.effective_at, one.changes) for one in entries]


@pytest.mark.parametrize("name", KEYS)
async def test_the_line_writes_what_the_key_wrote(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, ref, keys = KEYS[name]
    with staged(tmp_path / "console.db", played=night) as stage:
        start = stage.state_file.head().seq
        app = stage.app(handle, command_options=["--db", str(tmp_path / "shell.db"), "--as", handle])
        async with app.run_test(size=(160, 45)) as pilot:
            assert isinstance(app.screen, WarRoom)
            app.screen.query_one(Timeline).go_to(ref)
            for key in keys:
                await pilot.press(key)
                await app.workers.wait_for_complete()
            assert isinstance(app.screen, ConsoleScreen)
        written = list(stage.state_file.entries(start))
        lines = [one.line for one in app.commands.said if one.writes]
        now = stage.clock.now()
    assert written, "the keys wrote something"
    assert len(lines) == len(written)
    with staged(tmp_path / "shell.db", played=night):
        pass
    monkeypatch.setattr(SystemClock, "now", lambda _: now)
    monkeypatch.setenv("WARROOM_DB", str(tmp_path / "another.db"))
    monkeypatch.setenv("WARROOM_USER", "somebody")
    monkeypatch.setenv("WARROOM_BACKUPS", "off")
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, line
    with StateFile.open(tmp_path / "shell.db") as state_file:
        assert told(list(state_file.entries(start))) == told(written)


_TOLD: dict[str, dict[str, Any]] = {
    "task.done": {"result": Result.PASS, "note": "-4 rows"},
    "evidence.add": {"attached": attachment(__file__, "text/plain", b"x"), "position": 2, "note": "-4 rows"},
    "task.eta": {"eta": AT, "reason": "big"},
    "task.progress": {"done": 3, "total": 10, "unit": "rows"},
    "task.note": {"text": "--- all well"},
    "task.assign": {"people": {"owner": "mei", "backup": None}, "reason": "x"},
    "task.retime": {"times": {"duration_s": 5_400}, "reason": "x"},
    "task.link": {"after": ["BC-22 SS+15m"], "reason": "x"},
    "task.unlink": {"after": ["BC-22"], "reason": "x"},
    "task.rerun": {"reason": "x", "from_here": True},
    "task.correct": {"start": AT, "finish": None, "reason": "x"},
    "step.tick": {"positions": [1, 2], "evidence": "log"},
    "step.untick": {"positions": [1]},
    "sheet.record": {
        "by": Medium.PAPER,
        "lines": (
            SheetLine(1, "BC-24", "start", "mei", AT),
            SheetLine(2, "BC-24", "tick", "mei", AT, "-4 rows", (1, 2)),
            SheetLine(3, "BC-24", "skip", "mei", None, 'not, "needed"'),
        ),
    },
    "gate.vote": {"choice": VoteChoice.NO_GO, "reason": "-1 piece"},
    "gate.voice": {
        "choice": VoteChoice.GO,
        "done_by": "mei",
        "told_by": Medium.VOICE,
        "witness": "ana",
        "seat": "Finance",
    },
    "gate.decide": {
        "verdict": Verdict.CONDITIONAL,
        "reason": "x",
        "conditions": [Condition("Check ten", "olga", AT)],
        "entities": ["DE"],
        "then": AfterNoGo.RETRY,
        "retry_at": AT,
        "reverse": True,
    },
    "gate.assess": {"number": 2, "met": False, "evidence": "x"},
    "gate.measure": {"number": 2, "value": Decimal("-1204.5"), "evidence": None},
    "gate.waive": {"number": 2, "reason": "x", "expires_at": AT},
    "control.record": {"key": "gl", "side": Side.NEW, "value": Decimal("-0.01"), "entity": "DE", "correct": True},
    "control.dispose": {"key": "gl", "disposition": Disposition.FIX, "reason": "x"},
    "control.sign": {"key": "gl", "note": "x"},
    "control.reopen": {"key": "gl", "legacy": True, "reason": "x"},
    "rollback.recover": {"key": "forward", "reason": "x"},
    "rollback.invoke": {"reason": "x", "trigger": 2},
    "handover.accept": {"handle": "omar"},
    "alert.acknowledge": {"number": 4},
    "alert.snooze": {"number": 4, "until": AT, "reason": None},
    "shout": {"text": "-- come", "to": "mei", "stream": None, "bridge": True},
    "problem.raise": {"title": "-x", "severity": 2, "owner": "mei", "due_at": AT, "tasks": ["BC-24"]},
    "problem.update": {"number": 3, "fields": {"severity": 1, "due_at": AT}},
    "problem.solve": {"number": 3, "outcome": "x", "accepted": True},
    "problem.reopen": {"number": 3, "reason": "x"},
    "log.decision": {"text": "-x", "reason": "x", "decided_by": "mei", "tasks": ["BC-24"]},
    "log.paper": {"text": "note 4711", "owner": "mei", "due_at": AT},
    "log.entered": {"number": 3, "entered_as": "SO-1"},
    "roll.call": {"title": "02:00"},
    "roll.answer": {"handle": "mei"},
    "roll.missing": {"handle": "mei"},
    "handover.give": {"handle": "omar", "to": "mei", "note": "x"},
    "communication.send": {},
    "communication.approve": {},
    "communication.record": {"how": "posted"},
    "undo": {"entry": 12, "reason": None},
}


def line_of(action: str, stage: Stage) -> str:
    """A line for an action that is told all it can be."""
    more = _TOLD.get(action, {"reason": "x"} if action not in ("task.start", "task.confirm") else {})
    if action.startswith("rollback.") and action not in _TOLD:
        more = {"number": 3, "reason": "x", "at": None, "measured": None}
    if action in ("task.verify", "task.unblock", "gate.countersign"):
        more = {}
    board = stage.board()
    return command_line(action, {"ref": "BC-24", "seen": 3, **more}, board, stage.host().actor)


@pytest.mark.parametrize("action", sorted(known_actions()))
def test_every_line_can_be_read_by_the_command(
    action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_evening: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no state file, all that is left to complain about is that."""
    monkeypatch.setenv("WARROOM_DB", str(tmp_path / "none.db"))
    line = line_of(action, at_evening)
    assert main(shlex.split(line)[1:]) == 3, (line, capsys.readouterr().err)


def test_there_is_a_line_for_everything_that_the_console_does() -> None:
    asked: set[str] = set()
    for file in Path(warroom.tui.__path__[0]).rglob("*verbs.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and node.value in ACTIONS:
                asked.add(str(node.value))
    assert asked - known_actions() == set()


def test_screens_that_only_show() -> None:
    assert looking_line("console.gate", "GATE-B") == "warroom gate show GATE-B"
    assert looking_line("console.odds", "BC-24") == "warroom confidence"
    assert looking_line("move.up", "BC-24") is None


@pytest.mark.parametrize("action", sorted(known_actions()))
def test_over_ssh_a_line_comes_to_the_server_in_the_same_words(at_evening: Stage, action: str) -> None:
    line = line_of(action, at_evening)
    ssh, host, *rest = shlex.split(over_ssh(line))
    assert (ssh, host) == ("ssh", "HOST")
    assert words_of(" ".join(rest)) == shlex.split(line)[1:]


async def test_a_served_console_tells_lines_for_another_machine(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    app.commands = CommandLog(served=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "n", *"it's slow", "enter", "a", "escape", "Q")
        screen = shown(app)
        assert "lines for your own machine; HOST is how you came in" in screen
        assert "ssh HOST alert list" in screen
        assert any(one.line.startswith("ssh HOST 'task note ") for one in app.commands.said)
        assert "warroom" not in " ".join(one.line for one in app.commands.said)


async def test_a_console_on_another_run_tells_lines_that_read_that_run(at_evening: Stage) -> None:
    app = at_evening.app(command_options=["--as", "jana"], named_run="Mock 1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot, "enter", "escape", "g", "escape", "a", "escape")
        assert [one.line for one in app.commands.said] == [
            "warroom --as jana task show DM-07 '--run=Mock 1'",
            "warroom --as jana gate list '--run=Mock 1'",
            "warroom --as jana alert list '--run=Mock 1'",
        ]
