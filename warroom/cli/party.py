"""`warroom party`."""

from __future__ import annotations

import click

from warroom.actions import people
from warroom.board.people_documents import party_document
from warroom.board.rows import Party
from warroom.cli.command import Group, Invocation
from warroom.cli.desk import acting, looking
from warroom.cli.output import columns, write, write_json

_HEADS = ("KEY", "NAME", "PHONE", "CONTACT")


@click.group(cls=Group)
def party() -> None:
    """Show and add companies, vendors and desks without a log-in."""


@party.command("list")
@click.pass_obj
def list_parties(invocation: Invocation) -> None:
    """List the parties with whom to ring there."""
    with looking(invocation) as desk:
        documents = [party_document(desk.board, one) for one in desk.board.rows(Party).values()]
        if invocation.as_json:
            write_json(documents)
        elif documents:
            rows = (tuple(document[key] or "" for key in ("key", "name", "phone", "contact")) for document in documents)
            write(columns(rows, _HEADS))
        else:
            write("no parties")


@party.command()
@click.argument("key")
@click.option("--name", required=True, metavar="TEXT", help="Its name.")
@click.option("--phone", metavar="TEXT", help="How to ring it during the cutover.")
@click.option("--contact", metavar="TEXT|HANDLE", help="Whom to ask for there; a handle is one of the people.")
@click.pass_obj
def add(invocation: Invocation, key: str, name: str, phone: str | None, contact: str | None) -> None:
    """Add a party.

    \b
    warroom party add bank --name "House bank" --phone "+49 69 5550 100" --contact "Payments desk"
    """
    with acting(invocation) as desk:
        desk.tell(people.add_party(desk.state_file, desk.caller, key, name=name, phone=phone, contact=contact))
