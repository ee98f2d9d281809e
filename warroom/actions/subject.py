"""Finding what an action is about, inside its transaction, and numbering what it adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TypeVar

from warroom.actions.acting import Acting
from warroom.actions.held import is_backing_out
from warroom.board.board import behind, holds
from warroom.model.gates import Gate
from warroom.model.night import AdHocDecision, PaperDocument, RollCall
from warroom.model.problems import Problem
from warroom.model.programme import Person
from warroom.model.surroundings import Entity
from warroom.model.tasks import Link, Task
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import TaskKind

_Numbered = TypeVar("_Numbered", AdHocDecision, PaperDocument, Problem, RollCall)
"""Rows that people know by their number in a run."""


def task_called(acting: Acting, ref: str) -> Task:
    """The task `ref` of the open run.

    Raises:
        Refused: no run is open.
        BadInput: there is no such task.
    """
    run = acting.open_run()
    for task in acting.rows.settled(Task, run_id=run.id, ref=ref):
        return task
    refs = {task.ref.casefold(): task.ref for task in acting.rows.find(Task, run_id=run.id)}
    close = get_close_matches(ref.casefold()[:80], refs, n=1, cutoff=0.5)
    raise BadInput(
        f"there is no task {ref} in this run",
        hint=f"did you mean {refs[close[0]]}?" if close else "warroom task list shows them all",
    )


def work_called(acting: Acting, ref: str) -> Task:
    """The task `ref`, which must be one that is worked on.

    Raises:
        Refused: it is a gate, or belongs to the dormant back-out. BadInput: there is no such task.
    """
    task = task_called(acting, ref)
    if task.kind_of_task is TaskKind.GATE:
        raise Refused(
            f"{ref} is a gate", where=ref, hint="it is voted on and decided: warroom gate vote, warroom gate decide"
        )
    if task.backout and not is_backing_out(acting):
        raise Refused(f"{ref} belongs to the back-out, which has not been invoked", where=ref)
    return task


def open_predecessors(acting: Acting, task: Task) -> list[str]:
    """Refs of the predecessors that still hold the task, and of the gates before it that hold its entity."""
    rows = acting.rows
    links = [(link, rows.get(Task, link.predecessor_id)) for link in rows.find(Link, successor_id=task.id)]
    direct = [before.ref for link, before in links if holds(link, before, task)]
    return list(dict.fromkeys([*direct, *_gates_holding(acting, task)]))


def _gates_holding(acting: Acting, task: Task) -> Iterator[str]:
    if task.entity is None:
        return
    rows = acting.rows
    for gate in rows.find(Gate, run_id=acting.open_run().id):
        if task.entity in gate.held and task.id in behind(
            gate.task_id, lambda key: rows.settled(Link, predecessor_id=key)
        ):
            yield rows.get(Task, gate.task_id).ref


def next_number(acting: Acting, row_class: type[_Numbered]) -> int:
    """The number that comes next among such rows of the open run, counted from 1.

    Raises:
        Refused: no run is open.
    """
    rows = acting.rows.find(row_class, run_id=acting.open_run().id)
    return 1 + max((row.number for row in rows), default=0)


def person_called(acting: Acting, handle: str) -> Person:
    """Whoever goes by `handle`.

    Raises:
        BadInput: nobody does.
    """
    person = acting.rows.one(Person, handle=handle)
    if person is None:
        known = ", ".join(person.handle for person in acting.rows.find(Person))
        raise BadInput(f"there is nobody called {handle}", hint=f"the people are: {known}")
    return person


def insist_on_entities(acting: Acting, entities: Iterable[str]) -> None:
    """All of them must be in the runbook.

    Raises:
        BadInput: one is not.
    """
    rows = acting.rows.settled(Entity, run_id=acting.open_run().id)
    keys = [row.key for row in sorted(rows, key=lambda row: row.position)]
    for entity in entities:
        if entity not in keys:
            known = ", ".join(keys) or "none"
            raise BadInput(f"there is no entity {entity}", hint=f"the entities of the runbook: {known}")
