"""A run sheet that was filled in on paper: cell by cell in the order of the print, and recorded all at once or not."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.cutover import numbered_ids
from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, at_once, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage, night, staged
from warroom.actions import plan
from warroom.board.run_sheets import order_as_printed
from warroom.cli.main import main
from warroom.clock.source import SteppedClock, SystemClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.tui.doing.leaving import Leaving
from warroom.tui.doing.sheet_draft import Column, Typed
from warroom.tui.picture.picture import picture_of
from warroom.tui.screens.scribe import ScribeScreen
from warroom.tui.screens.sheet import SheetScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.scribe.line import read_line
from warroom.tui.sheets.recording import Recording
from warroom.tui.sheets.times import time_written, twice_words
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Assurance, Medium, RunKind, TaskState

DM_07 = (*"all", "tab", *"1925", "tab", *"+5", "tab", "tab", "tab", *"412 rows")
"""What stands beside Rahul's load: its steps, done, verified by Sofie, and a remark."""


def minute(minutes: int) -> datetime:
    return WINDOW + timedelta(minutes=minutes)


def entries(stage: Stage, after: int) -> list[Entry]:
    return list(stage.state_file.entries(after))


def task(stage: Stage, ref: str) -> Any:
    found = stage.board().task(ref)
    assert found is not None
    return found


async def opened(pilot: Pilot[None], who: str = "rahul") -> SheetScreen:
    """The sheet of somebody, by the keys that lead there from the scribe's screen."""
    await settled(pilot, *who, "f5")
    screen = pilot.app.screen
    assert isinstance(screen, SheetScreen)
    return screen


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_sheet_half_entered(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app(screen="scribe")
    assert snap_compare(app, terminal_size=size, press=[*"rahul", "f5", *DM_07])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_what_will_be_recorded(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app(screen="scribe")
    assert snap_compare(app, terminal_size=size, press=[*"rahul", "f5", *DM_07, "ctrl+s"])


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_bad_cell(snap_compare: SnapCompare, at_evening: Stage, size: tuple[int, int]) -> None:
    app = at_evening.app(screen="scribe")
    assert snap_compare(app, terminal_size=size, press=[*"rahul", "f5", *"all", "tab", *"1840"])


async def test_a_sheet_is_recorded_at_once_with_who_when_and_how(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    before = at_evening.state_file.head().seq
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await settled(pilot, *DM_07)
        assert "4 entries to record" in shown(app)
        assert entries(at_evening, before) == []
        await settled(pilot, "ctrl+s")
        assert isinstance(app.screen, Recording)
        assert "Fri 2026-11-27 19:30  verify" in shown(app)
        await settled(pilot, "escape")
        assert entries(at_evening, before) == []
        await settled(pilot, "ctrl+s", "enter")
        assert isinstance(app.screen, SheetScreen)
        assert "✓ recorded 4 entries" in shown(app)
        assert app.sheets.unrecorded == 0
        written = entries(at_evening, before)
        told = [(one.action, one.done_by, one.effective_at, one.reason) for one in written]
        assert told == [
            ("step.tick", "rahul", minute(85), None),
            ("task.done", "rahul", minute(85), None),
            ("step.tick", "sofie", minute(90), None),
            ("task.verify", "sofie", minute(90), None),
        ]
        assert {(one.actor, one.by, one.assurance, one.run_time) for one in written} == {
            ("jana", Medium.PAPER, Assurance.PROXY, minute(92))
        }
        done = task(at_evening, "DM-07")
        assert (done.state, done.executed_at, done.actual_finish) == (TaskState.DONE, minute(85), minute(90))
        assert [note.text for note in at_evening.board().notes(done.id)] == ["412 rows"]
        # One key takes back the last one here; elsewhere u asks first, as after any other entry.
        await settled(pilot, "ctrl+z")
        assert "taken back: verified DM-07 (sofie)" in shown(app)
        assert task(at_evening, "DM-07").state is TaskState.VERIFYING


async def test_u_takes_back_what_was_recorded_of_a_sheet(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "ampersand")
        await opened(pilot)
        await settled(pilot, *DM_07, "ctrl+s", "enter", "escape", "escape", "escape")
        assert isinstance(app.screen, WarRoom)
        await settled(pilot, "u", "enter")
        assert task(at_evening, "DM-07").state is TaskState.VERIFYING


async def test_the_line_for_the_shell_writes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path / "console.db", played=night) as stage:
        start = stage.state_file.head().seq
        app = stage.app(screen="scribe")
        async with app.run_test(size=MIDDLE) as pilot:
            await opened(pilot, "callum")
            await settled(pilot, "-", "5", "tab", *"all", "tab", "+", "2", "tab", "tab", "tab", "tab", *'4 ";"; ok, no')
            await settled(pilot, "ctrl+s", "enter")
        written = entries(stage, start)
        lines = [one.line for one in app.commands.said if one.writes]
        now = stage.clock.now()
    assert {one.subject for one in written} == {"DM-13"}
    (line,) = lines
    with staged(tmp_path / "shell.db", played=night):
        pass
    monkeypatch.setattr(SystemClock, "now", lambda _: now)
    for name, value in (("DB", str(tmp_path / "shell.db")), ("USER", "jana"), ("BACKUPS", "off")):
        monkeypatch.setenv(f"WARROOM_{name}", value)
    assert main(shlex.split(line)[1:]) == 0, line
    with StateFile.open(tmp_path / "shell.db") as state_file:
        again = list(state_file.entries(start))
    told = [[(one.action, one.subject, one.done_by, one.by, one.effective_at, one.changes) for one in these]
            for these in (written, again)]  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("tab", *"1840"), "18:40: that is before DM-07 started"),
        (("tab", *"2599"), "'25:99' is not a time of day"),
        (("tab", *"soon"), "'soon' is not a time"),
        (("tab", *"T+9h"), "that time has not come yet"),
        (tuple("9"), "DM-07.9 is no open step: 2 3 4 5"),
        (("tab", *"1925"), "steps: steps are open: 2 3"),
        (("tab", "tab", *"1925"), "done: when was it done?"),
        (("tab", "tab", "tab", *"x"), "x is none of done, failed, skipped, blocked"),
        (("tab", "tab", "tab", *"f"), "note: why? the reason goes here"),
        (("tab", "tab", "tab", "tab", *"zzz"), "nobody is called zzz"),
        (("tab", *"+-5"), "is a negative duration"),
    ],
)
async def test_a_bad_cell_says_at_once_what_is_wrong_and_nothing_is_recorded(
    at_evening: Stage, keys: tuple[str, ...], said: str
) -> None:
    app = at_evening.app(screen="scribe")
    before = at_evening.state_file.head().seq
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await settled(pilot, *keys)
        column, _, text = said.rpartition(": ") if said.startswith(("done:", "steps:", "note:")) else ("", "", said)
        assert text in shown(app), shown(app)
        assert column in shown(app)
        typed = app.sheets.unrecorded
        await settled(pilot, "ctrl+s", "enter")
        assert entries(at_evening, before) == []
        assert app.sheets.unrecorded == typed


