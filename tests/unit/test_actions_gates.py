"""Go or no-go: own seats only, a quorum, a no-go that blocks, and a no-go that is decided again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import Cutover, document, gate, minute, task
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.errors import BadInput, Refused, Stale
from warroom.vocabulary.words import ShownState, TaskState, Verdict, VoteChoice

GO, NO, IF, ABSTAIN = VoteChoice.GO, VoteChoice.NO_GO, VoteChoice.CONDITIONAL, VoteChoice.ABSTAIN


@pytest.fixture
def panel(rehearse: Callable[[RunbookDocument], Cutover]) -> Cutover:
    """GO follows A, which is done; AFTER follows GO. Seats: lena, gil, vera, and a second one of gil's; quorum 2."""
    runbook = document(
        task("A", 30),
        task("AFTER", 10, "GO"),
        gates=[gate("GO", "A", seats=("lena", "gil", "vera", "gil"), owner="omar", backup="bea")],
    )
    cutover = rehearse(runbook)
    cutover.finish("A")
    cutover.to(20)
    return cutover


def cast(panel: Cutover, **votes: VoteChoice) -> None:
    for handle, choice in votes.items():
        panel.do("gate.vote", "GO", by=handle, choice=choice, reason=None if choice is GO else "because")


def votes(panel: Cutover) -> list[tuple[str, str, str | None]]:
    board = panel.board()
    found = board.gate_of(panel.task("GO").id)
    assert found is not None
    return sorted(
        (board.handle(vote.person_id) or "", vote.choice.value, vote.reason) for vote in board.votes(found.id)
    )


def decide(panel: Cutover, verdict: Verdict = Verdict.GO, by: str = "omar") -> None:
    panel.do("gate.decide", "GO", by=by, verdict=verdict, reason="as voted")


def test_a_vote_is_cast_on_all_own_seats_and_may_be_changed(panel: Cutover) -> None:
    cast(panel, gil=GO, vera=NO)
    assert votes(panel) == [("gil", "go", None), ("gil", "go", None), ("vera", "no-go", "because")]
    panel.to(25)
    cast(panel, vera=IF)
    board = panel.board()
    found = board.gate_of(panel.task("GO").id)
    assert found is not None
    assert [(vote.choice, vote.at) for vote in board.votes(found.id)][-1] == (IF, minute(25))
    assert len(votes(panel)) == 3


@pytest.mark.parametrize("by", ["omar", "bea", "sam"])
def test_who_has_no_seat_does_not_vote(by: str, panel: Cutover) -> None:
    with pytest.raises(Refused, match=f"at GO, {by} holds no seat"):
        cast(panel, **{by: GO})


def test_nobody_votes_for_somebody_else(panel: Cutover) -> None:
    head = panel.head()
    with pytest.raises(Refused, match="nobody votes for somebody else"):
        panel.do("gate.vote", "GO", by="lena", done_by="gil", choice=GO)
    assert panel.head() == head


@pytest.mark.parametrize("choice", [NO, IF, ABSTAIN])
def test_anything_but_go_needs_a_reason(choice: VoteChoice, panel: Cutover) -> None:
    with pytest.raises(BadInput, match="the reason is missing"):
        panel.do("gate.vote", "GO", by="gil", choice=choice)
    with pytest.raises(BadInput, match="the reason is missing"):
        panel.do("gate.decide", "GO", verdict=Verdict.GO, reason=" ")


@pytest.mark.parametrize("by", ["lena", "omar", "bea", "gil", "sam"])
def test_the_decider_decides(by: str, panel: Cutover) -> None:
    cast(panel, gil=GO)
    if by in ("bea", "gil", "sam"):
        with pytest.raises(Refused, match="only its owner, the backup of an owner who is away, the lead or a deputy"):
            decide(panel, by=by)
    else:
        decide(panel, by=by)
        assert panel.task("GO").state is TaskState.DONE


def test_while_the_decider_is_away_their_backup_decides(panel: Cutover) -> None:
    cast(panel, gil=GO)
    panel.away("omar")
    decide(panel, by="bea")
    assert panel.task("GO").state is TaskState.DONE


