"""Simulated people at the controls: two take the figures, the signer signs, and a difference is put right first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cutover import Cutover, created, document, minute, opened, task
from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.board.rows import Control
from warroom.resources import folder
from warroom.rules.controls import control_standing, tolerance_of
from warroom.runbook.document import PlannedControl, RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.simulate.demo import play_document
from warroom.simulate.play import play_stepped
from warroom.simulate.totals import count_of
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import ControlKind, Disposition, Side, SignConvention

SEEDS = range(300)
GL = PlannedControl("gl", "Trial balance", "vera", "EUR", tolerance_absolute=Decimal("0.50"), loads=("LOAD", "POST"))


def plan(*controls: PlannedControl) -> RunbookDocument:
    """LOAD, then POST, both omar's; nobody but gil verifies anything."""
    tasks = task("LOAD", 30, verifier="gil"), task("POST", 30, "LOAD", verifier="gil"), task("LAST", 60, "POST")
    return replace(document(*tasks), controls=controls)


@pytest.fixture
def loading(tmp_path: Path) -> Iterator[Cutover]:
    with opened(created(tmp_path / "state.db", plan(GL))) as cutover:
        cutover.rehearse()
        yield cutover


def control_of(board: Board, key: str = "gl") -> Control:
    return next(one for one in board.controls if one.key == key)


def a_seed(control: Control, *, wrong: bool) -> int:
    return next(seed for seed in SEEDS if (count_of(seed, control).wrong is not None) is wrong)


def played(cutover: Cutover, seed: int) -> list[tuple[str, str]]:
    """Who did what at the controls, in order."""
    seen: list[Entry] = []
    play_stepped(cutover.state_file, cutover.clock, seed, on_entry=seen.append)
    return [(entry.actor, entry.action) for entry in seen if entry.subject == "control gl"]


def test_one_takes_the_old_side_another_the_new_and_the_signer_neither(loading: Cutover) -> None:
    seed = a_seed(control_of(loading.board()), wrong=False)
    assert played(loading, seed) == [("gil", "control.record"), ("bea", "control.record"), ("vera", "control.sign")]
    board = loading.board()
    (one,) = board.rounds(control_of(board).id)
    legacy, new = sorted(board.figures(one.id), key=lambda figure: figure.at)
    load, post = loading.task("LOAD"), loading.task("POST")
    assert load.actual_start is not None
    assert post.executed_at is not None
    assert (legacy.side, new.side) == (Side.LEGACY, Side.NEW)
    assert load.actual_start < legacy.at < load.actual_start + timedelta(minutes=6)
    assert post.executed_at < new.at < post.executed_at + timedelta(minutes=7)
    assert control_standing(board, control_of(board)).signed


def test_a_difference_is_put_right_in_a_round_of_its_own(loading: Cutover) -> None:
    seed = a_seed(control_of(loading.board()), wrong=True)
    assert played(loading, seed) == [
        ("gil", "control.record"),
        ("bea", "control.record"),
        ("vera", "control.dispose"),
        ("bea", "control.record"),
        ("vera", "control.sign"),
    ]
    board = loading.board()
    first, second = board.rounds(control_of(board).id)
    assert (first.disposition, first.signed_at, second.disposition) == (Disposition.FIX, None, None)
    assert second.signed_at is not None


@pytest.mark.parametrize("kind", ControlKind)
@pytest.mark.parametrize("sign", SignConvention)
def test_what_is_counted_is_within_the_tolerance_and_what_is_wrong_is_not(
    kind: ControlKind, sign: SignConvention, tmp_path: Path
) -> None:
    controls = (
        replace(GL, key="none", kind=kind, sign=sign, tolerance_absolute=Decimal(0)),
        replace(GL, key="some", kind=kind, sign=sign, tolerance_absolute=Decimal("2.5"), tolerance_percent=Decimal(1)),
        replace(GL, key="zero", kind=kind, sign=sign, tolerance_absolute=Decimal(3), expected=Decimal(0)),
    )
    with opened(created(tmp_path / "state.db", plan(*controls))) as cutover:
        board = cutover.board()
    wrong = 0
    for control in board.controls:
        tolerance = tolerance_of(control)
        for seed in SEEDS:
            count = count_of(seed, control)
            assert count == count_of(seed, control)
            assert control.expected in (None, count.legacy)
            assert tolerance.holds(count.legacy, count.new)
            if count.wrong is not None:
                wrong += 1
                assert not tolerance.holds(count.legacy, count.wrong)
            if kind in (ControlKind.COUNT, ControlKind.HASH, ControlKind.SAMPLE):
                assert count.new == count.new.to_integral_value()
    assert len(SEEDS) // 5 < wrong < len(SEEDS) * 3 // 5


def test_after_a_load_is_done_again_its_figures_are_taken_again(loading: Cutover) -> None:
    seed = a_seed(control_of(loading.board()), wrong=False)
    board = loading.board()
    while not control_standing(board, control_of(board)).signed or loading.task("LAST").actual_start is None:
        until = loading.clock.now() + timedelta(minutes=2)
        board = play_stepped(loading.state_file, loading.clock, seed, until=until)
    loading.do("task.rerun", "POST", reason="the wrong period")
    assert [action for _, action in played(loading, seed)] == ["control.record", "control.sign"]
    assert len(loading.board().rounds(control_of(board).id)) == 2


def test_what_somebody_at_a_console_has_entered_is_left_to_them(loading: Cutover) -> None:
    seed = a_seed(control_of(loading.board()), wrong=False)
    loading.do("control.record", "gl", by="sam", side=Side.LEGACY, value=Decimal("12.00"))
    assert played(loading, seed) == [("gil", "control.record")]
    board = loading.board()
    assert not control_standing(board, control_of(board)).ties_out


def test_who_has_loaded_it_does_not_sign_it(loading: Cutover) -> None:
    """Vera does the posting for omar that night, so the lead signs what she would have."""
    seed = a_seed(control_of(loading.board()), wrong=False)
    play_stepped(loading.state_file, loading.clock, seed, until=minute(40))
    loading.do("task.assign", "POST", people={"owner": "vera"}, reason="omar is ill")
    assert played(loading, seed)[-1] == ("lena", "control.sign")


def test_controls_that_do_not_say_what_loads_them_are_left_to_people(tmp_path: Path) -> None:
    with opened(created(tmp_path / "state.db", plan(replace(GL, loads=())))) as cutover:
        cutover.rehearse()
        assert played(cutover, 1) == []


def test_the_panel_waits_for_the_controls_that_it_asks_for(tmp_path: Path) -> None:
    """In every play of the first cutover all four are signed before the first vote of the last gate."""
    name = "first-cutover.yaml"
    runbook = read_runbook(folder("sample_runbooks") / name)
    for seed in range(6):
        with (tmp_path / "out.txt").open("w") as out:
            path = play_document(runbook, name, tmp_path / f"{seed}.db", seed=seed, out=out).path
        with StateFile.open(path) as state_file:
            entries = list(state_file.entries())
            controls = load_board(state_file).controls
        voted = next(entry.seq for entry in entries if entry.action == "gate.vote" and entry.subject == "DM-14")
        signed = [entry.seq for entry in entries if entry.action == "control.sign"]
        assert len(signed) == len(controls)
        assert max(signed) < voted
