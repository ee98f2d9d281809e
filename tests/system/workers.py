"""What the processes of the system tests do, and how they are started.

Processes come from a fork server that has everything imported and no file open, so that each is real and starts in
milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.cutover import caller, small_document
from warroom.actions import alerts, plan, steps, tasks
from warroom.actions.registry import ACTIONS
from warroom.alerts.channels import read_channels
from warroom.alerts.watch import Watch
from warroom.board.load import load_board
from warroom.cli.main import main
from warroom.clock.source import Clock
from warroom.store import backup, files, sqlite, views
from warroom.store.codec import Table
from warroom.store.gateway import Gateway
from warroom.store.migration import Migration, Schema
from warroom.store.standby import follow
from warroom.store.statefile import StateFile, Transaction
from warroom.vocabulary.errors import Refused, WarroomError
from warroom.vocabulary.journal import Entry, Plain

PATIENCE_S = 60  # how long a test waits for an answer that must come

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.system.workers"])


class Worker:
    """A process that runs `work(pipe, *arguments)`; `answer` waits for what it sends."""

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self._pipe, theirs = _processes.Pipe()
        self._process = _processes.Process(target=work, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    def say(self, message: object) -> None:
        self._pipe.send(message)

    def answer(self) -> Any:
        """What it sends next.

        Raises:
            EOFError: it has ended. TimeoutError: it says nothing.
        """
        if not self._pipe.poll(PATIENCE_S):
            raise TimeoutError("the process does not answer")
        return self._pipe.recv()

    def answers(self) -> Iterator[Any]:
        """What it still sends until its end."""
        try:
            while True:
                yield self.answer()
        except (EOFError, OSError):  # also in the middle of a message
            return

    def told(self) -> Iterator[Any]:
        """What it has sent so far and nobody has read; waits for nothing."""
        try:
            while self._pipe.poll(0):
                yield self._pipe.recv()
        except (EOFError, OSError):
            return

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self._signal(signal.SIGKILL)
        self._process.join(PATIENCE_S)

    def stop(self) -> None:
        """Let it stand still where it is, as Ctrl-Z or a machine that sleeps does."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after `stop`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> int | None:
        """Wait for its end; gives its exit code."""
        self._process.join(PATIENCE_S)
        return self._process.exitcode

    def close(self) -> None:
        if self._process.is_alive():
            self._process.kill()
        self._process.join(PATIENCE_S)
        self._pipe.close()


@contextmanager
def workers() -> Iterator[Callable[..., Worker]]:
    """Starts workers, and ends them all."""
    started: list[Worker] = []

    def start(work: Callable[..., None], *arguments: Any) -> Worker:
        started.append(Worker(work, *arguments))
        return started[-1]

    try:
        yield start
    finally:
        for worker in started:
            worker.close()


# --- what they do ----------------------------------------------------------------------------------------------------


def create(pipe: Connection, path: Path) -> None:
    """When told to, make a state file; sends what came of it."""
    pipe.send("ready")
    pipe.recv()
    try:
        plan.init(path, small_document(), name="small.yaml", handle="lena")
    except WarroomError as error:
        pipe.send((error.code, error.message))
    else:
        pipe.send("created")


def create_halfway(pipe: Connection, path: Path) -> None:
    """Begin to make a state file, and stand still with its rows written."""
    with StateFile.create(path) as building, building.write() as transaction:
        transaction.keep(b"half")
        pipe.send("halfway")
        pipe.recv()


def migrate_halfway(pipe: Connection, path: Path) -> None:
    """Begin to migrate a state file, and stand still when its tables are half filled."""

    def restore(self: Gateway, table: Table, plain: Mapping[str, Plain]) -> None:
        if table.name == "step":
            pipe.send("halfway")
            pipe.recv()
        original(self, table, plain)

    original = Gateway.restore
    Gateway.restore = restore  # type: ignore[method-assign]
    StateFile.open(path, schema=Schema((Migration("halfway", (), lambda _, fields: fields),)))


def finish(pipe: Connection, path: Path, handle: str, ref: str, seen: int | None) -> None:
    """When told to, report a task as done; sends the entry's seq, or what it was told."""
    with StateFile.open(path) as state_file:
        pipe.send("ready")
        pipe.recv()
        try:
            pipe.send(tasks.done(state_file, caller(handle), ref, seen=seen).seq)
        except Refused as error:
            pipe.send((error.code, error.message))


def block_as_told(pipe: Connection, path: Path, handle: str, ref: str) -> None:
    """Block or unblock a task as often as told; sends the action and in whose place it was done, or the refusal."""
    with StateFile.open(path) as state_file:
        while (told := pipe.recv()) is not None:
            try:
                function = tasks.block if told == "block" else tasks.unblock
                entry = function(state_file, caller(handle), ref, reason="as told")
                pipe.send((entry.action, entry.in_place_of))
            except Refused as error:
                pipe.send((error.code, error.message))


def act(pipe: Connection, path: Path, handle: str, action: str, subject: tuple[str, ...], more: dict[str, Any]) -> None:
    """When told to, perform an action; sends the entry's seq, or what it was told."""
    with StateFile.open(path) as state_file:
        pipe.send("ready")
        pipe.recv()
        try:
            pipe.send(ACTIONS[action](state_file, caller(handle), *subject, **more).seq)
        except Refused as error:
            pipe.send((error.code, error.message))


def read_board(pipe: Connection, path: Path) -> None:
    """Send the head of a Board as often as asked."""
    with StateFile.open(path) as state_file:
        while pipe.recv() is not None:
            pipe.send(load_board(state_file).seq)


