"""`warroom serve`."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import click

from warroom.cli.command import Group, Invocation
from warroom.cli.desk import opened
from warroom.cli.output import narrate
from warroom.cli.serve_link import link
from warroom.cli.serve_operations import show_checks, show_unit, with_operations
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput


@click.group("serve", cls=Group, invoke_without_command=True)
@click.option("--ssh", metavar="HOST:PORT", help="Where consoles are to be had over SSH, such as 0.0.0.0:2222.")
@click.option("--socket", type=click.Path(path_type=Path), metavar="PATH", help="A local socket for warroom-attach.")
@click.option("--theme", metavar="NAME", help="Colours with which consoles begin (else $WARROOM_THEME).")
@with_operations
@click.pass_obj
@click.pass_context
def serve(
    context: click.Context,
    invocation: Invocation,
    ssh: str | None,
    socket: Path | None,
    theme: str | None,
    web: str | None,
    check: bool,
    unit: bool,
) -> None:
    """Serve consoles to other machines, for as long as the cutover lasts. Ctrl-C or SIGTERM stops it gracefully.

    \b
    warroom serve --ssh 0.0.0.0:2222
    """
    if context.invoked_subcommand is not None:
        return
    if unit:
        show_unit(context, invocation, os.environ)
        return
    from warroom.serve.address import parse_address
    from warroom.serve.logs import logging_to

    addresses = {} if web is None else {"--web": parse_address(web, "--web")}
    if check:
        show_checks(invocation, addresses=addresses, private={}, allow_root=False)
        return
    if ssh is None and socket is None and web is None:
        raise BadInput("nothing to serve is named", hint="such as --ssh 0.0.0.0:2222")
    with opened(invocation) as state_file, logging_to():
        theme = theme or os.environ.get("WARROOM_THEME") or None
        asyncio.run(_serve(state_file, web=addresses.get("--web"), theme=theme))


serve.add_command(link)


async def _serve(state_file: StateFile, *, web: tuple[str, int] | None, theme: str | None) -> None:
    from warroom.host.shared import SharedHost
    from warroom.serve.notify import notify_part
    from warroom.serve.server import Part, serve
    from warroom.serve.sessions import Sessions
    from warroom.tui.themes import theme_folders

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    host = SharedHost(state_file)
    folders = theme_folders(os.environ)
    sessions = Sessions(host, theme=theme, theme_folders=folders)
    parts: list[Part] = []
    if web is not None:
        from warroom.serve.web import web_part

        parts.append(web_part(web, theme=theme, theme_folders=folders))
    if (notify := notify_part(os.environ)) is not None:
        parts.append(notify)
    await serve(host, sessions, parts, stop=stop, tell=narrate)
