"""Tasks that come and go while the plan runs: add, remove, split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from warroom.actions.acting import Acting, Known
from warroom.actions.plan_links import parsed_links, put_link
from warroom.actions.planning import change_plan, insist_not_begun, referring
from warroom.actions.subject import person_called, task_called
from warroom.board.board import Board
from warroom.board.plan_rows import references
from warroom.board.rows import Criterion, Link, Row, Task, Trigger
from warroom.model.row import BookRow
from warroom.model.tasks import Outcome
from warroom.store.codec import journalled_tables, table_of
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, PlanRefused, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Automatic, LinkType, StepKind, TaskKind

if TYPE_CHECKING:
    from warroom.runbook.document import PlannedTask  # dear: it brings the reader of runbooks


@dataclass(frozen=True, slots=True)
class Part:
    """A part into which a task is split: what it is called, and how long it takes (seconds)."""

    ref: str
    duration_s: int


def add(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    task: PlannedTask,
    before: Sequence[str] = (),
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Add a task to the open run. It has no baseline until the next re-baseline, and is planned from now on.

    Args:
        ref: that of `task`.
        task: as it would stand in the runbook; its place there is behind the last of its predecessors.
        before: links as in a runbook, "BC-30" or "BC-30 SS+15m": tasks that shall come after the new one.

    Raises:
        PlanRefused: the reader of runbooks would not take it, or it would go before something that has begun.
    """

    from warroom.actions.reshape import insert_task  # dear: it brings the reader of runbooks

    def work(acting: Acting, board: Board) -> None:
        if board.task(ref) is not None:
            raise Refused(f"there is a task {ref} already", where=ref, hint="choose another ref")
        _insist_on_texts(board, {"ref": task.ref, "title": task.title})
        predecessors = [task_called(acting, link.predecessor) for link in task.links]
        for handle in filter(None, (task.owner, task.backup, task.verifier)):
            person_called(acting, handle)
        place = _place_behind(board, predecessors, backout=task.backout)
        row = insert_task(acting.rows, acting.open_run(), task, place)
        for link, predecessor in zip(task.links, predecessors, strict=True):
            put_link(acting, predecessor, row, link.type, link.lag_s)
        for successor, link_type, lag_s in parsed_links(before):
            put_link(acting, row, task_called(acting, successor), link_type, lag_s)

    return change_plan(state_file, caller, "task.add", ref, work, reason=reason, **known)


