"""`warroom runbook check` and `runbook new`: what they say, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.unit.test_lint import GOOD
from warroom.lint.registry import RULES
from warroom.runbook.starter import PLATFORMS

WARNED = GOOD.replace("owner: cy, backup: ana", "owner: cy").replace("tolerance: {abs: 0}, ", "")
WRONG = GOOD.replace("after: [GO, ASIDE], opens", "after: [ASIDE], opens")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.yaml"


def test_nothing_is_wrong(commands: Commands, file: Path) -> None:
    file.write_text(GOOD)
    answer = commands.good("runbook", "check", str(file), "--strict")
    assert "nothing is wrong (tasks: 6, gates: 1, backout tasks: 1, controls: 1, people: 4)" in answer.out
    assert "not judged without rehearsals" in answer.out
    assert not commands.path.exists(), "nothing is written"


def test_warnings_are_told_and_count_if_strict(commands: Commands, file: Path) -> None:
    file.write_text(WARNED)
    answer = commands.good("runbook", "check", str(file))
    lines = answer.out.splitlines()
    assert lines[0].startswith(f"{file}:23:3: warning: ASIDE has no backup (name who stands in")
    assert lines[0].endswith("[no-backup]")
    assert lines[1].startswith(f"{file}:33:12: warning: the control tb has no tolerance")
    assert lines[-1].startswith(f"{file}: 2 warnings (")
    strict = commands("runbook", "check", str(file), "--strict")
    assert (strict.code, strict.out) == (2, answer.out)
    silences = ("no-backup", "control-without-tolerance")
    told = ", ".join(f"{{rule: {rule}, reason: It is a test}}" for rule in silences)
    file.write_text(f"{WARNED}lint: {{silence: [{told}]}}\n")
    assert "nothing is wrong" not in commands.good("runbook", "check", str(file), "--strict").out
    assert (
        commands.good("runbook", "check", str(file), "--strict").out.splitlines()[-1].startswith(f"{file}: 2 silenced")
    )


def test_errors_end_it_with_2(commands: Commands, file: Path) -> None:
    file.write_text(WRONG)
    answer = commands("runbook", "check", str(file))
    assert answer.code == 2
    assert "error: OPEN opens users, and does not wait for the final gate" in answer.out
    document = commands("runbook", "check", str(file), "--json").json
    assert (document["faults"], document["errors"]) == ([], 1)
    found = document["findings"][0]
    assert (found["rule"], found["severity"], found["subject"]) == ("opens-before-final-gate", "error", "OPEN")
    assert found["where"] == f"{file}:{found['line']}:{found['column']}"
    assert [skipped["rule"] for skipped in document["skipped"]] == [
        rule.name for rule in RULES if rule.needs_rehearsals
    ]


def test_rehearsals_are_compared_with_the_plan(commands: Commands, file: Path) -> None:
    """LOAD took 50 minutes instead of two hours, which its low point allows only in the end; nobody backed out."""
    file.write_text(GOOD.replace("name: Ana}", "name: Ana, roles: [lead]}"))
    commands.good("init", str(file), "--as", "ana")
    assert commands("runbook", "check", str(file), "--db", "nowhere.db").code == 3
    commands.good("run", "start", "--rehearsal", "mock 1", "--as", "ana")
    for ref in ("TELL", "LOAD"):
        commands.good("task", "start", ref, "--as", "ana", "--for", "ana" if ref == "TELL" else "mei")
        commands.to(5 if ref == "TELL" else 55)
        who = "ana" if ref == "TELL" else "mei"
        commands.good("task", "done", ref, "--as", "ana", "--for", who, "--reason", "nobody is told of a rehearsal")
    document = commands.json("runbook", "check", str(file), "--db", str(commands.path))
    assert document["skipped"] == []
    found = {finding["rule"]: finding for finding in document["findings"]}
    assert found["back-out-never-rehearsed"]["subject"] == "rollback"
    assert found["back-out-never-rehearsed"]["line"] == GOOD[: GOOD.index("{ref: BACK")].count("\n") + 1
    unlike = found["duration-unlike-rehearsals"]
    assert unlike["message"] == "LOAD is planned with 2h, and took 50m in the rehearsal mock 1"
    assert (unlike["line"], unlike["subject"]) == (21, "LOAD")
    file.write_text(GOOD.replace("duration: 2h, after", "duration: {low: 50m, likely: 2h, high: 3h}, after"))
    rules = {
        one["rule"] for one in commands.json("runbook", "check", str(file), "--db", str(commands.path))["findings"]
    }
    assert rules == {"back-out-never-rehearsed"}


def test_the_rules_are_listed(commands: Commands) -> None:
    listed = commands.json("runbook", "check", "--rules")
    assert [row["rule"] for row in listed] == [rule.name for rule in RULES]
    assert {row["severity"] for row in listed} == {"error", "warning"}
    text = commands.good("runbook", "check", "--rules").out
    assert all(rule.name in text for rule in RULES)
    assert commands("runbook", "check").code == 2


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_runbook_to_start_from_can_be_loaded(platform: str, commands: Commands, file: Path) -> None:
    commands.good("runbook", "new", "--platform", platform, "-o", str(file))
    assert commands("runbook", "new", "--platform", platform, "-o", str(file)).code == 2, "it is never overwritten"
    assert commands.good("runbook", "new", "--platform", platform).out == file.read_text(encoding="utf-8")
    checked = commands.good("runbook", "check", str(file)).out
    assert "one warning" in checked
    commands.good("init", str(file), "--as", "lead")
    commands.good("run", "start", "--rehearsal", "mock 1", "--as", "lead")
    tasks = {task["ref"]: task for task in commands.json("task", "list")}
    assert (tasks["CLOSE"]["owner"], tasks["OPEN"]["owner"]) == ("technical", "technical")
    assert "REHEARSE" not in tasks
    assert commands.good("journal", "verify").code == 0


def test_a_starter_that_cannot_be_written(commands: Commands, tmp_path: Path) -> None:
    assert commands("runbook", "new", "--platform", "sap").code == 2
    answer = commands("runbook", "new", "--platform", "odoo", "-o", str(tmp_path / "none" / "x.yaml"))
    assert (answer.code, "cannot be written" in answer.err) == (2, True)
