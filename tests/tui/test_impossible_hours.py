"""Hours that cannot be are told where people look: in the header, and on the task's own screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.cutover import PEOPLE, Cutover, document, task
from tests.tui.looking import LARGE, settled, shown
from tests.tui.stage import StageHost
from warroom.runbook.document import PlannedCalendar, RunbookDocument
from warroom.schedule.hours import WorkingHours
from warroom.tui.app import ConsoleApp
from warroom.tui.timeline.widget import Timeline


async def test_a_task_and_its_owner_without_common_hours(rehearse: Callable[[RunbookDocument], Cutover]) -> None:
    hours = {"evening": (1140, 1200), "morning": (480, 720)}
    calendars = tuple(
        PlannedCalendar(key, WorkingHours("Europe/Berlin", dict.fromkeys(range(7), (shift,))))
        for key, shift in hours.items()
    )
    people = (PEOPLE[0], replace(PEOPLE[1], calendar="morning"), *PEOPLE[2:])
    runbook = document(task("A", 30, calendar="evening"), task("B", 10, owner="bea"))
    cutover = rehearse(replace(runbook, people=people, calendars=calendars))
    app = ConsoleApp(StageHost(cutover.state_file, "lena"))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        assert "✗ no hours for A" in shown(app)
        app.screen.query_one(Timeline).go_to("A")
        await settled(pilot, "enter")
        assert "the calendar evening and the hours of its owner omar have no time in common" in shown(app)
