"""`warroom person`, `party`, `handover` and `doctor --permissions`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands
from warroom.rules.roles import GRANTEES, Capability, grantees
from warroom.vocabulary.words import Role

README = Path(__file__).parents[2] / "README.md"


def said(commands: Commands, *arguments: str) -> str:
    """What a command that must succeed says."""
    answer = commands.good(*arguments)
    assert answer.out == ""
    return answer.err.rstrip("\n")


def last(commands: Commands) -> dict[str, Any]:
    entry: dict[str, Any] = commands.json("journal", "list", "--limit", "1")[0]
    return entry


def test_people_are_listed_shown_added_and_edited(rehearsal: Commands) -> None:
    assert said(rehearsal, "person", "add", "nora", "--name", "Nora", "--role", "scribe", "--role", "deputy") == (
        "Nora takes part as nora, scribe, deputy"
    )
    assert said(rehearsal, "person", "edit", "nora", "--phone", "112", "--timezone", "Asia/Tokyo") == (
        "nora: phone, timezone changed"
    )
    rehearsal.good("person", "edit", "nora", "--phone", "", "--no-roles", "--title", "Clerk")
    nora = rehearsal.json("person", "show", "nora")
    assert nora == {
        "handle": "nora",
        "name": "Nora",
        "title": "Clerk",
        "company": None,
        "phone": None,
        "timezone": "Asia/Tokyo",
        "login": None,
        "roles": [],
        "notify": [],
        "keys": [],
        "quiet": None,
        "calendar": None,
        "away": False,
        "leaves": [],
        "stands_for": [],
        "open_tasks": 0,
    }
    listed = rehearsal.json("person", "list")
    assert [one["handle"] for one in listed] == ["lena", "omar", "bea", "vera", "gil", "sam", "nora"]
    assert listed[1]["open_tasks"] == 5
    assert "Clerk" in rehearsal.good("person", "show", "nora").out
    text = rehearsal.good("person", "list").out.splitlines()
    assert text[0].split() == ["HANDLE", "NAME", "ROLES", "OPEN", "PHONE", "COMPANY", "NOW"]
    assert text[1].split()[:4] == ["lena", "Lena", "Lead", "lead"]
    for wrong in (["show", "nobody"], ["edit", "nora"], ["edit", "nora", "--role", "lead", "--no-roles"], ["add", "x"]):
        assert rehearsal("person", *wrong).code == 2
    assert rehearsal("person", "add", "x", "--name", "X", "--as", "omar").code == 1


def test_somebody_is_away_and_back(rehearsal: Commands) -> None:
    assert rehearsal("task", "start", "A", "--as", "bea").code == 1
    assert said(rehearsal, "person", "away", "omar", "--reason", "asleep", "--as", "bea") == (
        "Omar Owner is away from Fri 27 Nov 19:00 until they are back; backups may act"
    )
    assert rehearsal.json("person", "show", "omar")["leaves"] == [
        {"from": "2026-11-27T18:00:00Z", "to": None, "substitute": None, "reason": "asleep"}
    ]
    assert "away" in rehearsal.good("person", "show", "omar").out
    rehearsal.good("task", "start", "A", "--as", "bea")
    assert said(rehearsal, "person", "back", "omar", "--for", "omar", "--by", "phone") == "Omar Owner is back"
    assert (last(rehearsal)["for"], last(rehearsal)["by"]) == ("omar", "phone")
    assert rehearsal("person", "back", "omar").code == 1


def test_a_substitute_acts_for_a_time(rehearsal: Commands) -> None:
    assert (
        said(
            rehearsal,
            *("person", "substitute", "omar", "--by", "sam", "--from", "10m", "--to", "19:30", "--reason", "sleeps"),
        )
        == "Sam Bystander stands in for Omar Owner from Fri 27 Nov 19:10 until Fri 27 Nov 19:30"
    )
    assert rehearsal("task", "start", "A", "--as", "sam").code == 1
    rehearsal.to(10)
    assert rehearsal.json("person", "show", "sam")["stands_for"] == ["omar"]
    rows = rehearsal.good("person", "list").out
    assert "away, sam stands in" in rows
    assert "stands in for omar" in rows
    rehearsal.good("task", "start", "A", "--as", "sam")
    assert (last(rehearsal)["for"], last(rehearsal)["in_place_of"]) == ("sam", "omar")
    assert "sam for omar" in rehearsal.good("journal", "list", "--limit", "1").out
    rehearsal.to(30)
    assert rehearsal("task", "block", "A", "--reason", "x", "--as", "sam").code == 1
    assert rehearsal("person", "substitute", "omar", "--by", "sam", "--reason", "x").code == 2  # until when?
    assert rehearsal("person", "substitute", "omar", "--by", "sam", "--to", "x", "--reason", "x").code == 2


def test_before_a_run_leaves_count_by_the_wall_clock(planning: Commands) -> None:
    assert "19:45" in said(planning, "person", "away", "omar", "--to", "45m", "--reason", "flight")
    assert planning.json("person", "show", "omar")["away"] is True
    planning.to(46)
    assert planning.json("person", "show", "omar")["away"] is False


def test_a_shift_is_handed_over(rehearsal: Commands) -> None:
    assert rehearsal.good("handover", "list").out == "no shift has been handed over\n"
    assert said(rehearsal, "handover", "give", "omar", "--to", "sam", "--note", "all quiet", "--as", "omar") == (
        "the shift of Omar Owner is offered to Sam Bystander; nothing goes over before it is accepted"
    )
    (offer,) = rehearsal.json("handover", "list")
    assert offer == {
        "leaving": "omar",
        "coming": "sam",
        "given_at": "2026-11-27T18:00:00Z",
        "given_by": "omar",
        "accepted_at": None,
        "note": "all quiet",
        "open_tasks": 8,
    }
    assert "not yet" in rehearsal.good("handover", "list").out
    document = rehearsal.json("handover", "show", "omar")
    assert (document["leaving"], document["coming"]) == ("omar", "sam")
    assert [row["ref"] for row in document["next"]] == ["A", "B", "C", "TRY", "END"]
    shown = rehearsal.good("handover", "show", "omar").out
    assert shown.startswith("Shift of omar, to sam, Fri 27 Nov 19:00")
    assert "next two hours: 5" in shown
    assert rehearsal("handover", "accept", "--as", "bea").code == 1
    assert said(rehearsal, "handover", "accept", "omar", "--as", "sam") == (
        "Sam Bystander has the shift of Omar Owner: A, B, C, TRY, END, AFTER, U1, U2"
    )
    assert {row["owner"] for row in rehearsal.json("task", "list") if row["ref"] in ("A", "B", "TRY")} == {"sam"}
    (accepted,) = rehearsal.json("handover", "list")
    assert accepted["accepted_at"] == "2026-11-27T18:00:00Z"
    assert rehearsal("handover", "show", "nobody").code == 2


def test_parties_are_listed_and_added(rehearsal: Commands) -> None:
    assert said(rehearsal, "party", "add", "vendor", "--name", "Vendor", "--contact", "vera") == (
        "the party vendor takes part"
    )
    assert rehearsal.json("party", "list") == [
        {"key": "bank", "name": "House bank", "phone": "+49 69 5550 100", "contact": "gil", "owner": "gil"},
        {"key": "post", "name": "Post office", "phone": None, "contact": None, "owner": None},
        {"key": "vendor", "name": "Vendor", "phone": None, "contact": "vera", "owner": "vera"},
    ]
    assert rehearsal.good("party", "list").out.splitlines()[0].split() == ["KEY", "NAME", "PHONE", "CONTACT"]


def test_how_it_was_told_is_kept(rehearsal: Commands) -> None:
    for medium, phrase in (("phone", "by phone"), ("paper", "on paper"), ("voice", "by voice")):
        rehearsal.good("task", "note", "A", "x", "--for", "omar", "--by", medium)
        entry = last(rehearsal)
        assert (entry["for"], entry["by"], entry["assurance"]) == ("omar", medium, "proxy")
        assert f"omar (lena, {phrase})" in rehearsal.good("journal", "list", "--limit", "1").out
    rehearsal.good("task", "note", "A", "x", "--for", "omar")
    assert (last(rehearsal)["by"], last(rehearsal)["assurance"]) == (None, "proxy")
    rehearsal.good("task", "note", "A", "x")
    assert (last(rehearsal)["by"], last(rehearsal)["assurance"]) == (None, "claimed")
    answer = rehearsal("task", "note", "A", "x", "--by", "phone")
    assert (answer.code, "--for" in answer.err) == (2, True)
    assert rehearsal("task", "note", "A", "x", "--for", "omar", "--by", "pigeon").code == 2


def test_a_vote_of_somebody_else_is_refused_unless_the_runbook_accepts_it(rehearsal: Commands) -> None:
    answer = rehearsal("gate", "vote", "GO", "go", "--for", "gil", "--by", "phone", "--json")
    assert (answer.code, answer.error["code"]) == (1, "refused")
    assert "nobody votes for somebody else" in answer.error["message"]


# --- doctor --permissions ----------------------------------------------------------------------------------------


def test_the_table_is_printed_without_a_state_file(commands: Commands) -> None:
    table = commands.json("doctor", "--permissions")
    assert [row["capability"] for row in table] == [capability.value for capability in Capability]
    assert table[0]["who"] == ["lead", "deputy", "owner", "backup"]
    lines = commands.good("doctor", "--permissions").out.splitlines()
    heads = lines[: len(GRANTEES)]
    columns = [line.index("┌") for line in heads]
    assert [line[column + 2 :] for line, column in zip(heads, columns, strict=True)] == [who.value for who in GRANTEES]
    for row, line in zip(table, lines[len(GRANTEES) :], strict=False):
        assert line.startswith(row["about"])
        marked = [who.value for who, column in zip(GRANTEES, columns, strict=True) if line[column] == "✓"]
        assert marked == row["who"]


def test_the_readme_shows_the_same_table() -> None:
    section = README.read_text(encoding="utf-8").partition("### Who may do what\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| (.+?) +\| (.+?) +\|$", section, re.MULTILINE)
    wanted = [(capability.about, told(capability)) for capability in Capability]
    assert [row for row in rows if row[0] not in ("what", "---") and set(row[0]) != {"-"}] == wanted


def told(capability: Capability) -> str:
    """Who may, as the README says it."""
    missing = set(GRANTEES) - set(grantees(capability))
    if missing <= {Role.OBSERVER}:
        return "everybody but an observer" if missing else "everybody"
    return ", ".join(who.value for who in grantees(capability))


@pytest.mark.parametrize("command", [["person", "list"], ["party", "list"], ["handover", "list"], ["doctor"]])
def test_what_only_reads_changes_nothing(command: list[str], rehearsal: Commands) -> None:
    before = rehearsal.json("journal", "list")
    rehearsal(*command)
    assert rehearsal.json("journal", "list") == before
