"""Commands that correct: what they say, what is listed afterwards, and what they refuse."""

from __future__ import annotations

import pytest

from tests.commands import Commands
from tests.unit.test_cli_acting import said


@pytest.fixture
def done(rehearsal: Commands) -> Commands:
    """A and B are done, C runs."""
    rehearsal.to(10)
    said(rehearsal, "task", "start", "A", "--as", "omar")
    said(rehearsal, "step", "tick", "A.1", "A.2")
    said(rehearsal, "task", "done", "A", "--as", "omar")
    rehearsal.to(20)
    said(rehearsal, "task", "start", "B", "--as", "omar")
    said(rehearsal, "step", "tick", "B.1")
    said(rehearsal, "task", "done", "B", "--as", "omar")
    said(rehearsal, "step", "tick", "B.2", "--as", "vera")
    said(rehearsal, "task", "verify", "B", "--as", "vera")
    said(rehearsal, "task", "start", "C", "--as", "bea")
    rehearsal.to(30)
    return rehearsal


def test_undo_says_what_was_taken_back_and_how_it_stands(done: Commands) -> None:
    last = done.json("journal", "list", "--task", "B")[-1]["seq"]
    assert said(done, "undo", "--as", "vera", "--reason", "wrong task") == (
        f"B: takes back task.verify, entry {last}: wrong task; it is verifying"
    )
    done.good("undo", "--as", "vera")
    told = done.good("journal", "list", "--task", "B").out.splitlines()
    assert sum("taken back" in line for line in told) == 2
    assert sum(" undo " in line for line in told) == 2
    entry = done.json("journal", "list", "--limit", "1")[0]
    assert (entry["action"], entry["subject"], entry["actor"]) == ("undo", "B", "vera")


def test_undo_refuses_with_words(done: Commands) -> None:
    answer = done("undo", "--as", "omar", "--json")
    assert (answer.code, answer.error["code"], answer.error["where"]) == (1, "refused", "B")
    assert "task.done of B by omar, entry" in answer.error["message"]
    assert "has been built on: step.tick of B by vera" in answer.error["message"]
    named = done("undo", "--as", "bea", "--entry", "3")
    assert (named.code, "your last action is another one by now" in named.err) == (1, True)
    assert done("undo", "--as", "nobody").code == 2
    assert done("undo", "--entry", "0").code == 2


def test_a_rerun_is_told_listed_and_settled(done: Commands) -> None:
    assert said(done, "task", "rerun", "A", "--as", "omar", "--reason", "wrong extract") == (
        "A is ready, attempt 2: wrong extract (now stale: B, C); "
        "settle what is stale (warroom task settle REF), or re-run it"
    )
    listed = {task["ref"]: task for task in done.json("task", "list")}
    assert (listed["A"]["attempt"], listed["A"]["stale_since"]) == (2, None)
    assert (listed["B"]["attempt"], listed["B"]["stale_since"]) == (1, "2026-11-27T18:30:00Z")
    assert "✓ done ↺ stale" in done.good("task", "list").out
    status = done.good("status").out
    assert "stale (2): settle or re-run" in status
    assert "A was re-run: wrong extract" in status
    assert [task["ref"] for task in done.json("status")["stale"]] == ["B", "C"]
    shown = done.good("task", "show", "A").out
    assert ["attempt", "2"] in [line.split() for line in shown.splitlines()]
    assert "1: Fri 27 Nov 19:10 to Fri 27 Nov 19:10 by Omar Owner, done; done again since" in shown
    assert "since Fri 27 Nov 19:30: A was re-run: wrong extract" in done.good("task", "show", "B").out
    (attempt,) = done.json("task", "show", "A")["attempts"]
    assert (attempt["number"], attempt["executor"], attempt["replaced_because"]) == (1, "omar", "wrong extract")
    assert [entry["action"] for entry in done.json("journal", "list", "--task", "B")][-1] == "task.rerun"
    assert said(done, "task", "settle", "B", "--as", "vera", "--reason", "counted") == "B is settled: counted"
    assert done("task", "settle", "B", "--reason", "again").code == 1
    assert said(done, "task", "rerun", "C", "--reason", "too") == "C is waiting, attempt 2: too"


def test_from_here(done: Commands) -> None:
    assert "(re-run too: B, C)" in said(done, "task", "rerun", "A", "--reason", "wrong extract", "--from-here")
    refused = done("task", "rerun", "A", "--reason", "again")
    assert (refused.code, "A has not been started" in refused.err) == (1, True)


def test_reopen(done: Commands) -> None:
    assert said(done, "task", "reopen", "A", "--as", "omar", "--reason", "one is missing") == (
        "A is running again: one is missing (now stale: B, C)"
    )
    assert done("task", "reopen", "A").code == 2  # needs a reason
    assert done("task", "reopen", "GO", "--reason", "x").code == 1


def test_correct(done: Commands) -> None:
    assert said(done, "task", "correct", "A", "--start", "19:05", "--reason", "by the log") == (
        "A: start corrected from 19:10 to 19:05: by the log"
    )
    assert said(done, "task", "correct", "A", "--finish", "19:09", "--reason", "log") == (
        "A: finish corrected from 19:10 to 19:09: log"
    )
    lines = done.good("journal", "list", "--task", "A").out
    assert "start corrected from 19:10 to 19:05: by the log" in lines
    assert done.json("task", "show", "A")["actual_start"] == "2026-11-27T18:05:00Z"
    assert done("task", "correct", "A", "--start", "2026-11-27T20:30", "--reason", "x").code == 2
    assert done("task", "correct", "A", "--reason", "x").code == 2
    assert done("task", "correct", "AFTER", "--start", "19:05", "--reason", "x").code == 1


def test_the_schedule_reads_as_ever_with_a_second_attempt(done: Commands) -> None:
    before = done.json("schedule")["tasks"]
    done.good("task", "rerun", "A", "--reason", "wrong extract")
    after = done.json("schedule")["tasks"]
    assert [list(task) for task in after] == [list(task) for task in before]
    (first,) = (task for task in after if task["ref"] == "A")
    assert (first["state"], first["actual_start"], first["forecast_start"]) == ("ready", None, "2026-11-27T18:30:00Z")
    assert done.good("journal", "verify").code == 0
