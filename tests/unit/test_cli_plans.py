"""Plans with every type of link, calendars, absences and constraints, from the file to the document: worked by hand.

All times are those of Berlin in the week from Friday 27 November 2026 on: UTC + 1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.commands import Commands

RUNBOOK = """\
warroom: 1
programme: {key: p, name: P, timezone: Europe/Berlin}
window: {start: 2026-11-27T09:00, end: 2026-11-30T12:00}
calendars:
  office: {days: mon-fri, hours: ["08:00-12:00", "13:00-17:00"], except: {2026-12-24: off}}
  nights: {timezone: Asia/Kolkata, days: mon-sat, hours: ["22:00-06:00"]}
  mornings: {hours: {mon-thu: "06:00-10:00", fri-sat: "06:00-10:00"}}
people:
- {handle: mei, name: Mei, roles: [lead]}
- {handle: raj, name: Raj, calendar: nights}
- {handle: ana, name: Ana, away: [{from: T, to: T+2h}]}
- {handle: ole, name: Ole, calendar: mornings}
tasks:
- {ref: A, title: x, owner: mei, duration: 4h, calendar: office}
- {ref: B, title: x, owner: mei, duration: 1h, after: [A SS+15m]}
- {ref: C, title: x, owner: mei, duration: 2h, after: [A FF]}
- {ref: D, title: x, owner: mei, duration: 1h, after: [A SF+6h]}
- {ref: E, title: x, owner: mei, duration: 4h, calendar: office, after: [A FS+30m]}
- {ref: F, title: x, owner: raj, duration: {low: 1h, likely: 2h, high: 3h}, after: [A FS-10m]}
- {ref: G, title: x, owner: mei, duration: 1h, after: [A SS+15m, A FF+30m, A SS+1h]}
- {ref: H, title: x, owner: mei, duration: 1h, must_start: 2026-11-28T10:00}
- {ref: I, title: x, owner: mei, duration: 1h, as_late_as_possible: true}
- {ref: J, title: x, owner: mei, duration: 1h, after: [I], must_finish: 2026-11-28T13:00}
- {ref: K, title: x, owner: ana, duration: 1h}
- {ref: L, title: x, owner: ole, duration: 3h, calendar: office}
"""

# Start and finish, why there, and total float in minutes of the task's own working time; the last to finish is L.
EXPECTED: dict[str, tuple[str, str, list[tuple[str, str | None, str | None, int | None]], int]] = {
    # 9-12, 13-14. E, which needs Fri 15-17 and Mon 8-10 at the latest, lets it slip until 14:30.
    "A": ("Fri 09:00", "Fri 14:00", [("plan_start", None, None, None)], 30),
    "B": ("Fri 09:15", "Fri 10:15", [("link", "A", "SS", 15 * 60)], 71 * 60 + 45),
    # Its finish, not its start, is what A's finish holds.
    "C": ("Fri 12:00", "Fri 14:00", [("link", "A", "FF", 0)], 68 * 60),
    "D": ("Fri 14:00", "Fri 15:00", [("link", "A", "SF", 6 * 3600)], 67 * 60),
    # 14:30-17 on Friday, the rest on Monday from 8 on.
    "E": ("Fri 14:30", "Mon 09:30", [("link", "A", "FS", 30 * 60)], 30),
    # Raj's night begins at 22:00 in India, 17:30 here: the next one after 13:50, when A's lead would allow it, and also
    # after the plan's start. What is left of his nights until Monday 10:00: 6 h on Friday, 8 h on Saturday.
    "F": ("Fri 17:30", "Fri 19:30", [("link", "A", "FS", -10 * 60), ("plan_start", None, None, None)], 14 * 60),
    # A's finish + 30 min holds its finish; the links from A's start would allow 9:15 and 10:00.
    "G": ("Fri 13:30", "Fri 14:30", [("link", "A", "FF", 30 * 60)], 67 * 60 + 30),
    "H": ("Sat 10:00", "Sat 11:00", [("must_start", None, None, None)], 0),
    # It waits until J needs it.
    "I": ("Sat 11:00", "Sat 12:00", [("as_late_as_possible", None, None, None)], 0),
    "J": ("Sat 12:00", "Sat 13:00", [("must_finish", None, None, None)], 0),
    "K": ("Fri 11:00", "Fri 12:00", [("plan_start", None, None, None)], 70 * 60),
    # Ole works 6-10, the task is worked on 8-12: one hour on Friday (from 9 on), two on Monday.
    "L": ("Fri 09:00", "Mon 10:00", [("plan_start", None, None, None)], 0),
}


def by_ref(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {task["ref"]: task for task in document["tasks"]}


def local(text: str) -> str:
    """A time of the document as a clock in Berlin shows it."""
    instant = datetime.fromisoformat(text).astimezone(UTC)
    return f"{instant.astimezone(ZoneInfo('Europe/Berlin')):%a %H:%M}"


def seen(task: dict[str, Any]) -> tuple[Any, ...]:
    holds = [tuple(hold.values()) for hold in task["held_by"]]
    return local(task["early_start"]), local(task["early_finish"]), holds, task["total_float_s"] / 60


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(RUNBOOK)
    return str(path)


def test_the_schedule_of_a_bare_runbook_with_everything(commands: Commands, file: str) -> None:
    document = commands.json("schedule", "--runbook", file)
    tasks = by_ref(document)
    assert {ref: seen(task) for ref, task in tasks.items()} == EXPECTED
    assert [list(hold) for hold in tasks["B"]["held_by"]] == [["by", "ref", "type", "lag_s"]]
    assert {ref: task["driven_by"] for ref, task in tasks.items() if task["driven_by"]} == {
        ref: ["A"] for ref in "BCDEFG"
    }
    assert local(document["planned_finish"]) == "Mon 10:00"
    assert document["window_float_s"] == 2 * 3600
    assert [ref for ref, task in tasks.items() if task["critical"]] == ["H", "I", "J", "L"]
    assert tasks["F"]["duration_s"] == 7200
    # What A can lose before E moves: nothing. L and what is last can lose what the plan can.
    assert [tasks[ref]["free_float_s"] for ref in "AEL"] == [0, 30 * 60, 0]


def test_a_state_file_gives_the_same_before_its_first_run(commands: Commands, file: str) -> None:
    bare = commands.json("schedule", "--runbook", file)
    commands.good("init", file)
    assert commands.json("schedule") == bare
    shown = commands.json("task", "show", "F")
    assert (shown["duration_low_s"], shown["duration_s"], shown["duration_high_s"]) == (3600, 7200, 10800)
    assert [(link["ref"], link["type"], link["lag_s"]) for link in commands.json("task", "show", "G")["after"]] == [
        ("A", "SS", 900),
        ("A", "FF", 1800),
        ("A", "SS", 3600),
    ]
    text = commands.good("task", "show", "G").out
    assert "A SS+15m (ready), A FF+30m (ready), A SS+1h (ready)" in text
    assert "2h (1h to 3h)" in commands.good("task", "show", "F").out
    assert "must start Sat 28 Nov 10:00" in commands.good("task", "show", "H").out
    assert "as late as possible" in commands.good("task", "show", "I").out
    assert commands.json("task", "show", "J")["must_finish"] == "2026-11-28T12:00:00Z"
    assert commands.json("task", "show", "E")["calendar"] == "office"


def test_a_run_with_actuals(commands: Commands, file: str) -> None:
    """A starts at 11:00, an hour of work before lunch; at 13:30 it has done an hour and a half of its four and goes on
    until 16:00. E then begins at 16:30 and is done on Monday at 11:30."""
    commands.good("init", file)
    commands.good("run", "start", "--rehearsal", "mock", "--at", "2026-11-27T09:00")
    tasks = by_ref(commands.json("schedule"))
    for task in tasks.values():
        assert (task["baseline_start"], task["baseline_finish"]) == (task["planned_start"], task["planned_finish"])
    assert tasks["B"]["state"] == "waiting"
    assert commands("task", "start", "B", "--as", "raj").code == 1
    commands.to(2 * 60)
    commands.good("task", "start", "A")
    tasks = by_ref(commands.json("schedule"))
    # B may begin once A has begun, C and D from the start on; all others wait for A's finish.
    assert {ref: tasks[ref]["state"] for ref in "BCDEFG"} == {
        "B": "ready",
        "C": "ready",
        "D": "ready",
        "E": "waiting",
        "F": "waiting",
        "G": "ready",
    }
    assert (local(tasks["B"]["forecast_start"]), tasks["B"]["inherited_delay_s"]) == ("Fri 11:15", 2 * 3600)
    commands.to(4 * 60 + 30)
    tasks = by_ref(commands.json("schedule"))
    assert (local(tasks["A"]["actual_start"]), local(tasks["A"]["forecast_finish"])) == ("Fri 11:00", "Fri 16:00")
    assert (tasks["A"]["own_delay_s"], tasks["A"]["guess"]) == (2 * 3600, False)
    assert (local(tasks["E"]["forecast_start"]), local(tasks["E"]["forecast_finish"])) == ("Fri 16:30", "Mon 11:30")
    # L was not begun and is now the last to finish, on Tuesday at 9:00: E has half an hour, four hours and one.
    assert local(tasks["L"]["forecast_finish"]) == "Tue 09:00"
    assert (tasks["E"]["total_float_s"], tasks["E"]["critical"]) == (330 * 60, False)
    assert (local(tasks["C"]["forecast_start"]), local(tasks["C"]["forecast_finish"])) == ("Fri 14:00", "Fri 16:00")
    commands.to(7 * 60)
    commands.good("task", "done", "A")
    tasks = by_ref(commands.json("schedule"))
    assert (tasks["E"]["state"], local(tasks["E"]["forecast_start"])) == ("ready", "Fri 16:30")
    commands.good("journal", "verify")


@pytest.mark.parametrize(("logic", "finish"), [("retained-logic", "Fri 17:00"), ("progress-override", "Fri 10:00")])
def test_progress_out_of_sequence(commands: Commands, tmp_path: Path, logic: str, finish: str) -> None:
    """The second task begins before the first, which at 9:30 needs until 16:30: the half hour that is left of it comes
    after that, or goes on."""
    path = tmp_path / "early.yaml"
    path.write_text(f"""\
