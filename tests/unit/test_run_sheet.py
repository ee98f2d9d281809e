"""Recording a run sheet: all of it, or nothing with every bad line named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, caller
from warroom.actions.sheet import record, record_whole
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadSheet
from warroom.vocabulary.sheet import SheetLine

SHEET = """\
# Friday, hall 3
A,start,omar,19:02,
"A.1 A.2",tick,omar,19:10,"seen, both"
A,done,omar,19:20,412 rows

TRY,block,omar,19:21,no access
TRY,note,bea,,rang the desk
TRY,unblock,lena,19:25,
TRY,skip,lena,19:26,not today
C,start,bea,19:31,
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_every_line_is_an_entry_of_its_own_with_who_when_and_how(rehearsal: Commands, sheet: Path) -> None:
    rehearsal.to(40)
    told = rehearsal.json("task", "record", str(sheet), "--by", "paper")
    listed = [(one["action"], one["subject"], one["for"], one["effective_at"][11:16], one["by"]) for one in told]
    assert listed == [
        ("task.start", "A", "omar", "18:02", "paper"),
        ("step.tick", "A", "omar", "18:10", "paper"),
        ("task.done", "A", "omar", "18:20", "paper"),
        ("task.block", "TRY", "omar", "18:21", "paper"),
        ("task.note", "TRY", "bea", "18:40", "paper"),
        ("task.unblock", "TRY", "lena", "18:25", None),  # her own
        ("task.skip", "TRY", "lena", "18:26", None),
        ("task.start", "C", "bea", "18:31", "paper"),
    ]
    assert {one["assurance"] for one in told[:5]} == {"proxy"}
    assert told == rehearsal.json("journal", "list", "--limit", "8")
    assert rehearsal.json("task", "show", "A")["state"] == "done"
    with StateFile.open(rehearsal.path) as state_file:
        assert verify(state_file).sound
    listed_text = rehearsal.good("journal", "list", "--task", "A").out
    assert "omar (lena, on paper)" in listed_text
    rehearsal.good("task", "note", "A", "one writes on")


