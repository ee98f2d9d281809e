"""What the rules of the lint look at: a plan, its board, its schedule and its rehearsals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cached_property

from warroom.board.board import Board
from warroom.board.calendars import calendars_of
from warroom.board.forecast import Forecast, forecast
from warroom.board.from_runbook import bare_board
from warroom.board.rows import Task
from warroom.clock.times import show_time
from warroom.runbook.document import PlannedGate, PlannedTask, RunbookDocument
from warroom.runbook.faults import Place
from warroom.schedule.result import Timing
from warroom.vocabulary.words import GateStage, LinkType

Planned = PlannedTask | PlannedGate


class Plan:
    """A runbook to judge.

    Attributes:
        board: the plan alone, with roles resolved.
        forecast: its schedule; there is no run.
        rehearsals: one Board for each rehearsal, the earliest first; None: nothing is known of any.
    """

    def __init__(self, document: RunbookDocument, rehearsals: Sequence[Board] | None = None) -> None:
        self.document = document
        self.rehearsals = rehearsals
        self.board: Board = bare_board(document)
        plan = self.board.plan
        self.forecast: Forecast = forecast(self.board, plan.window_start + timedelta(seconds=plan.plan_start_s))

    @cached_property
    def rows(self) -> dict[str, Planned]:
        """The rows of the main network by ref, in the order of the runbook."""
        rows: list[Planned] = [*self.document.tasks, *self.document.gates]
        return {row.ref: row for row in rows}

    @property
    def taking_part(self) -> Iterator[tuple[Planned, Task, Timing]]:
        """The rows of the main network that take part in the live run: as planned, on the board, and when."""
        for ref, row in self.rows.items():
            task = self.board.task(ref)
            if task is not None and ref in self.forecast.delays:
                yield row, task, self.forecast.plan.of(ref)

    @cached_property
    def everything(self) -> tuple[Planned, ...]:
        """All rows: of the main network, and back-out tasks."""
        return (*self.rows.values(), *self.document.rollback.tasks)

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        known: dict[str, frozenset[str]] = {}
        for ref in self._order():
            above: set[str] = set()
            for link in self.rows[ref].links:
                above |= {link.predecessor}
                above |= known[link.predecessor]
            known[ref] = frozenset(above)
        return known

    def _order(self) -> list[str]:
        """The refs, each behind its predecessors; the reader has refused cycles."""
        order: dict[str, None] = {}
        for ref in self.rows:
            pending = [ref]
            while pending:
                todo = [link.predecessor for link in self.rows[pending[-1]].links if link.predecessor not in order]
                if pending[-1] in order or not todo:
                    order[pending.pop()] = None
                else:
                    pending += todo
        return list(order)

    def ancestors(self, ref: str) -> frozenset[str]:
        """All that comes before a row of the main network, through links of any type."""
        return self._ancestors[ref]

    @cached_property
    def final_gates(self) -> tuple[PlannedGate, ...]:
        """The gates of stage go-live; else the last gate before the point of no return; none if there is none."""
        marked = tuple(gate for gate in self.document.gates if gate.stage is GateStage.GO_LIVE)
        point = self.document.rollback.point_of_no_return
        if marked or point is None:
            return marked
        before = [gate for gate in self.document.gates if gate.ref in self.ancestors(point)]
        in_plan = [gate for gate in before if gate.ref in self.forecast.delays]
        return tuple(sorted(in_plan, key=lambda gate: self.forecast.plan.of(gate.ref).finish)[-1:])

    def next_available(self, person_id: int | None, at: int) -> int:
        """From when on a person works, at `at` or later (seconds from the window start)."""
        calendars = calendars_of(self.board)
        calendar = None if calendars is None or person_id is None else calendars.of_person(person_id)
        return at if calendar is None else calendar.place(at, 0)[0]

    def available(self, person_id: int | None, at: int) -> bool:
        """Whether a person works at `at`."""
        return self.next_available(person_id, at) == at

    def path(self, ref: str) -> tuple[str, ...]:
        """Where a task, a gate or a back-out task stands in the file."""
        row = self.rows.get(ref)
        if row is None:
            return "rollback", "tasks", ref
        return "gates" if isinstance(row, PlannedGate) else "tasks", ref

    def place(self, path: Sequence[str]) -> Place | None:
        return self.document.marks.place(*path)

    def time(self, seconds: int) -> str:
        """An instant, as the programme's clocks show it."""
        return show_time(self.forecast.instant(seconds), self.document.programme.timezone)


def follows_at_once(row: Planned, predecessor: str) -> bool:
    """Whether `row` simply comes after `predecessor`: finish to start, without a lag."""
    return any(
        link.predecessor == predecessor and link.type is LinkType.FINISH_START and not link.lag_s for link in row.links
    )
