"""The simulated people in a process of their own, beside this one."""

from __future__ import annotations

from pathlib import Path
from queue import SimpleQueue

from warroom.actions import runs
from warroom.board.load import load_board
from warroom.resources import folder
from warroom.simulate.demo import prepare_demo, spawn_people, stop_people
from warroom.simulate.play import as_person
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import Via

SMALL = folder("sample_runbooks") / "first-cutover.yaml"


def test_people_of_another_process_move_the_board(tmp_path: Path) -> None:
    path = prepare_demo(SMALL, tmp_path / "demo.db", speed=600)
    news: SimpleQueue[tuple[Entry, ...] | WarroomError | None] = SimpleQueue()
    with StateFile.open(path) as state_file:
        feed = Feed(state_file, state_file.head().seq, news.put, news.put)
        feed.start()
        people = spawn_people(path)
        try:
            seen: list[Entry] = []
            while not {"task.start", "step.tick"} <= {entry.action for entry in seen}:
                told = news.get(timeout=60)
                assert isinstance(told, tuple), told
                seen.extend(told)
        finally:
            complaint = stop_people(people)
            feed.stop()
        assert complaint is None
        assert people.returncode is not None
        assert {entry.via for entry in seen} == {Via.SIMULATOR}
        assert load_board(state_file).tasks[0].actual_start is not None
        assert verify(state_file).sound


def test_people_without_a_run_say_why_they_leave(tmp_path: Path) -> None:
    path = prepare_demo(SMALL, tmp_path / "closed.db")
    with StateFile.open(path) as state_file:
        runs.close(state_file, as_person("jana"))
    people = spawn_people(path)
    people.wait(timeout=60)
    complaint = stop_people(people)
    assert complaint is not None
    assert "no run is open" in complaint


def test_people_leave_when_whoever_started_them_is_no_more(tmp_path: Path) -> None:
    with spawn_people(prepare_demo(SMALL, tmp_path / "left.db")) as people:
        assert people.stdin is not None
        people.stdin.close()  # what the system does for a process that is killed
        assert people.wait(timeout=60) == 0
