"""Somebody stands still in the middle of a write: others are told, read on, and write again when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.commands import NOBODYS_LOGIN
from tests.cutover import Cutover
from tests.system.workers import Worker, call_command, hold, workers
from warroom.store.verify import verify


@contextmanager
def stopped(cutover: Cutover) -> Iterator[Worker]:
    """A process that stands still in the middle of a write."""
    with workers() as start:
        worker = start(hold, cutover.path)
        assert worker.answer() == "inside"
        worker.stop()
        yield worker


def command(*arguments: str, cutover: Cutover) -> tuple[int, str, str]:
    """How a command ends, in a process that waits a tenth of a second where others wait longer."""
    with workers() as start:
        answer: tuple[int, str, str] = start(
            call_command, ("--db", str(cutover.path), "--as", "omar", *arguments), NOBODYS_LOGIN, 0.1
        ).answer()
        return answer


@pytest.mark.parametrize("killed", [True, False])
def test_others_are_told_and_go_on_when_it_is_gone(killed: bool, cutover: Cutover) -> None:
    head = cutover.state_file.head()
    with stopped(cutover) as worker:
        for arguments in (["task", "start", "A"], ["task", "note", "A", "hello"], ["run", "hold", "--as", "lena"]):
            code, out, err = command(*arguments, cutover=cutover)
            assert (code, out) == (4, "")
            assert err.splitlines() == [
                "warroom: the state file is locked by another process",
                f"  where: {cutover.path}",
                "  hint: nothing was changed; try again",
            ]
        for arguments in (["status"], ["task", "list"], ["journal", "verify"]):
            code, out, err = command(*arguments, cutover=cutover)
            assert (code, err) == (0, "")
        if killed:
            worker.kill()
        else:
            worker.go_on()
            worker.say("go on")
            assert worker.end() == 0
        assert command("task", "start", "A", cutover=cutover)[0] == 0
    assert cutover.state_file.head().seq == head.seq + 1
    assert verify(cutover.state_file).findings == ()
