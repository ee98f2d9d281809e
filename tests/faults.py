"""What is wrong in a changed runbook, and whether it is told at its place."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from warroom.runbook.reader import read_text
from warroom.vocabulary.errors import BadRunbook, Fault


@dataclass(frozen=True)
class Case:
    """`old` in the good runbook becomes `new`; the fault stands where `at` begins in the changed line."""

    name: str
    old: str
    new: str
    at: str
    message: str
    hint: str | None = None
    more: tuple[str, ...] = field(default=())
    """Messages of further faults that follow from the same change."""


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(BadRunbook) as caught:
        read_text(text, "plan.yaml")
    return caught.value.faults


def place_of(text: str, at: str, begin: int = 0) -> str:
    """Where `at` first stands in `text` from `begin` on, as the reader says it."""
    start = text.index(at, begin)
    return f"plan.yaml:{text.count(chr(10), 0, start) + 1}:{start - text.rfind(chr(10), 0, start)}"


def changed(good: str, case: Case) -> tuple[str, str]:
    """The runbook of a case, and the place of its fault."""
    assert good.count(case.old) == 1, "the case must change one place"
    text = good.replace(case.old, case.new)
    return text, place_of(text, case.at, good.rfind("\n", 0, good.index(case.old)) + 1)


def assert_told(good: str, case: Case) -> None:
    """The fault of a case is told at its place, with its hint, and nothing else but what follows from it."""
    text, where = changed(good, case)
    faults = faults_of(text)
    told = [(fault.where, fault.message) for fault in faults]
    matching = [fault for fault in faults if fault.where == where and case.message in fault.message]
    assert len(matching) == 1, f"{where} {case.message!r} is not among {told}"
    main = matching[0]
    assert case.hint is None or (main.hint is not None and case.hint in main.hint)
    rest = [fault.message for fault in faults if fault is not main]
    assert len(rest) == len(case.more), f"{told}"
    assert all(any(more in message for message in rest) for more in case.more), f"{told}"