warroom: 1
programme: {{key: p, name: P, timezone: Europe/Berlin}}
window: {{start: 2026-11-27T09:00, end: T+12h}}
schedule: {{progress: {logic}}}
people: [{{handle: mei, name: Mei, roles: [lead]}}]
tasks:
- {{ref: A, title: x, owner: mei, duration: 7h}}
- {{ref: B, title: x, owner: mei, duration: 1h, after: [A]}}
""")
    commands.good("init", str(path))
    commands.good("run", "start", "--rehearsal", "mock", "--at", "2026-11-27T09:00")
    commands.good("task", "start", "B")
    commands.to(30)
    tasks = by_ref(commands.json("schedule"))
    assert local(tasks["B"]["forecast_finish"]) == finish


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # Clocks go back on Sunday 25 October 2026: that night shift lasts nine hours, and eight of work end at 5:00.
        ("2026-10-24T22:00", "2026-10-25T04:00:00Z"),
        # Clocks go forward on Sunday 28 March 2027: it lasts seven, and the eighth hour is worked on Sunday evening.
        ("2027-03-27T22:00", "2027-03-28T21:00:00Z"),
    ],
)
def test_a_night_over_a_change_of_clocks(commands: Commands, tmp_path: Path, start: str, expected: str) -> None:
    path = tmp_path / "night.yaml"
    path.write_text(f"""\
warroom: 1
programme: {{key: p, name: P, timezone: Europe/Berlin}}
window: {{start: {start}, end: T+60h}}
calendars:
  nights: {{days: mon-sun, hours: ["22:00-06:00"]}}
  office: {{days: mon-fri, hours: ["08:00-12:00", "13:00-17:00"]}}
people: [{{handle: mei, name: Mei}}]
tasks:
- {{ref: NIGHT, title: x, owner: mei, duration: 8h, calendar: nights}}
- {{ref: DAY, title: x, owner: mei, duration: 1h, calendar: office, after: [NIGHT]}}
""")
    tasks = by_ref(commands.json("schedule", "--runbook", str(path)))
    assert tasks["NIGHT"]["early_finish"] == expected
    monday = datetime.fromisoformat(tasks["DAY"]["early_start"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{monday:%a %H:%M}" == "Mon 08:00"
