"""The server with clients other than OpenSSH's, that stand still or are far away, and the one that comes after it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands import Answer
from tests.cutover import caller
from tests.following import until
from tests.serving import PATIENCE_S, PtyTerminal, Served, needs_ssh
from tests.slow_link import SlowLink, slow_link
from warroom.actions import shouts
from warroom.store.statefile import StateFile

pytestmark = [needs_ssh, pytest.mark.about_files]

needs_putty = pytest.mark.skipif(
    shutil.which("plink") is None or shutil.which("puttygen") is None,
    reason="PuTTY's plink is not installed (Debian: putty-tools)",
)
needs_dropbear = pytest.mark.skipif(
    shutil.which("dbclient") is None or shutil.which("dropbearconvert") is None,
    reason="dropbear's client is not installed (Debian: dropbear-bin)",
)

DATA = bytes(range(256)) * 2_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("others"))
    server.run("task", "start", "DM-01", "--as", "jana")
    yield server
    server.stop()


def plink(served: Served, *options: str, program: str = "plink") -> list[str]:
    """PuTTY's client with Jana's key in its own form, and the server's fingerprint as it asks for it."""
    key = served.key_of("jana").with_suffix(".ppk")
    if not key.exists():
        made = ["puttygen", str(served.key_of("jana")), "-O", "private", "-o", str(key)]
        subprocess.run(made, check=True, capture_output=True, timeout=PATIENCE_S)
    told = subprocess.run(
        ["ssh-keygen", "-lf", f"{served.path}.ssh-host-key"], check=True, capture_output=True, timeout=PATIENCE_S
    )
    fingerprint = told.stdout.split()[1].decode()
    return [program, "-batch", "-P", str(served.port), "-hostkey", fingerprint, "-i", str(key), *options]


def dbclient(served: Served, *options: str) -> list[str]:
    """dropbear's client with Jana's key in its own form."""
    key = served.key_of("jana").with_suffix(".dropbear")
    if not key.exists():
        made = ["dropbearconvert", "openssh", "dropbear", str(served.key_of("jana")), str(key)]
        subprocess.run(made, check=True, capture_output=True, timeout=PATIENCE_S)
    return ["dbclient", "-y", "-y", "-i", str(key), "-p", str(served.port), *options]


