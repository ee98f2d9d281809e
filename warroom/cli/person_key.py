"""`warroom person key`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from warroom.actions import keys
from warroom.board.people_documents import person_document
from warroom.board.rows import Person
from warroom.cli.command import Group, Invocation
from warroom.cli.desk import acting, insist_on_another_file, looking
from warroom.cli.identity import insist_on_person
from warroom.cli.output import columns, write, write_json
from warroom.vocabulary.documents import Document
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.public_key import LONGEST_LINE

_HEADS = ("HANDLE", "FINGERPRINT", "TYPE", "COMMENT")
_MOST_KEYS = 100


@click.group(cls=Group)
def key() -> None:
    """Public keys, by which `warroom serve` knows people."""


@key.command("list")
@click.argument("who", metavar="[HANDLE]", required=False)
@click.pass_obj
def list_keys(invocation: Invocation, who: str | None) -> None:
    """List the keys of one person, or of everybody."""
    with looking(invocation) as desk:
        if who is not None:
            insist_on_person(desk.board, who)
        people = sorted(desk.board.rows(Person).values(), key=lambda one: one.id)
        found: list[Document] = [
            {"handle": document["handle"], **key}
            for document in (person_document(desk.board, one, desk.now) for one in people if who in (None, one.handle))
            for key in document["keys"]
        ]
        if invocation.as_json:
            write_json(found)
        elif found:
            write(columns(map(_row, found), _HEADS))
        else:
            write("no keys")


@key.command()
@click.argument("who", metavar="HANDLE")
@click.argument("file", metavar="FILE|-")
@click.pass_obj
def add(invocation: Invocation, who: str, file: str) -> None:
    """Let a person log in with the public key in FILE; "-" reads it from standard input.

    \b
    warroom person key add omar omar.pub
    ssh-add -L | warroom person key add omar -
    """
    _add(invocation, who, file)


@key.command("import")
@click.argument("who", metavar="HANDLE")
@click.argument("file", metavar="FILE|-")
@click.pass_obj
def import_keys(invocation: Invocation, who: str, file: str) -> None:
    """Let a person log in with all keys of an authorized_keys file. Options in it count for nothing here.

    \b
    warroom person key import omar /home/omar/.ssh/authorized_keys
    """
    _add(invocation, who, file)


@key.command()
@click.argument("who", metavar="HANDLE")
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.pass_obj
def remove(invocation: Invocation, who: str, fingerprint: str) -> None:
    """Take a key away; the beginning of its fingerprint is enough. Consoles that were opened with it end.

    \b
    warroom person key remove omar SHA256:2kF9
    """
    with acting(invocation) as desk:
        desk.tell(keys.remove(desk.state_file, desk.caller, who, fingerprint=fingerprint))


def _add(invocation: Invocation, who: str, file: str) -> None:
    lines = _lines(invocation, file)
    with acting(invocation) as desk:
        desk.tell(keys.add(desk.state_file, desk.caller, who, lines=lines))


def _lines(invocation: Invocation, file: str) -> list[str]:
    """The lines of a file that say something.

    Raises:
        BadInput: it cannot be read, or is no text of a sensible size.
    """
    most = _MOST_KEYS * LONGEST_LINE
    try:
        if file == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            insist_on_another_file(invocation, file)
            with Path(file).open("rb") as stream:
                data = stream.read(most + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", where=file) from None
    except UnicodeDecodeError:
        raise BadInput("the file is no text", where=file, hint="give the file that ends in .pub") from None
    if len(data) > most:
        raise BadInput("the file is too large to hold keys", where=file)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    if any("PRIVATE KEY" in line for line in lines):
        raise BadInput("that is a private key, which nobody else may see", where=file, hint="give the file .pub")
    if len(lines) > _MOST_KEYS:
        raise BadInput(f"a person has at most {_MOST_KEYS} keys at once", where=file)
    return lines


def _row(found: Document) -> tuple[str, ...]:
    return found["handle"], found["fingerprint"], found["line"].partition(" ")[0], found["comment"] or ""
