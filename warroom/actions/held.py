"""What a back-out that was invoked holds: everything of the main network that has not begun."""

from __future__ import annotations

from warroom.actions.acting import Acting
from warroom.model.backout import Invocation
from warroom.model.tasks import Task
from warroom.vocabulary.errors import Refused


def insist_not_held(acting: Acting, task: Task) -> None:
    """The task must not be held by a back-out.

    Raises:
        Refused: it belongs to the main network, and a back-out was invoked.
    """
    if not task.backout and is_backing_out(acting):
        raise Refused(
            f"{task.ref} is held: the back-out was invoked, and nothing more of the cutover is taken up",
            where=task.ref,
            hint="see: warroom rollback status",
        )


def is_backing_out(acting: Acting) -> bool:
    """Whether a back-out was invoked in the open run."""
    return bool(acting.rows.settled(Invocation, run_id=acting.open_run().id))
