"""A clock that somebody sets: written down once; alerts of lateness wait for a lead where that may be wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cutover import Cutover, caller, document, minute, set_clock, task
from warroom.actions import clocks
from warroom.runbook.document import RunbookDocument
from warroom.store.verify import verify
from warroom.vocabulary.errors import Refused
from warroom.vocabulary.journal import Entry

Rehearse = Callable[[RunbookDocument], Cutover]
CHAIN = document(task("A", 30), task("B", 60, "A"), ends_with="B")


def raised(cutover: Cutover) -> list[str]:
    return [alert.subject for alert in cutover.sweep().alerts]


def jumps(cutover: Cutover) -> list[Entry]:
    return [entry for entry in cutover.entries() if entry.action == "clock.jump"]


def test_time_that_passes_is_no_jump(cutover: Cutover) -> None:
    for at in (0, 0.1, 3, 120):
        cutover.to(at)
        assert clocks.look(cutover.state_file, "host") is None
    assert jumps(cutover) == []


@pytest.mark.parametrize(("minutes", "holds"), [(1, False), (5, False), (6, True), (-0.1, True), (-60, True)])
def test_it_is_written_down_once(cutover: Cutover, minutes: float, holds: bool) -> None:
    entry = set_clock(cutover.state_file, minutes)
    assert entry is not None
    assert (entry.action, entry.subject, entry.actor) == ("clock.jump", "clock", "watch")
    assert ("forward" if minutes > 0 else "back") in str(entry.reason)
    assert clocks.look(cutover.state_file, "host") is None
    (jump,) = cutover.board().clock_jumps
    assert (jump.moved_s, jump.holds, jump.shown) == (round(minutes * 60), holds, minute(0))
    assert (cutover.board().doubted_clock is not None) is holds
    assert verify(cutover.state_file).sound


def test_two_seconds_are_nothing(cutover: Cutover) -> None:
    assert set_clock(cutover.state_file, 2 / 60) is None
    assert set_clock(cutover.state_file, -2 / 60) is None


def test_without_a_run_it_matters_to_nobody(planned: Cutover) -> None:
    assert set_clock(planned.state_file, 60) is None
    assert jumps(planned) == []


def test_alerts_of_lateness_wait_for_a_lead(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    set_clock(cutover.state_file, 30)
    cutover.to(30)
    assert raised(cutover) == []
    with pytest.raises(Refused):
        cutover.do("clock.confirm", by="omar")
    entry = cutover.do("clock.confirm", reason="looked at my watch")
    assert entry.subject == "clock"
    assert cutover.board().doubted_clock is None
    assert "A" in raised(cutover)
    with pytest.raises(Refused, match="nothing waits"):
        cutover.do("clock.confirm")


def test_what_is_open_stays_as_it_is_meanwhile(rehearse: Rehearse) -> None:
    cutover = rehearse(CHAIN)
    cutover.to(12)
    (before,) = cutover.sweep().open_alerts
    set_clock(cutover.state_file, -60)
    cutover.finish("A")
    cutover.to(200)
    assert cutover.sweep().open_alerts == (before,)
    cutover.do("clock.confirm")
    assert before.id not in {alert.id for alert in cutover.sweep().open_alerts}


def test_what_does_not_rest_on_the_time_is_raised(cutover: Cutover) -> None:
    set_clock(cutover.state_file, -60)
    cutover.do("rollback.raise", by="omar", number=1, reason="the totals differ")
    assert raised(cutover) == ["trigger 1"]


def test_what_fell_due_meanwhile_is_caught_up_in_order(rehearse: Rehearse) -> None:
    tasks = [task(ref, 20, not_before_s=after * 60) for ref, after in (("LATER", 60), ("FIRST", 0), ("NEXT", 30))]
    cutover = rehearse(document(*tasks, task("END", 5, "FIRST", "NEXT", "LATER")))
    cutover.to(120)
    found = [alert for alert in cutover.sweep().alerts if alert.subject != "END"]
    assert [alert.subject for alert in found] == ["FIRST", "NEXT", "LATER"]
    assert [alert.due_at for alert in found] == sorted(alert.due_at for alert in found)
    assert all(alert.raised_at == minute(120) > alert.due_at for alert in found)


def test_it_is_confirmed_on_behalf_of_a_lead_by_nobody_else(cutover: Cutover) -> None:
    set_clock(cutover.state_file, 30)
    with pytest.raises(Refused):
        clocks.confirm(cutover.state_file, caller("gil"))
    assert cutover.board().doubted_clock is not None
