"""A machine that sleeps while alerts fall due tells each once when it wakes, with the time at which it was due."""

from __future__ import annotations

from pathlib import Path

from tests.alerting import only
from tests.clocks import SetClock
from tests.commands import in_process_of_its_own
from tests.cutover import Cutover, created, document, minute, task
from tests.following import followed
from tests.system.workers import watch, workers
from warroom.rules.alerting.life import raised_late_s
from warroom.store.statefile import StateFile
from warroom.store.verify import verify

DUE = {"A": 21, "B": 22, "C": 24, "D": 26, "E": 27}
"""The minute in which each is said to be late, were somebody awake: a minute after its start and the limit."""


def test_ten_minutes_of_sleep_and_five_alerts(tmp_path: Path) -> None:
    """The watch has nothing to tell at 20; at 30 both its process and its machine wake up."""
    clock = SetClock(tmp_path / "clock")
    clock.set(0)
    rows = [task(ref, 20, not_before_s=(at - 1) * 60) for ref, at in DUE.items()]
    plan = only(document(*rows, task("LAST", 5, *DUE), ends_with="LAST"), "late-start", after_s=0)
    path = created(tmp_path / "state.db", plan)
    with StateFile.open(path, clock=clock) as state_file, workers() as start:
        cutover = Cutover(state_file, path, clock)  # type: ignore[arg-type]
        cutover.rehearse()
        with followed(state_file, state_file.head().seq) as listener:
            clock.set(20)
            worker = start(watch, path, clock)
            assert worker.answer() == "watching"
            worker.stop()
            clock.set(30)
            worker.go_on()
            listener.wait_for_entries(len(DUE))
            clock.set(31)
            worker.say("stop")
            assert worker.end() == 0
        board = cutover.board()
        assert [entry.action for entry in listener.entries] == ["alert.raise"] * len(DUE)
        assert [(alert.subject, alert.episode) for alert in board.alerts] == [(ref, 1) for ref in DUE]
        assert [alert.due_at for alert in board.alerts] == [minute(at) for at in DUE.values()]
        assert {alert.raised_at for alert in board.alerts} == {minute(30)}
        assert [raised_late_s(alert) for alert in board.alerts] == [(30 - at) * 60 for at in DUE.values()]
        assert verify(state_file).sound
    shown = in_process_of_its_own("alert", "show", "1", "--db", str(path))
    assert "raised late by 9m" in shown.out
