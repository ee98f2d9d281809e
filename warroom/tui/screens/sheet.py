"""A run sheet that was filled in on paper: one row for each task in the order of the print, recorded all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.events import Click
from textual.widgets import Input

from warroom.board.rows import Person, Task
from warroom.board.run_sheets import SheetOrder, order_as_planned, order_as_printed
from warroom.tui.doing.command_lines import command_line
from warroom.tui.doing.leaving import Leaving
from warroom.tui.doing.prompt import MOST_CHARACTERS, Answers, Field, Prompt
from warroom.tui.doing.sheet_draft import Cell, Column, SheetDraft
from warroom.tui.doing.typed import past
from warroom.tui.picture.picture import picture_of
from warroom.tui.screens.typing import TypingScreen
from warroom.tui.sheets.reading import Planned, RowRead, in_order_of_time, read_rows
from warroom.tui.sheets.recording import Recording
from warroom.tui.sheets.rows import SheetRow, sheet_rows
from warroom.tui.sheets.texts import cell_line, head_line, line_words, sheet_items, title_line, understood_line
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.errors import BadInput, BadSheet, WarroomError
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Medium


class SheetScreen(TypingScreen):
    """Whatever is typed goes into one cell; what is known already is dim and not asked for.

    Args:
        ref: handle of the person whose sheet it is.
    """

    SCREEN_NAME: ClassVar[str] = "sheet"

    def __init__(self, ref: str | None = None) -> None:
        super().__init__(ref)
        self._read: tuple[RowRead, ...] = ()
        self._at: Cell | None = None
        self._along = Column.STARTED  # in which column one goes up and down
        self._recording = False
        self._asked = False

    def compose(self) -> ComposeResult:
        yield Header(id="header", classes="-two")
        yield Lines(id="task-title")
        yield Lines(id="columns")
        rows = Listing(id="rows", nothing="nothing of theirs is on a run sheet")
        rows.can_focus = False
        yield rows
        yield Lines(id="cell")
        field = Input(id="line", max_length=MOST_CHARACTERS)
        field.cursor_blink = False  # it would be a timer of its own
        yield field
        yield Lines(id="understood")
        yield Lines(id="said")
        yield Lines(id="footer")

    def show_about(self, ref: str | None) -> None:
        """Show another sheet; what was typed of this one stays in its draft."""
        self._at, self._asked, self.said = None, False, ("", "")
        super().show_about(ref)

    @property
    def person(self) -> Person | None:
        """Whose sheet it is."""
        return None if self.ref is None else self.picture.board.person_called(self.ref)

    @property
    def told_by(self) -> str | None:
        return None  # theirs is shown already

    @property
    def selected(self) -> Task | None:
        read = self._row_at(self._at)
        return None if read is None else read.row.task

    @property
    def draft(self) -> SheetDraft:
        """What was typed of this sheet."""
        person = self.person
        return SheetDraft() if person is None else self.console.sheets.of(self.picture.board.run_id, person.id)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def draw(self) -> None:
        person, draft, picture = self.person, self.draft, self.picture
        if person is None:
            return
        rows = sheet_rows(picture, person, self._order(person, draft), (key for key, _ in draft.typed))
        if not self._recording:
            self._drop_what_is_known(rows, draft)
        self._read = read_rows(rows, draft, picture, self.console.run_time())
        if self._at is None or not self._is_asked(self._at):
            self._go_to(self._beside(self._at))
        printed = None if draft.printed is None else draft.printed[0]
        self.query_one("#task-title", Lines).show(partial(title_line, picture, person, printed))
        self.query_one("#columns", Lines).show(head_line)
        self._draw_rows()
        self.draw_line()

    def _order(self, person: Person, draft: SheetDraft) -> SheetOrder:
        picture = self.picture
        if draft.printed is not None:
            return draft.printed[1]
        return order_as_planned(picture.board, picture.forecast, person.id)

    def _drop_what_is_known(self, rows: tuple[SheetRow, ...], draft: SheetDraft) -> None:
        """What somebody else has recorded meanwhile stands; what was typed there is not written over it."""
        asked = {(row.task.id, column): row for row in rows for column in row.asked}
        tasks = {row.task.id: row.task for row in rows}
        for cell in [cell for cell in draft.typed if cell not in asked]:
            task = tasks.get(cell[0])
            said = f"{cell[1].value} is known by now; what you typed is dropped: {one_line(draft.text(cell), 60)}"
            draft.forget(cell)
            title = "Recorded meanwhile" if task is None else f"Recorded meanwhile: {one_line(task.ref, 20)}"
            self.notify(said, title=title, severity="warning", timeout=12, markup=False)

    def _draw_rows(self) -> None:
        listing = self.query_one("#rows", Listing)
        read, draft, picture, at = self._read, self.draft, self.picture, self._at
        listing.show(lambda width: sheet_items(read, draft, picture, at, width))
        row = self._row_at(at)
        ref = None if row is None else row.row.task.ref
        place = next((place for place, item in enumerate(listing.items) if ref is not None and item.ref == ref), None)
        if place is not None and place != listing.cursor:
            listing.move_to(place)

    def draw_line(self) -> None:
        read, draft, picture = self._row_at(self._at), self.draft, self.picture
        cell, understood = self.query_one("#cell", Lines), self.query_one("#understood", Lines)
        if read is None or self._at is None:
            cell.show(lambda _: ((" nothing is left to write here", "muted"),))
            understood.show(lambda _: ())
        else:
            column = self._at[1]
            cell.show(partial(cell_line, read, column))
            spans = understood_line(read, column, draft, picture)
            understood.show(lambda _: spans)
        said, ink = self.said if self.said[0] else (self._standing(), "muted")
        self.query_one("#said", Lines).show(lambda _: ((f" {said}", ink),))

    def _standing(self) -> str:
        """How much would be recorded, and where something is wrong."""
        count = sum(len(read.planned) for read in self._read)
        wrong = [one_line(read.row.task.ref, 20) for read in self._read if read.faults]
        key = self.picture.key
        moving = f"{key('sheet.next')}: the next cell   {key('sheet.up')} {key('sheet.down')}: another task"
        said = f"{_entries(count)} to record" if count else moving
        return f"{said} · to be put right: {', '.join(wrong[:6])}" if wrong else said

    # --- moving about ----------------------------------------------------------------------------------------------

    def _row_at(self, cell: Cell | None) -> RowRead | None:
        return next((read for read in self._read if cell is not None and read.row.task.id == cell[0]), None)

    def _cells(self) -> list[Cell]:
        """All cells that are asked for, in the order in which they are filled in."""
        return [(read.row.task.id, column) for read in self._read for column in Column if column in read.row.asked]

    def _is_asked(self, cell: Cell) -> bool:
        read = self._row_at(cell)
        return read is not None and cell[1] in read.row.asked

    def _beside(self, cell: Cell | None) -> Cell | None:
        """The nearest cell that is asked for: of the same task, else the first one that is open."""
        cells = self._cells()
        same = [one for one in cells if cell is not None and one[0] == cell[0]]
        open_ones = [one for one in cells if one[1] is not Column.NOTE]
        return next(iter([*same, *open_ones, *cells]), None)

    def _go_to(self, cell: Cell | None) -> None:
        """Be in a cell, with what stands in it."""
        self._at = cell
        text = "" if cell is None else self.draft.written(cell)
        if self.line.value != text:
            self.line.value = text
        self.line.cursor_position = len(text)

    def _move_on(self, by: int) -> None:
        cells = self._cells()
        if self._at in cells:
            place = cells.index(self._at) + by
            if 0 <= place < len(cells):
                self._go_to(cells[place])
                self._along = cells[place][1]
            elif by > 0:
                self.say(f"that was the last cell; {self.picture.key('sheet.record')} records all", "muted")
        self.draw()

    def _move_row(self, by: int) -> None:
        """To the same column of the row above or below, or the nearest one that is asked for there."""
        places = [place for place, read in enumerate(self._read) if read.row.asked]
        here = next((place for place in places if self._at and self._read[place].row.task.id == self._at[0]), None)
        if here is None or self._at is None:
            return
        wanted = places.index(here) + by
        if not 0 <= wanted < len(places):
            return
        row = self._read[places[wanted]].row
        self._go_to((row.task.id, self._nearest(row)))
        self.draw()

    def _nearest(self, row: SheetRow) -> Column:
        """The column of a row that is nearest to the one in which somebody goes up and down."""
        columns = list(Column)
        return min(row.asked, key=lambda column: abs(columns.index(column) - columns.index(self._along)))

    def on_pane_moved(self, _: Pane.Moved) -> None:
        """The cursor stands where something is filled in, as soon as there are rows."""
        self._draw_rows()

    def on_click(self, event: Click) -> None:
        """A row that was clicked is the one that is filled in."""
        listing = self.query_one("#rows", Listing)
        if event.widget is not listing:
            return
        clicked = next((read.row for read in self._read if read.row.task.ref == listing.selected), None)
        if clicked is not None and clicked.asked:
            self._take_in()
            self._go_to((clicked.task.id, self._nearest(clicked)))
            self.draw()

    # --- what is done ----------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._take_in():
            self.draw()

    def _take_in(self) -> bool:
        """Put what is typed into the cell; False where that is there already."""
        if self._at is None or self.line.value == self.draft.written(self._at):
            return False
        self.draft.put(self._at, self.line.value, self.console.run_time())
        self.said = ("", "")
        self._asked = False
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.take_key("next")

    def take_key(self, key: str) -> None:
        """Move among the cells, record them, or take back what was recorded last, by the name of what the key does."""
        self._take_in()
        match key:
            case "next":
                self._move_on(1)
            case "previous":
                self._move_on(-1)
            case "up":
                self._move_row(-1)
            case "down":
                self._move_row(1)
            case "record":
                self._ask_to_record()
            case "printed":
                self._ask_when_printed()
            case "undo" if not self.busy:
                self.busy = True
                self.beside(self.take_back)

    def _ask_to_record(self) -> None:
        """Tell what would be recorded; where something is wrong, go there first."""
        self.draw()
        wrong = next(((read, column) for read in self._read for column in Column if column in read.faults), None)
        if wrong is not None:
            read, column = wrong
            cell = (read.row.task.id, column)
            self._go_to(cell if self._is_asked(cell) else self._beside(cell))
            self.say(f"✗ first put right: {one_line(read.row.task.ref, 20)} {column.value}", "status-late bold")
            self.draw()
            return
        planned = [
            replace(one, line=replace(one.line, number=number))
            for number, one in enumerate(in_order_of_time(self._read), start=1)
        ]
        if not planned or self.busy:
            self.say("nothing to record yet", "muted")
            return
        told = {"lines": tuple(one.line for one in planned), "name": "the run sheet", "by": Medium.PAPER}
        picture = self.picture
        title = f"Record {_entries(len(planned))} of the sheet of {one_line(self.ref or '', 20)}"
        lines = [line_words(one.line, picture) for one in planned]
        line = command_line("sheet.record", told, picture.board, picture.actor)
        command = one_line(self.console.commands.from_here(line), 20_000)

        def chosen(records: bool | None) -> None:
            if records and not self.busy:
                self.busy = self._recording = True
                self.beside(partial(self._record, planned, told))

        self.app.push_screen(Recording(title, lines, command), chosen)

    async def _record(self, planned: list[Planned], told: Mapping[str, Any]) -> None:
        draft, keys = self.draft, self._keys_by_ref()
        written = dict(draft.typed)
        draft.refused.clear()
        try:
            await self.console.act("sheet.record", **told)
            for cell, typed in written.items():
                if draft.typed.get(cell) == typed:
                    draft.forget(cell)
            self._at = None
            self.said = (
                f"✓ recorded {_entries(len(planned))}; {self.picture.key('sheet.undo')} takes back the last",
                "inside bold",
            )
        except BadSheet as error:
            for fault in error.faults:
                one = planned[fault.line - 1]
                draft.refused.setdefault((keys[one.line.ref], one.column), fault.message)
            self._go_to(self._beside(None) if not draft.refused else next(iter(draft.refused)))
            count = len(error.faults)
            self.said = f"✗ nothing was recorded: {count} of {len(planned)} refused", "status-late bold"
        except WarroomError as error:
            self.say_error(error)
        finally:
            self.busy = self._recording = False
        self.draw()

    def _keys_by_ref(self) -> dict[str, int]:
        return {read.row.task.ref: read.row.task.id for read in self._read}

    def _ask_when_printed(self) -> None:
        """As of when the sheet was printed stands at its head; that is how its tasks are in order."""
        person, draft, console = self.person, self.draft, self.console
        if person is None:
            return
        key = person.id

        async def submit(answers: Answers) -> None:
            at = past(answers["printed"], console.run_time(), self.picture)
            if at is None:
                draft.printed = None
                return
            replay = await console.live.look_back()
            if at < replay.begin:
                draft.printed = None
                return
            replay.seek(at)
            then = await asyncio.to_thread(picture_of, replay.board, at, replay.actor)
            order = order_as_printed(then.board, then.forecast, key)
            if order is None:
                raise BadInput("nothing was open of theirs then, so there was no sheet")
            draft.printed = at, order

        def left(sent: bool | None) -> None:
            if sent:
                self._at = None
                self.show()

        field = Field("printed", '"as it stood", at the head of the sheet; empty: before the run')
        self.app.push_screen(Prompt("When was the sheet printed?", [field], submit, console.complain), left)

    def go_back(self) -> None:
        """Leave; once it is asked, where something is not recorded yet."""
        count = len(self.draft.typed)
        if not count or self._asked:
            super().go_back()
            return

        def chosen(leaves: bool | None) -> None:
            self._asked = True
            if leaves:
                super(SheetScreen, self).go_back()

        cells = f"{count} cell{'' if count == 1 else 's'}"
        said = (
            f"What you typed in {cells} is not recorded ({self.picture.key('sheet.record')} does it). "
            "It stays in this console, and is there again."
        )
        self.app.push_screen(Leaving("Leave the run sheet?", said), chosen)


def _entries(count: int) -> str:
    return f"{count} entr{'y' if count == 1 else 'ies'}"
