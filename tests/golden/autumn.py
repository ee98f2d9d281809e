"""A cutover of Finance and Operations on the weekend on which the clocks are set back, and the list of its alerts.

`python -m tests.golden.autumn FOLDER` records the golden lists into FOLDER: what a review has to look at line by line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from tests.cutover import numbered_ids
from warroom.actions import alerts, plan, runs
from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.clock.run_clock import LIFE
from warroom.clock.source import SteppedClock
from warroom.clock.times import parse_iso_utc
from warroom.resources import folder
from warroom.runbook.document import RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind

SAMPLE = folder("sample_runbooks") / "d365-fo-ppac.yaml"
SEED = 2
RATE = 3_600 * LIFE
WEEKENDS = {"Europe/Berlin": "2026-10-23T18:00", "America/New_York": "2026-10-30T18:00"}
"""The start of the window, a Friday, by zone: on the Sunday after it an hour comes twice."""

Sweep = Callable[[StateFile, Board], Board]


def autumn(zone: str, folder: Path) -> RunbookDocument:
    """The sample, moved to that weekend in that zone."""
    text = SAMPLE.read_text(encoding="utf-8")
    for there, here in (("2027-03-05T18:00", WEEKENDS[zone]), ("timezone: Europe/Berlin", f"timezone: {zone}")):
        assert there in text
        text = text.replace(there, here)
    path = folder / "autumn.yaml"
    path.write_text(text, encoding="utf-8")
    return read_runbook(path)


def play(document: RunbookDocument, path: Path, *, sweep: Sweep = alerts.sweep, seed: int = SEED) -> Board:
    """Play it to its end, in a state file made at `path`, on a clock that is stepped: from the plan's start, and from
    the window's start on with that sweep. Its run goes 3,600 times as fast as life."""
    clock = SteppedClock(document.window.start + timedelta(seconds=document.plan_start_s))
    plan.init(path, document, name="autumn.yaml", handle="ana", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="autumn", rate=RATE)
        play_stepped(state_file, clock, seed, until=document.window.start)
        return play_stepped(state_file, clock, seed, sweep=sweep)


def told(entries: Iterator[Entry], zone: str) -> list[str]:
    """All that became of each alert, in the order in which they were raised; times by the clocks of `zone`."""
    lines: dict[str, list[str]] = {}
    for entry in entries:
        if not entry.action.startswith("alert."):
            continue
        assert entry.run_time is not None
        (change,) = entry.changes
        after = change.after or {}
        if entry.action == "alert.raise":
            due = _shown(parse_iso_utc(str(after["due_at"])), zone)
            said = f"{after['rule']} {after['subject']} {after['episode']}  due {due}"
            lines[entry.subject] = [said]
        severity = f"{after['severity']}: " if "severity" in after else ""
        what = entry.action.removeprefix("alert.")
        lines[entry.subject].append(
            f"    {_shown(entry.run_time, zone)}  {what:8}  {severity}{one_line(entry.reason or '')}"
        )
    return [line for alert in lines.values() for line in alert]


def _shown(at: datetime, zone: str) -> str:
    """To the second and with the name of the time, which tells the two hours apart that look the same."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M:%S %Z")


def golden(zone: str) -> Path:
    """The file of the expected list."""
    return Path(__file__).with_name(f"alerts-{zone.rpartition('/')[2].lower().replace('_', '-')}.txt")


def main(target: Path, seed: int = SEED) -> None:
    for zone in WEEKENDS:
        with TemporaryDirectory() as name:
            path = Path(name) / "autumn.db"
            play(autumn(zone, Path(name)), path, seed=seed)
            with StateFile.open(path) as state_file:
                lines = told(state_file.entries(), zone)
        (target / golden(zone).name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
