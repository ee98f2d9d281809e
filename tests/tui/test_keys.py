"""What people do with keys: the action that is called, the state file afterwards, and the picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.events import Key
from textual.widgets import Input

from tests.tui.looking import host_of, select, settled, task_of, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.again import Again
from warroom.tui.doing.prompt import Choice, Prompt
from warroom.tui.screens.help import HelpScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import Result, TaskState, Verdict, VoteChoice

SIZE = (120, 40)


def text_of(lines: Lines) -> str:
    return "\n".join(lines.render_line(y).text for y in range(lines.size.height))


async def test_the_cursor_begins_at_the_most_urgent_task(at_evening: Stage) -> None:
    app = at_evening.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "DM-07 Load customers and items" in text_of(app.screen.query_one("#selected", Lines))


async def test_start_writes_what_was_seen_and_shows_it(at_evening: Stage) -> None:
    at_evening.to(105)
    at_evening.tick_all("DM-07")
    at_evening.do("task.done", "DM-07", by="rahul")
    at_evening.do("task.verify", "DM-07", by="sofie")
    app = at_evening.app("sofie")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-09")
        seen = app.host.board.last_entry("DM-09")
        await settled(pilot, "s")
        assert host_of(app).calls == [("task.start", {"ref": "DM-09", "seen": seen})]
        assert task_of(app, "DM-09").state is TaskState.RUNNING
        assert "● running" in text_of(app.screen.query_one("#selected", Lines))


async def test_steps_are_ticked_by_space_and_by_number_and_then_the_task_is_done(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "d")
        assert host_of(app).calls == []
        assert any("2 steps are open" in toast for toast in toasts(app))
        await settled(pilot, "space", "3", "3", "3", "d")
        verbs = [(name, arguments.get("positions")) for name, arguments in host_of(app).calls]
        assert verbs == [
            ("step.tick", [2]),
            ("step.tick", [3]),
            ("step.untick", [3]),
            ("step.tick", [3]),
            ("task.done", None),
        ]
        assert task_of(app, "DM-07").state is TaskState.VERIFYING


async def test_the_verifier_ticks_and_verifies(at_evening: Stage) -> None:
    at_evening.tick_all("DM-07")
    at_evening.do("task.done", "DM-07", by="rahul")
    app = at_evening.app("sofie", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "v")
        assert task_of(app, "DM-07").state is TaskState.DONE


async def test_an_eta_is_understood_while_it_is_typed_and_needs_a_reason(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "e", *"2:40")
        assert "= Sat 28 Nov 02:40, in 7h08" in said(app)
        await settled(pilot, *["backspace"] * 4, *"+15", "enter")
        assert host_of(app).calls == []
        await settled(pilot, *"slow", "enter")
        assert not isinstance(app.screen, Prompt)
        task = task_of(app, "DM-07")
        assert task.eta == WINDOW + timedelta(minutes=107)
        assert task.eta_reason == "slow"


@pytest.mark.parametrize(
    ("time", "understood"), [("+15", "= 19:47"), ("sat 2:40", "= Sat 28 Nov 02:40"), ("45m", "= 20:17")]
)
async def test_a_new_eta_and_its_reason_in_one_line(at_evening: Stage, time: str, understood: str) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "e", *("space" if letter == " " else letter for letter in f"{time} rejects in 2 files"))
        assert understood in said(app)
        await settled(pilot, "enter")
        assert not isinstance(app.screen, Prompt)
        assert task_of(app, "DM-07").eta_reason == "rejects in 2 files"


async def test_words_after_what_is_no_time_stay_where_they_were_typed(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "e", *"soon", "space", *"ready", "enter", *"slow", "enter")
        assert isinstance(app.screen, Prompt)
        assert host_of(app).calls == []
        assert app.screen.query_one("#field-finished", Input).value == "soon ready"


async def test_a_task_and_why_it_is_given_to_somebody_in_one_line(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        select(app, "DM-13")
        await settled(pilot, "A", *"rahul", "space", *"he", "space", *"sleeps", "enter")
        assert not isinstance(app.screen, Prompt)
        action, arguments = host_of(app).calls[-1]
        assert (action, arguments["people"], arguments["reason"]) == ("task.assign", {"owner": "rahul"}, "he sleeps")


async def test_what_is_typed_faster_than_a_prompt_opens_is_not_lost_and_does_nothing_else(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for character in "bdisk full, see 3":
            app.post_message(Key("space" if character == " " else character, character))
        await settled(pilot)
        assert isinstance(app.screen, Prompt)
        assert app.screen.query_one(Input).value == "disk full, see 3"
        assert host_of(app).calls == []


async def test_block_and_unblock(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "b", *"disk full", "enter")
        assert task_of(app, "DM-07").blocked_reason == "disk full"
        await settled(pilot, "b")
        assert task_of(app, "DM-07").state is TaskState.RUNNING


async def test_escape_leaves_a_prompt_and_nothing_happened(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "b", *"no", "escape")
        assert not isinstance(app.screen, Prompt)
        assert host_of(app).calls == []


def said(app: ConsoleApp) -> str:
    return str(app.screen.query_one("#prompt-said").render())


async def test_a_refusal_keeps_what_was_typed(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "n", *"rejects are in the shared folder")
        host_of(app).refusal = Refused("the disk is full", hint="make room and try again")
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        assert app.screen.query_one(Input).value == "rejects are in the shared folder"
        assert "the disk is full" in said(app)
        assert any("→ make room and try again" in toast for toast in toasts(app))
        await settled(pilot, "enter")
        notes = app.host.board.notes(task_of(app, "DM-07").id)
        assert [note.text for note in notes] == ["rejects are in the shared folder"]


async def test_after_a_stale_refusal_one_looks_and_the_next_try_counts_as_having_seen_the_change(
    at_evening: Stage,
) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "b", *"waiting")
        at_evening.do("task.eta", "DM-07", by="jana", eta=WINDOW + timedelta(minutes=130), reason="asked around")
        await settled(pilot, "enter")
        assert isinstance(app.screen, Again)
        assert "changed since you looked: task.eta by jana: asked around" in said(app)
        await settled(pilot, "l")
        assert isinstance(app.screen, TaskScreen)
        await settled(pilot, "escape", "escape")
        assert isinstance(app.screen, Prompt)
        assert app.screen.query_one(Input).value == "waiting", "what was typed stays"
        await settled(pilot, "enter")
        assert task_of(app, "DM-07").state is TaskState.BLOCKED


async def test_after_a_stale_refusal_one_key_does_it_all_the_same(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await settled(pilot, "b", *"waiting")
        for reason in ("asked around", "asked again"):
            at_evening.do("task.eta", "DM-07", by="jana", eta=WINDOW + timedelta(minutes=130), reason=reason)
            await settled(pilot, "enter" if reason == "asked around" else "a")
            assert isinstance(app.screen, Again)
            assert reason in said(app)
        await settled(pilot, "a")
        assert not isinstance(app.screen, Prompt | Again)
        assert task_of(app, "DM-07").blocked_reason == "waiting"


async def test_a_key_that_was_too_late_is_offered_again(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        at_evening.do("task.note", "DM-07", by="jana", text="wait for me")
        await settled(pilot, "space")
        assert isinstance(app.screen, Again)
        assert "task.note by jana" in said(app)
        await settled(pilot, "escape")
        assert not app.host.board.steps(task_of(app, "DM-07").id)[1].ticked_at
        await settled(pilot, "space", "a")
        assert app.host.board.steps(task_of(app, "DM-07").id)[1].ticked_at


async def test_a_refused_key_says_so(at_evening: Stage) -> None:
    app = at_evening.app("rahul", screen="owner")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        host_of(app).refusal = Refused("no")
        await settled(pilot, "space")
        assert toasts(app) == ["no"]


async def test_note_progress_skip_fail_and_result(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "p", *"1,200/4.800 rows", "enter")
        task = task_of(app, "DM-07")
        assert (task.progress_done, task.progress_total, task.progress_unit) == (1200, 4800, "rows")
        await settled(pilot, "space", "space", "D", "right", "enter")
        assert task_of(app, "DM-07").result is Result.FAIL
        await settled(pilot, "X", *"wrong file", "enter")
        assert task_of(app, "DM-07").state is TaskState.FAILED
        select(app, "DM-06")
        await settled(pilot, "x", *"not needed", "enter")
        assert task_of(app, "DM-06").state is TaskState.SKIPPED


async def test_evidence_goes_with_a_tick(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "i", *"job 4711", "enter")
        steps = app.host.board.steps(task_of(app, "DM-07").id)
        assert steps[1].evidence == "job 4711"


async def test_a_gate_is_voted_on_and_decided(at_night: Stage) -> None:
    app = at_night.app("helene")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-12")
        await settled(pilot, "v", "enter")
        assert host_of(app).calls == [], "nobody votes by pressing enter"
        await settled(pilot, "c")
        assert app.screen.query_one(Choice).value == VoteChoice.CONDITIONAL.value
        await settled(pilot, "enter")
        assert isinstance(app.screen, Prompt), "a conditional vote needs its reason"
        await settled(pilot, *"stock", "enter")
        gate = app.host.board.gate_of(task_of(app, "DM-12").id)
        assert gate is not None
        votes = {vote.person_id: vote.choice for vote in app.host.board.votes(gate.id)}
        assert votes[task_of(app, "DM-12").owner_id or 0] is VoteChoice.CONDITIONAL
        await settled(pilot, "D", "g", *"signed", "enter")
        decided = app.host.board.gate_of(task_of(app, "DM-12").id)
        assert decided is not None
        assert decided.verdict is Verdict.GO
        assert "◆ go" in text_of(app.screen.query_one("#selected", Lines))


async def test_a_disabled_key_says_why(at_evening: Stage) -> None:
    app = at_evening.app("callum")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "b", "s", "v", "D")
        assert toasts(app) == [
            "only its owner, the backup of an owner who is away, the lead or a deputy may do that",
            "DM-07 cannot be started; it is running",
            "DM-07 is not waiting to be verified; it is running",
            "only its owner, the backup of an owner who is away, the lead or a deputy may do that",
        ]
        assert host_of(app).calls == []


@pytest.mark.parametrize(("options", "reason"), [({"read_only": True}, "only looks"), ({"wall": True}, "only shows")])
async def test_who_may_only_look_changes_nothing(at_evening: Stage, options: dict[str, bool], reason: str) -> None:
    app = at_evening.app("jana", **options)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await settled(pilot, *"sdvbuenxXDpi1ORSC", "space")
        assert not isinstance(app.screen, Prompt)
        assert host_of(app).calls == []
        assert all(reason in toast for toast in toasts(app))


async def test_details_help_and_back(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "enter")
        assert isinstance(app.screen, TaskScreen)
        shown = "\n".join(pane.render_line(y).text for pane in app.screen.query(Listing) for y in range(36))
        for wanted in (
            "Rahul Deshmukh",
            "+44 20 7946 0178 ext 1",
            "Test import of items",
            "planned     18:45 to 19:05",
        ):
            assert wanted in shown
        await settled(pilot, "down", "space")
        assert host_of(app).calls[-1][1]["positions"] == [2]
        await settled(pilot, "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await settled(pilot, "escape", "escape")
        assert app.screen.query(Timeline)


async def test_enter_folds_a_group_and_the_side_leads_back_to_the_timeline(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        timeline = app.screen.query_one(Timeline)
        rows = timeline.item_count
        await settled(pilot, "home", "enter")
        assert timeline.item_count == rows - 5
        await settled(pilot, "tab", "down", "escape")
        assert app.focused is timeline
        assert timeline.selected == "DM-06"
        assert timeline.item_count == rows


async def test_panning_and_zooming_stop_following_now(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        timeline = app.screen.query_one(Timeline)
        before = timeline._axis
        await settled(pilot, "right")
        assert timeline._axis.left == before.left + before.tick
        await settled(pilot, "plus")
        assert timeline._axis.step < before.step
        assert not timeline.following
        await settled(pilot, "f")
        assert timeline.following
        assert timeline._axis == before


async def test_the_palette_runs_the_same_actions(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        select(app, "DM-07")
        await settled(pilot, "ctrl+p", *"write a note")
        await pilot.pause()
        await settled(pilot, "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Prompt)


async def test_the_board_moves_under_the_console(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        at_evening.do("task.block", "DM-07", by="rahul", reason="licence expired")
        host_of(app).catch_up()
        await pilot.pause()
        act = app.screen.query_one("#act", Listing)
        assert "licence expired" in "".join(act.render_line(y).text for y in range(10))
        assert "blocked 2" in text_of(app.screen.query_one("#header", Lines))


async def test_a_heartbeat_moves_the_clock_and_each_minute_the_forecast(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        header = app.screen.query_one("#header", Lines)
        picture = app.picture
        at_evening.to(92.5)
        app.beat()
        assert "19:32:30" in text_of(header)
        assert app.picture is picture
        at_evening.to(130)
        app.beat()
        assert app.picture is not picture
        assert "BEYOND the window" not in text_of(header)
        host_of(app).watched = False
        for _ in range(5):
            app.beat()
        assert "nobody watching" in text_of(header)


async def test_trouble_with_the_state_file_is_told(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        host_of(app)._fail(Refused("the state file is gone", hint="restore it"))
        await pilot.pause()
        assert "not current: the state file is gone" in text_of(app.screen.query_one("#header", Lines))
        assert toasts(app) == ["the state file is gone\n→ restore it"]


async def test_leaving_at_once(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+q")
    assert app.return_code == 0
