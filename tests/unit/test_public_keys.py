"""Public keys: as they are written, whose they are, and what the commands say about them."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import Commands
from tests.cutover import PEOPLE, Cutover, caller, small_document
from tests.public_keys import a_key, rsa
from warroom.actions import keys
from warroom.board.rows import PersonKey
from warroom.runbook.document import RunbookDocument
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.public_key import PublicKey, read_public_key

# --- as they are written ---------------------------------------------------------------------------------------------


def test_a_line_is_read_with_or_without_options_and_comment() -> None:
    key = read_public_key(a_key(1, "ana at home"))
    assert (key.algorithm, key.comment) == ("ssh-ed25519", "ana at home")
    assert key.line == a_key(1)
    assert read_public_key(f'from="10.*",command="x y" {a_key(1)}') == replace(key, comment="")
    assert read_public_key(rsa(2048)).algorithm == "ssh-rsa"


def test_the_fingerprint_is_that_of_openssh(tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_text(a_key(7) + "\n")
    try:
        shown = subprocess.run(
            ["ssh-keygen", "-lf", path], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except FileNotFoundError:
        pytest.skip("OpenSSH's client is not installed (Debian: openssh-client)")
    assert shown.split()[1] == read_public_key(a_key(7)).fingerprint


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no public key"),
        ("hello world", "no public key"),
        ("ssh-dss AAAAB3NzaC1kc3M= x", "DSA"),
        ("ssh-ed25519 AAAA", "not whole"),
        ("ssh-ed25519 !!!!", "not whole"),
        (a_key(1)[:-4], "not whole"),
        (rsa(1024), "2048"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "private"),
        ("ssh-ed25519 " + "A" * 20_000, "too long"),
    ],
)
def test_what_is_no_key_is_refused(line: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_public_key(line)


@given(st.text(max_size=200) | st.binary(max_size=80).map(lambda data: f"ssh-rsa {base64.b64encode(data).decode()}"))
def test_any_text_is_a_key_or_bad_input(line: str) -> None:
    try:
        key = read_public_key(line)
    except BadInput:
        return
    assert read_public_key(key.line).fingerprint == key.fingerprint


# --- whose they are --------------------------------------------------------------------------------------------------


def test_a_key_is_added_once_and_is_one_persons(cutover: Cutover) -> None:
    entry = cutover.do("person.key-add", "omar", lines=[a_key(1, "laptop"), a_key(2)])
    assert [change.table for change in entry.changes] == ["person_key", "person_key"]
    assert cutover.do("person.key-add", "omar", lines=[a_key(1)]).changes == ()
    with pytest.raises(BadInput, match="that key is omar's"):
        cutover.do("person.key-add", "bea", lines=[a_key(3), a_key(2)])
    omar = cutover.board().person_called("omar")
    assert omar is not None
    assert [key.comment for key in cutover.board().keys_of(omar.id)] == ["laptop", None]


def test_only_leads_add_and_remove_keys(cutover: Cutover) -> None:
    with pytest.raises(Refused):
        cutover.do("person.key-add", "omar", by="omar", lines=[a_key(1)])
    cutover.do("person.key-add", "omar", lines=[a_key(1)])
    with pytest.raises(Refused):
        cutover.do("person.key-remove", "omar", by="omar", fingerprint="SHA256:")


def test_a_key_is_removed_by_the_beginning_of_its_fingerprint(cutover: Cutover) -> None:
    cutover.do("person.key-add", "omar", lines=[a_key(1), a_key(2)])
    for fingerprint in ("", "SHA256:", "nothing"):
        with pytest.raises(BadInput, match="omar has no key"):
            cutover.do("person.key-remove", "omar", fingerprint=fingerprint)
    with pytest.raises(BadInput, match="bea has no key"):
        cutover.do("person.key-remove", "bea", fingerprint=read_public_key(a_key(1)).fingerprint)
    cutover.do("person.key-remove", "omar", fingerprint=read_public_key(a_key(1)).fingerprint[:16])
    assert [row.line for row in cutover.board().rows(PersonKey).values()] == [a_key(2)]


def with_keys(*keys: PublicKey) -> RunbookDocument:
    return replace(small_document(), people=(replace(PEOPLE[0], keys=keys), *PEOPLE[1:]))


def test_a_runbook_brings_keys_once_and_never_brings_one_back(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    runbook = with_keys(read_public_key(a_key(1, "lena")))
    cutover = rehearse(runbook)
    (key,) = cutover.board().rows(PersonKey).values()
    assert (key.line, key.comment) == (a_key(1), "lena")
    cutover.do("person.key-remove", "lena", fingerprint=key.fingerprint)
    longer = replace(runbook, tasks=(replace(runbook.tasks[0], title="Another title"), *runbook.tasks[1:]))
    cutover.do("plan.apply", document=longer, name="again.yaml", reason="as agreed")
    assert cutover.task("A").title == "Another title"
    assert not cutover.board().rows(PersonKey)


def test_a_log_in_changes_nothing_and_stands_in_nobodys_way(cutover: Cutover) -> None:
    cutover.do("task.start", "A", by="omar")
    entry = keys.session_opened(cutover.state_file, caller("omar"), told="from 192.0.2.1 with a key")
    assert (entry.action, entry.subject, entry.changes) == ("session.open", "session omar", ())
    assert cutover.do("undo", by="omar").action == "undo"
    assert cutover.task("A").actual_start is None


# --- the commands ----------------------------------------------------------------------------------------------------


def test_keys_are_added_listed_and_removed(rehearsal: Commands, tmp_path: Path) -> None:
    one, many = tmp_path / "one.pub", tmp_path / "authorized_keys"
    one.write_text(a_key(1, "laptop") + "\n")
    many.write_text(f"# two\n\n{a_key(2)}\nrestrict {a_key(3, 'work')}\n")
    rehearsal.good("person", "key", "add", "omar", str(one))
    assert "2 more keys" in rehearsal.good("person", "key", "import", "omar", str(many)).err
    listed = rehearsal.json("person", "key", "list", "omar")
    assert [key["comment"] for key in listed] == ["laptop", None, "work"]
    assert rehearsal.json("person", "key", "list", "bea") == []
    assert "keys        3" in rehearsal.good("person", "show", "omar").out
    rehearsal.good("person", "key", "remove", "omar", listed[0]["fingerprint"])
    assert len(rehearsal.json("person", "key", "list")) == 2


def test_private_keys_other_files_and_the_state_file_are_refused(rehearsal: Commands, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")
    for file in (str(private), str(tmp_path / "none"), str(rehearsal.path)):
        assert rehearsal("person", "key", "add", "omar", file).code == 2
