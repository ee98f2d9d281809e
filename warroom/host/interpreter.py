"""How the interpreter is set while consoles answer keys: threads give way often, and collections are seldom."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter from another that wants it, seconds. With Python's own 0.005 a key waits
that long behind each thread that reckons, and an action, which gives way at each of its statements, for most of a
second behind a loop that is busy."""

THRESHOLDS = 50_000, 20, 100


@contextmanager
def quick_to_answer() -> Iterator[None]:
    """Threads take short turns; what was read and built so far stays for good, and the young is looked at seldom: a
    collection stops all consoles at once."""
    switch_s, thresholds, frozen = sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count()
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        if not frozen:
            gc.unfreeze()
        sys.setswitchinterval(switch_s)
