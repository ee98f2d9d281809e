"""Every sample, played by simulated people until one task of its longest path turns out to be far too late: the last
gate is decided no-go on a criterion that says so with its figures, while a back-out still fits, and nothing behind it
starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from warroom.actions import plan, runs
from warroom.actions.registry import ACTIONS
from warroom.board.board import Board, behind
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.board.rows import Gate, Task
from warroom.cli.gate_record import markdown, record_of
from warroom.clock.durations import DAY
from warroom.clock.source import SteppedClock
from warroom.clock.times import iso_utc
from warroom.resources import folder
from warroom.rules.conditions import Basis
from warroom.rules.criteria import judged
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import (
    AfterNoGo,
    Automatic,
    GateStage,
    Light,
    RunKind,
    ShownState,
    TaskKind,
    Verdict,
    VoteChoice,
)

SAMPLES = sorted(path.stem for path in folder("sample_runbooks").glob("*.yaml"))
SEED = 1
A_WHILE = timedelta(minutes=15)
LATE_BY = timedelta(days=2)
NOTICED = "the files are not those of this company: they are made anew"
AGAINST = "it does not fit into the window any more"


class Night:
    """A rehearsal of a sample, with shorthands."""

    def __init__(self, state_file: StateFile, clock: SteppedClock) -> None:
        self.state_file = state_file
        self.clock = clock

    def board(self) -> Board:
        return load_board(self.state_file)

    def play_on(self) -> Board:
        """Let people go on for a while."""
        return play_stepped(self.state_file, self.clock, SEED, until=self.clock.now() + A_WHILE)

    def do(self, action: str, person_id: int | None, ref: str, **arguments: Any) -> None:
        handle = self.board().handle(person_id)
        assert handle is not None
        ACTIONS[action](self.state_file, as_person(handle), ref, **arguments)


@contextmanager
def rehearsing(path: Path, name: str) -> Iterator[Night]:
    document = read_runbook(folder("sample_runbooks") / f"{name}.yaml")
    clock = SteppedClock(document.window.start + timedelta(seconds=document.plan_start_s))
    plan.init(path, document, name=f"{name}.yaml", clock=clock)
    with StateFile.open(path, clock=clock) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="late")
        yield Night(state_file, clock)


def final_gate(board: Board) -> tuple[Task, Gate]:
    return next(
        (task, gate)
        for task in board.tasks
        if (gate := board.gate_of(task.id)) is not None and gate.stage is GateStage.GO_LIVE
    )


def to_be_late(night: Night) -> Task:
    """The first task of the load on the longest way to the last gate: from each task back to the predecessor that is
    finished last."""
    board = night.board()
    planned = forecast(board, night.clock.now())
    task, _ = final_gate(board)
    found = None
    while before := board.predecessors(task.id):
        task = max(before, key=lambda one: planned.of(one).finish)
        found = task if task.phase == "LOAD" and task.kind_of_task is TaskKind.WORK else found
    assert found is not None
    return found


class Begun(Exception):
    """Ends a play."""


def until_it_begins(night: Night, late: Task) -> None:
    """Play until somebody starts the task, and stop there."""

    def look(entry: Entry) -> None:
        if (entry.action, entry.subject) == ("task.start", late.ref):
            raise Begun

    with pytest.raises(Begun):
        play_stepped(night.state_file, night.clock, SEED, on_entry=look)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SAMPLES)
def test_one_late_task_leads_to_a_no_go_while_a_back_out_still_fits(name: str, tmp_path: Path) -> None:
    with rehearsing(tmp_path / "state.db", name) as night:
        late = to_be_late(night)
        until_it_begins(night, late)
        night.do("task.eta", late.owner_id, late.ref, eta=night.clock.now() + LATE_BY, reason=NOTICED)
        board = night.play_on()

        # Everybody is told of the cause; the gate is only pushed; and the figures say that it cannot fit.
        assert "dependency-slipped" in {one.rule for one in board.open_alerts if one.subject == late.ref}
        task, gate = final_gate(board)
        now = night.clock.now()
        standing = forecast(board, now)
        assert standing.delay(late).own > DAY
        assert standing.delay(task).inherited > DAY / 2
        assert standing.window_float < 0
        assert standing.decide_backout_by is not None
        assert standing.now < standing.decide_backout_by
        red = next(
            one
            for one in judged(Basis(board, standing, now), gate)
            if one.criterion.automatic is Automatic.WINDOW and one.light is Light.RED
        )
        assert red.value.endswith("beyond")
        assert red.threshold.startswith("by ")

        for seat in board.seats(gate.id):
            night.do("gate.vote", seat.person_id, task.ref, choice=VoteChoice.NO_GO, reason=AGAINST)
        with pytest.raises(Refused, match=r"no-go|against|waits for"):
            night.do("gate.decide", task.owner_id, task.ref, verdict=Verdict.GO, reason="we go all the same")
        told = {"reason": f"{late.ref} is two days late", "then": AfterNoGo.BACK_OUT}
        night.do("gate.decide", task.owner_id, task.ref, verdict=Verdict.NO_GO, **told)

        # What it rests on is frozen with it, as it stood.
        board = night.board()
        (decision,) = board.decisions(gate.id)
        kept = json.loads(decision.frozen)
        assert (decision.verdict, decision.afterwards) == (Verdict.NO_GO, AfterNoGo.BACK_OUT)
        frozen = kept["criteria"][red.number - 1]
        assert (frozen["light"], frozen["value"], frozen["threshold"]) == ("red", red.value, red.threshold)
        assert {seat["vote"] for seat in kept["seats"]} == {"no-go"}
        assert kept["forecast"]["window_float_s"] == standing.window_float
        by = iso_utc(standing.instant(standing.decide_backout_by))
        assert kept["forecast"]["latest_backout_decision"] == by
        assert kept["at"] < by
        assert red.value in markdown(record_of(night.state_file, board, task, gate))

        # And nothing behind it starts, whatever people go on with.
        board = night.play_on()
        held = [one for one in board.tasks if one.id in behind(task.id, board.links_from)]
        assert held
        assert {board.shown_state(one) for one in held} == {ShownState.WAITING}
        first = board.successors(task.id)[0]
        with pytest.raises(Refused, match=f"waits for .*{task.ref}"):
            night.do("task.start", first.owner_id, first.ref)
        assert verify(night.state_file).sound
