"""The line for the shell that does what the console has just done: one for each action, and for each screen one that
tells the same. Times are written as UTC, so that the line means the same instant whenever it is run."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import StringIO
from types import MappingProxyType
from typing import Any

from warroom.board.board import Board
from warroom.board.people_documents import offers_to
from warroom.clock.durations import show_duration
from warroom.clock.times import iso_utc
from warroom.rules.permissions import Actor
from warroom.vocabulary.exact import show_number
from warroom.vocabulary.sheet import SheetLine

PROGRAM = "warroom"
"""The first word of every line."""

HOST = "HOST"
"""Stands for what people tell `ssh` to come in: the server does not know by which name it is known to them."""

Told = Mapping[str, Any]
"""The arguments of an action, as the host was given them."""

Words = Iterable[Any]


def command_line(action: str, told: Told, board: Board, actor: Actor) -> str:
    """The line for an action that is done on `board` by `actor`.

    Raises:
        KeyError: no action of the console is called that.
    """
    words = list(_ACTIONS[action](told, board, actor))
    medium = told.get("told_by")
    recorded = [*_option("for", told.get("done_by")), *_option("by", None if medium is None else medium.value)]
    return _line([*words[:2], *recorded, *words[2:]])


def known_actions() -> frozenset[str]:
    """The names of the actions for which there is a line."""
    return frozenset(_ACTIONS)


def looking_line(name: str, ref: str | None, run: str | None = None) -> str | None:
    """The line that tells what a screen shows that was opened by the action `name`, about a task if there is one; None
    where none does.

    Args:
        run: name of the run that is looked at; None: the one of which lines tell by themselves.
    """
    words = _LOOKING.get(name, ())
    if name == "console.gate":
        words = ("gate", "list") if ref is None else ("gate", "show", ref)
    elif name == "task.details" and ref is not None:
        words = ("task", "show", ref)
    return _line([*words, *_option("run", run)]) if words else None


def over_ssh(line: str) -> str:
    """The same line for a shell on another machine than the one that serves consoles. What SSH is told is read by two
    shells, or by one and the server, so that it is quoted twice where it is quoted at all."""
    words = line.removeprefix(PROGRAM).strip()
    together = words.replace(" ", "")
    return f"ssh {HOST} {words if shlex.quote(together) == together else shlex.quote(words)}"


_LOOKING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "console.controls": ("control", "list"),
        "console.back-out": ("rollback", "status"),
        "console.alerts": ("alert", "list"),
        "console.odds": ("confidence",),
        "console.journal": ("journal", "list"),
        "console.look-back": ("replay",),
    }
)


def _line(words: Words) -> str:
    """Words that begin with a dash cannot be read as options: what they belong to is written before a "="."""
    return shlex.join([PROGRAM, *(_spelled(word) for word in words if word is not None)])


def _spelled(word: Any) -> str:
    return iso_utc(word) if isinstance(word, datetime) else str(word)


def _option(name: str, value: Any) -> list[str]:
    return [] if value is None or value == "" else [f"--{name}={_spelled(value)}"]


def _options(told: Told, *names: str) -> list[str]:
    return [word for name in names for word in _option(name, told.get(name))]


def _flag(name: str, given: Any) -> list[str]:
    return [f"--{name}"] if given else []


def _on_task(verb: str, *options: str) -> Callable[[Told, Board, Actor], Words]:
    return lambda told, _board, _actor: ["task", verb, *_options(told, "at", *options), told["ref"]]


def _done(told: Told, _: Board, __: Actor) -> Words:
    result = told.get("result")
    documents = [word for number in told.get("documents", ()) for word in _option("document", number)]
    outcome = _option("result", None if result is None else result.value)
    return ["task", "done", *outcome, *documents, *_options(told, "at", "note"), told["ref"]]


def _eta(told: Told, _: Board, __: Actor) -> Words:
    return ["task", "eta", *_options(told, "reason"), told["ref"], told["eta"]]


def _note(told: Told, _: Board, __: Actor) -> Words:
    return ["task", "note", "--", told["ref"], told["text"]]


def _progress(told: Told, _: Board, __: Actor) -> Words:
    unit = told.get("unit")
    return ["task", "progress", told["ref"], f"{told['done']}/{told['total']}", *([] if unit is None else [unit])]


def _assign(told: Told, _: Board, __: Actor) -> Words:
    people = told["people"]
    others = [
        word for part in ("backup", "verifier") if part in people for word in _option(part, people[part] or "none")
    ]
    owner = [people["owner"]] if "owner" in people else []
    return ["task", "assign", *others, *_options(told, "reason"), told["ref"], *owner]


def _retime(told: Told, _: Board, __: Actor) -> Words:
    return ["task", "retime", *_options(told, "reason"), told["ref"], show_duration(told["times"]["duration_s"])]


def _link(verb: str) -> Callable[[Told, Board, Actor], Words]:
    return lambda told, _board, _actor: ["task", verb, *_options(told, "reason"), told["ref"], *told["after"]]


def _rerun(told: Told, _: Board, __: Actor) -> Words:
    return ["task", "rerun", *_flag("from-here", told.get("from_here")), *_options(told, "reason"), told["ref"]]


def _steps(verb: str) -> Callable[[Told, Board, Actor], Words]:
    def words(told: Told, _: Board, __: Actor) -> Words:
        return ["step", verb, *_options(told, "evidence"), *(f"{told['ref']}.{place}" for place in told["positions"])]

    return words


def _attach(told: Told, _: Board, __: Actor) -> Words:
    attached, position = told["attached"], told.get("position")
    ref = told["ref"] if position is None else f"{told['ref']}.{position}"
    kept = _flag("reference-only", attached.data is None)
    return ["evidence", "add", *_options(told, "note"), *kept, "--", ref, attached.name]


def _vote(told: Told, _: Board, __: Actor) -> Words:
    return ["gate", "vote", *_options(told, "seat", "reason", "witness"), told["ref"], told["choice"].value]


def _decide(told: Told, _: Board, __: Actor) -> Words:
    conditions = [
        word
        for one in told.get("conditions", ())
        for word in ("--condition", one.text, one.owner, _spelled(one.due_at))
    ]
    then = told.get("then")
    more = [
        *_option("then", None if then is None else then.value),
        *_option("retry-at", told.get("retry_at")),
        *(word for key in told.get("entities", ()) for word in _option("entity", key)),
        *_flag("reverse", told.get("reverse")),
    ]
    return ["gate", "decide", *_options(told, "reason"), *conditions, *more, told["ref"], told["verdict"].value]


def _on_criterion(verb: str) -> Callable[[Told, Board, Actor], Words]:
    def words(told: Told, _: Board, __: Actor) -> Words:
        said = [*_options(told, "evidence", "entity", "reason"), *_option("until", told.get("expires_at"))]
        value = [] if verb != "assess" else ["met" if told["met"] else "not-met"]
        value += [] if verb != "measure" else [show_number(told["value"]).replace(",", "")]
        return ["gate", verb, *said, "--", told["ref"], told["number"], *value]

    return words


def _record(told: Told, _: Board, __: Actor) -> Words:
    said = [f"--side={told['side'].value}", *_options(told, "entity", "currency", "evidence", "note", "reason")]
    value = show_number(told["value"]).replace(",", "")
    return ["control", "record", *said, *_flag("correct", told.get("correct")), "--", told["key"], value]


def _on_control(verb: str) -> Callable[[Told, Board, Actor], Words]:
    def words(told: Told, _: Board, __: Actor) -> Words:
        said = [*_options(told, "entity", "currency", "note", "reason"), *_flag("legacy", told.get("legacy"))]
        disposition = told.get("disposition")
        return ["control", verb, *said, told["key"], *([] if disposition is None else [disposition.value])]

    return words


def _on_trigger(verb: str) -> Callable[[Told, Board, Actor], Words]:
    return lambda told, _board, _actor: [
        "rollback",
        "trigger",
        *_options(told, "reason", "measured", "at"),
        told["number"],
        verb,
    ]


def _accept(told: Told, board: Board, actor: Actor) -> Words:
    leaving = told.get("handle")
    if leaving is None and actor.person_id is not None:
        leaving = next((board.handle(offer.leaving_id) for offer in offers_to(board, actor.person_id)), None)
    return ["handover", "accept", leaving]


def _shout(told: Told, _: Board, __: Actor) -> Words:
    return ["shout", *_options(told, "to", "stream"), *_flag("bridge", told.get("bridge")), "--", told["text"]]


def _tasks(told: Told) -> list[str]:
    return [word for ref in told.get("tasks") or () for word in _option("task", ref)]


def _raise(told: Told, _: Board, __: Actor) -> Words:
    said = [*_options(told, "severity", "owner", "workaround"), *_option("due", told.get("due_at")), *_tasks(told)]
    return ["problem", "raise", *said, "--", told["title"]]


def _update(told: Told, _: Board, __: Actor) -> Words:
    fields = told["fields"]
    said = [*_options(fields, "title", "severity", "owner", "workaround"), *_option("due", fields.get("due_at"))]
    return ["problem", "update", *said, *_tasks(fields), *_options(told, "reason"), told["number"]]


def _solve(told: Told, _: Board, __: Actor) -> Words:
    return ["problem", "solve", *_options(told, "outcome"), *_flag("accept", told.get("accepted")), told["number"]]


def _decision(told: Told, _: Board, __: Actor) -> Words:
    said = [*_options(told, "reason"), *_option("decided-by", told.get("decided_by")), *_tasks(told)]
    return ["log", "decision", *said, "--", told["text"]]


def _paper(told: Told, _: Board, __: Actor) -> Words:
    return ["log", "paper", *_options(told, "owner"), *_option("due", told.get("due_at")), "--", told["text"]]


def _give(told: Told, _: Board, actor: Actor) -> Words:
    return ["handover", "give", *_options(told, "to", "note"), told.get("handle") or actor.handle]


def _roll(*options: str) -> Callable[[Told, Board, Actor], Words]:
    return lambda told, _board, _actor: ["roll", "answer", *options, told["handle"]]


def _on_text(verb: str) -> Callable[[Told, Board, Actor], Words]:
    return lambda told, _board, _actor: ["communication", verb, *_options(told, "how", "at", "reason"), told["ref"]]


def _sheet(told: Told, _: Board, __: Actor) -> Words:
    return ["task", "record", f"--by={told['by'].value}", *(f"--line={_as_text(line)}" for line in told["lines"])]


def _as_text(line: SheetLine) -> str:
    """A line of a run sheet as it would stand in a file."""
    ref = " ".join(f"{line.ref}.{place}" for place in line.positions) or line.ref
    text = StringIO(newline="")
    at = "" if line.at is None else iso_utc(line.at)
    csv.writer(text, lineterminator="").writerow([ref, line.verb, line.who or "", at, line.note or ""])
    return text.getvalue().rstrip(",")


def _snooze(told: Told, _: Board, __: Actor) -> Words:
    return ["alert", "snooze", *_options(told, "reason"), told["number"], told["until"]]


_ACTIONS: Mapping[str, Callable[[Told, Board, Actor], Words]] = MappingProxyType(
    {
        "task.start": _on_task("start", "note"),
        "task.confirm": _on_task("confirm"),
        "task.done": _done,
        "task.verify": _on_task("verify", "note"),
        "task.block": _on_task("block", "reason"),
        "task.unblock": _on_task("unblock", "note"),
        "task.skip": _on_task("skip", "reason"),
        "task.fail": _on_task("fail", "reason"),
        "task.eta": _eta,
        "task.progress": _progress,
        "task.note": _note,
        "task.assign": _assign,
        "task.retime": _retime,
        "task.link": _link("link"),
        "task.unlink": _link("unlink"),
        "task.reopen": _on_task("reopen", "reason"),
        "task.rerun": _rerun,
        "task.settle": _on_task("settle", "reason"),
        "task.correct": _on_task("correct", "start", "executed", "finish", "reason"),
        "sheet.record": _sheet,
        "step.tick": _steps("tick"),
        "step.untick": _steps("untick"),
        "evidence.add": _attach,
        "gate.vote": _vote,
        "gate.voice": _vote,
        "gate.countersign": lambda told, _board, _actor: ["gate", "countersign", told["ref"]],
        "gate.decide": _decide,
        "gate.assess": _on_criterion("assess"),
        "gate.measure": _on_criterion("measure"),
        "gate.waive": _on_criterion("waive"),
        "control.record": _record,
        "control.sign": _on_control("sign"),
        "control.dispose": _on_control("dispose"),
        "control.reopen": _on_control("reopen"),
        "rollback.raise": _on_trigger("raise"),
        "rollback.withdraw": _on_trigger("withdraw"),
        "rollback.start-clock": _on_trigger("start-clock"),
        "rollback.stop-clock": _on_trigger("stop-clock"),
        "rollback.invoke": lambda told, _board, _actor: [
            "rollback",
            "invoke",
            *_options(told, "reason"),
            *_option("from-trigger", told.get("trigger")),
        ],
        "rollback.recover": lambda told, _board, _actor: [
            "rollback",
            "recover",
            *_options(told, "reason"),
            told["key"],
        ],
        "handover.accept": _accept,
        "alert.acknowledge": lambda told, _board, _actor: ["alert", "ack", told["number"]],
        "alert.snooze": _snooze,
        "shout": _shout,
        "problem.raise": _raise,
        "problem.update": _update,
        "problem.solve": _solve,
        "problem.reopen": lambda told, _board, _actor: [
            "problem",
            "reopen",
            *_options(told, "reason"),
            told["number"],
        ],
        "log.decision": _decision,
        "log.paper": _paper,
        "log.entered": lambda told, _board, _actor: [
            "log",
            "entered",
            *_option("number", told["entered_as"]),
            told["number"],
        ],
        "roll.call": lambda told, _board, _actor: ["roll", "call", "--", told.get("title")],
        "roll.answer": _roll(),
        "roll.missing": _roll("--missing"),
        "handover.give": _give,
        "communication.approve": _on_text("approve"),
        "communication.send": _on_text("send"),
        "communication.record": _on_text("record"),
        "clock.confirm": lambda told, _board, _actor: ["run", "clock", "--confirm", *_options(told, "reason")],
        "undo": lambda told, _board, _actor: ["undo", *_options(told, "entry", "reason")],
    }
)
"""By the name that the journal gives an action: its words, without the program."""
