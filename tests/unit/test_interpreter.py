"""How the interpreter is set while consoles answer keys."""

from __future__ import annotations

import gc
import sys

from warroom.host.interpreter import quick_to_answer


def test_threads_take_shorter_turns_and_collections_are_fewer_meanwhile() -> None:
    switch_s, thresholds = sys.getswitchinterval(), gc.get_threshold()
    gc.unfreeze()
    with quick_to_answer():
        assert sys.getswitchinterval() < switch_s
        assert gc.get_threshold() > thresholds
        assert gc.get_freeze_count()
        frozen = gc.get_freeze_count()
        with quick_to_answer():
            pass
        assert gc.get_freeze_count() >= frozen, "what was frozen before stays so"
    assert (sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count()) == (switch_s, thresholds, 0)