def scribble(pipe: Connection, path: Path, seed: int) -> None:
    """Act at random, for ever; sends the id of an entry before it is written and again once it is acknowledged."""
    chance = random.Random(seed)
    with StateFile.open(path) as state_file:
        number = 0
        while True:
            number += 1
            entry_id = f"{seed}-{number}"
            pipe.send(("asked", entry_id))
            deed = chance.choice(("note", "tick", "untick", "sweep"))
            try:
                if deed == "note":
                    tasks.note(
                        state_file, caller("omar"), "A", text="x" * chance.randrange(1, 20_000), entry_id=entry_id
                    )
                elif deed == "sweep":
                    alerts.sweep(state_file)
                    continue
                else:
                    function = steps.tick if deed == "tick" else steps.untick
                    function(state_file, caller("omar"), "A", positions=[chance.choice((1, 2))], entry_id=entry_id)
            except Refused:
                continue
            pipe.send(("acknowledged", entry_id))


def note_and_die(pipe: Connection, path: Path, entry_id: str, committed: bool) -> None:
    """Write a note, killed before anybody could be told of it: right after its commit, or right before it."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def journal(self: Transaction, *told: Any, **more: Any) -> Entry:
        original(self, *told, **more)
        die()
        raise AssertionError("it lives")

    original = Transaction.journal
    if not committed:
        Transaction.journal = journal  # type: ignore[method-assign]
    with StateFile.open(path) as state_file:
        tasks.note(state_file, caller("omar"), "A", text="once", entry_id=entry_id)
        die()
    pipe.send("it lives")


def call_command(pipe: Connection, arguments: Sequence[str], login: str, patience_s: float) -> None:
    """Call a command that waits for the lock for so many seconds; sends its exit code, and what it wrote."""
    os.environ["LOGNAME"] = login
    sqlite.LOCK_PATIENCE_S = patience_s
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    pipe.send((code, out.getvalue(), err.getvalue()))


def hold(pipe: Connection, path: Path) -> None:
    """Begin to write, and stay in the middle of it until told to go on."""
    with StateFile.open(path) as state_file, state_file.write() as transaction:
        transaction.keep(b"half")
        pipe.send("inside")
        pipe.recv()


def watch(pipe: Connection, path: Path, clock: Clock) -> None:
    """Watch on that clock until told to stop."""
    with StateFile.open(path, clock=clock) as state_file:
        watching = Watch(state_file)
        watching.start()
        pipe.send("watching")
        pipe.recv()
        watching.stop()


def watch_and_send(pipe: Connection, path: Path, clock: Clock, channels: Path) -> None:
    """The same, with channels."""
    with StateFile.open(path, clock=clock) as state_file:
        watching = Watch(state_file, read_channels(channels, {}))
        watching.start()
        pipe.send("watching")
        pipe.recv()
        watching.stop()


def operate(pipe: Connection, path: Path, seed: int, count: int) -> None:
    """When told to, act and look at random; sends for each (place in the journal, begun, ended), in nanoseconds of the
    machine's own clock. Whoever looks stands half a place behind the last entry that it sees."""
    chance = random.Random(seed)
    omar = caller("omar")
    with StateFile.open(path) as state_file:
        pipe.send("ready")
        pipe.recv()
        done: list[tuple[float, int, int]] = []
        for number in range(count):
            ref = chance.choice(("A", "TRY"))
            begun = time.monotonic_ns()
            match chance.choice(("note", "tick", "untick", "head", "board")):
                case "note":
                    place: float = tasks.note(state_file, omar, ref, text=f"{seed}-{number}").seq
                case "head":
                    place = state_file.head().seq + 0.5
                case "board":
                    place = load_board(state_file).seq + 0.5
                case deed:
                    try:
                        place = (steps.tick if deed == "tick" else steps.untick)(
                            state_file, omar, "A", positions=[chance.choice((1, 2))]
                        ).seq
                    except Refused:
                        continue
            done.append((place, begun, time.monotonic_ns()))
        pipe.send(done)


def sweep_until(pipe: Connection, path: Path, minutes: int) -> None:
    """Sweep without a pause until the run's clock is that many minutes past the window's start."""
    with StateFile.open(path) as state_file:
        pipe.send("ready")
        while True:
            now = state_file.clock.now()
            board = alerts.sweep(state_file)
            if (board.run_time(now) - board.plan.window_start).total_seconds() >= minutes * 60:
                return


def back_up_until(pipe: Connection, path: Path, folder: Path, stage: str) -> None:
    """Make a backup, and stand still at that stage of it: when all is about to be copied, is copied, is verified, or
    has its name."""
    function = {"copying": "copy", "copied": "add", "verified": "has_entry", "named": "publish"}[stage]
    module = {"copying": sqlite, "copied": views, "verified": backup, "named": files}[stage]
    original = getattr(module, function)

    def halted(*arguments: Any, **options: Any) -> Any:
        done = original(*arguments, **options) if stage != "copying" else None
        pipe.send(stage)
        pipe.recv()
        return done

    setattr(module, function, halted)
    with StateFile.open(path) as state_file:
        backup.back_up(state_file, folder)


def follow_for_ever(pipe: Connection, path: Path, folder: Path) -> None:
    """Keep a standby's copy; sends the seq of its last entry whenever it has more."""
    with StateFile.open(path) as state_file:
        follow(
            state_file,
            folder,
            threading.Event(),
            told=lambda standing: pipe.send(standing.seq),
            trouble=lambda _: None,
        )
