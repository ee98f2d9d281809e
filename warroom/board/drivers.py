"""Which tasks decide how sure the forecast is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warroom.board.board import Board
from warroom.board.rows import Task

if TYPE_CHECKING:
    from warroom.schedule.montecarlo import Confidence  # loads numpy


def what_matters(board: Board, found: Confidence) -> list[Task]:
    """The tasks that drive the finish or are critical in some trial, those that drive it most first."""
    refs = {*found.criticality, *found.drivers}
    tasks = [task for task in board.tasks if task.ref in refs]
    tasks.sort(key=lambda task: (-abs(found.drivers.get(task.ref, 0.0)), -found.criticality.get(task.ref, 0.0)))
    return tasks
