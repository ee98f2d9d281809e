"""The server of the SSH load test, in a process of its own: `python -m tests.bench.ssh_server FILE KEY WALL-TIME`.

It tells its port on the first line, and then answers questions that come by standard input, one on a line, in JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh

from tests.bench.consoles import ShiftedClock, memory_mb
from warroom.cli.served import runner
from warroom.host.shared import SharedHost
from warroom.serve.commands import Commands
from warroom.serve.server import Room, serve
from warroom.serve.sessions import Sessions
from warroom.serve.ssh import Address, ssh
from warroom.serve.stopping import Stop
from warroom.store.statefile import StateFile
from warroom.tui.screens.console import ConsoleScreen
from warroom.vocabulary.words import TaskState


def answer(room: Room, question: str) -> Any:
    """What is known of the server itself."""
    board = room.host.board
    if question == "cost":
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {"cpu_s": used.ru_utime + used.ru_stime, "memory_mb": memory_mb(), "lag_s": room.lag.worst()}
    if question == "sessions":
        return {"open": len(room.sessions), "tasks": len(asyncio.all_tasks()), "seq": board.seq}
    if question == "tickers":  # whose list begins with a task that runs and has a step
        found = set()
        for session in room.sessions:
            screen = session.app.screen
            task = screen.selected if isinstance(screen, ConsoleScreen) and session.screen == "owner" else None
            if task is not None and task.state is TaskState.RUNNING and board.steps(task.id):
                found.add(session.known.handle)
        return sorted(found)
    raise ValueError(question)


@asynccontextmanager
async def answering(room: Room) -> AsyncIterator[str]:
    """Answer until the input ends, and stop then."""

    def ask() -> None:
        question = os.read(0, 1_000).decode()
        if not question:
            asyncio.get_running_loop().remove_reader(0)
            room.stop.tell()
        for one in question.split():
            print(json.dumps(answer(room, one)), flush=True)

    asyncio.get_running_loop().add_reader(0, ask)
    yield "answering"


async def main(path: Path, key: Path, at: datetime) -> None:
    with StateFile.open(path, clock=ShiftedClock(at)) as state_file:
        host = SharedHost(state_file, watching=False)
        sessions = Sessions(host, most=400, most_each=400)
        commands = Commands(runner(path))
        listening = partial(
            ssh,
            address=Address("127.0.0.1", 0),
            host_key=asyncssh.read_private_key(key),
            authorities=(),
            commands=commands,
        )
        parts = (commands.ready, listening, answering)
        await serve(host, sessions, parts, stop=Stop(), tell=lambda said: print(said, flush=True))


def run(arguments: Sequence[str]) -> None:
    path, key, at = arguments
    asyncio.run(main(Path(path), Path(key), datetime.fromisoformat(at)))


if __name__ == "__main__":
    run(sys.argv[1:])
