"""Commands as real processes: two on one state file, unusable files, signals, pipes, and what they import."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from tests.commands import FIRST_CUTOVER, PATIENCE_S, Answer, command_line, environment, in_process_of_its_own
from tests.cutover import created, rehearsing
from warroom.store.statefile import StateFile

HEAVY = ("textual", "numpy", "rich", "apscheduler")


class Following:
    """A `journal follow` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def next(self) -> dict[str, Any]:
        """The next entry that it writes; waits for it."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "it ended"
        entry: dict[str, Any] = json.loads(line)
        return entry

    def end(self) -> Answer:
        """Wait for its own end."""
        out, err = self._process.communicate(timeout=PATIENCE_S)
        return Answer(self._process.returncode, out, err)

    def interrupt(self) -> Answer:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self.end()


@contextmanager
def following(path: Path) -> Iterator[Following]:
    process = subprocess.Popen(
        command_line("journal", "follow", "--after", "0", "--json", "--db", str(path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment(),
    )
    hangs = Timer(PATIENCE_S, process.kill)
    hangs.start()
    try:
        yield Following(process)
    finally:
        hangs.cancel()
        process.kill()
        process.communicate()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file with a rehearsal under way."""
    file = tmp_path / "state.db"
    with rehearsing(file):
        return file


def call(path: Path, *arguments: str) -> Answer:
    return in_process_of_its_own(*arguments, "--db", str(path))


def test_a_change_in_one_process_is_followed_in_another(path: Path) -> None:
    with following(path) as feed:
        assert [feed.next()["action"] for _ in range(2)] == ["plan.load", "run.start"]
        started = call(path, "task", "start", "A", "--as", "omar", "--json")
        assert started.code == 0
        assert feed.next() == started.json
        assert call(path, "task", "note", "A", "grüße ✓").code == 0
        noted = feed.next()
        assert noted["seq"] == 4
        assert {change["after"] for change in noted["changes"] if change["field"] == "text"} == {"grüße ✓"}
        ended = feed.interrupt()
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_a_follower_is_told_when_its_file_is_replaced(path: Path, tmp_path: Path) -> None:
    with following(path) as feed:
        feed.next()
        feed.next()
        for left in tmp_path.glob("state.db-*"):
            left.unlink()
        created(tmp_path / "other.db").replace(path)
        answer = feed.end()
    assert answer.code == 3
    assert answer.error["message"] == "the state file was replaced or removed while it was open"


def test_done_twice_is_refused_the_second_time(path: Path) -> None:
    assert call(path, "task", "start", "TRY").code == 0
    assert call(path, "task", "done", "TRY").code == 0
    before = path.read_bytes()
    again = call(path, "task", "done", "TRY", "--json")
    assert (again.code, again.out, again.error["code"]) == (1, "", "refused")
    assert path.read_bytes() == before


def test_files_that_cannot_be_used(path: Path, tmp_path: Path) -> None:
    def refused(file: Path) -> str:
        for command in (["status"], ["task", "start", "A"], ["journal", "verify"]):
            answer = call(file, *command, "--json")
            assert (answer.code, answer.out, answer.error["code"]) == (3, "", "state-file")
            assert answer.error["where"] == str(file)
            assert answer.error["hint"]
        return str(answer.error["message"])

    assert refused(tmp_path / "missing.db") == "there is no state file"
    assert not (tmp_path / "missing.db").exists()
    text = tmp_path / "text.db"
    text.write_text("just some text, longer than the header of a database, but not one " * 3)
    assert refused(text) == "this file is not a warroom state file"
    with StateFile.open(path) as state_file, state_file.write() as transaction:
        transaction.rows.connection.execute("UPDATE state_file SET schema_version = 999")
    assert "schema 999" in refused(path)


def test_touched_history_is_found(path: Path) -> None:
    with StateFile.open(path) as state_file, state_file.write() as transaction:
        connection = transaction.rows.connection
        connection.execute("DROP TRIGGER journal_is_never_edited")
        connection.execute("UPDATE journal SET body = replace(body, '\"lena\"', '\"omar\"') WHERE seq = 2")
    answer = call(path, "journal", "verify", "--json")
    assert answer.code == 3
    assert answer.json["sound"] is False
    assert answer.json["findings"][0]["seq"] == 2
    assert "entry 2" in answer.error["message"]
    assert "entry 2: " in call(path, "journal", "verify").out


