"""`warroom serve`."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.command import Group, Invocation
from warroom.cli.desk import opened, path_of
from warroom.cli.known_channels import channels_at, with_channels
from warroom.cli.output import narrate
from warroom.cli.serve_link import link
from warroom.cli.serve_operations import show_checks, show_unit, with_operations
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.public_key import read_public_key

if TYPE_CHECKING:
    from warroom.alerts.channels import Channels
    from warroom.serve.ssh import Address

SSH_PORT = 2222
WEB_PORT = 8080


@click.group("serve", cls=Group, invoke_without_command=True)
@click.option("--ssh", metavar="HOST:PORT", help="Where consoles are to be had over SSH, such as 0.0.0.0:2222.")
@click.option("--ca", metavar="FILE", help="Public keys of authorities whose certificates name a handle.")
@click.option("--host-key", metavar="FILE", help="The server's own key (else beside the state file, made once).")
@click.option("--socket", metavar="PATH", help="A local socket for warroom-attach.")
@click.option("--socket-user", multiple=True, metavar="NAME", help="An account that may use it; repeatable.")
@click.option("--most", type=click.IntRange(1, 1000), default=200, show_default=True, help="Consoles at once.")
@click.option("--most-each", type=click.IntRange(1, 100), default=6, show_default=True, help="Those of one person.")
@click.option("--theme", metavar="NAME", help="Colours with which consoles begin (else $WARROOM_THEME).")
@click.option("--user", metavar="NAME", help="Started as root: become that account first.")
@click.option("--allow-root", is_flag=True, help="Started as root: stay it.")
@with_channels
@with_operations
@click.pass_obj
@click.pass_context
def serve(
    context: click.Context,
    invocation: Invocation,
    ssh: str | None,
    ca: str | None,
    host_key: str | None,
    socket: str | None,
    socket_user: tuple[str, ...],
    most: int,
    most_each: int,
    theme: str | None,
    user: str | None,
    allow_root: bool,
    web: str | None,
    check: bool,
    unit: bool,
    channels: str | None,
) -> None:
    """Serve consoles to everybody who takes part, for as long as the cutover lasts; watch for alerts meanwhile.

    People are known by their public keys: warroom person key add. Ctrl-C or SIGTERM ends all consoles, and says so;
    a second one waits for nobody, and a third ends at once.

    \b
    warroom serve --ssh 0.0.0.0:2222
    warroom serve --ssh 0.0.0.0:2222 --web 127.0.0.1:8080
    warroom serve --socket /run/warroom/attach
    """
    if context.invoked_subcommand is not None:
        return
    if unit:
        show_unit(context, invocation, os.environ)
        return
    from warroom.serve.descriptors import allow_many
    from warroom.serve.logs import logging_to
    from warroom.serve.privileges import become, insist_on_account
    from warroom.serve.ssh import read_address

    addresses = {}
    if ssh is not None:
        addresses["--ssh"] = read_address(ssh, SSH_PORT)
    if web is not None:
        addresses["--web"] = read_address(web, WEB_PORT)
    if user is not None:
        become(user)
    if check:
        private = {"host key": _host_key_file(invocation, host_key)} if ssh is not None else {}
        show_checks(invocation, addresses=addresses, private=private, channels=channels, allow_root=allow_root)
        return
    if not addresses and socket is None:
        raise BadInput("nothing to serve is named", hint="such as --ssh 0.0.0.0:2222")
    insist_on_account(allow_root=allow_root)
    allow_many()
    with opened(invocation) as state_file, logging_to():
        asyncio.run(
            _serve(
                state_file,
                path_of(invocation),
                channels=channels_at(channels),
                ssh=addresses.get("--ssh"),
                web=addresses.get("--web"),
                authorities=_authorities(ca),
                host_key=_host_key_file(invocation, host_key),
                socket=socket,
                accounts=socket_user,
                most=most,
                most_each=most_each,
                theme=theme or os.environ.get("WARROOM_THEME") or None,
            )
        )
    # The interpreter would look through all that is left of many consoles once more, for seconds on a busy machine.
    gc.freeze()


serve.add_command(link)


async def _serve(
    state_file: StateFile,
    path: Path,
    *,
    channels: Channels | None,
    ssh: Address | None,
    web: Address | None,
    authorities: tuple[str, ...],
    host_key: Path,
    socket: str | None,
    accounts: tuple[str, ...],
    most: int,
    most_each: int,
    theme: str | None,
) -> None:
    # Dear to import, and no other command needs them.
    from warroom.cli.served import runner
    from warroom.host.shared import SharedHost
    from warroom.serve import attach, places
    from warroom.serve import host_key as host_keys
    from warroom.serve import ssh as ssh_part
    from warroom.serve import web as web_part
    from warroom.serve.commands import Commands
    from warroom.serve.notify import notify_part
    from warroom.serve.server import Part, serve
    from warroom.serve.sessions import Sessions
    from warroom.serve.stopping import Stop
    from warroom.tui.look.themes import theme_folders, theme_names

    folders = theme_folders(os.environ)
    if theme is not None and theme not in (known := theme_names(folders)):
        raise BadInput(f"there is no theme called {theme!r}", hint=f"the themes are: {', '.join(known)}")
    stop = Stop()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is under nohup
        numbers.append(signal.SIGHUP)
    stop.on_signals(numbers)
    host = SharedHost(state_file, channels=channels)
    sessions = Sessions(host, most=most, most_each=most_each, theme=theme, theme_folders=folders)
    parts: list[Part] = [partial(places.places, path=places.beside(path))]
    commands = Commands(runner(path))
    if ssh is not None or socket is not None:
        parts.append(commands.ready)
    if ssh is not None:
        parts.append(
            partial(
                ssh_part.ssh,
                address=ssh,
                host_key=host_keys.host_key(host_key),
                authorities=authorities,
                commands=commands,
            )
        )
    if socket is not None:
        trusted = attach.accounts_called(accounts)
        parts.append(partial(attach.attach, path=Path(socket), commands=commands, accounts=trusted))
    if web is not None:
        parts.append(partial(web_part.web, address=web, theme=theme, theme_folders=folders))
    if (notify := notify_part(os.environ)) is not None:
        parts.append(notify)
    await serve(host, sessions, parts, stop=stop, tell=narrate)


def _host_key_file(invocation: Invocation, named: str | None) -> Path:
    """Where the server's own key is."""
    from warroom.serve.host_key import SUFFIX

    path = path_of(invocation)
    return path.with_name(path.name + SUFFIX) if named is None else Path(named)


def _authorities(file: str | None) -> tuple[str, ...]:
    """The keys in a file of authorities, one on a line.

    Raises:
        BadInput: it cannot be read, or holds something else.
    """
    if file is None:
        return ()
    try:
        text = Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("the authorities' keys cannot be read", where=file) from None
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    if not lines:
        raise Refused("there is no key of an authority in it", where=file, hint="such as ca.pub of ssh-keygen")
    return tuple(read_public_key(line).line for line in lines)
