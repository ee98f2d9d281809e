"""Playing: repeatable on the stepped clock, tolerant beside others, never in the live run."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from warroom.actions import plan, runs, tasks
from warroom.board.load import load_board
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.simulate.demo import DEFAULT_SEED, demo_headless, prepare_demo, result_lines, seeded_ids, stop_people
from warroom.simulate.play import as_person, play_live, play_stepped, rate_of
from warroom.store import journal
from warroom.store.statefile import StateFile
from warroom.store.verify import Finding, Verification, verify
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import RunKind, TaskState

SMALL = folder("sample_runbooks") / "first-cutover.yaml"
LARGE = folder("sample_runbooks") / "business-central.yaml"
START = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def bodies(path: Path) -> tuple[str, list[journal.Record]]:
    """Genesis and journal as they are stored."""
    with StateFile.open(path) as state_file, state_file.read() as reader:
        return state_file.genesis, list(journal.all_records(reader.connection))


def rehearsal(path: Path, clock: SteppedClock | None = None) -> StateFile:
    plan.init(path, read_runbook(SMALL), name=SMALL.name, clock=clock)
    state_file = StateFile.open(path, clock=clock)
    runs.start(state_file, as_person("jana"), kind=RunKind.REHEARSAL, name="r1", at=START)
    return state_file


def test_two_plays_with_one_seed_are_equal_byte_for_byte(tmp_path: Path) -> None:
    outs = [io.StringIO(), io.StringIO(), io.StringIO()]
    seeds = [DEFAULT_SEED, DEFAULT_SEED, DEFAULT_SEED + 1]
    paths = [
        demo_headless(SMALL, tmp_path / f"{place}.db", seed=seed, out=out).path
        for place, (seed, out) in enumerate(zip(seeds, outs, strict=True))
    ]
    first, second, other = (bodies(path) for path in paths)
    assert first == second
    assert outs[0].getvalue() == outs[1].getvalue()
    assert first[0] != other[0]
    assert first[1] != other[1]


def test_the_default_play_tells_the_story_that_it_is_chosen_for(tmp_path: Path) -> None:
    out = io.StringIO()
    played = demo_headless(SMALL, tmp_path / "story.db", out=out)
    board = played.board
    assert board.run is not None
    window = board.run.window_start
    slips = [alert for alert in board.alerts if alert.raised_at <= window + timedelta(hours=1) and alert.pushes != "[]"]
    assert slips
    lines = out.getvalue().splitlines()
    assert len([line for line in lines if " task.block " in line]) == 1
    assert any("ETA 18:50: The credit note is being looked for" in line for line in lines)
    assert any("gate.vote" in line and line.endswith("  go") for line in lines)
    assert lines[-4].endswith("inside the window that ends Fri 27 Nov 22:00")
    assert "DM-14 go" in lines[-3]
    assert lines[-1] == f"journal  verified, {played.verification.entries} entries, head {played.verification.head}"


def test_the_real_size_sample_plays_to_its_end(tmp_path: Path) -> None:
    out = io.StringIO()
    played = demo_headless(LARGE, tmp_path / "large.db", seed=4, speed=60, out=out)
    assert played.verification.sound
    assert {task.state for task in played.board.tasks} == {TaskState.DONE}
    assert "tasks    50 of 50 done" in out.getvalue()  # one of them a condition of a conditional go


def test_the_speed_changes_the_recorded_times_and_not_the_play(tmp_path: Path) -> None:
    plain, fast = io.StringIO(), io.StringIO()
    demo_headless(SMALL, tmp_path / "plain.db", seed=9, out=plain)
    path = demo_headless(SMALL, tmp_path / "fast.db", seed=9, speed=60, out=fast).path
    said = [line.split("  ", 2)[2] for line in fast.getvalue().splitlines()[:-6] if "alert." not in line]
    assert said == [line.split("  ", 2)[2] for line in plain.getvalue().splitlines()[:-6] if "alert." not in line]
    with StateFile.open(path) as state_file:
        entries = list(state_file.entries())
    assert entries[-1].run_time is not None
    ran, recorded = entries[-1].run_time - START, entries[-1].recorded_at - START
    assert abs(ran - 60 * recorded) < timedelta(seconds=1)


def test_a_stepped_play_can_stop_and_go_on(tmp_path: Path) -> None:
    whole_clock, clock = SteppedClock(START), SteppedClock(START)
    with rehearsal(tmp_path / "whole.db", whole_clock) as whole, rehearsal(tmp_path / "parts.db", clock) as parts:
        in_one = play_stepped(whole, whole_clock, 12)
        for minutes in (7, 61, 118):
            board = play_stepped(parts, clock, 12, until=START + timedelta(minutes=minutes))
            assert board.run is not None
            assert board.run.closed_at is None
            assert board.run_time(clock.now()) == START + timedelta(minutes=minutes)
        in_parts = play_stepped(parts, clock, 12)
    assert [task.actual_finish for task in in_parts.tasks] == [task.actual_finish for task in in_one.tasks]
    assert [task.executor_id for task in in_parts.tasks] == [task.executor_id for task in in_one.tasks]


def test_every_entry_is_told_once_and_in_order(tmp_path: Path) -> None:
    clock = SteppedClock(START)
    told: list[int] = []
    with rehearsal(tmp_path / "told.db", clock) as state_file:
        before = state_file.head().seq
        play_stepped(state_file, clock, 2, on_entry=lambda entry: told.append(entry.seq))
        assert told == list(range(before + 1, state_file.head().seq + 1))


def test_without_an_open_run_nobody_plays(tmp_path: Path) -> None:
    clock = SteppedClock(START)
    plan.init(tmp_path / "none.db", read_runbook(SMALL), name=SMALL.name, clock=clock)
    with StateFile.open(tmp_path / "none.db", clock=clock) as state_file:
        with pytest.raises(Refused, match="no run is open"):
            play_stepped(state_file, clock, 1)
        with pytest.raises(Refused, match="no run is open"):
            play_live(state_file, 1, Event())
        runs.start(state_file, as_person("jana"), kind=RunKind.LIVE)
        before = state_file.head()
        with pytest.raises(Refused, match="live run"):
            play_live(state_file, 1, Event())
        assert state_file.head() == before


def test_a_held_clock_cannot_be_stepped(tmp_path: Path) -> None:
    clock = SteppedClock(START)
    with rehearsal(tmp_path / "held.db", clock) as state_file:
        runs.hold(state_file, as_person("jana"))
        with pytest.raises(Refused, match="held"):
            play_stepped(state_file, clock, 1)


def test_two_simulators_and_a_person_share_one_run(tmp_path: Path) -> None:
    """Both mean to do everything, each by its own seed, in real time; what one finds done already it lets be."""
    path = tmp_path / "live.db"
    with rehearsal(path) as state_file, StateFile.open(path) as other:
        tasks.start(state_file, as_person("jana"), "DM-01")
        failures: list[BaseException] = []

        def guarded(play: Callable[[], None]) -> Callable[[], None]:
            def run() -> None:
                try:
                    play()
                except BaseException as error:
                    failures.append(error)

            return run

        stop = Event()
        players = [
            Thread(target=guarded(lambda: play_live(state_file, 31, stop, speed=12_000))),
            Thread(target=guarded(lambda: play_live(other, 32, stop))),
        ]
        for player in players:
            player.start()
        for player in players:
            player.join(timeout=60)
        stop.set()
        assert not any(player.is_alive() for player in players)
        assert failures == []
        board = load_board(state_file)
        assert {task.state for task in board.tasks} == {TaskState.DONE}
        assert verify(state_file).sound


def test_a_live_play_stops_when_told(tmp_path: Path) -> None:
    with rehearsal(tmp_path / "stop.db") as state_file:
        runs.hold(state_file, as_person("jana"))
        stop = Event()
        player = Thread(target=play_live, args=(state_file, 1, stop))
        player.start()
        stop.set()
        player.join(timeout=20)
        assert not player.is_alive()
        assert load_board(state_file).tasks[0].state is TaskState.NOT_STARTED


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf"), 1e9, 0.0001])
def test_a_speed_must_make_sense(speed: float, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="makes no sense"):
        rate_of(speed)
    with pytest.raises(BadInput):
        demo_headless(SMALL, tmp_path / "speed.db", speed=speed, out=io.StringIO())
    assert not (tmp_path / "speed.db").exists()


def test_rates_are_thousandths() -> None:
    assert [rate_of(speed) for speed in (0.5, 1, 60, 0.001)] == [500, 1000, 60_000, 1]


def test_seeded_ids_repeat() -> None:
    first, second, other = seeded_ids(1), seeded_ids(1), seeded_ids(2)
    ids = [first() for _ in range(50)]
    assert ids == [second() for _ in range(50)]
    assert len(set(ids)) == 50
    assert other() not in ids
    assert {made.version for made in ids} == {4}


@pytest.mark.parametrize(("runbook", "before_window"), [(SMALL, timedelta()), (LARGE, timedelta(days=35))])
def test_a_prepared_demo_stands_at_the_start_of_its_window(
    runbook: Path, before_window: timedelta, tmp_path: Path
) -> None:
    now = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
    path = prepare_demo(runbook, tmp_path / "demo.db", clock=SteppedClock(now))
    with StateFile.open(path, clock=SteppedClock(now)) as state_file:
        board = load_board(state_file)
        entries = list(state_file.entries())
        assert verify(state_file).sound
    run, clock = board.run, board.clock
    assert run is not None
    assert clock is not None
    assert run.closed_at is None
    assert run.window_start == read_runbook(runbook).window.start
    assert board.run_time(now) == run.window_start
    assert clock.rate_at(now) == 60_000
    assert all(entry.recorded_at <= now for entry in entries)
    assert entries[0].recorded_at == now - before_window
    for task in board.tasks:
        if task.actual_start is not None:
            assert task.actual_start < run.window_start
    done = [task for task in board.tasks if task.state is TaskState.DONE]
    assert bool(done) == (runbook is LARGE)


def test_a_demo_without_a_name_goes_to_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = prepare_demo(SMALL, speed=1)
    assert path.is_file()
    assert path.parent.parent == tmp_path
    with StateFile.open(path) as state_file:
        board = load_board(state_file)
    assert board.clock is not None
    assert len(board.clock.segments) == 1


def test_a_touched_journal_is_said_in_the_result(tmp_path: Path) -> None:
    played = demo_headless(SMALL, tmp_path / "result.db", seed=5, out=io.StringIO())
    broken = Verification(3, "ff", (Finding(2, "its text does not give its hash"),))
    assert result_lines(played.board, broken)[-1] == "journal  NOT SOUND: its text does not give its hash"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.exit('no run is open')", "no run is open"),
        ("", None),
    ],
)
def test_people_who_ended_by_themselves_are_heard_only_if_they_failed(program: str, said: str | None) -> None:
    people = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    people.wait(timeout=60)
    assert stop_people(people) == said


def test_people_who_play_are_stopped() -> None:
    people = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert people.stdout is not None
    people.stdout.readline()
    assert stop_people(people) is None
    assert people.returncode is not None
