"""People, parties, who is away and who stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cutover import PEOPLE, START, Cutover, caller, document, minute, task
from warroom.actions import runs
from warroom.board.rows import Leave, Party
from warroom.rules.permissions import actor_on, may_work, people_on
from warroom.runbook.document import Party as PlannedParty
from warroom.runbook.document import Person, PlannedAbsence, PlannedCalendar, RunbookDocument
from warroom.schedule.hours import WorkingHours
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import RunKind, TaskState, VoteChoice

Rehearse = Callable[[RunbookDocument], Cutover]


def add(cutover: Cutover, handle: str, by: str = "lena", **fields: Any) -> None:
    cutover.do("person.add", handle, by=by, fields={"name": handle.title(), **fields})


def test_somebody_is_added_and_takes_part_at_once(cutover: Cutover) -> None:
    add(cutover, "nora", roles=("deputy", "scribe", "deputy"), phone=" +47 22 555 010 ", timezone="Europe/Oslo")
    person = cutover.board().person_called("nora")
    assert person is not None
    assert (person.name, person.roles, person.phone) == ("Nora", ("deputy", "scribe"), "+47 22 555 010")
    assert (person.timezone, person.company, person.notify) == ("Europe/Oslo", None, ())
    cutover.do("task.start", "A", by="nora")
    assert verify(cutover.state_file).sound


@pytest.mark.parametrize(
    ("handle", "fields", "said"),
    [
        ("omar", {}, "there is somebody called omar already"),
        ("bank", {}, "there is a party called bank already"),
        ("no one", {}, "cannot be a handle"),
        ("", {"name": "x"}, "cannot be a handle"),
        ("nora", {"name": " "}, "the name is missing"),
        ("nora", {"name": "a\nb"}, "must fit on one line"),
        ("nora", {"name": "x" * 201}, "must fit on one line"),
        ("nora", {"phone": "bell \x07"}, "control character"),
        ("nora", {"roles": ("laed",)}, "there is no role 'laed'"),
        ("nora", {"roles": ("observer", "scribe")}, "an observer only looks"),
        ("nora", {"timezone": "Europe/Berln"}, "unknown time zone"),
        ("nora", {"login": "omar.o"}, "the login omar.o is omar's"),
        ("nora", {"login": "vera"}, "the login vera is vera's"),
    ],
)
def test_what_makes_no_sense_is_refused(handle: str, fields: dict[str, Any], said: str, cutover: Cutover) -> None:
    head = cutover.head()
    with pytest.raises(BadInput, match=said):
        add(cutover, handle, **fields)
    assert cutover.head() == head


def test_only_the_lead_edits_people_but_everybody_their_own_phone(cutover: Cutover) -> None:
    for by in ("omar", "sam"):
        with pytest.raises(Refused, match="only the lead or a deputy"):
            add(cutover, "nora", by=by)
        with pytest.raises(Refused, match="only the lead or a deputy"):
            cutover.do("person.edit", "sam", by=by, fields={"phone": "1", "roles": ("lead",)})
    with pytest.raises(Refused, match="only the person concerned, the lead or a deputy"):
        cutover.do("person.edit", "sam", by="omar", fields={"phone": "1"})
    cutover.do("person.edit", "sam", by="sam", fields={"phone": "1", "timezone": "Asia/Tokyo", "notify": ["mail"]})
    cutover.do("person.edit", "sam", fields={"name": "Samuel", "phone": None})
    person = cutover.board().person_called("sam")
    assert person is not None
    assert (person.name, person.phone, person.timezone, person.notify) == (
        "Samuel",
        None,
        "Asia/Tokyo",
        ("mail",),
    )
    with pytest.raises(BadInput, match="nothing to change"):
        cutover.do("person.edit", "sam", fields={})
    with pytest.raises(BadInput, match="nobody called smm") as caught:
        cutover.do("person.edit", "smm", fields={"phone": "1"})
    assert "sam" in (caught.value.hint or "")


def test_somebody_must_lead(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="lena is the only lead"):
        cutover.do("person.edit", "lena", fields={"roles": ("scribe",)})
    cutover.do("person.edit", "bea", fields={"roles": ("lead",)})
    cutover.do("person.edit", "lena", fields={"roles": ()})
    with pytest.raises(Refused):
        cutover.do("run.close")
    cutover.do("run.close", by="bea")


def test_parties(cutover: Cutover) -> None:
    assert [(party.key, party.contact_id is not None) for party in cutover.board().rows(Party).values()] == [
        ("bank", True),
        ("post", False),
    ]
    cutover.do("party.add", "vendor", name="Vendor", phone="112", contact="vera")
    party = list(cutover.board().rows(Party).values())[-1]
    assert (party.key, party.phone, cutover.board().handle(party.contact_id)) == ("vendor", "112", "vera")
    for key, said in (("vendor", "a party called vendor already"), ("omar", "somebody called omar"), ("a b", "a key")):
        with pytest.raises(BadInput, match=said):
            cutover.do("party.add", key, name="x")
    with pytest.raises(Refused):
        cutover.do("party.add", "other", by="omar", name="x")


def test_a_party_owns_tasks_through_its_contact(rehearse: Rehearse) -> None:
    runbook = document(task("A", 30, owner="bank"))
    cutover = rehearse(replace(runbook, parties=(PlannedParty("bank", "House bank", contact="gil"),)))
    assert cutover.board().handle(cutover.task("A").owner_id) == "gil"
    cutover.do("task.start", "A", by="gil")


# --- away --------------------------------------------------------------------------------------------------------


def test_a_backup_acts_while_the_owner_is_away_and_can_say_so(cutover: Cutover) -> None:
    with pytest.raises(Refused, match="the owner is not known to be away") as caught:
        cutover.do("task.start", "A", by="bea")
    assert "warroom person away omar" in (caught.value.hint or "")
    with pytest.raises(Refused):
        cutover.do("person.away", "omar", by="sam", reason="asleep")  # neither backup nor lead
    cutover.do("person.away", "omar", by="bea", reason="does not answer")
    entry = cutover.do("task.start", "A", by="bea")
    assert (entry.done_by, entry.in_place_of) == ("bea", None)
    cutover.do("person.back", "omar", by="omar")
    with pytest.raises(Refused, match="not known to be away"):
        cutover.do("task.block", "A", by="bea", reason="x")
    with pytest.raises(Refused, match="nobody has said that omar is away"):
        cutover.do("person.back", "omar")


def test_a_leave_lasts_from_to(cutover: Cutover) -> None:
    cutover.do("person.away", "omar", reason="break", from_at=minute(10), to_at=minute(20))
    for at, may in ((5, False), (10, True), (19, True), (20, False)):
        cutover.to(at)
        if may:
            cutover.do("task.note", "A", by="bea", text="x")
            cutover.do("task.block", "A", by="bea", reason="x")
            cutover.do("task.unblock", "A", by="bea")
        else:
            with pytest.raises(Refused):
                cutover.do("task.block", "A", by="bea", reason="x")
    for begin, end in ((30, 30), (40, 35), (None, 20), (5, 10)):
        with pytest.raises(BadInput, match="over before it begins"):
            cutover.do(
                "person.away",
                "omar",
                reason="x",
                from_at=None if begin is None else minute(begin),
                to_at=minute(end),
            )


def test_a_leave_to_come_is_taken_back(cutover: Cutover) -> None:
    cutover.do("person.away", "omar", reason="break", from_at=minute(10))
    cutover.do("person.back", "omar")
    assert not cutover.board().rows(Leave)


def test_a_rehearsals_leave_does_not_reach_into_the_live_run(planned: Cutover) -> None:
    planned.rehearse()
    planned.away("omar")
    planned.do("run.close")
    runs.start(planned.state_file, caller("lena"), kind=RunKind.LIVE)
    with pytest.raises(Refused, match="not known to be away"):
        planned.do("task.start", "A", by="bea")


def test_what_is_said_before_any_run_counts_in_the_live_one_only(planned: Cutover) -> None:
    planned.away("omar")
    planned.rehearse()
    with pytest.raises(Refused):
        planned.do("task.start", "A", by="bea")
    planned.do("run.close")
    runs.start(planned.state_file, caller("lena"), kind=RunKind.LIVE)
    planned.do("task.start", "A", by="bea")


def test_absences_and_shifts_of_the_runbook_count(rehearse: Rehearse) -> None:
    """omar works from 19:30 (Berlin) on, and is away from 60 to 90."""
    late = WorkingHours("Europe/Berlin", dict.fromkeys(range(7), ((1170, 300),)))
    people = tuple(
        replace(person, calendar="late", away=(PlannedAbsence(3600, 5400),)) if person.handle == "omar" else person
        for person in PEOPLE
    )
    runbook = replace(document(task("A", 30)), people=people, calendars=(PlannedCalendar("late", late),))
    cutover = rehearse(runbook)
    for at, may in ((0, True), (29, True), (30, False), (59, False), (60, True), (89, True), (90, False)):
        cutover.to(at)  # 0 is 19:00 in Berlin
        try:
            cutover.do("task.block", "A", by="bea", reason="x")
            cutover.do("task.unblock", "A", by="bea")
            did = True
        except Refused:
            did = False
        assert did is may, at


# --- substitutes -------------------------------------------------------------------------------------------------


def test_a_substitute_has_the_persons_rights_on_tasks_for_a_time(cutover: Cutover) -> None:
    cutover.do("person.substitute", "omar", by="omar", substitute="sam", to_at=minute(30), reason="sleeps")
    entry = cutover.do("task.start", "A", by="sam")
    assert (entry.actor, entry.done_by, entry.in_place_of, entry.who) == ("sam", "sam", "omar", "sam for omar")
    assert cutover.board().handle(cutover.task("A").executor_id) == "sam"
    assert cutover.do("task.block", "A", by="omar", reason="x").in_place_of is None
    assert cutover.do("task.unblock", "A", by="bea").in_place_of is None  # the owner is away: his backup may
    cutover.to(30)
    with pytest.raises(Refused):
        cutover.do("task.block", "A", by="sam", reason="x")


def test_a_substitute_does_not_vote_and_verifies_only_what_others_executed(cutover: Cutover) -> None:
    for handle in ("vera", "omar", "gil"):
        cutover.do("person.substitute", handle, substitute="sam", to_at=minute(90), reason="busy")
    with pytest.raises(Refused, match="sam holds no seat"):
        cutover.do("gate.vote", "GO", by="sam", choice=VoteChoice.GO)
    cutover.finish("A")
    cutover.do("task.start", "B", by="sam")
    cutover.do("step.tick", "B", by="sam", positions=[1])
    cutover.do("task.done", "B", by="sam")
    cutover.do("step.tick", "B", by="sam", positions=[2])
    with pytest.raises(Refused, match="nobody verifies what they executed themselves"):
        cutover.do("task.verify", "B", by="sam")


def test_who_cannot_substitute(cutover: Cutover) -> None:
    cutover.do("person.edit", "gil", fields={"roles": ("observer",)})
    for handle, by, substitute, error, said in (
        ("omar", "bea", "sam", Refused, "only the person concerned"),
        ("omar", "omar", "gil", Refused, "an observer"),
        ("omar", "omar", "omar", BadInput, "their own substitute"),
        ("omar", "omar", "nobody", BadInput, "nobody called nobody"),
    ):
        with pytest.raises(error, match=said):
            cutover.do("person.substitute", handle, by=by, substitute=substitute, to_at=minute(9), reason="x")
    with pytest.raises(BadInput, match="the reason is missing"):
        cutover.do("person.away", "omar", reason=" ")
    with pytest.raises(BadInput, match="the reason is missing"):
        cutover.do("person.substitute", "omar", reason="", substitute="sam")


def test_facts_of_board_and_action_agree_around_the_clock(rehearse: Rehearse) -> None:
    """Whether a backup may act is the same by the Board and by the transaction, at every half hour of two days."""
    hours = WorkingHours("America/New_York", dict.fromkeys((0, 2, 4, 5, 6), ((600, 900), (1320, 120))))
    people: tuple[Person, ...] = tuple(
        replace(person, calendar="odd", away=(PlannedAbsence(7200, 14400),)) if person.handle == "omar" else person
        for person in PEOPLE
    )
    runbook = replace(document(task("A", 30), hours=60), people=people, calendars=(PlannedCalendar("odd", hours),))
    cutover = rehearse(runbook)
    seen = set()
    for half_hour in range(96):
        cutover.clock.move_to(START + timedelta(minutes=30 * half_hour))
        board = cutover.board()
        at = board.run_time(cutover.clock.now())
        may = may_work(actor_on(board, "bea", at), people_on(board, cutover.task("A"), at)) is None
        try:
            cutover.do("task.block", "A", by="bea", reason="x")
            cutover.do("task.unblock", "A")
            did = True
        except Refused:
            did = False
        assert did is may
        seen.add(did)
    assert seen == {True, False}
    assert cutover.task("A").state is TaskState.NOT_STARTED
