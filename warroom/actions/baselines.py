"""Freezing a run's plan: at its start, and again at each re-baseline."""

from __future__ import annotations

from typing import Unpack

from warroom.actions.acting import Acting, Known, perform, required
from warroom.board.board import CLOSED_STATES
from warroom.board.forecast import forecast
from warroom.board.load import board_in
from warroom.board.rows import Baseline, BaselineTime, Run, Task
from warroom.rules import permissions
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Caller, Entry


def rebaseline(state_file: StateFile, caller: Caller, *, reason: str, **known: Unpack[Known]) -> Entry:
    """Freeze the plan of the open run as it stands now, as a new numbered baseline; the earlier ones are kept beside
    it. Tasks that are done or skipped keep the baseline times that they have.

    Raises:
        Refused: not the lead, or no run is open. BadInput: there is no reason.
    """
    required("the reason", reason)

    def work(acting: Acting) -> str:
        acting.insist(permissions.may_change_plan(acting.actor, in_run=True))
        run = acting.open_run()
        board = board_in(acting.rows, state_file.genesis, run.name)
        plan = forecast(board, acting.now).plan
        for task in board.tasks:
            if task.state not in CLOSED_STATES and task.ref in plan.network.positions:
                planned = plan.of(task.ref)
                acting.rows.update(task, baseline_start_s=planned.start, baseline_finish_s=planned.finish)
        freeze(acting, acting.rows.update(run, baseline=run.baseline + 1), reason)
        return f"run {run.name}"

    return perform(state_file, caller, "run.rebaseline", "run", work, reason=reason, **known)


def freeze(acting: Acting, run: Run, reason: str | None = None) -> None:
    """Keep the baseline times that the tasks of `run` have, as the baseline of its number."""
    baseline = acting.rows.insert(
        Baseline,
        run_id=run.id,
        number=run.baseline,
        at=acting.now,
        person_id=acting.doer.person_id,
        reason=reason,
    )
    for task in acting.rows.find(Task, run_id=run.id):
        if task.baseline_start_s is not None and task.baseline_finish_s is not None:
            acting.rows.insert(
                BaselineTime,
                run_id=run.id,
                baseline_id=baseline.id,
                ref=task.ref,
                start_s=task.baseline_start_s,
                finish_s=task.baseline_finish_s,
            )
