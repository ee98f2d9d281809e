"""Making the rows of a plan say what a runbook says: only what differs is written.

The document is laid out as for a new state file, in memory, and its rows are compared with those that are there. So
whatever a runbook can hold is changed by the same few lines. Dear to import: it brings the reader of runbooks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from warroom.actions.planning import referring
from warroom.board.from_runbook import lay_out
from warroom.board.plan_rows import KEYS, identity, references
from warroom.board.rows import GoCondition, Person, PersonKey, Plan, PlanVersion, Programme, Row, Run, Task
from warroom.model.plan import Window
from warroom.model.row import BookRow
from warroom.runbook import document
from warroom.runbook.document import PlannedTask, RunbookDocument
from warroom.store.codec import R, journalled_tables, make, table_of
from warroom.store.gateway import Gateway
from warroom.vocabulary.errors import PlanRefused
from warroom.vocabulary.words import RunKind, Runs

_YOUNGER = 2**62
"""Stands for the key of a row that is yet to be inserted."""


_ROLES = ("owner_role", "backup_role", "verifier_role")
"""Columns of a task that a runbook gives only where it names a role; elsewhere there is none."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A row of the document, with a key of its own that only other laid rows know."""

    row_class: type[Row]
    key: int
    values: dict[str, Any]


def reshape_run(rows: Gateway, run: Run, runbook: RunbookDocument) -> None:
    """Make the open run's copy of the plan say what `runbook` says, as far as it takes part in that run.

    People who are not in it stay. The window keeps its start: a rehearsal has its own, and everything else
    counts from it.

    Raises:
        PlanRefused: something refers to what would have to go.
    """
    laid = _without(_laid_out(runbook), Runs.LIVE if run.kind_of_run is RunKind.REHEARSAL else Runs.REHEARSAL)
    version = next(each.values for each in laid if each.row_class is PlanVersion)
    start = version["window_start"]
    window: dict[str, Any] = {column: version[column] for column in Window.model_fields if column in version}
    for column in ("window_start", "window_end", "restore_by"):
        window[column] = window[column] - start + run.window_start
    rows.update(run, **window)
    writer = _Writer(rows, {"run_id": run.id})
    writer.write(laid, keep_places=True)
    writer.delete_the_rest()


def insert_task(rows: Gateway, run: Run, task: PlannedTask, position: int) -> Task:
    """Add one task to the run as a runbook would have it, with its steps and whatever else belongs to it, its links
    aside. People are named by handles.

    Raises:
        KeyError: there is nobody called that.
    """
    people = rows.find(Person)
    programme = rows.find(Programme)[0]
    laid = _laid_out(
        RunbookDocument(
            programme=document.Programme(programme.key, programme.name, programme.timezone),
            window=document.Window(run.window_start, run.window_end, run.restore_by, None, run.buffer_s),
            plan_start_s=run.plan_start_s,
            people=tuple(document.Person(person.handle, person.name) for person in people),
            streams=(),
            phases=(),
            tasks=(replace(task, links=()),),
            gates=(),
            rollback=document.Rollback(),
            controls=(),
            source="",
        )
    )
    own = [each for each in laid if each.row_class is Task or Task in references(each.row_class).values()]
    own[0].values["position"] = position
    writer = _Writer(rows, {"run_id": run.id})
    writer.keys = {(Person, number): person.id for number, person in enumerate(people, start=1)}
    writer.write(own)
    return rows.get(Task, writer.keys[Task, 1])


def new_version(rows: Gateway, runbook: RunbookDocument, document_id: int) -> PlanVersion:
    """Lay out `runbook` as the next version of the plan; the earlier ones stay as they are, and so do people who are
    not in it."""
    (plan,) = rows.find(Plan)
    laid = _laid_out(runbook)
    values = next(each.values for each in laid if each.row_class is PlanVersion)
    number = rows.find(PlanVersion, plan_id=plan.id)[-1].number + 1
    version = rows.insert(PlanVersion, **{**values, "plan_id": plan.id, "number": number, "document_id": document_id})
    _Writer(rows, {"version_id": version.id}).write(laid)
    return version


def _laid_out(runbook: RunbookDocument) -> list[_Laid]:
    laid: list[_Laid] = []
    counts: defaultdict[type[Row], int] = defaultdict(int)

    def insert(row_class: type[R], **values: Any) -> R:
        counts[row_class] += 1
        laid.append(_Laid(row_class, counts[row_class], values))
        return make(row_class, {**table_of(row_class).defaults, **values, "id": counts[row_class]})

    lay_out(runbook, insert)
    # Who may log in is no part of the plan: a key that was taken away must not come back with a file.
    return [each for each in laid if each.row_class is not PersonKey]


