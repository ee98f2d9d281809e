"""How the interpreter is set while consoles answer keys."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from warroom.host.interpreter import quick_to_answer


@pytest.fixture
def as_it_comes() -> Iterator[None]:
    """Python's own settings of the collector, not those of these tests."""
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.unfreeze()
    yield
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("as_it_comes")
def test_threads_take_shorter_turns_and_collections_are_fewer_meanwhile() -> None:
    switch_s, thresholds = sys.getswitchinterval(), gc.get_threshold()
    with quick_to_answer():
        assert sys.getswitchinterval() < switch_s
        assert gc.get_threshold()[0] > thresholds[0]
        assert gc.get_freeze_count()
        frozen = gc.get_freeze_count()
        with quick_to_answer():
            pass
        assert gc.get_freeze_count() >= frozen, "what was frozen before stays so"
    assert (sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count()) == (switch_s, thresholds, 0)
