"""The journal as items: who did what, about what, and what they said."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.board.board import Board
from warroom.board.plan_words import PLAN_ACTIONS, plan_words
from warroom.board.rows import Alert, Step
from warroom.board.told import UNDONE, corrected, odd_clock, tied_out
from warroom.clock.durations import MINUTE
from warroom.clock.times import parse_iso_utc, show_iso, show_time
from warroom.tui.drawing.ink import Span, Spans, padded
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import BACKOUT, GATE, LATE, SHOUT, STALE, STATES, VERDICTS, Mark
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.journal import Change, Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, Verdict

_CONTROL = "="
"""The glyph of what is entered of a control."""

PLAN_INK = "primary"
"""The ink of what changes the plan itself."""

_ACTIONS: dict[str, tuple[str, str, str]] = {
    "task.start": ("●", "started", STATES[ShownState.RUNNING].ink),
    "task.confirm": ("✓", "confirmed", STATES[ShownState.READY].ink),
    "task.done": ("✓", "finished", STATES[ShownState.DONE].ink),
    "task.verify": ("✓", "verified", STATES[ShownState.DONE].ink),
    "task.block": ("■", "blocked", STATES[ShownState.BLOCKED].ink),
    "task.unblock": ("●", "unblocked", STATES[ShownState.RUNNING].ink),
    "task.skip": ("»", "skipped", STATES[ShownState.SKIPPED].ink),
    "task.fail": ("✗", "failed", STATES[ShownState.FAILED].ink),
    "task.eta": ("~", "gave an ETA", STATES[ShownState.READY].ink),
    "task.reopen": (STALE.glyph, "reopened", STALE.ink),
    "task.rerun": (STALE.glyph, "did again", STALE.ink),
    "task.settle": ("✓", "settled", STATES[ShownState.DONE].ink),
    "task.correct": ("~", "corrected", STATES[ShownState.READY].ink),
    "undo": (STALE.glyph, "took back", "muted"),
    "task.progress": ("~", "told progress", STATES[ShownState.RUNNING].ink),
    "task.note": ("·", "noted", ""),
    "task.add": ("+", "added", PLAN_INK),
    "task.remove": ("-", "removed", PLAN_INK),
    "task.split": ("÷", "split", PLAN_INK),
    "task.assign": ("→", "re-assigned", PLAN_INK),
    "task.link": ("→", "linked", PLAN_INK),
    "task.unlink": ("→", "unlinked", PLAN_INK),
    "task.retime": ("→", "re-timed", PLAN_INK),
    "plan.apply": ("→", "changed the plan", PLAN_INK),
    "run.rebaseline": ("→", "froze the baseline", PLAN_INK),
    "evidence.add": ("·", "attached", ""),
    "step.tick": ("·", "ticked", STATES[ShownState.DONE].ink),
    "step.untick": ("·", "unticked", "muted"),
    "gate.vote": (GATE.glyph, "voted", GATE.ink),
    "gate.voice": (GATE.glyph, "voted by voice", GATE.ink),
    "gate.countersign": (GATE.glyph, "counter-signed", GATE.ink),
    "gate.assess": (GATE.glyph, "judged", ""),
    "gate.measure": (GATE.glyph, "measured", ""),
    "gate.waive": (GATE.glyph, "waived", STATES[ShownState.SKIPPED].ink),
    "gate.decide": (GATE.glyph, "decided", GATE.ink),
    "problem.raise": ("■", "raised", STATES[ShownState.BLOCKED].ink),
    "problem.update": ("·", "updated", ""),
    "problem.solve": ("✓", "closed", STATES[ShownState.DONE].ink),
    "problem.reopen": ("■", "reopened", STATES[ShownState.BLOCKED].ink),
    "control.record": (_CONTROL, "entered", ""),
    "control.import": (_CONTROL, "compared", ""),
    "control.dispose": (_CONTROL, "told the difference of", STATES[ShownState.READY].ink),
    "control.sign": (_CONTROL, "signed", STATES[ShownState.DONE].ink),
    "control.reopen": (STALE.glyph, "opened again", STALE.ink),
    "rollback.raise": (BACKOUT.glyph, "reached:", LATE.ink),
    "rollback.withdraw": (BACKOUT.glyph, "not reached after all:", STATES[ShownState.DONE].ink),
    "rollback.measure": (BACKOUT.glyph, "measured", ""),
    "rollback.start-clock": (BACKOUT.glyph, "started the clock of", LATE.ink),
    "rollback.stop-clock": (BACKOUT.glyph, "stopped the clock of", STATES[ShownState.DONE].ink),
    "rollback.invoke": (BACKOUT.glyph, "decided the", LATE.ink),
    "rollback.recover": (BACKOUT.glyph, "decided the", LATE.ink),
    "communication.draft": ("·", "wrote", ""),
    "communication.approve": ("✓", "approved", STATES[ShownState.DONE].ink),
    "communication.withdraw": ("-", "withdrew", "muted"),
    "communication.send": ("→", "sent", "primary"),
    "communication.record": ("→", "told by hand", "primary"),
    "communication.sent": ("→", "sent", "primary"),
    "log.decision": ("◆", "wrote down", GATE.ink),
    "log.paper": ("·", "wrote down", STATES[ShownState.READY].ink),
    "log.entered": ("✓", "entered", STATES[ShownState.DONE].ink),
    "roll.call": ("●", "called", "primary"),
    "roll.answer": ("✓", "there:", STATES[ShownState.DONE].ink),
    "roll.missing": ("○", "not there:", "muted"),
    "person.add": ("+", "added", "primary"),
    "person.edit": ("·", "edited", ""),
    "person.key-add": ("+", "added a key of", ""),
    "person.key-remove": ("-", "removed a key of", ""),
    "session.open": ("·", "opened", "muted"),
    "session.end": ("·", "left", "muted"),
    "session.refused": ("■", "refused", LATE.ink),
    "party.add": ("+", "added", "primary"),
    "person.away": ("○", "said away:", "muted"),
    "person.substitute": ("○", "named a substitute:", "muted"),
    "person.back": ("●", "said back:", "primary"),
    "handover.give": ("→", "offered", "primary"),
    "handover.accept": ("→", "accepted", "primary"),
    "shout": (SHOUT.glyph, "shouted to", SHOUT.ink),
    "alert.raise": (LATE.glyph, "alert", LATE.ink),
    "alert.worsen": (LATE.glyph, "alert got worse", LATE.ink),
    "alert.reopen": (LATE.glyph, "alert is back", LATE.ink),
    "alert.escalate": (LATE.glyph, "alert escalated", LATE.ink),
    "alert.wake": (LATE.glyph, "alert calls again", LATE.ink),
    "alert.turn": ("·", "alert has another cause", "muted"),
    "alert.acknowledge": ("✓", "knows of the alert", "primary"),
    "alert.snooze": ("○", "lets the alert wait", "muted"),
    "alert.threshold": ("·", "changed the alert rule", "primary"),
    "alert.close": ("✓", "alert over", "muted"),
    "alert.sending": ("●", "switched", "primary"),
    "clock.jump": (LATE.glyph, "saw a jump of the", LATE.ink),
    "clock.confirm": ("✓", "confirmed", "primary"),
    "plan.load": ("+", "loaded", PLAN_INK),
    "run.start": ("●", "started", "primary"),
    "run.close": ("●", "closed", "primary"),
    "run.hold": ("●", "held the clock of", "primary"),
    "run.resume": ("●", "resumed the clock of", "primary"),
    "run.speed": ("●", "changed the speed of", "primary"),
}
"""Glyph, word and ink of what is known; any other action is shown by its own name."""

_LATER_S = MINUTE
"""From so many seconds between when it happened and when it was told, both times are shown."""


def entry_mark(entry: Entry) -> Mark:
    """How an entry's action is shown."""
    glyph, word, ink = _ACTIONS.get(entry.action, ("·", one_line(entry.action, 40), "muted"))
    if entry.action == "gate.decide":
        for change in entry.changes:
            if change.table == "decision" and change.after is not None and change.after.get("verdict"):
                return Mark(glyph, word, VERDICTS[Verdict(str(change.after["verdict"]))].ink)
    return Mark(glyph, word, ink)


