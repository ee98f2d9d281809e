"""Shouting: who may, who hears it, for how long, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.cutover import Cutover, document, task
from warroom.board.rows import Shout
from warroom.rules.shouts import SHOWN_FOR, heard, listeners
from warroom.runbook.document import RunbookDocument, Stream
from warroom.vocabulary.errors import BadInput, Refused


def keys(cutover: Cutover, *handles: str) -> set[int]:
    people = [cutover.board().person_called(handle) for handle in handles]
    return {person.id for person in people if person is not None}


def shouts(cutover: Cutover) -> list[Shout]:
    return list(cutover.board().rows(Shout).values())


def test_everybody_hears_it_but_the_one_who_shouts(cutover: Cutover) -> None:
    entry = cutover.do("shout", "The bank file is here", by="omar")
    (shout,) = shouts(cutover)
    assert listeners(cutover.board(), shout) == keys(cutover, "lena", "bea", "vera", "gil", "sam")
    assert (entry.action, entry.subject, entry.reason) == ("shout", "everybody", "The bank file is here")


def test_one_person_hears_what_is_for_them(cutover: Cutover) -> None:
    entry = cutover.do("shout", "Ring me", by="lena", to="gil")
    (shout,) = shouts(cutover)
    assert listeners(cutover.board(), shout) == keys(cutover, "gil")
    assert entry.subject == "person gil"


def test_of_a_stream_its_lead_and_those_with_open_tasks_hear_it(
    rehearse: Callable[[RunbookDocument], Cutover],
) -> None:
    plan = document(
        task("A", 30, stream="finance", verifier="vera"),
        task("B", 30, stream="warehouse", owner="gil", backup="sam"),
        ends_with="B",
    )
    cutover = rehearse(replace(plan, streams=(Stream("finance", "Finance", "lena"), Stream("warehouse", "Warehouse"))))
    cutover.do("shout", "Ten minutes", by="sam", stream="finance")
    cutover.do("shout", "Doors", by="lena", stream="warehouse")
    finance, warehouse = shouts(cutover)
    assert listeners(cutover.board(), finance) == keys(cutover, "lena", "omar", "bea", "vera")
    assert listeners(cutover.board(), warehouse) == keys(cutover, "gil", "sam")
    cutover.do("task.skip", "A", reason="not needed", by="lena")
    assert listeners(cutover.board(), finance) == keys(cutover, "lena"), "those who are done are left in peace"


def test_it_is_shown_for_a_while_and_the_room_hears_what_is_for_all(cutover: Cutover) -> None:
    cutover.do("shout", "To all", by="lena")
    cutover.do("shout", "To you", by="lena", to="omar")
    board, said_at = cutover.board(), shouts(cutover)[0].said_at
    (omar,) = keys(cutover, "omar")
    assert [shout.text for shout in heard(board, omar, said_at)] == ["To you", "To all"]
    assert [shout.text for shout in heard(board, None, said_at)] == ["To all"]
    assert heard(board, omar, said_at + SHOWN_FOR) == ()
    assert heard(board, omar, said_at - timedelta(seconds=1)) == (), "in a replay it is not there before it was said"


def test_it_can_call_to_the_bridge_where_there_is_one(
    cutover: Cutover, rehearse: Callable[[RunbookDocument], Cutover]
) -> None:
    cutover.do("shout", "Come", by="lena", bridge=True)
    assert [shout.bridge for shout in shouts(cutover)] == [True]
    bridgeless = rehearse(document(task("A", 30), ends_with="A"))
    with pytest.raises(BadInput, match="no bridge"):
        bridgeless.do("shout", "Come", by="lena", bridge=True)


def test_outside_a_run_it_is_shouted_too(planned: Cutover) -> None:
    planned.do("shout", "We begin on Friday", by="lena", bridge=True)
    assert [(shout.run_id, shout.text) for shout in shouts(planned)] == [(None, "We begin on Friday")]


@pytest.mark.parametrize(
    "arguments",
    [
        {"text": " "},
        {"text": "x" * 401},
        {"text": "two\nlines"},
        {"text": "bell \x07"},
        {"text": "who", "to": "nobody"},
        {"text": "where", "stream": "nowhere"},
        {"text": "both", "to": "gil", "stream": "data"},
    ],
)
def test_what_makes_no_sense_is_refused(cutover: Cutover, arguments: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        cutover.do("shout", by="lena", **arguments)
    assert shouts(cutover) == []


def test_an_observer_does_not_shout(cutover: Cutover) -> None:
    cutover.do("person.edit", "sam", fields={"roles": ["observer"]}, by="lena")
    with pytest.raises(Refused, match="observe"):
        cutover.do("shout", "Hello", by="sam")
