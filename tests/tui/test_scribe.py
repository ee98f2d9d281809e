"""The scribe: one typed line records what somebody phoned in; errors stay in the line; one key takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.tui.looking import SIZES, SMALL, SnapCompare, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.tui.screens.scribe import ScribeScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.scribe.line import completed, read_line
from warroom.vocabulary.words import Assurance, Medium, TaskState

NOW = WINDOW + timedelta(minutes=92)


def minute(minutes: int) -> datetime:
    return WINDOW + timedelta(minutes=minutes)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_line_half_typed(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app(screen="scribe")
    assert snap_compare(app, terminal_size=size, press=[*"rahul items tick", "space", "2"])


@pytest.mark.parametrize(
    ("text", "who", "ref", "action", "at", "arguments"),
    [
        ("rahul DM-07 done", "rahul", "DM-07", "task.done", None, {}),
        ("rah dm7 d 19:25 412 rows", "rahul", "DM-07", "task.done", 85, {"note": "412 rows"}),
        ("dm07 done -10", "rahul", "DM-07", "task.done", 82, {}),
        ("Deshmukh items n half is there", "rahul", "DM-07", "task.note", None, {"text": "half is there"}),
        ("dm7.2 tick fri 19:20 ok", "rahul", "DM-07", "step.tick", 80, {"positions": [2], "evidence": "ok"}),
        ("rahul dm7 tick 2 3", "rahul", "DM-07", "step.tick", None, {"positions": [2, 3]}),
        ("rahul dm7 tick all -5 ok", "rahul", "DM-07", "step.tick", 87, {"positions": [2, 3], "evidence": "ok"}),
        ("rahul dm7 block no file", "rahul", "DM-07", "task.block", None, {"reason": "no file"}),
        ("rahul dm7 eta +30 rejects", "rahul", "DM-07", "task.eta", None, {"eta": minute(122), "reason": "rejects"}),
        ("dm7 p 4/10 files", "rahul", "DM-07", "task.progress", None, {"done": 4, "total": 10, "unit": "files"}),
        ("sofie dm7 verify", "sofie", "DM-07", "task.verify", None, {}),
        ("greta dm6 u found", "greta", "DM-06", "task.unblock", None, {"reason": "found"}),
    ],
)
def test_what_a_line_means(
    at_evening: Stage, text: str, who: str, ref: str, action: str, at: int | None, arguments: dict[str, object]
) -> None:
    line = read_line(text, at_evening.app().picture, NOW)
    assert line.missing is None
    assert line.who is not None
    assert line.task is not None
    assert (line.who.handle, line.task.ref, line.action) == (who, ref, action)
    assert line.at == (None if at is None else minute(at))
    assert line.arguments == arguments


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "who, which task"),
        ("zzz", "nobody is called zzz"),
        ("rahul", "which task?"),
        ("rahul qqqq", "no task is called qqqq"),
        ("rahul dm7", "what? start, done"),
        ("rahul dm7 jump", "jump is none of"),
        ("rahul dm7 block", "why?"),
        ("rahul dm7 tick", "which step?"),
        ("rahul dm7 eta", "until when?"),
        ("rahul dm7 eta soon later", "is not a time"),
        ("rahul dm7 done 25:99", "25:99"),
        ("rahul dm7 progress many", "that is not a progress"),
        ("jana load done", "load may be DM-07, DM-08, DM-09"),
    ],
)
def test_what_a_line_still_needs(at_evening: Stage, text: str, missing: str) -> None:
    assert missing in (read_line(text, at_evening.app().picture, NOW).missing or "")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("rah", "rahul "),
        ("rahul items", "rahul DM-07 "),
        ("rahul dm7.2", "rahul DM-07.2 "),
        ("rahul dm7 ti", "rahul dm7 tick "),
        ("dm7 d", "dm7 done "),
        ("rahul dm7 done some", "rahul dm7 done some"),
        ("zzz", "zzz"),
    ],
)
def test_tab_completes_the_word(at_evening: Stage, text: str, whole: str) -> None:
    assert completed(text, at_evening.app().picture, NOW) == whole


async def test_what_is_phoned_in_is_recorded_for_whom_and_taken_back(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "ampersand")
        assert isinstance(app.screen, ScribeScreen)
        await settled(pilot, *"rah", "tab", *"items", "tab", *"tick 2 3 -5 by phone", "enter")
        board = at_evening.board()
        task = board.task("DM-07")
        assert task is not None
        steps = board.steps(task.id)
        assert [step.ticked_at for step in steps[1:3]] == [minute(87)] * 2
        assert {board.handle(step.ticked_by_id) for step in steps[1:3]} == {"rahul"}
        entry = list(at_evening.state_file.entries(board.seq - 1))[-1]
        assert (entry.actor, entry.done_by, entry.assurance, entry.by) == (
            *("jana", "rahul"),
            *(Assurance.PROXY, Medium.PHONE),
        )
        assert app.screen.line.value == ""
        assert "✓ tick DM-07 for rahul" in shown(app)
        await settled(pilot, *"rahul dm7 done 19:31", "enter")
        assert "steps are open" not in shown(app)
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert (task.state, task.executed_at) == (TaskState.VERIFYING, minute(91))
        await settled(pilot, "ctrl+z")
        task = at_evening.board().task("DM-07")
        assert task is not None
        assert task.state is TaskState.RUNNING
        assert "taken back: finished DM-07 (rahul)" in shown(app)
        await settled(pilot, "escape")
        assert isinstance(app.screen, WarRoom)


async def test_an_error_stays_in_the_line_with_what_was_typed(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, *"rahul dm7 done", "enter")
        assert "✗ steps are open: DM-07.2, DM-07.3" in shown(app)
        assert isinstance(app.screen, ScribeScreen)
        assert app.screen.line.value == "rahul dm7 done"
        assert toasts(app) == []
        await settled(pilot, "escape", *"rahul", "enter")
        assert "✗ which task?" in shown(app)
        assert len(host_of(app).calls) == 1
        assert len(app.screen_stack) == 1


async def test_only_who_may_record_for_others_gets_there(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "ampersand")
        assert isinstance(app.screen, WarRoom)
        assert "may record for somebody else" in toasts(app)[0]


async def test_it_is_made_of_a_handful_of_widgets(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert len(list(app.screen.query("*"))) <= 12