@pytest.mark.parametrize(
    ("who", "keys", "action", "at", "reason"),
    [
        ("rahul", ("tab", *"1925", "tab", "tab", "f", "tab", "tab", *"disk full"), "task.fail", 85, "disk full"),
        ("rahul", ("tab", *"1925", "tab", "tab", "b", "tab", "tab", *"no file"), "task.block", 85, "no file"),
        ("rahul", (*["tab"] * 3, "s", "tab", "tab", *"not today"), "task.skip", 92, "not today"),
        ("rahul", ("tab", *"-10", "tab", "tab", "s", "tab", "tab", *"x"), "task.skip", 82, "x"),
        ("greta", (*"1930", "tab", *"unb"), "task.unblock", 90, None),
        ("rahul", (*["tab"] * 5, *"half of it"), "task.note", 92, None),
        ("rahul", tuple("2-3"), "step.tick", 92, None),
    ],
)
async def test_every_outcome_is_recorded(
    at_evening: Stage, who: str, keys: tuple[str, ...], action: str, at: int, reason: str | None
) -> None:
    app = at_evening.app(screen="scribe")
    before = at_evening.state_file.head().seq
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot, who)
        await settled(pilot, *keys, "ctrl+s", "enter")
        (written,) = entries(at_evening, before)
        told = (written.action, written.done_by, written.effective_at, written.reason)
        assert told == (action, who, minute(at), reason)


async def test_one_refused_line_and_nothing_is_recorded_and_its_cell_says_why(at_evening: Stage) -> None:
    """Sofie is to have done it, and she verifies it: no rule lets her do both."""
    app = at_evening.app(screen="scribe")
    before = at_evening.state_file.head().seq
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await settled(pilot, *"all", "tab", *"1925", "tab", *"1930", "tab", "tab", *"sb")
        assert "= Sofie Brandt" in shown(app)
        await settled(pilot, "ctrl+s", "enter")
        assert "✗ nothing was recorded" in shown(app)
        assert entries(at_evening, before) == []
        assert app.sheets.unrecorded == 4
        screen = app.screen
        assert isinstance(screen, SheetScreen)
        refused = dict(screen.draft.refused)
        assert {column for _, column in refused} == {Column.VERIFIED}
        await settled(pilot, "tab", "tab", "ctrl+u", "ctrl+s", "enter")
        assert "✓ recorded 4 entries" in shown(app)


