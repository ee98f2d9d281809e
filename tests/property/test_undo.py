"""Whatever people do at random: taking it back leaves every journalled row as it was before, or is refused and
leaves no trace; and tables, journal and a moved Board agree all the while."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.cutover import Cutover, everything, opened
from tests.property.test_interleavings import Deed, anything, assert_in_order, blank, carry_out, likely
from tests.soaking import times
from warroom.board.board import Board
from warroom.rules.undo import UNDOABLE
from warroom.store.verify import verify
from warroom.vocabulary.errors import Refused


def cells(board: Board) -> dict[str, Any]:
    return {name: rows for name, rows in everything(board).items() if name != "undone"}


def try_undo(cutover: Cutover, by: str) -> bool:
    head = cutover.head()
    try:
        cutover.do("undo", by=by)
    except Refused:
        assert cutover.head() == head
        return False
    return True


@settings(max_examples=times(short=12, whole=25), deadline=None)
@given(what=st.lists(st.tuples(anything, st.booleans()), min_size=12, max_size=50))
def test_what_is_taken_back_at_once_leaves_everything_as_it_was(what: list[tuple[Deed, bool]], template: Path) -> None:
    with TemporaryDirectory() as folder, opened(Path(shutil.copy(template, folder))) as cutover:
        now = 0
        for tried, keep in what:
            before = cutover.board()
            deed = likely(before, tried) if tried.action == "likely" else tried
            now += deed.later
            cutover.to(now)
            if not carry_out(cutover, deed):
                continue
            done = list(cutover.state_file.entries(before.seq))
            if keep or len(done) != 1:
                continue
            taken_back = try_undo(cutover, deed.by)
            event(f"{done[0].action} taken back: {taken_back}")
            own = (
                done[0].actor == deed.by and done[0].action != "undo"
            )  # else it is an earlier entry that is taken back
            assert taken_back == (done[0].action in UNDOABLE) or not own or not done[0].changes
            if taken_back and own:
                assert cells(cutover.board()) == cells(before)
            assert_in_order(cutover.board())
        assert verify(cutover.state_file).sound
        assert everything(blank().apply(cutover.entries())) == everything(cutover.board())


@settings(max_examples=times(short=12, whole=25), deadline=None)
@given(
    what=st.lists(anything, min_size=12, max_size=50),
    back=st.lists(st.sampled_from(("lena", "omar", "bea", "vera", "gil", "sam")), min_size=4, max_size=30),
)
def test_whoever_takes_back_what_and_when_nothing_breaks(what: list[Deed], back: list[str], template: Path) -> None:
    """What cannot be undone any more stays; the rest goes back entry by entry, each once."""
    with TemporaryDirectory() as folder, opened(Path(shutil.copy(template, folder))) as cutover:
        now = 0
        for tried in what:
            board = cutover.board()
            deed = likely(board, tried) if tried.action == "likely" else tried
            now += deed.later
            cutover.to(now)
            carry_out(cutover, deed)
        for handle in back:
            if try_undo(cutover, handle):
                assert_in_order(cutover.board())
        undos = [entry for entry in cutover.entries() if entry.action == "undo"]
        assert len(cutover.board().undone) == len(undos)
        assert verify(cutover.state_file).sound
        assert everything(blank().apply(cutover.entries())) == everything(cutover.board())


pytestmark = pytest.mark.timeout(300)
