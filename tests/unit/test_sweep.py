"""Sweeping: an alert for each cause, once, closed when the cause is gone, whoever sweeps and however often."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerting import only
from tests.cutover import Cutover, document, minute, opened, task
from tests.following import followed
from warroom.actions import alerts, plan
from warroom.alerts.watch import Watch
from warroom.board.rows import Alert
from warroom.clock.run_clock import LIFE
from warroom.runbook.document import RunbookDocument
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.words import AlertState, Assurance, Severity, Via

Rehearse = Callable[[RunbookDocument], Cutover]
CHAIN = only(
    document(task("A", 30), task("B", 60, "A"), task("C", 20, "B", owner="bea"), ends_with="C"), "dependency-slipped"
)


def told(cutover: Cutover) -> list[tuple[str, int, AlertState]]:
    return [(alert.subject, alert.episode, alert.state) for alert in cutover.board().alerts]


def alert_entries(cutover: Cutover) -> list[Entry]:
    return [entry for entry in cutover.entries() if entry.action.startswith("alert.")]


def test_an_alert_names_the_cause_and_what_it_does(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(5)
    cutover.sweep()
    assert told(cutover) == []
    cutover.clock.move_to(minute(12) + timedelta(seconds=30))
    board = cutover.sweep()
    (alert,) = board.alerts

    assert (alert.rule, alert.subject, alert.episode) == ("dependency-slipped", "A", 1)
    assert (alert.severity, alert.state, alert.closed_at) == (Severity.WARNING, AlertState.RAISED, None)
    assert (alert.due_at, alert.raised_at) == (minute(6), minute(12) + timedelta(seconds=30))
    assert (alert.own_delay_s, alert.window_float_s) == (12 * 60, (240 - 122) * 60)
    assert json.loads(alert.pushes) == [
        {"ref": "B", "moves_s": 720, "owner": "omar"},
        {"ref": "C", "moves_s": 720, "owner": "bea"},
    ]
    assert alert.message.startswith("A Title of A: 12m late")
    (entry,) = alert_entries(cutover)
    assert (entry.action, entry.subject, entry.reason) == ("alert.raise", "alert 1", alert.message)
    assert (entry.actor, entry.assurance, entry.via) == ("watch", Assurance.SYSTEM, Via.ALERTS)
    assert (entry.run, entry.effective_at, entry.run_time) == (1, minute(6), alert.raised_at)
    assert verify(cutover.state_file).sound


def test_sweeping_again_changes_nothing(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(12)
    board = cutover.sweep()
    head = cutover.head()
    with opened(cutover.path) as other:
        other.to(13)
        other.sweep()
    cutover.sweep()
    alerts.sweep(cutover.state_file, board)
    cutover.to(29)
    cutover.sweep()
    assert cutover.head() == head
    assert told(cutover) == [("A", 1, AlertState.RAISED)]


def test_it_closes_when_its_cause_is_gone_and_comes_back_as_another_episode(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(10)
    cutover.sweep()
    cutover.do("task.start", "A")
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.RAISED)], "started ten minutes late, it is still late"
    cutover.do("task.eta", "A", eta=minute(25), reason="few rows")
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.CLOSED)]
    cutover.to(31)
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.CLOSED), ("A", 2, AlertState.RAISED)]
    cutover.do("task.done", "A", at=minute(29))
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.CLOSED), ("A", 2, AlertState.CLOSED)]
    assert [alert.closed_at for alert in cutover.board().alerts] == [minute(10), minute(31)]
    assert [(entry.action, entry.subject) for entry in alert_entries(cutover)] == [
        ("alert.raise", "alert 1"),
        ("alert.close", "alert 1"),
        ("alert.raise", "alert 2"),
        ("alert.close", "alert 2"),
    ]
    assert cutover.board().open_alerts == ()


def test_a_sweeper_with_an_old_board_decides_anew(rehearse: Rehearse) -> None:
    """Its Board still shows A as not started; in the file A is done."""
    cutover = rehearse(CHAIN)
    old = cutover.board()
    cutover.finish("A")
    cutover.to(20)
    board = alerts.sweep(cutover.state_file, old)
    assert (board.seq, told(cutover)) == (cutover.state_file.head().seq, [])
    cutover.to(70)
    board = alerts.sweep(cutover.state_file, old)
    assert [alert.subject for alert in board.open_alerts] == ["B"]


def test_several_causes_are_raised_in_one_sweep(rehearse: Rehearse) -> None:
    cutover = rehearse(document(*(task(ref, 30) for ref in "ABC"), task("END", 10, "A", "B", "C")))
    cutover.to(20)
    cutover.sweep()
    assert [subject for subject, _, _ in told(cutover)] == ["A", "B", "C"]
    cutover.finish("B")
    cutover.sweep()
    assert [alert.subject for alert in cutover.board().open_alerts] == ["A", "C"]


def test_each_run_has_its_own_alerts(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(10)
    first = cutover.sweep()
    cutover.do("run.close")
    cutover.to(200)
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.RAISED)], "a closed run is left as it is"
    cutover.rehearse("mock 2")
    assert told(cutover) == []
    cutover.to(210)
    alerts.sweep(cutover.state_file, first)
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.RAISED)]


def test_without_a_run_nothing_is_late(planned: Cutover) -> None:
    planned.to(600)
    assert planned.sweep().run is None
    assert planned.state_file.head().seq == 1


def test_a_held_clock_makes_nothing_late(cutover: Cutover) -> None:
    cutover.do("run.hold")
    cutover.to(300)
    cutover.sweep()
    assert told(cutover) == []
    cutover.do("run.resume")
    cutover.to(307)
    cutover.sweep()
    assert told(cutover) == [("A", 1, AlertState.RAISED)]


def test_the_database_itself_holds_an_alert_to_be_one(rehearse: Rehearse) -> None:
    """What keeps it right when all else fails: the key is unique."""
    cutover = rehearse(CHAIN)
    cutover.to(10)
    (alert,) = cutover.sweep().alerts

    def again() -> None:
        with cutover.state_file.write() as transaction:
            transaction.rows.insert(Alert, **{**alert.__dict__, "state": AlertState.CLOSED})

    with pytest.raises(Exception, match=r"(?i)unique"):
        again()


# --- the watch -------------------------------------------------------------------------------------------------------


def test_the_watch_raises_what_falls_due_and_closes_what_is_gone(tmp_path: Path) -> None:
    """On a clock on which a minute passes in ten milliseconds; nobody acts, only time passes."""
    plan.init(tmp_path / "state.db", CHAIN, name="chain.yaml")
    with StateFile.open(tmp_path / "state.db") as state_file:
        cutover = Cutover(state_file, tmp_path / "state.db", None)  # type: ignore[arg-type]
        watch = Watch(state_file)
        watch.start()
        try:
            with followed(state_file, 1) as listener:

                def actions() -> list[str]:
                    return [entry.action for entry in listener.entries]

                cutover.rehearse(rate=6_000 * LIFE)
                listener.wait_until(lambda: "alert.raise" in actions())
                cutover.finish("A")
                listener.wait_until(lambda: actions().count("alert.raise") == 2)
                cutover.finish("B")
                cutover.finish("C")
                listener.wait_until(lambda: actions().count("alert.close") >= 2)
        finally:
            watch.stop()
        raised = [(alert.subject, alert.episode) for alert in cutover.board().alerts]
        assert verify(state_file).sound
    assert raised[:2] == [("A", 1), ("B", 1)]
    assert len(set(raised)) == len(raised)


def test_a_watch_stops_when_it_is_told(planned: Cutover) -> None:
    watch = Watch(planned.state_file)
    watch.start()
    watch.stop()
    assert "watch" not in {thread.name for thread in threading.enumerate()}
