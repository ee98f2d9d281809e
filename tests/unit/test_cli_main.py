"""The entry point: where options may stand, what errors look like, which exit code they have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import FIRST_CUTOVER, Commands
from warroom.cli.main import COMMANDS, main
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import Busy


@pytest.mark.parametrize("place", range(3))
def test_shared_options_fit_in_any_place(planning: Commands, place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARROOM_DB")
    words = ["task", "list"]
    words[place:place] = ["--db", str(planning.path), "--as", "omar", "--json"]
    assert [task["ref"] for task in planning.good(*words).json][:2] == ["A", "B"]


def test_the_state_file_is_named_by_option_then_environment_then_found_here(
    planning: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert planning("status").code == 0
    assert planning("status", "--db", "elsewhere.db").code == 3
    monkeypatch.delenv("WARROOM_DB")
    assert "warroom.db" in planning("status").err
    planning.path.rename(tmp_path / "warroom.db")
    assert planning("status").code == 0


@pytest.mark.parametrize("name", ["postgresql://host/db", "", "bad\nname.db", "\udcff.db"])
def test_a_state_file_that_is_no_plain_path_is_refused(commands: Commands, name: str) -> None:
    answer = commands("status", "--db", name, "--json")
    assert answer.code == 2
    assert answer.error["code"] == "bad-input"
    assert answer.out == ""


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        (["tsak"], "There is no command 'tsak'", "did you mean task?"),
        (["task", "strat", "A"], "There is no command 'strat'", "did you mean start?"),
        (["run", "start", "--rehersal", "x"], "No such option '--rehersal'", "did you mean --rehearsal?"),
        (["task", "done"], "Missing argument 'REF'", "see: warroom task done --help"),
        (["task", "block", "A"], "Missing option '--reason'", "see: warroom task block --help"),
        (["gate", "vote", "GO", "maybe"], "'maybe' is not one of", "see: warroom gate vote --help"),
        (["hypercare"], "There is no command 'hypercare'", "see: warroom --help"),
        (["status", "now"], "unexpected extra argument (now)", "see: warroom status --help"),
    ],
)
def test_words_that_fit_nothing_are_told_with_what_was_meant(
    commands: Commands, typed: list[str], message: str, hint: str
) -> None:
    answer = commands(*typed)
    assert answer.code == 2
    assert answer.out == ""
    first, *rest = answer.err.splitlines()
    assert first.startswith("warroom: ")
    assert message in first
    assert rest == [f"  hint: {hint}"]
    told = commands(*typed, "--json")
    assert told.code == 2
    assert message in told.error["message"]
    assert set(told.error) == {"code", "message", "where", "hint"}


def test_help_of_everything_is_there(commands: Commands) -> None:
    overview = commands.good("--help")
    assert overview.err == ""
    for name in COMMANDS:
        assert f"  {name} " in overview.out
        own = commands.good(name, "--help")
        for option in ("--db", "--as", "--json"):
            assert option in own.out
    assert commands.good("task", "done", "-h").out.startswith("Usage: warroom task done [OPTIONS] REF")


def test_short_helps_say_what_the_commands_say(commands: Commands) -> None:
    for lazy in COMMANDS.values():
        assert lazy.about.endswith(".")
        assert len(lazy.about) < 60


def test_a_noun_alone_shows_its_verbs(commands: Commands) -> None:
    answer = commands("task")
    assert (answer.code, answer.out) == (2, "")
    assert "eta" in answer.err
    assert commands("task", "--json").error["hint"] == "see: warroom task --help"


def test_version(commands: Commands) -> None:
    assert commands.good("--version").out.startswith("warroom 0.")


def test_exit_codes(planning: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert planning("task", "start", "A").code == 1  # no run is open
    assert planning("task", "show", "NONE").code == 2
    assert planning("status", "--as", "nobody").code == 2
    (tmp_path / "plain.db").write_text("not a database, just text")
    assert planning("status", "--db", "plain.db").code == 3
    assert planning("status", "--db", str(tmp_path)).code == 3
    planning.good("run", "start", "--rehearsal", "x")
    before = planning.path.read_bytes()

    def busy(*_: Any, **__: Any) -> None:
        raise Busy("the state file is locked by another process", hint="try again")

    monkeypatch.setattr(StateFile, "write", busy)
    answer = planning("task", "start", "A", "--json")
    assert (answer.code, answer.error["code"]) == (4, "busy")
    assert planning.path.read_bytes() == before


def test_interruption_is_130(planning: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(StateFile, "read", interrupted)
    answer = planning("status")
    assert (answer.code, answer.out, answer.err) == (130, "", "")


def test_what_nobody_foresaw_is_told_without_a_traceback(planning: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise LookupError("lost\x1b[31m")

    monkeypatch.setattr(StateFile, "read", broken)
    answer = planning("status")
    assert answer.code == 70
    assert answer.err.startswith("warroom: something went wrong inside warroom: LookupError: lost·[31m")
    assert "Traceback" not in answer.err
    monkeypatch.setenv("WARROOM_TRACEBACK", "1")
    with pytest.raises(LookupError):
        main(["status"])


def test_a_broken_pipe_is_left_to_the_console_script(planning: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("warroom.cli.status.write", gone)
    with pytest.raises(BrokenPipeError):
        main(["status"])


def test_who_acts(planning: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def actor(*arguments: str) -> str:
        entry = planning.json("task", "note", "A", "x", *arguments)
        assert (entry["assurance"], entry["via"]) == ("claimed", "cli")
        return str(entry["actor"])

    planning.good("run", "start", "--rehearsal", "x")
    assert actor() == "lena"  # the first lead
    monkeypatch.setenv("LOGNAME", "omar.o")
    assert actor() == "omar"  # whose login that is
    monkeypatch.setenv("LOGNAME", "bea")
    assert actor() == "bea"  # whose handle that is
    monkeypatch.setenv("WARROOM_USER", "gil")
    assert actor() == "gil"
    assert actor("--as", "vera") == "vera"
    answer = planning("task", "note", "A", "x", "--as", "zoe")
    assert answer.code == 2
    assert "lena, omar, bea, vera, gil, sam" in answer.err
    assert planning("task", "note", "A", "x", "--as", "").code == 2


def test_init_creates_once_and_maps_the_login(commands: Commands) -> None:
    answer = commands.good("init", str(FIRST_CUTOVER))
    assert answer.out == ""
    assert "15 tasks and gates, 10 people" in answer.err
    before = commands.path.read_bytes()
    again = commands("init", str(FIRST_CUTOVER), "--json")
    assert (again.code, again.error["where"]) == (2, str(commands.path))
    assert commands.path.read_bytes() == before
    (entry,) = commands.json("journal", "list")
    assert (entry["action"], entry["actor"], entry["run"]) == ("plan.load", "jana", None)


def test_init_takes_a_person_of_the_runbook_only(commands: Commands) -> None:
    assert commands("init", str(FIRST_CUTOVER), "--as", "nobody").code == 2
    assert not commands.path.exists()
    entry = commands.json("init", str(FIRST_CUTOVER), "--as", "tomasz")
    assert entry["actor"] == "tomasz"


FAULTY = """\
warroom: 1
programme: {key: x, name: X, timezone: Europe/Berlin}
window: {start: 2026-11-27T18:00, end: T+4h}
people: [{handle: ana, name: Ana, roles: [lead]}]
tasks:
  - {ref: A, title: A, owner: anna, duration: 5m, after: [B]}
  - {ref: A, title: Again, owner: ana, duraton: 5m}
