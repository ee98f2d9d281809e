"""What the forecast said in a run's past, kept by a host for all its consoles while the run goes on."""

from __future__ import annotations

import threading
from datetime import datetime

from warroom.board.board import Board
from warroom.board.finishes import Finish, Finishes
from warroom.store.statefile import StateFile


class FinishesKept:
    """Reads the journal once, and from then on only what is new in it. May be asked on any thread."""

    def __init__(self, state_file: StateFile) -> None:
        self._state_file = state_file
        self._reading = threading.Lock()
        self._kept: Finishes | None = None

    def until(self, board: Board, run_time: datetime) -> tuple[Finish, ...]:
        """What the forecast said in the run of `board` up to `run_time` (UTC).

        Raises:
            WarroomError: the journal cannot be read.
        """
        if board.run_id is None:
            return ()
        with self._reading:
            kept = self._kept
            if kept is None or kept.run_id != board.run_id:
                kept = self._kept = Finishes(board.run_id)
            if kept.is_due(run_time):
                kept.take_in(self._state_file.entries(kept.seq), run_time)
            return kept.found