def test_a_wrong_handle_is_bad_input(path: Path) -> None:
    answer = call(path, "task", "start", "A", "--as", "nobody")
    assert (answer.code, answer.out) == (2, "")
    assert "there is nobody called nobody" in answer.err


def test_faults_leave_nothing_behind(tmp_path: Path) -> None:
    text = FIRST_CUTOVER.read_text().replace("owner: jana", "owner: jna").replace("duration: 5m", "duration: soon")
    (tmp_path / "faulty.yaml").write_text(text)
    answer = in_process_of_its_own("init", "faulty.yaml", cwd=tmp_path)
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean 'jana'?" in answer.err
    assert sum(line.startswith("faulty.yaml:") for line in answer.err.splitlines()) > 2
    assert [file.name for file in tmp_path.iterdir()] == ["faulty.yaml"]


def test_a_reader_that_has_enough_is_no_error(path: Path) -> None:
    process = subprocess.Popen(
        command_line("journal", "list", "--json", "--db", str(path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stdout.read(1) == b"["
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(PATIENCE_S), said) == (0, b"")


def test_output_is_utf_8_whatever_the_locale(path: Path) -> None:
    ended = subprocess.run(
        command_line("task", "list", "--db", str(path)),
        capture_output=True,
        check=True,
        env=environment(LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"),
    )
    assert "◌ ready" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        (["--help"], (*HEAVY, "sqlmodel", "sqlalchemy", "pydantic", "pendulum", "ruamel.yaml", "warroom.model")),
        (["task", "done", "--help"], (*HEAVY, "pendulum")),
        (["task", "done", "A"], (*HEAVY, "pendulum")),
        (["step", "tick", "A.1"], (*HEAVY, "pendulum")),
        (["gate", "vote", "GO", "go"], (*HEAVY, "pendulum")),
        (["open", "--help"], ("textual", "numpy")),
        (["demo", "--help"], ("textual", "numpy")),
        (["status"], HEAVY),
        (["journal", "list"], HEAVY),
    ],
)
def test_commands_import_only_what_they_need(path: Path, arguments: list[str], forbidden: tuple[str, ...]) -> None:
    program = (
        "import sys\n"
        "from warroom.cli.main import main\n"
        "code = main(sys.argv[1:])\n"
        "assert code in (0, 1), code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env=environment(WARROOM_DB=str(path)),
    )
    imported = set(ended.stderr.splitlines())
    assert "warroom.cli.main" in imported
    assert [module for module in forbidden if module in imported] == []


def test_a_headless_demo_ends_with_its_result_and_says_where_to_look(tmp_path: Path) -> None:
    def play(name: str) -> Answer:
        return in_process_of_its_own("demo", "--headless", "--seed", "3", "--db", name, cwd=tmp_path)

    first, second = play("first.db"), play("second.db")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out  # one seed, one story, and one head of the journal
    assert "journal  verified" in first.out
    assert "warroom open --db first.db" in first.err
    again = play("first.db")
    assert (again.code, again.out) == (2, "")


def test_simulated_people_play_an_open_rehearsal_only(path: Path, tmp_path: Path) -> None:
    none = created(tmp_path / "none.db")
    answer = call(none, "simulate")
    assert (answer.code, answer.out) == (1, "")
    assert call(path, "simulate", "--speed", "0").code == 2


def test_simulated_people_end_quietly_when_told_to(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    assert call(file, "init", str(FIRST_CUTOVER)).code == 0
    assert call(file, "run", "start", "--rehearsal", "x", "--at", "T").code == 0
    with following(file) as feed:
        feed.next()
        feed.next()
        people = subprocess.Popen(
            command_line("simulate", "--db", str(file), "--speed", "600"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        assert feed.next()["action"] == "run.speed"
        assert feed.next()["via"] == "simulator"  # somebody has begun to work
        people.terminate()
        out, err = people.communicate(timeout=PATIENCE_S)
    assert (people.returncode, out, err) == (0, "", "stopped\n")
