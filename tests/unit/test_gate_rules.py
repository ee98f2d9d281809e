"""Which verdict can be given: every rule against an exhaustive model, and the cases that people ask about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from warroom.rules.gates import Ballot, Panel, dissent, verdict_denied
from warroom.vocabulary.words import DecisionRule, Verdict, VoteChoice

GO, NO, IF, ABSTAIN = VoteChoice.GO, VoteChoice.NO_GO, VoteChoice.CONDITIONAL, VoteChoice.ABSTAIN


def panel(*votes: VoteChoice | None, rule: DecisionRule = DecisionRule.UNANIMOUS, quorum: int = 2) -> Panel:
    return Panel(rule, quorum, tuple(Ballot(vote) for vote in votes))


@pytest.mark.parametrize(
    ("verdict", "votes", "waits_for", "said"),
    [
        (Verdict.GO, [GO, GO], (), None),
        (Verdict.GO, [GO, IF], (), None),
        (Verdict.CONDITIONAL, [GO, GO], (), None),
        (Verdict.GO, [GO, GO, ABSTAIN], (), None),
        (Verdict.GO, [], (), "the quorum is 2, and 0"),
        (Verdict.GO, [GO, ABSTAIN, ABSTAIN], (), "the quorum is 2, and 1"),
        (Verdict.NO_GO, [NO], (), "the quorum is 2, and 1"),
        (Verdict.GO, [GO, GO, NO], (), "a no-go vote stands"),
        (Verdict.CONDITIONAL, [GO, GO, NO], (), "a no-go vote stands"),
        (Verdict.NO_GO, [GO, GO], (), None),
        (Verdict.NO_GO, [NO, NO], ("B", "C"), None),
        (Verdict.GO, [GO, GO], ("B", "C"), "it waits for B, C"),
        (Verdict.CONDITIONAL, [GO, GO], ("B",), "it waits for B"),
    ],
)
def test_a_verdict(verdict: Verdict, votes: list[VoteChoice], waits_for: tuple[str, ...], said: str | None) -> None:
    ballots = tuple(Ballot(vote) for vote in votes)
    denied = verdict_denied(verdict, Panel(DecisionRule.UNANIMOUS, 2, ballots, waits_for))
    if said is None:
        assert denied is None
    else:
        assert denied is not None
        assert denied.startswith(said)


def test_a_gate_without_quorum_is_decided_by_its_decider_alone() -> None:
    assert verdict_denied(Verdict.GO, panel(quorum=0)) is None


def model(
    rule: DecisionRule, quorum: int, votes: Sequence[VoteChoice | None], marked: int, verdict: Verdict, over: bool
) -> bool:
    """Whether the verdict can be given; `marked` is the seat of the chair, or the one with a veto."""
    voices = dict.fromkeys(VoteChoice, 0)
    for vote in votes:
        if vote is not None:
            voices[vote] += 1
    present = sum(voices.values()) - voices[ABSTAIN]
    if present < quorum:
        return verdict is Verdict.NO_GO and over
    if verdict is Verdict.NO_GO:
        return True
    if rule is DecisionRule.UNANIMOUS:
        return voices[NO] == 0
    if rule is DecisionRule.CHAIR:
        return votes[marked] is GO or (votes[marked] is IF and verdict is Verdict.CONDITIONAL)
    more = voices[GO] + voices[IF] > voices[NO] or present == 0
    return more and not (rule is DecisionRule.VETO and votes[marked] is NO)


@pytest.mark.parametrize("rule", DecisionRule)
def test_every_rule_is_as_in_the_model(rule: DecisionRule) -> None:
    """All votes of up to four seats, with every quorum, every place of the chair or the veto."""
    for seats in range(1, 5):
        for votes in product((None, *VoteChoice), repeat=seats):
            for marked in range(seats):
                ballots = tuple(
                    Ballot(
                        vote,
                        chair=rule is DecisionRule.CHAIR and place == marked,
                        veto=rule is DecisionRule.VETO and place == marked,
                    )
                    for place, vote in enumerate(votes)
                )
                for quorum, over, verdict in product(range(seats + 1), (False, True), Verdict):
                    denied = verdict_denied(verdict, Panel(rule, quorum, ballots, over=over))
                    expected = model(rule, quorum, votes, marked, verdict, over)
                    assert (denied is None) is expected, (rule, votes, marked, quorum, over, verdict, denied)


def test_a_tie_is_no_go() -> None:
    denied = verdict_denied(Verdict.GO, panel(GO, NO, rule=DecisionRule.MAJORITY))
    assert denied == "1 voted for it and 1 against, and a tie is no go"


def test_a_criterion_that_does_not_hold_makes_it_conditional_at_most() -> None:
    failing = Panel(DecisionRule.UNANIMOUS, 1, (Ballot(GO),), failing=(2, 5))
    assert "not met: criteria 2, 5" in (verdict_denied(Verdict.GO, failing) or "")
    assert verdict_denied(Verdict.CONDITIONAL, failing) is None
    assert verdict_denied(Verdict.NO_GO, failing) is None


@pytest.mark.parametrize(
    ("verdict", "choice", "against"),
    [
        (Verdict.GO, NO, True),
        (Verdict.GO, IF, False),
        (Verdict.GO, ABSTAIN, False),
        (Verdict.NO_GO, GO, True),
        (Verdict.NO_GO, IF, True),
        (Verdict.NO_GO, NO, False),
        (Verdict.CONDITIONAL, NO, True),
        (Verdict.CONDITIONAL, GO, False),
    ],
)
def test_dissent(verdict: Verdict, choice: VoteChoice, against: bool) -> None:
    assert dissent(verdict, choice) is against