def test_one_bad_line_and_nothing_is_recorded(rehearsal: Commands, sheet: Path) -> None:
    rehearsal.to(40)
    sheet.write_text(SHEET + "XX,start,,,\nB,done,omar,,\nC,done,nobody,,\nTRY,skip,,,\n", encoding="utf-8")
    before = rehearsal.json("journal", "list")
    answer = rehearsal("task", "record", str(sheet), "--json")
    assert (answer.code, answer.out) == (2, "")
    faults = answer.error["faults"]
    assert [(fault["line"], fault["message"].split(":")[0]) for fault in faults] == [
        (11, "there is no task XX in this run"),
        (12, "B has not been started"),
        (13, "there is nobody called nobody"),
        (14, "the note, which says why, is missing"),
    ]
    assert answer.error["code"] == "bad-sheet"
    assert rehearsal.json("journal", "list") == before
    assert rehearsal("task", "record", str(sheet)).err.splitlines()[-1] == "warroom: 4 faults in the run sheet"
    rehearsal.good("task", "start", "A", "--for", "omar")  # the state file is as it was


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("A,jump,,,\n", 1, "'jump' is not a verb"),
        ("\n\n,start,,,\n", 3, "the ref is missing"),
        ("A,start,,25:99,\n", 1, "25:99"),
        ("A,tick,,,\n", 1, "does not name a step"),
        ("A.1 B.1,tick,,,\n", 1, "different tasks"),
        ("A,note,,,one,two\n", 1, "more cells"),
        ('A,note,,,"open\n', 1, "cannot be read"),
        ("ref,verb,whom\nA,start,omar\n", 1, "no column 'whom'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, line: int, said: str, rehearsal: Commands, sheet: Path) -> None:
    sheet.write_text(text, encoding="utf-8")
    answer = rehearsal("task", "record", str(sheet), "--json")
    assert answer.code == 2
    (fault,) = answer.error["faults"]
    assert fault["line"] == line
    assert said in fault["message"]


def test_other_separators_other_orders_and_standard_input(
    rehearsal: Commands, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet.write_text("verb;ref;note;who\nstart;A;eins, zwei;omar\n", encoding="utf-8-sig")
    assert rehearsal.good("task", "record", str(sheet)).err == f"recorded one line of {sheet}\n"
    assert rehearsal.json("task", "show", "A")["notes"][0]["text"] == "eins, zwei"
    sheet.write_text("A\tnote\t\t\ttold", encoding="utf-8")
    with sheet.open("rb") as source:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": source}))
        rehearsal.good("task", "record", "-")
    assert rehearsal.json("task", "show", "A")["notes"][-1]["text"] == "told"


@pytest.mark.parametrize(("data", "said"), [(None, "cannot be read"), (b"\xff\xfe", "no UTF-8"), (b"\n#x\n", "empty")])
def test_a_file_that_is_no_run_sheet(data: bytes | None, said: str, rehearsal: Commands, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    if data is not None:
        path.write_bytes(data)
    answer = rehearsal("task", "record", str(path))
    assert answer.code == 2
    assert said in answer.err


def test_only_who_may_record_for_others_records_their_lines(rehearsal: Commands, sheet: Path) -> None:
    rehearsal.to(40)
    answer = rehearsal("task", "record", str(sheet), "--as", "omar", "--json")
    assert answer.code == 2
    assert "only the lead, a deputy or a scribe may record" in answer.error["faults"][0]["message"]
    rehearsal.good("person", "edit", "gil", "--role", "scribe")
    sheet.write_text("A,start,omar,19:02,\n", encoding="utf-8")
    rehearsal.good("task", "record", str(sheet), "--as", "gil")


def test_lines_may_be_given_in_place_of_a_file(rehearsal: Commands, sheet: Path) -> None:
    rehearsal.to(40)
    lines = ["--line", "A,start,omar,19:02,a; b; c; d; e; f", '--line=A.1 A.2,tick,omar,19:10,"seen, both"']
    told = rehearsal.json("task", "record", "--by", "paper", *lines)
    assert [(one["action"], one["for"], one["by"], one["reason"]) for one in told] == [
        ("task.start", "omar", "paper", None),
        ("step.tick", "omar", "paper", "seen, both"),
    ]
    assert rehearsal.json("task", "show", "A")["notes"][0]["text"] == "a; b; c; d; e; f"
    for arguments in ((), (str(sheet), *lines)):
        answer = rehearsal("task", "record", *arguments)
        assert answer.code == 2
        assert "a run sheet is a file or lines" in answer.err


def test_a_sheet_that_is_sent_twice_is_recorded_once(cutover: Cutover) -> None:
    """After an unknown outcome it is sent again, with the same id."""
    state_file, lines = cutover.state_file, (SheetLine(1, "TRY", "start"), SheetLine(2, "TRY", "note", note="x"))
    again = [
        record_whole(state_file, caller("lena"), lines=lines, name="the run sheet", entry_id="one-and-only")
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert [entry.action for entry in cutover.entries()][-2:] == ["task.start", "task.note"]
    assert again[0].seq == cutover.state_file.head().seq


def test_a_line_that_rests_on_what_has_changed_since_is_refused(cutover: Cutover) -> None:
    seen = cutover.state_file.head().seq
    lines = [SheetLine(1, "TRY", "start", seen=seen), SheetLine(2, "TRY", "done", seen=seen)]
    cutover.do("task.note", "TRY", text="wait", by="omar")
    with pytest.raises(BadSheet) as caught:
        record(cutover.state_file, caller("lena"), lines, name="the run sheet")
    assert [
        "TRY has changed since you looked: task.note by omar" in fault.message for fault in caught.value.faults
    ] == [
        True,
        True,
    ]
    fresh = [replace(line, seen=cutover.state_file.head().seq) for line in lines]
    assert [one.action for one in record(cutover.state_file, caller("lena"), fresh, name="x")] == [
        "task.start",
        "task.done",
    ]
