"""`warroom control`: what it says, what it lists, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Commands
from tests.unit.test_cli_acting import said

REOPENED = "legacy 1,000.00: late posting"
"""The frozen legacy side goes along into the next round."""


@pytest.fixture
def exports(tmp_path: Path) -> tuple[str, str]:
    """Two trial balances of which one row differs, named and written differently."""
    legacy, new = tmp_path / "old.csv", tmp_path / "new.csv"
    legacy.write_text("Konto;Saldo\n1000;1.234,50\n1200;-20,00\n=1+1;0,00\n", encoding="utf-8")
    new.write_text("Account,Amount\n1000,1234.50\n1200,-21.00\n=1+1,\n", encoding="utf-8")
    return str(legacy), str(new)


def test_list_and_show_before_anything_was_entered(rehearsal: Commands) -> None:
    lines = rehearsal.good("control", "list").out.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [["gl", "○", "missing-legacy"], ["stock", "○", "missing-legacy"]]
    shown = rehearsal.json("control", "show", "gl")
    assert (shown["standing"], shown["tolerance"], shown["signs"]) == (
        "missing-legacy",
        {"abs": "0.50", "percent": None},
        "lena",
    )
    assert rehearsal.json("control", "list", "--standing", "signed") == []
    assert rehearsal.good("control", "list", "--standing", "signed").out == "no controls\n"
    assert rehearsal("control", "show", "no").code == 2


def test_by_hand_to_the_signature(rehearsal: Commands) -> None:
    record = ("control", "record", "gl", "--side")
    evidence = ("--evidence", "print of 18:00")
    assert said(rehearsal, *record, "legacy", "1,000.00", "--as", "sam", *evidence) == "gl is ◐ missing-new"
    assert said(rehearsal, *record, "new", "-1000", "--as", "bea") == (
        "gl is ✗ outside: difference -2,000.00, allowed 0.50"
    )
    correct = ("--correct", "--reason", "the sign")
    assert said(rehearsal, *record, "new", "1000.5", "--as", "bea", *correct) == (
        "gl is ✓ within: difference +0.50, allowed 0.50"
    )
    refused = rehearsal("control", "sign", "gl", "--as", "bea", "--json")
    assert (refused.code, refused.error["code"], refused.error["where"]) == (1, "refused", "gl")
    assert said(rehearsal, "control", "sign", "gl", "--as", "lena", "--note", "seen").startswith("gl is ✓ signed")
    (part,) = rehearsal.json("control", "show", "gl")["parts"]
    assert part == {
        "entity": None,
        "currency": None,
        "standing": "signed",
        "because": "seen",
        "round": 1,
        "legacy": "1000.00",
        "new": "1000.5",
        "difference": "0.50",
        "allowed": "0.50",
        "signed_by": "lena",
    }
    shown = rehearsal.good("control", "show", "gl").out
    assert "1,000.5, Fri 27 Nov 19:00 by Bea Backup; corrected: the sign" in shown
    assert "by Lena Lead (claimed): seen" in shown
    said(rehearsal, "control", "reopen", "gl", "--reason", "late posting")
    assert rehearsal.json("control", "list")[0]["standing"] == "missing-new"
    told = [line.partition("control gl")[2].strip() for line in rehearsal.good("journal", "list").out.splitlines()[-5:]]
    assert told == ["legacy 1,000.00", "new -1,000", "-1,000 corrected to 1,000.5: the sign", "seen", REOPENED]
    journal = [entry["action"] for entry in rehearsal.json("journal", "list")]
    assert journal[-5:] == [f"control.{verb}" for verb in ("record", "record", "record", "sign", "reopen")]


def test_a_difference_is_disposed_of(rehearsal: Commands) -> None:
    for side, number, who in (("legacy", "100", "sam"), ("new", "90", "gil")):
        rehearsal.good("control", "record", "gl", "--side", side, number, "--as", who)
    assert rehearsal("control", "dispose", "gl", "accept").code == 2
    assert said(rehearsal, "control", "dispose", "gl", "accept", "--reason", "written off") == (
        "gl is ≈ disposed: difference -10, allowed 0.50; accepted: written off"
    )


def test_two_exports_are_compared_row_by_row(rehearsal: Commands, exports: tuple[str, str]) -> None:
    legacy, new = exports
    columns = ("--key", "Konto=Account", "--value", "Saldo=Amount")
    answer = rehearsal.good("control", "import", "gl", "--legacy", legacy, "--new", new, *columns, "--as", "bea")
    assert answer.err.splitlines() == [
        "legacy: old.csv, 3 rows",
        "new: new.csv, 3 rows, 1 of them without a value, which counts as 0",
        "gl is ✗ outside: difference -1.00, allowed 0.50; 1 row differs by more",
    ]
    shown = rehearsal.json("control", "show", "gl", "--rows")
    assert shown["rounds"][0]["rows"] == {
        "legacy": 3,
        "new": 3,
        "only_legacy": 0,
        "only_new": 0,
        "differing": 1,
        "outside": 1,
    }
    (document,) = shown["differences"]
    assert document["differences"] == [
        {"key": ["1200"], "legacy": "-20.00", "new": "-21.00", "difference": "-1.00", "outside": True}
    ]
    lines = rehearsal.good("control", "show", "gl", "--rows").out.splitlines()
    assert lines[-1].split() == ["1200", "-20.00", "-21.00", "-1.00", "✗"]


def test_one_side_today_and_the_other_later(rehearsal: Commands, exports: tuple[str, str]) -> None:
    legacy, new = exports
    first = ("--legacy", legacy, "--key", "Konto", "--value", "Saldo", "--as", "sam")
    assert rehearsal.good("control", "import", "gl", *first).err.endswith("gl is ◐ missing-new\n")
    both = ("--legacy", legacy, "--new", new, "--key", "Konto=Account", "--value", "Saldo=Amount", "--as", "bea")
    rehearsal.good("control", "import", "gl", *both)
    (one,) = rehearsal.json("control", "show", "gl")["rounds"]
    assert (one["legacy"]["by"], one["new"]["by"]) == ("sam", "bea")


def test_rows_beyond_the_limit_are_told(rehearsal: Commands, tmp_path: Path) -> None:
    for name, value in (("a.csv", 1), ("b.csv", 2)):
        rows = "".join(f"{number},{value}\n" for number in range(60))
        (tmp_path / name).write_text("Account,Amount\n" + rows)
    files = ("--legacy", str(tmp_path / "a.csv"), "--new", str(tmp_path / "b.csv"), "--key", "Account")
    rehearsal.good("control", "import", "gl", *files, "--value", "Amount", "--as", "bea")
    lines = rehearsal.good("control", "show", "gl", "--rows", "--limit", "5").out.splitlines()
    assert lines[-1] == "  5 of 60 shown, the largest first; --limit N shows more"


def test_what_import_refuses(rehearsal: Commands, exports: tuple[str, str]) -> None:
    legacy, _ = exports
    value = ("--value", "Saldo", "--as", "bea")
    assert rehearsal("control", "import", "gl", *value).code == 2
    unmatched = rehearsal("control", "import", "gl", "--legacy", legacy, *value)
    assert (unmatched.code, "by which columns" in unmatched.err) == (2, True)
    missing = rehearsal("control", "import", "gl", "--legacy", legacy, "--key", "Nr", *value)
    assert (missing.code, "there is no column 'Nr'" in missing.err) == (2, True)
    assert "Konto" in missing.err
    gone = rehearsal("control", "import", "gl", "--legacy", "gone.csv", "--key", "Nr", *value, "--json")
    assert (gone.code, gone.error["message"]) == (2, "there is no such file")
    assert len(rehearsal.json("journal", "list")) == 2
