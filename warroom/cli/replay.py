"""`warroom replay`: where the cutover stood at an earlier time, and the console over a run's past."""

from __future__ import annotations

import os
from pathlib import Path

import click

from warroom.board.documents import schedule_document
from warroom.board.forecast import forecast
from warroom.board.load import board_at, load_board
from warroom.cli import identity
from warroom.cli.command import Command, Invocation, with_run
from warroom.cli.desk import looking, opened
from warroom.cli.open import command_options, insist_on_terminal
from warroom.cli.output import write, write_json
from warroom.cli.status import schedule_lines
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import Via


@click.command(cls=Command)
@click.option(
    "--at", metavar="TIME", help="Only print it. Run time: 02:10 (the latest past one), T+5h, a date and time."
)
@with_run
@click.pass_obj
def replay(invocation: Invocation, at: str | None, run: str | None) -> None:
    """Play the past in the console's own screens; or print the board as it stood, and what was forecast then.

    \b
    warroom replay
    warroom replay --run "mock 1"
    warroom replay --at 02:10
    warroom replay --at T+6h --json
    """
    if at is not None:
        _print(invocation, at, run)
        return
    if invocation.as_json:
        raise BadInput("a time is missing", where="--at", hint="say when: warroom replay --at 02:10 --json")
    insist_on_terminal("to read it without one: warroom replay --at 02:10, or --at T+6h")
    with opened(invocation) as state_file:
        _show(state_file, invocation.handle, run)


def _print(invocation: Invocation, at: str, run: str | None) -> None:
    with looking(invocation, run) as desk:
        instant = desk.past(at)
        assert instant is not None
        board = board_at(desk.state_file, instant, run)
        then = forecast(board, instant)
        if invocation.as_json:
            write_json({**schedule_document(board, then), "seq": board.seq})
        else:
            write("\n".join([f"as it stood after entry {board.seq}", *schedule_lines(board, then)]))


def _show(state_file: StateFile, handle: str | None, run: str | None) -> None:
    """Show the past of a run until it is left.

    Raises:
        BadInput: there is nobody called `handle`, or no run called `run`.
        Refused: no run was ever started.
    """
    # Dear to import, and `replay --at` does not need them.
    from rich.console import Console

    from warroom.cli.own_terminal import on_own_terminal
    from warroom.host.replay import replay as past_of
    from warroom.tui.app import ConsoleApp
    from warroom.tui.doing.looking_back import LookingBack
    from warroom.tui.doing.machine import machine_of
    from warroom.tui.keys.keymap import keymap_file, load_keymap
    from warroom.tui.look.glyphs import glyph_set_for
    from warroom.tui.look.themes import theme_folders, theme_for

    board = load_board(state_file, run)
    caller = identity.caller(board, handle, via=Via.CONSOLE)
    host = past_of(state_file, caller, run, to_now=False)
    host.seek(host.begin)
    app = ConsoleApp(
        host,
        past=LookingBack(host),
        theme=os.environ.get("WARROOM_THEME") or theme_for(Console().color_system),
        theme_folders=theme_folders(os.environ),
        machine=machine_of(os.environ, Path.cwd()),
        keymap=load_keymap(keymap_file(os.environ)),
        glyphs=glyph_set_for(os.environ),
        command_options=command_options(state_file, board, caller.handle),
        named_run=run,
    )
    with on_own_terminal(app):
        app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
