"""Commands that change something: what they do, say and write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands import Commands
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import Assurance, Via

ENTRY_KEYS = [
    "seq",
    "id",
    "run",
    "recorded_at",
    "run_time",
    "effective_at",
    "actor",
    "for",
    "by",
    "in_place_of",
    "clock",
    "assurance",
    "via",
    "action",
    "subject",
    "reason",
    "changes",
    "schema",
    "previous_hash",
    "hash",
]


def said(commands: Commands, *arguments: str) -> str:
    """What a command that must succeed says; it writes no data."""
    answer = commands.good(*arguments)
    assert answer.out == ""
    assert answer.err.endswith("\n")
    return answer.err.rstrip("\n")


def test_the_life_of_a_task(rehearsal: Commands) -> None:
    rehearsal.to(2)
    assert said(rehearsal, "task", "start", "A", "--as", "omar") == "A is running, started 19:02 by Omar Owner"
    assert said(rehearsal, "step", "tick", "A.1", "A.2", "--evidence", "log") == "A: 2 of 2 steps ticked"
    assert said(rehearsal, "step", "untick", "A.2") == "A: 1 of 2 steps ticked"
    refused = rehearsal("task", "done", "A")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines()[-1] == "  hint: tick them first: warroom step tick A.2"
    assert said(rehearsal, "step", "tick", "A.2") == "A: 2 of 2 steps ticked"
    rehearsal.to(20)
    assert said(rehearsal, "task", "done", "A", "--note", "went well") == (
        "A is done, finished 19:20 by Lena Lead; ready now: B (Omar Owner), C (Bea Backup), TRY (Omar Owner)"
    )
    said(rehearsal, "task", "start", "B")
    said(rehearsal, "step", "tick", "B.1")
    assert said(rehearsal, "task", "done", "B") == "B was executed 19:20 by Lena Lead; Vera Verifier verifies it"
    assert rehearsal("task", "verify", "B").code == 1  # the executor never verifies
    said(rehearsal, "step", "tick", "B.2", "--as", "vera")
    rehearsal.to(25)
    assert said(rehearsal, "task", "verify", "B", "--as", "vera") == "B is done, verified 19:25 by Vera Verifier"


def test_trouble_with_a_task(rehearsal: Commands) -> None:
    said(rehearsal, "task", "start", "A")
    assert said(rehearsal, "task", "eta", "A", "45m", "--reason", "slow") == (
        "A is expected to finish Fri 27 Nov 19:45: slow"
    )
    assert said(rehearsal, "task", "eta", "A", "20:10", "--reason", "slower").endswith("20:10: slower")
    rehearsal.to(10)
    assert said(rehearsal, "task", "progress", "A", "1,000/3,000", "rows") == (
        "A: 1000 of 3000 rows, expected to finish Fri 27 Nov 19:30"
    )
    assert said(rehearsal, "task", "block", "A", "--reason", "no file") == "A is blocked: no file"
    assert said(rehearsal, "task", "unblock", "A") == "A is running"
    assert said(rehearsal, "task", "note", "A", "--", "-- see mail --") == "noted on A"
    assert said(rehearsal, "task", "fail", "A", "--reason", "broken") == "A has failed: broken"
    assert said(rehearsal, "task", "skip", "A", "--reason", "later").startswith("A was skipped: later; ready now: B")
    assert said(rehearsal, "task", "start", "END") == "END is running, started 19:10 by Lena Lead, out of sequence"


def test_a_gate_is_voted_on_and_decided(rehearsal: Commands) -> None:
    for ref in ("A", "B", "C"):
        said(rehearsal, "task", "skip", ref, "--reason", "not today")
    assert said(rehearsal, "gate", "vote", "GO", "go", "--as", "gil") == (
        "Gil Guest votes go at GO: 1 of 3 seats have voted"
    )
    assert rehearsal("gate", "vote", "GO", "no-go", "--as", "vera").code == 2  # needs a reason
    assert rehearsal("gate", "decide", "GO", "go", "--reason", "fine").code == 1  # no quorum
    said(rehearsal, "gate", "vote", "GO", "conditional", "--reason", "watch stock", "--as", "vera")
    assert said(rehearsal, "gate", "decide", "GO", "go", "--reason", "fine") == "GO is decided: go, by Lena Lead: fine"
    assert rehearsal("gate", "vote", "A", "go").code == 1


def test_what_really_happened_and_who_did_it(rehearsal: Commands) -> None:
    rehearsal.to(30)
    assert said(rehearsal, "task", "start", "A", "--at", "19:10", "--for", "bea") == (
        "A is running, started 19:10 by Bea Backup"
    )
    (entry,) = rehearsal.json("journal", "list", "--limit", "1")
    assert (entry["actor"], entry["for"]) == ("lena", "bea")
    assert (entry["run_time"], entry["effective_at"]) == ("2026-11-27T18:30:00Z", "2026-11-27T18:10:00Z")
    future = rehearsal("task", "done", "A", "--at", "2026-11-27T20:10")
    assert (future.code, "has not come yet" in future.err) == (2, True)
    assert rehearsal("task", "done", "A", "--at", "10 past").code == 2
    assert rehearsal("task", "done", "A", "--for", "nobody").code == 2
    assert rehearsal("task", "done", "A", "--for", "bea", "--as", "omar").code == 1


def test_an_action_with_json_gives_its_entry(rehearsal: Commands) -> None:
    entry = rehearsal.json("task", "start", "A")
    assert list(entry) == ENTRY_KEYS
    assert (entry["run"], entry["action"], entry["subject"]) == ("mock 1", "task.start", "A")
    changes = {change["field"]: change for change in entry["changes"]}
    assert list(changes["state"]) == ["op", "table", "key", "field", "before", "after"]
    assert (changes["state"]["before"], changes["state"]["after"]) == ("not_started", "running")
    assert entry == rehearsal.json("journal", "list", "--limit", "1")[0]


def test_a_second_done_is_refused_and_changes_nothing(rehearsal: Commands) -> None:
    said(rehearsal, "task", "start", "TRY")
    said(rehearsal, "task", "done", "TRY", "--as", "lena")
    before = rehearsal.json("journal", "list")
    answer = rehearsal("task", "done", "TRY", "--as", "omar", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.error == {
        "code": "refused",
        "message": "TRY is done already, finished by Lena Lead",
        "where": "TRY",
        "hint": "nothing is left to do; if it is not finished after all: warroom task reopen TRY",
    }
    assert rehearsal("task", "block", "A", "--reason", "x", "--as", "sam").code == 1  # may not
    assert rehearsal.json("journal", "list") == before


def test_an_unknown_ref_is_bad_input_with_what_was_meant(rehearsal: Commands) -> None:
    for command in (["task", "start", "EN"], ["task", "show", "EN"], ["step", "tick", "EN.1"]):
        answer = rehearsal(*command)
        assert answer.code == 2
        assert "END" in answer.err


def test_text_that_cannot_be_stored_is_refused(rehearsal: Commands) -> None:
    for text in ("bell \x07", "escape \x1b[2J", "surrogate \udcff", "  "):
        assert rehearsal("task", "note", "A", text).code == 2
    assert rehearsal("task", "block", "A", "--reason", "").code == 2


def test_runs_from_start_to_close(planning: Commands) -> None:
    assert planning("run", "start").code == 2
    assert planning("run", "start", "--live", "--rehearsal", "x").code == 2
    assert planning("run", "start", "--live", "--speed", "60").code == 2
    assert planning("run", "hold").code == 1
    assert planning.good("run", "list").out == "no run has been started\n"
    assert planning("run", "clock").code == 2
    assert said(planning, "run", "start", "--rehearsal", "night", "--speed", "60", "--at", "T+1h", "--tier", "2") == (
        "the rehearsal night has started: its clock shows Fri 27 Nov 20:00, 60 times as fast as life; "
        "the window ends Sat 28 Nov 00:00"
    )
    assert planning("run", "start", "--live").code == 1  # one is open
    planning.to(1)
    assert said(planning, "run", "hold", "--reason", "pizza") == "the clock of night is held at Fri 27 Nov 21:00"
    assert "held" in planning.good("run", "clock").out
    assert said(planning, "run", "resume") == (
        "the clock of night goes on from Fri 27 Nov 21:00, 60 times as fast as life"
    )
    assert said(planning, "run", "clock", "--speed", "1").endswith("goes on from Fri 27 Nov 21:00, as fast as life")
    shown = planning.json("run", "clock")
    assert shown["run_time"] == "2026-11-27T20:00:00Z"
    assert [segment["speed"] for segment in shown["segments"]] == [60, 0, 60, 1]
    assert planning("run", "clock", "--speed", "2", "--as", "omar").code == 1
    assert planning("run", "clock", "--speed", "2", "--run", "night").code == 2
    assert said(planning, "run", "close", "--reason", "enough") == "run night is closed"
    assert planning("task", "start", "A").code == 1
    assert said(planning, "run", "start", "--live") == (
        "the live run has started: its clock shows Fri 27 Nov 19:01; the window ends Fri 27 Nov 23:00"
    )
    night, live = planning.json("run", "list")
    assert (night["name"], night["kind"], night["tier"], night["open"]) == ("night", "rehearsal", 2, False)
    assert (live["name"], live["kind"], live["open"], live["closed_at"]) == ("live", "live", True, None)
    assert planning.good("run", "list").out.splitlines()[1].startswith("night  rehearsal  closed")


@pytest.mark.parametrize("command", [["task", "list"], ["status"], ["gate", "show", "GO"], ["alert", "list"]])
def test_reading_changes_nothing(rehearsal: Commands, command: list[str]) -> None:
    rehearsal.to(90)
    with StateFile.open(rehearsal.path) as state_file:
        before = state_file.head()
        rehearsal.good(*command)
        assert state_file.head() == before


def test_every_entry_says_how_its_actor_was_known(rehearsal: Commands) -> None:
    entries: list[dict[str, Any]] = rehearsal.json("journal", "list")
    assert {(entry["assurance"], entry["via"]) for entry in entries} == {(Assurance.CLAIMED.value, Via.CLI.value)}
