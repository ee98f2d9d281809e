"""A communication before it goes out: what it says, who approves it, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Task
from warroom.rules.communications import Sender, Standing, owing, senders, standing_of
from warroom.tui.communications.texts import communication_items
from warroom.tui.drawing.ink import Spans
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.text import one_line


class CommunicationScreen(AsideScreen):
    """The one of the task that it is about, else the one that is due first. Keys for tasks work on its task."""

    SCREEN_NAME: ClassVar[str] = "communication"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="words", nothing="no text is to be sent in this plan", show_cursor=False)
        yield Lines(id="footer")

    @property
    def communication(self) -> Standing | None:
        sender = self._sender
        return None if sender is None else standing_of(self.picture.board, self.picture.forecast, sender)

    @property
    def _sender(self) -> Sender | None:
        picture = self.picture
        found = {sender.ref: sender for sender in senders(picture.board)}
        if self.ref in found:
            return found[self.ref]
        owed = sorted(owing(picture.board, picture.forecast), key=lambda each: each[2])
        return owed[0][0] if owed else next(iter(found.values()), None)

    @property
    def selected(self) -> Task | None:
        sender = self._sender
        return None if sender is None else sender.task

    @property
    def has_details(self) -> bool:
        return self.selected is not None

    def draw(self) -> None:
        standing, words = self.communication, self.query_one("#words", Listing)
        if standing is None:
            self.query_one("#task-title", Lines).show(lambda _: ((" Communications ", "bold reverse"),))
            words.show(lambda _: ())
            return
        refs = [sender.ref for sender in senders(self.picture.board)]
        place = f"  {refs.index(standing.sender.ref) + 1} of {len(refs)}" if standing.sender.ref in refs else ""
        title: Spans = (
            (f" {one_line(standing.sender.ref, 20)} ", "bold reverse"),
            (f" {one_line(standing.sender.communication.title, 80)}", "bold"),
            (place + ("  [ ] other texts" if len(refs) > 1 else ""), "muted"),
        )
        self.query_one("#task-title", Lines).show(lambda _: title)
        words.show(partial(communication_items, self.picture, standing))

    def turn(self, by: int) -> None:
        """Show the one that comes so many later (negative: earlier), round and round."""
        refs, sender = [each.ref for each in senders(self.picture.board)], self._sender
        if sender is not None and sender.ref in refs:
            self.show_about(refs[(refs.index(sender.ref) + by) % len(refs)])
