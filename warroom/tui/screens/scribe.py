"""The scribe's screen: one line for each thing that somebody phones in."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.suggester import Suggester
from textual.widgets import Input

from warroom.board.rows import Task
from warroom.tui.doing.prompt import MOST_CHARACTERS
from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.items import Item
from warroom.tui.screens.typing import TypingScreen
from warroom.tui.scribe.line import completed, read_line
from warroom.tui.scribe.texts import understood_line
from warroom.tui.telling.happenings import entry_item
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Medium

EACH = 2
"""So many lines are shown of each of them."""

RECORDED = 200
"""So many of the latest entries are looked through for what was recorded for others."""


class ScribeScreen(TypingScreen):
    """Whatever is typed goes into the line; errors stand below it, and what was recorded below them."""

    SCREEN_NAME: ClassVar[str] = "scribe"

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._entries: tuple[Entry, ...] = ()
        self._loaded: int | None = None

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Input(
            id="line", placeholder="who task what when", max_length=MOST_CHARACTERS, suggester=_Completing(self)
        )
        yield Lines(id="understood")
        yield Lines(id="said")
        yield Listing(id="recorded", nothing="you have recorded nothing yet", show_cursor=False)
        yield Lines(id="footer")

    @property
    def selected(self) -> Task | None:
        return None

    @property
    def told_by(self) -> str | None:
        who = read_line(self.line.value, self.picture, self.console.run_time()).who
        return None if who is None else who.handle

    # --- what is shown ---------------------------------------------------------------------------------------------

    def draw(self) -> None:
        self.draw_line()
        self._draw_recorded()
        if self._loaded != self.picture.board.seq:
            self._loaded = self.picture.board.seq
            self.beside(self._load, group="recorded", exclusive=True)

    async def _load(self) -> None:
        host = self.console.host
        entries = await host.entries(RECORDED)
        self._entries = tuple(entry for entry in entries if entry.actor == host.actor.handle)
        self._draw_recorded()

    def _draw_recorded(self) -> None:
        picture, entries = self.picture, self._entries
        listing = self.query_one("#recorded", Listing)

        def items(width: int) -> tuple[Item, ...]:
            return tuple(entry_item(picture, entry, width, most=EACH - 1) for entry in reversed(entries))

        listing.show(items)
        listing.entitle(f"Recorded by you · {len(entries)}")

    def draw_line(self) -> None:
        text = self.line.value
        line = read_line(text, self.picture, self.console.run_time())
        self.query_one("#understood", Lines).show(partial(understood_line, self.picture, line))
        said, ink = self.said
        if not said and text.strip():
            said, ink = (
                (line.missing, "muted")
                if line.missing
                else (f"{self.picture.key('scribe.record')} records it", "inside")
            )
        told: Spans = ((f" {said}", ink),)
        self.query_one("#said", Lines).show(lambda _: told)

    # --- what is done ----------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value:  # what came of a line stays until the next one is typed
            self.said = ("", "")
        self.draw_line()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take_key("enter")

    def take_key(self, key: str) -> None:
        """Record the line, complete its last word, or take back what was recorded last."""
        if key == "tab":
            text = completed(self.line.value, self.picture, self.console.run_time())
            self.line.value = text
            self.line.cursor_position = len(text)
        elif not self.busy:
            self.busy = True
            self.beside(self._record if key == "enter" else self.take_back)

    async def _record(self) -> None:
        line = read_line(self.line.value, self.picture, self.console.run_time())
        try:
            if line.missing is not None or line.who is None or line.task is None:
                self.say(f"✗ {line.missing}", "status-late bold")
                return
            more = dict(line.arguments) if line.at is None else {**line.arguments, "at": line.at}
            await self.console.act(
                line.action,
                ref=line.task.ref,
                seen=self.picture.board.last_entry(line.task.ref),
                done_by=line.who.handle,
                told_by=Medium.PHONE,
                **more,
            )
            self.line.value = ""
            self.say(f"✓ {line.verb} {one_line(line.task.ref, 20)} for {one_line(line.who.handle, 20)}", "inside bold")
        except WarroomError as error:
            self.say_error(error)
        finally:
            self.busy = False

    @property
    def can_go_back(self) -> bool:
        return bool(self.line.value) or super().can_go_back

    def go_back(self) -> None:
        """Empty the line; leave where it is empty."""
        if self.line.value:
            self.line.value = ""
        else:
            super().go_back()


class _Completing(Suggester):
    """Shows, behind what is typed, the rest of the word that it would become."""

    def __init__(self, screen: ScribeScreen) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._asked_by = screen

    async def get_suggestion(self, value: str) -> str | None:
        screen = self._asked_by
        text = completed(value, screen.picture, screen.console.run_time()).rstrip()
        if len(text) <= len(value) or not text.casefold().startswith(value.casefold()):
            return None
        return value + text[len(value) :]
