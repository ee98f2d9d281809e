"""How long it takes to seek in the past of a run, once that is in memory (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter

from tests.bench.measure import held, medians
from tests.cutover import caller
from tests.soaking import times
from warroom.actions import plan, runs
from warroom.board.history import History
from warroom.board.rows import Step, Task
from warroom.clock.source import SteppedClock
from warroom.clock.times import iso_utc
from warroom.host.replay import ReplayHost
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.tui.picture.picture import picture_of
from warroom.vocabulary.journal import Change, Entry, Operation, Plain
from warroom.vocabulary.words import Assurance, RunKind, Via

ENTRIES = times(short=30_000, whole=100_000)


def long_past(path: Path) -> History:
    """A weekend of the real-size plan with so many entries, made in memory after the first ones: ticks, new ETAs with
    their reasons, and one note in ten."""
    document = read_runbook(folder("sample_runbooks") / "business-central.yaml")
    clock = SteppedClock(document.window.start)
    plan.init(path, document, name="business-central.yaml", clock=clock)
    with StateFile.open(path, clock=clock) as state_file:
        runs.start(state_file, caller("ana"), kind=RunKind.REHEARSAL, name="long")
        first = tuple(state_file.entries())
    board = History(first, 1, None).board(len(first))
    tasks, steps = list(board.rows(Task)), list(board.rows(Step))
    random = Random(7)
    begun = clock.now()

    def following() -> Iterator[Entry]:
        for seq in range(len(first) + 1, ENTRIES + 1):
            at = begun + timedelta(seconds=2 * (seq - len(first)))
            task = board.rows(Task)[random.choice(tasks)]
            yield _entry(seq, at, task.ref, *_change(seq, at, task.id, random, steps))

    return History((*first, *following()), 1, None)


def _change(seq: int, at: datetime, task_id: int, random: Random, steps: list[int]) -> tuple[str, Change]:
    draw = random.random()
    if draw < 0.1:
        row: dict[str, Plain] = {"id": seq, "run_id": 1, "task_id": task_id, "person_id": 1, "at": iso_utc(at)}
        return "task.note", Change(Operation.INSERT, "note", seq, None, row | {"text": f"note {seq}"})
    if draw < 0.4:
        after: dict[str, Plain] = {"eta": iso_utc(at + timedelta(hours=1)), "eta_reason": f"reason {seq}"}
        return "task.eta", Change(Operation.UPDATE, "task", task_id, {}, after)
    ticked: dict[str, Plain] = {"ticked_at": iso_utc(at), "ticked_by_id": 1}
    return "step.tick", Change(Operation.UPDATE, "step", random.choice(steps), {}, ticked)


def _entry(seq: int, at: datetime, subject: str, action: str, change: Change) -> Entry:
    return Entry(
        seq=seq,
        id=str(seq),
        run=1,
        recorded_at=at,
        run_time=at,
        effective_at=at,
        actor="ana",
        done_by="ana",
        assurance=Assurance.CLAIMED,
        via=Via.CLI,
        action=action,
        subject=subject,
        reason=None,
        changes=(change,),
        schema=1,
        previous_hash="",
        hash="",
    )


def test_seeking_in_a_long_journal(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Target: at most 50 ms a seek; held is that it costs at most a twentieth of folding the journal to its end."""
    history = long_past(tmp_path / "state.db")
    began = perf_counter()
    host = ReplayHost(history, caller("ana"))
    loading = perf_counter() - began
    assert host.place == (len(history.own_seqs), len(history.own_seqs))
    random = Random(11)
    # Backwards and forwards by turns, always far: the dearest way.
    instants = [host.begin + (host.end - host.begin) * random.random() for _ in range(40)]
    following = cycle(instants)

    def seek() -> None:
        host.seek(next(following))

    def step() -> None:
        host.step(1)

    def show() -> None:
        picture_of(host.board, host.board.run_time(host.wall_time()), host.actor)

    def measured() -> list[float]:
        return medians(lambda: history.board(0).apply(history.entries), seek, step, show, rounds=3)

    fold_s, seek_s, step_s, show_s = held(measured, lambda found: found[1] <= found[0] / 20)
    slowest = 0.0
    for instant in instants:
        began = perf_counter()
        host.seek(instant)
        slowest = max(slowest, perf_counter() - began)
    figures = {
        "keyframes_s": loading,
        "fold_ms": fold_s * 1000,
        "seek_ms": seek_s * 1000,
        "slowest_seek_ms": slowest * 1000,
        "step_ms": step_s * 1000,
        "picture_ms": show_s * 1000,
    }
    for name, value in figures.items():
        record_property(f"replay_{name}", round(value, 2))
    print(", ".join(f"{name} {value:.1f}" for name, value in figures.items()))
    assert seek_s <= fold_s / 20
