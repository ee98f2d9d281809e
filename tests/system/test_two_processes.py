"""Two real processes on one state file."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest

from tests.cutover import Cutover, caller, everything
from tests.following import followed
from tests.system.workers import act, block_as_told, finish, read_board, workers
from warroom.board.load import load_board
from warroom.host.local import LocalHost
from warroom.store.verify import verify
from warroom.vocabulary.words import Side, TaskState, VoteChoice

PATIENCE_S = 30
NAMES = {"sam": "Sam Bystander", "gil": "Gil Guest", "omar": "Omar Owner", "bea": "Bea Backup", "lena": "Lena Lead"}


def started(cutover: Cutover) -> int:
    """END is running and has no steps to tick; gives the seq of that."""
    return cutover.do("task.start", "END", by="lena").seq


@pytest.mark.parametrize("looked", [False, True])
def test_of_two_who_finish_a_task_one_does_and_the_other_is_told_who(looked: bool, cutover: Cutover) -> None:
    """Either by the state in which it finds the task, or because that is not what it looked at when deciding."""
    seq = started(cutover)
    seen = seq if looked else None
    with workers() as start:
        racing = {handle: start(finish, cutover.path, handle, "END", seen) for handle in ("omar", "lena")}
        for worker in racing.values():
            assert worker.answer() == "ready"
        for worker in racing.values():
            worker.say("go")
        told = {handle: worker.answer() for handle, worker in racing.items()}
    (winner,) = (handle for handle, answer in told.items() if answer == seq + 1)
    (answer,) = (answer for handle, answer in told.items() if handle != winner)
    name = NAMES[winner]
    if looked:
        assert answer == ("stale", f"END has changed since you looked: task.done by {winner}")
    else:
        assert answer == ("refused", f"END is done already, finished by {name}")
    (done,) = cutover.entries()[seq:]
    assert (done.action, done.actor) == ("task.done", winner)
    assert cutover.task("END").state is TaskState.DONE
    assert verify(cutover.state_file).sound


def race(cutover: Cutover, *who: tuple[str, str, tuple[str, ...], dict[str, Any]]) -> list[Any]:
    """Have several act at once, each in a process of its own; gives what each was told."""
    with workers() as start:
        racing = [start(act, cutover.path, *one) for one in who]
        for worker in racing:
            assert worker.answer() == "ready"
        for worker in racing:
            worker.say("go")
        return [worker.answer() for worker in racing]


def test_of_one_who_takes_back_and_one_who_goes_on_one_does_and_the_other_is_told(cutover: Cutover) -> None:
    started(cutover)
    seen = cutover.do("task.done", "END", by="omar").seq
    undone, reopened = race(
        cutover,
        ("omar", "undo", (), {"entry": seen}),
        ("lena", "task.reopen", ("END",), {"reason": "not yet", "seen": seen}),
    )
    if undone == seen + 1:
        said = f"END has changed since you looked: undo by omar: takes back task.done, entry {seen}"
        assert reopened == ("stale", said)
    else:
        done = f"task.done of END by omar, entry {seen},"
        assert undone == ("refused", f"{done} has been built on: task.reopen of END by lena, entry {seen + 1}")
        assert reopened == seen + 1
    assert len(cutover.entries()) == seen + 1
    assert cutover.task("END").state is TaskState.RUNNING
    assert verify(cutover.state_file).sound


def test_two_seats_that_vote_in_the_same_instant_both_count(cutover: Cutover) -> None:
    """On one state file, from two processes; and whoever had looked before the other is told who was first."""
    before = len(cutover.entries())
    votes = [("gil", VoteChoice.GO, None), ("vera", VoteChoice.NO_GO, "totals differ")]
    told = race(
        cutover,
        *((handle, "gate.vote", ("GO",), {"choice": choice, "reason": reason}) for handle, choice, reason in votes),
    )
    assert sorted(told) == [before + 1, before + 2]
    board = cutover.board()
    gate = board.gate_of(cutover.task("GO").id)
    assert gate is not None
    cast = {board.handle(vote.person_id): vote.choice for vote in board.votes(gate.id)}
    assert cast == {"gil": VoteChoice.GO, "vera": VoteChoice.NO_GO}
    seen = board.last_entry("GO")
    changed = {"choice": VoteChoice.CONDITIONAL, "reason": "with the list", "seen": seen}
    first, second = race(cutover, *((handle, "gate.vote", ("GO",), changed) for handle in ("gil", "vera")))
    assert sorted(map(str, (type(first), type(second)))) == sorted(map(str, (int, tuple)))
    (stale,) = (answer for answer in (first, second) if isinstance(answer, tuple))
    assert stale[0] == "stale"
    assert "GO has changed since you looked: gate.vote by" in stale[1]
    assert verify(cutover.state_file).sound


def test_in_two_windows_of_one_person_an_action_is_taken_back_once(cutover: Cutover) -> None:
    cutover.do("task.start", "END", by="lena")
    seen = cutover.do("task.done", "END", by="lena").seq
    told = race(cutover, *[("lena", "undo", (), {"entry": seen})] * 2)
    assert sorted(told, key=str) == sorted(
        [seen + 1, ("stale", f"entry {seen} was taken back already, by entry {seen + 1}")], key=str
    )
    assert cutover.task("END").state is TaskState.RUNNING


def test_of_two_who_enter_a_side_of_a_control_or_sign_it_one_does_and_the_other_is_told_who(cutover: Cutover) -> None:
    record = {side: {"side": side, "value": Decimal(100)} for side in Side}
    for who, action, more, said in (
        (("sam", "gil"), "control.record", record[Side.LEGACY], "the legacy side of stock was entered already: 100 by"),
        (("omar", "gil"), "control.record", record[Side.NEW], "the new side of stock was entered already: 100 by"),
        (("bea", "lena"), "control.sign", {}, "stock is signed already, by"),
    ):
        seq = cutover.state_file.head().seq + 1
        told = race(cutover, *((one, action, ("stock",), more) for one in who))
        winner = who[told.index(seq)]
        (refusal,) = (answer for answer in told if answer != seq)
        assert refusal == ("refused", f"{said} {NAMES[winner]}")
        assert cutover.state_file.head().seq == seq
    assert verify(cutover.state_file).sound


def test_what_one_process_does_the_other_sees(cutover: Cutover) -> None:
    """In its Board, moved by the journal, without being asked; and in what a third one reads afterwards."""
    seq = started(cutover)
    moved = threading.Condition()

    def tell() -> None:
        with moved:
            moved.notify_all()

    with LocalHost(cutover.state_file, caller("lena"), watching=False) as host, workers() as start:
        host.subscribe(tell)
        worker, reader = start(finish, cutover.path, "omar", "END", None), start(read_board, cutover.path)
        assert worker.answer() == "ready"
        worker.say("go")
        with moved:
            assert moved.wait_for(lambda: host.board.seq == seq + 1, PATIENCE_S)
        assert worker.answer() == seq + 1
        reader.say("read")
        assert reader.answer() == seq + 1
        assert everything(host.board) == everything(load_board(cutover.state_file))
        row = host.board.task("END")
        assert row is not None
        assert row.state is TaskState.DONE


def test_a_process_that_was_there_first_goes_on_after_others_have_come_and_gone(cutover: Cutover) -> None:
    """The last process to close a file in WAL mode tidies up; nobody else may lose anything by that."""
    started(cutover)
    with followed(cutover.state_file, cutover.state_file.head().seq) as listener:
        for number in range(3):
            with workers() as start:
                reader = start(read_board, cutover.path)
                reader.say("read")
                assert reader.answer() == cutover.state_file.head().seq
                reader.say(None)
                assert reader.end() == 0
            cutover.do("task.note", "END", text=f"{number}")
        listener.wait_until(lambda: len(listener.entries) == 3)
    assert verify(cutover.state_file).sound


def test_what_a_substitute_may_do_ends_for_every_process(cutover: Cutover) -> None:
    """Another process, which knows the file since before, is refused as soon as the owner is back."""
    started(cutover)
    cutover.do("person.substitute", "omar", by="omar", substitute="sam", reason="sleeps")
    with workers() as start:
        acting = start(block_as_told, cutover.path, "sam", "END")
        acting.say("block")
        assert acting.answer() == ("task.block", "omar")
        acting.say("unblock")
        assert acting.answer() == ("task.unblock", "omar")
        cutover.do("person.back", "omar", by="omar")
        acting.say("block")
        kind, told = acting.answer()
        assert kind == "refused"
        assert "only its owner" in told
        acting.say(None)
        assert acting.end() == 0
    assert cutover.task("END").state is TaskState.RUNNING
    assert verify(cutover.state_file).sound
