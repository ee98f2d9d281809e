"""Leaving while a live run is open takes a second key: a slip of the finger does not close the console of the night."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from warroom.tui.leavable import Leavable
from warroom.vocabulary.text import one_line


class Leaving(Leavable, ModalScreen[bool]):
    """Its result is whether to leave.

    Args:
        run: name of the live run, which is usually "live".
    """

    BINDINGS = [  # noqa: RUF012  # Textual's own way
        Binding("q,y,ctrl+q", "leave", "Leave"),
        Binding("escape,n,enter", "stay", "Stay"),
    ]

    def __init__(self, run: str) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        name = "" if self._run == "live" else f" {one_line(self._run, 60)}"
        said = f"The live run{name} goes on without this console, and so do its clocks."
        with Vertical(id="prompt"):
            yield Static("Leave while the cutover is live?", id="prompt-title", markup=False)
            yield Static(said, id="prompt-said", markup=False)
            yield Static("q leaves   esc stays", id="prompt-keys", markup=False)

    def action_leave(self) -> None:
        self.dismiss(True)

    def action_stay(self) -> None:
        self.dismiss(False)
