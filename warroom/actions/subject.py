"""Finding what an action is about, inside its transaction."""

from __future__ import annotations

from difflib import get_close_matches

from warroom.actions.acting import Acting
from warroom.board.board import holds
from warroom.model.tasks import Link, Task
from warroom.vocabulary.errors import BadInput


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
    close = get_close_matches(ref.casefold(), refs, n=1, cutoff=0.5)
    raise BadInput(
        f"there is no task {ref} in this run",
        hint=f"did you mean {refs[close[0]]}?" if close else "warroom task list shows them all",
    )


def open_predecessors(acting: Acting, task: Task) -> list[str]:
    """Refs of the predecessors that still hold the task."""
    links = [
        (link, acting.rows.get(Task, link.predecessor_id)) for link in acting.rows.find(Link, successor_id=task.id)
    ]
    return list(dict.fromkeys(before.ref for link, before in links if holds(link, before, task)))
