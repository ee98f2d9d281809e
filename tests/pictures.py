"""Pictures of every screen, for looking at them: `python -m tests.pictures FOLDER --size 80x24 alerts`.

Not a test: it writes an SVG file and the plain text of each scene, at each size, in each theme that is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.cutover import numbered_ids
from tests.tui.looking import settled, shown
from tests.tui.stage import WINDOW, Stage, evening, night, staged
from warroom.actions import plan, runs
from warroom.clock.source import SteppedClock
from warroom.resources import folder
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped
from warroom.store.statefile import StateFile
from warroom.tui.app import ConsoleApp
from warroom.tui.look.glyphs import GlyphSet
from warroom.vocabulary.words import RunKind, Side

HOURS_PLAYED = 16
"""How long after the start of its window the big cutover is looked at."""


@dataclass(frozen=True)
class Scene:
    """What is looked at: a stage, who sits there, the options of the console, and what is pressed."""

    stage: str
    handle: str
    keys: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


def _on(stage: str, handle: str, *keys: str, **options: Any) -> Scene:
    return Scene(stage, handle, keys, options)


_LOOKING_BACK = ("r", "at", *"20:20", "enter", "right_square_bracket")

_PAPER = (*"rahul", "f5", *"all", "tab", *"1925", "tab", *"1930", "tab", "tab", "tab", *"412 rows", "down")

SCENES: Mapping[str, Scene] = {
    "war-room": _on("evening", "jana"),
    "war-room-night": _on("night", "jana"),
    "war-room-compact": _on("night", "jana", compact=True),
    "war-room-legend": _on("evening", "jana", "I"),
    "war-room-by-owner": _on("evening", "jana", "V", "V"),
    "war-room-filter": _on("evening", "jana", "slash", *"late:"),
    "war-room-marked": _on("evening", "jana", "m", "down", "m"),
    "war-room-zoom": _on("evening", "jana", "tab", "f2"),
    "big": _on("big", "ana"),
    "big-owner": _on("big", "dario", screen="owner"),
    "big-owners": _on("big", "ana", screen="owners"),
    "big-alerts": _on("big", "ana", screen="alerts"),
    "big-people": _on("big", "ana", screen="people"),
    "big-network": _on("big", "ana", screen="network"),
    "big-plots": _on("big", "ana", screen="plots"),
    "big-wall": _on("big", "ana", wall=True),
    "big-gate": _on("big", "ana", screen="gate"),
    "big-controls": _on("big", "ana", screen="controls"),
    "big-journal": _on("big", "ana", screen="journal"),
    "big-log": _on("big", "ana", screen="log"),
    "big-backout": _on("big", "ana", screen="back-out"),
    "big-handover": _on("big", "ana", screen="handover"),
    "big-task": _on("big", "ana", "enter"),
    "big-search": _on("big", "ana", "colon", *"stock"),
    "big-odds": _on("big", "ana", "c"),
    "big-what-if": _on("big", "ana", "w"),
    "owner": _on("evening", "rahul", screen="owner"),
    "owner-blocked": _on("evening", "greta", screen="owner"),
    "owner-nothing": _on("evening", "helene", screen="owner"),
    "owners": _on("evening", "jana", screen="owners"),
    "streams": _on("evening", "jana", "o", screen="owners"),
    "task": _on("evening", "rahul", "enter", screen="owner"),
    "gate": _on("night", "jana", screen="gate"),
    "gate-judged": _on("judged", "helene", screen="gate"),
    "criterion": _on("judged", "helene", "enter", screen="gate"),
    "controls": _on("judged", "matteo", "down", screen="controls"),
    "control": _on("judged", "matteo", "down", "enter", screen="controls"),
    "back-out": _on("judged", "helene", screen="back-out"),
    "backing-out": _on("turned", "jana"),
    "backing-out-owner": _on("turned", "helene", screen="owner"),
    "alerts": _on("night", "jana", screen="alerts"),
    "alert": _on("night", "jana", "enter", screen="alerts"),
    "network": _on("evening", "jana", screen="network"),
    "people": _on("evening", "jana", screen="people"),
    "log": _on("logged", "jana", screen="log"),
    "handover": _on("logged", "anjali", screen="handover"),
    "handover-none": _on("night", "jana", screen="handover"),
    "journal": _on("logged", "jana", screen="journal"),
    "search": _on("logged", "jana", "colon", *"item"),
    "search-empty": _on("logged", "jana", "colon", *"zzzz"),
    "scribe": _on("evening", "jana", *"rahul items tick", "space", "2", screen="scribe"),
    "scribe-wrong": _on("evening", "jana", *"rahul dm-99 done", screen="scribe"),
    "sheet": _on("evening", "jana", *_PAPER, screen="scribe"),
    "sheet-record": _on("evening", "jana", *_PAPER, "ctrl+s", screen="scribe"),
    "sheet-wrong": _on("evening", "jana", *"rahul", "f5", *"all", "tab", *"1840", screen="scribe"),
    "big-sheet": _on("big", "ana", *"dario", "f5", *["down"] * 12, screen="scribe"),
    "sheet-leave": _on("evening", "jana", *_PAPER, "escape", screen="scribe"),
    "plots": _on("evening", "jana", screen="plots"),
    "odds": _on("evening", "jana", "c"),
    "communication": _on("begun", "jana", "quotation_mark"),
    "replay": _on("night", "jana", *_LOOKING_BACK),
    "replay-owner": _on("night", "rahul", *_LOOKING_BACK, screen="owner"),
    "what-if": _on("evening", "jana", "w"),
    "what-if-big": _on("evening", "jana", "w", "1", "h", "3", "0"),
    "commands": _on("evening", "rahul", "space", "Q", screen="owner"),
    "connected": _on("evening", "jana", screen="connected"),
    "help": _on("evening", "jana", "question_mark"),
    "help-owner": _on("evening", "rahul", "question_mark", screen="owner"),
    "palette": _on("evening", "jana", "ctrl+p", *"gate"),
    "palette-all": _on("evening", "jana", "ctrl+p"),
    "wall": _on("night", "jana", wall=True),
    "planned": _on("planned", "jana"),
    "planned-owner": _on("planned", "rahul", screen="owner"),
    "closed": _on("closed", "jana"),
    "ask-eta": _on("evening", "rahul", "e", screen="owner"),
    "ask-eta-reason": _on("evening", "rahul", "e", *"45m", "enter", screen="owner"),
    "ask-eta-wrong": _on("evening", "rahul", "e", *"soon", "enter", screen="owner"),
    "ask-block": _on("evening", "rahul", "b", screen="owner"),
    "ask-help": _on("evening", "rahul", "exclamation_mark", screen="owner"),
    "ask-done": _on("evening", "rahul", "d", screen="owner"),
    "ask-result": _on("evening", "rahul", "D", screen="owner"),
    "ask-assign": _on("evening", "rahul", "A", screen="owner"),
    "ask-evidence": _on("evening", "rahul", "i", screen="owner"),
    "ask-progress": _on("evening", "rahul", "p", screen="owner"),
    "ask-vote": _on("night", "helene", "v", screen="gate"),
    "ask-decide": _on("night", "jana", "D", screen="gate"),
    "ask-voice": _on("night", "jana", "V", screen="gate"),
    "ask-waive": _on("judged", "helene", "W", screen="gate"),
    "ask-quit": _on("evening", "jana", "q"),
    "ask-undo": _on("night", "jana", "u"),
    "ask-shout": _on("evening", "jana", "M"),
    "ask-problem": _on("logged", "jana", "p", screen="log"),
    "ask-back-out": _on("judged", "helene", "B", screen="back-out"),
    "ask-trigger": _on("judged", "helene", "exclamation_mark", screen="back-out"),
    "ask-record": _on("judged", "matteo", "e", screen="controls"),
    "ask-snooze": _on("night", "jana", "z", screen="alerts"),
    "ask-rerun": _on("night", "jana", "home", "down", "R"),
    "refused": _on("night", "rahul", "D"),
}


def judged(stage: Stage) -> None:
    """The night with criteria of every verdict, controls in every state, and a trigger that is reached."""
    night(stage)
    stage.do("gate.assess", "DM-12", by="helene", number=1, met=False, evidence="stock differs by 12.00")
    stage.do("gate.assess", "DM-12", by="matteo", number=2, met=True, evidence="trial balance, page 3")
    until = WINDOW + timedelta(hours=12)
    stage.do("gate.waive", "DM-12", by="helene", number=3, reason="two rejects, by hand", expires_at=until)
    for key, legacy, new in (("tb", "1204331.07", "1204331.07"), ("ar", "81220.10", "81220.12")):
        stage.do("control.record", key, by="sofie", side=Side.LEGACY, value=Decimal(legacy), evidence="print, page 4")
        stage.do("control.record", key, by="greta", side=Side.NEW, value=Decimal(new))
    stage.do("control.record", "stock", by="sofie", side=Side.LEGACY, value=Decimal(33000))
    stage.do("control.sign", "tb", by="matteo")
    stage.do("rollback.raise", 1, by="rahul", reason="The stock differs", measured="1,204 EUR")
    stage.to(214)


def turned(stage: Stage) -> None:
    """The night, backed out of."""
    night(stage)
    stage.do("rollback.invoke", by="helene", reason="The stock cannot be loaded")


def logged(stage: Stage) -> None:
    """The evening with a log, and a shift that is offered."""
    evening(stage)
    due = WINDOW + timedelta(minutes=180)
    about = {"severity": 2, "owner": "greta", "workaround": "load without them", "due_at": due, "tasks": ["DM-07"]}
    stage.do("problem.raise", by="rahul", title="Rejects in the item file", **about)
    stage.do("problem.raise", by="imogen", title="Two users could not log off", severity=4)
    stage.do("problem.solve", 2, by="imogen", outcome="their sessions were ended")
    stage.do("log.decision", text="Load prices by hand", reason="only 40 of them", tasks=["DM-09"])
    stage.do("log.paper", by="greta", text="Delivery note 4711", owner="greta", due_at=due)
    stage.do("handover.give", "rahul", by="rahul", to="anjali", note="rejects are in the folder")


def begun(stage: Stage) -> None:
    """The begin of the live cutover, when a text is to be sent."""
    stage.start_run(RunKind.LIVE)
    stage.to(0)


def closed(stage: Stage) -> None:
    """The night, and then the run is closed."""
    night(stage)
    stage.do("run.close", reason="stopped here")


_PLAYS: Mapping[str, Callable[[Stage], None]] = {
    "planned": lambda _: None,
    "begun": begun,
    "evening": evening,
    "night": night,
    "judged": judged,
    "turned": turned,
    "logged": logged,
    "closed": closed,
}


@contextmanager
def played(path: Path) -> Iterator[Stage]:
    """A plan of real size in the middle of its live cutover, as simulated people play it."""
    document = read_runbook(folder("sample_runbooks") / "business-central.yaml")
    start = document.window.start
    assert start is not None
    clock = SteppedClock(start + timedelta(seconds=document.plan_start_s or 0))
    plan.init(path, document, name="business-central.yaml", clock=clock, new_id=numbered_ids())
    with StateFile.open(path, clock=clock, new_id=numbered_ids(1_000)) as state_file:
        stage = Stage(state_file, clock)
        runs.start(state_file, as_person(lead_of(stage.board())), kind=RunKind.LIVE, name=None)
        play_stepped(state_file, clock, 7, until=start + timedelta(hours=HOURS_PLAYED))
        go_wrong(stage, start + timedelta(hours=HOURS_PLAYED))
        yield stage


def go_wrong(stage: Stage, now: datetime) -> None:
    """A load runs late, another is blocked, nobody starts what is ready: what the console is for."""
    clock = stage.clock
    stage.do("task.block", "BC-26", by="priya", reason="The aging report does not open, IT looks at it")
    stage.do("problem.raise", by="priya", title="Aging report does not open", severity=2, owner="ruth", tasks=["BC-26"])
    clock.move_to(now + timedelta(minutes=25))
    stage.do("step.tick", "BC-25", by="dario", positions=[1])
    stage.do("task.eta", "BC-25", by="dario", eta=now + timedelta(minutes=95), reason="dimensions are missing")
    stage.sweep()
    clock.move_to(now + timedelta(minutes=50))
    stage.sweep()


class Stages:
    """Every stage, made when it is first wanted."""

    def __init__(self, folder: Path, open_files: ExitStack) -> None:
        self._folder = folder
        self._open_files = open_files
        self._made: dict[str, Stage] = {}

    def of(self, name: str) -> Stage:
        if name not in self._made:
            path = self._folder / f"{name}.db"
            stage = self._open_files.enter_context(played(path) if name == "big" else staged(path))
            if name != "big":
                _PLAYS[name](stage)
            self._made[name] = stage
        return self._made[name]


async def take(app: ConsoleApp, size: tuple[int, int], keys: tuple[str, ...]) -> tuple[str, str]:
    """The picture after these keys, as SVG and as text."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        await settled(pilot, *keys)
        return app.export_screenshot(), shown(app)


