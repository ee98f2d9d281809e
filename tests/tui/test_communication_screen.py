"""A communication in the console: previewed, approved with y, sent with s; its texts are inert."""

from __future__ import annotations

import pytest

from tests.tui.looking import MIDDLE, SIZES, SMALL, SnapCompare, settled, shown, toasts
from tests.tui.stage import Stage
from warroom.board.rows import Announcement
from warroom.tui.screens.communication import CommunicationScreen
from warroom.vocabulary.words import AnnouncementStage, RunKind, TaskState


def last(stage: Stage) -> Announcement:
    return list(stage.board().rows(Announcement).values())[-1]


@pytest.fixture
def begun(stage: Stage) -> Stage:
    """The live cutover at its begin: the freeze notice, which the lead approves, is to be sent."""
    stage.start_run(RunKind.LIVE)
    stage.to(0)
    return stage


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_text(snap_compare: SnapCompare, begun: Stage, size: tuple[int, int]) -> None:
    assert snap_compare(begun.app(), terminal_size=size, press=["quotation_mark"])


async def test_it_is_previewed_approved_and_sent_by_hand(begun: Stage) -> None:
    app = begun.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "quotation_mark")
        assert isinstance(app.screen, CommunicationScreen)
        assert "The old system closes at Fri 27 Nov 18:00 CET." in shown(app)
        await settled(pilot, "s")
        assert toasts(app)[-1] == "the text of DM-01 is not approved"
        await settled(pilot, "y")
        assert last(begun).stage is AnnouncementStage.APPROVED
        assert "approved, due" in shown(app)
        await settled(pilot, "s", *"mail", "enter")
        assert (last(begun).stage, last(begun).by_hand) == (AnnouncementStage.SENT, "mail")
        assert "The old system closes at Fri 27 Nov 18:00 CET." in last(begun).text
        task = begun.board().task("DM-01")
        assert task is not None
        assert task.state is TaskState.RUNNING, "its steps are open"
        assert "sent by jana, by hand: mail" in shown(app)


async def test_a_lead_who_is_not_the_approver_says_why(begun: Stage) -> None:
    app = begun.app()
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "quotation_mark", "right_square_bracket")
        assert "helene approves it" in shown(app)
        await settled(pilot, "y", *"asleep", "enter")
        assert last(begun).communication == "go-live"
        assert last(begun).stage is AnnouncementStage.APPROVED


async def test_others_may_only_look(begun: Stage) -> None:
    app = begun.app("rahul")
    async with app.run_test(size=MIDDLE) as pilot:
        await settled(pilot, "quotation_mark", "y")
        assert toasts(app)[-1] == "only its approver, the lead or a deputy may do that"
        assert not begun.board().rows(Announcement)


async def test_typed_texts_are_inert(begun: Stage) -> None:
    begun.do("communication.draft", "DM-01", text="[bold red]x[/] \u202e{now} $(id) " + "w" * 300)
    app = begun.app()
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot, "quotation_mark")
        assert "[bold red]x[/] ·{now} $(id)" in shown(app)
        assert "By now it would say" in shown(app)
        await settled(pilot, "y")
        assert toasts(app)[-1] == "nobody approves a text that they edited themselves"
        assert last(begun).stage is AnnouncementStage.DRAFT
