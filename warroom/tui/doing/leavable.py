"""Screens that may be left at any moment, and more than once: by keys that come faster than screens open and close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete
from textual.css.query import NoMatches
from textual.events import Event, Mount, Resize
from textual.worker import Worker

if TYPE_CHECKING:
    from textual.screen import Screen

    _Screen = Screen[Any]
else:
    _Screen = object  # a screen among the bases would take the place of the one whose style is inherited


class Leavable(_Screen):
    """What makes a screen close once, and only itself: Textual's own closes whatever is on top, each time it is told
    to. It comes before the screen among the bases."""

    async def on_event(self, event: Event) -> None:
        """A screen that was left before its widgets were there has nothing to lay out or to fill."""
        if not isinstance(event, Mount | Resize) or self.children:
            await super().on_event(event)

    def run_worker(self, work: Any, *arguments: Any, **how: Any) -> Worker[Any]:
        """Textual's own, for what is called once the worker begins. It may go on for a moment after the screen has been
        left: what it misses then is no error."""
        return super().run_worker(partial(self._while_there, work), *arguments, **how)

    async def _while_there(self, work: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await work()
        except NoMatches:
            if self.is_attached and self in self.app.screen_stack:
                raise

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close this screen, with what was opened above it; nothing where it is closed already. One that is not drawn
        yet closes as soon as it is."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        if not self.is_mounted:
            self.call_later(self._dismiss_now, result)
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    def _dismiss_now(self, result: Any) -> None:
        self.dismiss(result)  # not awaited: Textual lets no screen wait for its own end
