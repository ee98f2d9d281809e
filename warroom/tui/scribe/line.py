"""One line of the scribe: who, which task, what, when, and what else they said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from warroom.board.rows import Person, Task
from warroom.tui.doing.typed import AGO, happened, parse_eta, parse_progress
from warroom.tui.picture.picture import Picture
from warroom.tui.scribe.names import people_meant, task_named, tasks_meant
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import StepKind, TaskState

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "start": "task.start",
        "done": "task.done",
        "verify": "task.verify",
        "block": "task.block",
        "unblock": "task.unblock",
        "tick": "step.tick",
        "untick": "step.untick",
        "eta": "task.eta",
        "progress": "task.progress",
        "note": "task.note",
        "skip": "task.skip",
        "fail": "task.fail",
    }
)
"""What can be recorded, by the word for it; of several that begin alike the first is meant."""

ALL = "all"
"""Stands for the numbers of all steps that are due."""

NEEDS_TEXT = MappingProxyType({"block": "why", "skip": "why", "fail": "why", "note": "what they said", "eta": "why"})

_TEXT_IS = {"block": "reason", "unblock": "reason", "skip": "reason", "fail": "reason", "note": "text", "eta": "reason"}
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}|[tT]([+-].+)?")
_DAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_STEP = re.compile(r"(.+)\.([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says, as far as it is understood.

    Attributes:
        who: whoever did it. task, verb: which task, and one of `VERBS`.
        at: when it happened (run time, UTC); None: now.
        arguments: those of the action but for the task and the time.
        missing: what is wrong with the line, or what it still needs, in words; None: it can be recorded.
    """

    who: Person | None = None
    task: Task | None = None
    verb: str | None = None
    at: datetime | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    missing: str | None = None

    @property
    def action(self) -> str:
        """Name of the action that records it."""
        assert self.verb is not None
        return VERBS[self.verb]


def read_line(text: str, picture: Picture, now: datetime) -> Line:
    """Read a line such as "dario bc24 done 2:40 412 rows". Where it begins with a ref, the owner of the task is meant.

    Args:
        now: run time, UTC.
    """
    words = text.split()
    if not words:
        return Line(missing="who, which task, what, when")
    board = picture.board
    own = _exactly(picture, words[0])
    if own is not None:
        who, rest = board.person(own.owner_id), words
        if who is None:
            return Line(task=own, missing=f"{own.ref} has no owner: say who")
    else:
        people = people_meant(board, words[0])
        if len(people) != 1:
            return Line(missing=_several("nobody is called", words[0], [person.handle for person in people]))
        who, rest = people[0], words[1:]
    if not rest:
        return Line(who, missing="which task?")
    wanted, steps = rest[0], list[int]()
    if (match := _STEP.fullmatch(wanted)) is not None:
        wanted, steps = match[1], [int(match[2])]
    tasks = tasks_meant(board, wanted, who)
    if len(tasks) != 1:
        return Line(who, missing=_several("no task is called", wanted, [task.ref for task in tasks]))
    if len(rest) < 2:
        return Line(who, tasks[0], missing=f"what? {', '.join(VERBS)}")
    verb = next((verb for verb in VERBS if verb.startswith(rest[1].lower())), None)
    if verb is None:
        return Line(who, tasks[0], missing=f"{one_line(rest[1], 20)} is none of {', '.join(VERBS)}")
    return _with_rest(Line(who, tasks[0], verb), rest[2:], steps, picture, now)


def completed(text: str, picture: Picture, now: datetime) -> str:
    """The line with its last word as it is understood, and a space behind it."""
    words = text.split()
    if not words or text.endswith(" "):
        return text
    line = read_line(text, picture, now)
    names = [None if line.task is None else line.task.ref, line.verb]
    if _exactly(picture, words[0]) is None:
        names.insert(0, None if line.who is None else line.who.handle)
    meant = names[len(words) - 1] if len(words) <= len(names) else None
    if meant is None:
        return text
    step = _STEP.fullmatch(words[-1])
    if step is not None and meant != line.verb:
        meant += f".{step[2]}"
    return " ".join([*words[:-1], meant]) + " "


