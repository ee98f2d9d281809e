"""The shift hand-over: what whoever comes in must know, offered by the one leaving, accepted by the one coming in."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from warroom.board.rows import Person
from warroom.tui.drawing.picked import OnShift, Picked
from warroom.tui.people.shift_texts import shift_items, shifts, title_spans
from warroom.tui.screens.aside import AsideScreen
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class ShiftScreen(AsideScreen):
    """The shift of one person: one's own to begin with. The cursor stands on its tasks and gates.

    Args:
        ref: handle of the person whose shift is shown; None: one's own.
    """

    SCREEN_NAME: ClassVar[str] = "handover"
    HEADER_LINES: ClassVar[int] = 2

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Listing(id="shift")
        yield Lines(id="footer")

    @property
    def _shifts(self) -> tuple[Person, ...]:
        return shifts(self.picture.board, self.picture.actor.person_id)

    @property
    def person(self) -> Person | None:
        """Whose shift is shown."""
        known = self._shifts
        return next((one for one in known if one.handle == self.ref), known[0] if known else None)

    def draw(self) -> None:
        picture, person, known = self.picture, self.person, self._shifts
        place = 0 if person is None else known.index(person)
        title, listing = title_spans(picture, person, place, len(known)), self.query_one(Listing)
        self.query_one("#task-title", Lines).show(lambda _: title)
        listing.show((lambda _: ()) if person is None else partial(shift_items, picture, person))

    def turn(self, by: int) -> None:
        """Show the shift of somebody else."""
        person, known = self.person, self._shifts
        if person is not None:
            self.ref = known[(known.index(person) + by) % len(known)].handle
            self.show()

    @property
    def picked(self) -> Picked | None:
        return None if self.person is None else OnShift(self.person.handle)
