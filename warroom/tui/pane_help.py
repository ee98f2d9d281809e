"""What the pane in which somebody asks for help shows, and what is worth knowing to use it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PaneHelp = tuple[str, str]
"""Its title, and one paragraph."""

_IN_LISTS = "/ narrows it down, m marks a task, enter opens it."

_HELP: Mapping[str, PaneHelp] = MappingProxyType(
    {
        "timeline": (
            "The timeline",
            "Every task in one line against the hours: planned below, worked and expected above it. Arrows pan, "
            f"+ and - zoom, f follows now, V groups by something else, enter folds a group. {_IN_LISTS}",
        ),
        "act": ("Who must act", f"The people of whom something is wanted now, the most urgent first. {_IN_LISTS}"),
        "alerts": ("Open alerts", "What has gone wrong, the newest first; a opens all of them to be answered."),
        "all-alerts": ("All alerts", "Open and closed, with all that each pushes. y says I know, z lets one wait."),
        "mine": (
            "Your tasks",
            "What is up now with its steps, what comes next and when, what comes later. s starts, 1 to 9 tick, "
            f"d finishes, e gives an ETA, b says that it cannot go on. {_IN_LISTS}",
        ),
        "task": (
            "A task",
            "Its steps; space or a number ticks one, i ticks it with evidence, * attaches a file. On what was "
            "attached, enter reads it and f8 saves it. Its facts stand beside.",
        ),
        "facts": ("What is known of the task", "People, times, links, evidence and history."),
        "feed": ("Entries", "The newest stands on top. / narrows them down by any word that is shown."),
        "connected": ("Who is on line", "Everybody whose console is open now, and on which screen."),
        "people": ("People", "Who is on shift, who is away, with numbers. R calls the roll, space ticks who answers."),
        "sheet": ("The call sheet", "Whom to ring for what, in which order."),
        "log": ("The log of the night", "p writes down a problem, d a decision, n a paper document; s closes it."),
        "network": ("The network", "What comes before and after the task; N makes another one the centre."),
        "found": ("What was found", "Type on to find less; enter opens it."),
        "loads": ("Load", "How much is planned per hour, and on whom."),
        "recorded": ("Recorded", "What was recorded on this screen, the newest on top."),
        "rows": (
            "A run sheet",
            "What was written on paper, in the order of the print. Type a time: 2240, Sat 22:40, -10 (minutes ago), "
            "+15 (after the time before it), T+8h30 where a time comes twice. Enter goes on, arrows change the task; "
            "what is known is dim. ctrl+s shows all that will be recorded, and records all of it or nothing.",
        ),
        "shift": ("A shift hand-over", "What the next one must know; o offers it, H accepts it."),
        "words": ("A text", "As it would be sent; y approves it, s sends it."),
        "owners": ("Owners", "A pane for each; the arrows go from one to the next, o turns to streams."),
        "votes": ("Votes and criteria", "v votes, D decides, m judges a criterion, enter shows what it rests on."),
        "standing": ("How the gate stands", "The verdict that can be given, and who owes what."),
        "criterion": ("A criterion", "What it rests on: evidence, tasks, controls, problems, tests."),
        "parts": ("Controls", "e enters a side, s signs, d disposes of a difference; enter shows all rounds."),
        "rounds": ("Rounds", "What was entered and compared so far."),
        "triggers": ("Triggers", "! says that one is reached, s starts or stops its clock, B backs out."),
        "back": ("The way back", "What would be undone, and until when there is time for it."),
        "consequences": ("If so", "What would move and break, and whom to call. Nothing is written."),
        "drivers": ("Drivers", "The tasks whose durations move the finish most."),
    }
)


def help_on(pane: str | None) -> PaneHelp | None:
    """Help on the pane of that id; None where there is none."""
    return None if pane is None else _HELP.get(pane)
