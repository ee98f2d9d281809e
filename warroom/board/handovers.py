"""What a shift hand-over makes of the people of a task: pure, for the action and for what is shown before it."""

from __future__ import annotations

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.vocabulary.words import TaskKind


def goes_over(task: Task, leaving_id: int) -> bool:
    """Whether a hand-over concerns the task: it is open, and the one leaving has a part in it. Gates stay: to decide is
    a mandate, not a shift."""
    if task.kind_of_task is TaskKind.GATE or task.state in CLOSED_STATES:
        return False
    return leaving_id in (task.owner_id, task.backup_id, task.verifier_id)


def roles_after(task: Task, leaving_id: int, coming_id: int) -> dict[str, int | None]:
    """The fields of the task that change when its people hand over: ownership always; the backup's part unless the one
    coming in owns it; the verifier's part unless the one coming in owns it or has executed it."""
    if not goes_over(task, leaving_id):
        return {}
    after: dict[str, int | None] = {}
    owner_id = task.owner_id
    if task.owner_id == leaving_id:
        after["owner_id"] = owner_id = coming_id
    if task.backup_id in (leaving_id, coming_id):
        backup_id = None if owner_id == coming_id else coming_id
        if backup_id != task.backup_id:
            after["backup_id"] = backup_id
    if task.verifier_id == leaving_id and coming_id not in (owner_id, task.executor_id):
        after["verifier_id"] = coming_id
    return after


def left_to_verify(task: Task, leaving_id: int, coming_id: int) -> bool:
    """Whether somebody else than its verifier has to verify the task after the hand-over: its verifier then owns it,
    or has left."""
    after = {"owner_id": task.owner_id, "verifier_id": task.verifier_id} | roles_after(task, leaving_id, coming_id)
    verifier_id = after["verifier_id"]
    return verifier_id is not None and (verifier_id in (leaving_id, after["owner_id"]))
