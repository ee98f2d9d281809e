"""Votes as they come, by holders and substitutes, against a model that keeps them all and counts at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.cutover import START
from warroom.board.rows import Seat, Vote
from warroom.rules.gates import Panel, ballots, seats_to_vote_on, verdict_denied
from warroom.rules.permissions import Actor
from warroom.store.codec import R, make, table_of
from warroom.vocabulary.words import Assurance, DecisionRule, Verdict, VoteChoice

PEOPLE = ("ana", "ben", "cem", "dea")
TITLES = ("Finance", "Owner", "Partner")

choices = st.sampled_from(VoteChoice)
someone = st.integers(0, len(PEOPLE) - 1)
seats_of_a_gate = st.lists(
    st.tuples(someone, st.sets(st.sampled_from(PEOPLE), max_size=3)),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)
cast = st.tuples(someone, choices, st.none() | st.sampled_from(TITLES))


def row(row_class: type[R], **values: Any) -> R:
    return make(row_class, {**dict.fromkeys(table_of(row_class).columns), **table_of(row_class).defaults, **values})


def seats(chosen: Sequence[tuple[int, set[str]]]) -> list[Seat]:
    return [
        row(
            Seat,
            id=place,
            gate_id=1,
            position=place,
            title=TITLES[place],
            person_id=holder,
            substitutes=tuple(sorted(others - {PEOPLE[holder]})),
        )
        for place, (holder, others) in enumerate(chosen)
    ]


class Model:
    """Keeps every vote that was accepted; what counts on a seat is found only when it is asked for."""

    def __init__(self, chosen: Sequence[Seat]) -> None:
        self.seats = chosen
        self.votes: list[tuple[int, int, VoteChoice]] = []  # seat, person, choice

    def vote(self, person: int, choice: VoteChoice, title: str | None) -> set[int]:
        """The seats on which the vote goes; none if it is refused."""
        own, others = set(), set()
        for seat in self.seats:
            if title is not None and seat.title != title:
                continue
            if seat.person_id == person:
                own.add(seat.id)
            elif PEOPLE[person] in seat.substitutes and not self.by_holder(seat):
                others.add(seat.id)
        found = own or (others if len(others) == 1 else set())
        self.votes += [(seat, person, choice) for seat in sorted(found)]
        return found

    def by_holder(self, seat: Seat) -> list[VoteChoice]:
        return [choice for place, person, choice in self.votes if place == seat.id and person == seat.person_id]

    def counted(self, seat: Seat) -> VoteChoice | None:
        own = self.by_holder(seat) or [choice for place, _, choice in self.votes if place == seat.id]
        return own[-1] if own else None


@given(seats_of_a_gate, st.lists(cast, max_size=12))
def test_what_counts_is_the_holders_last_vote_or_else_the_last_of_a_substitute(
    chosen: list[tuple[int, set[str]]], come: list[tuple[int, VoteChoice, str | None]]
) -> None:
    gate_seats = seats(chosen)
    model, kept = Model(gate_seats), dict[int, Vote]()
    for person, choice, title in come:
        found, denied = seats_to_vote_on(Actor(person, PEOPLE[person]), gate_seats, kept, title)
        assert {seat.id for seat in found} == model.vote(person, choice, title)
        assert (denied is None) is bool(found)
        for seat in found:
            kept[seat.id] = row(Vote, id=seat.id, seat_id=seat.id, person_id=person, choice=choice, at=START)
    counted = ballots(gate_seats, kept.values(), Assurance.CLAIMED)
    assert [one.choice for one in counted] == [model.counted(seat) for seat in gate_seats]


def one_each(votes: Sequence[VoteChoice], assurance: Assurance) -> tuple[list[Seat], list[Vote]]:
    """A seat for each vote, with that vote on it."""
    places = [row(Seat, id=place, title=str(place), person_id=place) for place in range(len(votes))]
    kept = [
        row(Vote, id=place, seat_id=place, person_id=place, choice=choice, assurance=assurance)
        for place, choice in enumerate(votes)
    ]
    return places, kept


@given(st.lists(choices, max_size=7), st.integers(0, 7), st.sampled_from(["majority", "unanimous"]))
def test_one_more_vote_in_favour_never_takes_a_go_away(votes: list[VoteChoice], quorum: int, rule: str) -> None:
    def denied(choices: list[VoteChoice]) -> str | None:
        found = ballots(*one_each(choices, Assurance.CLAIMED), Assurance.CLAIMED)
        return verdict_denied(Verdict.GO, Panel(DecisionRule(rule), quorum, found))

    if denied(votes) is None:
        assert denied([*votes, VoteChoice.GO]) is None
        assert denied([*votes, VoteChoice.ABSTAIN]) is None


@given(st.lists(choices, min_size=1, max_size=6))
def test_by_whom_a_vote_was_written_down_decides_whether_it_counts(votes: list[VoteChoice]) -> None:
    places, kept = one_each(votes, Assurance.PROXY)
    assert {one.choice for one in ballots(places, kept, Assurance.CLAIMED)} == {None}
    assert [one.choice for one in ballots(places, kept, Assurance.PROXY)] == votes
