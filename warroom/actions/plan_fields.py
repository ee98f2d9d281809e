"""Whose a task is, and when it is planned: changed while the plan runs."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.actions.planning import change_plan, change_rows, insist_not_begun
from warroom.actions.rights import insist_may
from warroom.actions.subject import person_called, task_called
from warroom.board.board import CLOSED_STATES, Board
from warroom.board.rows import Gate
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import TaskKind


class People(TypedDict, total=False):
    """Who a task goes to, by handle; None: to nobody. What is not named stays."""

    owner: str
    backup: str | None
    verifier: str | None


class Times(TypedDict, total=False):
    """What is planned of a task's time; None: no longer. What is not named stays. Spans and times are seconds, times
    from the window start; the deadline of a gate is when its decision is due."""

    duration_s: int
    duration_low_s: int | None
    duration_high_s: int | None
    not_before_s: int | None
    deadline_s: int | None
    must_start_s: int | None
    must_finish_s: int | None
    calendar: str | None
    as_late_as_possible: bool


def assign(
    state_file: StateFile, caller: Caller, ref: str, *, people: People, reason: str, **known: Unpack[Known]
) -> Entry:
    """Re-assign a task that is not closed, a running one too. An owner who hands it to its backup becomes the backup.

    Raises:
        Refused: not the lead (the owner may hand it to the backup), or it is closed; nobody verifies their own work.
        BadInput: nobody is named, or there is nobody called that.
    """
    required("the reason", reason)

    def work(acting: Acting) -> None:
        task = task_called(acting, ref)
        new = {
            part: None if handle is None else person_called(acting, str(handle)).id for part, handle in people.items()
        }
        changes = {part: person for part, person in new.items() if person != getattr(task, f"{part}_id")}
        if not changes:
            raise BadInput(f"{ref} is theirs already" if people else "nobody is named", where=ref)
        insist_may(acting, lambda actor, of: permissions.may_reassign(actor, of, changes), task)
        if task.state in CLOSED_STATES:
            raise Refused(f"{ref} is {task.state.value}: whose it was stands", where=ref)
        if task.kind_of_task is TaskKind.GATE and changes.get("verifier") is not None:
            raise BadInput(f"{ref} is a gate: it has seats, and no verifier", where=ref)
        if task.executed_at is not None and changes.get("verifier") == task.executor_id is not None:
            raise Refused("nobody verifies what they executed themselves", where=ref)
        if changes.get("owner") == task.backup_id is not None and "backup" not in people:
            changes["backup"] = task.owner_id

        def write(acting: Acting, _: Board) -> None:
            for part, person in changes.items():  # who is named as a person is no longer whoever has a role
                acting.rows.update(task_called(acting, ref), **{f"{part}_id": person, f"{part}_role": None})

        change_rows(acting, state_file.genesis, write, where=ref)

    return perform(state_file, caller, "task.assign", ref, work, reason=reason, **known)


def retime(
    state_file: StateFile, caller: Caller, ref: str, *, times: Times, reason: str, **known: Unpack[Known]
) -> Entry:
    """Plan another duration or other constraints for a task that has not begun. A new duration without its low and
    high clears these.

    Raises:
        Refused: it has begun. BadInput: nothing is given, the three points are out of order, or a gate
            has no such time.
        PlanRefused: the reader of runbooks would not take it.
    """

    def work(acting: Acting, board: Board) -> None:
        task = task_called(acting, ref)
        insist_not_begun(board, task)
        values: dict[str, Any] = dict(times)
        if not values:
            raise BadInput("nothing is to change", where=ref, hint="give a duration, or a constraint")
        if "duration_s" in values:
            values = {"duration_low_s": None, "duration_high_s": None, **values}
        three = [values.get(key, getattr(task, key)) for key in ("duration_low_s", "duration_s", "duration_high_s")]
        if (three[0] is None) != (three[2] is None) or (three[0] is not None and three != sorted(three)):
            raise BadInput("the shortest, the likely and the longest duration belong together, in order", where=ref)
        if task.kind_of_task is TaskKind.GATE:
            if unknown := values.keys() & {"must_start_s", "must_finish_s", "as_late_as_possible"}:
                raise BadInput(f"a gate has no {min(unknown).removesuffix('_s').replace('_', ' ')}", where=ref)
            if "deadline_s" in values:
                (gate,) = acting.rows.find(Gate, task_id=task.id)
                acting.rows.update(gate, due_s=values["deadline_s"])
        acting.rows.update(task, **values)

    return change_plan(state_file, caller, "task.retime", ref, work, reason=reason, **known)
