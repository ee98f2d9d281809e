"""Commands for people over SSH: `python -m warroom.cli.served FD`, which only the server starts.

It loads what commands need, and each command is a fork of it (`warroom.serve.preloaded`). The server tells that who
the person is, which state file is served, and the words of the command. What may be run is in the table below, and
anything else is refused; nothing names a file, another state file or another person. A person of this machine who
starts this by hand gains nothing: whoever may write the state file can do so.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.command import Invocation
from warroom.cli.main import root, run
from warroom.serve.preloaded import answer
from warroom.store.codec import tables
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via

if TYPE_CHECKING:
    from warroom.serve.commands import Runner
    from warroom.serve.sessions import Known

NOUNS = frozenset(
    {
        "alert",
        "communication",
        "confidence",
        "control",
        "evidence",
        "gate",
        "handover",
        "log",
        "party",
        "person",
        "problem",
        "replay",
        "roll",
        "rollback",
        "run",
        "schedule",
        "shout",
        "status",
        "step",
        "task",
        "undo",
        "whatif",
    }
)
"""Commands that may be run with all their verbs."""

VERBS = frozenset({"journal list", "journal verify"})
"""Single ones of other nouns."""

NOT_THESE = frozenset({"alert test"})
"""Verbs of those nouns that may not be run: this one sends messages to whatever address is typed."""

_FILES = ("FILE", "PATH", "DEST", "BACKUP", "FOLDER")
"""What the place of a file is called in help."""


_DEAR = (
    "numpy.random",
    "openpyxl",
    "pendulum",
    "sqlalchemy.dialects.sqlite",
    "warroom.actions.reshape",
    "warroom.board.confidence",
    "warroom.board.plan_checks",
    "warroom.runbook.document",
)
"""What these commands load when they need it, as a process that runs only one of them should."""


def runner(path: Path) -> Runner:
    """What runs commands on the state file at `path`."""
    from warroom.serve.commands import Runner  # the server's own; it brings the consoles

    where = str(path.absolute())
    environment = {name: value for name, value in os.environ.items() if name not in ("WARROOM_DB", "WARROOM_USER")}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # numpy would begin a thread for each core, and a fork has only one

    def told(known: Known, words: Sequence[str]) -> bytes:
        insist_on_noun(words)
        return json.dumps({"db": where, "handle": known.handle, "words": list(words)}).encode()

    return Runner((sys.executable, "-P", "-m", "warroom.cli.served"), environment, told)


def nouns() -> frozenset[str]:
    """Commands that may be run with some of their verbs at least."""
    return NOUNS | {verb.partition(" ")[0] for verb in VERBS}


def insist_on_noun(words: Sequence[str]) -> None:
    """Refuse at once what is no command for others.

    Raises:
        BadInput: it is none.
    """
    noun = next((word for word in words if not word.startswith("-")), None)
    if noun not in nouns() and words != ["--help"] and words != ["--version"]:
        hint = f"what there is over ssh: open, {', '.join(sorted(nouns()))}"
        raise BadInput(f"there is no command {noun!r} here" if noun else "a command is missing", hint=hint)


def guard(context: click.Context) -> None:
    """Refuse a command, or a file that it names, that is not for others.

    Raises:
        Refused: it is not.
    """
    noun, verb = _path(context)[0], " ".join(_path(context))
    if verb in NOT_THESE or (noun not in NOUNS and verb not in VERBS and verb != "journal"):
        raise Refused(f"{verb} is not for others to run", hint="run it where the state file is")
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if names_file(parameter) and value not in (None, (), "-"):
            raise Refused(
                "the server's files are not read or written over a line",
                where=str(value),
                hint='give it on standard input, and "-" in its place',
            )


def names_file(parameter: click.Parameter) -> bool:
    """Whether a parameter is the name of a file."""
    if isinstance(parameter.type, (click.Path, click.File)):
        return True
    return any(word in (parameter.metavar or "") for word in _FILES)


def _path(context: click.Context) -> list[str]:
    """The words of a command without the program's name."""
    words: list[str] = []
    at: click.Context | None = context
    while at is not None and at.parent is not None:
        words.insert(0, at.command.name or "")
        at = at.parent
    return words or [""]


def preload() -> None:
    """Load all that commands need, and open nothing."""
    context = click.Context(root)
    for noun in nouns():
        root.get_command(context, noun)
    for module in _DEAR:
        import_module(module)
    tables()


def run_told(told: bytes) -> int:
    """Run the command that is told, and return its exit code."""
    document = json.loads(told)
    handle: str = document["handle"]
    caller = Caller(handle, Assurance.KEY, Via.SSH)
    return run(document["words"], Invocation(db=document["db"], handle=handle, known=caller, guard=guard))


def main() -> None:
    """Run commands for the server that started this, for as long as it is there."""
    preload()
    answer(socket.socket(fileno=int(sys.argv[1])), run_told)


if __name__ == "__main__":
    main()
