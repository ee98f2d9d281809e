"""When a gate may be decided: its quorum, and the vote that blocks."""

from __future__ import annotations

import pytest

from warroom.rules.gates import verdict_denied
from warroom.vocabulary.words import Verdict, VoteChoice

GO, NO, IF, ABSTAIN = VoteChoice.GO, VoteChoice.NO_GO, VoteChoice.CONDITIONAL, VoteChoice.ABSTAIN


@pytest.mark.parametrize(
    ("verdict", "votes", "waits_for", "said"),
    [
        (Verdict.GO, [GO, GO], [], None),
        (Verdict.GO, [GO, IF], [], None),
        (Verdict.CONDITIONAL, [GO, GO], [], None),
        (Verdict.GO, [GO, GO, ABSTAIN], [], None),
        (Verdict.GO, [], [], "the quorum is 2, and 0"),
        (Verdict.GO, [GO, ABSTAIN, ABSTAIN], [], "the quorum is 2, and 1"),
        (Verdict.NO_GO, [NO], [], "the quorum is 2, and 1"),
        (Verdict.GO, [GO, GO, NO], [], "a no-go vote stands"),
        (Verdict.CONDITIONAL, [GO, GO, NO], [], "a no-go vote stands"),
        (Verdict.NO_GO, [GO, GO], [], None),
        (Verdict.NO_GO, [NO, NO], ["B", "C"], None),
        (Verdict.GO, [GO, GO], ["B", "C"], "it waits for B, C"),
        (Verdict.CONDITIONAL, [GO, GO], ["B"], "it waits for B"),
    ],
)
def test_a_verdict(verdict: Verdict, votes: list[VoteChoice], waits_for: list[str], said: str | None) -> None:
    denied = verdict_denied(verdict, quorum=2, votes=votes, open_predecessors=waits_for)
    if said is None:
        assert denied is None
    else:
        assert denied is not None
        assert denied.startswith(said)


def test_a_gate_without_quorum_is_decided_by_its_decider_alone() -> None:
    assert verdict_denied(Verdict.GO, quorum=0, votes=[], open_predecessors=[]) is None
