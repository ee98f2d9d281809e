"""The criteria on the go/no-go panel and on the wall: red as it comes, what is missing and who owes it, the odds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cutover import caller
from tests.tui.looking import LARGE, MIDDLE, SIZES, SMALL, SnapCompare, caught_up, host_of, settled, shown, toasts
from tests.tui.stage import WINDOW, Stage
from warroom.actions import gates
from warroom.board.rows import Decision, Vote
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.prompt import Prompt
from warroom.tui.screens.gate import GateScreen
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.words import AfterNoGo, Verdict, VoteChoice


@pytest.fixture
def judged(at_night: Stage) -> Stage:
    """The data sign-off with a criterion in red, one in green, one that is waived, and one that nobody has judged."""
    at_night.do("gate.assess", "DM-12", by="helene", number=1, met=False, evidence="stock differs by 12.00")
    at_night.do("gate.assess", "DM-12", by="matteo", number=2, met=True, evidence="trial balance, page 3")
    at_night.do(
        "gate.waive",
        "DM-12",
        by="helene",
        number=3,
        reason="two rejects, entered by hand",
        expires_at=WINDOW + timedelta(hours=12),
    )
    at_night.to(214)
    return at_night


def votes_of(stage: Stage, ref: str) -> dict[str, Vote]:
    """The votes at a gate by the handle of who cast them, from the state file."""
    board = stage.board()
    task = board.task(ref)
    assert task is not None
    gate = board.gate_of(task.id)
    assert gate is not None
    return {board.handle(vote.person_id) or "": vote for vote in board.votes(gate.id)}


def decisions_of(stage: Stage) -> list[Decision]:
    return list(stage.board().rows(Decision).values())


async def odds_known(app: ConsoleApp) -> None:
    """Let the console reckon what it shows, to the last trial."""
    app.odds._not_before = 0.0
    app.beat()
    await app.workers.wait_for_complete()


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_criteria_on_the_panel(snap_compare: SnapCompare, judged: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(judged.app("helene", screen="gate"), terminal_size=size)


@pytest.mark.parametrize("theme", ["daylight", "mono"])
def test_in_other_themes(snap_compare: SnapCompare, judged: Stage, theme: str) -> None:
    assert snap_compare(judged.app("helene", screen="gate", theme=theme), terminal_size=MIDDLE)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_panel_on_the_wall(snap_compare: SnapCompare, judged: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(judged.app(wall=True), terminal_size=size)


# --- criteria --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"screen": "gate"}, {"wall": True}], ids=["panel", "wall"])
async def test_a_criterion_that_turns_red_shows_at_once(at_night: Stage, options: dict[str, Any]) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
    app = at_night.app("helene", **options)
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        assert "◌ 4 missing" in shown(app)
        assert "go can be given" in shown(app).lower()
        at_night.do("gate.assess", "DM-12", by="matteo", number=1, met=False, evidence="stock differs by 12.00")
        await caught_up(app, pilot)
        screen = shown(app)
        for wanted in ("✗ 1 red  ◌ 3 missing", "✗ red", "not met: criterion 1"):
            assert wanted in screen


async def test_each_tells_value_what_is_asked_source_and_age(judged: Stage) -> None:
    app = judged.app("rahul", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        screen = shown(app)
        for wanted in (
            "Criteria  ✗ 1 red  ◌ 1 missing  » 1 waived  ✓ 1 green",
            "not met: stock differs by 12.00 · asked: met, with evidence · helene, 8m ago",
            "met: trial balance, page 3 · asked: met, with evidence · matteo, 8m ago",
            "waived by helene until Sat 28 Nov 06:00, in ",
        ):
            assert wanted in screen


async def test_what_is_missing_and_who_owes_it(judged: Stage) -> None:
    app = judged.app("rahul", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        screen = shown(app)
        assert "not judged yet · asked: met, with evidence · owed by helene, matteo, rahul" in screen
        wanted = (
            "Who owes what",
            "◌ helene  vote · criterion 4",
            "◌ matteo  criterion 4",
            "◌ rahul   vote · criterion 4",
        )
        for line in wanted:
            assert line in screen
        judged.do("gate.assess", "DM-12", by="rahul", number=4, met=True, evidence="loader and signer compared")
        judged.do("gate.vote", "DM-12", by="rahul", choice=VoteChoice.GO)
        await caught_up(app, pilot)
        assert "◌ helene  vote" in shown(app)
        assert "◌ rahul" not in shown(app)
        judged.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
        await caught_up(app, pilot)
        assert "Who owes what" not in shown(app)


async def test_the_odds_are_told_once_they_are_known_and_no_key_waits_for_them(
    real_size: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        (heartbeat,) = app._timers
        heartbeat.pause()
        await pilot.pause()
        begun: list[str] = []
        monkeypatch.setattr(app.odds, "reckon", lambda: begun.append("reckon"))
        assert "not computed · asked: at least 80 %" in shown(app)
        await settled(pilot, "right_square_bracket", "left_square_bracket", "v", "escape", "tab", "down", "g")
        assert begun == [], "what a key does never reckons"
        monkeypatch.undo()
        await odds_known(app)
        await pilot.pause()
        assert app.odds.known is not None
        screen = shown(app)
        assert "not computed" not in screen
        assert "% · asked: at least 80 %" in screen
        assert "% inside the window" in screen


# --- seats -----------------------------------------------------------------------------------------------------------


async def test_a_substitute_votes_in_two_keys_until_the_holder_has_voted(real_size: Stage) -> None:
    app = real_size.app("dario", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "v", "g")
        assert votes_of(real_size, "FO-20")["dario"].choice is VoteChoice.GO
        assert "dario for beth" in shown(app)
        real_size.do("gate.vote", "FO-20", by="beth", choice=VoteChoice.GO)
        await caught_up(app, pilot)
        await settled(pilot, "v")
        assert any("the holder has voted" in toast for toast in toasts(app))
        assert "dario for" not in shown(app)


async def test_a_vote_by_voice_is_told_as_one(at_night: Stage) -> None:
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        gates.voice(
            at_night.state_file, caller("jana", done_by="rahul"), "DM-12", choice=VoteChoice.GO, witness="helene"
        )
        await caught_up(app, pilot)
        screen = shown(app)
        assert "by voice, recorded by jana" in screen
        assert "read back before helene" in screen


async def test_how_votes_make_the_verdict_is_told(real_size: Stage) -> None:
    app = real_size.app("ana", screen="gate")
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert "any no-go blocks" in shown(app)
        await settled(pilot, "right_square_bracket")
        assert "most votes decide, unless a veto seat votes no-go" in shown(app)
        assert "Finance, veto" in shown(app)


# --- deciding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "then", "told"),
    [
        ([], AfterNoGo.HOLD, "then: hold"),
        (["tab", "b"], AfterNoGo.BACK_OUT, "then: back-out"),
        (["tab", "tab", *"45m"], AfterNoGo.RETRY, "then: retry at 22:11"),
    ],
    ids=["hold", "back-out", "retry"],
)
async def test_a_no_go_says_what_follows(at_night: Stage, keys: list[str], then: AfterNoGo, told: str) -> None:
    at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.NO_GO, reason="stock differs")
    app = at_night.app("helene", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "n", *"stock differs", *keys, "enter")
        assert not isinstance(app.screen, Prompt)
        (decision,) = decisions_of(at_night)
        assert (decision.verdict, decision.afterwards) == (Verdict.NO_GO, then)
        assert decision.retry_at == (WINDOW + timedelta(minutes=206 + 45) if then is AfterNoGo.RETRY else None)
        app.show_beside("gate", "DM-12")
        await pilot.pause()
        assert told in shown(app)


async def test_a_go_is_refused_while_a_criterion_is_red(judged: Stage) -> None:
    judged.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
    app = judged.app("helene", screen="gate")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await settled(pilot, "D", "g", *"signed", "enter")
        assert isinstance(app.screen, Prompt), "what was typed is kept"
        assert decisions_of(judged) == []
        await settled(pilot, "escape")
        assert isinstance(app.screen, GateScreen)


async def test_a_verdict_about_one_entity(real_size: Stage) -> None:
    app = real_size.app("helena", screen="gate")
    async with app.run_test(size=MIDDLE) as pilot:
        await pilot.pause()
        host = host_of(app)
        await settled(pilot, "D", "n", *"not yet", "tab", "tab", "tab", *"ZZ")
        host.refusal = Refused("seen")
        await settled(pilot, "enter")
        action, arguments = host.calls[-1]
        assert action == "gate.decide"
        assert arguments["entities"] == ["ZZ"]
        assert arguments["then"] is AfterNoGo.HOLD


# --- the wall --------------------------------------------------------------------------------------------------------


async def test_the_wall_shows_the_panel_only_while_a_gate_is_being_decided(at_night: Stage) -> None:
    app = at_night.app(wall=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        panel, timeline = app.screen.query_one("#panel", Listing), app.screen.query_one(Timeline)
        assert (panel.display, timeline.display) == (True, False), "one of the two where there is little room"
        screen = shown(app)
        for wanted in ("GO NOT POSSIBLE YET", "1 of 3 in · quorum 1/2 open", "◌ helene  vote · criteria 1, 2, 3, 4"):
            assert wanted in screen
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        assert (panel.display, timeline.display) == (True, True)
        assert "1 of 3 in · quorum 1/2 open  ◌ 4 missing" in shown(app)
        at_night.do("gate.vote", "DM-12", by="helene", choice=VoteChoice.GO)
        at_night.do("gate.decide", "DM-12", by="helene", verdict=Verdict.GO, reason="signed")
        await caught_up(app, pilot)
        assert (panel.display, timeline.display) == (False, True), "the next gate still waits"
        assert "◆ DM-14 0 of 3 in" in shown(app)
