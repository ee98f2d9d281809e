"""The console application: one picture, one heartbeat, one way to act."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from textual.command import Provider
from textual.events import Event, InputEvent, Key, Paste
from textual.message import Message

from warroom.board.forecast import floor_to_minute
from warroom.board.rows import Alert, Shout
from warroom.host.interface import Connected, Host
from warroom.tui.alerts.calls import Calls, said_of
from warroom.tui.doing.again import Again
from warroom.tui.doing.command_log import CommandLog
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.doing.machine import Machine
from warroom.tui.doing.prompt import Prompt
from warroom.tui.keys import registry
from warroom.tui.keys.key_names import KeyNames
from warroom.tui.keys.keymap import Keymap
from warroom.tui.keys.keys_in_turn import CameThrough, KeysInTurn
from warroom.tui.keys.pane_help import help_on
from warroom.tui.look.glyphs import GlyphSet
from warroom.tui.own_files import say_failed_themes, say_hard_to_read, say_keymap_faults
from warroom.tui.palette import ActionProvider, Palette, ThemeProvider
from warroom.tui.people.ear import Ear
from warroom.tui.picture.picture import BIG_BOARD, Picture, picture_of
from warroom.tui.reckoning.finish_reader import FinishReader
from warroom.tui.reckoning.odds import Reckoner
from warroom.tui.screens.console import ConsoleScreen, awaited
from warroom.tui.screens.first import ASIDE, FIRST
from warroom.tui.screens.help import HelpScreen
from warroom.tui.screens.search import SearchScreen
from warroom.tui.screens.task import TaskScreen
from warroom.tui.screens.wall import WallScreen
from warroom.tui.telling.connected import people_on_line
from warroom.tui.telling.heading import Surroundings
from warroom.tui.telling.shouts import shouts_shown
from warroom.tui.themed import ThemedConsole
from warroom.vocabulary.errors import Stale, WarroomError
from warroom.vocabulary.text import many_lines

WATCH_EVERY = 5
"""Heartbeats from one look at the watch to the next."""


class BoardMoved(Message):
    """The host's Board, or its trouble, has changed. Many of them count as one."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, BoardMoved)


