"""`warroom person`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

import click

from warroom.actions import leaves, people
from warroom.actions.people import PersonFields
from warroom.board.board import Board
from warroom.board.people_documents import person_document
from warroom.board.rows import Person
from warroom.cli.command import Group, Invocation, with_doer, with_optional_reason, with_reason
from warroom.cli.connected import write_connected
from warroom.cli.desk import Desk, acting, looking
from warroom.cli.identity import insist_on_person
from warroom.cli.output import columns, write, write_json
from warroom.cli.person_key import key
from warroom.clock.times import parse_iso_utc, show_time
from warroom.vocabulary.documents import Document
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Role

C = TypeVar("C", bound=Callable[..., Any])

_HEADS = ("HANDLE", "NAME", "ROLES", "OPEN", "PHONE", "COMPANY", "NOW")


@click.group(cls=Group)
def person() -> None:
    """Show, add and edit people; say who is away and who stands in."""


@person.command("list")
@click.option("--connected", is_flag=True, help="Only who has a console open now, where, and idle for how long.")
@click.pass_obj
def list_people(invocation: Invocation, connected: bool) -> None:
    """List everybody who takes part, with their roles and open tasks."""
    with looking(invocation) as desk:
        if connected:
            write_connected(desk)
            return
        documents = [person_document(desk.board, one, _now(desk)) for one in _people(desk.board)]
        if invocation.as_json:
            write_json(documents)
        else:
            write(columns(map(_row, documents), _HEADS))


@person.command()
@click.argument("who", metavar="HANDLE")
@click.pass_obj
def show(invocation: Invocation, who: str) -> None:
    """Show everything about a person."""
    with looking(invocation) as desk:
        insist_on_person(desk.board, who)
        found = desk.board.person_called(who)
        assert found is not None
        document = person_document(desk.board, found, _now(desk))
        if invocation.as_json:
            write_json(document)
        else:
            write("\n".join(_lines(desk.board, document)))


person.add_command(key)


def _with_fields(command: C) -> C:
    """The options that say something about a person; what is not given stays, and an empty text clears."""
    options = [
        click.option("--role", "roles", multiple=True, metavar="ROLE", help=f"One of {', '.join(Role)}; repeatable."),
        click.option("--phone", metavar="TEXT", help="How to ring them during the cutover."),
        click.option("--timezone", metavar="ZONE", help="Their own zone, such as Europe/Madrid."),
        click.option("--company", metavar="TEXT", help="Where they belong."),
        click.option("--title", metavar="TEXT", help="What they are in this cutover."),
        click.option("--login", metavar="NAME", help="Their account name on this machine."),
        click.option("--notify", multiple=True, metavar="ADDRESS", help="A channel or mail address; repeatable."),
        click.option("--quiet", metavar="HOURS", help="When only critical alerts are sent: 22:00-06:00, off."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@person.command()
@click.argument("who", metavar="HANDLE")
@click.option("--name", required=True, metavar="TEXT", help="The person's name.")
@_with_fields
@click.pass_obj
def add(invocation: Invocation, /, who: str, **options: Any) -> None:
    """Add somebody during the cutover.

    \b
    warroom person add nora --name "Nora Lind" --phone "+46 8 5550 177" --role scribe
    """
    with acting(invocation) as desk:
        desk.tell(people.add(desk.state_file, desk.caller, who, fields=_fields(options)))


@person.command()
@click.argument("who", metavar="HANDLE")
@click.option("--name", metavar="TEXT", help="The person's name.")
@_with_fields
@click.option("--no-roles", is_flag=True, help="Take all roles away.")
@click.pass_obj
def edit(invocation: Invocation, /, who: str, no_roles: bool, **options: Any) -> None:
    """Change what is known of a person. Roles that are given replace those they have; an empty text clears.

    \b
    warroom person edit nora --phone "+46 8 5550 178"
    warroom person edit nora --role lead --role scribe
    """
    if no_roles and options["roles"]:
        raise BadInput("--role and --no-roles exclude each other", hint="give one or the other")
    fields = _fields(options)
    if no_roles:
        fields["roles"] = ()
    with acting(invocation) as desk:
        desk.tell(people.edit(desk.state_file, desk.caller, who, fields=fields))


@person.command()
@click.argument("who", metavar="HANDLE")
@click.option("--from", "begin", metavar="TIME", help="From when on: 45m, 02:40, TIME. Default: now.")
@click.option("--to", "end", metavar="TIME", help="Until when. Default: until they are back.")
@with_reason
@with_doer
@click.pass_obj
def away(
    invocation: Invocation, who: str, begin: str | None, end: str | None, reason: str, done_by: str | None
) -> None:
    """Say that somebody is away. Backups may act for them meanwhile.

    Whoever is backup on an open task of theirs may say so too.

    \b
    warroom person away dario --reason "does not answer, rang three times"
    """
    with acting(invocation, done_by) as desk:
        begins, ends = desk.future(begin, "--from"), desk.future(end, "--to")
        desk.tell(leaves.away(desk.state_file, desk.caller, who, reason=reason, from_at=begins, to_at=ends))


@person.command()
@click.argument("who", metavar="HANDLE")
@click.option("--by", "substitute", required=True, metavar="HANDLE", help="Who stands in.")
@click.option("--from", "begin", metavar="TIME", help="From when on: 45m, 02:40, TIME. Default: now.")
@click.option("--to", "end", required=True, metavar="TIME", help="Until when: 4h, 06:00, TIME.")
@with_reason
@click.pass_obj
def substitute(invocation: Invocation, who: str, substitute: str, begin: str | None, end: str, reason: str) -> None:
    """Let somebody stand in for a time, with that person's rights on tasks. Votes stay the person's own.

    \b
    warroom person substitute dario --by priya --from 02:00 --to 06:00 --reason "sleeps"
    """
    with acting(invocation) as desk:
        desk.tell(
            leaves.substitute(
                desk.state_file,
                desk.caller,
                who,
                substitute=substitute,
                from_at=desk.future(begin, "--from"),
                to_at=desk.future(end, "--to"),
                reason=reason,
            )
        )


@person.command()
@click.argument("who", metavar="HANDLE")
@with_optional_reason
@with_doer
@click.pass_obj
def back(invocation: Invocation, who: str, reason: str | None, done_by: str | None) -> None:
    """Say that somebody is back. Whoever stood in for them no longer does."""
    with acting(invocation, done_by) as desk:
        desk.tell(leaves.back(desk.state_file, desk.caller, who, reason=reason))


def _fields(options: dict[str, Any]) -> PersonFields:
    """What was said of a person: options that were given."""
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    fields: PersonFields = given  # type: ignore[assignment]  # the options have the names of the fields
    return fields


def _people(board: Board) -> list[Person]:
    return sorted(board.rows(Person).values(), key=lambda one: one.id)


def _now(desk: Desk) -> datetime:
    """The time at which people are looked at: run time, or the wall clock while there is no run."""
    return desk.wall if desk.board.run is None else desk.now


def _row(document: Document) -> tuple[str, ...]:
    return (
        document["handle"],
        document["name"],
        ", ".join(document["roles"]),
        str(document["open_tasks"]),
        document["phone"] or "",
        document["company"] or "",
        _standing(document),
    )


def _standing(document: Document) -> str:
    """Whether they are away and who stands in, and for whom they do."""
    said = []
    if document["away"]:
        substitutes = [leave["substitute"] for leave in document["leaves"] if leave["substitute"] is not None]
        said.append("away" + (f", {', '.join(substitutes)} stands in" if substitutes else ""))
    if document["stands_for"]:
        said.append(f"stands in for {', '.join(document['stands_for'])}")
    return "; ".join(said)


def _lines(board: Board, document: Document) -> Iterator[str]:
    zone = board.programme.timezone
    yield f"{one_line(document['handle'])}  {one_line(document['name'])}"
    yield ""
    facts = [(key, document[key]) for key in ("title", "company", "phone", "timezone", "login", "calendar")]
    facts.append(("roles", ", ".join(document["roles"])))
    facts.append(("notify", ", ".join(document["notify"])))
    facts.append(("keys", str(len(document["keys"])) if document["keys"] else ""))
    facts.append(("quiet", document["quiet"] or ""))
    facts.append(("open tasks", str(document["open_tasks"])))
    facts.append(("now", _standing(document)))
    yield columns([(key, value) for key, value in facts if value], indent="  ")
    for leave in document["leaves"]:
        until = "until they are back" if leave["to"] is None else f"until {show_time(parse_iso_utc(leave['to']), zone)}"
        who = "" if leave["substitute"] is None else f", {leave['substitute']} stands in"
        begin = show_time(parse_iso_utc(leave["from"]), zone)
        yield one_line(f"  away from {begin} {until}{who}: {leave['reason']}")
