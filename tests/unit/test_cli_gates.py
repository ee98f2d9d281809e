"""The commands of gates and problems: what they say, their JSON, and the record that is printed."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import created, document, gate, task
from warroom.runbook.document import Condition, PlannedCriterion, PlannedSeat
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import Automatic, TaskKind

HOSTILE = "<script>alert(1)</script> | *bold* [x](y) \u202eabc"


@pytest.fixture
def panel(commands: Commands) -> Commands:
    """GO follows A (done) and the smoke test S; seats: Finance (gil, substitute vera), Owner (lena); omar decides."""
    criteria = (
        PlannedCriterion("Rota is live", evaluator="vera", evidence="Signed rota"),
        PlannedCriterion("Tests have passed", Condition(Automatic.SMOKE_TESTS)),
        PlannedCriterion(
            "Few rows in error", Condition(Automatic.METRIC, metric="Rows", unit="rows", at_most=Decimal(5))
        ),
        PlannedCriterion("Confidence", Condition(Automatic.CONFIDENCE, at_least=Decimal(80))),
    )
    seats = (PlannedSeat("Finance", "gil", ("vera",)), PlannedSeat("Owner", "lena"))
    one = gate("GO", "A", "S", owner="omar", seats=(), criteria=criteria, instructions="Read the criteria aloud.")
    created(
        commands.path,
        document(
            task("A", 30),
            task("S", 10, kind=TaskKind.SMOKE_TEST, flow="orders"),
            task("AFTER", 10, "GO"),
            gates=[replace(one, seats=seats)],
        ),
    )
    commands.good("run", "start", "--rehearsal", "mock 1")
    for ref in ("A", "S"):
        commands.good("task", "start", ref, "--as", "omar")
    commands.good("task", "done", "A", "--as", "omar")
    return commands


def decided(panel: Commands) -> None:
    panel.good(
        *["task", "done", "S", "--as", "omar", "--result", "pass", "--document", "SO-1001", "--document", "INV-7"]
    )
    panel.good(*["gate", "assess", "GO", "1", "met", "--as", "vera", "--evidence"], HOSTILE)
    panel.good(*["gate", "measure", "GO", "3", "2", "--as", "bea", "--evidence", "log"])
    panel.good(*["gate", "vote", "GO", "go", "--as", "gil"])
    panel.good(*["gate", "vote", "GO", "no-go", "--as", "lena", "--reason"], HOSTILE)
    panel.good(*["gate", "decide", "GO", "no-go", "--as", "omar", "--retry-at", "45m", "--reason"], HOSTILE)
    panel.good(*["gate", "vote", "GO", "conditional", "--as", "lena"], "--reason", "with the list")
    panel.good(
        *["gate", "decide", "GO", "conditional", "--as", "omar", "--reason", "agreed", "--condition"],
        "Check ten invoices",
        "bea",
        "2h",
    )


def test_the_gate_as_it_stands(panel: Commands) -> None:
    panel.good(*["task", "done", "S", "--as", "omar", "--result", "pass", "--document", "SO-1001"])
    answer = panel.good("gate", "show", "GO")
    assert re.search(r"1 +◌ missing +Rota is live +not judged yet; owed by vera", answer.out)
    assert re.search(r"2 +✓ green +Tests have passed +1 of 1 flows passed", answer.out)
    assert re.search(r"4 +✓ green +Confidence +100 %", answer.out)
    assert re.search(r"orders +1 +0 +0 +0", answer.out)
    assert "cannot be given yet: the quorum is 2, and 0 of the seats have voted" in answer.out
    told = panel.json("gate", "show", "GO")
    assert [one["light"] for one in told["judged"]] == ["missing", "green", "missing", "green"]
    assert told["confidence"] == "100"
    assert told["go_denied"].startswith("the quorum is 2")
    assert told["flows"][0]["tests"][0]["documents"] == ["SO-1001"]
    assert told["decisions"] == []


def test_deciding_from_the_command_line(panel: Commands) -> None:
    decided(panel)
    first, second = panel.json("gate", "show", "GO")["decisions"]
    assert (first["verdict"], first["then"], first["retry_at"]) == ("no-go", "retry", "2026-11-27T18:45:00Z")
    assert second["conditions"] == [
        {
            "ref": "GO-C1",
            "text": "Check ten invoices",
            "owner": "bea",
            "due": "2026-11-27T20:00:00Z",
            "state": "not_started",
        }
    ]
    answer = panel.good("gate", "show", "GO")
    assert re.search(r"GO-C1 .* Bea Backup +due Fri 27 Nov 21:00 +Check ten invoices", answer.out)
    assert panel.json("task", "show", "S")["documents"] == ["SO-1001", "INV-7"]
    status = panel.json("status")
    assert [(one["flow"], one["passed"]) for one in status["flows"]] == [("orders", 1)]


def test_the_record_has_it_all_and_nothing_typed_in_it_means_anything(panel: Commands, tmp_path: Path) -> None:
    decided(panel)
    text = panel.good("gate", "record", "GO").out
    for said in (
        "# Decision record GO: Title of GO",
        "## Decision 1: no-go",
        "## Decision 2: conditional",
        "Read the criteria aloud.",
        "Few rows in error",
        "| Finance | Gil Guest (gil) |",
        "go (dissent)",
        "GO-C1",
        "orders",
        "Forecast finish",
    ):
        assert said in text
    with StateFile.open(panel.path) as state_file:
        entries = [entry for entry in state_file.entries() if entry.action == "gate.decide"]
    assert entries
    for entry in entries:
        assert f"| Journal | entry {entry.seq}, hash {entry.hash[:16]} |" in text
    assert "<script>" not in text
    assert "\\<script\\>" in text
    assert "\u202e" not in text
    rows = [line for line in text.splitlines() if "Rota is live" in line]
    assert rows
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 7 for row in rows)
    path = tmp_path / "record.html"
    panel.good("gate", "record", "GO", "--format", "html", "-o", str(path))
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    told = panel.json("gate", "record", "GO")
    assert [one["seq"] for one in told["decisions"]] == [entry.seq for entry in entries]
    assert told["decisions"][1]["conditions_now"][0]["ref"] == "GO-C1"


def test_what_is_not_decided_has_no_record(panel: Commands, tmp_path: Path) -> None:
    answer = panel("gate", "record", "GO", "--json")
    assert (answer.code, answer.error["message"]) == (1, "GO is not decided yet")
    decided(panel)
    answer = panel("gate", "record", "GO", "-o", str(tmp_path / "no" / "where.md"), "--json")
    assert (answer.code, answer.error["message"]) == (2, "the record cannot be written: No such file or directory")


def test_a_record_never_overwrites_a_file(panel: Commands, tmp_path: Path) -> None:
    """Nor the state file itself."""
    decided(panel)
    written = tmp_path / "record.md"
    panel.good("gate", "record", "GO", "-o", str(written))
    for path in (written, panel.path):
        before = path.read_bytes()
        answer = panel("gate", "record", "GO", "-o", str(path), "--json")
        assert (answer.code, answer.error["message"]) == (2, "there is a file already")
        assert path.read_bytes() == before


def test_a_vote_by_voice_and_its_counter_signature(panel: Commands) -> None:
    answer = panel.good(
        *["gate", "vote", "GO", "go", "--as", "lena", "--for", "gil", "--by", "voice", "--witness", "sam"]
    )
    assert "it counts once it is counter-signed: warroom gate countersign GO --as gil" in answer.err
    assert "counts once it is counter-signed" in panel.good("gate", "show", "GO").out
    panel.good(*["gate", "countersign", "GO", "--as", "gil"])
    seat = panel.json("gate", "show", "GO")["seats"][0]
    assert (seat["voted_by"], seat["recorded_by"], seat["witness"], seat["counts"]) == ("gil", "lena", "sam", True)


def test_a_substitute_and_a_waiver(panel: Commands) -> None:
    panel.good(*["gate", "vote", "GO", "go", "--as", "vera", "--seat", "finance"])
    assert panel.json("gate", "show", "GO")["seats"][0]["voted_by"] == "vera"
    assert "by Vera Verifier as substitute" in panel.good("gate", "show", "GO").out
    panel.good(*["gate", "waive", "GO", "1", "--as", "omar", "--until", "8h", "--reason"], "the rota is late")
    one = panel.json("gate", "show", "GO")["judged"][0]
    assert (one["light"], one["waiver"]["by"], one["waiver"]["expires_at"]) == (
        "waived",
        "omar",
        "2026-11-28T02:00:00Z",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("gate measure GO 3 many", "'many' is not a number"),
        ("gate assess GO 9 met --evidence x", "GO has no criterion 9"),
        ("gate show A", "A is not a gate"),
        ("problem show 3", "there is no problem 3"),
        ("problem update 3", "nothing is to be changed"),
    ],
)
def test_what_cannot_be_typed(arguments: str, said: str, panel: Commands) -> None:
    answer = panel(*arguments.split(), "--json")
    assert (answer.code, answer.error["message"]) == (2, said)


def test_the_log_of_the_night(panel: Commands) -> None:
    answer = panel.good(
        *[
            "problem",
            "raise",
            "--severity",
            "1",
            "--owner",
            "bea",
            "--due",
            "2h",
            "--task",
            "A",
            "--workaround",
            "paper",
            "--as",
            "omar",
        ],
        HOSTILE,
    )
    assert answer.err.startswith("problem 1: <script>")
    assert "\u202e" not in answer.err
    panel.good(*["problem", "raise", "--severity", "3"], "Printer")
    assert [one["number"] for one in panel.json("problem", "list")] == [1, 2]
    panel.good(*["problem", "update", "1", "--severity", "2", "--reason", "seen"])
    panel.good(*["problem", "solve", "1", "--outcome", "fixed"])
    assert [one["number"] for one in panel.json("problem", "list")] == [2]
    assert [one["status"] for one in panel.json("problem", "list", "--all")] == ["open", "solved"]
    told = panel.json("problem", "show", "1")
    assert (told["severity"], told["outcome"], told["due"]) == (2, "fixed", "2026-11-27T20:00:00Z")
    assert "workaround" in panel.good("problem", "show", "1").out
    assert panel.json("task", "show", "A")["problems"] == [1]
    assert [one["number"] for one in panel.json("status")["open_problems"]] == [2]
    panel.good(*["problem", "reopen", "1", "--reason", "again"])
    assert re.search(r"1 +2 +open +bea", panel.good("problem", "list").out)
