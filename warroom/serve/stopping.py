"""How a server is told to stop: once, and it takes leave of everybody; again, and it waits for nobody."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Sequence
from typing import Any

_LOG = logging.getLogger(__name__)


class Stop:
    """What whoever runs the server has said.

    Attributes:
        told: the server is to stop. hurried: and to wait for nobody any more.
    """

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self.hurried = asyncio.Event()

    def tell(self) -> None:
        """Stop; and hurry, if that was said before."""
        if self.told.is_set():
            _LOG.warning("told to hurry: nobody is waited for any more; the next signal ends the server at once")
            self.hurried.set()
        else:
            _LOG.info("told to stop: everybody is told; a second signal hurries it, a third ends it at once")
            self.told.set()

    def on_signals(self, numbers: Sequence[signal.Signals]) -> None:
        """Have each of these signals tell it, in the loop that runs; the third is left to the system."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            self.tell()
            if self.hurried.is_set():
                for number in numbers:
                    loop.remove_signal_handler(number)
                    signal.signal(number, signal.SIG_DFL)

        for number in numbers:
            loop.add_signal_handler(number, tell)

    async def unless_hurried(self, waiting: Coroutine[Any, Any, Any], seconds: float) -> None:
        """Wait for something, for so many seconds at most, and no longer than it takes to be hurried."""
        both = [asyncio.create_task(waiting), asyncio.create_task(self.hurried.wait())]
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
