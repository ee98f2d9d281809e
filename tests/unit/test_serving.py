"""The small parts of the server: limits on log-ins, words over a line, what may be run, frames, keys of the server."""

from __future__ import annotations

import json
import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands import Commands
from tests.cutover import Cutover
from tests.public_keys import a_key
from warroom.cli import serve as serve_command
from warroom.cli.command import Command, Group, Invocation
from warroom.cli.main import main, root
from warroom.cli.served import NOT_THESE, NOUNS, VERBS, guard, insist_on_noun, names_file, runner
from warroom.serve import frames
from warroom.serve.host_key import host_key
from warroom.serve.keys import Keys, known_by, still_known
from warroom.serve.limits import (
    BAN_S,
    MOST_FAILURES,
    MOST_TRYING,
    MOST_TRYING_EACH,
    SLOW_S,
    TRUSTED_S,
    WITHIN_S,
    Limits,
)
from warroom.serve.privileges import become, insist_on_account
from warroom.serve.sessions import Known
from warroom.serve.signatures import is_certified_with_sha1, is_sha1
from warroom.serve.ssh import Address, read_address
from warroom.serve.wanted import LONGEST, Wanted, console_of, words_of
from warroom.vocabulary.errors import BadInput, Refused, StateFileError
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via

# --- limits --------------------------------------------------------------------------------------------------------


class Seconds:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(eq=False)
class Trying:
    said: int = 2
    gone: bool = False

    def give_way(self) -> None:
        self.gone = True


def fail(limits: Limits, address: str) -> bool:
    line = Trying()
    limits.begin(address, line)
    return limits.end(address, line, failed=True)


def why_not(limits: Limits, address: str) -> str | None:
    line = Trying()
    told = limits.begin(address, line)
    limits.end(address, line, failed=False)
    return told


def test_who_fails_too_often_is_kept_out_and_longer_each_time() -> None:
    seconds = Seconds()
    limits = Limits(seconds)
    for expected in (BAN_S, 2 * BAN_S, 4 * BAN_S):
        assert [fail(limits, "a") for _ in range(MOST_FAILURES)] == [False] * (MOST_FAILURES - 1) + [True]
        assert why_not(limits, "a") is not None
        assert why_not(limits, "b") is None
        seconds.now += expected - 1
        assert why_not(limits, "a") is not None
        seconds.now += 1
        assert why_not(limits, "a") is None


def test_failures_long_ago_and_log_ins_that_succeed_do_not_count() -> None:
    seconds = Seconds()
    limits = Limits(seconds)
    for _ in range(10 * MOST_FAILURES):
        assert not fail(limits, "a")
        seconds.now += WITHIN_S / (MOST_FAILURES - 1)
    for _ in range(10 * MOST_FAILURES):
        line = Trying()
        limits.begin("b", line)
        assert not limits.end("b", line, failed=False)
    assert limits.trying == 0


def test_where_people_come_from_is_slow_and_not_shut() -> None:
    seconds = Seconds()
    limits = Limits(seconds)
    limits.let_in("a")
    seconds.now += 2 * TRUSTED_S  # somebody is inside for days
    assert [fail(limits, "a") for _ in range(MOST_FAILURES)] == [False] * (MOST_FAILURES - 1) + [True]
    assert why_not(limits, "a") is None
    assert (limits.wait_s("a"), limits.wait_s("b")) == (SLOW_S, 0)
    seconds.now += BAN_S
    assert limits.wait_s("a") == 0
    limits.left("a")
    seconds.now += TRUSTED_S
    for _ in range(MOST_FAILURES):
        fail(limits, "a")
    assert why_not(limits, "a") is not None, "nobody has come from there for a day"


