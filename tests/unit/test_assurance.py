"""How well it must be known who acts: every matter, at every level, by every caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cutover import Cutover, document, gate, task
from warroom.actions import gates, tasks
from warroom.board.from_runbook import bare_board
from warroom.rules import assurance
from warroom.rules.assurance import Matter
from warroom.runbook.document import AssuranceAsked, RunbookDocument
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import WATCH, Caller
from warroom.vocabulary.words import Assurance, Via, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]

ACTIONS = {"gate.vote": Matter.VOTE, "gate.decide": Matter.SIGN, "task.verify": Matter.VERIFY, "task.done": Matter.WORK}
LEVELS = (Assurance.PROXY, Assurance.CLAIMED, Assurance.KEY)
CALLERS = {
    Assurance.PROXY: Caller("lena", Assurance.CLAIMED, Via.CLI, "gil"),
    Assurance.CLAIMED: Caller("gil", Assurance.CLAIMED, Via.CLI),
    Assurance.KEY: Caller("gil", Assurance.KEY, Via.SSH),
}


@pytest.mark.parametrize("wanted", LEVELS)
@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_asked_for_is_the_lowest_that_is_accepted(action: str, wanted: Assurance) -> None:
    asked = replace(
        AssuranceAsked(Assurance.PROXY, Assurance.PROXY, Assurance.PROXY, Assurance.PROXY),
        **{ACTIONS[action].value: wanted},
    )
    plan = bare_board(replace(document(task("A", 10)), assurance=asked)).plan
    for known, caller in CALLERS.items():
        said = assurance.denied(plan, action, caller)
        assert (said is None) is (LEVELS.index(known) >= LEVELS.index(wanted))
        if said is not None:
            assert f"assurance: {ACTIONS[action].value}" in said
            assert ("known by key" in said) is (wanted is Assurance.KEY)
    assert assurance.denied(plan, action, WATCH) is None
    assert assurance.denied(plan, action, replace(CALLERS[Assurance.CLAIMED], via=Via.SIMULATOR)) is None
    for other in set(ACTIONS) - {action}:
        assert assurance.denied(plan, other, CALLERS[Assurance.PROXY]) is None


def test_what_is_recorded_for_somebody_is_known_by_proxy_only() -> None:
    assert Caller("lena", Assurance.KEY, Via.SSH, "omar").assured is Assurance.PROXY
    assert Caller("lena", Assurance.KEY, Via.SSH, "lena").assured is Assurance.KEY
    assert Caller("lena", Assurance.CLAIMED, Via.SSH).assured is Assurance.CLAIMED


def test_a_runbook_that_wants_keys_for_votes(rehearse: Rehearse) -> None:
    asked = AssuranceAsked(vote=Assurance.KEY)
    cutover = rehearse(replace(document(task("A", 10), gates=[gate("GO", "A")]), assurance=asked))
    head = cutover.head()
    with pytest.raises(Refused, match=r"wants gil known by key.*assurance: vote"):
        cutover.do("gate.vote", "GO", by="gil", choice=VoteChoice.GO)
    assert cutover.head() == head
    entry = gates.vote(cutover.state_file, Caller("gil", Assurance.KEY, Via.SSH), "GO", choice=VoteChoice.GO)
    assert entry.assurance is Assurance.KEY
    cutover.do("task.start", "A", by="omar")  # work needs none


def test_a_runbook_that_accepts_votes_told_by_phone(rehearse: Rehearse) -> None:
    asked = AssuranceAsked(vote=Assurance.PROXY)
    cutover = rehearse(replace(document(task("A", 10), gates=[gate("GO", "A")]), assurance=asked))
    cutover.do("person.edit", "bea", fields={"roles": ("scribe",)})
    with pytest.raises(Refused, match=r"only the lead, a deputy or a scribe may record"):
        cutover.do("gate.vote", "GO", by="vera", done_by="gil", choice=VoteChoice.GO)
    cutover.do("gate.vote", "GO", by="bea", done_by="gil", choice=VoteChoice.GO)
    entry = cutover.do("gate.vote", "GO", by="lena", done_by="gil", choice=VoteChoice.GO)
    assert (entry.done_by, entry.assurance) == ("gil", Assurance.PROXY)
    board = cutover.board()
    found = board.gate_of(cutover.task("GO").id)
    assert found is not None
    assert [board.handle(vote.person_id) for vote in board.votes(found.id)] == ["gil"]
    with pytest.raises(Refused, match="bea holds no seat"):
        cutover.do("gate.vote", "GO", by="lena", done_by="bea", choice=VoteChoice.GO)


def test_a_runbook_that_wants_people_to_do_their_own_work(rehearse: Rehearse) -> None:
    cutover = rehearse(replace(document(task("A", 10)), assurance=AssuranceAsked(work=Assurance.CLAIMED)))
    with pytest.raises(Refused, match="nothing is recorded for somebody else: this runbook wants it from omar"):
        cutover.do("task.start", "A", done_by="omar")
    tasks.start(cutover.state_file, Caller("omar", Assurance.CLAIMED, Via.CLI), "A")


def test_before_a_run_the_plan_decides(planned: Cutover) -> None:
    planned.do("person.add", "nora", fields={"name": "Nora"}, done_by="omar")
    assert planned.entries()[-1].assurance is Assurance.PROXY


def test_a_scribe_records_what_others_may_do_and_nothing_else(cutover: Cutover) -> None:
    cutover.do("person.edit", "sam", fields={"roles": ("scribe",)})
    with pytest.raises(Refused, match="only its owner"):
        cutover.do("task.start", "A", by="sam")
    cutover.do("task.start", "A", by="sam", done_by="omar")
    with pytest.raises(Refused, match="only its owner"):
        cutover.do("step.tick", "A", by="sam", done_by="bea", positions=[1])  # the owner is not away
    cutover.do("step.tick", "A", by="sam", done_by="omar", positions=[1])
    with pytest.raises(Refused, match="only the lead or a deputy may start"):
        cutover.do("task.start", "C", by="sam", done_by="bea")
    cutover.do("task.start", "C", by="sam", done_by="lena")  # she said so
    cutover.do("run.close", by="sam", done_by="lena")
    assert [entry.done_by for entry in cutover.entries()[-4:]] == ["omar", "omar", "lena", "lena"]
