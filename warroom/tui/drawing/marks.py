"""The glyph, word and ink of everything that has a status. Colour supports the other two, it never replaces them."""

from __future__ import annotations

from typing import NamedTuple

from warroom.vocabulary.words import ControlStanding, Light, ShownState, TaskKind, Verdict


class Mark(NamedTuple):
    """How one status is shown."""

    glyph: str
    word: str
    ink: str


STATES: dict[ShownState, Mark] = {
    ShownState.WAITING: Mark("·", "waiting", "status-waiting"),
    ShownState.READY: Mark("◌", "ready", "status-ready"),
    ShownState.RUNNING: Mark("●", "running", "status-running"),
    ShownState.VERIFYING: Mark("◐", "verifying", "status-verifying"),
    ShownState.BLOCKED: Mark("■", "blocked", "status-blocked"),
    ShownState.DONE: Mark("✓", "done", "status-done"),
    ShownState.SKIPPED: Mark("»", "skipped", "status-skipped"),
    ShownState.FAILED: Mark("✗", "failed", "status-failed"),
}

LATE = Mark("▲", "late", "status-late")
DORMANT = Mark("·", "dormant", "muted")
STALE = Mark("↺", "stale", "status-blocked")
PUSHED = Mark("~", "pushed", "status-pushed")
NOW = Mark("▼", "now", "now-line")
WINDOW_END = Mark("┃", "window end", "window-end")
BACKOUT = Mark("⚑", "last back-out", "backout-line")
NO_RETURN = Mark("╫", "no return", "no-return")
GATE = Mark("◆", "gate", "gate")

GATE_DUE = Mark("╎", "gate due", "gate")
DEADLINE = Mark("]", "deadline", "backout-line")
ETA = Mark("E", "ETA", "status-ready")
FLOAT = Mark("┄", "float", "muted")
BEFORE = Mark("‹", "comes before", "primary")
AFTER = Mark("›", "comes after", "primary")
BACKOUT_NOW = Mark("⚐", "back out now", "backout-line")
SHOUT = Mark("»", "shouted", "primary")

MARKED = Mark("*", "marked", "primary")
GHOST = Mark("═", "would lie", "status-pushed")
GHOST_POINT = Mark("◈", "would be", "status-pushed")

VERDICTS: dict[Verdict, Mark] = {
    Verdict.GO: Mark("◆", "go", "status-done"),
    Verdict.CONDITIONAL: Mark("◆", "conditional", "status-ready"),
    Verdict.NO_GO: Mark("◆", "no-go", "status-failed"),
}

LIGHTS: dict[Light, Mark] = {
    Light.GREEN: Mark("✓", "green", "status-done"),
    Light.AMBER: Mark("▲", "amber", "status-ready"),
    Light.RED: Mark("✗", "red", "status-failed"),
    Light.MISSING: Mark("◌", "missing", "status-ready"),
    Light.WAIVED: Mark("»", "waived", "status-skipped"),
}
"""How criteria stand."""

CONTROLS: dict[ControlStanding, Mark] = {
    ControlStanding.OUTSIDE: Mark("✗", "outside", "status-failed"),
    ControlStanding.STALE: Mark(STALE.glyph, "stale", STALE.ink),
    ControlStanding.MISSING_LEGACY: Mark("○", "legacy missing", "status-ready"),
    ControlStanding.MISSING_NEW: Mark("◐", "new missing", "status-ready"),
    ControlStanding.DISPOSED: Mark("≈", "accepted", "status-verifying"),
    ControlStanding.WITHIN: Mark("✓", "within", "status-verifying"),
    ControlStanding.SIGNED: Mark("✓", "signed", "status-done"),
}
"""How controls stand."""

KIND_GLYPHS: dict[TaskKind, str] = {TaskKind.GATE: "◆", TaskKind.MILESTONE: "◇"}

LEGEND: tuple[tuple[str, str, str], ...] = (
    *((mark.glyph, mark.ink, mark.word) for mark in STATES.values()),
    (DORMANT.glyph, DORMANT.ink, "dormant: of the back-out, until that is invoked"),
    (LATE.glyph, LATE.ink, "late by its own doing: a cause"),
    (PUSHED.glyph, PUSHED.ink, "pushed by what comes before it"),
    (STALE.glyph, STALE.ink, "stale: what it rests on was done again"),
    ("▄▄▄", "lane-plan", "planned"),
    ("▀▀▀", "status-running", "worked so far"),
    ("▀▀▀", "lane-forecast", "expected"),
    ("▀ ▀", "lane-forecast", "expected, but on a guess"),
    ("▓▓▓", LATE.ink, "past its planned finish: own delay"),
    ("░░░", PUSHED.ink, "past its planned finish: inherited delay"),
    (FLOAT.glyph * 3, FLOAT.ink, "its float: how far it can slip and harm nobody"),
    (ETA.glyph, ETA.ink, "its finish as its owner gave it"),
    (DEADLINE.glyph + " :", DEADLINE.ink, "its deadline"),
    (MARKED.glyph, f"{MARKED.ink} reverse", "marked: what is done next is done with all of these"),
    (BEFORE.glyph + " " + AFTER.glyph, BEFORE.ink, "comes before, or after, the selected one; lines lead there"),
    (GHOST.glyph * 3, GHOST.ink, "where it would lie, in a what-if (a gate: ◈)"),
    (GATE.glyph, GATE.ink, "gate or milestone (◇ where it was planned)"),
    (NOW.glyph + " │", NOW.ink, "now"),
    (WINDOW_END.glyph, WINDOW_END.ink, "end of the window"),
    (GATE.glyph + " " + GATE_DUE.glyph, GATE.ink, "a gate's decision is due"),
    (BACKOUT.glyph + " ┊", BACKOUT.ink, "latest safe back-out decision"),
    (BACKOUT_NOW.glyph, BACKOUT_NOW.ink, "a back-out that is decided now would be done"),
    ("╌╌╌", BACKOUT.ink, "the back-out, if it were decided at the last moment"),
    (NO_RETURN.glyph + " ┆", NO_RETURN.ink, "point of no return"),
    ("   ", "on:panel", "night for its owner, or off shift: the shade behind the bars"),
)
"""Glyph, ink and meaning of all that the console draws."""
