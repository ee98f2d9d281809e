"""What comes before a task and after it, all the way."""

from __future__ import annotations

from tests.cutover import Cutover
from warroom.board.chain import Chained, downstream, upstream


def names(chain: tuple[Chained, ...]) -> list[tuple[str, int]]:
    return [(one.task.ref, one.level) for one in chain]


def test_both_ways_by_the_shortest_way(cutover: Cutover) -> None:
    board = cutover.board()
    assert names(upstream(board, cutover.task("END"))) == [("GO", -1), ("TRY", -1), ("B", -2), ("C", -2), ("A", -2)]
    assert names(downstream(board, cutover.task("C"))) == [("GO", 1), ("END", 2), ("AFTER", 3)]
    assert names(downstream(board, cutover.task("C"), 1)) == [("GO", 1)]
    assert upstream(board, cutover.task("A")) == ()
