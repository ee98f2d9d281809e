"""`warroom serve`."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

import click

from warroom.cli.command import Command, Invocation
from warroom.cli.desk import opened, path_of
from warroom.cli.output import narrate
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Refused
from warroom.vocabulary.public_key import read_public_key

SSH_PORT = 2222


@click.command("serve", cls=Command)
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
@click.pass_obj
def serve(
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
) -> None:
    """Serve consoles to everybody who takes part, for as long as the cutover lasts; watch for alerts meanwhile.

    People are known by their public keys: warroom person key add. Ctrl-C or SIGTERM ends all consoles, and says so.

    \b
    warroom serve --ssh 0.0.0.0:2222
    warroom serve --socket /run/warroom/attach
    """
    from warroom.serve.privileges import become, insist_on_account

    if ssh is None and socket is None:
        raise BadInput("nothing to serve is named", hint="such as --ssh 0.0.0.0:2222")
    if user is not None:
        become(user)
    insist_on_account(allow_root=allow_root)
    with opened(invocation) as state_file:
        asyncio.run(
            _serve(
                state_file,
                path_of(invocation),
                ssh=ssh,
                authorities=_authorities(ca),
                host_key=host_key,
                socket=socket,
                accounts=socket_user,
                most=most,
                most_each=most_each,
                theme=theme or os.environ.get("WARROOM_THEME") or None,
            )
        )


async def _serve(
    state_file: StateFile,
    path: Path,
    *,
    ssh: str | None,
    authorities: tuple[str, ...],
    host_key: str | None,
    socket: str | None,
    accounts: tuple[str, ...],
    most: int,
    most_each: int,
    theme: str | None,
) -> None:
    # Dear to import, and no other command needs them.
    from warroom.cli.served import runner
    from warroom.host.shared import SharedHost
    from warroom.serve import attach
    from warroom.serve import host_key as host_keys
    from warroom.serve import ssh as ssh_part
    from warroom.serve.server import Part, serve
    from warroom.serve.sessions import Sessions
    from warroom.tui.themes import theme_folders, theme_names

    folders = theme_folders(os.environ)
    if theme is not None and theme not in (known := theme_names(folders)):
        raise BadInput(f"there is no theme called {theme!r}", hint=f"the themes are: {', '.join(known)}")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    host = SharedHost(state_file)
    sessions = Sessions(host, most=most, most_each=most_each, theme=theme, theme_folders=folders)
    parts: list[Part] = []
    if ssh is not None:
        own = Path(host_key) if host_key else path.with_name(path.name + host_keys.SUFFIX)
        parts.append(
            partial(
                ssh_part.ssh,
                address=ssh_part.read_address(ssh, SSH_PORT),
                host_key=host_keys.host_key(own),
                authorities=authorities,
                runner=runner(path),
            )
        )
    if socket is not None:
        trusted = attach.accounts_called(accounts)
        parts.append(partial(attach.attach, path=Path(socket), runner=runner(path), accounts=trusted))
    await serve(host, sessions, parts, stop=stop, tell=narrate)


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
