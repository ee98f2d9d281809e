"""Whatever is typed, the console never crashes, and nothing is written that it had not offered."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.stage import Stage, StageHost, night, staged
from warroom.tui.app import ConsoleApp
from warroom.tui.doing.context import Context
from warroom.tui.doing.leaving import Leaving
from warroom.tui.keys import registry
from warroom.tui.keys.registry import Action
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.filter_bar import FilterBar
from warroom.vocabulary.journal import Entry

WHOLE = bool(os.environ.get("WARROOM_SOAK"))
SEEDS, KEYS = (range(40), 400) if WHOLE else (range(1), 50)

WRITES: dict[str, set[str]] = {
    "task.result": {"task.done"},
    "task.help": {"problem.raise", "shout"},
    "step.tick": {"step.tick", "step.untick"},
    "step.number": {"step.tick", "step.untick"},
    "step.evidence": {"step.tick"},
    "console.undo": {"undo"},
    "gate.reverse": {"gate.decide"},
    "criterion.assess": {"gate.assess"},
    "criterion.measure": {"gate.measure"},
    "criterion.waive": {"gate.waive"},
    "control.correct": {"control.record"},
    "trigger.raise": {"rollback.raise"},
    "trigger.withdraw": {"rollback.withdraw"},
    "trigger.start-clock": {"rollback.start-clock"},
    "trigger.stop-clock": {"rollback.stop-clock"},
    "back-out.invoke": {"rollback.invoke"},
    "back-out.recover": {"rollback.recover"},
    "marked.start": {"task.start"},
    "marked.done": {"task.done"},
    "marked.note": {"task.note"},
    "marked.assign": {"task.assign"},
    "roll.answer": {"roll.answer", "roll.missing"},
    "log.problem": {"problem.raise"},
    "log.change": {"problem.update"},
    "log.solve": {"problem.solve"},
    "log.reopen": {"problem.reopen"},
    "shift.offer": {"handover.give"},
    "shift.take": {"handover.accept"},
    "shift.accept": {"handover.accept"},
}
"""What an action is called in the journal, where it has another name there."""

CHANGING = ("marked", "task", "step", "gate", "criterion", "control", "trigger", "back-out", "roll", "log", "shift")

LEAVING = {"ctrl+q"}
LEAVING_OR_NOT = ["escape", "escape", "n", "x", "down"]
"""Keys for one who is asked whether to leave; those that leave would end the test."""
COMMON = ["down", "up", "enter", "escape", "tab", "space", "right", "left", "m", "f2", "alt+2", "slash", "Q"]
IN_FIELDS = ["a", "g", "1", "5", "plus", "日", "right", "right", "backspace", "tab", "escape", *["enter"] * 10]


def likely_key(random: Random, app: ConsoleApp) -> str:
    """A key that somebody might press where they are, every other one such as changes something."""
    screen = app.screen
    if isinstance(screen, Leaving):
        return random.choice(LEAVING_OR_NOT)
    if not isinstance(screen, ConsoleScreen) or isinstance(app.focused, FilterBar):
        return random.choice(IN_FIELDS)
    if app.why_read_only is None and random.random() < 0.02:
        return "q"
    changing = [one for one in enabled(screen.context()) if one.group in CHANGING]
    if changing and random.random() < 0.5:
        return random.choice(random.choice(changing).keys)
    known = sorted(registry.bound_keys() - LEAVING - {"q"})
    return random.choice(known if random.random() < 0.4 else COMMON)


def writes(action: Action) -> set[str]:
    return WRITES.get(action.name, {action.name})


def enabled(context: Context) -> list[Action]:
    """What could be done there, by its own key or through the palette."""
    return [one for one in registry.ACTIONS if one.applies(context) and one.why_disabled(context) is None]


class Typist:
    """Types at random, and knows what the console had offered."""

    def __init__(self, stage: Stage, app: ConsoleApp, pilot: Pilot[Any], random: Random) -> None:
        self.stage = stage
        self.app = app
        self.pilot = pilot
        self.random = random
        self.allowed: set[str] = set()
        self.typed: list[str] = []

    async def press(self) -> list[Entry]:
        """Press one key. Returns what was written."""
        key = likely_key(self.random, self.app)
        self.typed.append(key)
        screen = self.app.screen
        if isinstance(screen, ConsoleScreen):
            context = screen.context()
            typing = isinstance(self.app.focused, FilterBar) and key not in ("escape", "tab")
            meant = None if typing else registry.meant_by(key, context)
            offered = enabled(context) if key == "ctrl+p" else [one for one in enabled(context) if one is meant]
            self.allowed = {name for action in offered for name in writes(action)}
        before = self.stage.state_file.head().seq
        await self.pilot.press(key)
        await self.app.workers.wait_for_complete()
        return list(self.stage.state_file.entries(before))


@pytest.mark.soak
@pytest.mark.timeout(3_600 if WHOLE else 120)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("handle", "size", "options"),
    [
        ("jana", (160, 48), {}),
        ("matteo", (80, 24), {"screen": "owner"}),
        ("greta", (120, 40), {}),
        ("stranger", (80, 24), {}),
        ("jana", (120, 40), {"read_only": True}),
        ("jana", (200, 60), {"wall": True}),
    ],
    ids=["lead", "owner", "owner in the war room", "stranger", "read-only", "wall"],
)
async def test_random_keys(
    tmp_path: Path, handle: str, size: tuple[int, int], options: dict[str, Any], seed: int
) -> None:
    random = Random(f"{handle}{options}{seed}")
    with staged(tmp_path / "state.db", played=night) as stage:
        app = stage.app(handle, **options)
        host = app.live
        assert isinstance(host, StageHost)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            wrote = 0
            typist = Typist(stage, app, pilot, random)
            for number in range(KEYS):
                written = await typist.press()
                assert app._exception is None, typist.typed
                wrote += len(written)
                names = {entry.action for entry in written}
                assert names <= typist.allowed, (names, typist.allowed, typist.typed)
                assert {entry.actor for entry in written} <= {handle}
                assert not (written and app.why_read_only), typist.typed
                if number % 10 == 9:
                    stage.to(207 + number // 10)
                    host.catch_up()
                    app.beat()
            print(f"{handle}: {wrote} entries by {KEYS} keys")
