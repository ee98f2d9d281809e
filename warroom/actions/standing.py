"""How a task stands, and what can be done with it, for whoever is refused."""

from __future__ import annotations

from warroom.actions.acting import Acting
from warroom.model.programme import Person
from warroom.model.tasks import Task
from warroom.rules.order import why_too_early
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.words import TaskState


def insist_on_state(acting: Acting, task: Task, *states: TaskState) -> None:
    """The task must be in one of `states`; else it is said what it is, by whom, and what can be done with it.

    Raises:
        Refused: it is in another.
    """
    if task.state not in states:
        raise Refused(f"{task.ref} {_standing(acting, task)}", where=task.ref, hint=_what_next(task))


def insist_on_order(acting: Acting, task: Task) -> None:
    """What happens to a task happens after what has happened to it.

    Raises:
        BadInput: the time given lies before its start, its execution, or its block.
    """
    stages = {"started": task.actual_start, "executed": task.executed_at, "blocked": task.blocked_at}
    if (denied := why_too_early(task.ref, acting.effective_at, **stages)) is not None:
        raise BadInput(denied, where=task.ref, hint="give a later --at")


def _standing(acting: Acting, task: Task) -> str:
    """What state the task is in and who brought it there, to follow its ref."""
    rows = acting.rows

    def name(key: int | None) -> str:
        return "" if key is None else f" by {rows.get(Person, key).name}"

    match task.state:
        case TaskState.NOT_STARTED:
            return "has not been started"
        case TaskState.RUNNING:
            return f"is running already, started{name(task.executor_id)}"
        case TaskState.VERIFYING:
            return f"was executed already{name(task.executor_id)}, and waits to be verified"
        case TaskState.BLOCKED:
            return f"is blocked: {task.blocked_reason}"
        case TaskState.DONE:
            return f"is done already, finished{name(task.verified_by_id or task.executor_id)}"
        case TaskState.SKIPPED:
            return f"was skipped: {task.closing_reason}"
        case TaskState.FAILED:
            return f"has failed: {task.closing_reason}"


def _what_next(task: Task) -> str:
    ref = task.ref
    return {
        TaskState.NOT_STARTED: f"start it first: warroom task start {ref} --at TIME (when it really started)",
        TaskState.RUNNING: f"finish it with: warroom task done {ref}",
        TaskState.VERIFYING: f"its verifier confirms with: warroom task verify {ref}",
        TaskState.BLOCKED: f"when it can go on: warroom task unblock {ref}",
        TaskState.DONE: f"nothing is left to do; if it is not finished after all: warroom task reopen {ref}",
        TaskState.SKIPPED: f"nothing is left to do; if it is needed after all: warroom task reopen {ref}",
        TaskState.FAILED: f"to go on without it: warroom task skip {ref}; to do it again: warroom task rerun {ref}",
    }[task.state]
