"""Those who want to hear that a host's Board has moved."""

from __future__ import annotations

from collections.abc import Callable


class Listeners:
    """Callbacks, each until it is ended. May be added, ended and told from any thread."""

    def __init__(self) -> None:
        self._callbacks: dict[object, Callable[[], None]] = {}

    def add(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called at each `tell`; returns a function that ends it."""
        token = object()
        self._callbacks[token] = callback

        def end() -> None:
            self._callbacks.pop(token, None)

        return end

    def tell(self) -> None:
        for callback in tuple(self._callbacks.values()):
            callback()
