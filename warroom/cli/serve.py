"""`warroom serve`."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import click

from warroom.cli.command import Command, Invocation
from warroom.cli.desk import opened
from warroom.cli.output import narrate
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput


@click.command("serve", cls=Command)
@click.option("--ssh", metavar="HOST:PORT", help="Where consoles are to be had over SSH, such as 0.0.0.0:2222.")
@click.option("--socket", type=click.Path(path_type=Path), metavar="PATH", help="A local socket for warroom-attach.")
@click.option("--theme", metavar="NAME", help="Colours with which consoles begin (else $WARROOM_THEME).")
@click.pass_obj
def serve(invocation: Invocation, ssh: str | None, socket: Path | None, theme: str | None) -> None:
    """Serve consoles to other machines, for as long as the cutover lasts. Ctrl-C or SIGTERM stops it gracefully.

    \b
    warroom serve --ssh 0.0.0.0:2222
    """
    if ssh is None and socket is None:
        raise BadInput("nothing to serve is named", hint="such as --ssh 0.0.0.0:2222")
    with opened(invocation) as state_file:
        asyncio.run(_serve(state_file, ssh=ssh, theme=theme or os.environ.get("WARROOM_THEME") or None))


async def _serve(state_file: StateFile, *, ssh: str | None, theme: str | None) -> None:
    from warroom.host.shared import SharedHost
    from warroom.serve.server import Part, serve
    from warroom.serve.sessions import Sessions
    from warroom.tui.themes import theme_folders

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    host = SharedHost(state_file)
    sessions = Sessions(host, theme=theme, theme_folders=theme_folders(os.environ))
    parts: list[Part] = []
    await serve(host, sessions, parts, stop=stop, tell=narrate)
