"""Leaving takes a second key where a slip of the finger would cost something: a live run's console, what is typed."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from warroom.tui.doing.leavable import Leavable


class Leaving(Leavable, ModalScreen[bool]):
    """Its result is whether to leave.

    Args:
        title: the question. said: what becomes of it; harmless.
    """

    BINDINGS = [  # noqa: RUF012  # Textual's own way
        Binding("q,y,ctrl+q", "leave", "Leave"),
        Binding("escape,n,enter", "stay", "Stay"),
    ]

    def __init__(self, title: str, said: str) -> None:
        super().__init__()
        self._title = title
        self._said = said

    def compose(self) -> ComposeResult:
        with Vertical(id="prompt"):
            yield Static(self._title, id="prompt-title", markup=False)
            yield Static(self._said, id="prompt-said", markup=False)
            yield Static("q leaves   esc stays", id="prompt-keys", markup=False)

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_stay(self) -> None:
        self.dismiss(False)
