"""How long a key takes to be answered on a terminal: a console in its own process on a pty, over 2,000 tasks, while an
entry a second arrives from elsewhere. Figures to look at, never asserted."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.consoles import share
from tests.bench.test_runbook_bench import runbook
from tests.cutover import caller
from tests.tui.test_bytes import Terminal, terminal
from warroom.actions import plan, runs
from warroom.actions.registry import ACTIONS
from warroom.runbook.reader import read_runbook
from warroom.store.statefile import StateFile
from warroom.vocabulary.words import RunKind

TASKS = 2_000
LEAD = "p0"
KEYS = 400
BETWEEN_S = 0.1
"""So long after an answer the next key is pressed: somebody who holds an arrow key."""

GIVEN_UP_S = 5.0

WALKS = {
    "down and up": (b"\x1b[B", b"\x1b[A"),
    "page down and up": (b"\x1b[6~", b"\x1b[5~"),
    "pan": (b"\x1b[C", b"\x1b[D"),
}
"""What is pressed by turns: each changes what is shown."""


def lines(folder: Path, count: int = KEYS) -> Iterator[str]:
    """The figures, a line for each kind of key."""
    path = folder / "latency.db"
    source = folder / "latency.yaml"
    source.write_text(runbook(TASKS).replace("name: Person 0}", "name: Person 0, roles: [lead]}"), encoding="utf-8")
    document = read_runbook(source)
    plan.init(path, document, name=source.name, handle=LEAD)
    with StateFile.open(path) as state_file:
        runs.start(state_file, caller(LEAD), kind=RunKind.REHEARSAL, name="bench")
        refs = [task.ref for task in document.tasks]
        with terminal(path, "--as", LEAD, columns=200, lines=60) as opened, entries(state_file, refs) as written:
            opened.settle()
            for name, keys in WALKS.items():
                found = [answered(opened, keys[number // 10 % 2]) for number in range(count)]
                parts = tuple(1_000 * share(found, part) for part in (0.5, 0.95, 0.99))
                said = "p50 {:6.1f}  p95 {:6.1f}  p99 {:6.1f} ms".format(*parts)
                yield f"{name:18} {said}  ({count} keys, {TASKS} tasks, {len(written)} entries so far)"


@contextmanager
def entries(state_file: StateFile, refs: Sequence[str]) -> Iterator[list[int]]:
    """An entry a second, in a thread of this process: of one task after the other the start, a tick and a note. Yields
    the numbers of those that were written, and raises what kept one from being written."""
    stopped, written = threading.Event(), list[int]()
    deeds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("task.start", {}),
        ("step.tick", {"positions": [1]}),
        ("task.note", {"text": "one more"}),
    )
    todo = ((ref, *deed) for ref in refs for deed in deeds)

    def write() -> None:
        while not stopped.wait(1):
            ref, action, arguments = next(todo)
            written.append(ACTIONS[action](state_file, caller(LEAD), ref, **arguments).seq)

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        try:
            yield written
        finally:
            stopped.set()
        writing.result()


def answered(opened: Terminal, key: bytes) -> float:
    """Seconds from a key to the first bytes that come after it."""
    while select.select([opened.end], [], [], 0)[0]:
        os.read(opened.end, 65_536)
    pressed = perf_counter()
    opened.type(key)
    ready, _, _ = select.select([opened.end], [], [], GIVEN_UP_S)
    taken = perf_counter() - pressed
    if not ready:
        raise TimeoutError(f"{key!r} was not answered within {GIVEN_UP_S} s")
    os.read(opened.end, 65_536)
    time.sleep(BETWEEN_S)
    return taken
