"""All that is about to be recorded of a run sheet, with the line for the shell that does the same: one key does it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from warroom.tui.doing.leavable import Leavable


class Recording(Leavable, ModalScreen[bool]):
    """Its result is whether to record.

    Args:
        title: what it is. lines: one for each entry. command: the line for the shell. All of them are harmless.
    """

    BINDINGS = [  # noqa: RUF012  # Textual's own way
        Binding("enter,ctrl+s", "record", "Record", priority=True),
        Binding("escape", "leave", "Back"),
    ]

    def __init__(self, title: str, lines: Sequence[str], command: str) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._command = command

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="prompt", classes="-broad"):
            yield Static(self._title, id="prompt-title", markup=False)
            yield Static("\n".join(self._lines), id="prompt-lines", markup=False)
            yield Static("All of them, or none. The same in a shell:", classes="prompt-label", markup=False)
            yield Static(self._command, id="prompt-command", markup=False)
            yield Static("enter records   ↑ ↓ the rest   esc goes back", id="prompt-keys", markup=False)

    def action_record(self) -> None:
        self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)