"""


def test_faults_of_a_runbook_are_told_at_once_and_nothing_is_written(commands: Commands, tmp_path: Path) -> None:
    (tmp_path / "faulty.yaml").write_text(FAULTY)
    for command in (
        ["init", "faulty.yaml"],
        ["runbook", "check", "faulty.yaml"],
        ["schedule", "--runbook", "faulty.yaml"],
    ):
        answer = commands(*command)
        assert (answer.code, answer.out) == (2, "")
        *faults, count = answer.err.splitlines()
        assert len(faults) >= 3
        assert count == f"warroom: {len(faults)} faults in the runbook"
        assert all(line.startswith("faulty.yaml:") and line.split(":")[1].isdigit() for line in faults)
        assert any("did you mean 'ana'?" in line for line in faults)
        assert any("duraton" in line for line in faults)
        told = commands(*command, "--json")
        assert told.error["code"] == "bad-runbook"
        assert [f"{fault['line']}:{fault['column']}" for fault in told.error["faults"]] == [
            ":".join(line.split(":")[1:3]) for line in faults
        ]
        assert set(told.error["faults"][0]) == {"file", "line", "column", "message", "hint"}
    assert [path.name for path in tmp_path.iterdir()] == ["faulty.yaml"]


def test_a_sound_runbook_passes(commands: Commands) -> None:
    assert "(tasks: 13, gates: 2" in commands.good("runbook", "check", str(FIRST_CUTOVER)).out
    assert commands.json("runbook", "check", str(FIRST_CUTOVER))["faults"] == []
    assert commands("runbook", "check", "none.yaml").code == 2
    schema = json.loads(commands.good("runbook", "schema").out)
    assert schema["$schema"].endswith("2020-12/schema")


def test_a_console_needs_a_terminal(planning: Commands) -> None:
    for command in ("open", "demo"):
        answer = planning(command)
        assert answer.code == 2
        assert "--headless" in answer.err
