"""`warroom open`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.board.board import Board
from warroom.board.load import load_board
from warroom.cli import identity
from warroom.cli.command import Command, Invocation, with_run
from warroom.cli.desk import opened, path_of
from warroom.cli.known_channels import channels_at, with_channels
from warroom.rules.permissions import actor_of
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import Via

if TYPE_CHECKING:
    from warroom.alerts.channels import Channels

SCREENS = (
    *("war-room", "owner", "owners", "gate", "controls", "back-out", "alerts", "journal", "confidence", "network"),
    *("task", "people", "connected", "log", "handover", "search", "scribe", "plots"),
)


@click.command("open", cls=Command)
@click.option("--screen", type=click.Choice(SCREENS), help="The first screen (else the lead's or the owner's own).")
@click.option("--read-only", is_flag=True, help="Only look.")
@click.option("--wall", is_flag=True, help="The shared screen of the room: only looks, and turns its pages by itself.")
@click.option(
    "--theme", metavar="NAME", help="Colours: night-shift, daylight, paper ... or your own (else $WARROOM_THEME)."
)
@click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII alone (else $WARROOM_GLYPHS).")
@click.option("--compact", is_flag=True, help="No frame and no blank lines, so that more has room.")
@with_channels
@with_run
@click.pass_obj
def open_console(
    invocation: Invocation,
    screen: str | None,
    read_only: bool,
    wall: bool,
    theme: str | None,
    ascii_only: bool,
    compact: bool,
    channels: str | None,
    run: str | None,
) -> None:
    """Open the console. It also watches for alerts while it is open, and sends messages if it knows channels.

    \b
    warroom open
    warroom open --as dario --screen owner
    warroom open --wall
    """
    if wall and screen is not None:
        raise BadInput("--wall is a screen of its own", hint=f"leave out --screen {screen}")
    insist_on_terminal("to look without one: warroom status, or warroom demo --headless")
    known = channels_at(channels)
    with opened(invocation) as state_file:
        show_console(
            state_file,
            invocation.handle,
            screen=screen,
            read_only=read_only,
            wall=wall,
            theme=theme,
            ascii_only=ascii_only,
            compact=compact,
            run=run,
            channels=known,
        )


def insist_on_terminal(hint: str) -> None:
    """Refuse to open a console where nobody could see it.

    Raises:
        BadInput: the input or the output is no terminal, or one that only prints line after line, or standard error,
            on which Textual draws, leads elsewhere: the keys would act, and nobody would see on what.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise BadInput("the console needs a terminal", hint=hint)
    if sys.stderr is None or not sys.stderr.isatty():
        raise BadInput("the console draws on standard error, which is no terminal here", hint=hint)
    if os.environ.get("TERM") == "dumb":
        raise BadInput("the console needs a terminal that moves its cursor, and TERM=dumb does not", hint=hint)


def command_options(state_file: StateFile, board: Board, handle: str) -> list[str]:
    """What commands must be told, in the shell from which a console is opened, to mean the same state file and person
    as the console: nothing where they would anyway."""
    path = state_file.own_files[0].resolve()
    options = ["--db", str(path), "--as", handle]
    with suppress(BadInput):  # $WARROOM_USER may be nobody here
        if identity.caller(board, None).handle == handle:
            options = options[:2]
    with suppress(BadInput):  # $WARROOM_DB may be no file
        if path_of(Invocation()).resolve() == path:
            options = options[2:]
    return options


def show_console(
    state_file: StateFile,
    handle: str | None,
    *,
    screen: str | None = None,
    read_only: bool = False,
    wall: bool = False,
    theme: str | None = None,
    ascii_only: bool = False,
    compact: bool = False,
    run: str | None = None,
    channels: Channels | None = None,
) -> None:
    """Show the console until it is left.

    Args:
        handle: what --as said.
        screen: the first screen; None: the war room for a lead, their own tasks for others.
        wall: the shared screen of the room instead; nobody can change anything there, but it watches for alerts.
        channels: how messages of alerts leave; None: from here they do not.
        theme: its name; None: that of $WARROOM_THEME, which does no harm where there is none of that name; else what
            the terminal's colours allow.
        ascii_only: draw with ASCII, whatever the terminal can show; else what $WARROOM_GLYPHS says, or what it can.
        compact: without frame and blank lines.

    Raises:
        BadInput: there is nobody called `handle`, no run called `run`, or no theme called `theme`.
    """
    # Dear to import, and no other command needs them.
    from rich.console import Console

    from warroom.cli.own_terminal import on_own_terminal
    from warroom.host.interpreter import quick_to_answer
    from warroom.host.local import LocalHost
    from warroom.tui.app import ConsoleApp
    from warroom.tui.doing.machine import machine_of
    from warroom.tui.keys.keymap import keymap_file, load_keymap
    from warroom.tui.look.glyphs import GlyphSet, glyph_set_for
    from warroom.tui.look.themes import theme_folders, theme_for, theme_names

    folders = theme_folders(os.environ)
    if theme is not None and theme not in (known := theme_names(folders)):
        raise BadInput(f"there is no theme called {theme!r}", hint=f"the themes are: {', '.join(known)}")
    board = load_board(state_file, run)
    caller = identity.caller(board, handle, via=Via.CONSOLE)
    person = board.person_called(caller.handle)
    leads = person is not None and actor_of(person).leads
    # What is done in a console is done in the open run, whichever it shows.
    past = run is not None and board.run is not None and board.run.closed_at is not None
    with LocalHost(state_file, caller, run=run, read_only=read_only or past, channels=channels) as host:
        app = ConsoleApp(
            host,
            screen=screen or ("war-room" if leads else "owner"),
            wall=wall,
            theme=theme or os.environ.get("WARROOM_THEME") or theme_for(Console().color_system),
            theme_folders=folders,
            machine=machine_of(os.environ, Path.cwd(), state_file.own_files, state_file.backup_folder),
            keymap=load_keymap(keymap_file(os.environ)),
            glyphs=GlyphSet.ASCII if ascii_only else glyph_set_for(os.environ),
            compact=compact,
            command_options=command_options(state_file, board, caller.handle),
            named_run=run,
        )
        with quick_to_answer(), on_own_terminal(app):
            app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
