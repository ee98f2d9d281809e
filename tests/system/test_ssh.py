"""The server with OpenSSH's own client: who gets in, what is drawn, what may be run, and what never is."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import environment
from tests.serving import PATIENCE_S, Served, make_key, needs_ssh, sign
from warroom.serve.limits import MOST_FAILURES

pytestmark = [needs_ssh, pytest.mark.about_files]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("served"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def certifying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: log-ins that fail count by address."""
    folder = tmp_path_factory.mktemp("certifying")
    make_key(folder / "authority")
    server = Served(folder, "--ca", str(folder / "authority.pub"))
    yield server
    server.stop()


# --- who gets in -----------------------------------------------------------------------------------------------------


def test_a_key_opens_the_console_of_its_person(served: Served) -> None:
    with served.terminal(served.key_of("jana")) as terminal:
        screen = terminal.wait_for("? help")
        assert "jana (lead)" in screen
        assert "DM-01" in screen
        terminal.keys("q")
        assert terminal.wait_for_end() == 0
        assert "\x1b[?1049l" in terminal.raw.decode("utf-8", "replace")
    entry = served.wait_for_entry("session.open", "from 127.0.0.1 with key SHA256:", by="jana")
    assert (entry["assurance"], entry["via"]) == ("key", "ssh")
    served.wait_for_entry("session.end", by="jana")


def test_the_key_counts_and_not_the_name(served: Served) -> None:
    answer = served.ssh(served.key_of("greta"), "task", "note", "DM-03", "from-greta", user="jana")
    assert answer.code == 0, answer
    (entry,) = [one for one in served.entries("task.note") if one["subject"] == "DM-03"]
    assert (entry["actor"], entry["assurance"], entry["via"]) == ("greta", "key", "ssh")


def test_an_unknown_key_and_no_key_are_refused(served: Served) -> None:
    unknown = make_key(served.folder / "unknown")
    for options in ((), ("-o", "PreferredAuthentications=password,keyboard-interactive,none", "-o", "BatchMode=yes")):
        answer = served.ssh(unknown, "status", user="jana", options=options)
        assert (answer.code, answer.out) == (255, "")
        assert "Permission denied (publickey)" in answer.err


def test_a_certificate_names_its_person(certifying: Served) -> None:
    authority = certifying.folder / "authority"
    good = make_key(certifying.folder / "certified")
    sign(authority, good, "tomasz")
    answer = certifying.ssh(good, "task", "note", "DM-05", "by-certificate", user="whoever")
    assert answer.code == 0, answer
    (entry,) = [one for one in certifying.entries("task.note") if one["subject"] == "DM-05"]
    assert (entry["actor"], entry["assurance"]) == ("tomasz", "key")


@pytest.mark.parametrize(
    ("name", "principals", "options"),
    [
        ("stranger", "nobody", ()),
        ("nameless", None, ()),
        ("past", "jana", ("-V", "20200101:20200201")),
        ("any", "*", ()),
    ],
)
def test_other_certificates_are_refused(
    certifying: Served, name: str, principals: str | None, options: tuple[str, ...]
) -> None:
    key = make_key(certifying.folder / name)
    sign(certifying.folder / "authority", key, principals, *options)
    answer = certifying.ssh(key, "status", user="jana")
    assert answer.code == 255
    assert "Permission denied" in answer.err


def test_a_certificate_of_another_authority_is_refused(certifying: Served) -> None:
    other, key = make_key(certifying.folder / "other-authority"), make_key(certifying.folder / "misled")
    sign(other, key, "jana")
    assert certifying.ssh(key, "status", user="jana").code == 255


def test_a_key_counts_at_once_and_its_end_ends_consoles(served: Served) -> None:
    key = make_key(served.folder / "short-lived")
    assert served.ssh(key, "status").code == 255
    served.run("person", "key", "add", "sofie", f"{key}.pub")
    with served.terminal(key) as terminal:
        terminal.wait_for("sofie")
        (shown,) = json.loads(served.run("person", "key", "list", "sofie", "--json").out)
        served.run("person", "key", "remove", "sofie", shown["fingerprint"])
        assert terminal.wait_for_end() != 0
        assert "your key was taken away" in terminal.text
    assert served.ssh(key, "status").code == 255


