"""The go/no-go panel: votes as they come, what is missing, two countdowns; vote in two keys, decide in a sentence."""

from __future__ import annotations

import pytest
from textual.events import Key

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.board.rows import Gate, Vote
from warroom.tui.doing.prompt import Prompt
from warroom.tui.screens.gate import GateScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.screens.war_room import WarRoom
from warroom.tui.telling.countdowns import big, clock_span
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.words import TaskState, Verdict, VoteChoice


def saved(stage: Stage, ref: str) -> tuple[Gate, dict[str, Vote]]:
    """A gate and its votes by handle, from the state file."""
    board = stage.board()
    task = board.task(ref)
    assert task is not None
    gate = board.gate_of(task.id)
    assert gate is not None
    return gate, {board.handle(vote.person_id) or "": vote for vote in board.votes(gate.id)}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_panel_at_night(snap_compare: SnapCompare, at_night: Stage, size: tuple[int, int]) -> None:
    at_night.do("gate.vote", "DM-12", by="rahul", choice=VoteChoice.NO_GO, reason="Twelve rejects have no owner")
    assert snap_compare(at_night.app("helene", screen="gate"), terminal_size=size)


async def test_it_opens_on_the_next_gate_and_turns_to_the_others(at_evening: Stage) -> None:
    app = at_evening.app("jana")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "g")
        assert isinstance(app.screen, GateScreen)
        assert "DM-12" in shown(app)
        assert "1 of 2" in shown(app)
        for key, ref in (("right_square_bracket", "DM-14"), ("right", "DM-12"), ("left_square_bracket", "DM-14")):
            await settled(pilot, key)
            assert f"◆ {ref}" in shown(app)
        await settled(pilot, "g")
        assert any("it is the screen that is shown" in toast for toast in toasts(app))
        await settled(pilot, "escape")
        assert isinstance(app.screen, WarRoom)


async def test_it_says_what_is_missing_and_leads_there(at_evening: Stage) -> None:
    app = at_evening.app("jana", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in (
            "Evidence missing  6 tasks open",
            "20m after it is due",
            "+35m inside the window",
            "K shows their figures",
        ):
            assert wanted in screen
        assert "blocked, greta" in screen
        await settled(pilot, "tab", "enter")
        assert isinstance(app.screen, TaskScreen)
        assert app.screen.ref == "DM-11"
        await settled(pilot, "g")
        assert isinstance(app.screen, GateScreen)
        assert len(app.screen_stack) == 1, "the panel that was open is shown again"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_two_keys_vote_go(at_night: Stage, size: tuple[int, int]) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "quorum 1/2 open" in shown(app)
        await settled(pilot, "v", "g")
        assert not isinstance(app.screen, Prompt)
        assert saved(at_night, "DM-12")[1]["helene"].choice is VoteChoice.GO
        assert "quorum 2/2 reached" in shown(app)
        assert "helene decides (D)" in shown(app)


async def test_two_keys_typed_faster_than_the_prompt_opens_vote_too(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        for letter in "vg":
            app.post_message(Key(letter, letter))
        await settled(pilot)
        await settled(pilot)
        assert saved(at_night, "DM-12")[1]["helene"].choice is VoteChoice.GO


@pytest.mark.parametrize(
    ("letter", "choice"), [("n", VoteChoice.NO_GO), ("c", VoteChoice.CONDITIONAL), ("a", VoteChoice.ABSTAIN)]
)
async def test_any_other_vote_asks_for_its_reason(at_night: Stage, letter: str, choice: VoteChoice) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "v", letter, "enter")
        assert isinstance(app.screen, Prompt)
        assert "helene" not in saved(at_night, "DM-12")[1]
        await settled(pilot, *"rejects", "enter")
        vote = saved(at_night, "DM-12")[1]["helene"]
        assert (vote.choice, vote.reason) == (choice, "rejects")
        assert ("dissent" in shown(app)) == (choice is VoteChoice.NO_GO)


async def test_votes_of_others_are_shown_as_they_come_and_a_no_go_holds_the_decision(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        at_night.do("gate.vote", "DM-12", by="rahul", choice=VoteChoice.NO_GO, reason="rejects have no owner")
        await caught_up(app, pilot)
        screen = shown(app)
        assert "▲ dissent" in screen
        assert "rejects have no owner" in screen
        assert "a no-go vote stands" in screen
        await settled(pilot, "D", "g", *"all is well", "enter")
        assert isinstance(app.screen, Prompt), "what was typed is kept"
        assert saved(at_night, "DM-12")[0].verdict is None


async def test_the_decider_decides_and_the_verdict_is_shown(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "v", "g", "D", "c", *"stock by Monday", "enter")
        gate, _ = saved(at_night, "DM-12")
        assert (gate.verdict, gate.decision_reason) == (Verdict.CONDITIONAL, "stock by Monday")
        task = at_night.board().task("DM-12")
        assert task is not None
        assert task.state is TaskState.DONE
        assert "◆ DM-14" in shown(app), "the next gate to decide"
        await settled(pilot, "left_square_bracket")
        screen = shown(app)
        for wanted in ("CONDITIONAL", "by Helene Voss at 21:26", "stock by Monday", "DM-12 decided 21:26"):
            assert wanted in screen
        await settled(pilot, "v")
        assert any("decided already: conditional" in toast for toast in toasts(app))


async def test_somebody_without_a_seat_neither_votes_nor_decides(at_night: Stage) -> None:
    app = at_night.app("callum", screen="gate")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "v", "D")
        assert toasts(app) == [
            "DM-12: callum holds no seat",
            "only its owner, the backup of an owner who is away, the lead or a deputy may do that",
        ]
        assert host_of(app).calls == []


async def test_who_only_looks_changes_nothing_here(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate", read_only=True)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, *"vDnsdbe", "space")
        assert host_of(app).calls == []
        assert set(toasts(app)) == {"this console only looks"}


async def test_both_countdowns_go_on_each_second(at_evening: Stage) -> None:
    app = at_evening.app("jana", screen="gate")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        lines = app.screen.query_one("#countdowns", Lines)
        assert "in 0:58:00" in lines.render_line(0).text
        assert "in 1:58:00" in lines.render_line(1).text
        at_evening.to(92.5)
        app.beat()
        assert "in 0:57:30" in lines.render_line(0).text
        at_evening.to(215)
        app.beat()
        assert "0:00:05 ago" not in lines.render_line(0).text
        assert "back-out too late since 21:30  0:05:00 ago" in lines.render_line(1).text


def test_spans_of_countdowns() -> None:
    assert [clock_span(seconds) for seconds in (0, 59, 3_661, 104_592, -310, None)] == [
        "0:00:00",
        "0:00:59",
        "1:01:01",
        "29:03:12",
        "-0:05:10",
        "–",
    ]


@pytest.mark.parametrize("text", ["0123456789", "-0:05:10", "–"])
def test_big_digits_are_three_lines_of_one_width(text: str) -> None:
    lines = big(text)
    assert len({len(line) for line in lines}) == 1
    assert len({big(digit) for digit in "0123456789"}) == 10
