"""Whoever only observes gains nothing, and standing in for others only ever adds to what somebody may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from warroom.rules import permissions
from warroom.rules.permissions import Actor, TaskPeople, taken_place
from warroom.vocabulary.words import Role

TASK_RULES = (permissions.may_work, permissions.may_check, permissions.may_verify, permissions.may_decide)
keys = st.integers(1, 5)
roles = st.frozensets(st.sampled_from([role.value for role in Role]))
actors = st.builds(
    Actor, keys, st.sampled_from(("ana", "ben", "cleo")), roles=roles, stands_for=st.frozensets(keys, max_size=3)
)
peoples = st.builds(
    TaskPeople, st.none() | keys, st.none() | keys, st.none() | keys, st.none() | keys, owner_away=st.booleans()
)


def rules_about(actor: Actor, key: int) -> list[Callable[[Actor], str | None]]:
    """All rules about somebody but to write a note, with the most that speaks for them."""
    return [
        permissions.may_start_out_of_sequence,
        permissions.may_attach,
        permissions.may_record_vote,
        permissions.may_lead,
        permissions.may_edit_people,
        lambda one: permissions.may_vote(one, key),
        lambda one: permissions.may_record_for(one, None if key != actor.person_id else key + 1),
        lambda one: permissions.may_change_plan(one, in_run=False),
        lambda one: permissions.may_change_plan(one, in_run=True),
        lambda one: permissions.may_edit_contact(one, key),
        lambda one: permissions.may_substitute(one, key),
        lambda one: permissions.may_say_away(one, key, backs_up=True),
        lambda one: permissions.may_give_shift(one, key),
        lambda one: permissions.may_accept_shift(one, key),
        lambda one: permissions.may_accept_shift(one, None),
    ]


@given(actors, peoples, keys)
def test_an_observer_is_granted_nothing_but_notes(actor: Actor, people: TaskPeople, key: int) -> None:
    observer = replace(actor, roles=actor.roles | {"observer"})
    assert all(rule(observer, people) is not None for rule in TASK_RULES)
    assert all(rule(observer) is not None for rule in rules_about(observer, key))
    assert permissions.may_note(observer) is None


@given(actors, peoples)
def test_facts_about_others_only_add(actor: Actor, people: TaskPeople) -> None:
    """So an action may ask for them only where somebody's own right is not enough."""
    bare, present = replace(actor, stands_for=frozenset()), replace(people, owner_away=False)
    for rule in TASK_RULES:
        if rule(bare, present) is None:
            assert rule(actor, people) is None
        taken = taken_place(rule, actor, people)
        if taken is not None:
            assert rule(bare, people) is not None
            assert rule(actor, people) is None
            assert taken in actor.stands_for
            assert taken in (people.owner_id, people.backup_id, people.verifier_id)


@given(actors, peoples)
def test_nobody_verifies_what_they_executed(actor: Actor, people: TaskPeople) -> None:
    assert permissions.may_verify(actor, replace(people, executor_id=actor.person_id)) is not None
