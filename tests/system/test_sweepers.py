"""Many real processes sweep at once, are killed and started again: each alert is raised exactly once."""

from __future__ import annotations

from pathlib import Path

from tests.alerting import only
from tests.cutover import Cutover, caller, document, task
from tests.following import followed
from tests.system.workers import sweep_until, workers
from warroom.actions import plan, runs
from warroom.clock.run_clock import LIFE
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.words import AlertState, RunKind

TASKS = 40
END = 110  # minutes after the start, when everything that is not started has long been late
SWEEPERS = 4
KILLS = 12


def test_each_alert_is_raised_once(tmp_path: Path) -> None:
    """Forty tasks fall due one after the other, two minutes apart, on a clock that goes 40 minutes a second."""
    path = tmp_path / "state.db"
    names = [f"T{number}" for number in range(TASKS)]
    rows = [task(name, 20, not_before_s=number * 120) for number, name in enumerate(names)]
    runbook = only(document(*rows, task("LAST", 5, *names), ends_with="LAST"), "you-are-next", "late-start")
    plan.init(path, runbook, name="many.yaml", handle="lena")
    with StateFile.open(path) as state_file:
        runs.start(state_file, caller("lena"), kind=RunKind.REHEARSAL, name="storm", rate=2_400 * LIFE)
        cutover = Cutover(state_file, path, None)  # type: ignore[arg-type]
        with followed(state_file, 2) as listener, workers() as start:
            sweeping = [start(sweep_until, path, END) for _ in range(SWEEPERS)]
            for number in range(KILLS):
                listener.wait_for_entries(3 * number + 1)
                killed = number % SWEEPERS
                sweeping[killed].kill()
                sweeping[killed] = start(sweep_until, path, END)
            assert [worker.end() for worker in sweeping] == [0] * SWEEPERS
        board = cutover.board()
        raised = [entry.subject for entry in cutover.entries() if entry.action == "alert.raise"]
        assert verify(state_file).sound

    assert sorted((alert.subject, alert.episode) for alert in board.alerts) == sorted((name, 1) for name in names)
    assert {alert.state for alert in board.alerts} <= {AlertState.RAISED, AlertState.ESCALATED}
    assert len(raised) == len(set(raised)) == TASKS
    assert all(alert.due_at <= alert.raised_at for alert in board.alerts)
