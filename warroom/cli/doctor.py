"""`warroom doctor`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from warroom.cli.command import Command, Invocation
from warroom.cli.output import write, write_json
from warroom.rules.roles import GRANTEES, GRANTS, Capability, grantees
from warroom.vocabulary.errors import BadInput

_NOTES = (
    "backup: while the owner is away, by shift, by the runbook, or as was said; always to say that the owner is away",
    "self: the person whom it is about; of a shift the one who leaves, or the one coming in",
    "anybody: everybody else of the people. An observer has no right but those in the last column, whatever names them",
    "A substitute has the rights of the person on tasks for a time, but not their votes",
)


@click.command(cls=Command)
@click.option("--permissions", is_flag=True, help="Only print who may do what.")
@click.pass_obj
def doctor(invocation: Invocation, permissions: bool) -> None:
    """Show who may do what."""
    if not permissions:
        raise BadInput("say what to look at", hint="warroom doctor --permissions")
    _tell_permissions(invocation)


def _tell_permissions(invocation: Invocation) -> None:
    if invocation.as_json:
        write_json(
            [
                {
                    "capability": capability.value,
                    "about": capability.about,
                    "who": [grantee.value for grantee in grantees(capability)],
                }
                for capability in Capability
            ]
        )
    else:
        write("\n".join(_permission_lines()))


def _permission_lines() -> Iterator[str]:
    """The table, a column for each of those who may; their names stand slanting above, each over its own column."""
    wide = max(len(capability.about) for capability in Capability)
    for place, grantee in enumerate(GRANTEES):
        yield " " * (wide + 2) + "│ " * place + "┌ " + grantee.value
    for capability in Capability:
        marks = " ".join("✓" if grantee in GRANTS[capability] else "·" for grantee in GRANTEES)
        yield f"{capability.about:<{wide}}  {marks}"
    yield ""
    yield from _NOTES