def test_whoever_has_a_network_of_ipv6_has_one_address() -> None:
    limits = Limits(Seconds())
    assert any(fail(limits, f"2001:db8:1:2::{number:x}") for number in range(MOST_FAILURES))
    assert why_not(limits, "2001:db8:1:2:ffff::1") is not None
    assert why_not(limits, "2001:db8:1:3::1") is None
    assert any(fail(limits, address) for address in ("192.0.2.7", "::ffff:192.0.2.7") * (MOST_FAILURES // 2))
    assert why_not(limits, "192.0.2.7") is not None
    assert limits.trying == 0


def test_so_many_try_at_once() -> None:
    limits = Limits(Seconds())
    lines = [Trying() for _ in range(MOST_TRYING_EACH)]
    assert not any(limits.begin("a", line) for line in lines)
    assert why_not(limits, "a") == "too many log-ins at once"
    assert why_not(limits, "b") is None
    limits.end("a", lines[0], failed=False)
    assert why_not(limits, "a") is None


def test_who_says_nothing_gives_way_to_others() -> None:
    limits = Limits(Seconds())
    lines = [Trying(said) for said in (2, 1, 0, 0)] + [Trying() for _ in range(MOST_TRYING_EACH - 4)]
    assert not any(limits.begin("a", line) for line in lines)
    came = [limits.begin("a", Trying()) for _ in range(4)]
    assert came == [None, None, None, "too many log-ins at once"]
    assert [line.gone for line in lines[:5]] == [False, True, True, True, False]
    assert limits.trying == MOST_TRYING_EACH


def test_strangers_leave_room_for_where_people_come_from() -> None:
    limits = Limits(Seconds())
    limits.let_in("home")
    assert not any(limits.begin(str(number // 100), Trying()) for number in range(MOST_TRYING))
    assert why_not(limits, "elsewhere") == "too many log-ins at once"
    assert why_not(limits, "home") is None


@pytest.mark.parametrize(("algorithm", "old"), [("ssh-rsa", True), ("rsa-sha2-256", False), ("rsa-sha2-512", False)])
def test_what_is_signed_with_sha1_is_known(algorithm: str, old: bool) -> None:
    authority, key = (asyncssh.generate_private_key("ssh-rsa", key_size=1024) for _ in range(2))
    certificate = authority.generate_user_certificate(key, "x", principals=["jana"], sig_alg=algorithm)
    assert is_certified_with_sha1(certificate.public_data) is old
    assert not is_certified_with_sha1(key.public_data)
    assert is_sha1(key.sign(b"x", algorithm.encode())) is old


# --- words over a line ---------------------------------------------------------------------------------------------


def test_words_are_read_as_a_shell_would_and_do_nothing_more() -> None:
    assert words_of("task note A 'two words' $(id) `id` ; > x") == [
        *("task", "note", "A", "two words", "$(id)", "`id`", ";", ">", "x")
    ]
    assert words_of("warroom status") == ["status"]
    for command in ("'open", "a\0b", "x" * (LONGEST + 1)):
        with pytest.raises(BadInput):
            words_of(command)


def test_a_console_may_be_asked_for_by_name() -> None:
    assert console_of(["status"]) is None
    assert console_of(["open"]) == Wanted(named=True)
    assert console_of(["open", "--screen", "gate", "--read-only"]) == Wanted("gate", read_only=True, named=True)
    assert console_of(["open", "--wall", "--theme=mono"]) == Wanted(wall=True, theme="mono", named=True)
    for words in (
        ["--screen"],
        ["--screen", "nowhere"],
        ["--db", "x"],
        ["--wall", "--screen=gate"],
        ["--run=x"],
        ["x"],
    ):
        with pytest.raises(BadInput):
            console_of(["open", *words])


@given(st.text(max_size=200))
def test_any_command_is_words_or_bad_input(command: str) -> None:
    try:
        words = words_of(command)
    except BadInput:
        return
    assert words in (shlex.split(command), shlex.split(command)[1:])
    for read in (console_of, insist_on_noun):
        with suppress(BadInput):
            read(words)


# --- what may be run -----------------------------------------------------------------------------------------------


def all_commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


def test_what_may_be_run_exists_and_watches_itself() -> None:
    known = {" ".join(path): command for path, command in all_commands(root)}
    assert known.keys() >= NOUNS | VERBS | NOT_THESE
    for name, command in known.items():
        if name.split()[0] in NOUNS or name in VERBS:
            assert isinstance(command, (Command, Group)), name


def test_whoever_names_a_file_is_known_to_do_so() -> None:
    """A parameter that is used as the name of a file says so by its metavar or type; these look as if they might."""
    suspicious = ("file", "channels", "path", "output", "out", "folder", "destination")
    for path, command in all_commands(root):
        if path[0] not in NOUNS:
            continue
        for parameter in command.params:
            if parameter.name in suspicious:
                assert names_file(parameter), (*path, parameter.name)


def as_served(words: list[str], handle: str = "omar") -> int:
    return main(words, Invocation(handle=handle, known=Caller(handle, Assurance.KEY, Via.SSH), guard=guard))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status"], 0),
        (["status", "--json"], 0),
        (["task", "start", "A"], 0),
        (["task", "start", "A", "--as", "lena"], 2),
        (["--as", "lena", "task", "start", "A"], 2),
        (["status", "--db", "other.db"], 2),
        (["evidence", "add", "A", "state.db"], 1),
        (["evidence", "get", "1", "-o", "x"], 1),
        (["task", "record", "sheet.csv"], 1),
        (["control", "import", "gl", "--legacy", "x.csv", "--value", "v"], 1),
        (["gate", "record", "GO", "-o", "x"], 1),
        (["journal", "verify", "--seal", "x"], 1),
        (["journal", "seal"], 1),
        (["backup", "x"], 1),
        (["doctor"], 1),
        (["init", "x.yaml"], 1),
        (["alert", "test"], 1),
        (["run", "list"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_guard_lets_pass_what_is_for_others(rehearsal: Commands, words: list[str], code: int) -> None:
    assert as_served(words) == code


def test_what_is_run_is_known_by_key(rehearsal: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_USER", "lena")
    assert as_served(["task", "start", "A"]) == 0
    assert as_served(["task", "note", "A", "told", "--for", "bea"], handle="lena") == 0
    *_, started, noted = rehearsal.json("journal", "list")
    assert (started["actor"], started["assurance"], started["via"]) == ("omar", "key", "ssh")
    assert (noted["actor"], noted["for"], noted["assurance"]) == ("lena", "bea", "proxy")


def test_a_command_is_told_without_a_word_of_it_in_sight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_USER", "lena")
    made = runner(tmp_path / "state.db")
    told = json.loads(made.told(Known(1, "omar", "192.0.2.1"), ["task", "note", "A", "secret"]))
    assert (told["handle"], told["words"]) == ("omar", ["task", "note", "A", "secret"])
    assert "WARROOM_USER" not in made.environment
    assert not any("secret" in word or "omar" in word for word in (*made.arguments, *made.environment.values()))
    with pytest.raises(BadInput):
        made.told(Known(1, "omar", "192.0.2.1"), ["serve"])


# --- keys ----------------------------------------------------------------------------------------------------------


def test_whose_key_it_is_follows_the_board(cutover: Cutover) -> None:
    keys = Keys()
    assert keys.authorized(cutover.board(), "x") is None
    made = asyncssh.generate_private_key("ssh-ed25519")
    cutover.do("person.key-add", "omar", lines=[made.export_public_key().decode(), a_key(9)])
    board = cutover.board()
    authorized = keys.authorized(board, "lena")
    assert authorized is not None
    options = authorized.validate(made.convert_to_public(), "", "192.0.2.1")
    assert options is not None
    known = known_by(board, dict(options), "192.0.2.1")
    assert known is not None
    assert (known.handle, known.caller.assurance, known.caller.via) == ("omar", Assurance.KEY, Via.SSH)
    assert still_known(board, known)
    (row, _) = board.keys_of(known.person_id)
    cutover.do("person.key-remove", "omar", fingerprint=row.fingerprint)
    after = cutover.board()
    assert not still_known(after, known)
    assert known_by(after, dict(options), "192.0.2.1") is None
    authorized = keys.authorized(after, "omar")
    assert authorized is not None
    assert authorized.validate(made.convert_to_public(), "", "192.0.2.1") is None


def test_a_certificate_of_several_people_stands_for_the_one_who_is_named(cutover: Cutover) -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    keys, board = Keys((authority.export_public_key().decode().strip(),)), cutover.board()
    for username, expected in (("bea", "bea"), ("omar", "omar"), ("nobody", "omar")):
        authorized = keys.authorized(board, username)
        assert authorized is not None
        options = authorized.validate(authority.convert_to_public(), "", "192.0.2.1", ["bea", "omar"], ca=True)
        assert options is not None
        known = known_by(board, dict(options), "192.0.2.1")
        assert known is not None
        assert (known.handle, known.key_id) == (expected, None)


def test_the_servers_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = host_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert host_key(path).export_public_key() == made.export_public_key()
    assert [one.name for one in tmp_path.iterdir()] == ["key"]
    path.chmod(0o640)
    with pytest.raises(StateFileError, match="others may read"):
        host_key(path)
    other = tmp_path / "other"
    other.write_text("no key")
    other.chmod(0o600)
    for no_key in (other, tmp_path):
        with pytest.raises(StateFileError, match="no key of a server"):
            host_key(no_key)


# --- addresses, accounts, frames -------------------------------------------------------------------------------------


def test_addresses() -> None:
    assert read_address("0.0.0.0:2222", 1) == Address("0.0.0.0", 2222)
    assert read_address("[::1]:22", 1) == Address("::1", 22)
    assert read_address("[::1]", 7) == Address("::1", 7)
    assert read_address("host", 7) == Address("host", 7)
    assert read_address(":0", 7) == Address("", 0)
    assert str(Address("::1", 22)) == "[::1]:22"
    for text in ("host:port", "host:70000", "a b:1", "host:-1"):
        with pytest.raises(BadInput):
            read_address(text, 1)


def test_root_does_not_serve_unless_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Refused, match="root should not serve"):
        insist_on_account(allow_root=False)
    insist_on_account(allow_root=True)
    with pytest.raises(BadInput, match="no account"):
        become("no-such-account-here")
    with pytest.raises(BadInput, match="is root"):
        become("root")
    monkeypatch.setattr(os, "geteuid", lambda: 4_711)
    insist_on_account(allow_root=False)
    with pytest.raises(Refused, match="only root"):
        become("root")


def test_serve_says_what_it_needs(rehearsal: Commands) -> None:
    assert serve_command.SSH_PORT == 2222
    assert "nothing to serve" in rehearsal("serve").err
    assert rehearsal("serve", "--ssh", "host:port", "--allow-root").code == 2
    assert rehearsal("serve", "--ssh", ":0", "--theme", "no-such", "--allow-root").code == 2
    assert rehearsal("serve", "--ssh", ":0", "--ca", "none.pub", "--allow-root").code == 2


@given(st.binary(max_size=3 * frames.LARGEST), st.integers(1, 5_000))
def test_frames_come_through_in_any_pieces(content: bytes, piece: int) -> None:
    sent = frames.frame(frames.DATA, content) + frames.exit_frame(7)
    buffer, got = bytearray(), []
    for start in range(0, len(sent), piece):
        buffer += sent[start : start + piece]
        got += list(frames.frames(buffer))
    *data, (kind, code) = got
    assert b"".join(part for _, part in data) == content
    assert (kind, frames.read_exit(code)) == (frames.EXIT, 7)


@given(st.binary(max_size=200))
def test_nonsense_is_no_frame_or_waits_for_more(data: bytes) -> None:
    buffer = bytearray(data)
    try:
        for kind, content in frames.frames(buffer):
            assert len(kind) == 1
            if kind == frames.SIZE:
                frames.read_size(content)
    except frames.BadFrame:
        pass
