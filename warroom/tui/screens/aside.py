"""A screen that is opened beside the first one, and left with esc."""

from __future__ import annotations

from warroom.tui.screens.console import ConsoleScreen


class AsideScreen(ConsoleScreen):
    """Goes back to whatever was there before; where it is the first screen, there is nothing to go back to.

    Args:
        ref: the task that the screen is about, where it can be about one.
    """

    def __init__(self, ref: str | None = None) -> None:
        super().__init__()
        self.ref = ref

    def show_about(self, ref: str | None) -> None:
        """Be about another task, or about none."""
        self.ref = ref
        self.show()

    @property
    def can_go_back(self) -> bool:
        return len(self.app.screen_stack) > 1

    def go_back(self) -> None:
        self.dismiss()
