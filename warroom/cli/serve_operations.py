"""What `warroom serve` does besides serving: looking whether it could, and printing a systemd unit."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from warroom.board.load import load_board
from warroom.cli.command import Invocation
from warroom.cli.desk import opened, path_of
from warroom.cli.health import check_document, check_lines, checks
from warroom.cli.known_channels import channels_at
from warroom.cli.output import write, write_json
from warroom.store import automatic
from warroom.store.health import Check, Health
from warroom.vocabulary.errors import BadInput, Refused

if TYPE_CHECKING:
    from warroom.serve.ssh import Address

C = TypeVar("C", bound=Callable[..., Any])

_NOT_FOR_THE_UNIT = {"check", "unit", "user", "db", "handle", "as_json"}


def with_operations(command: C) -> C:
    """The options of the browser view, and those that serve nothing."""
    options = [
        click.option("--web", metavar="HOST:PORT", help="The browser view, /healthz and /metrics: 127.0.0.1:8080."),
        click.option("--check", is_flag=True, help="Only look whether it could serve, and say what to do."),
        click.option("--unit", is_flag=True, help="Only print a systemd unit with these options."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def show_checks(
    invocation: Invocation,
    *,
    addresses: Mapping[str, Address],
    private: Mapping[str, Path],
    channels: str | None,
    allow_root: bool,
) -> None:
    """Write what is found about machine, account, ports, files and the state file.

    Args:
        channels: the channels file that was named; None: that of the environment, if any.
        addresses, private, allow_root: see `warroom.serve.check.checks_of_server`.

    Raises:
        Refused: something must be done first.
    """
    from warroom.serve.check import check_of_people, checks_of_server

    path = path_of(invocation)
    found = list(checks_of_server(path, addresses=addresses, private=private, allow_root=allow_root))
    found.append(_channels(channels))
    # The server itself is the watch.
    found += [check for check in checks(invocation) if check.name != "alert watch"]
    if not any(check.name == "state file" for check in found):
        with opened(invocation) as state_file:
            found.append(check_of_people(load_board(state_file)))
    _write(invocation, found)
    failed = [check.name for check in found if check.health is Health.FAIL]
    if failed:
        raise Refused(f"not ready to serve: {', '.join(failed)}", hint="what to do stands beside each check")


def _channels(named: str | None) -> Check:
    """Whether messages of alerts can leave; what each channel answers is told by `warroom alert test`."""
    try:
        known = channels_at(named)
    except BadInput as error:
        where = "" if error.where is None else f"{error.where}: "
        return Check("channels", Health.FAIL, f"{where}{error.message}", error.hint or "mend the channels file")
    if known is None:
        advice = "messages of alerts stay in the consoles; name a file with --channels FILE"
        return Check("channels", Health.WARN, "there is no channels file", advice)
    names = ", ".join(known.named)
    return Check("channels", Health.OK, f"{names or 'none is named'}; try one with: warroom alert test")


def show_unit(context: click.Context, invocation: Invocation, environment: Mapping[str, str]) -> None:
    """Print a unit that starts the server with the options that were given."""
    from warroom.serve.unit import unit

    state_file = path_of(invocation).absolute()
    backups = automatic.folder_for(state_file, environment)
    elsewhere = [] if backups is None or backups.is_relative_to(state_file.parent) else [backups]
    user = context.params.get("user")
    write(
        unit(
            python=sys.executable,
            state_file=state_file,
            user=getpass.getuser() if user is None else str(user),
            arguments=_given(context),
            writes=elsewhere,
        ).rstrip()
    )


def _given(context: click.Context) -> list[str]:
    """The options that were typed, but for those that are the unit's own matter."""
    words: list[str] = []
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in _NOT_FOR_THE_UNIT or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        words += [parameter.opts[0]] if value is True else [parameter.opts[0], str(value)]
    return words


def _write(invocation: Invocation, found: list[Check]) -> None:
    if invocation.as_json:
        write_json([check_document(check) for check in found])
    else:
        for line in check_lines(found):
            write(line)
