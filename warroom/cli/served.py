"""One command for somebody over SSH: `python -m warroom.cli.served FD`, which only the server starts.

Through the pipe FD the server tells who the person is, which state file is served, and the words of the command. What
may be run is in the table below, and anything else is refused; nothing names a file, another state file or another
person. A person of this machine who starts this by hand gains nothing: whoever may write the state file can do so.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from warroom.cli.command import Invocation
from warroom.cli.main import run
from warroom.serve.commands import Prepared, Runner
from warroom.serve.sessions import Known
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Assurance, Via

NOUNS = frozenset(
    {
        "alert",
        "communication",
        "confidence",
        "control",
        "evidence",
        "gate",
        "handover",
        "party",
        "person",
        "problem",
        "replay",
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


def runner(path: Path) -> Runner:
    """What starts commands on the state file at `path`."""
    where = str(path.absolute())
    kept = {name: value for name, value in os.environ.items() if name not in ("WARROOM_DB", "WARROOM_USER")}

    def prepare(known: Known, words: Sequence[str]) -> Prepared:
        insist_on_noun(words)
        told = json.dumps({"db": where, "handle": known.handle, "words": list(words)})
        return Prepared((sys.executable, "-P", "-m", "warroom.cli.served"), kept, told.encode())

    return prepare


def insist_on_noun(words: Sequence[str]) -> None:
    """Refuse at once what is no command for others.

    Raises:
        BadInput: it is none.
    """
    nouns = NOUNS | {verb.partition(" ")[0] for verb in VERBS}
    noun = next((word for word in words if not word.startswith("-")), None)
    if noun not in nouns and words != ["--help"] and words != ["--version"]:
        hint = f"what there is over ssh: open, {', '.join(sorted(nouns))}"
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


def main() -> None:
    """Run the command that is told through the pipe."""
    with os.fdopen(int(sys.argv[1]), "rb") as pipe:
        told = json.loads(pipe.read())
    handle: str = told["handle"]
    invocation = Invocation(db=told["db"], handle=handle, known=Caller(handle, Assurance.KEY, Via.SSH), guard=guard)
    run(told["words"], invocation)


if __name__ == "__main__":
    main()