def _without(laid: Sequence[_Laid], runs: Runs) -> list[_Laid]:
    """What does not belong to tasks of those runs only, nor hang on one of them."""
    out: set[tuple[type[Row], int]] = set()
    kept = []
    for each in laid:
        targets = references(each.row_class)
        hangs = any((target, each.values.get(column)) in out for column, target in targets.items())
        if hangs or (each.row_class is Task and each.values["runs"] is runs):
            out.add((each.row_class, each.key))
        else:
            kept.append(each)
    return kept


def _tasks_of(row: Row) -> Iterator[int]:
    """Keys of the tasks that a row belongs to, or is."""
    if isinstance(row, Task):
        yield row.id
    yield from (getattr(row, column) for column, target in references(type(row)).items() if target is Task)


class _Writer:
    """Writes laid rows over those of one run or one version."""

    def __init__(self, rows: Gateway, book: Mapping[str, int]) -> None:
        self.rows, self.book = rows, book
        self.keys: dict[tuple[type[Row], int], int] = {}
        self.rest: dict[type[Row], list[Row]] = {
            table.row_class: rows.find(table.row_class, **book)
            for table in journalled_tables().values()
            if issubclass(table.row_class, BookRow)
        }

    def write(self, laid: Sequence[_Laid], *, keep_places: bool = False) -> None:
        """Insert what is new and update what differs; what is not written stays in `rest`.

        Args:
            keep_places: tasks keep the positions that they have, where these are in order.
        """
        given: defaultdict[type[Row], set[str]] = defaultdict(set, {Task: set(_ROLES)})
        by_class: defaultdict[type[Row], list[_Laid]] = defaultdict(list)
        for each in laid:
            given[each.row_class] |= each.values.keys()
            by_class[each.row_class].append(each)
        for row_class, group in by_class.items():
            if row_class is Plan or row_class is PlanVersion:
                continue
            known = self._known(row_class)
            matched = []
            for each in group:
                defaults = table_of(row_class).defaults
                values = {column: each.values.get(column, defaults.get(column)) for column in given[row_class]}
                values = {column: value for column, value in values.items() if column not in KEYS}
                for column, target in references(row_class).items():
                    if (provisional := values.get(column)) is not None:
                        values[column] = self.keys[target, provisional]
                name = tuple(values.get(column, defaults.get(column)) for column in identity(row_class))
                matched.append((each, values, known[name].pop(0) if known[name] else None))
            if row_class is Task and keep_places:
                _keep_places([(values, row if isinstance(row, Task) else None) for _, values, row in matched])
            for each, values, row in matched:
                self.keys[row_class, each.key] = self._put(row_class, values, row)

    def delete_the_rest(self) -> None:
        """Delete what the document does not have, whatever refers to others first. The conditions of verdicts stay:
        they are in no document.

        Raises:
            PlanRefused: something refers to it that is no part of the plan.
        """
        conditions = {condition.task_id for condition in self.rows.find(GoCondition)}
        for row_class, rows in self.rest.items():
            self.rest[row_class] = [row for row in rows if conditions.isdisjoint(_tasks_of(row))]
        if found := referring(self.rows, [row for rows in self.rest.values() for row in rows]):
            raise PlanRefused(found, hint="leave such tasks in the file, and skip them: warroom task skip REF")
        for row_class in reversed(self.rest):
            for row in self.rest[row_class]:
                self.rows.delete(row)

    def _known(self, row_class: type[Row]) -> defaultdict[tuple[Any, ...], list[Row]]:
        found = self.rest.get(row_class)
        rows: Sequence[Row] = self.rows.find(row_class) if found is None else found
        known: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            known[tuple(getattr(row, column) for column in identity(row_class))].append(row)
        return known

    def _put(self, row_class: type[Row], values: dict[str, Any], row: Row | None) -> int:
        if row is None:
            book = self.book if issubclass(row_class, BookRow) else {}
            return self.rows.insert(row_class, **values, **book).id
        if row_class in self.rest:
            self.rest[row_class] = [other for other in self.rest[row_class] if other.id != row.id]
        if isinstance(row, Person) and values.get("login") is None:
            values["login"] = row.login  # which init may have noted
        self.rows.update(row, **values)
        return row.id


def _keep_places(tasks: Sequence[tuple[dict[str, Any], Task | None]]) -> None:
    """Give tasks positions that put them in this order and differ as little as may be from those that they have. Of
    two rows with one position the younger stands behind."""
    position = key = 0
    for number, (values, row) in enumerate(tasks):
        if row is None:
            key = _YOUNGER + number
        else:
            position = row.position if (row.position, row.id) > (position, key) else position + 1
            key = row.id
        values["position"] = position