def size_of(text: str) -> tuple[int, int]:
    columns, rows = text.split("x")
    return int(columns), int(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenes", nargs="*", default=[], help="all of them, unless some are named")
    parser.add_argument("--size", action="append", default=[])
    parser.add_argument("--theme", action="append", default=[])
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--no-color", action="store_true", help="as NO_COLOR shows it")
    given = parser.parse_intermixed_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    logging.disable()
    os.environ.pop("NO_COLOR", None)
    if given.no_color:
        os.environ["NO_COLOR"] = "1"
    # What is shown must not move meanwhile.
    ConsoleApp._heartbeat = lambda _: None  # type: ignore[assignment,method-assign]
    glyphs = GlyphSet.ASCII if given.ascii else GlyphSet.UNICODE
    with TemporaryDirectory() as folder_of_stages, ExitStack() as open_files:
        stages = Stages(Path(folder_of_stages), open_files)
        for name in given.scenes or SCENES:
            scene = SCENES[name]
            for size in given.size or ["80x24", "120x40", "200x60"]:
                for theme in given.theme or [None]:
                    app = stages.of(scene.stage).app(scene.handle, theme=theme, glyphs=glyphs, **scene.options)
                    svg, text = asyncio.run(take(app, size_of(size), scene.keys))
                    stem = "_".join(filter(None, (name, size, theme, "ascii" if given.ascii else "")))
                    (given.folder / f"{stem}.svg").write_text(svg)
                    (given.folder / f"{stem}.txt").write_text(text)


if __name__ == "__main__":
    main()