@pytest.mark.parametrize(
    ("verdict", "state", "after"),
    [
        (Verdict.GO, TaskState.DONE, ShownState.READY),
        (Verdict.CONDITIONAL, TaskState.DONE, ShownState.READY),
        (Verdict.NO_GO, TaskState.FAILED, ShownState.WAITING),
    ],
)
def test_what_a_verdict_does(verdict: Verdict, state: TaskState, after: ShownState, panel: Cutover) -> None:
    cast(panel, gil=GO)
    panel.to(33)
    decide(panel, verdict)
    board, row = panel.board(), panel.task("GO")
    found = board.gate_of(row.id)
    assert found is not None
    assert (found.verdict, found.decided_at, found.decision_reason) == (verdict, minute(33), "as voted")
    assert board.handle(found.decided_by_id) == "omar"
    assert (row.state, row.actual_start, row.actual_finish) == (state, minute(33), minute(33))
    assert board.shown_state(panel.task("AFTER")) is after


def test_the_quorum_counts_votes_not_abstentions(panel: Cutover) -> None:
    cast(panel, lena=GO, gil=ABSTAIN)
    for verdict in Verdict:
        with pytest.raises(Refused, match="the quorum is 2, and 1 of the seats has voted"):
            decide(panel, verdict)
    cast(panel, vera=GO)
    decide(panel)


def test_any_no_go_blocks_whoever_decides(panel: Cutover) -> None:
    cast(panel, lena=GO, gil=GO, vera=NO)
    for verdict in (Verdict.GO, Verdict.CONDITIONAL):
        with pytest.raises(Refused, match="a no-go vote stands") as caught:
            decide(panel, verdict, by="lena")
        assert caught.value.hint == "see: warroom gate show GO"
    cast(panel, vera=GO)
    decide(panel)


def test_it_waits_for_what_comes_before_it(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 30), gates=[gate("GO", "A", "B")]))
    cast(cutover, lena=GO, gil=GO)
    cutover.finish("A")
    with pytest.raises(Refused, match="it waits for B"):
        decide(cutover, by="lena")
    cutover.do("task.skip", "B", reason="not needed")
    decide(cutover, by="lena")


def test_after_a_no_go_votes_change_and_it_is_decided_again(panel: Cutover) -> None:
    cast(panel, gil=GO, vera=NO)
    decide(panel, Verdict.NO_GO)
    with pytest.raises(Refused, match="a no-go vote stands"):
        decide(panel)
    panel.to(40)
    cast(panel, vera=GO)
    decide(panel)
    board, row = panel.board(), panel.task("GO")
    found = board.gate_of(row.id)
    assert found is not None
    assert (found.verdict, found.decided_at, row.state) == (Verdict.GO, minute(40), TaskState.DONE)
    assert (row.closing_reason, row.actual_start, row.actual_finish) == (None, minute(20), minute(40))
    assert [entry.action for entry in panel.entries()].count("gate.decide") == 2


@pytest.mark.parametrize("verdict", [Verdict.GO, Verdict.CONDITIONAL])
def test_what_was_released_stays_released(verdict: Verdict, panel: Cutover) -> None:
    cast(panel, gil=GO)
    decide(panel, verdict)
    head = panel.head()
    with pytest.raises(Refused, match=f"GO is decided already: {verdict.value}"):
        decide(panel, Verdict.NO_GO, by="lena")
    with pytest.raises(Refused, match="decided already"):
        cast(panel, vera=NO)
    assert panel.head() == head


def test_a_vote_that_came_in_meanwhile_makes_the_decision_stale(panel: Cutover) -> None:
    cast(panel, gil=GO)
    seen = panel.board().last_entry("GO")
    cast(panel, vera=NO)
    with pytest.raises(Stale, match=r"gate\.vote by vera: because"):
        panel.do("gate.decide", "GO", by="omar", verdict=Verdict.NO_GO, reason="x", seen=seen)


def test_what_is_no_gate(panel: Cutover) -> None:
    with pytest.raises(Refused, match="A is not a gate"):
        panel.do("gate.vote", "A", by="gil", choice=GO)
    with pytest.raises(BadInput, match="there is no task NO"):
        panel.do("gate.decide", "NO", verdict=Verdict.GO, reason="x")