def entry_item(picture: Picture, entry: Entry, width: int, most: int = 4) -> Item:
    """One entry, what it says in at most `most` lines; the same for every Board of its run, but for whether it was
    taken back."""
    mark, subject = entry_mark(entry), about(picture.board, entry)
    at = entry.run_time or entry.recorded_at
    time = show_time(at, picture.zone, seconds=True, day=False)
    day = "" if width < 100 else show_iso(at, picture.zone, seconds=True).removesuffix(time)
    who = one_line(entry.who, 40) + ("" if entry.recorded_by is None else f" (by {one_line(entry.recorded_by, 40)})")
    head: list[Span] = [
        (f" {day}{time} ", "muted"),
        (f"{mark.glyph} ", f"{mark.ink} bold"),
        (padded(who, 9) + " ", "bold"),
        (f"{mark.word} ", mark.ink),
        (one_line(subject, 20), "bold"),
    ]
    if entry.seq in picture.board.undone:
        head.append((f" {STALE.glyph} {UNDONE}", "muted bold"))
    task = picture.board.task(subject)
    if task is not None and width >= 100:
        head.append((f" {one_line(task.title, 40)}", "muted"))
    lines: list[Spans] = [tuple(head)]
    said = ": ".join(
        dict.fromkeys(part for part in (odd_clock(entry), told(picture.board, entry), entry.reason) if part)
    )
    if abs((at - entry.effective_at).total_seconds()) >= _LATER_S:
        said = f"(at {show_time(entry.effective_at, picture.zone, day=False)}) {said}"
    indent = " " * (len(day) + 12)
    if said:
        lines += [((indent + line, ""),) for line in wrapped(one_line(said), width - len(indent) - 1, most=most)]
    return Item(tuple(lines), subject, entry.seq)