class ConsoleApp(ThemedConsole, inherit_bindings=False):
    """The console over a host.

    Args:
        screen: name of the first screen, such as "war-room", or "owner" for one's own tasks.
        wall: for the shared screen, in place of any other: no cursor, and nothing can be changed.
        past: where the console opens in a replay, which is `host` then; it has no live side.
        theme, theme_folders, glyphs, compact, no_color: see `ThemedConsole`.
        machine: the person's own, where this process may touch its files and run its programs; None: it may not.
        keymap: the keys that the person gave to actions; None: all as they come.
        command_options: what a command needs to be told before its noun to mean the same state file and person.
        named_run: name of the run that is shown, where a command must be told it to show the same.
    """

    CSS_PATH = Path(__file__).with_name("console.tcss")  # for subclasses elsewhere too
    TITLE = "warroom"
    COMMANDS: ClassVar[set[type[Provider]]] = {ActionProvider, ThemeProvider}  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        host: Host,
        *,
        screen: str = "war-room",
        wall: bool = False,
        past: LookingBack | None = None,
        theme: str | None = None,
        theme_folders: tuple[Path, ...] | None = None,
        machine: Machine | None = None,
        keymap: Keymap | None = None,
        glyphs: GlyphSet = GlyphSet.UNICODE,
        compact: bool = False,
        no_color: bool | None = None,
        command_options: Sequence[str] = (),
        named_run: str | None = None,
    ) -> None:
        super().__init__(theme=theme, theme_folders=theme_folders, glyphs=glyphs, compact=compact, no_color=no_color)
        self.machine = machine
        self.keymap = {} if keymap is None else keymap.keys
        self._keymap_faults = () if keymap is None else keymap.faults
        self.marked: frozenset[str] = frozenset()
        self.commands = CommandLog(command_options, run=named_run)
        self.live = host
        self.past = past
        self.picture: Picture = self._asked()()
        self._odds = Reckoner(self)
        self._finishes = FinishReader(self)
        self._calls = Calls(host.board, host.actor.handle)
        self._first_screen = screen
        self._wall = wall
        self._watched = True
        self._on_line: int | None = None
        self._ear = Ear()
        self._keys_in_turn = KeysInTurn(self)
        self._active_at = host.wall_time()
        self._beats = 0
        self._trouble: WarroomError | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._redrawing: asyncio.Task[None] | None = None
        self._outdated = False

    # --- Textual ---------------------------------------------------------------------------------------------------

    def get_default_screen(self) -> ConsoleScreen:
        return WallScreen() if self._wall else FIRST[self._first_screen]()

    def on_mount(self) -> None:
        self._unsubscribe = self.live.subscribe(self._moved)
        self._look_around()
        self._listen()
        self._beaten_at = monotonic()
        self.set_interval(1.0, self._heartbeat, name="heartbeat")
        say_failed_themes(self, self.failed_themes)
        say_keymap_faults(self, self._keymap_faults)
        say_hard_to_read(self, self.current_theme)
        self.theme_changed_signal.subscribe(self, partial(say_hard_to_read, self))
        for key in sorted({key for keys in self.keymap.values() for key in keys} - registry.bound_keys()):
            self.bind(key, f"press_on_screen('{key}')", show=False)

    def action_press_on_screen(self, key: str) -> None:
        """Do what a key means that only this person has bound."""
        if isinstance(self.screen, ConsoleScreen):
            self.screen.action_press(key)

    def on_unmount(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()

    def on_key(self, event: Key) -> None:
        # Keys that follow the own key of a prompt, or of the search, at once still reach the screen below; its field
        # takes all it is given.
        if isinstance(self.screen, Prompt | SearchScreen) and event.is_printable and event.character is not None:
            self.screen.take(event.character)

    # --- the picture -----------------------------------------------------------------------------------------------

    @property
    def host(self) -> Host:
        """What is shown: the live host, or the past on which somebody looks back."""
        return self.live if self.past is None else self.past.replay

    @property
    def why_read_only(self) -> str | None:
        """Why nothing can be changed here, or None."""
        if self._wall:
            return "the wall only shows"
        if self.past is not None:
            return "the past cannot be changed"
        return "this console only looks" if self.host.read_only else None

    @property
    def odds(self) -> Reckoner:
        """What reckons how sure the forecast is."""
        return self._odds

    def show_odds(self) -> None:
        """Show that it is known better."""
        screen = self.screen
        if self.is_running and isinstance(screen, ConsoleScreen) and screen.is_there:
            screen.show_odds()

    @property
    def finishes(self) -> FinishReader:
        """What knows how the forecast of the finish has moved."""
        return self._finishes

    def show_trend(self) -> None:
        """Show that it is known anew."""
        for screen in self.screen_stack:
            if self.is_running and isinstance(screen, ConsoleScreen) and screen.is_there:
                screen.show_trend()

    def run_time(self) -> datetime:
        """What the run's clock shows now, UTC."""
        return self.host.board.run_time(self.host.wall_time())

    def surroundings(self, *, by_minute: bool = False) -> Surroundings:
        """What the header tells beside the picture, to the second or to the minute."""
        wall = self.host.wall_time()
        board = self.picture.board
        clock, run_time = board.clock, board.run_time(wall)
        return Surroundings(
            run_time=floor_to_minute(run_time) if by_minute else run_time,
            rate=None if clock is None else clock.rate_at(wall),
            watched=self._watched,
            read_only=self.why_read_only is not None,
            trouble=self.live.trouble,
            replaying=self.past is not None,
            by_minute=by_minute,
            inside=None if (known := self._odds.known) is None else known.confidence.inside,
            on_line=self._on_line,
        )

    def _asked(self) -> Callable[[], Picture]:
        """What makes the picture of this moment, on any thread."""
        host = self.host
        board, actor, key = host.board, host.actor, KeyNames(self.keymap, replaying=self.past is not None)
        now = board.run_time(host.wall_time())

        def make() -> Picture:
            shared = host.once(("picture", floor_to_minute(now)), board, lambda: picture_of(board, now, actor))
            return replace(shared, now=now, actor=actor, key=key)

        return make

    def _moved(self) -> None:
        """The host calls this, on any thread."""
        self.post_message(BoardMoved())

    def on_board_moved(self) -> None:
        self._watched = self.live.watch_status().awake
        if self.past is None:
            self.refresh_picture()
        else:
            self._tell_trouble()
            self._beat_screens()

    def refresh_picture(self) -> None:
        """Make the picture anew and show it; off the loop where the Board is big, and never twice at once."""
        self._tell_trouble()
        if len(self.picture.board.tasks) < BIG_BOARD:
            self._show(self._asked()())
            return
        self._outdated = True
        if self._redrawing is None or self._redrawing.done():
            self._redrawing = asyncio.create_task(self._redraw())

    async def _redraw(self) -> None:
        while self._outdated and self.is_running:
            self._outdated = False
            host = self.host
            picture = await asyncio.to_thread(self._asked())
            if host is self.host and self.is_running:
                self._show(picture)

    def _show(self, picture: Picture) -> None:
        self.picture = picture
        if self.past is None and not self._wall:
            self._call(self._calls.new_on(picture.board))
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen):
                screen.show()
        self._listen()

    def _call(self, alerts: list[Alert]) -> None:
        """Ring, and say what for, beside whatever is shown or typed."""
        if alerts:
            self.bell()
            self.notify(
                said_of(alerts, self.picture.key), title="For you", severity="warning", timeout=20, markup=False
            )

    def _tell_trouble(self) -> None:
        trouble, before = self.live.trouble, self._trouble
        self._trouble = trouble
        if trouble is not None and before is None:
            self.complain(trouble)

    def _heartbeat(self) -> None:
        now = monotonic()
        elapsed, self._beaten_at = now - self._beaten_at, now
        self.beat(elapsed)

    def beat(self, elapsed: float = 1.0) -> None:
        """Once a second: the clocks; once a run-minute, the forecast; now and then, the watch. A replay plays on.

        Args:
            elapsed: seconds of life since the last beat.
        """
        self._beats += 1
        if self._beats % WATCH_EVERY == 0:
            self._look_around()
        if self.past is not None:
            self.past.advance(elapsed)
        moved = self.past is not None and self.host.board is not self.picture.board
        if moved or floor_to_minute(self.run_time()) != self.picture.forecast.at:
            self.refresh_picture()
        else:
            self._beat_screens()
        screen = self.screen
        if isinstance(screen, ConsoleScreen) and screen.shows_odds:
            self._odds.reckon()
        if isinstance(screen, ConsoleScreen) and screen.shows_trend:
            self._finishes.read()

    @property
    def beats(self) -> int:
        """Heartbeats since the console opened, one a second."""
        return self._beats

    def _beat_screens(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen) and screen.is_there:
                screen.beat()

    # --- looking back ----------------------------------------------------------------------------------------------

    async def look_back(self) -> None:
        """Show the past of the run in the same screens, while the run goes on.

        Raises:
            WarroomError: there is none, or it cannot be read.
        """
        left = self.live.board
        replay = await self.live.look_back()
        if self.past is None:
            self.past = LookingBack(replay, left)
            self.refresh_picture()

    @property
    def can_return_to_live(self) -> bool:
        """Whether somebody looks back from a live console."""
        return self.past is not None and self.past.left is not None

    def return_to_live(self) -> None:
        """Show the present again, as far as it has gone meanwhile."""
        if self.can_return_to_live:
            self.past = None
            self.refresh_picture()

    def go_to_instant(self, instant: datetime) -> None:
        """Show another instant (run time, UTC) of the past that is shown."""
        if self.past is not None:
            self.past.go_to(instant)
            self.refresh_picture()

    # --- people -----------------------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        if isinstance(event, InputEvent) and not event.is_forwarded:
            self._active_at = self.live.wall_time()
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif not self._keys_in_turn.must_wait(event):
            to = self.focused or self.screen
            await super().on_event(event)
            self._keys_in_turn.sent(to)

    def on_came_through(self, message: CameThrough) -> None:
        self._keys_in_turn.came_through(message)

    @property
    def announcement(self) -> str | None:
        """What the server itself tells everybody, or None."""
        return self.live.announcement

    def shouts(self) -> tuple[Shout, ...]:
        """What was shouted and is shown here now, the newest first; in a replay, what was then."""
        return shouts_shown(self.picture, self.host.wall_time(), self._ear.put_away, to_all=self._wall)

    def put_shouts_away(self) -> None:
        """Show them no more."""
        self._ear.put_away = max((shout.id for shout in self.shouts()), default=self._ear.put_away)
        self._show(self.picture)

    def connected(self) -> tuple[Connected, ...]:
        """Who has a console open, by handle."""
        return self.live.connected()

    def _listen(self) -> None:
        """Ring the bell for what is new."""
        if self.past is None and self._ear.rings(self.shouts(), self.announcement):
            self.bell()

    def _look_around(self) -> None:
        """Whether somebody watches, and for whoever leads, how many are on line; tell others where one is."""
        self._watched = self.live.watch_status().awake
        leads = self.picture.actor.leads or self._wall
        count = people_on_line(self.live.connected()) if leads else 0
        self._on_line = count if count > 1 else None
        screen = self.screen
        if isinstance(screen, ConsoleScreen):
            self.live.stand(screen.SCREEN_NAME, self._active_at)

    # --- acting ----------------------------------------------------------------------------------------------------

    async def act(self, action: str, **arguments: Any) -> None:
        """Have the host perform an action, and show the result at once.

        Raises:
            WarroomError: it was refused.
        """
        board, actor, at = self.host.board, self.host.actor, self.run_time()
        await self.host.act(action, **arguments)
        self.commands.did(action, arguments, board, actor, at)
        self.refresh_picture()

    def mark(self, refs: frozenset[str]) -> None:
        """Mark these tasks, and no others."""
        self.marked = refs
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen) and screen.is_there:
                screen.show()

    def complain(self, error: WarroomError, again: Callable[[], Awaitable[None] | None] | None = None) -> None:
        """Show an error with what to do about it; after Stale, offer to look, and to do it `again`."""
        if isinstance(error, Stale) and again is not None:
            self._offer_again(error, again)
            return
        said = error.message if error.hint is None else f"{error.message}\n→ {error.hint}"
        self.notify(many_lines(said), title="Not done", severity="error", timeout=8, markup=False)

    def _offer_again(self, error: Stale, again: Callable[[], Awaitable[None] | None]) -> None:
        ref = error.where

        def chosen(once_more: bool | None) -> None:
            outcome = again() if once_more else None
            if inspect.isawaitable(outcome):
                self.run_worker(awaited(outcome), group="action")

        known = ref is not None and self.host.board.task(ref) is not None
        self.push_screen(Again(error, (lambda: self.show_task(str(ref))) if known else None), chosen)

    def turn_density(self) -> None:
        """Without frame and blank lines, or with them again."""
        self.compact = not self.compact
        self.set_class(self.compact, "-compact")
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen) and screen.is_there:
                screen.show()

    def show_task(self, ref: str) -> None:
        """Open a task's own screen."""
        self.push_screen(TaskScreen(ref))

    def show_beside(self, name: str, ref: str | None = None) -> None:
        """Open a screen by its name, about a task if it can be; one that is open already is shown again.

        Raises:
            KeyError: no screen of that name is opened beside others.
        """
        kind = ASIDE[name]
        opened = next((screen for screen in self.screen_stack if isinstance(screen, kind)), None)
        if opened is None:
            self.push_screen(kind(ref))
            return
        while self.screen is not opened:
            self.pop_screen()
        opened.show_about(ref)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def show_help(self) -> None:
        """Open help for the screen that is shown."""
        if isinstance(screen := self.screen, ConsoleScreen) and not isinstance(screen, HelpScreen):
            self.push_screen(HelpScreen(screen.context(), help_on(screen.pane.id, self.picture.key)))
