"""Keys after which people type words. Where such a key is refused the words have no field, and must not be taken for
commands: what is typed is passed over until somebody pauses, or presses what is no part of a word."""

from __future__ import annotations

from collections.abc import Iterable

PAUSE_S = 1.0
"""After so many seconds without a key the next one means what it says."""

FOLLOWED = frozenset(
    {
        *("list.filter", "network.find", "console.search", "console.scribe", "console.sheet", "console.what-if"),
        *("replay.time", "replay.task"),
        *("task.help", "task.eta", "task.block", "task.progress", "task.note", "task.result", "task.skip", "task.fail"),
        *("task.assign", "task.retime", "task.link", "task.settle", "task.rerun", "task.reopen", "task.correct"),
        *("step.evidence", "evidence.add", "marked.note", "marked.assign", "console.undo", "console.clock"),
        *("gate.vote", "gate.decide", "gate.reverse", "gate.voice"),
        *("criterion.measure", "criterion.assess", "criterion.waive"),
        *("control.record", "control.sign", "control.dispose", "control.correct", "control.reopen"),
        *("trigger.raise", "trigger.withdraw", "trigger.start-clock", "trigger.stop-clock"),
        *("back-out.recover", "back-out.invoke", "communication.send", "communication.approve"),
        *("roll.call", "log.problem", "log.decision", "log.paper", "log.entered", "log.solve", "log.change"),
        *("log.reopen", "shift.offer", "alert.snooze", "shout.say", "console.export"),
    }
)
"""Names of the actions that ask for words, or open where one types."""

_IN_WORDS = frozenset({"space", "tab", "backspace"})
_LAST = frozenset({"enter", "escape"})


class WordsFollow:
    """What one console passes over. Times are seconds of any clock that only goes forward."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._told = False

    def refused(self, names: Iterable[str], at: float) -> None:
        """A key was refused that means, or would mean elsewhere, the actions of these names."""
        if not FOLLOWED.isdisjoint(names):
            self._since, self._told = at, False

    def passes_over(self, key: str, printable: bool, at: float) -> bool:
        """Whether a key belongs to words that have no field. What ends them, such as enter, is the last of them."""
        since, self._since = self._since, None
        if since is None or at - since >= PAUSE_S:
            return False
        if printable or key in _IN_WORDS:
            self._since = at
            return True
        return key in _LAST and self._told

    def tell_once(self) -> bool:
        """Whether it is yet to be said that keys are passed over."""
        told, self._told = self._told, True
        return not told
