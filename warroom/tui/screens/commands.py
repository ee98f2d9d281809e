"""The command log: what keys did here, as lines for the shell, to learn from and to copy."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult

from warroom.clock.times import show_time
from warroom.tui.doing.command_lines import HOST
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class CommandsScreen(AsideScreen):
    """The newest line stands on top."""

    SCREEN_NAME: ClassVar[str] = "commands"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="feed", nothing="nothing was done in this console yet")
        yield Lines(id="footer")

    def draw(self) -> None:
        said = self.console.commands.said
        where = f"  what keys did here, as lines for {self._where}"
        title: Spans = ((" Commands ", "bold reverse"), (where, "muted"))
        self.query_one("#task-title", Lines).show(lambda _: title)

        def items(width: int) -> tuple[Item, ...]:
            return tuple(
                self._item(len(said) - place, one.at, one.line, one.writes, width)
                for place, one in enumerate(reversed(said))
            )

        self.query_one(Listing).show(items)

    @property
    def _where(self) -> str:
        return f"your own machine; {HOST} is how you came in" if self.console.commands.served else "a shell"

    def _item(self, number: int, at: datetime, line: str, writes: bool, width: int) -> Item:
        time = show_time(at, self.picture.zone, day=False)
        first, *rest = wrapped(one_line(line, 2_000), max(20, width - 10), most=6)
        ink = "" if writes else "muted"
        lines: list[Spans] = [((f" {time}  ", "muted"), (first, ink)), *(((f"         {more}", ink),) for more in rest)]
        return Item(tuple(lines), str(number))

    def copied(self) -> str | None:
        """The line under the cursor."""
        number = self.pane.selected
        said = self.console.commands.said
        return said[int(number) - 1].line if number is not None and number.isdigit() else None

    @property
    def has_details(self) -> bool:
        return False
