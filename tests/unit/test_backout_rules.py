"""Triggers, their clocks and deciders; the time-box."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import MINUTE, Cutover, document, minute, task
from tests.unit.test_actions_backout import invoke, past_no_return, runbook
from warroom.board.forecast import forecast
from warroom.rules.alerting.deciding import next_change
from warroom.rules.backout import TriggerStanding, time_box, trigger_standings
from warroom.rules.backout_documents import rollback_document
from warroom.rules.permissions import actor_on
from warroom.runbook.document import RunbookDocument
from warroom.tui.picture.picture import picture_of
from warroom.tui.telling.backout import time_box_spans
from warroom.vocabulary.errors import BadInput, Refused

Rehearse = Callable[[RunbookDocument], Cutover]


@pytest.fixture
def cutover(rehearse: Rehearse) -> Cutover:
    return rehearse(runbook())


def standing(cutover: Cutover, number: int) -> TriggerStanding:
    board = cutover.board()
    return trigger_standings(board, cutover.forecast(), board.run_time(cutover.clock.now()))[number - 1]


def test_a_trigger_is_raised_and_withdrawn(cutover: Cutover) -> None:
    assert standing(cutover, 1).reached is None
    cutover.to(10)
    cutover.do("rollback.raise", 1, by="sam", reason="the books differ", measured="412 EUR")
    found = standing(cutover, 1)
    assert (found.reached, found.since) == (True, minute(10))
    assert "412 EUR" in found.value
    with pytest.raises(Refused, match="trigger 1 is raised already"):
        cutover.do("rollback.raise", 1, by="omar", reason="again")
    with pytest.raises(Refused, match="the authority that the runbook names, the person concerned"):
        cutover.do("rollback.withdraw", 1, by="omar", reason="no")
    cutover.do("rollback.withdraw", 1, by="bea", reason="it was counted twice")
    assert standing(cutover, 1).reached is None
    with pytest.raises(Refused, match="trigger 1 is not raised"):
        cutover.do("rollback.withdraw", 1, by="bea", reason="again")
    (call,) = cutover.board().trigger_calls(standing(cutover, 1).trigger.id)
    assert call.ended_because == "it was counted twice"


def test_a_clock_reaches_its_trigger_after_its_time(cutover: Cutover) -> None:
    cutover.to(30)
    cutover.do("rollback.start-clock", 2, by="sam", reason="no order ships", at=minute(20))
    found = standing(cutover, 2)
    assert (found.reached, found.due_at) == (False, minute(80))
    cutover.to(79)
    assert not standing(cutover, 2).reached
    cutover.to(80)
    found = standing(cutover, 2)
    assert (found.reached, found.since) == (True, minute(80))
    cutover.do("rollback.stop-clock", 2, by="lena", reason="they ship")
    assert not standing(cutover, 2).reached
    with pytest.raises(Refused, match="trigger 2 has no clock running"):
        cutover.do("rollback.stop-clock", 2, by="lena", reason="x")
    with pytest.raises(Refused, match="trigger 1 has no clock"):
        cutover.do("rollback.start-clock", 1, by="lena", reason="x")
    with pytest.raises(BadInput, match="there is no trigger 9"):
        cutover.do("rollback.raise", 9, by="lena", reason="x")


def test_an_automatic_trigger_follows_the_forecast(cutover: Cutover) -> None:
    assert standing(cutover, 3).reached is False
    cutover.to(140)  # A, B, the decision and END would now end at 140 + 135, beyond 240
    assert standing(cutover, 3).reached is True


def test_the_decider_is_another_one_after_the_point_of_no_return(cutover: Cutover) -> None:
    assert standing(cutover, 1).deciders == ("bea",)
    assert standing(cutover, 2).deciders == ("gil",)
    past_no_return(cutover)
    assert standing(cutover, 1).deciders == ("vera",)


def test_once_invoked_triggers_no_longer_count(cutover: Cutover) -> None:
    invoke(cutover)
    with pytest.raises(Refused, match="triggers no longer count"):
        cutover.do("rollback.raise", 1, by="sam", reason="x")


def test_the_time_box_starts_with_the_go_live_decision(cutover: Cutover) -> None:
    assert time_box(cutover.board()) is None
    cutover.to(100)
    past_no_return(cutover)
    box = time_box(cutover.board())
    assert box is not None
    assert (box.start, box.end, box.by) == (minute(100), minute(700), "GO")


def test_without_such_a_gate_it_starts_with_the_end_of_the_window(rehearse: Rehearse) -> None:
    cutover = rehearse(document(task("A", 30), task("B", 10, "A"), ends_with="A"))
    assert time_box(cutover.board()) is None
    cutover.to(30)
    cutover.finish("A")
    box = time_box(cutover.board())
    assert box is not None
    assert (box.start, box.end, box.by) == (minute(30), minute(30 + 48 * 60), "A")
    cutover.do("run.close")
    assert time_box(cutover.board()) == box


def test_the_document_tells_it_all(cutover: Cutover) -> None:
    cutover.finish("A")
    cutover.to(50)
    board, now = cutover.board(), cutover.clock.now()
    found = rollback_document(board, cutover.forecast(), now, now)
    assert found["stage"] == "dormant"
    assert found["if_decided_now"]["left_s"] == (240 - 15 - 35 - 50) * MINUTE
    assert [one["ref"] for one in found["if_decided_now"]["tasks"]] == ["U1", "U3"]
    assert found["if_decided_now"]["nothing_to_undo"] == ["U2"]
    assert found["worst_case"]["done_at"] == found["if_decided_now"]["done_at"]
    invoke(cutover)
    found = rollback_document(cutover.board(), cutover.forecast(), now, now)
    assert (found["stage"], found["possible"], found["if_decided_now"]) == ("backing-out", False, None)
    assert found["backing_out"]["restore_float_s"] == (240 - 85) * MINUTE
    assert [one["ref"] for one in found["backing_out"]["tasks"]] == ["U1", "U3"]


def alerts_of(cutover: Cutover) -> list[tuple[str, str, str]]:
    found = [alert for alert in cutover.sweep().alerts if alert.rule == "trigger-reached"]
    return [(alert.subject, alert.state.value, alert.severity.value) for alert in found]


def test_a_reached_trigger_is_an_alert_until_it_is_over(cutover: Cutover) -> None:
    cutover.do("rollback.start-clock", 2, by="sam", reason="no order ships")
    for ref in ("A", "B"):
        cutover.finish(ref)
    cutover.to(30)
    assert alerts_of(cutover) == []
    board = cutover.board()
    for _ in range(200):
        change = next_change(board, forecast(board, cutover.clock.now()))
        assert change is not None
        if change > minute(59):
            break
        cutover.clock.move_to(change)
        assert alerts_of(cutover) == []
    cutover.to(60)
    assert alerts_of(cutover) == [("trigger 2", "raised", "critical")]
    (alert,) = [alert for alert in cutover.board().alerts if alert.rule == "trigger-reached"]
    assert alert.due_at == minute(60)
    assert "Orders stand still: clock since" in alert.message
    assert alert.message.endswith("gil decides on a back-out")
    cutover.do("rollback.stop-clock", 2, by="lena", reason="they ship")
    assert alerts_of(cutover) == [("trigger 2", "closed", "critical")]
    over = "trigger 2 no longer calls for a back-out, after 0m"
    assert any(entry.reason == over for entry in cutover.entries())


def test_an_automatic_trigger_is_an_alert_in_its_first_minute(cutover: Cutover) -> None:
    cutover.to(104)  # A, B, the decision and END take 135 minutes
    assert ("trigger 3", "raised", "critical") not in alerts_of(cutover)
    board = cutover.board()
    change = next_change(board, forecast(board, cutover.clock.now()))
    assert change is not None
    assert change <= minute(106)
    cutover.to(106)
    assert ("trigger 3", "raised", "critical") in alerts_of(cutover)


def test_backing_out_ends_the_alerts_of_triggers(cutover: Cutover) -> None:
    cutover.do("rollback.raise", 1, by="sam", reason="the books differ")
    assert alerts_of(cutover) == [("trigger 1", "raised", "critical")]
    invoke(cutover, trigger=1)
    assert alerts_of(cutover) == [("trigger 1", "closed", "critical")]


def test_the_header_counts_the_time_box_down(cutover: Cutover) -> None:
    cutover.to(100)
    past_no_return(cutover)
    board = cutover.board()

    def said(number: float) -> str | None:
        picture = picture_of(board, minute(number), actor_on(board, "lena"))
        spans = time_box_spans(picture, minute(number))
        return None if spans is None else "".join(text for text, _ in spans)

    assert said(220) == "time-box 8h left"
    assert said(700) is None
