"""`warroom rollback`: the way back on the command line, with words and as JSON."""

from __future__ import annotations

from tests.commands import Commands


def test_status_before_anything(rehearsal: Commands) -> None:
    rehearsal.to(10)
    said = rehearsal.good("rollback", "status").out
    assert "stage       dormant" in said
    assert "decided by  lena" in said
    assert "usual       latest safe decision Fri 27 Nov 22:25, in 3h15; decided now: 20m, done at" in said
    assert "at worst" in said
    assert "would be undone (1 of 2 tasks)" in said
    assert "Totals differ (more than 100 EUR)" in said
    assert "by-hand By hand, Gil Guest decides" in said
    found = rehearsal.json("rollback", "status")
    assert found["stage"] == "dormant"
    assert found["possible"]
    assert [one["ref"] for one in found["if_decided_now"]["tasks"]] == ["U1"]
    assert found["worst_case"]["latest_decision"] == "2026-11-27T21:25:00Z"
    assert found["triggers"][0]["reached"] is None
    assert rehearsal.json("status")["rollback"] == found


def test_a_trigger_is_called_and_withdrawn(rehearsal: Commands) -> None:
    rehearsal.to(10)
    answer = rehearsal.good(
        "rollback", "trigger", "1", "raise", "--as", "sam", "--reason", "They differ", "--measured", "412 EUR"
    )
    assert "trigger 1 is raised: They differ" in answer.err
    assert "REACHED" in rehearsal.good("rollback", "status").out
    entry = rehearsal.json("rollback", "trigger", "1", "withdraw", "--as", "sam", "--reason", "Counted twice")
    assert (entry["action"], entry["subject"]) == ("rollback.withdraw", "trigger 1")
    assert rehearsal("rollback", "trigger", "1", "start-clock", "--reason", "x").code == 1
    assert rehearsal("rollback", "trigger", "3", "raise", "--reason", "x").code == 2
    assert rehearsal("rollback", "trigger", "1", "withdraw", "--reason", "x", "--measured", "5").code == 2
    assert rehearsal("rollback", "trigger", "1", "withdraw", "--reason", "x", "--at", "T+0h").code == 2


def test_backing_out_to_the_end(rehearsal: Commands) -> None:
    rehearsal.to(10)
    refused = rehearsal("rollback", "invoke", "--as", "omar", "--reason", "It is lost")
    assert refused.code == 1
    answer = rehearsal.good("rollback", "invoke", "--as", "lena", "--reason", "It is lost", "--from-trigger", "1")
    assert "BACKING OUT, done at Fri 27 Nov 19:30; nothing to undo for U2: It is lost" in answer.err
    said = rehearsal.good("rollback", "status").out
    assert "BACKING OUT, done at Fri 27 Nov 19:30, 3h30 before business must run again" in said
    assert "back-out (0 of 1 done)" in said
    assert "BACKING OUT, done at" in rehearsal.good("status").out
    assert "U1" in rehearsal.good("task", "list").out
    assert "expected" in rehearsal.good("task", "show", "U1").out
    found = rehearsal.json("rollback", "status")["backing_out"]
    assert (found["invoked_by"], found["trigger"], found["left_out"]) == ("lena", 1, ["U2"])
    assert rehearsal("task", "start", "A", "--as", "omar").code == 1
    assert rehearsal("run", "close").code == 1
    rehearsal.good("task", "start", "U1", "--as", "omar")
    rehearsal.to(25)
    rehearsal.good("task", "done", "U1", "--as", "omar")
    assert "BACKED OUT, was done at Fri 27 Nov 19:25" in rehearsal.good("rollback", "status").out
    rehearsal.good("run", "close")
    assert rehearsal.json("rollback", "status")["stage"] == "closed"
    assert rehearsal.good("replay", "--at", "T+20m", "--json").code == 0


def test_recovery_is_for_later(rehearsal: Commands) -> None:
    refused = rehearsal("rollback", "recover", "by-hand", "--as", "gil", "--reason", "x", "--json")
    assert refused.code == 1
    assert "the point of no return has not passed" in refused.error["message"]
    assert rehearsal("rollback", "recover", "nothing", "--as", "gil", "--reason", "x").code == 2


def test_before_any_run_the_plan_is_shown(planning: Commands) -> None:
    found = planning.json("rollback", "status")
    assert [one["ref"] for one in found["if_decided_now"]["tasks"]] == ["U1", "U2"]
    assert planning("rollback", "invoke", "--as", "lena", "--reason", "x").code == 1
