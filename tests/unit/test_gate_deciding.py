"""Deciding: substitutes, votes by voice, the time to vote, entities, conditions, no-go and what follows, the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cutover import MINUTE, Cutover, caller, document, gate, minute, task
from warroom.actions import gates
from warroom.board.board import Board
from warroom.board.rows import Decision, Gate, Vote
from warroom.runbook.document import AssuranceAsked, PlannedCriterion, PlannedSeat, RunbookDocument
from warroom.runbook.surroundings import PlannedEntity, Surroundings
from warroom.store.verify import verify
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import (
    AfterNoGo,
    Assurance,
    DecisionRule,
    Medium,
    ShownState,
    TaskState,
    Verdict,
    Via,
    VoteChoice,
)

GO, NO, IF, ABSTAIN = VoteChoice.GO, VoteChoice.NO_GO, VoteChoice.CONDITIONAL, VoteChoice.ABSTAIN
Rehearse = Callable[[RunbookDocument], Cutover]


def seat(title: str, person: str, *substitutes: str, chair: bool = False, veto: bool = False) -> PlannedSeat:
    return PlannedSeat(title, person, substitutes, chair, veto)


def open_gate(rehearse: Rehearse, *seats: PlannedSeat, assurance: AssuranceAsked | None = None, **more: Any) -> Cutover:
    """GO follows A, which is done; AFTER follows GO. At minute 20."""
    one = replace(
        gate("GO", "A", owner="omar", quorum=1), seats=seats or (seat("Finance", "gil", "vera", "bea"),), **more
    )
    runbook = document(task("A", 30), task("AFTER", 10, "GO"), gates=[one])
    cutover = rehearse(replace(runbook, assurance=assurance or AssuranceAsked()))
    cutover.finish("A")
    cutover.to(20)
    return cutover


def gate_of(board: Board) -> Gate:
    found = board.task("GO")
    assert found is not None
    own = board.gate_of(found.id)
    assert own is not None
    return own


def votes(cutover: Cutover) -> list[Vote]:
    board = cutover.board()
    return list(board.votes(gate_of(board).id))


def decisions(cutover: Cutover) -> list[Decision]:
    board = cutover.board()
    return list(board.decisions(gate_of(board).id))


def decide(cutover: Cutover, verdict: Verdict = Verdict.GO, **more: Any) -> None:
    cutover.do("gate.decide", "GO", by="omar", **{"verdict": verdict, "reason": "as voted", **more})


# --- substitutes -----------------------------------------------------------------------------------------------------


def test_a_substitute_votes_until_the_holder_does(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="vera", choice=NO, reason="not seen")
    cutover.do("gate.vote", "GO", by="bea", choice=GO)
    (vote,) = votes(cutover)
    assert (cutover.board().handle(vote.person_id), vote.choice) == ("bea", GO)
    cutover.do("gate.vote", "GO", by="gil", choice=IF, reason="with the list")
    (vote,) = votes(cutover)
    assert (cutover.board().handle(vote.person_id), vote.choice) == ("gil", IF)
    with pytest.raises(Refused, match="vera is a substitute, and the holder has voted"):
        cutover.do("gate.vote", "GO", by="vera", choice=NO, reason="not seen")


def test_who_holds_a_seat_votes_there_and_elsewhere_only_by_name(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, seat("Finance", "gil", "vera"), seat("Partner", "vera"), seat("Owner", "lena", "bea"))
    cutover.do("gate.vote", "GO", by="vera", choice=GO)
    assert [(vote.seat_id, cutover.board().handle(vote.person_id)) for vote in votes(cutover)] == [
        (cutover.board().seats(gate_of(cutover.board()).id)[1].id, "vera")
    ]
    cutover.do("gate.vote", "GO", by="vera", choice=NO, reason="no list", seat="finance")
    assert [(cutover.board().handle(vote.person_id), vote.choice) for vote in votes(cutover)] == [
        ("vera", GO),
        ("vera", NO),
    ]
    with pytest.raises(Refused, match="bea holds no seat"):
        cutover.do("gate.vote", "GO", by="bea", choice=GO, seat="Partner")


def test_a_substitute_in_several_seats_says_in_which(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, seat("Finance", "gil", "bea"), seat("Owner", "lena", "bea"))
    with pytest.raises(Refused, match=r"substitute in several seats \(Finance, Owner\)"):
        cutover.do("gate.vote", "GO", by="bea", choice=GO)
    cutover.do("gate.vote", "GO", by="lena", choice=GO)
    cutover.do("gate.vote", "GO", by="bea", choice=GO)
    assert len(votes(cutover)) == 2


# --- by voice --------------------------------------------------------------------------------------------------------


def by_voice(cutover: Cutover, choice: VoteChoice = GO, **more: Any) -> None:
    arguments = {"choice": choice, "witness": "sam", "reason": "by telephone", **more}
    cutover.do("gate.voice", "GO", by="lena", done_by="gil", medium=Medium.VOICE, **arguments)


def test_a_vote_by_voice_counts_once_it_is_counter_signed(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    by_voice(cutover)
    entry = cutover.entries()[-1]
    assert (entry.action, entry.actor, entry.done_by, entry.assurance) == ("gate.voice", "lena", "gil", Assurance.PROXY)
    with pytest.raises(Refused, match="the quorum is 1, and 0"):
        decide(cutover)
    with pytest.raises(Refused, match="no vote of yours"):
        cutover.do("gate.countersign", "GO", by="lena")
    cutover.to(25)
    cutover.do("gate.countersign", "GO", by="gil")
    (vote,) = votes(cutover)
    board = cutover.board()
    assert (vote.assurance, vote.countersigned_at) == (Assurance.CLAIMED, minute(25))
    assert (board.handle(vote.recorded_by_id), board.handle(vote.witness_id)) == ("lena", "sam")
    decide(cutover)
    assert cutover.task("GO").state is TaskState.DONE


def test_where_the_runbook_accepts_it_a_vote_by_voice_counts_at_once(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, assurance=AssuranceAsked(vote=Assurance.PROXY))
    by_voice(cutover)
    decide(cutover)
    cutover.do("gate.countersign", "GO", by="gil")  # later still
    assert votes(cutover)[0].assurance is Assurance.CLAIMED


@pytest.mark.parametrize("witness", ["lena", "gil", "nobody"])
def test_a_witness_is_somebody_else(witness: str, rehearse: Rehearse) -> None:
    with pytest.raises(BadInput, match=r"a witness is neither|there is nobody called"):
        by_voice(open_gate(rehearse), witness=witness)


def test_what_is_said_is_not_written_over_what_was_voted(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=NO, reason="not seen")
    with pytest.raises(Refused, match="gil has voted: no-go; only they change that"):
        by_voice(cutover)
    with pytest.raises(BadInput, match="a witness is for the vote of somebody else"):
        gates.voice(cutover.state_file, caller("gil"), "GO", choice=GO, witness="sam")


def test_a_scribe_writes_down_and_others_do_not(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("person.edit", "bea", fields={"roles": ("scribe",)})
    cutover.do("gate.voice", "GO", by="bea", done_by="gil", choice=GO, witness="sam")
    with pytest.raises(Refused, match="may record"):
        cutover.do("gate.voice", "GO", by="vera", done_by="gil", choice=GO, witness="sam")


def test_keys_are_asked_for_where_the_runbook_wants_them(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, assurance=AssuranceAsked(vote=Assurance.KEY))
    by_voice(cutover)
    with pytest.raises(Refused, match="known by key"):
        cutover.do("gate.countersign", "GO", by="gil")
    gates.countersign(cutover.state_file, Caller("gil", Assurance.KEY, Via.SSH), "GO")
    assert votes(cutover)[0].assurance is Assurance.KEY


# --- the time to vote ------------------------------------------------------------------------------------------------


def test_after_the_time_to_vote_a_no_go_needs_no_quorum_and_opens_the_votes_again(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, vote_by_s=40 * MINUTE, due_s=45 * MINUTE)
    cutover.to(40)
    cutover.do("gate.vote", "GO", by="gil", choice=ABSTAIN, reason="no time")
    cutover.to(41)
    with pytest.raises(Refused, match="votes counted until"):
        cutover.do("gate.vote", "GO", by="gil", choice=GO)
    with pytest.raises(Refused, match="the quorum is 1, and 0"):
        decide(cutover)
    decide(cutover, Verdict.NO_GO, retry_at=minute(60))
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    decide(cutover)
    assert [(one.number, one.verdict, one.afterwards) for one in decisions(cutover)] == [
        (1, Verdict.NO_GO, AfterNoGo.RETRY),
        (2, Verdict.GO, None),
    ]


def test_a_time_to_vote_that_passes_before_the_gate_can_be_decided_means_nothing(rehearse: Rehearse) -> None:
    one = replace(gate("GO", "A", quorum=1), vote_by_s=10 * MINUTE)
    cutover = rehearse(document(task("A", 30), gates=[one]))
    cutover.to(30)
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    cutover.finish("A")
    cutover.do("gate.vote", "GO", by="vera", choice=GO)
    cutover.do("gate.decide", "GO", verdict=Verdict.GO, reason="late, but good")
    assert cutover.task("GO").state is TaskState.DONE


# --- what follows a verdict ------------------------------------------------------------------------------------------


def test_a_retry_is_due_at_its_time_and_expected_then(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=NO, reason="stock differs")
    decide(cutover, Verdict.NO_GO, then=AfterNoGo.RETRY, retry_at=minute(90))
    forecast = cutover.forecast()
    assert gate_of(cutover.board()).due_s == 90 * MINUTE
    assert forecast.instant(forecast.of(cutover.task("GO")).finish) == minute(90)
    assert forecast.instant(forecast.of(cutover.task("AFTER")).start) == minute(90)
    assert forecast.planned(cutover.task("AFTER")).start == 45 * MINUTE
    with pytest.raises(BadInput, match="that time has passed"):
        decide(cutover, Verdict.NO_GO, retry_at=minute(10))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"then": AfterNoGo.HOLD}, "follow a no-go"),
        ({"verdict": Verdict.NO_GO, "then": AfterNoGo.RETRY}, "a retry needs its time"),
        ({"verdict": Verdict.NO_GO, "then": AfterNoGo.BACK_OUT, "retry_at": minute(99)}, "only a retry has one"),
        ({"conditions": [Condition("x", "gil", minute(99))]}, "conditions belong to a conditional go"),
        ({"reverse": True}, "by a no-go"),
        ({"entities": ["FR"]}, "there is no entity FR"),
    ],
)
def test_what_does_not_go_together(arguments: dict[str, Any], said: str, rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    head = cutover.head()
    with pytest.raises(BadInput, match=said):
        decide(cutover, **arguments)
    assert cutover.head() == head


def test_that_the_way_back_is_to_be_taken_is_kept(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=NO, reason="stock differs")
    decide(cutover, Verdict.NO_GO, then=AfterNoGo.BACK_OUT)
    assert [one.afterwards for one in decisions(cutover)] == [AfterNoGo.BACK_OUT]


def test_conditions_become_tasks_with_owner_and_deadline(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=IF, reason="with the list")
    conditions = [Condition("Check ten invoices", "vera", minute(60)), Condition("Call\nthe bank", "bea", minute(200))]
    decide(cutover, Verdict.CONDITIONAL, conditions=conditions)
    board = cutover.board()
    first, second = (cutover.task(ref) for ref in ("GO-C1", "GO-C2"))
    assert (first.title, board.handle(first.owner_id), first.deadline_s) == ("Check ten invoices", "vera", 60 * MINUTE)
    assert (second.title, second.instructions) == ("Call the bank", "Call\nthe bank")
    assert board.shown_state(first) is ShownState.READY
    (decision,) = decisions(cutover)
    assert [board.rows(type(first))[one.task_id].ref for one in board.conditions(decision.id)] == ["GO-C1", "GO-C2"]
    cutover.to(60)
    assert "condition-overdue" not in {alert.rule for alert in cutover.sweep().open_alerts}
    cutover.to(61)
    assert [
        (alert.rule, alert.subject) for alert in cutover.sweep().open_alerts if alert.rule == "condition-overdue"
    ] == [("condition-overdue", "GO-C1")]
    cutover.do("task.start", "GO-C1", by="vera")
    cutover.do("task.done", "GO-C1", by="vera")
    assert "condition-overdue" not in {alert.rule for alert in cutover.sweep().open_alerts}
    assert verify(cutover.state_file).sound


def overdue(cutover: Cutover) -> list[str]:
    return [alert.subject for alert in cutover.sweep().open_alerts if alert.rule == "condition-overdue"]


@pytest.mark.parametrize(("owner", "due"), [("nobody", minute(60)), ("gil", minute(5))])
def test_a_condition_needs_an_owner_and_a_time_to_come(owner: str, due: Any, rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    with pytest.raises(BadInput, match=r"there is nobody called|that time has passed"):
        decide(cutover, Verdict.CONDITIONAL, conditions=[Condition("x", owner, due)])
    assert cutover.board().task("GO-C1") is None


def test_a_reversal_is_a_decision_of_its_own_and_what_was_begun_becomes_stale(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    decide(cutover)
    cutover.do("task.start", "AFTER")
    with pytest.raises(Refused, match="GO is decided already: go") as caught:
        decide(cutover, Verdict.NO_GO)
    assert caught.value.hint is not None
    assert "--reverse" in caught.value.hint
    decide(cutover, Verdict.NO_GO, reverse=True, reason="orders stay in draft")
    after = cutover.task("AFTER")
    assert (cutover.task("GO").state, after.state) == (TaskState.FAILED, TaskState.RUNNING)
    assert after.stale_because == "GO was decided no-go: orders stay in draft"
    assert [one.verdict for one in decisions(cutover)] == [Verdict.GO, Verdict.NO_GO]
    with pytest.raises(Refused, match="has let nothing go"):
        decide(cutover, Verdict.NO_GO, reverse=True)


# --- entities --------------------------------------------------------------------------------------------------------


@pytest.fixture
def countries(rehearse: Rehearse) -> Cutover:
    """GO before X (of nobody) > FR-2 (of FR), and DE-1, FR-1; all may start."""
    runbook = document(
        task("X", 10, "GO"),
        task("DE-1", 10, "GO", entity="DE"),
        task("FR-1", 10, "GO", entity="FR"),
        task("FR-2", 10, "X", entity="FR"),
        gates=[replace(gate("GO", owner="omar", quorum=1), seats=(seat("Finance", "gil"),))],
    )
    entities = Surroundings(entities=(PlannedEntity("DE", "Germany"), PlannedEntity("FR", "France")))
    cutover = rehearse(replace(runbook, surroundings=entities))
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    return cutover


def shown(cutover: Cutover) -> dict[str, str]:
    board = cutover.board()
    return {one.ref: board.shown_state(one).value for one in board.tasks}


def test_one_entity_goes_and_the_other_stays(countries: Cutover) -> None:
    decide(countries, entities=["DE"])
    decide(countries, Verdict.NO_GO, entities=["FR"], reason="tax open")
    ready = {"GO": "done", "X": "ready", "DE-1": "ready", "FR-1": "waiting", "FR-2": "waiting"}
    assert shown(countries) == ready
    assert gate_of(countries.board()).held == ("FR",)
    with pytest.raises(Refused, match="FR-1 waits for GO"):
        countries.do("task.start", "FR-1", by="omar")
    countries.do("task.start", "DE-1", by="omar")
    countries.finish("X")
    with pytest.raises(Refused, match="FR-2 waits for GO"):
        countries.do("task.start", "FR-2", by="omar")
    forecast = countries.forecast()
    assert forecast.of(countries.task("FR-1")).start == 15 * MINUTE  # as long as it takes to decide again
    assert forecast.planned(countries.task("FR-1")).start == 15 * MINUTE
    countries.to(30)
    assert countries.forecast().of(countries.task("FR-1")).start == 45 * MINUTE
    with pytest.raises(Refused, match="FR: decided by name, no-go"):
        decide(countries)
    decide(countries, entities=["FR"], reason="tax paid")
    assert shown(countries)["FR-1"] == "ready"
    assert [(one.number, one.entities) for one in decisions(countries)] == [(1, ("DE",)), (2, ("FR",)), (3, ("FR",))]
    assert countries.task("GO").actual_finish == minute(0)
    assert verify(countries.state_file).sound


def test_what_was_only_held_by_name_leaves_the_gate_open(countries: Cutover) -> None:
    decide(countries, Verdict.NO_GO, entities=["FR"], reason="tax open")
    assert (shown(countries)["GO"], gate_of(countries.board()).verdict) == ("ready", None)
    assert shown(countries)["X"] == "waiting"
    decide(countries, Verdict.NO_GO, entities=["DE"], reason="stock")
    assert (shown(countries)["GO"], gate_of(countries.board()).verdict) == ("failed", Verdict.NO_GO)
    decide(countries, reason="both are ready")
    assert (gate_of(countries.board()).held, shown(countries)["FR-1"]) == ((), "ready")


def test_an_entity_that_was_let_go_is_held_by_a_reversal(countries: Cutover) -> None:
    decide(countries)
    countries.do("task.start", "FR-1", by="omar")
    countries.do("task.start", "DE-1", by="omar")
    decide(countries, Verdict.NO_GO, entities=["FR"], reverse=True, reason="tax open")
    assert gate_of(countries.board()).held == ("FR",)
    assert countries.task("FR-1").stale_because == "GO was decided no-go: tax open"
    assert countries.task("DE-1").stale_because is None
    assert shown(countries)["FR-2"] == "waiting"


# --- what is frozen --------------------------------------------------------------------------------------------------


def test_a_decision_freezes_what_it_rests_on(rehearse: Rehearse) -> None:
    cutover = open_gate(
        rehearse,
        seat("Finance", "gil", veto=True),
        seat("Owner", "lena"),
        seat("Partner", "vera"),
        rule=DecisionRule.VETO,
        quorum=2,
        criteria=(PlannedCriterion("Totals agree", evaluator="vera"), PlannedCriterion("No error left")),
    )
    cutover.do("gate.assess", "GO", by="vera", number=1, met=True, evidence="list 4")
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    cutover.do("gate.vote", "GO", by="lena", choice=IF, reason="list 5 first")
    cutover.do("gate.vote", "GO", by="vera", choice=NO, reason="not enough")
    decide(cutover)
    (decision,) = decisions(cutover)
    frozen = json.loads(decision.frozen)
    assert [(one["number"], one["light"], one["value"]) for one in frozen["criteria"]] == [
        (1, "green", "met: list 4"),
        (2, "missing", "not judged yet"),
    ]
    assert frozen["unsettled"] == [2]
    assert frozen["tally"] == {"go": 1, "no-go": 1, "conditional": 1, "abstain": 0}
    assert [(one["title"], one["vote"], one["dissents"]) for one in frozen["seats"]] == [
        ("Finance", "go", False),
        ("Owner", "conditional", False),
        ("Partner", "no-go", True),
    ]
    assert frozen["people"]["vera"] == "Vera Verifier"
    assert frozen["forecast"]["confidence"] is None
    assert frozen["decision"]["decided_by"] == "omar"
    cutover.to(50)
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="list 4 was wrong")
    assert decisions(cutover) == [decision]
    assert cutover.entries()[frozen["after_seq"]].action == "gate.decide"


def test_a_verdict_that_is_decided_for_somebody_needs_that_policy(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse)
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    with pytest.raises(Refused, match="nobody decides for somebody else"):
        cutover.do("gate.decide", "GO", by="lena", done_by="omar", verdict=Verdict.GO, reason="x")


def test_a_criterion_that_fails_stops_a_go_until_it_is_waived(rehearse: Rehearse) -> None:
    cutover = open_gate(rehearse, criteria=(PlannedCriterion("Totals agree", evaluator="vera"),))
    cutover.do("gate.vote", "GO", by="gil", choice=GO)
    cutover.do("gate.assess", "GO", by="vera", number=1, met=False, evidence="3 EUR apart")
    with pytest.raises(Refused, match="not met: criterion 1"):
        decide(cutover)
    cutover.do("gate.waive", "GO", by="omar", number=1, reason="cause known", expires_at=minute(30))
    cutover.to(30)
    with pytest.raises(Refused, match="not met: criterion 1"):
        decide(cutover)
    cutover.do(
        "gate.waive", "GO", by="omar", number=1, reason="cause known", expires_at=minute(30) + timedelta(hours=8)
    )
    decide(cutover)
    (frozen,) = (json.loads(one.frozen) for one in decisions(cutover))
    assert frozen["criteria"][0]["waiver"]["by"] == "omar"
    assert frozen["criteria"][0]["light"] == "waived"


def test_a_condition_outlives_a_change_of_the_plan_by_file(rehearse: Rehearse) -> None:
    runbook = document(task("A", 30, "GO"), gates=[gate("GO", owner="omar", quorum=1)])
    cutover = rehearse(runbook)
    cutover.do("gate.vote", "GO", by="gil", choice=IF, reason="with the list")
    decide(cutover, Verdict.CONDITIONAL, conditions=[Condition("Check ten invoices", "vera", minute(60))])
    longer = replace(runbook, tasks=(task("A", 40, "GO"),))
    cutover.do("plan.apply", document=longer, name="new.yaml", reason="as agreed")
    assert (cutover.task("A").duration_s, cutover.task("GO").state) == (40 * MINUTE, TaskState.DONE)
    condition = cutover.task("GO-C1")
    assert [before.ref for before in cutover.board().predecessors(condition.id)] == ["GO"]
    assert verify(cutover.state_file).sound
