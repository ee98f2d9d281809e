"""Who may do what: every rule against everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import Cutover
from warroom.rules.permissions import (
    Actor,
    TaskPeople,
    actor_on,
    may_check,
    may_correct,
    may_decide,
    may_lead,
    may_note,
    may_record_for,
    may_settle,
    may_start_out_of_sequence,
    may_undo,
    may_verify,
    may_vote,
    may_work,
    people_of,
)

EVERYBODY = {
    "lead": Actor(1, "lena", frozenset({"lead"})),
    "owner": Actor(2, "omar"),
    "backup": Actor(3, "bea"),
    "verifier": Actor(4, "vera"),
    "other": Actor(5, "gil", frozenset({"observer"})),
    "watch": Actor(None, "watch"),
}
PEOPLE = TaskPeople(owner_id=2, backup_id=3, verifier_id=4, executor_id=None)
NOBODYS = TaskPeople(owner_id=None, backup_id=None, verifier_id=None, executor_id=None)


def allowed(rule: Callable[[Actor], str | None]) -> set[str]:
    answers = {name: rule(actor) for name, actor in EVERYBODY.items()}
    assert all(answer is None or answer for answer in answers.values()), "a refusal says why"
    return {name for name, answer in answers.items() if answer is None}


@pytest.mark.parametrize(
    ("rule", "people", "who"),
    [
        (may_work, PEOPLE, {"lead", "owner", "backup"}),
        (may_work, NOBODYS, {"lead"}),
        (may_check, PEOPLE, {"lead", "verifier"}),
        (may_check, TaskPeople(2, 3, None, None), {"lead", "owner", "backup"}),
        (may_check, NOBODYS, {"lead"}),
        (may_verify, PEOPLE, {"lead", "verifier"}),
        (may_verify, TaskPeople(2, 3, 4, executor_id=2), {"lead", "verifier"}),
        (may_verify, TaskPeople(2, 3, 4, executor_id=4), {"lead"}),
        (may_verify, TaskPeople(2, 3, 4, executor_id=1), {"verifier"}),
        (may_verify, TaskPeople(2, 3, 2, executor_id=2), {"lead"}),
        (may_decide, PEOPLE, {"lead", "owner", "backup"}),
        (may_correct, PEOPLE, {"lead", "owner", "backup", "verifier"}),
        (may_correct, NOBODYS, {"lead"}),
        (may_settle, PEOPLE, {"lead", "owner", "backup", "verifier"}),
        (may_settle, NOBODYS, {"lead"}),
    ],
)
def test_rules_about_a_task(rule: Callable[[Actor, TaskPeople], str | None], people: TaskPeople, who: set[str]) -> None:
    assert allowed(lambda actor: rule(actor, people)) == who


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (may_lead, {"lead"}),
        (may_start_out_of_sequence, {"lead"}),
        (lambda actor: may_undo(actor, "omar"), {"owner"}),
        (lambda actor: may_undo(actor, "watch"), {"watch"}),
        (may_note, {"lead", "owner", "backup", "verifier", "other"}),
        (lambda actor: may_vote(actor, 5), {"other"}),
        (lambda actor: may_vote(actor, 1), {"lead"}),
        (lambda actor: may_record_for(actor, 2), {"lead", "owner"}),
        (lambda actor: may_record_for(actor, 5), {"lead", "other"}),
    ],
)
def test_rules_about_an_actor(rule: Callable[[Actor], str | None], who: set[str]) -> None:
    assert allowed(rule) == who


def test_the_facts_come_from_the_board(cutover: Cutover) -> None:
    board = cutover.board()
    people = {handle: actor_on(board, handle) for handle in ("lena", "omar", "bea", "vera")}

    assert people["lena"].leads
    assert not people["omar"].leads
    assert actor_on(board, "watch") == Actor(None, "watch")
    owner, backup, verifier = (people[handle].person_id for handle in ("omar", "bea", "vera"))
    assert people_of(cutover.task("B")) == TaskPeople(owner, backup, verifier, executor_id=None)
