"""Changing the plan by command: how it is typed, and what the answers say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import FIRST_CUTOVER, Commands


def test_a_change_says_what_it_did_and_what_moves(rehearsal: Commands) -> None:
    answer = rehearsal.good("task", "retime", "B", "1h30", "--reason", "twice the volume")
    assert answer.out == ""
    assert answer.err.splitlines() == [
        "B: duration 1h to 1h30",
        "finish Fri 27 Nov 21:15 to Fri 27 Nov 21:45 (+30m), 1h15 inside the window (was 1h45 inside the window), "
        "4 tasks move",
    ]


def test_the_answer_as_json_is_the_entry_with_its_effect(rehearsal: Commands) -> None:
    told = rehearsal.json("task", "link", "C", "B SS+20m", "--reason", "r")
    assert (told["action"], told["subject"]) == ("task.link", "C")
    assert told["effect"]["before"]["window_float_s"] == 6_300
    assert told["effect"]["after"] == told["effect"]["before"]
    assert told["effect"]["tasks"] == [{"ref": "C", "moves_s": 600}]
    moved = rehearsal.json("task", "retime", "C", "--not-before", "T+2h", "--reason", "r")["effect"]
    assert moved["finish_moves_s"] == 3_000
    assert moved["after"]["window_float_s"] == 6_300 - 3_000


def test_every_change_as_it_is_typed(rehearsal: Commands) -> None:
    good = rehearsal.good
    good(
        *("task", "add", "X", "--title", "Late list", "--owner", "bea", "--duration", "10m/20m/1h"),
        *("--after", "A SS+5m", "--before", "C", "--step", "Load", "--verify", "Count", "--verifier", "vera"),
        *("--not-before", "T+10m", "--deadline", "21:00", "--instructions", "Do *it*.", "--reason", "late"),
    )
    shown = rehearsal.json("task", "show", "X")
    assert (shown["title"], shown["owner"], shown["verifier"]) == ("Late list", "bea", "vera")
    assert (shown["duration_low_s"], shown["duration_s"], shown["duration_high_s"]) == (600, 1_200, 3_600)
    assert (shown["not_before"], shown["deadline"]) == ("2026-11-27T18:10:00Z", "2026-11-27T20:00:00Z")
    assert [(link["ref"], link["type"], link["lag_s"]) for link in shown["after"]] == [("A", "SS", 300)]
    assert [step["text"] for step in shown["steps"]] == ["Load", "Count"]
    assert shown["baseline_start"] is None
    good("task", "assign", "X", "omar", "--backup", "none", "--verifier", "none", "--reason", "r")
    shown = rehearsal.json("task", "show", "X")
    assert (shown["owner"], shown["backup"], shown["verifier"]) == ("omar", None, None)
    good("task", "retime", "X", "5m", "--deadline", "none", "--as-late-as-possible", "--reason", "r")
    shown = rehearsal.json("task", "show", "X")
    assert (shown["duration_s"], shown["duration_low_s"], shown["deadline"]) == (300, None, None)
    assert shown["as_late_as_possible"] is True
    good("task", "unlink", "X", "A SS", "--reason", "r")
    good("task", "link", "X", "B", "TRY SS", "--reason", "r")
    assert [link["ref"] for link in rehearsal.json("task", "show", "X")["after"]] == ["B", "TRY"]
    assert "X-a added" not in good("task", "split", "X", "2m", "LAST=3m", "--reason", "r").err
    assert [link["ref"] for link in rehearsal.json("task", "show", "LAST")["after"]] == ["X-a"]
    good("task", "remove", "LAST", "--reason", "r")
    assert "X-a" in {link["ref"] for link in rehearsal.json("task", "show", "C")["after"]}
    assert "sound" in good("journal", "verify").out + good("journal", "verify").err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("task", "retime", "B", "soon"), 2, "is not a duration"),
        (("task", "retime", "B", "1h/2h"), 2, "low/likely/high"),
        (("task", "retime", "B", "--not-before", "noon"), 2, "--not-before"),
        (("task", "retime", "NONE", "1h"), 2, "there is no task NONE"),
        (("task", "add", "X", "--title", "T", "--owner", "omar"), 2, "a duration is missing"),
        (("task", "link", "A", "END"), 1, "wait for each other: "),
        (("task", "link", "A", "END XX"), 2, "not a type of link"),
        (("task", "remove", "END"), 1, "the window ends with END"),
        (("task", "split", "B", "1h"), 2, "two parts or more"),
        (("task", "assign", "B"), 2, "nobody is named"),
        (("run", "rebaseline", "--as", "omar"), 1, "only the lead or a deputy may do that"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    rehearsal: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = rehearsal(*words, "--reason", "r")
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert rehearsal(*words).code == 2, "a reason must be given"


def test_all_that_speaks_against_it_is_told_line_by_line_and_as_json(rehearsal: Commands) -> None:
    answer = rehearsal("task", "remove", "END", "--reason", "r")
    assert answer.err.splitlines()[:3] == [
        "- the window ends with END",
        "- END is the point of no return",
        "warroom: 2 things speak against it",
    ]
    error = rehearsal("task", "remove", "END", "--reason", "r", "--json").error
    assert error["code"] == "plan-refused"
    assert error["reasons"] == ["the window ends with END", "END is the point of no return"]


def test_runs_tell_their_baselines(rehearsal: Commands) -> None:
    assert [run["baseline"] for run in rehearsal.json("run", "list")] == [1]
    rehearsal.good("task", "retime", "B", "1h30", "--reason", "r")
    rehearsal.good("run", "rebaseline", "--reason", "agreed at the bridge")
    assert [run["baseline"] for run in rehearsal.json("run", "list")] == [2]
    shown = rehearsal.json("run", "show")
    assert [(each["number"], each["by"], each["reason"]) for each in shown["baselines"]] == [
        (1, "lena", None),
        (2, "lena", "agreed at the bridge"),
    ]
    first, second = ({task["ref"]: task for task in each["tasks"]} for each in shown["baselines"])
    assert (first["B"]["finish"], second["B"]["finish"]) == ("2026-11-27T19:30:00Z", "2026-11-27T20:00:00Z")
    assert "agreed at the bridge" in rehearsal.good("run", "show").out


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The first cutover with two changes."""
    text = FIRST_CUTOVER.read_text(encoding="utf-8")
    changed = text.replace("duration: 35m", "duration: 50m").replace("Load customers and items", "Load master data")
    assert changed.count("Load master data") == 1
    path = tmp_path / "other.yaml"
    path.write_text(changed, encoding="utf-8")
    return path