def run(words: Sequence[str], data: bytes = b"", seconds: float = PATIENCE_S) -> Answer:
    """How a client ended; one that was still there after so many seconds has the code 124."""
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            out, err = process.communicate(data, seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            code = 124
    return Answer(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


CLIENTS = [
    pytest.param(plink, id="plink", marks=needs_putty),
    pytest.param(dbclient, id="dbclient", marks=needs_dropbear),
]
Client = Callable[..., list[str]]
ANYBODY = "anybody@127.0.0.1"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_command_is_done_as_its_person(served: Served, client: Client) -> None:
    text = f"by-{client.__name__}"
    assert run([*client(served), ANYBODY, f"task note DM-02 {text}"]).code == 0
    (entry,) = [
        one
        for one in served.entries("task.note")
        if any(change["after"] == text for change in one["changes"] if change["field"] == "text")
    ]
    assert (entry["actor"], entry["assurance"], entry["via"]) == ("jana", "key", "ssh")
    refused = run([*client(served), ANYBODY, "ls /"])
    assert (refused.code, refused.out) == (2, "")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_goes_in_and_comes_out(served: Served, client: Client) -> None:
    name = f"{client.__name__}.bin"
    added = run([*client(served), ANYBODY, f"evidence add DM-01 - --name {name} --json"], DATA)
    assert added.code == 0, added
    (found,) = [one for one in served.entries("evidence.add") if name in str(one["changes"])]
    (number,) = {change["key"] for change in found["changes"] if change["table"] == "evidence"}
    got = subprocess.run(
        [*client(served), ANYBODY, f"evidence get {number} -o -"],
        capture_output=True,
        timeout=PATIENCE_S,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    assert got.stdout == DATA


@pytest.mark.parametrize("client", CLIENTS)
def test_the_console_is_drawn_and_follows_the_size(served: Served, client: Client) -> None:
    terminal = PtyTerminal([*client(served, "-t"), ANYBODY], 120, 36)
    try:
        terminal.wait_for("jana (lead)")
        terminal.resize(80, 24)
        terminal.wait_for(lambda text: "Who must act" not in text and "DM-03" in text)
        terminal.keys("q")
        assert terminal.wait_for_end() == 0
    finally:
        terminal.close()


@needs_putty
@pytest.mark.parametrize(
    "options",
    [("-nc", "127.0.0.1:22", ANYBODY), ("-s", ANYBODY, "sftp"), ("-T", ANYBODY)],
    ids=lambda options: options[0],
)
def test_plink_gets_nothing_else(served: Served, options: tuple[str, ...]) -> None:
    answer = run([*plink(served), *options])
    assert answer.code not in (0, 124)
    assert answer.out == ""


@needs_putty
@pytest.mark.parametrize("option", ["-sftp", "-scp"])
def test_pscp_copies_nothing(served: Served, option: str) -> None:
    if shutil.which("pscp") is None:
        pytest.skip("PuTTY's pscp is not installed (Debian: putty-tools)")
    stolen = served.folder / f"stolen{option}"
    run([*plink(served, option, program="pscp"), f"{ANYBODY}:{served.path}", str(stolen)])
    assert not stolen.exists()


@needs_dropbear
@pytest.mark.parametrize("options", [("-B", "127.0.0.1:22"), ("-N", "-R", "0:127.0.0.1:22"), ("-s",)], ids=" ".join)
def test_dbclient_gets_nothing_else(served: Served, options: tuple[str, ...]) -> None:
    # It stays when it is refused; what counts is that nothing comes.
    assert run([*dbclient(served, *options), ANYBODY, "sftp"], seconds=5).out == ""


# --- clients that stand still -----------------------------------------------------------------------------------------


def test_a_client_that_was_stopped_shows_what_is_so_once_it_goes_on(served: Served) -> None:
    words, key = "open --screen journal", served.key_of("jana")
    with (
        served.terminal(key, words, options=("-t",), width=120, height=36) as stopped,
        served.terminal(served.key_of("rahul"), width=80, height=24) as other,
    ):
        stopped.wait_for("DM-01")
        other.wait_for("rahul")
        stopped.process.send_signal(signal.SIGSTOP)
        for number in range(7):
            served.run("task", "note", "DM-03", f"while it stood still {number}", "--as", "jana")
        other.keys("?")
        other.wait_for("Keys")  # nobody waits for the one that stands still
        stopped.process.send_signal(signal.SIGCONT)
        stopped.wait_for("while it stood still 6")

        def entries(text: str) -> list[str]:
            return [line.strip("┃ ▄▀█") for line in text.splitlines() if "while it stood still" in line]

        with served.terminal(key, words, options=("-t",), width=120, height=36) as fresh:

            def both_show_the_same(text: str) -> bool:
                stopped.read(0.01)
                return len(entries(text)) == 7 and entries(text) == entries(stopped.text)

            fresh.wait_for(both_show_the_same)


def test_input_without_an_end_is_cut_off(served: Served) -> None:
    with (
        Path("/dev/zero").open("rb") as endless,
        subprocess.Popen(
            served.client(served.key_of("jana"), "evidence", "add", "DM-01", "-"),
            stdin=endless,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode not in (0, None)
    assert b"reads at most" in err


def test_who_gives_a_command_no_input_keeps_nobody_else_waiting(served: Served) -> None:
    waiting = [
        subprocess.Popen(
            served.client(served.key_of("rahul"), "evidence", "add", "DM-01", "-"),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(6)
    ]
    try:
        served.wait_for_entry("session.open", "for commands")
        assert served.ssh(served.key_of("jana"), "status", "--json").code == 0
        assert all(process.poll() is None for process in waiting)
    finally:
        for process in waiting:
            process.kill()
            process.communicate()


# --- a server that goes and comes back --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_people_are_brought_back_by_the_next_server(tmp_path: Path, number: signal.Signals) -> None:
    server = Served(tmp_path)
    key, places = server.key_of("jana"), Path(f"{server.path}.places")
    with server.terminal(key, width=100, height=30) as terminal:

        def written() -> bool:  # which it is now and then
            terminal.read(0.05)
            return places.exists() and "DM-03" in places.read_text("utf-8")

        terminal.wait_for("DM-03")
        terminal.keys("jj\r")
        terminal.wait_for("Post today's bank statement")
        if number == signal.SIGKILL:
            until(written)
        os.kill(server.process.pid, number)
        assert terminal.wait_for_end() != 0
        server.process.wait(timeout=PATIENCE_S)
        if number == signal.SIGTERM:
            assert "log in again" in terminal.text
    assert "DM-03" in places.read_text("utf-8")
    again = Served(tmp_path)
    with again.terminal(key, width=100, height=30) as terminal:
        terminal.wait_for("Post today's bank statement")
        terminal.keys("\x1b")
        terminal.wait_for("DM-07")
    again.stop()


SHOUTS = 60


@contextmanager
def far_away(served: Served, key: Path, link: SlowLink) -> Iterator[PtyTerminal]:
    words = [str(link.port) if word == str(served.port) else word for word in served.client(key)]
    terminal = PtyTerminal(words, 100, 30)
    try:
        yield terminal
    finally:
        terminal.close()


def test_a_slow_link_holds_nobody_up_and_ends_with_the_right_screen(served: Served) -> None:
    key = served.key_of("jana")
    with (
        slow_link(served.port, delay_s=0.3, bytes_a_second=20_000) as link,
        StateFile.open(served.path) as state_file,
        far_away(served, key, link) as slow,
        served.terminal(key) as quick,
    ):
        slow.wait_for("? help")
        quick.wait_for("? help")
        slow.keys("?")
        slow.wait_for("Keys")
        slow.keys("\x1b")
        slow.wait_for("Who must act")
        link.stall()
        slow.keys("jjjkkk" * 20)
        for number in range(SHOUTS):
            shouts.shout(state_file, caller("greta"), f"message {number} of many")
        quick.wait_for(f"message {SHOUTS - 1} of many")  # whoever is near waits for nobody
        quick.keys("?")
        quick.wait_for("Keys")
        before = link.carried
        link.resume()
        slow.wait_for(f"message {SHOUTS - 1} of many")
        assert 0 < link.carried - before < 100_000, "it is drawn as it is, not as it became"
        slow.keys("?")
        slow.wait_for("Keys")
