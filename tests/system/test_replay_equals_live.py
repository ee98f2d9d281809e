"""What a replay shows of an instant is what was live then, cell by cell, forecast included; and so is `replay --at`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.commands import Commands
from tests.cutover import caller, everything
from warroom.actions import plan, runs
from warroom.board.board import Board
from warroom.board.documents import schedule_document, status_document
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.board.task_documents import task_document
from warroom.clock.source import SteppedClock
from warroom.clock.times import iso_utc
from warroom.host.replay import ReplayHost, replay
from warroom.resources import folder
from warroom.rules.permissions import actor_on
from warroom.runbook.reader import read_runbook
from warroom.simulate.demo import seeded_ids
from warroom.simulate.play import play_stepped
from warroom.store.statefile import StateFile
from warroom.tui.picture.picture import picture_of
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import RunKind

LEADS = {"first-cutover.yaml": "jana", "business-central.yaml": "ana"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What was live at a wall time: the Board, and its run's time."""

    wall: datetime
    board: Board

    @property
    def now(self) -> datetime:
        return self.board.run_time(self.wall)


class Played:
    """A rehearsal that was played, with every Board that was live in it; a minute of life is an hour of the run for the
    first part, then the clock is held for an hour, and then it goes as fast as life."""

    def __init__(self, path: Path, runbook: str, seed: int) -> None:
        self.path = path
        self.lead = LEADS[runbook]
        self.moments: list[Moment] = []
        document = read_runbook(folder("sample_runbooks") / runbook)
        start = document.window.start + timedelta(seconds=document.plan_start_s)
        self.clock = SteppedClock(start)
        plan.init(path, document, name=runbook, clock=self.clock, new_id=seeded_ids(seed))
        with self.opened() as state_file:
            self._play(state_file, document.window.start + timedelta(hours=1), seed)

    @contextmanager
    def opened(self) -> Iterator[StateFile]:
        with StateFile.open(self.path, clock=self.clock, new_id=seeded_ids(1)) as state_file:
            yield state_file

    def _play(self, state_file: StateFile, hold_at: datetime, seed: int) -> None:
        lead = caller(self.lead)
        note = self._noting(state_file)
        note(runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="mock 1", rate=60_000))
        play_stepped(state_file, self.clock, seed, until=hold_at, on_entry=note)
        note(runs.hold(state_file, lead, reason="lunch"))
        self.clock.move_to(self.clock.now() + timedelta(hours=1))
        note(runs.resume(state_file, lead))
        note(runs.set_rate(state_file, lead, 1000))
        play_stepped(state_file, self.clock, seed, on_entry=note)

    def _noting(self, state_file: StateFile) -> Any:
        board: Board | None = None

        def note(entry: Entry) -> None:
            """Move the Board on by every entry, as a console does, from the one that the tables gave at the start."""
            nonlocal board
            if entry.run is None or (board is not None and entry.seq <= board.seq):
                return
            board = load_board(state_file) if board is None else board.apply([entry])
            self.moments.append(Moment(entry.recorded_at, board))

        return note


def shown(board: Board, now: datetime, wall: datetime, handle: str) -> dict[str, Any]:
    """All that screens and commands make of a Board at a time."""
    expected = forecast(board, now)
    picture = picture_of(board, now, actor_on(board, handle))
    return {
        "cells": everything(board),
        "seq": board.seq,
        "last entries": {task.ref: board.last_entry(task.ref) for task in board.tasks},
        "schedule": schedule_document(board, expected),
        "status": status_document(board, expected, wall),
        "tasks": [task_document(board, expected, task) for task in (*board.tasks, *board.backout_tasks)],
        "figures": picture.figures,
        "demands": picture.demands,
        "groups": picture.groups,
        "back-out": (expected.decide_backout_by, expected.backout_duration),
    }


def shown_by(host: ReplayHost) -> dict[str, Any]:
    wall = host.wall_time()
    return shown(host.board, host.board.run_time(wall), wall, host.actor.handle)


@pytest.mark.parametrize(
    ("runbook", "seed"),
    [("first-cutover.yaml", 132), ("first-cutover.yaml", 7), ("first-cutover.yaml", 41), ("business-central.yaml", 3)],
)
def test_a_replayed_instant_is_what_was_live_then(
    runbook: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = Played(tmp_path / "state.db", runbook, seed)
    random = Random(seed)
    with played.opened() as state_file:
        host = replay(state_file, caller(played.lead))
    assert host.place == (len(played.moments), len(played.moments))
    sampled = [*sorted(random.sample(range(len(played.moments) - 1), 25)), len(played.moments) - 1]
    held = [place for place, moment in enumerate(played.moments) if moment.board.clock.rate_at(moment.wall) == 0]  # type: ignore[union-attr]
    assert held, "the clock was held"
    for place in sorted({*sampled, *held}):
        moment = played.moments[place]
        host.seek_entry(moment.board.seq)
        assert host.place[0] == place + 1
        assert host.instant == moment.now
        assert shown_by(host) == shown(moment.board, moment.now, moment.wall, played.lead), moment.board.seq
    commands = Commands(played.path, played.clock, capsys)
    for place in sampled[:-1]:
        moment, following = played.moments[place], played.moments[place + 1]
        gap = following.now - moment.now
        if not gap:
            continue
        instant = moment.now + gap * random.random()
        host.seek(instant)
        assert host.instant == instant
        assert host.board.seq == moment.board.seq
        wall = moment.board.clock.wall_time(instant)  # type: ignore[union-attr]
        assert wall is not None
        then = shown(moment.board, moment.board.run_time(wall), wall, played.lead)
        assert shown_by(host) == then
        written = commands.json("replay", "--db", str(played.path), "--at", iso_utc(instant))
        assert written == {**json.loads(json.dumps(then["schedule"])), "seq": moment.board.seq}
