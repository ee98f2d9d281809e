"""Evidence: kept in the state file byte by byte, told with who and when, part of backup and verification."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import Cutover, minute
from tests.unit.test_verify import Forger
from warroom.actions import evidence
from warroom.actions.evidence import Attachment, attachment
from warroom.board.rows import Document
from warroom.board.task_documents import evidence_document
from warroom.cli.main import main
from warroom.host import attaching
from warroom.store.backup import back_up
from warroom.store.content import content_of
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import BadInput, Refused, StateFileError

ODD = bytes(range(256)) * 40 + b"\r\n\x00\x1b[31m"


def test_who_attached_what_and_when(cutover: Cutover) -> None:
    cutover.to(7)
    attached = attachment("a.bin", "application/x-odd", ODD)
    entry = cutover.do("evidence.add", "A", by="sam", attached=attached, position=2, note="shows it")
    board = cutover.board()
    (row,) = board.evidence(cutover.task("A").id)

    assert (entry.action, entry.subject, entry.reason, entry.actor) == ("evidence.add", "A", "shows it", "sam")
    assert evidence_document(board, row) == {
        "id": 1,
        "ref": "A",
        "step": 2,
        "name": "a.bin",
        "media_type": "application/x-odd",
        "size_bytes": len(ODD),
        "sha256": hashlib.sha256(ODD).hexdigest(),
        "kept": True,
        "at": "2026-11-27T18:07:00Z",
        "by": "sam",
        "note": "shows it",
    }
    assert row.at == minute(7)
    assert content_of(cutover.state_file, attached.sha256) == ODD
    assert verify(cutover.state_file).sound


def test_recorded_for_somebody_it_is_theirs(cutover: Cutover) -> None:
    cutover.do("evidence.add", "A", by="lena", done_by="omar", attached=attachment("a", "text/plain", b"x"))
    board = cutover.board()
    (row,) = board.evidence(cutover.task("A").id)
    assert board.handle(row.person_id) == "omar"


def test_the_same_bytes_are_kept_once(cutover: Cutover) -> None:
    for name in ("a.txt", "b.txt"):
        cutover.do("evidence.add", "A", attached=attachment(name, "text/plain", b"same"))
    with cutover.state_file.read() as reader:
        count = "SELECT count(*) FROM content WHERE data = ?"
        assert reader.connection.execute(count, (b"same",)).fetchone() == (1,)
        assert [row.name for row in reader.find(Document)][-2:] == ["a.txt", "b.txt"]


def test_what_is_only_referred_to_leaves_no_bytes(cutover: Cutover) -> None:
    attached = Attachment("big.bak", "application/octet-stream", "ab" * 32, 50_000_000_000, None)
    cutover.do("evidence.add", "A", attached=attached)
    board = cutover.board()
    (row,) = board.evidence(cutover.task("A").id)
    assert evidence_document(board, row)["kept"] is False
    assert evidence_document(board, row)["size_bytes"] == 50_000_000_000
    assert verify(cutover.state_file).sound
    with pytest.raises(StateFileError, match="missing or was changed"):
        content_of(cutover.state_file, attached.sha256)


@pytest.mark.parametrize(
    ("attached", "said"),
    [
        (attachment("", "text/plain", b""), "needs a name"),
        (attachment("a\nb", "text/plain", b""), "needs a name"),
        (attachment("a\x1b[0m", "text/plain", b""), "control character"),
        (attachment("x" * 256, "text/plain", b""), "needs a name"),
        (attachment("a", "text", b""), "not a media type"),
        (attachment("a", "text/plain; charset=x\n", b""), "not a media type"),
        (attachment("a", "text/plain", bytes(evidence.LARGEST + 1)), "at most 10,000,000 are kept"),
    ],
)
def test_what_cannot_be_kept_is_refused(attached: Attachment, said: str, cutover: Cutover) -> None:
    before = cutover.head()
    with pytest.raises(BadInput, match=said):
        cutover.do("evidence.add", "A", attached=attached)
    assert cutover.head() == before


def test_what_it_belongs_to_must_be_there(cutover: Cutover) -> None:
    attached = attachment("a", "text/plain", b"x")
    with pytest.raises(BadInput, match="no task NONE"):
        cutover.do("evidence.add", "NONE", attached=attached)
    with pytest.raises(BadInput, match="A has no step 9"):
        cutover.do("evidence.add", "A", attached=attached, position=9)
    with cutover.state_file.read() as reader:
        assert reader.connection.execute("SELECT count(*) FROM content").fetchone() == (1,)  # the runbook


def test_without_a_run_there_is_nothing_to_attach_to(planned: Cutover) -> None:
    with pytest.raises(Refused, match="no run is open"):
        planned.do("evidence.add", "A", attached=attachment("a", "text/plain", b"x"))


@pytest.mark.parametrize("spoil", ["UPDATE content SET data = x'00' WHERE data = x'73'", "DELETE FROM content"])
def test_bytes_that_were_touched_are_found(spoil: str, cutover: Cutover) -> None:
    attached = attachment("a", "text/plain", b"s")
    cutover.do("evidence.add", "A", attached=attached)
    forger = Forger(cutover.path)
    forger(spoil)
    forger.close()
    assert any("document" in finding.message for finding in verify(cutover.state_file).findings)
    with pytest.raises(StateFileError, match="missing or was changed"):
        content_of(cutover.state_file, attached.sha256)


def test_a_backup_has_it(cutover: Cutover, tmp_path: Path) -> None:
    attached = attachment("a", "text/plain", ODD)
    cutover.do("evidence.add", "A", attached=attached)
    with StateFile.copied(back_up(cutover.state_file, tmp_path / "copy.db").path) as copy:
        assert content_of(copy, attached.sha256) == ODD


# --- commands --------------------------------------------------------------------------------------------------------

Feed = Callable[[bytes], None]


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Feed:
    """Puts bytes on standard input."""

    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def test_a_file_comes_back_as_it_was(rehearsal: Commands) -> None:
    Path("totals.csv").write_bytes(ODD)
    answer = rehearsal.good("evidence", "add", "A.2", "totals.csv", "--note", "all agree", "--as", "omar")
    assert answer.err == "attached to A: evidence 1\n"
    rehearsal.good("evidence", "get", "1", "-o", "back.csv")
    assert Path("back.csv").read_bytes() == ODD
    (told,) = rehearsal.json("evidence", "list", "A")
    assert (told["name"], told["media_type"], told["step"], told["by"]) == ("totals.csv", "text/csv", 2, "omar")
    assert rehearsal.json("task", "show", "A")["evidence"] == [told]
    assert "1 totals.csv (text/csv): all agree" in rehearsal.good("task", "show", "A").out
    assert "10,248" in rehearsal.good("evidence", "list").out
    again = rehearsal("evidence", "get", "1", "-o", "back.csv")
    assert (again.code, "a file already" in again.err) == (2, True)


def test_from_standard_input_and_to_standard_output(
    rehearsal: Commands, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(ODD)
    rehearsal.good("evidence", "add", "B", "-", "--name", "dump.bin", "--type", "application/x-dump")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, write_through=True))
    assert main(["evidence", "get", "1"]) == 0
    sys.stdout.flush()
    assert written.getvalue() == ODD


def test_a_terminal_is_not_upset(rehearsal: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.bin").write_bytes(ODD)
    rehearsal.good("evidence", "add", "A", "a.bin")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    answer = rehearsal("evidence", "get", "1")
    assert (answer.code, "upset your terminal" in answer.err) == (2, True)


def test_a_large_one_is_referred_to_and_that_is_said(
    rehearsal: Commands, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "LARGEST", 100)
    feed(ODD)
    answer = rehearsal.good("evidence", "add", "A", "-", "--name", "big.bin")
    assert "big.bin has 10,248 bytes, more than the 100 that are kept" in answer.err
    (told,) = rehearsal.json("evidence", "list")
    assert (told["kept"], told["sha256"]) == (False, hashlib.sha256(ODD).hexdigest())
    answer = rehearsal("evidence", "get", "1")
    assert (answer.code, told["sha256"] in answer.err) == (2, True)
    assert "elsewhere" in rehearsal.good("evidence", "list").out


def test_only_the_reference_may_be_wanted(rehearsal: Commands) -> None:
    Path("a.txt").write_text("short")
    assert "more than" not in rehearsal.good("evidence", "add", "A", "a.txt", "--reference-only").err
    assert [each["kept"] for each in rehearsal.json("evidence", "list")] == [False]


def test_what_is_not_there_is_told(rehearsal: Commands) -> None:
    assert rehearsal.good("evidence", "list").out == "no evidence\n"
    assert rehearsal.json("evidence", "list") == []
    for arguments in (("get", "7"), ("add", "A", "none.txt"), ("add", "NONE", "state.db"), ("list", "NONE")):
        answer = rehearsal("evidence", *arguments, "--json")
        assert (answer.code, bool(json.loads(answer.err)["error"]["message"])) == (2, True)