def about(board: Board, entry: Entry) -> str:
    """The ref of the task that an entry is about; what it is about otherwise. Entries about alerts name the cause."""
    for change in entry.changes:
        if change.table == "alert":
            alert = board.rows(Alert).get(change.key)
            return str((change.after or {}).get("subject") or (entry.subject if alert is None else alert.subject))
    return entry.subject


def told(board: Board, entry: Entry) -> str:
    """What an entry says beyond action and reason: the ETA, the vote, the note, the step, the plan, the correction."""
    if said := corrected(board, entry) or tied_out(entry):
        return said
    if entry.action in PLAN_ACTIONS:
        return plan_words(board, entry)
    return ", ".join(dict.fromkeys(part for change in entry.changes for part in _told(board, change, entry)))


def _told(board: Board, change: Change, entry: Entry) -> Iterator[str]:
    after = change.after or {}
    match entry.action, change.table:
        case "task.eta", "task" if after.get("eta"):
            yield f"ETA {show_time(parse_iso_utc(str(after['eta'])), board.programme.timezone, day=False)}"
        case "task.progress", "task" if "progress_done" in after:
            total = after.get("progress_total")
            yield f"{after['progress_done']}" + (f" of {total}" if total else "")
        case "task.note", "note" if "text" in after:
            yield str(after["text"])
        case "evidence.add", "document" if "name" in after:
            yield str(after["name"])
        case "task.done" | "task.verify", "task" if after.get("result"):
            yield str(after["result"])
        case (("step.tick" | "step.untick"), "step"):
            step = board.rows(Step).get(change.key)
            evidence = f" ({after['evidence']})" if after.get("evidence") else ""
            yield f"step {step.position}: {step.text}{evidence}" if step is not None else "a step"
        case "gate.vote" | "gate.voice", "vote" if "choice" in after:
            yield str(after["choice"])
        case "gate.decide", "decision" if after.get("verdict"):
            yield str(after["verdict"])
        case "log.decision", "ad_hoc_decision" if "text" in after:
            yield str(after["text"])
        case "alert.raise", "alert" if "message" in after:
            yield str(after["message"])
