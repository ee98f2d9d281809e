"""`warroom serve link`: the way into the browser view."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import click

from warroom.cli.command import Command, Invocation
from warroom.cli.desk import looking
from warroom.cli.output import narrate, write, write_json
from warroom.clock.durations import parse_duration, show_duration
from warroom.clock.times import iso_utc, show_time
from warroom.store.copies import file_of
from warroom.vocabulary.errors import BadInput

DEFAULT_BASE = "http://localhost:8080"


@click.command(cls=Command)
@click.option("--expires", default="12h", show_default=True, metavar="SPAN", help="For how long it holds: 12h, 3d.")
@click.option("--base", default=DEFAULT_BASE, show_default=True, metavar="URL", help="Where browsers find the server.")
@click.option("--token", "bare", is_flag=True, help="Only the token, for programs that read /healthz and /metrics.")
@click.option("--revoke", is_flag=True, help="Make all links that were given out before void first.")
@click.pass_obj
def link(invocation: Invocation, expires: str, base: str, bare: bool, revoke: bool) -> None:
    """Print a link to the browser view; whoever has it may look, and nothing else, until it expires.

    \b
    warroom serve link --expires 3d --base https://wall.example.org
    """
    from warroom.serve.links import Secret

    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc or not base.isprintable():
        raise BadInput(f"{base!r} is no address of a server", hint=f"such as --base {DEFAULT_BASE}")
    try:
        seconds = parse_duration(expires)
    except ValueError as error:
        raise BadInput(f"--expires: {error}") from None
    if not seconds:
        raise BadInput("--expires 0 is over at once", hint="such as --expires 12h")
    with looking(invocation) as desk:
        secret = Secret.beside(file_of(desk.state_file.database))
        if revoke:
            secret.renew()
            narrate("all links that were given out before are void")
        until = (desk.wall + timedelta(seconds=seconds)).replace(microsecond=0)
        token = secret.token(until)
        url = f"{base.rstrip('/')}/wall/{token}/"
        if invocation.as_json:
            write_json({"url": url, "token": token, "expires": iso_utc(until)})
            return
        write(token if bare else url)
        narrate(f"it holds for {show_duration(seconds)}, until {show_time(until, desk.zone)}; revoke all with --revoke")
