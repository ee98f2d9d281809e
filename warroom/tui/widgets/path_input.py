"""A field for the path of a file of one's own machine, which completes it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from warroom.vocabulary.text import one_line

Files = Callable[[str], tuple[str, ...]]
"""What a path that is typed so far may become; it waits for the disk, so it is called off the loop."""

SHOWN = 8
"""So many files are offered by name."""


class PathInput(Input):
    """Tab completes as far as all files that are meant agree; where nothing is meant it goes to the next field."""

    class Offered(Message):
        """What the path may become: the last parts of some of the paths, and how many more there are."""

        def __init__(self, names: tuple[str, ...], more: int) -> None:
            super().__init__()
            self.names = names
            self.more = more

        def __str__(self) -> str:
            more = (f"and {self.more} more",) if self.more else ()
            return "  ".join((*(one_line(name, 40) for name in self.names), *more))

    def __init__(self, files: Files, *, id: str, value: str = "") -> None:  # noqa: A002
        super().__init__(value, id=id, max_length=4000)
        self._files = files

    def on_input_changed(self, _: Input.Changed) -> None:
        self._begin(self._offer)

    async def _on_key(self, event: Key) -> None:
        if event.key == "tab" and self.value:
            event.stop()
            event.prevent_default()
            self._begin(self._complete)
        else:
            await super()._on_key(event)

    def _begin(self, work: Any) -> None:
        """Off the loop, in place of what was begun for what was typed before."""
        self.run_worker(work, group="files", exclusive=True)

    async def _offer(self) -> tuple[str, ...]:
        typed = self.value
        found = await asyncio.to_thread(self._files, typed) if typed else ()
        if typed == self.value and self.is_attached:
            names = tuple(os.path.basename(path.rstrip("/")) + "/" * path.endswith("/") for path in found[:SHOWN])
            self.post_message(self.Offered(names, max(0, len(found) - SHOWN)))
        return found

    async def _complete(self) -> None:
        typed = self.value
        found = await self._offer()
        if typed != self.value or not self.is_attached:
            return
        together = _agreed(found)
        if len(together) > len(typed):
            self.value = together
            self.cursor_position = len(together)
        elif len(found) < 2:
            self.screen.focus_next()


def _agreed(paths: tuple[str, ...]) -> str:
    """What all of them, which are sorted, begin with."""
    if not paths:
        return ""
    first, last = paths[0], paths[-1]
    differs = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differs, min(len(first), len(last)))]