def test_two_files_are_compared_with_their_effect(commands: Commands, other: Path) -> None:
    told = commands.json("runbook", "diff", str(FIRST_CUTOVER), str(other))
    assert {(each["name"], each["field"]) for each in told["differences"]} >= {("DM-07", "title")}
    assert told["effect"]["finish_moves_s"] == sum(
        task["moves_s"] for task in told["effect"]["tasks"] if task["ref"] == "DM-15"
    )
    text = commands.good("runbook", "diff", str(FIRST_CUTOVER), str(other)).out
    assert "Load customers and items -> Load master data" in text
    same = commands.good("runbook", "diff", str(FIRST_CUTOVER), str(FIRST_CUTOVER))
    assert same.out == "nothing differs\n"


def test_a_file_is_applied_to_the_plan_and_to_a_run(commands: Commands, other: Path) -> None:
    commands.good("init", str(FIRST_CUTOVER))
    assert "DM-07" in commands.good("runbook", "diff", str(other)).out
    dry = commands.good("runbook", "apply", str(other), "--dry-run", "--reason", "r").out
    assert "Load master data" in dry
    assert len(commands.json("journal", "list")) == 1
    done = commands.good("runbook", "apply", str(other), "--reason", "as agreed").err
    assert "cutover 2 is the newest version of the plan" in done
    assert commands.good("runbook", "apply", str(other), "--reason", "again").out == "nothing differs\n"
    assert len(commands.json("journal", "list")) == 2
    commands.good("run", "start", "--rehearsal", "mock 1")
    told = commands.json("runbook", "apply", str(FIRST_CUTOVER), "--reason", "back")
    assert (told["action"], told["run"]) == ("plan.apply", "mock 1")
    assert commands.json("task", "show", "DM-07")["title"] == "Load customers and items"
    assert commands.json("runbook", "diff", str(FIRST_CUTOVER))["differences"] == []


def test_a_broken_file_is_not_applied(commands: Commands, tmp_path: Path) -> None:
    commands.good("init", str(FIRST_CUTOVER))
    broken = tmp_path / "broken.yaml"
    broken.write_text(FIRST_CUTOVER.read_text(encoding="utf-8").replace("owner: rahul", "owner: nobody"))
    answer = commands("runbook", "apply", str(broken), "--reason", "r")
    assert answer.code == 2
    assert "broken.yaml:" in answer.err
    answer = commands("runbook", "diff", "a", "b", "c")
    assert (answer.code, "two plans are compared" in answer.err) == (2, True)
