"""`warroom demo` and `warroom simulate`."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path
from threading import Event, Thread

import click

from warroom.board.load import load_board
from warroom.cli import typed
from warroom.cli.command import Command, Invocation
from warroom.cli.desk import opened, path_of
from warroom.cli.open import insist_on_terminal, show_console
from warroom.cli.output import narrate
from warroom.clock.run_clock import LIFE
from warroom.resources import folder
from warroom.simulate.demo import DEFAULT_SEED, DEFAULT_SPEED, demo_headless, prepare_demo, spawn_people, stop_people
from warroom.simulate.people import lead_of
from warroom.simulate.play import play_live
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import StateFileError

SAMPLE = "first-cutover.yaml"


@click.command(cls=Command)
@click.option("--headless", is_flag=True, help="Play it at once, without a console, and print the journal.")
@click.option("--speed", "fast", metavar="X", help=f"How many times as fast as life (else {DEFAULT_SPEED:g}).")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another seed, another story.")
@click.option("--runbook", metavar="FILE", help="Another runbook than the sample.")
@click.pass_obj
def demo(invocation: Invocation, headless: bool, fast: str | None, seed: int, runbook: str | None) -> None:
    """Watch a simulated cutover: the console is open, and people in another process work.

    \b
    warroom demo
    warroom demo --speed 120 --seed 7
    warroom demo --headless --runbook cutover.yaml
    """
    if not headless:
        insist_on_terminal("to play it without one: warroom demo --headless")
    file = folder("sample_runbooks") / SAMPLE if runbook is None else Path(runbook)
    db = None if invocation.db is None else path_of(invocation)
    speed = None if fast is None else typed.rate(fast) / LIFE
    if headless:
        played = demo_headless(file, db, seed=seed, speed=speed or 1.0, out=sys.stdout)
        _say_where(played.path)
        if not played.verification.sound:
            raise StateFileError("the journal is not sound", where=str(played.path), hint="warroom journal verify")
        return
    path = prepare_demo(file, db, seed=seed, speed=speed or DEFAULT_SPEED)
    people = spawn_people(path, seed)
    try:
        with StateFile.open(path) as state_file:
            # Whoever $WARROOM_USER is elsewhere is nobody in a demo.
            show_console(state_file, invocation.handle or lead_of(load_board(state_file)))
    finally:
        trouble = stop_people(people)
        if trouble:
            narrate(f"the simulated people stopped early: {trouble}")
        _say_where(path)


def _say_where(path: Path) -> None:
    """Where the state file is, and how to look at it again."""
    named = shlex.quote(str(path))
    click.echo(f"the state file is {path}\nlook again with:", err=True)
    for command in ("open", "status", "journal verify", "replay --at T+1h"):
        click.echo(f"  warroom {command} --db {named}", err=True)


@click.command(cls=Command)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another seed, another story.")
@click.option("--speed", "fast", metavar="X", help="Let the run's clock go so many times as fast as life.")
@click.option("--until-eof", is_flag=True, hidden=True, help="Stop once the standard input is closed.")
@click.pass_obj
def simulate(invocation: Invocation, seed: int, fast: str | None, until_eof: bool) -> None:
    """Let simulated people play the open rehearsal, beside whoever else works on it, until it is finished or Ctrl-C.

    \b
    warroom simulate --db cutover.db --speed 60
    """
    speed = None if fast is None else typed.rate(fast) / LIFE
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if until_eof:
        Thread(target=_stop_at_eof, args=(stop,), name="until eof", daemon=True).start()
    with opened(invocation) as state_file:
        play_live(state_file, seed, stop, speed=speed)
    narrate("nobody has anything left to do" if not stop.is_set() else "stopped")


def _stop_at_eof(stop: Event) -> None:
    """Stop once whoever started this is no more, however it ended: the system closes its end of the pipe."""
    # Not through sys.stdin, whose lock the interpreter would want at its end.
    while os.read(0, 4096):
        pass
    stop.set()
