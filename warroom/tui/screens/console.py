"""What all screens of the console share: header, footer, keys from the registry, and the selected task."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from time import monotonic
from typing import Any, ClassVar

from textual.keys import key_to_character

from warroom.board.rows import Alert, Task
from warroom.rules.communications import Standing
from warroom.tui.doing import context as when
from warroom.tui.doing.context import Context
from warroom.tui.doing.machine import NOT_HERE
from warroom.tui.doing.stand import Stand
from warroom.tui.drawing.ink import Span, Spans, width_of
from warroom.tui.drawing.picked import Picked
from warroom.tui.habits.tables import task_in_a_line
from warroom.tui.habits.zoom import is_zoomed, unzoom, zoom
from warroom.tui.keys import registry
from warroom.tui.picture.filter import Sieve, read_filter
from warroom.tui.picture.picture import Picture
from warroom.tui.replay.scrubber import instant_at, state_line, track_line
from warroom.tui.replay.widget import Scrubber
from warroom.tui.telling.heading import Surroundings, counts_line, fitted, run_ink, title_line, window_line
from warroom.tui.telling.shouts import shout_lines
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.filter_bar import FilterBar
from warroom.tui.widgets.header import Header
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.text import one_line

MOST_OFFERED = 10
"""So many actions a line of the footer offers, where it has room for them."""

WIDE, TALL = 120, 36
"""Columns from which there is a side column, and lines from which there is a frame too."""


WHOLE_HEADER = 3
"""Lines of the header that tells all. A shorter one is that of an owner's screen, and its clock goes by the minute: a
hundred of them beat in one process."""


_BY_THEMSELVES = ("replay", "what-if", "scribe", "sheet", "marked")
"""Groups of actions that there are nowhere else."""


class ConsoleScreen(Stand, inherit_bindings=False):
    """A screen over the app's picture."""

    HEADER_LINES: ClassVar[int] = WHOLE_HEADER
    FOOTER_LINES: ClassVar[int] = 1
    FOOT: ClassVar[str] = "#footer"
    """The line above which it is typed what is narrowed down to."""
    BINDINGS = [*registry.bindings()]  # noqa: RUF012  # Textual's own way
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (TALL, "-tall")]  # noqa: RUF012

    _told: tuple[Picture, Surroundings] | None = None
    """What the header tells."""
    _scrubber: Scrubber | None = None
    _shouts: Lines | None = None
    _is_complete: bool = False

    # --- what screens say ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show the app's picture in the screen's own widgets."""
        raise NotImplementedError

    @property
    def pane(self) -> Pane:
        """The pane in which the cursor moves: the focused one, that which is narrowed down, or the main one."""
        focused = self.focused
        if isinstance(focused, FilterBar):
            return focused.about
        return focused if isinstance(focused, Pane) else self.query(Pane).first()

    @property
    def selected(self) -> Task | None:
        """The task that actions are about."""
        ref = self.pane.selected
        return None if ref is None else self.picture.board.task(ref)

    @property
    def position(self) -> int | None:
        """The step that actions are about."""
        return None

    @property
    def picked(self) -> Picked | None:
        """What else than a task and its step actions are about."""
        return self.pane.picked

    @property
    def alert(self) -> Alert | None:
        """The alert that actions are about."""
        return None

    @property
    def communication(self) -> Standing | None:
        """The communication that actions are about."""
        return None

    def open_selected(self) -> None:
        """What enter does."""
        task = self.selected
        if task is not None:
            self.console.show_task(task.ref)

    @property
    def has_details(self) -> bool:
        """Whether enter opens something."""
        return self.selected is not None

    def turn(self, by: int) -> None:
        """Show what comes next on this screen (1) or before (-1): another gate, another grouping, another filter."""

    def go_back(self) -> None:
        """What esc does."""

    @property
    def can_go_back(self) -> bool:
        """Whether esc does something."""
        return False

    @property
    def shows_odds(self) -> bool:
        """Whether it tells how sure the forecast is."""
        return self.HEADER_LINES >= WHOLE_HEADER

    def show_odds(self) -> None:
        """Show that it is known better."""
        self.beat()

    @property
    def shows_trend(self) -> bool:
        """Whether it tells how the forecast of the finish has moved."""
        return False

    def show_trend(self) -> None:
        """Show that it is known anew."""

    # --- shared ----------------------------------------------------------------------------------------------------

    def context(self) -> Context:
        """Where the person is."""
        return Context(
            picture=self.picture,
            read_only=self.console.why_read_only,
            screen=self.SCREEN_NAME,
            task=self.selected,
            position=self.position,
            has_timeline=bool(self.query(Timeline)),
            has_details=self.has_details,
            can_go_back=self.can_go_back or self.console.can_return_to_live or self._has_levels,
            past=self.console.past,
            shouted=bool(self.console.shouts()),
            picked=self.picked,
            alert=self.alert,
            marked=self.console.marked,
            can_filter=self.pane.can_filter,
            panes=len(self._panes),
            elsewhere=None if self.console.machine is not None else NOT_HERE,
            keys=self.console.keymap,
            communication=self.communication,
        )

    def on_mount(self) -> None:
        # Textual sets these with the first resize, which would cost a first paint in the wrong layout.
        size = self.app.size
        self.add_class(
            "-wide" if size.width >= WIDE else "-narrow", "-tall" if size.height >= TALL else "-low", self._run_class
        )
        self._is_complete = True
        self.show()

    @property
    def is_there(self) -> bool:
        """Whether its widgets are: not before it is composed, nor while it or the console is being left."""
        return self._is_complete and self.is_attached and bool(self.children)

    def _compositor_refresh(self) -> None:
        # What changes under a prompt is drawn by the prompt's screen. Textual's own way there loses every other change,
        # and draws the whole screen with each, a line lower each time where there is a frame, until nothing is left.
        front, regions = self.app.screen, self._compositor._dirty_regions
        if self is front or self not in self.app._background_screens:
            super()._compositor_refresh()
        elif regions:
            front._set_dirty(*regions)
            front._dirty_widgets.add(front)
            front.check_idle()
            regions.clear()
            self._dirty_widgets.clear()

    def show(self) -> None:
        """Show the app's picture: header, the screen's own widgets, footer; as soon as all of them are there."""
        if not self.is_there:
            return
        if not self.has_class(self._run_class):
            self.remove_class("-run-live", "-run-rehearsal", "-run-plan", "-run-replay")
            self.add_class(self._run_class)
        self.beat()
        for pane in self.query(Pane):
            pane.mark(self.console.marked)
            if pane.sieve is not None:
                pane.sieve = replace(pane.sieve, picture=self.picture)
        self.draw()
        self.show_footer()

    def beat(self) -> None:
        """Move the header on with the clock; repaints only what differs."""
        if not self.is_there:
            return
        self._show_shouts()
        picture, around = self.picture, self.console.surroundings(by_minute=self.HEADER_LINES < WHOLE_HEADER)
        if self._told == (picture, around) and not around.replaying:
            return
        header = self.query_one_optional(Header)
        if header is None:
            return
        self._told = picture, around
        header.band = self._run_ink
        makers = (title_line, window_line, counts_line)[: self.HEADER_LINES]
        header.show(*(partial(fitted, make(picture, around)) for make in makers))
        self._show_scrubber(header)

    def _show_shouts(self) -> None:
        """Above everything else, while anything is shouted; what is long takes several lines."""
        console, header = self.console, self.query_one_optional(Header)
        shouts, announcement = console.shouts(), console.announcement
        width = self.size.width
        if header is None or ((lines := self._shouts) is None and not shouts and announcement is None):
            return
        made = shout_lines(self.picture, shouts, announcement, width)
        if not made:
            if lines is not None:
                self._shouts = None
                lines.remove()
        elif lines is None:
            self._shouts = Lines(id="shouts")
            self._shouts.styles.height = len(made)
            self._shouts.show(*(_always(line) for line in made))
            self.mount(self._shouts, before=header)
        else:
            if lines.styles.height is None or lines.styles.height.value != len(made):
                lines.styles.height = len(made)
            lines.show(*(_always(line) for line in made))

    @property
    def _run_ink(self) -> str:
        """The colour of band and frame."""
        return run_ink(self.picture) if self.console.past is None else "run-replay"

    @property
    def _run_class(self) -> str:
        return f"-{self._run_ink}"

    def _show_scrubber(self, header: Header) -> None:
        """Below the header while the past is shown; it stands in for the gauge."""
        past, scrubber = self.console.past, self._scrubber
        if past is None:
            if scrubber is not None:
                self._scrubber = None
                scrubber.remove()
            return
        if scrubber is None:
            scrubber = self._scrubber = Scrubber()
            self.mount(scrubber, after=header)
        news = past.news(self.console.live.board)
        scrubber.show(
            partial(track_line, past.replay, self.picture),
            partial(state_line, past, self.picture, news),
        )

    def on_scrubber_chosen(self, event: Scrubber.Chosen) -> None:
        past = self.console.past
        instant = None if past is None else instant_at(past.replay, self.picture, event.width, event.x)
        if instant is not None:
            self.console.go_to_instant(instant)

    def show_footer(self) -> None:
        """Offer what can be done now, as far as it has room; the way back and help are always offered."""
        footer = self.query_one_optional("#footer", Lines)
        if footer is None:
            return
        lines = lru_cache(1)(partial(self._footer, self.context()))
        footer.show(*(partial(_nth, lines, number) for number in range(self.FOOTER_LINES)))

    def _footer(self, context: Context, width: int) -> tuple[Spans, ...]:
        """The lines of the footer; the last one ends with what is always offered."""
        always = ("console.back" if context.past is None else "replay.live", "console.help")
        kept = [one for one in map(registry.action_called, always) if registry.is_offered(one, context)]
        last = [span for one in kept for span in _offer(one, context)]
        count = self.FOOTER_LINES
        rooms = [width] * (count - 1) + [width - width_of(last)]
        lines: list[list[Span]] = [[] for _ in rooms]
        for action in islice((one for one in registry.offered(context) if one not in kept), MOST_OFFERED * count):
            key = _offer(action, context)
            place = next((place for place, room in enumerate(rooms) if width_of(key) <= room), None)
            if place is not None:
                lines[place].extend(key)
                rooms[place] -= width_of(key)
        if context.read_only is not None and rooms[-1] >= 12:
            lines[-1].append((" read-only ", "muted"))
        lines[-1].extend(last)
        return tuple(map(tuple, lines))

    # --- narrowing down, zooming ------------------------------------------------------------------------------------

    @property
    def _panes(self) -> list[Pane]:
        """The panes that can be gone to, in the order of tab."""
        return [widget for widget in self.focus_chain if isinstance(widget, Pane)]

    def open_filter(self) -> None:
        bar = self.query_one_optional(FilterBar)
        if bar is None:
            bar = FilterBar(self.pane)
            self.mount(bar, before=self.FOOT)
        else:
            bar.open_on(self.pane)
        self.set_focus(bar)  # at once: what is typed next is no command

    def on_input_changed(self, event: FilterBar.Changed) -> None:
        if isinstance(event.input, FilterBar) and event.input.display:
            self.narrow(event.input.about, event.value)

    def on_input_submitted(self, event: FilterBar.Submitted) -> None:
        if isinstance(event.input, FilterBar):
            self._close(event.input)

    def narrow(self, pane: Pane, text: str) -> None:
        """Show only what a filter keeps in a pane; one without a word shows everything again."""
        wanted = read_filter(text)
        pane.sift(Sieve(wanted, self.picture) if wanted.terms else None)
        self.show_footer()

    def _close(self, bar: FilterBar) -> None:
        """Give the keys back to the pane; what was typed holds on."""
        self.set_focus(bar.about)
        bar.display = False

    @property
    def _open_bar(self) -> FilterBar | None:
        bar = self.query_one_optional(FilterBar)
        return bar if bar is not None and bar.display else None

    def toggle_zoom(self) -> None:
        if is_zoomed(self):
            unzoom(self)
        elif not zoom(self, self.pane):
            self.notify("there is only one pane here", severity="warning", markup=False)

    def go_to_pane(self, number: int) -> None:
        panes = self._panes
        if number <= len(panes):
            panes[number - 1].focus()
        else:
            self.notify(f"there are {len(panes)} panes here", severity="warning", markup=False)

    @property
    def _has_levels(self) -> bool:
        return bool(self._open_bar is not None or self.pane.sieve is not None or is_zoomed(self) or self._shows_marks)

    @property
    def _shows_marks(self) -> bool:
        return bool(self.console.marked) and self.SCREEN_NAME in when.MARKING

    def copied(self) -> str | None:
        task, pane = self.selected, self.pane
        if task is not None:
            return task_in_a_line(self.picture, task)
        return pane.words_under_cursor if isinstance(pane, Listing) else None

    def leave_one_level(self) -> bool:
        pane, bar = self.pane, self._open_bar
        if bar is not None:
            self.narrow(bar.about, "")
            self._close(bar)
        elif pane.sieve is not None:
            self.narrow(pane, "")
        elif is_zoomed(self):
            unzoom(self)
        elif self._shows_marks:
            self.console.mark(frozenset())
        else:
            return False
        return True

    def on_pane_moved(self, event: Pane.Moved) -> None:
        if event.pane is self.pane:
            self.show_footer()
            self.selection_moved()

    def selection_moved(self) -> None:
        """Show what depends on the selected task."""

    def action_press(self, key: str) -> None:
        """Do what the key means here, or say why it cannot be done. What is typed ahead waits for the screen."""
        if not self._is_complete:
            self._later(self.action_press, key)
            return
        if self._passes_over(key):
            return
        context = self.context()
        action = registry.meant_by(key, context)
        if action is not None:
            self.run_action_here(action, key)
            return
        bound = [one for one in registry.ACTIONS if key in registry.keys_of(one, self.console.keymap)]
        # Of those that mean something elsewhere the last one is about tasks, and says most.
        elsewhere = [one for one in bound if one.group not in _BY_THEMSELVES]
        self._say_why_not(elsewhere[-1] if elsewhere else None, context)
        self.console.words_follow.refused((one.name for one in bound), monotonic())

    def _passes_over(self, key: str) -> bool:
        """Whether a key is one of the words for which a refused key opened no field; once for all of them it is said
        that they do nothing."""
        words, character = self.console.words_follow, key_to_character(key)
        printable = character is not None and character.isprintable()
        if not words.passes_over(key, printable, monotonic()):
            return False
        if words.tell_once():
            said = "keys that follow a refused one at once do nothing; they might be words"
            self.notify(said, severity="warning", markup=False)
        return True

    def _later(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call something once the screen is there; never where it will not be, because the console is being left."""
        if self.is_attached:
            self.call_later(call, *arguments)

    def run_action_here(self, action: registry.Action, key: str) -> None:
        """Run an action on this screen, or say why it cannot be done. What is chosen for a screen that has been left
        meanwhile is not done."""
        if not (self.is_active and self.is_attached):
            return
        if not self._is_complete:
            self._later(self.run_action_here, action, key)
            return
        context = self.context()
        if action.why_disabled(context) is not None:
            self._say_why_not(action, context)
            self.console.words_follow.refused((action.name,), monotonic())
            return
        self.console.commands.looked(action.name, self.selected, self.console.run_time())
        outcome = action.run(self, key)
        if inspect.isawaitable(outcome):
            self.app.run_worker(awaited(outcome), group="action")

    def _say_why_not(self, action: registry.Action | None, context: Context) -> None:
        """Say why an action cannot be done now; without one, or where it is only meant for another screen, that the key
        means nothing here."""
        reason = None if action is None else action.why_disabled(context)
        if action is None or reason is None:
            self.notify("this key means nothing here", severity="warning", markup=False)
        else:
            self.notify(one_line(reason), title=f"Not now: {action.description}", severity="warning", markup=False)


def _nth(lines: Callable[[int], tuple[Spans, ...]], number: int, width: int) -> Spans:
    return lines(width)[number]


def _offer(action: registry.Action, context: Context) -> Spans:
    return (f" {registry.show_key(action, context)} ", "primary bold"), (f"{action.label} ", "")


def _always(line: Spans) -> Callable[[int], Spans]:
    return lambda _: line


async def awaited(outcome: Awaitable[None]) -> None:
    """The rest of what an action does, as a worker takes it."""
    await outcome