def _exactly(picture: Picture, word: str) -> Task | None:
    """The task of that very ref, or of the step's."""
    step = _STEP.fullmatch(word)
    return task_named(picture.board, word if step is None else step[1])


def _several(nobody: str, word: str, names: list[str]) -> str:
    if not names:
        return f"{nobody} {one_line(word, 30)}"
    shown = ", ".join(one_line(name, 20) for name in names[:6])
    return f"{one_line(word, 30)} may be {shown}{' …' if len(names) > 6 else ''}"


def _with_rest(line: Line, words: list[str], steps: list[int], picture: Picture, now: datetime) -> Line:
    """The line with what stands behind the verb: steps, progress or ETA, the time, the text."""
    assert line.verb is not None
    arguments: dict[str, Any] = {}
    at = None
    try:
        if line.verb == "tick" and words and words[0].lower() == ALL and not steps:
            words.pop(0)
            if not (steps := _all_due(line, picture)):
                return _but(line, "no step is open")
            arguments["positions"] = steps
        elif line.verb in ("tick", "untick"):
            while words and words[0].isascii() and words[0].isdigit() and len(words[0]) <= 4:
                steps.append(int(words.pop(0)))
            if not steps:
                return _but(line, "which step? its number, all, or BC-24.2 for the task")
            arguments["positions"] = steps
        elif line.verb == "progress":
            if not words:
                return _but(line, "how much? 412000/1200000 rows")
            done, total, unit = parse_progress(" ".join(words))
            return _as_read(line, None, {"done": done, "total": total, "unit": unit})
        elif line.verb == "eta":
            if not words:
                return _but(line, "until when? +15, 45m, 2:40")
            day = 2 if _DAY.fullmatch(words[0]) and len(words) > 1 else 1
            arguments["eta"] = parse_eta(" ".join(words[:day]), now, picture)
            words = words[day:]
        if line.verb not in ("eta", "untick"):
            at, words = _time(words, picture, now)
    except (BadInput, ValueError, OverflowError) as error:
        return _but(line, one_line(error.message if isinstance(error, BadInput) else str(error), 200))
    said = " ".join(words)
    if not said and line.verb in NEEDS_TEXT:
        return _but(line, f"{NEEDS_TEXT[line.verb]}?")
    if said and line.verb == "untick":
        return _but(line, "nothing more is said of it")
    if said:
        arguments[_TEXT_IS.get(line.verb, "evidence" if line.verb == "tick" else "note")] = said
    return _as_read(line, at, arguments)


def _all_due(line: Line, picture: Picture) -> list[int]:
    """The places of the steps that are still to be ticked: those of the verification only once it is their turn."""
    assert line.task is not None
    kind = StepKind.VERIFICATION if line.task.state is TaskState.VERIFYING else StepKind.STEP
    steps = picture.board.steps(line.task.id)
    return [step.position for step in steps if step.kind_of_step is kind and step.ticked_at is None]


def _time(words: list[str], picture: Picture, now: datetime) -> tuple[datetime | None, list[str]]:
    """The time with which the words begin, if they do, and the others: "2:40", "sat 2:40", "-10" (minutes ago), "T+3h".

    Raises:
        ValueError: it looks like a time and is none.
    """
    if not words:
        return None, words
    count = 2 if _DAY.fullmatch(words[0]) and len(words) > 1 and _CLOCK.fullmatch(words[1]) else 1
    if count == 1 and not AGO.fullmatch(words[0]) and not _CLOCK.fullmatch(words[0]):
        return None, words
    return happened(" ".join(words[:count]), now, picture), words[count:]


def _but(line: Line, missing: str) -> Line:
    return Line(line.who, line.task, line.verb, missing=missing)


def _as_read(line: Line, at: datetime | None, arguments: dict[str, Any]) -> Line:
    return Line(line.who, line.task, line.verb, at, arguments)
