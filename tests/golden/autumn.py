"""A cutover of Finance and Operations on the weekend on which the clocks are set back, and the list of its alerts.

`python -m tests.golden.autumn FOLDER` records the golden lists into FOLDER: what a review has to look at line by line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from warroom.resources import folder as resource
from warroom.runbook.document import RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.store.verify import verify
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind

SAMPLE = resource("sample_runbooks") / "d365-fo-ppac.yaml"
DATABASE = "autumn.db"
RATE = 3_600 * LIFE

Sweep = Callable[[StateFile, Board], Board]


@dataclass(frozen=True, slots=True)
class Weekend:
    """One on whose Sunday an hour comes twice.

    Attributes:
        zone: the time zone of the programme. start: of the window, a Friday, by its clocks.
        seed: of the play; each has rules that the other has not.
    """

    zone: str
    start: str
    seed: int

    @property
    def golden(self) -> Path:
        """The file of the expected list."""
        return Path(__file__).with_name(f"alerts-{self.zone.rpartition('/')[2].lower().replace('_', '-')}.txt")

    def document(self, folder: Path) -> RunbookDocument:
        """The sample, moved there."""
        text = SAMPLE.read_text(encoding="utf-8")
        for there, here in (("2027-03-05T18:00", self.start), ("timezone: Europe/Berlin", f"timezone: {self.zone}")):
            assert there in text
            text = text.replace(there, here)
        path = folder / "autumn.yaml"
        path.write_text(text, encoding="utf-8")
        return read_runbook(path)


BERLIN = Weekend("Europe/Berlin", "2026-10-23T18:00", 7)
NEW_YORK = Weekend("America/New_York", "2026-10-30T18:00", 5)


def play(weekend: Weekend, folder: Path, sweep: Sweep = alerts.sweep, since: int = 0) -> list[str]:
    """Play it to its end, in a state file made in `folder`, on a clock that is stepped, its run 3,600 times as fast as
    life: from the plan's start on, and with that sweep from so many hours after the window's start on.

    Returns the list of its alerts.
    """
    document, path = weekend.document(folder), folder / DATABASE
    clock = SteppedClock(document.window.start + timedelta(seconds=document.plan_start_s))
    plan.init(path, document, name="autumn.yaml", handle="ana", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name="autumn", rate=RATE)
        play_stepped(state_file, clock, weekend.seed, until=document.window.start + timedelta(hours=since))
        play_stepped(state_file, clock, weekend.seed, sweep=sweep)
        assert verify(state_file).sound
        return told(state_file.entries(), weekend.zone)


def told(entries: Iterable[Entry], zone: str) -> list[str]:
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
            lines[entry.subject] = [f"{after['rule']}, {after['subject']}, episode {after['episode']}, due {due}"]
        loud = f"{after['severity']}: " if "severity" in after else ""
        what = f"{_shown(entry.run_time, zone)}  {entry.action.removeprefix('alert.'):8}"
        lines[entry.subject].append(f"    {what}  {loud}{one_line(entry.reason or '')}")
    return [line for alert in lines.values() for line in alert]


def _shown(at: datetime, zone: str) -> str:
    """With the name of the time, which tells the two hours apart that look the same."""
    return at.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M:%S %Z")


def main(target: Path) -> None:
    for weekend in (BERLIN, NEW_YORK):
        with TemporaryDirectory() as name:
            lines = play(weekend, Path(name))
        (target / weekend.golden.name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
