"""Seals find what a chain alone does not: an end that was cut off, and a whole that was rewritten."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.commands import Commands
from tests.unit.test_verify import Forger, rehash
from warroom.store import sqlite
from warroom.store.seal import read_seal, seal_document
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput

MakeKey = Callable[..., Path]


@pytest.fixture
def make_key(tmp_path: Path) -> MakeKey:
    """Writes a key pair, NAME and NAME.pub."""

    def make(
        name: str,
        *,
        private: PrivateFormat = PrivateFormat.OpenSSH,
        protection: KeySerializationEncryption | None = None,
        rsa: bool = False,
    ) -> Path:
        key = generate_private_key(65537, 2048) if rsa else Ed25519PrivateKey.generate()
        path = tmp_path / name
        path.write_bytes(key.private_bytes(Encoding.PEM, private, protection or NoEncryption()))
        path.chmod(0o600)
        if private is PrivateFormat.OpenSSH:
            public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b" somebody@somewhere\n"
        else:
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        path.with_name(f"{name}.pub").write_bytes(public)
        return path

    return make


def sealed(commands: Commands, *arguments: str) -> str:
    """The name of a file with a new seal."""
    Path("seal.json").write_text(commands.good("journal", "seal", "--json", *arguments).out)
    return "seal.json"


def test_a_seal_holds_while_the_journal_grows(rehearsal: Commands) -> None:
    told = rehearsal.json("journal", "seal")
    assert (told["programme"], told["seq"], told["sealed_at"]) == ("small", 2, "2026-11-27T18:00:00Z")
    assert (told["public_key"], told["signature"]) == (None, None)
    assert told["head"] == rehearsal.json("journal", "list")[-1]["hash"]
    seal = sealed(rehearsal)
    rehearsal.good("task", "note", "A", "later")
    assert rehearsal.json("journal", "verify", "--seal", seal)["sound"]
    plain = rehearsal.good("journal", "seal").out
    assert [line.split()[0] for line in plain.splitlines()] == ["entry", "hash", "recorded", "sealed", "signed"]


def test_a_tail_that_was_cut_off_with_its_rows_is_found(rehearsal: Commands) -> None:
    """Nothing in the file tells of it."""
    before = rehearsal.path.with_name("before.db")
    rehearsal.good("backup", str(before))
    rehearsal.good("task", "note", "A", "embarrassing")
    seal = sealed(rehearsal)
    rehearsal.good("restore", str(before))
    assert rehearsal.json("journal", "verify")["sound"]
    answer = rehearsal("journal", "verify", "--seal", seal)
    assert (answer.code, "entry 3: it was sealed at" in answer.out) == (3, True)
    assert "the journal ends with 2" in answer.out


def test_a_whole_that_was_rewritten_is_found(rehearsal: Commands) -> None:
    rehearsal.good("task", "note", "A", "true")
    seal = sealed(rehearsal)
    forger = Forger(rehearsal.path)
    forger("UPDATE journal SET body = replace(body, 'true', 'nice') WHERE seq = 3")
    forger("UPDATE note SET text = 'nice'")
    rehash(forger, 3)
    forger.close()
    assert rehearsal.json("journal", "verify")["sound"]
    told = rehearsal("journal", "verify", "--seal", seal, "--json")
    assert told.code == 3
    (finding,) = json.loads(told.out)["findings"]
    assert finding["seq"] == 3
    assert "history was rewritten" in finding["message"]


def test_a_copy_without_what_lies_beside_it_is_found(rehearsal: Commands) -> None:
    """Somebody copied the state file with cp while it was in use: what was only in the -wal file is missing."""
    with StateFile.open(rehearsal.path):
        rehearsal.good("task", "note", "A", "in the -wal file")
        seal = sealed(rehearsal)
        shutil.copy(rehearsal.path, "plain.db")
    sqlite.to_write_ahead(Path("plain.db"))
    assert rehearsal.json("journal", "verify", "--db", "plain.db")["sound"]
    answer = rehearsal("journal", "verify", "--db", "plain.db", "--seal", seal)
    assert (answer.code, "is not there" in answer.out) == (3, True)


def test_another_journal_has_another_beginning(rehearsal: Commands, tmp_path: Path) -> None:
    seal = sealed(rehearsal)
    document = json.loads(Path(seal).read_text())
    Path(seal).write_text(json.dumps(document | {"genesis": "0" * 64}))
    answer = rehearsal("journal", "verify", "--seal", seal)
    assert (answer.code, "another beginning" in answer.out) == (3, True)


# --- signed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("private", [PrivateFormat.OpenSSH, PrivateFormat.PKCS8])
def test_a_signed_seal_holds_for_its_key_only(private: PrivateFormat, rehearsal: Commands, make_key: MakeKey) -> None:
    own, other = make_key("own", private=private), make_key("other", private=private)
    seal = sealed(rehearsal, "--key", str(own))
    assert json.loads(Path(seal).read_text())["public_key"].startswith("ssh-ed25519 ")
    verify = ("journal", "verify", "--seal", seal)
    assert rehearsal.json(*verify)["sound"]
    assert rehearsal.json(*verify, "--public-key", f"{own}.pub")["sound"]
    answer = rehearsal(*verify, "--public-key", f"{other}.pub")
    assert (answer.code, "signed by another key" in answer.err) == (3, True)


def test_the_key_may_be_in_the_environment(
    rehearsal: Commands, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARROOM_SEAL_KEY", str(make_key("own")))
    assert rehearsal.json("journal", "seal")["signature"]
    assert "ssh-ed25519" in rehearsal.good("journal", "seal").out


@pytest.mark.parametrize(
    ("field", "value"),
    [("seq", 1), ("head", "0" * 64), ("sealed_at", "2026-11-27T18:00:01Z"), ("signature", "AAAA"), ("signature", "?")],
)
def test_a_signed_seal_cannot_be_changed(field: str, value: object, rehearsal: Commands, make_key: MakeKey) -> None:
    own = make_key("own")
    seal = sealed(rehearsal, "--key", str(own))
    document = json.loads(Path(seal).read_text())
    Path(seal).write_text(json.dumps(document | {field: value}))
    for arguments in ((), ("--public-key", f"{own}.pub")):
        answer = rehearsal("journal", "verify", "--seal", seal, *arguments)
        assert (answer.code, "was changed after it was signed" in answer.err) == (3, True)


def test_an_unsigned_seal_is_not_taken_for_a_signed_one(rehearsal: Commands, make_key: MakeKey) -> None:
    seal = sealed(rehearsal)
    answer = rehearsal("journal", "verify", "--seal", seal, "--public-key", f"{make_key('own')}.pub")
    assert (answer.code, "the seal is not signed" in answer.err) == (3, True)


def test_keys_that_will_not_do_are_told(rehearsal: Commands, make_key: MakeKey) -> None:
    protected = make_key("protected", private=PrivateFormat.PKCS8, protection=BestAvailableEncryption(b"secret"))
    public = make_key("public")
    public.chmod(0o644)
    for path, said in (
        (protected, "passphrase"),
        (public, "can be read by others"),
        (make_key("rsa", rsa=True), "no private Ed25519 key"),
        (Path("none"), "cannot be read"),
    ):
        answer = rehearsal("journal", "seal", "--key", str(path))
        assert (answer.code, said in answer.err) == (2, True), answer
    seal = sealed(rehearsal, "--key", str(make_key("own")))
    answer = rehearsal("journal", "verify", "--seal", seal, "--public-key", "rsa.pub")
    assert (answer.code, "no public Ed25519 key" in answer.err) == (2, True)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"warroom_seal": 2}', "[" * 50_000])
def test_what_is_no_seal_is_bad_input(text: str, rehearsal: Commands) -> None:
    Path("seal.json").write_text(text)
    answer = rehearsal("journal", "verify", "--seal", "seal.json")
    assert (answer.code, "this is no seal" in answer.err) == (2, True)


@pytest.mark.parametrize("field", ["programme", "genesis", "seq", "head", "sealed_at", "public_key"])
def test_a_field_of_another_kind_is_bad_input(field: str, rehearsal: Commands) -> None:
    document = rehearsal.json("journal", "seal")
    read = read_seal(json.dumps(document), "here")
    assert seal_document(read) == document
    with pytest.raises(BadInput, match="no seal"):
        read_seal(json.dumps(document | {field: [1]}), "here")


def test_the_other_ways_to_ask_wrongly(rehearsal: Commands) -> None:
    assert rehearsal("journal", "verify", "--public-key", "x").code == 2
    assert rehearsal("journal", "verify", "--seal", "none.json").code == 2