async def test_what_another_scribe_recorded_meanwhile_stands(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await settled(pilot, *DM_07)
        at_evening.tick_all("DM-07")
        at_evening.do("task.done", "DM-07", by="rahul", at=minute(81))
        seq = at_evening.state_file.head().seq
        await caught_up(app, pilot)
        assert "19:21" in shown(app)
        assert "19:25" not in shown(app).replace("+5", "")
        assert [toast.partition(" is known")[0] for toast in toasts(app)] == ["steps", "done"]
        await settled(pilot, "ctrl+s", "enter")
        written = entries(at_evening, seq)
        assert [(one.action, one.effective_at) for one in written] == [("task.verify", minute(86))]
        assert task(at_evening, "DM-07").executed_at == minute(81)


async def test_what_another_writes_while_the_summary_is_read_refuses_it(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot)
        await settled(pilot, *DM_07, "ctrl+s")
        at_evening.do("task.block", "DM-07", by="rahul", reason="the disk is full")
        seq = at_evening.state_file.head().seq
        await settled(pilot, "enter")
        assert "nothing was recorded" in shown(app)
        assert "DM-07 has changed since you looked: task.block by rahul" in shown(app)
        assert entries(at_evening, seq) == []
        assert app.sheets.unrecorded == 4


async def test_leaving_asks_once_and_the_draft_is_there_again(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await settled(pilot, *DM_07, "escape")
        assert isinstance(app.screen, Leaving)
        await settled(pilot, "escape")
        assert isinstance(app.screen, SheetScreen)
        await settled(pilot, "escape")
        assert isinstance(app.screen, ScribeScreen)
        await settled(pilot, "f5")
        assert isinstance(app.screen, SheetScreen)
        assert "412 rows" in shown(app)
        assert "4 entries to record" in shown(app)
        await settled(pilot, "f5", *"sofie", "enter")
        assert app.screen.ref == "sofie"
        assert "412 rows" not in shown(app)
        await settled(pilot, "f5", *"rahul", "enter")
        assert "412 rows" in shown(app)


async def test_leaving_the_console_tells_of_the_draft(stage: Stage) -> None:
    stage.start_run(RunKind.REHEARSAL, "Mock 1")
    app = stage.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "ampersand", *"rahul", "f5", "end", *"x", "escape", "q", "escape", "escape", "q")
        assert isinstance(app.screen, Leaving)
        assert "What is typed in 1 cell of run sheets is not recorded" in " ".join(shown(app).split())


async def test_it_begins_with_what_is_open_and_arrows_keep_their_column(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot, "greta")
        assert [read.row.task.ref for read in screen._read if not read.row.checks] == ["DM-03", "DM-06", "DM-10"]
        assert (screen.pane.selected, screen.selected and screen.selected.ref) == ("DM-06", "DM-06")
        await settled(pilot, "down", "tab", "tab")
        assert screen._at is not None
        assert screen._at[1] is Column.FINISHED
        await settled(pilot, "up", "up")
        assert (screen.pane.selected, screen._at[1]) == ("DM-03", Column.NOTE)
        await settled(pilot, "down", "down")
        assert (screen.pane.selected, screen._at[1]) == ("DM-10", Column.FINISHED)
        await pilot.click("#rows", offset=(4, 1))
        await settled(pilot)
        assert (screen.pane.selected, screen._at[1]) == ("DM-06", Column.FINISHED)
        await settled(pilot, *"1930")
        assert "DM-06 is blocked: first say that it is unblocked" in shown(app)


async def test_the_order_is_that_of_the_print(at_night: Stage) -> None:
    """Printed in the middle of the night a sheet begins with what was expected next then, and ends there."""
    app = at_night.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot, "greta")
        assert "printed before the run" in shown(app)
        before = [read.row.task.ref for read in screen._read]
        await settled(pilot, "ctrl+t", *"18:50", "enter")
        assert "printed Fri 2026-11-27 18:50" in shown(app)
        board = (await host_of(app).look_back()).board
        replay = await host_of(app).look_back()
        replay.seek(minute(50))
        then = picture_of(replay.board, minute(50), replay.actor)
        person = board.person_called("greta")
        assert person is not None
        order = order_as_printed(then.board, then.forecast, person.id)
        assert order is not None
        assert [read.row.task.id for read in screen._read] == [*order.own, *order.to_verify]
        assert [read.row.task.ref for read in screen._read] != before
        await settled(pilot, "ctrl+t", "enter")
        assert [read.row.task.ref for read in screen._read] == before


