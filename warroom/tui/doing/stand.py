"""What actions ask of the app and of the screen on which they are done.

Verbs and the registry stand below the screens that offer them, so they know these two and no screen of their own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, cast

from textual.screen import Screen
from textual.worker import WorkType

from warroom.board.rows import Shout, Task
from warroom.host.interface import Connected, Host
from warroom.tui.doing.command_log import CommandLog
from warroom.tui.doing.context import Context
from warroom.tui.doing.leavable import Leavable
from warroom.tui.doing.looking_back import LookingBack
from warroom.tui.doing.machine import Machine
from warroom.tui.doing.sheet_draft import SheetDrafts
from warroom.tui.doing.words_follow import WordsFollow
from warroom.tui.picture.picture import Picture
from warroom.tui.reckoning.finish_reader import FinishReader
from warroom.tui.reckoning.odds import Reckoner
from warroom.tui.telling.heading import Surroundings
from warroom.tui.widgets.compact import CompactApp
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.errors import WarroomError


class Console(CompactApp):
    """The app: one host, one picture, and the ways from screen to screen."""

    picture: Picture
    live: Host
    """The present, whatever is shown."""
    past: LookingBack | None
    own_themes: tuple[str, ...]
    """Names of the themes of warroom and of the user."""
    machine: Machine | None
    """That of the person, or None where the console is served."""
    keymap: Mapping[str, tuple[str, ...]]
    """Keys of the actions to which the person gave others, by name."""
    marked: frozenset[str]
    """Refs of the tasks that are marked."""
    commands: CommandLog
    """What was done here, as lines for the shell."""

    @cached_property
    def words_follow(self) -> WordsFollow:
        """What passes over the words that follow a refused key."""
        return WordsFollow()

    @cached_property
    def sheets(self) -> SheetDrafts:
        """What was typed of run sheets here and is not recorded yet."""
        return SheetDrafts()

    def mark(self, refs: frozenset[str]) -> None:
        """Mark these tasks, and no others."""
        raise NotImplementedError

    @property
    def host(self) -> Host:
        """What is shown: the present, or the past that somebody looks back at."""
        raise NotImplementedError

    @property
    def beats(self) -> int:
        """Heartbeats since the console opened, one a second."""
        raise NotImplementedError

    @property
    def why_read_only(self) -> str | None:
        """Why nothing may be written here, or None."""
        raise NotImplementedError

    @property
    def can_return_to_live(self) -> bool:
        """Whether somebody looks back from a live console."""
        raise NotImplementedError

    def turn_density(self) -> None:
        """Without frame and blank lines, or with them again."""
        raise NotImplementedError

    @property
    def odds(self) -> Reckoner:
        """What reckons how sure the forecast is."""
        raise NotImplementedError

    def show_odds(self) -> None:
        """Show that it is known better."""
        raise NotImplementedError

    @property
    def finishes(self) -> FinishReader:
        """What knows how the forecast of the finish has moved."""
        raise NotImplementedError

    def show_trend(self) -> None:
        """Show that it is known anew."""
        raise NotImplementedError

    def run_time(self) -> datetime:
        """What the run's clock shows now, UTC."""
        raise NotImplementedError

    def surroundings(self, *, by_minute: bool = False) -> Surroundings:
        """What the header tells besides the picture."""
        raise NotImplementedError

    def refresh_picture(self) -> None:
        """Draw what the host shows now."""
        raise NotImplementedError

    async def look_back(self) -> None:
        """Show the past of the run in the same screens, while the run goes on."""
        raise NotImplementedError

    def return_to_live(self) -> None:
        """Show the present again, as far as it has gone meanwhile."""
        raise NotImplementedError

    def go_to_instant(self, instant: datetime) -> None:
        """Show another instant (run time, UTC) of the past that is shown."""
        raise NotImplementedError

    async def act(self, action: str, **arguments: Any) -> None:
        """Have the host perform an action, and show the result at once."""
        raise NotImplementedError

    def complain(self, error: WarroomError, again: Callable[[], Awaitable[None] | None] | None = None) -> None:
        """Show an error with what to do about it; after Stale, offer to look, and to do it `again`."""
        raise NotImplementedError

    @property
    def announcement(self) -> str | None:
        """What the server itself tells everybody, or None."""
        raise NotImplementedError

    def shouts(self) -> tuple[Shout, ...]:
        """What was shouted and is shown here now, the newest first."""
        raise NotImplementedError

    def put_shouts_away(self) -> None:
        """Show them no more."""
        raise NotImplementedError

    def connected(self) -> tuple[Connected, ...]:
        """Who has a console open, by handle."""
        raise NotImplementedError

    def show_task(self, ref: str) -> None:
        """Open a task's own screen."""
        raise NotImplementedError

    def show_beside(self, name: str, ref: str | None = None) -> None:
        """Open a screen by its name, about a task if it can be."""
        raise NotImplementedError

    def show_help(self) -> None:
        """Open help for the screen that is shown."""
        raise NotImplementedError


class Stand(Leavable, Screen[None], inherit_bindings=False):
    """A screen on which actions are done. `SCREEN_NAME` tells actions where they are."""

    SCREEN_NAME: ClassVar[str] = ""

    @property
    def console(self) -> Console:
        return cast(Console, self.app)

    @property
    def picture(self) -> Picture:
        return self.console.picture

    @property
    def pane(self) -> Pane:
        """The pane in which the cursor moves."""
        raise NotImplementedError

    @property
    def selected(self) -> Task | None:
        """The task that actions are about."""
        raise NotImplementedError

    @property
    def told_by(self) -> str | None:
        """Handle of the person whose work is told here: the owner of the selected task, where nobody is named."""
        task = self.selected
        return None if task is None else self.picture.board.handle(task.owner_id)

    @property
    def can_go_back(self) -> bool:
        """Whether esc does something."""
        return False

    def beside(
        self, work: WorkType[None], *, group: str = "default", exclusive: bool = False, exit_on_error: bool = True
    ) -> None:
        """Do it beside the keys, while the screen is there. Given what makes a coroutine, none is left over then.

        Args:
            exclusive: what is under way in the group is given up for it. exit_on_error: the console ends if it fails.
        """
        self.run_worker(work, group=group, exclusive=exclusive, exit_on_error=exit_on_error)

    def context(self) -> Context:
        """Where the person is."""
        raise NotImplementedError

    def open_selected(self) -> None:
        """What enter does."""
        raise NotImplementedError

    def turn(self, by: int) -> None:
        """Show what comes next on this screen (1) or before (-1): another gate, another grouping, another filter."""

    def open_filter(self) -> None:
        """Type what the list is narrowed down to."""

    def toggle_zoom(self) -> None:
        """Give the pane the whole screen, or show all panes again."""

    def go_to_pane(self, number: int) -> None:
        """Go to a pane, counted from 1."""

    def copied(self) -> str | None:
        """What copying takes from here."""
        return None

    def leave_one_level(self) -> bool:
        """Leave what was opened last on this screen: the filter, the zoom, the marks. False if there is nothing."""
        return False

    def take_key(self, key: str) -> None:
        """Take in a key that the screen reads by itself."""

    def go_back(self) -> None:
        """What esc does."""

    def beat(self) -> None:
        """Show what a second changed."""
        raise NotImplementedError
