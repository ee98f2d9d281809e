"""Who may do what: the whole table, against a list of its own; every rule against everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

import pytest

from tests.cutover import Cutover, minute
from warroom.rules import permissions
from warroom.rules.permissions import Actor, TaskPeople, actor_on, people_of, people_on, taken_place
from warroom.rules.roles import GRANTEES, GRANTS, Capability, Place, grantees, who_may
from warroom.vocabulary.words import Role, fault_of_roles

EVERYBODY = {
    "lead": Actor(1, "lena", frozenset({"lead"})),
    "owner": Actor(2, "omar"),
    "backup": Actor(3, "bea"),
    "verifier": Actor(4, "vera"),
    "holder": Actor(5, "gil"),
    "deputy": Actor(6, "dora", frozenset({"deputy"})),
    "scribe": Actor(7, "saul", frozenset({"scribe"})),
    "planner": Actor(8, "pia", frozenset({"planner"})),
    "hypercare-lead": Actor(9, "hugo", frozenset({"hypercare-lead"})),
    "support": Actor(10, "sue", frozenset({"support"})),
    "observer": Actor(11, "olaf", frozenset({"observer"})),
    "bystander": Actor(12, "sam"),
    "watch": Actor(None, "watch"),
    "stand-in": Actor(13, "nora", stands_for=frozenset({2})),
}
PEOPLE = TaskPeople(owner_id=2, backup_id=3, verifier_id=4, executor_id=None)
AWAY = TaskPeople(2, 3, 4, None, owner_away=True)
NOBODYS = TaskPeople(None, None, None, None)
LEADS = {"lead", "deputy"}
PERSONS = set(EVERYBODY) - {"watch"}

# The independent list: every capability with all who have it.
WANTED: dict[str, set[str]] = {
    "work": {"lead", "deputy", "owner", "backup"},
    "start-out-of-sequence": {"lead", "deputy"},
    "confirm": {"required"},
    "check": {"lead", "deputy", "verifier"},
    "verify": {"lead", "deputy", "verifier"},
    "correct": {"lead", "deputy", "owner", "backup", "verifier"},
    "undo": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "note": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "observer", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "attach-evidence": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "record-for-others": {"lead", "deputy", "scribe"},
    "vote": {"seat"},
    "record-votes": {"lead", "deputy", "scribe"},
    "decide": {"lead", "deputy", "owner", "backup"},
    "call-trigger": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "end-trigger-call": {"lead", "deputy", "authority", "self"},
    "back-out": {"authority"},
    "assess": {"lead", "deputy", "evaluator"},
    "log": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "control-run": {"lead", "deputy"},
    "change-plan-before-run": {"lead", "deputy", "planner"},
    "change-plan-in-run": {"lead", "deputy"},
    "hand-task-to-backup": {"lead", "deputy", "owner"},
    "edit-people": {"lead", "deputy"},
    "edit-contact": {"lead", "deputy", "self"},
    "substitute": {"lead", "deputy", "self"},
    "say-away": {"lead", "deputy", "self", "backup"},
    "give-shift": {"lead", "deputy", "self"},
    "accept-shift": {"self"},
    "shout": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
    "answer-alert": {"lead", "deputy", "self"},
    "set-alert-limits": {"lead", "deputy"},
    "send-communication": {"lead", "deputy", "owner", "backup", "approver"},
    "approve-communication": {"lead", "deputy", "approver"},
    "look": {"lead", "deputy", "scribe", "planner", "hypercare-lead", "support", "observer", "anybody"}
    | {"owner", "backup", "verifier", "seat", "evaluator", "authority", "required", "approver", "self"},
}


def allowed(rule: Callable[[Actor], str | None]) -> set[str]:
    answers = {name: rule(actor) for name, actor in EVERYBODY.items()}
    assert all(answer is None or answer for answer in answers.values()), "a refusal says why"
    return {name for name, answer in answers.items() if answer is None}


def test_the_whole_table() -> None:
    assert {capability.value: {who.value for who in grantees(capability)} for capability in Capability} == WANTED
    assert set(GRANTEES) == {*Role, *Place}
    assert len(GRANTEES) == len(set(GRANTEES))
    assert all(capability.about for capability in Capability)


@pytest.mark.parametrize(
    ("rule", "people", "who"),
    [
        (permissions.may_work, PEOPLE, LEADS | {"owner", "stand-in"}),
        (permissions.may_work, AWAY, LEADS | {"owner", "stand-in", "backup"}),
        (permissions.may_work, NOBODYS, LEADS),
        (permissions.may_check, PEOPLE, LEADS | {"verifier"}),
        (permissions.may_check, TaskPeople(2, 3, None, None), LEADS | {"owner", "stand-in"}),
        (permissions.may_check, TaskPeople(2, 3, None, None, owner_away=True), LEADS | {"owner", "stand-in", "backup"}),
        (permissions.may_check, NOBODYS, LEADS),
        (permissions.may_verify, PEOPLE, LEADS | {"verifier"}),
        (permissions.may_verify, TaskPeople(2, 3, 4, executor_id=2), LEADS | {"verifier"}),
        (permissions.may_verify, TaskPeople(2, 3, 4, executor_id=4), LEADS),
        (permissions.may_verify, TaskPeople(2, 3, 4, executor_id=1), {"deputy", "verifier"}),
        (permissions.may_verify, TaskPeople(2, 3, 2, executor_id=2), LEADS | {"stand-in"}),
        (permissions.may_verify, TaskPeople(2, 3, 2, executor_id=13), LEADS | {"owner"}),
        (permissions.may_decide, PEOPLE, LEADS | {"owner", "stand-in"}),
        (permissions.may_decide, AWAY, LEADS | {"owner", "stand-in", "backup"}),
        (lambda actor, people: permissions.may_reassign(actor, people, {"owner": 5}), PEOPLE, LEADS),
        (
            lambda actor, people: permissions.may_reassign(actor, people, {"owner": 3}),
            PEOPLE,
            LEADS | {"owner", "stand-in"},
        ),
        (lambda actor, people: permissions.may_reassign(actor, people, {"owner": 3, "verifier": None}), PEOPLE, LEADS),
        (lambda actor, people: permissions.may_reassign(actor, people, {"owner": None}), NOBODYS, LEADS),
        (permissions.may_correct, PEOPLE, LEADS | {"owner", "stand-in", "verifier"}),
        (permissions.may_correct, AWAY, LEADS | {"owner", "stand-in", "verifier", "backup"}),
        (permissions.may_correct, NOBODYS, LEADS),
        (permissions.may_settle, PEOPLE, LEADS | {"owner", "stand-in", "verifier"}),
        (permissions.may_settle, NOBODYS, LEADS),
    ],
)
def test_rules_about_a_task(rule: Callable[[Actor, TaskPeople], str | None], people: TaskPeople, who: set[str]) -> None:
    assert allowed(lambda actor: rule(actor, people)) == who


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (permissions.may_lead, LEADS),
        (permissions.may_start_out_of_sequence, LEADS),
        (permissions.may_note, PERSONS),
        (permissions.may_attach, PERSONS - {"observer"}),
        (permissions.may_call_trigger, PERSONS - {"observer"}),
        (lambda actor: permissions.may_end_call(actor, 12, ("gil",)), LEADS | {"holder", "bystander"}),
        (lambda actor: permissions.may_end_call(actor, None, ()), LEADS),
        (lambda actor: permissions.may_invoke(actor, ("gil", "olaf")), {"holder"}),
        (lambda actor: permissions.may_invoke(actor, ()), LEADS),
        (lambda actor: permissions.may_vote(actor, 5), {"holder"}),
        (lambda actor: permissions.may_vote(actor, 1), {"lead"}),
        (lambda actor: permissions.may_vote(actor, 2), {"owner"}),
        (lambda actor: permissions.may_vote(actor, 11), set()),
        (permissions.may_record_vote, LEADS | {"scribe"}),
        (partial(permissions.may_assess, evaluators=["sam"]), LEADS | {"bystander"}),
        (lambda actor: permissions.may_record_for(actor, 2), LEADS | {"scribe", "owner"}),
        (lambda actor: permissions.may_record_for(actor, 5), LEADS | {"scribe", "holder"}),
        (lambda actor: permissions.may_change_plan(actor, in_run=False), LEADS | {"planner"}),
        (lambda actor: permissions.may_change_plan(actor, in_run=True), LEADS),
        (permissions.may_edit_people, LEADS),
        (lambda actor: permissions.may_edit_contact(actor, 12), LEADS | {"bystander"}),
        (lambda actor: permissions.may_substitute(actor, 2), LEADS | {"owner"}),
        (lambda actor: permissions.may_say_away(actor, 2, backs_up=False), LEADS | {"owner"}),
        (lambda actor: permissions.may_say_away(actor, 2, backs_up=True), PERSONS - {"observer"}),
        (lambda actor: permissions.may_give_shift(actor, 2), LEADS | {"owner"}),
        (lambda actor: permissions.may_accept_shift(actor, 12), {"bystander"}),
        (lambda actor: permissions.may_accept_shift(actor, 11), set()),
        (lambda actor: permissions.may_accept_shift(actor, None), PERSONS - {"observer"}),
        (lambda actor: permissions.may_undo(actor, "omar"), {"owner"}),
        (lambda actor: permissions.may_undo(actor, "olaf"), set()),
        (lambda actor: permissions.may_undo(actor, "watch"), set()),
    ],
)
def test_rules_about_an_actor(rule: Callable[[Actor], str | None], who: set[str]) -> None:
    assert allowed(rule) == who


def test_a_refusal_says_who_may() -> None:
    assert who_may(Capability.VERIFY) == "its verifier, the lead or a deputy"
    assert who_may(Capability.VOTE) == "the holder of the seat or a substitute"
    assert permissions.may_lead(EVERYBODY["owner"]) == "only the lead or a deputy may do that"
    said = permissions.may_work(EVERYBODY["backup"], PEOPLE)
    assert said is not None
    assert "person away" in said
    assert "person away" not in (permissions.may_work(EVERYBODY["bystander"], PEOPLE) or "")


def test_an_observer_gains_nothing_by_what_else_names_them() -> None:
    """Neither other roles, nor places on a task, nor people for whom they stand in."""
    for count in range(len(Role)):
        for others in combinations([role for role in Role if role is not Role.OBSERVER], count):
            actor = Actor(4, "olaf", frozenset({"observer", *others}), stands_for=frozenset({2, 3, 5}))
            people = TaskPeople(4, 4, 4, None, owner_away=True)
            rules = (permissions.may_work, permissions.may_check, permissions.may_verify, permissions.may_decide)
            assert all(rule(actor, people) is not None for rule in rules)
            assert permissions.may_vote(actor, 4) is not None
            assert permissions.may_note(actor) is None
            assert not actor.leads
    assert {capability for capability in Capability if Role.OBSERVER in GRANTS[capability]} == {"note", "look"}
    assert fault_of_roles(("observer", "lead")) is not None
    assert fault_of_roles(("observer",)) is None
    assert fault_of_roles(("lead", "scribe")) is None


def test_in_whose_place_somebody_acts() -> None:
    both = Actor(13, "nora", stands_for=frozenset({2, 4}))
    assert taken_place(permissions.may_work, both, PEOPLE) == 2
    assert taken_place(permissions.may_verify, both, PEOPLE) == 4
    own = Actor(2, "omar", stands_for=frozenset({4}))
    assert taken_place(permissions.may_work, own, PEOPLE) is None
    assert taken_place(permissions.may_work, EVERYBODY["bystander"], PEOPLE) is None


def test_the_facts_come_from_the_board(cutover: Cutover) -> None:
    board = cutover.board()
    people = {handle: actor_on(board, handle) for handle in ("lena", "omar", "bea", "vera")}

    assert people["lena"].leads
    assert not people["omar"].leads
    assert actor_on(board, "watch") == Actor(None, "watch")
    owner, backup, verifier = (people[handle].person_id for handle in ("omar", "bea", "vera"))
    assert people_of(cutover.task("B")) == TaskPeople(owner, backup, verifier, executor_id=None)
    cutover.do("person.substitute", "omar", substitute="sam", from_at=minute(10), to_at=minute(20), reason="sleeps")
    board = cutover.board()
    assert [actor_on(board, "sam", minute(at)).stands_for for at in (9, 10, 19, 20)] == [
        frozenset(),
        frozenset({owner}),
        frozenset({owner}),
        frozenset(),
    ]
    assert actor_on(board, "sam").stands_for == frozenset()
    assert [people_on(board, cutover.task("B"), minute(at)).owner_away for at in (9, 15, 20)] == [False, True, False]
