"""`warroom doctor`."""

from __future__ import annotations

import click

from warroom.cli.command import Command, Invocation
from warroom.cli.health import check_document, check_lines, checks
from warroom.cli.output import write, write_json
from warroom.cli.permissions_table import permission_lines, permissions_document
from warroom.store.health import Health
from warroom.vocabulary.errors import StateFileError


@click.command(cls=Command)
@click.option("--permissions", is_flag=True, help="Only print who may do what; no state file is needed.")
@click.option("--keys", is_flag=True, help="Only print the keys of the console, with their ids for keymap.toml.")
@click.pass_obj
def doctor(invocation: Invocation, permissions: bool, keys: bool) -> None:
    """Check the state file and what it stands on, and say what to do about what is wrong.

    Exit code 3 if a check fails; a warning alone leaves it at 0.
    """
    if permissions:
        if invocation.as_json:
            write_json(permissions_document())
        else:
            write("\n".join(permission_lines()))
        return
    if keys:
        from warroom.tui.keys.key_reference import (  # dear to import, and nothing else here needs it
            key_documents,
            key_lines,
        )

        if invocation.as_json:
            write_json(key_documents())
        else:
            write("\n".join(key_lines()))
        return
    found = list(checks(invocation))
    if invocation.as_json:
        write_json([check_document(check) for check in found])
    else:
        for line in check_lines(found):
            write(line)
    failed = [check.name for check in found if check.health is Health.FAIL]
    if failed:
        raise StateFileError(f"not in order: {', '.join(failed)}", hint="what to do stands beside each check")
