"""Rules that compare the plan with its rehearsals."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.board.rehearsed import samples_of
from warroom.clock.durations import MINUTE, show_duration
from warroom.lint.plan import Plan
from warroom.lint.rule import Remark

MUCH = 1.5
"""From which factor on, up or down, a duration is unlike what the last rehearsal took."""

LITTLE_S = 10 * MINUTE
"""Differences below this matter to nobody."""


def back_out_never_rehearsed(plan: Plan) -> Iterator[Remark]:
    refs = {task.ref for task in plan.document.rollback.tasks}
    tried = {
        task.ref for board in plan.rehearsals or () for task in board.backout_tasks if task.actual_start is not None
    }
    if refs and not refs & tried:
        path = ("rollback", "tasks")
        yield Remark("rollback", "the back-out was never rehearsed", path, "play it once, and write its times back")


def duration_unlike_rehearsals(plan: Plan) -> Iterator[Remark]:
    samples = samples_of(plan.rehearsals or ())
    for row in plan.everything:
        if row.ref not in samples:
            continue
        last = samples[row.ref][-1]
        low = row.duration_s / MUCH if row.duration_low_s is None else row.duration_low_s
        high = row.duration_s * MUCH if row.duration_high_s is None else row.duration_high_s
        if abs(last.duration - row.duration_s) >= LITTLE_S and not low <= last.duration <= high:
            message = (
                f"{row.ref} is planned with {show_duration(row.duration_s)}, and took "
                f"{show_duration(last.duration)} in the rehearsal {last.run}"
            )
            yield Remark(
                row.ref, message, (*plan.path(row.ref), "duration"), "write the time back, or say what changed"
            )
