"""Commands that read: the JSON that other programs rely on, and the text for people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands import FIRST_CUTOVER, Commands
from tests.cutover import rehearsing

SCHEDULE_KEYS = [
    "at",
    "run",
    "window",
    "planned_finish",
    "forecast_finish",
    "window_float_s",
    "latest_backout_decision",
    "tasks",
    "faults",
    "out_of_sequence",
]
TASK_KEYS = [
    "ref",
    "title",
    "state",
    "owner",
    "kind",
    "duration_s",
    "guess",
    "baseline_start",
    "baseline_finish",
    "planned_start",
    "planned_finish",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float_s",
    "free_float_s",
    "critical",
    "on_longest_path",
    "driven_by",
    "forecast_start",
    "forecast_finish",
    "actual_start",
    "actual_finish",
    "own_delay_s",
    "inherited_delay_s",
    "held_by",
]
ALERT_KEYS = [
    "id",
    "rule",
    "subject",
    "episode",
    "severity",
    "state",
    "raised_at",
    "closed_at",
    "message",
    "own_delay_s",
    "pushes",
    "window_float_s",
    "due_at",
    "lasted_s",
    "told",
    "version",
    "level",
    "acknowledged_by",
    "acknowledged_at",
    "acknowledged_how",
    "snoozed_until",
]


def by_ref(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {task["ref"]: task for task in document["tasks"]}


def finish(commands: Commands, ref: str) -> None:
    commands.good("task", "start", ref)
    for step in commands.json("task", "show", ref)["steps"]:
        commands.good("step", "tick", step["step"])
    commands.good("task", "done", ref)


def test_the_schedule_of_a_bare_runbook(commands: Commands) -> None:
    document = commands.json("schedule", "--runbook", str(FIRST_CUTOVER))
    assert list(document) == SCHEDULE_KEYS
    assert document["run"] is None
    assert document["at"] == document["window"]["start"] == "2026-11-27T17:00:00Z"
    assert document["window"] == {
        "start": "2026-11-27T17:00:00Z",
        "end": "2026-11-27T21:00:00Z",
        "restore_by": "2026-11-27T21:00:00Z",
    }
    assert [task["ref"] for task in document["tasks"]][:3] == ["DM-01", "DM-02", "DM-03"]
    for task in document["tasks"]:
        assert list(task) == TASK_KEYS
        assert (task["early_start"], task["early_finish"]) == (task["planned_start"], task["planned_finish"])
        assert (task["forecast_start"], task["forecast_finish"]) == (task["planned_start"], task["planned_finish"])
        assert task["actual_start"] is task["actual_finish"] is task["baseline_start"] is None
        assert task["own_delay_s"] == task["inherited_delay_s"] == 0
    longest = [task for task in document["tasks"] if task["on_longest_path"]]
    assert longest
    assert {task["total_float_s"] for task in longest} == {0}
    assert "DM-90" not in by_ref(document)  # the back-out is not in tasks


def test_the_schedule_of_a_bare_runbook_against_the_window(commands: Commands) -> None:
    plain = commands.json("schedule", "--runbook", str(FIRST_CUTOVER), "--from", "finish")
    anchored = commands.json("schedule", "--runbook", str(FIRST_CUTOVER), "--from", "window")
    spare = plain["window_float_s"]
    assert spare == anchored["window_float_s"] > 0
    last = by_ref(anchored)["DM-15"]
    assert last["late_finish"] == anchored["window"]["end"]
    assert last["total_float_s"] == spare
    assert by_ref(plain)["DM-15"]["total_float_s"] == 0
    assert commands("schedule", "--runbook", str(FIRST_CUTOVER), "--db", "x.db").code == 2


def test_the_plan_reads_the_same_from_a_state_file_before_its_first_run(commands: Commands) -> None:
    bare = commands.json("schedule", "--runbook", str(FIRST_CUTOVER))
    commands.good("init", str(FIRST_CUTOVER))
    assert commands.json("schedule") == bare
    assert commands.good("schedule").out == commands.good("schedule", "--runbook", str(FIRST_CUTOVER)).out
    assert "PLAN, not started" in commands.good("status").out


def test_a_plan_without_a_backout_has_no_latest_decision(commands: Commands) -> None:
    text = FIRST_CUTOVER.read_text()
    start = text.index("\nrollback:")
    end = text.find("\ncontrols:", start)
    (commands.path.parent / "own.yaml").write_text(text[:start] + (text[end:] if end > 0 else ""))
    assert commands.json("schedule", "--runbook", "own.yaml")["latest_backout_decision"] is None


def test_the_schedule_of_a_run(rehearsal: Commands) -> None:
    rehearsal.to(5.5)
    rehearsal.good("task", "start", "A")
    rehearsal.to(41.25)
    rehearsal.good("step", "tick", "A.1", "A.2")
    rehearsal.good("task", "done", "A")
    rehearsal.to(50.9)
    document = rehearsal.json("schedule")
    assert document["at"] == "2026-11-27T18:50:00Z"  # floored to the minute
    assert document["run"] == "mock 1"
    done = by_ref(document)["A"]
    assert done["state"] == "done"
    assert done["actual_start"] == done["early_start"] == done["forecast_start"] == "2026-11-27T18:05:30Z"
    assert done["actual_finish"] == done["early_finish"] == done["forecast_finish"] == "2026-11-27T18:41:15Z"
    assert done["planned_finish"] == done["baseline_finish"] == "2026-11-27T18:30:00Z"
    assert done["late_start"] is done["late_finish"] is done["total_float_s"] is done["free_float_s"] is None
    assert done["own_delay_s"] == 11 * 60 + 15
    ready = by_ref(document)["B"]
    assert (ready["state"], ready["early_start"]) == ("ready", "2026-11-27T18:50:00Z")
    assert ready["inherited_delay_s"] == 11 * 60 + 15
    assert ready["own_delay_s"] == 20 * 60 - ready["inherited_delay_s"]
    later = by_ref(rehearsal.json("schedule", "--at", "2026-11-27T21:00"))["B"]
    assert later["early_start"] == "2026-11-27T20:00:00Z"
    assert "REAL" not in by_ref(document)  # live runs only
    assert rehearsal("schedule", "--from", "finish").code == 2
    assert rehearsal.json("schedule", "--from", "window") == document


def test_replay_shows_the_board_and_the_forecast_as_they_stood(rehearsal: Commands) -> None:
    rehearsal.to(1)
    rehearsal.good("task", "start", "A")
    rehearsal.to(30)
    then = rehearsal.json("schedule")
    rehearsal.to(40)
    rehearsal.good("task", "eta", "A", "2h", "--reason", "late file")
    rehearsal.to(60)
    replayed = rehearsal.json("replay", "--at", "19:30")
    assert list(replayed) == [*SCHEDULE_KEYS, "seq"]
    assert replayed.pop("seq") == 3
    assert replayed == then
    assert by_ref(rehearsal.json("replay", "--at", "T+40m"))["A"]["own_delay_s"] == 130 * 60
    assert rehearsal.good("replay", "--at", "19:30").out.startswith("as it stood after entry 3\n")
    assert rehearsal("replay").code == 2
    assert rehearsal("replay", "--at", "2026-11-01T00:00").code == 2


def test_another_run_is_read_by_its_name(rehearsal: Commands) -> None:
    rehearsal.to(3)
    finish(rehearsal, "A")
    rehearsal.good("run", "close")
    rehearsal.to(100)
    rehearsal.good("run", "start", "--rehearsal", "mock 2")
    assert by_ref(rehearsal.json("schedule"))["A"]["state"] == "ready"
    first = rehearsal.json("schedule", "--run", "mock 1")
    assert (first["run"], first["at"]) == ("mock 1", "2026-11-27T18:03:00Z")  # a closed run stands at its end
    assert by_ref(first)["A"]["state"] == "done"
    assert rehearsal.json("task", "show", "A", "--run", "mock 1")["state"] == "done"
    assert {entry["run"] for entry in rehearsal.json("journal", "list", "--run", "mock 2")} == {"mock 2"}
    for command in (["status"], ["task", "list"], ["gate", "list"], ["alert", "list"], ["replay", "--at", "T"]):
        answer = rehearsal(*command, "--run", "mock 9")
        assert (answer.code, "mock 1, mock 2" in answer.err) == (2, True)


def test_status(rehearsal: Commands) -> None:
    rehearsal.good("task", "start", "A")
    rehearsal.to(45)
    document = rehearsal.json("status")
    assert (document["run"], document["run_kind"], document["run_open"], document["speed"]) == (
        "mock 1",
        "rehearsal",
        True,
        1,
    )
    assert document["since_window_start_s"] == 45 * 60
    assert document["tasks"]["total"] == 7
    assert document["tasks"]["by_state"]["running"] == 1
    assert sum(document["tasks"]["by_state"].values()) == 7
    late = {task["ref"]: task for task in document["late"]}
    assert late["A"]["own_delay_s"] == 15 * 60
    assert late["B"]["inherited_delay_s"] == 15 * 60
    assert document["causes"] == ["A"]
    assert document["next_gate"]["ref"] == "GO"
    text = rehearsal.good("status").out
    assert text.startswith("Small cutover · REHEARSAL mock 1 · Fri 27 Nov 19:45 Europe/Berlin · T+00:45\n")
    assert "A      +15m  +15m own  Omar Owner" in text
    rehearsal.good("run", "hold")
    assert rehearsal.json("status")["speed"] == 0


def test_alerts(rehearsal: Commands) -> None:
    assert rehearsal.json("alert", "list") == []
    assert rehearsal.good("alert", "list").out == "no alerts\n"
    rehearsal.path.unlink()
    with rehearsing(rehearsal.path) as cutover:
        cutover.do("task.start", "A")
        cutover.to(50)
        cutover.sweep()
        rehearsal.to(50)
        (alert,) = rehearsal.json("alert", "list")
        assert list(alert) == ALERT_KEYS
        assert (alert["state"], alert["subject"], alert["rule"]) == ("raised", "A", "dependency-slipped")
        assert (alert["raised_at"], alert["closed_at"]) == ("2026-11-27T18:50:00Z", None)
        assert alert["own_delay_s"] == 20 * 60
        assert list(alert["pushes"][0]) == ["ref", "moves_s", "owner"]
        shown = rehearsal.json("alert", "show", str(alert["id"]))
        assert {key: shown[key] for key in alert} == alert
        assert (shown["window_float_before_s"] - shown["window_float_s"], shown["now"]["first_gate"]) == (1200, "GO")
        assert shown["now"]["pushes"] == alert["pushes"]
        assert rehearsal.json("status")["open_alerts"] == [alert]
        assert "pushes" in rehearsal.good("alert", "show", str(alert["id"])).out
        cutover.finish("A")
        cutover.sweep()
        (closed,) = rehearsal.json("alert", "list")
        assert (closed["state"], closed["closed_at"]) == ("closed", "2026-11-27T18:50:00Z")
        assert rehearsal.json("alert", "list", "--open") == []
    assert rehearsal("alert", "show", "99").code == 2


def test_task_list_filters(rehearsal: Commands) -> None:
    def refs(*arguments: str) -> list[str]:
        found = [task["ref"] for task in rehearsal.json("task", "list", *arguments)]
        lines = rehearsal.good("task", "list", *arguments).out.splitlines()
        assert [line.split()[0] for line in lines[1:]] == found or lines == ["no tasks"]
        return found

    assert refs() == ["A", "B", "C", "TRY", "END", "AFTER", "GO"]
    assert refs("--state", "ready") == ["A"]
    assert refs("--owner", "bea") == ["C"]
    assert refs("--state", "ready", "--state", "waiting", "--owner", "lena") == ["GO"]
    assert refs("--late") == []
    rehearsal.to(10)
    assert refs("--late")[0] == "A"
    assert rehearsal("task", "list", "--owner", "nobody").code == 2
    assert rehearsal("task", "list", "--state", "late").code == 2


def test_task_show_tells_everything(rehearsal: Commands) -> None:
    rehearsal.good("task", "start", "A", "--as", "omar")
    rehearsal.good("step", "tick", "A.1", "--evidence", "screenshot")
    rehearsal.good("task", "eta", "A", "45m", "--reason", "slow line")
    rehearsal.good("task", "note", "A", "first line\nsecond line")
    document = rehearsal.json("task", "show", "A")
    assert list(document)[: len(TASK_KEYS)] == TASK_KEYS
    assert (document["executor"], document["backup"], document["stream"]) == ("omar", "bea", "data")
    assert (document["eta"], document["eta_reason"]) == ("2026-11-27T18:45:00Z", "slow line")
    assert document["steps"][0] == {
        "step": "A.1",
        "kind": "step",
        "text": "First",
        "ticked_at": "2026-11-27T18:00:00Z",
        "ticked_by": "lena",
        "evidence": "screenshot",
    }
    assert document["notes"] == [{"at": "2026-11-27T18:00:00Z", "by": "lena", "text": "first line\nsecond line"}]
    assert [link["ref"] for link in document["before"]] == ["B", "C", "TRY"]
    text = rehearsal.good("task", "show", "A").out
    for shown in ("● running", "Omar Owner", "slow line", "[x] A.1  First", "Do *it*.", "first line second line"):
        assert shown in text
    dormant = rehearsal.json("task", "show", "U2")
    assert (dormant["backout"], dormant["undoes"], dormant["ref"]) == (True, ["B"], "U2")
    assert "back-out" in rehearsal.good("task", "show", "U2").out


def test_gate_show(rehearsal: Commands) -> None:
    rehearsal.good("gate", "vote", "GO", "no-go", "--reason", "totals differ", "--as", "vera")
    shown = rehearsal.json("gate", "show", "GO")
    document = rehearsal.json("gate", "list")[0]
    assert document == rehearsal.json("task", "show", "GO")["gate"]
    assert {key: shown[key] for key in document if key not in ("judged", "seats")} == {
        key: value for key, value in document.items() if key not in ("judged", "seats")
    }
    for key in ("judged", "seats"):
        assert all(more.items() >= less.items() for more, less in zip(shown[key], document[key], strict=True))
    assert document["criteria"] == ["Totals agree", "No error left"]
    assert document["seats"][2] == {
        "title": "Seat of vera",
        "person": "vera",
        "role": None,
        "substitutes": [],
        "chair": False,
        "veto": False,
        "vote": "no-go",
        "reason": "totals differ",
        "at": "2026-11-27T18:00:00Z",
    }
    assert (document["due"], document["quorum"], document["waits_for"]) == ("2026-11-27T20:30:00Z", 2, ["B", "C"])
    text = rehearsal.good("gate", "show", "GO").out
    assert "cannot be given yet: the quorum is 2" in text
    assert "totals differ" in text
    assert rehearsal("gate", "show", "A").code == 2


def test_journal_list_pages(rehearsal: Commands) -> None:
    for number in range(5):
        rehearsal.good("task", "note", "AB"[number % 2], f"note {number}")

    def seqs(*arguments: str) -> list[int]:
        return [entry["seq"] for entry in rehearsal.json("journal", "list", *arguments)]

    assert seqs() == [1, 2, 3, 4, 5, 6, 7]
    assert seqs("--limit", "2") == [6, 7]
    assert seqs("--after", "2", "--limit", "2") == [3, 4]
    assert seqs("--task", "B") == [4, 6]
    assert seqs("--after", "7") == []
    assert rehearsal("journal", "list", "--task", "NONE").code == 2
    assert rehearsal("journal", "list", "--limit", "0").code == 2
    assert len(rehearsal.good("journal", "list").out.splitlines()) == 7


def test_a_deleted_or_new_row_has_one_side_only(rehearsal: Commands) -> None:
    created = rehearsal.json("task", "note", "A", "x")["changes"]
    assert {change["op"] for change in created} == {"insert"}
    assert {change["before"] for change in created} == {None}
    assert {change["field"]: change["after"] for change in created}["text"] == "x"


def test_journal_verify(rehearsal: Commands) -> None:
    checked = rehearsal.json("journal", "verify")
    assert (checked["sound"], checked["entries"], checked["findings"]) == (True, 2, [])
    assert rehearsal.good("journal", "verify").out == f"the journal is sound: 2 entries, head {checked['head']}\n"


HOSTILE = "red \u202etxt\u200b\u0301 \N{SNOWMAN} <b>[bold]=1+1"


@pytest.mark.parametrize("command", [["task", "show", "A"], ["journal", "list"], ["status"], ["task", "list"]])
def test_hostile_text_does_no_harm_as_text_and_stands_in_json(rehearsal: Commands, command: list[str]) -> None:
    rehearsal.good("task", "note", "A", HOSTILE + "\nnext\tline")
    answer = rehearsal.good("task", "block", "A", "--reason", HOSTILE)
    assert "\u202e" not in answer.err
    shown = rehearsal.good(*command).out
    assert not set(shown) & {"\x1b", "\u202e", "\u200b", "\t"}
    told = rehearsal.good("task", "show", "A", "--json").out
    assert HOSTILE in told  # neither changed nor escaped


def test_who_got_ahead_of_a_predecessor_is_listed(rehearsal: Commands) -> None:
    """B waits for A, and the lead starts it all the same."""
    assert rehearsal.json("schedule")["out_of_sequence"] == []
    rehearsal.good("task", "start", "A")
    rehearsal.good("task", "start", "B", "--as", "lena")
    assert rehearsal.json("schedule")["out_of_sequence"] == [{"predecessor": "A", "successor": "B"}]
    assert "B  got ahead of A" in rehearsal.good("schedule").out
