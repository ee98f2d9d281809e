"""What the pane in which somebody asks for help shows, and what is worth knowing to use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

PaneHelp = tuple[str, str]
"""Its title, and one paragraph."""


def help_on(pane: str | None, key: Callable[[str], str]) -> PaneHelp | None:
    """Help on the pane of that id, with the keys of whoever asks; None where there is none."""
    return None if pane is None else _helps(key).get(pane)


def _helps(key: Callable[[str], str]) -> Mapping[str, PaneHelp]:
    in_lists = f"{key('list.filter')} narrows it down, {key('list.mark')} marks a task, {key('task.details')} opens it."
    return {
        "timeline": (
            "The timeline",
            "Every task in one line against the hours: planned below, worked and expected above it. "
            f"{key('timeline.earlier')} {key('timeline.later')} pan, {key('timeline.nearer')} and "
            f"{key('timeline.wider')} zoom, {key('timeline.follow')} follows now, {key('timeline.view')} groups by "
            f"something else, {key('task.details')} folds a group. {in_lists}",
        ),
        "act": ("Who must act", f"The people of whom something is wanted now, the most urgent first. {in_lists}"),
        "alerts": (
            "Open alerts",
            f"What has gone wrong, the newest first; {key('console.alerts')} opens all of them to be answered.",
        ),
        "all-alerts": (
            "All alerts",
            f"Open and closed, with all that each pushes. {key('alert.acknowledge')} says I know, "
            f"{key('alert.snooze')} lets one wait.",
        ),
        "mine": (
            "Your tasks",
            "What is up now with its steps, what comes next and when, what comes later. "
            f"{key('task.start')} starts, {key('step.number')} tick, {key('task.done')} finishes, "
            f"{key('task.eta')} gives an ETA, {key('task.block')} says that it cannot go on. {in_lists}",
        ),
        "task": (
            "A task",
            f"Its steps; {key('step.tick')} or a number ticks one, {key('step.evidence')} ticks it with evidence, "
            f"{key('evidence.add')} attaches a file. On what was attached, {key('evidence.open')} reads it and "
            f"{key('evidence.save')} saves it. Its facts stand beside.",
        ),
        "facts": ("What is known of the task", "People, times, links, evidence and history."),
        "feed": (
            "Entries",
            f"The newest stands on top. {key('list.filter')} narrows them down by any word that is shown.",
        ),
        "connected": ("Who is on line", "Everybody whose console is open now, and on which screen."),
        "people": (
            "People",
            f"Who is on shift, who is away, with numbers. {key('roll.call')} calls the roll, {key('roll.answer')} "
            "ticks who answers.",
        ),
        "sheet": ("The call sheet", "Whom to ring for what, in which order."),
        "log": (
            "The log of the night",
            f"{key('log.problem')} writes down a problem, {key('log.decision')} a decision, {key('log.paper')} "
            f"a paper document; {key('log.solve')} closes it.",
        ),
        "network": (
            "The network",
            f"What comes before and after the task; {key('network.centre')} makes another one the centre.",
        ),
        "chain": (
            "Before and after",
            "What the task under the cursor waits for and what waits for it, then what is farther off, with float.",
        ),
        "found": ("What was found", f"Type on to find less; {key('task.details')} opens it."),
        "loads": ("Load", "How much is planned per hour, and on whom."),
        "recorded": ("Recorded", "What was recorded on this screen, the newest on top."),
        "rows": (
            "A run sheet",
            "What was written on paper, in the order of the print. Type a time: 2240, Sat 22:40, -10 (minutes ago), "
            f"+15 (after the time before it), T+8h30 where a time comes twice. {key('sheet.next')} goes on, "
            f"{key('sheet.up')} {key('sheet.down')} change the task; what is known is dim. {key('sheet.record')} "
            "shows all that will be recorded, and records all of it or nothing.",
        ),
        "shift": (
            "A shift hand-over",
            f"What the next one must know; {key('shift.offer')} offers it, {key('shift.take')} accepts it.",
        ),
        "words": (
            "A text",
            f"As it would be sent; {key('communication.approve')} approves it, {key('communication.send')} sends it.",
        ),
        "owners": (
            "Owners",
            f"A pane for each; {key('move.left')} {key('move.right')} go from one to the next, "
            f"{key('console.streams')} turns to streams.",
        ),
        "votes": (
            "Votes and criteria",
            f"{key('gate.vote')} votes, {key('gate.decide')} decides, {key('criterion.assess')} judges a criterion, "
            f"{key('task.details')} shows what it rests on.",
        ),
        "standing": ("How the gate stands", "The verdict that can be given, and who owes what."),
        "criterion": ("A criterion", "What it rests on: evidence, tasks, controls, problems, tests."),
        "parts": (
            "Controls",
            f"{key('control.record')} enters a side, {key('control.sign')} signs, {key('control.dispose')} disposes "
            f"of a difference; {key('task.details')} shows all rounds.",
        ),
        "rounds": ("Rounds", "What was entered and compared so far."),
        "triggers": (
            "Triggers",
            f"{key('trigger.raise')} says that one is reached, {key('trigger.start-clock')} starts or stops its "
            f"clock, {key('back-out.invoke')} backs out.",
        ),
        "back": ("The way back", "What would be undone, and until when there is time for it."),
        "consequences": ("If so", "What would move and break, and whom to call. Nothing is written."),
        "drivers": ("Drivers", "The tasks whose durations move the finish most."),
    }