async def test_keys_that_come_all_at_once_find_their_cells(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    before = at_evening.state_file.head().seq
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await at_once(pilot, *DM_07, "ctrl+s", "enter")
        await settled(pilot)
        assert [one.action for one in entries(at_evening, before)] == [
            *("step.tick", "task.done"),
            *("step.tick", "task.verify"),
        ]


async def test_only_who_may_record_for_others_gets_there(at_evening: Stage) -> None:
    app = at_evening.app("rahul")
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "f5")
        assert isinstance(app.screen, WarRoom)
        assert "may record for somebody else" in toasts(app)[0]


async def test_it_is_made_of_a_handful_of_widgets(at_evening: Stage) -> None:
    app = at_evening.app(screen="scribe")
    async with app.run_test(size=SMALL) as pilot:
        screen = await opened(pilot)
        assert len(list(screen.query("*"))) <= 14


# --- the night in which clocks go back --------------------------------------------------------------------------------

AUTUMN = datetime(2026, 10, 24, 16, tzinfo=UTC)
"""Where its window starts: 18:00 in Berlin. 02:30 comes at T+8h30 and at T+9h30."""


@pytest.fixture
def in_autumn(tmp_path: Path) -> Iterator[Stage]:
    """The cutover in the night to 25 October, live, at 04:00 after clocks went back."""
    text = (folder("sample_runbooks") / "first-cutover.yaml").read_text(encoding="utf-8")
    file = tmp_path / "autumn.yaml"
    file.write_text(text.replace("2026-11-27", "2026-10-24").replace("2026-11-28", "2026-10-25"), encoding="utf-8")
    clock = SteppedClock(AUTUMN - timedelta(minutes=10))
    path = tmp_path / "autumn.db"
    plan.init(path, read_runbook(file), name=file.name, handle="jana", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock, new_id=numbered_ids(1_000)) as state_file:
        stage = Stage(state_file, clock)
        stage.start_run(RunKind.LIVE)
        clock.move_to(AUTUMN + timedelta(hours=11))
        yield stage


@pytest.mark.parametrize(
    ("text", "behind", "hours"),
    [
        ("02:30", None, 9.5),  # the later one that has passed, as in the line of the scribe
        ("230", None, 9.5),
        ("T+8h30", None, 8.5),
        ("T+08:30", None, 8.5),
        ("2026-10-25T02:30+02:00", None, 8.5),
        ("01:50", None, 7 + 5 / 6),
        ("23:40", None, 5 + 2 / 3),  # through midnight
        ("00:20", 5 + 2 / 3, 6 + 1 / 3),
        ("02:30", 8.25, 9.5),
        ("+30", 8.25, 8.75),
        ("+1h30", 8.25, 9.75),
        ("-90", None, 9.5),
        ("sat 23:40", None, 5 + 2 / 3),
    ],
)
def test_a_time_that_comes_twice(in_autumn: Stage, text: str, behind: float | None, hours: float) -> None:
    picture, now = in_autumn.app().picture, in_autumn.clock.now()

    def at(hours: float) -> datetime:
        return AUTUMN + timedelta(minutes=round(hours * 60))

    written = time_written(Typed(text, now), None if behind is None else at(behind), picture)
    assert written == at(hours)


def test_a_start_means_what_it_means_in_the_line_of_the_scribe(in_autumn: Stage) -> None:
    picture, now = in_autumn.app().picture, in_autumn.clock.now()
    for text in ("02:30", "2:10", "sun 02:30", "-90", "T+8h30"):
        assert time_written(Typed(text, now), None, picture) == read_line(f"jana dm1 start {text}", picture, now).at
    for hours, said in (
        (9.5, "the second of two; the first is T+08:30"),
        (8.5, "the first of two; the second is T+09:30"),
        (8, "the first of two; the second is T+09:00"),
        (7.9, ""),
        (10, ""),
    ):
        assert twice_words(AUTUMN + timedelta(hours=hours), picture) == said


async def test_the_sheet_says_which_of_two_is_recorded(in_autumn: Stage) -> None:
    app = in_autumn.app(screen="scribe")
    before = in_autumn.state_file.head().seq
    async with app.run_test(size=MIDDLE) as pilot:
        await opened(pilot, "imogen")
        await settled(pilot, *"230")
        assert "Sun 2026-10-25 02:30" in shown(app)
        assert "the second of two; the first is T+08:30" in shown(app)
        await settled(pilot, "ctrl+u", *"T+08:30")
        assert "the first of two" in shown(app)
        await settled(pilot, "ctrl+s")
        assert "(the first of two)" in shown(app)
        await settled(pilot, "enter")
    (written,) = entries(in_autumn, before)
    assert (written.action, written.effective_at) == ("task.start", AUTUMN + timedelta(hours=8, minutes=30))