# --- what is never offered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [("-L", "0:127.0.0.1:1"), ("-R", "0:127.0.0.1:1"), ("-D", "0"), ("-w", "any:any")], ids=" ".join
)
def test_nothing_is_forwarded(served: Served, options: tuple[str, ...]) -> None:
    if options[0] in ("-L", "-D"):
        # These listen at the client; what counts is that the server opens nothing for them.
        answer = served.ssh(served.key_of("jana"), options=("-W", "127.0.0.1:22"))
        assert answer.code == 255
        assert answer.out == ""
        return
    answer = served.ssh(served.key_of("jana"), "status", options=("-o", "ExitOnForwardFailure=yes", *options))
    assert answer.code == 255
    assert "finish" not in answer.out


def test_no_agent_and_no_x11_is_forwarded(served: Served) -> None:
    with subprocess.Popen(
        served.client(served.key_of("jana"), "status", options=("-v", "-A", "-X", "-o", "LogLevel=VERBOSE")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment(DISPLAY=":99")),
    ) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert b"First cutover" in out
    assert b"auth-agent@openssh.com" not in err


@pytest.mark.parametrize("program", ["sftp", "scp"])
def test_no_files_are_copied(served: Served, program: str) -> None:
    target = f"x@127.0.0.1:{served.path}"
    options = [word for word in served.client(served.key_of("jana"))[3:-1] if word not in ("-p", str(served.port))]
    words = [program, "-F", "none", "-P", str(served.port), *options]
    words += [target, str(served.folder / "stolen")]
    ended = subprocess.run(words, capture_output=True, timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode != 0
    assert not (served.folder / "stolen").exists()
    old = served.ssh(served.key_of("jana"), "scp", "-f", str(served.path))
    assert (old.code, old.out) == (2, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ls", "/"), 2),
        (("sh", "-c", "id"), 2),
        (("status;id",), 2),
        (("$(id)",), 2),
        (("backup", "x.db"), 2),
        (("serve", "--ssh", ":0"), 2),
        (("init", "x.yaml"), 2),
        (("warroom", "--db", "/etc/passwd", "status"), 2),
        (("status", "--db", "other.db"), 2),
        (("task", "done", "DM-01", "--as", "jana"), 2),
        (("status", "--as=jana"), 2),
        (("evidence", "add", "DM-01", "/etc/passwd"), 1),
        (("evidence", "get", "1", "-o", "stolen"), 1),
        (("evidence", "get", "1", "--output=stolen"), 1),
        (("person", "key", "add", "greta", "/etc/passwd"), 1),
        (("whatif", "--runbook", "/etc/passwd", "DM-01+5m"), 1),
        (("journal", "seal"), 1),
        (("journal", "follow"), 1),
        (("open", "--run", "mock 1"), 2),
        (("open",), 2),
        (("'unfinished",), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_nothing_else_is_run(served: Served, words: tuple[str, ...], code: int) -> None:
    answer = served.ssh(served.key_of("greta"), *words)
    assert (answer.code, answer.out) == (code, ""), answer
    assert answer.err.startswith("warroom: ")
    assert "root:" not in answer.err


# --- single commands -------------------------------------------------------------------------------------------------


def test_a_command_is_done_as_its_person(served: Served) -> None:
    key = served.key_of("jana")
    assert served.ssh(key, "warroom", "task", "start", "DM-01").code == 0
    answer = served.ssh(key, "status", "--json")
    assert answer.err == ""
    assert json.loads(answer.out)["run"] == "mock 1"
    refused = served.ssh(served.key_of("greta"), "task", "done", "DM-01", "--json")
    assert refused.code == 1
    assert json.loads(refused.err)["error"]["code"] == "refused"
    assert served.ssh(key, "task", "note", "DM-01", "'two words; $(id)'").code == 0
    (entry,) = [one for one in served.entries("task.note") if one["subject"] == "DM-01"]
    assert [change["after"] for change in entry["changes"] if change["field"] == "text"] == ["two words; $(id)"]


def test_a_file_comes_by_standard_input_and_goes_out_as_it_was(served: Served) -> None:
    key, data = served.key_of("jana"), bytes(range(256)) * 3_000
    answer = served.ssh(key, "evidence", "add", "DM-01", "-", "--name", "proof.bin", "--json", data=data)
    assert answer.code == 0, answer
    listed = json.loads(served.ssh(key, "evidence", "list", "DM-01", "--json").out)
    ended = subprocess.run(
        served.client(key, "evidence", "get", str(listed[-1]["id"]), "-o", "-"),
        capture_output=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert ended.stdout == data


# --- the console -----------------------------------------------------------------------------------------------------


def test_the_console_reads_no_file_of_the_server(served: Served) -> None:
    with served.terminal(served.key_of("jana")) as terminal:
        terminal.wait_for("? help")
        terminal.keys("*")
        assert "ssh HOST" in terminal.wait_for("evidence add")
        terminal.keys("q")


def test_the_console_follows_the_size_and_brings_people_back(served: Served) -> None:
    served.run("person", "edit", "callum", "--role", "deputy")  # whom no other test has left anywhere
    key = served.key_of("callum")
    with served.terminal(key, width=120, height=36) as terminal:
        terminal.wait_for("Who must act")
        terminal.resize(80, 24)
        terminal.wait_for(lambda text: "Who must act" not in text and "DM-03" in text)
        assert terminal.screen.columns == 80
        terminal.keys("jj\r")
        terminal.wait_for("Post today's bank statement")
        # The line drops: nobody says goodbye.
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait(timeout=PATIENCE_S)
    served.wait_for_entry("session.end", "after 0 min")
    with served.terminal(key, width=100, height=30) as terminal:
        terminal.wait_for(lambda text: "Post today's bank statement" in text and "DM-03" in text)
        terminal.keys("\x1b")
        terminal.wait_for("DM-07")
        terminal.keys("q")
        assert terminal.wait_for_end() == 0


def test_the_wall_and_other_screens_are_to_be_had_by_name(served: Served) -> None:
    key = served.key_of("jana")
    with served.terminal(key, "open", "--wall", options=("-t",), width=120, height=36) as terminal:
        terminal.wait_for("Owners · page 1")
        terminal.keys("s")
    with served.terminal(key, "open --screen journal --read-only", options=("-t",)) as terminal:
        terminal.wait_for("jana")
        terminal.keys("q")
        assert terminal.wait_for_end() == 0


def test_no_terminal_no_console(served: Served) -> None:
    answer = served.ssh(served.key_of("jana"), options=("-T",))
    assert (answer.code, answer.out) == (2, "")
    assert "a console needs a terminal" in answer.err
    with served.terminal(served.key_of("jana"), TERM="dumb") as terminal:
        assert terminal.wait_for_end() == 2
        assert "TERM=dumb does not" in " ".join(terminal.text.split())


def test_what_one_does_the_other_sees(served: Served) -> None:
    with (
        served.terminal(served.key_of("jana")) as lead,
        served.terminal(served.key_of("rahul"), width=80, height=24) as owner,
    ):
        lead.wait_for("jana (lead)")
        owner.wait_for("rahul")
        assert served.ssh(served.key_of("jana"), "task", "block", "DM-01", "--reason", "paper-jam").code == 0
        lead.wait_for("blocked 1")


def test_the_servers_key_is_its_own(served: Served) -> None:
    path = Path(f"{served.path}.ssh-host-key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "PRIVATE KEY" in path.read_text("ascii")


def test_whoever_fails_too_often_is_kept_out_for_a_while(tmp_path: Path) -> None:
    server = Served(tmp_path)
    good, bad = server.key_of("jana"), make_key(tmp_path / "bad")
    for _ in range(MOST_FAILURES):
        assert "Permission denied" in server.ssh(bad, "status").err
    kept_out = server.ssh(good, "status")
    assert kept_out.code == 255
    assert "Permission denied" not in kept_out.err
    server.stop()
    told = server.entries("session.refused")[0]["reason"]
    assert f"{MOST_FAILURES + 1} log-ins refused, from 127.0.0.1" in told
    assert told.endswith("shut or slowed for a while: 127.0.0.1")


def test_one_who_fails_does_not_keep_out_those_behind_the_same_address(tmp_path: Path) -> None:
    server = Served(tmp_path)
    good, bad = server.key_of("jana"), make_key(tmp_path / "bad")
    assert server.ssh(good, "status").code == 0
    for _ in range(MOST_FAILURES):
        assert "Permission denied" in server.ssh(bad, "status").err
    assert server.logged(r"(log-ins from 127\.0\.0\.1 are refused or slow)")
    assert server.ssh(good, "status").code == 0
    assert "Permission denied" in server.ssh(bad, "status").err
    server.stop()


def test_it_stops_gracefully_and_its_key_stays(tmp_path: Path) -> None:
    server = Served(tmp_path)
    key = server.key_of("jana")
    before = Path(f"{server.path}.ssh-host-key").read_bytes()
    with server.terminal(key) as terminal:
        terminal.wait_for("jana (lead)")
        server.process.send_signal(signal.SIGTERM)
        assert terminal.wait_for_end() != 0
        assert "the server stops; nothing is lost" in terminal.text
    assert server.process.wait(timeout=PATIENCE_S) == 0
    again = Served(tmp_path)
    assert Path(f"{again.path}.ssh-host-key").read_bytes() == before
    assert again.ssh(key, "journal", "verify").code == 0
    again.stop()