def remove(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    drop_links: bool = False,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Remove a task that has not begun. Its successors inherit its predecessors: where both links are finish-to-start,
    one takes their place, with both lags; other links go with the task.

    Args:
        drop_links: its successors inherit nothing.

    Raises:
        Refused: it has begun, or is a gate.
        PlanRefused: something names it, or somebody has written something down about it.
    """

    def work(acting: Acting, board: Board) -> None:
        task = task_called(acting, ref)
        insist_not_begun(board, task)
        if task.kind_of_task is TaskKind.GATE:
            raise Refused(f"{ref} is a gate", where=ref, hint="a gate is decided, or skipped by the lead")
        if named := _naming(board, task):
            raise PlanRefused(named, where=ref, hint=f"or leave it out: warroom task skip {ref} --reason TEXT")
        if not drop_links:
            _bridge(acting, board, task)
        for row_class, column in _hanging_on_tasks():
            for row in acting.rows.find(row_class, **{column: task.id}):
                acting.rows.delete(row)
        insist_unreferenced(acting, [task])
        acting.rows.delete(task)

    return change_plan(state_file, caller, "task.remove", ref, work, reason=reason, **known)


def split(
    state_file: StateFile,
    caller: Caller,
    ref: str,
    *,
    parts: Sequence[Part],
    spread_steps: bool = False,
    reason: str,
    **known: Unpack[Known],
) -> Entry:
    """Split a task that has not begun into parts that follow each other.

    The first part keeps what starts the task (its links from predecessors, `not_before`, `must_start`, what hangs on
    its start, the point of no return); the last what ends it (deadline, `must_finish`, what hangs on its finish, the
    verifier with the verification steps, what goes live with it, the end of the window). No part has a baseline until
    the next re-baseline.

    Args:
        spread_steps: the steps go to all parts, in order and as evenly as they come; otherwise all to the first.

    Raises:
        Refused: it has begun, or has nothing to split. BadInput: fewer than two parts, or one that takes no time.
        PlanRefused: a ref is taken or cannot be one.
    """

    def work(acting: Acting, board: Board) -> None:
        task = task_called(acting, ref)
        insist_not_begun(board, task)
        if task.kind_of_task in (TaskKind.GATE, TaskKind.MILESTONE):
            raise Refused(f"{ref} is a {task.kind_of_task.value}: there is nothing to split", where=ref)
        if len(parts) < 2 or any(part.duration_s <= 0 for part in parts):
            raise BadInput("a task is split into two parts or more, each of some time", where=ref)
        for part in parts:
            _insist_on_texts(board, {"ref": part.ref})
        taken = [part.ref for part in parts if part.ref != ref and board.task(part.ref) is not None]
        if taken or len({part.ref for part in parts}) < len(parts):
            raise Refused(f"refs are taken: {', '.join(taken) or 'one is given twice'}", where=ref)
        _Split(acting, board, task, parts).carry_out(spread_steps)

    return change_plan(state_file, caller, "task.split", ref, work, reason=reason, **known)


def insist_unreferenced(acting: Acting, rows: Sequence[Any]) -> None:
    """Rows that something refers to which belongs to the run itself (notes, votes) are not removed with it.

    Raises:
        PlanRefused: with all that refers to them.
    """
    if found := referring(acting.rows, rows):
        raise PlanRefused(found, hint="leave it out instead: warroom task skip REF --reason TEXT")


class _Split:
    """One split under way."""

    def __init__(self, acting: Acting, board: Board, task: Task, parts: Sequence[Part]) -> None:
        self.rows, self.run, self.board, self.task = acting.rows, acting.open_run(), board, task
        self.parts = parts

    def carry_out(self, spread_steps: bool) -> None:
        first, *later = self._tasks()
        last = later[-1]
        for before, after in zip([first, *later], later, strict=False):
            self.rows.insert(Link, run_id=self.run.id, predecessor_id=before.id, successor_id=after.id)
        for link in self.board.links_to(self.task.id):
            if link.link_type.reaches_finish:
                self.rows.update(link, successor_id=last.id)
        for link in self.board.links_from(self.task.id):
            if not link.link_type.leaves_start:
                self.rows.update(link, predecessor_id=last.id)
        self._steps([first, *later], spread_steps)
        self._references(first.ref, last.ref)

    def _tasks(self) -> list[Task]:
        """The rows of the parts; the first is the task's own."""
        task, count = self.task, len(self.parts)

        def title(number: int) -> str:
            mark = f" ({number}/{count})"
            return task.title[: 200 - len(mark)] + mark

        plain = {"duration_low_s": None, "duration_high_s": None, "baseline_start_s": None, "baseline_finish_s": None}
        opens = {"not_before_s": None, "must_start_s": None}
        closes = {"deadline_s": None, "must_finish_s": None, "verifier_id": None, "verifier_role": None, "opens": ()}
        happened = {"id", "attempt", *Outcome.model_fields}
        own = {column: getattr(task, column) for column in table_of(Task).columns if column not in happened}
        head, *tail = self.parts
        rows = [self.rows.update(task, ref=head.ref, title=title(1), duration_s=head.duration_s, **plain, **closes)]
        for number, part in enumerate(tail, start=2):
            values = {**own, **plain, **opens, "ref": part.ref, "title": title(number), "duration_s": part.duration_s}
            rows.append(self.rows.insert(Task, **(values if number == count else {**values, **closes})))
        return rows

    def _steps(self, tasks: Sequence[Task], spread: bool) -> None:
        steps = [step for step in self.board.steps(self.task.id) if step.kind_of_step is StepKind.STEP]
        checks = [step for step in self.board.steps(self.task.id) if step.kind_of_step is StepKind.VERIFICATION]
        share = -(-len(steps) // len(tasks)) if spread else len(steps)
        for number, task in enumerate(tasks):
            own = steps[number * share : (number + 1) * share] + (checks if task is tasks[-1] else [])
            for position, step in enumerate(own, start=1):
                self.rows.update(step, task_id=task.id, position=position)

    def _references(self, first: str, last: str) -> None:
        """Let what named the task by its ref name the part that stands for it."""
        ref, run = self.task.ref, self.run
        changes: dict[str, str] = {}
        if run.ends_with == ref:
            changes["ends_with"] = last
        if run.point_of_no_return == ref:
            changes["point_of_no_return"] = first
        self.rows.update(run, **changes)
        for task in self.board.backout_tasks:
            self.rows.update(task, undoes=self._parted(task.undoes))
        for row in _conditions(self.board, ref):
            self.rows.update(row, of=self._parted(row.of))

    def _parted(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        """The refs, with those of the parts in place of the task's."""
        named = [part.ref for part in self.parts]
        return tuple(new for old in refs for new in (named if old == self.task.ref else [old]))


def _place_behind(board: Board, predecessors: Sequence[Task], *, backout: bool) -> int:
    """Where a new task stands in the list: right behind the last of these, else at the end of its network. A row that
    shares the position of another stands behind it, being younger."""
    rows = predecessors or (board.backout_tasks if backout else board.tasks)
    return max((row.position for row in rows), default=max(row.position for row in board.rows(Task).values()))


def _hanging_on_tasks() -> Iterator[tuple[type[Row], str]]:
    """The rows of a plan that go with their task, by class and the column that names it."""
    for table in journalled_tables().values():
        if issubclass(table.row_class, BookRow):
            for column, target in references(table.row_class).items():
                if target is Task:
                    yield table.row_class, column


def _conditions(board: Board, ref: str) -> list[Criterion | Trigger]:
    """The criteria and triggers that are judged by whether this task is done."""
    rows: list[Criterion | Trigger] = [*board.rows(Criterion).values(), *board.triggers]
    return [row for row in rows if row.automatic is Automatic.TASKS_DONE and ref in row.of]


def _naming(board: Board, task: Task) -> list[str]:
    """What names a task, so that it cannot go."""
    plan, ref = board.plan, task.ref
    named = []
    if plan.ends_with == ref:
        named.append(f"the window ends with {ref}")
    if plan.point_of_no_return == ref:
        named.append(f"{ref} is the point of no return")
    named += [f"{other.ref} undoes {ref}" for other in board.backout_tasks if ref in other.undoes]
    named += [f"a {type(row).__name__.lower()} is about {ref}" for row in _conditions(board, ref)]
    named += [
        f"the gate {after.ref} waits for {ref}"
        for after in board.successors(task.id)
        if after.kind_of_task is TaskKind.GATE
    ]
    return named


def _bridge(acting: Acting, board: Board, task: Task) -> None:
    rows = board.rows(Task)
    for before in board.links_to(task.id):
        for after in board.links_from(task.id):
            if before.link_type is after.link_type is LinkType.FINISH_START:
                put_link(
                    acting,
                    rows[before.predecessor_id],
                    rows[after.successor_id],
                    LinkType.FINISH_START,
                    before.lag_s + after.lag_s,
                    keep_longer=True,
                )


def _insist_on_texts(board: Board, texts: Mapping[str, str]) -> None:
    from warroom.board.plan_checks import text_faults  # dear: it brings the reader of runbooks

    if faults := text_faults(board, texts):
        raise PlanRefused(faults, hint="nothing was changed")
