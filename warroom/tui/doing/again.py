"""What has changed since somebody looked: they look at it, do it again having seen that, or leave it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from warroom.tui.doing.leavable import Leavable
from warroom.vocabulary.errors import Stale
from warroom.vocabulary.text import one_line


class Again(Leavable, ModalScreen[bool]):
    """Its result is whether to do it again.

    Args:
        error: tells what has changed, and by whom.
        look: shows what it was about; None where there is nothing to look at.
    """

    BINDINGS = [  # noqa: RUF012  # Textual's own way
        Binding("l,t", "look", "Look"),
        Binding("a", "again", "Again"),
        Binding("escape,q", "leave", "Leave"),
    ]

    def __init__(self, error: Stale, look: Callable[[], None] | None) -> None:
        super().__init__()
        self._error = error
        self._look = look

    def compose(self) -> ComposeResult:
        keys = ["l looks at it", "a does it all the same", "esc leaves it"]
        with Vertical(id="prompt"):
            yield Static("Not done: somebody was faster", id="prompt-title", markup=False)
            yield Static("✗ " + one_line(self._error.message, 400), id="prompt-said", classes="-error", markup=False)
            yield Static("   ".join(keys if self._look is not None else keys[1:]), id="prompt-keys", markup=False)

    def action_look(self) -> None:
        if self._look is not None:
            self._look()

    def action_again(self) -> None:
        self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)
