"""What screens share into which others' work is typed: a line that has the keyboard, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from textual.widgets import Input

from warroom.tui.drawing.ink import Spans
from warroom.tui.keys import registry
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.tasks.taking_back import take_back
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line

_OFFERED = ("console.back", "console.help")
"""What the footer offers beside the screen's own keys: letters belong to the line."""


class TypingScreen(AsideScreen):
    """Its own keys are those of the group that is called like it."""

    HEADER_LINES: ClassVar[int] = 2
    AUTO_FOCUS: ClassVar[str | None] = "#line"

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self.said: tuple[str, str] = ("", "")  # what came of the last key, and its ink
        self.busy = False

    @property
    def line(self) -> Input:
        return self.query_one("#line", Input)

    @property
    def has_details(self) -> bool:
        return False

    def draw_line(self) -> None:
        """Show how what is typed is understood."""
        raise NotImplementedError

    def say(self, text: str, ink: str) -> None:
        """Say what came of a key."""
        self.said = text, ink
        self.draw_line()

    def say_error(self, error: WarroomError) -> None:
        """Say why it was refused, and what to do."""
        hint = "" if error.hint is None else f"  → {error.hint}"
        self.say(f"✗ {one_line(error.message + hint)}", "status-late bold")

    async def take_back(self) -> None:
        """Take back what was recorded last."""
        try:
            self.say(f"↺ taken back: {await take_back(self.console)}", "inside bold")
        except WarroomError as error:
            self.say_error(error)
        finally:
            self.busy = False

    def show_footer(self) -> None:
        context = self.context()
        keys = [
            (registry.show_key(action, context), action.label)
            for action in registry.ACTIONS
            if ((action.group == self.SCREEN_NAME and action.label) or action.name in _OFFERED)
            and action.applies(context)
            and action.why_disabled(context) is None
        ]
        spans: Spans = tuple(
            span
            for key, label in keys
            for span in ((f" {'f1' if key == '?' else key} ", "primary bold"), (f"{label} ", ""))
        )
        self.query_one("#footer", Lines).show(lambda _: spans)
