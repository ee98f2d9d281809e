"""What can go wrong, as people meet it: what was wrong, where, and what to do. Each kind has its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TypeVar


class WarroomError(Exception):
    """Something that a person must be told, in words.

    Attributes:
        message: what was wrong, one sentence without a full stop.
        where: the place (file:line:column, a ref, a path), or None.
        hint: what to do about it, or None.
        exit_code: the exit code of a command that ends with it (README: Exit codes).
        code: the short name of the kind, for `--json`.
    """

    exit_code = 1
    code = "refused"

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


class Refused(WarroomError):
    """A rule says no: not allowed, or wrong state."""


class Stale(Refused):
    """What the caller decided on has changed since; the message says what changed and by whom.

    Attributes:
        seq: the entry that changed it; who decides again having seen that one names it as seen.
    """

    code = "stale"

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None, seq: int = 0) -> None:
        super().__init__(message, where=where, hint=hint)
        self.seq = seq


class PlanRefused(Refused):
    """A change of the plan that cannot be made: everything that speaks against it, at once."""

    code = "plan-refused"

    def __init__(self, reasons: Sequence[str], *, where: str | None = None, hint: str | None = None) -> None:
        self.reasons = tuple(reasons)
        count = len(self.reasons)
        message = self.reasons[0] if count == 1 else f"{count} things speak against it: {'; '.join(self.reasons)}"
        super().__init__(message, where=where, hint=hint)


class BadInput(WarroomError):
    """What was typed cannot be read, or names something that is not there."""

    exit_code = 2
    code = "bad-input"


class StateFileError(WarroomError):
    """The state file is missing, damaged, read-only or too new."""

    exit_code = 3
    code = "state-file"


class Busy(WarroomError):
    """The state file stayed locked for too long; trying again is safe."""

    exit_code = 4
    code = "busy"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    message: str
    hint: str | None = None

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class BadFile(BadInput):
    """A file with faults; all of them, in the order in which they stand in it. `what` is the file, in words."""

    what = "the file"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        count = len(self.faults)
        super().__init__(
            first.message if count == 1 else f"{count} faults in {self.what}", where=first.where, hint=first.hint
        )


class BadRunbook(BadFile):
    code = "bad-runbook"
    what = "the runbook"


class BadSheet(BadFile):
    """A run sheet of which lines cannot be read, or were refused; nothing of it was recorded."""

    code = "bad-sheet"
    what = "the run sheet"


E = TypeVar("E", bound=WarroomError)


def for_others(error: E) -> E:
    """An error as it is told to people whom a server serves: what is to be done about the state file, whoever runs
    that server does. All that they can mend themselves is told as it is."""
    if not isinstance(error, StateFileError) or error.hint is None:
        return error
    told = copy(error)
    told.hint = f"for whoever runs the server: {error.hint}"
    return told
