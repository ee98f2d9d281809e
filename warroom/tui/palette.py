"""The palette: every action by name, those that cannot be done now with the reason; and the themes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from textual import on
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.message import Message
from textual.widgets import Input, OptionList

from warroom.tui.doing.leavable import Leavable
from warroom.tui.keys import registry
from warroom.tui.keys.registry import Action
from warroom.tui.screens.console import ConsoleScreen
from warroom.vocabulary.text import one_line


def literally(text: str) -> str:
    """`text` as markup that shows it as it is: the palette reads markup, and reasons hold what people typed."""
    return one_line(text).replace("\\", "·").replace("[", "\\[")


class Palette(Leavable, CommandPalette):
    """Textual's palette, which runs what was chosen once, however often that is chosen before it has closed."""

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _only_while_open(self, event: Message) -> None:
        if not (self.is_active and self.is_attached):
            event.stop()
            event.prevent_default()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # options that came just now have no lines yet by which a page could be turned
            super()._action_command_list(action)


class ActionProvider(Provider):
    """Offers the registry for the screen on which the palette was opened."""

    async def discover(self) -> Hits:
        for action, title, hint in self._listed():
            yield DiscoveryHit(title, self._doing(action), help=hint)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action, title, hint in self._listed():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._doing(action), help=hint)

    def _listed(self) -> list[tuple[Action, str, str]]:
        screen = self._console_screen()
        if screen is None:
            return []
        context = screen.context()
        listed = []
        for action in registry.ACTIONS:
            if action.name in ("console.palette", "step.number") or not action.applies(context):
                continue
            reason = action.why_disabled(context)
            keys = registry.show_keys(action, context)
            title = f"{action.group.capitalize()}: {action.description}" + (f" ({keys})" if keys else "")
            listed.append((action, title, "" if reason is None else literally(f"not now: {reason}")))
        listed.sort(key=lambda one: bool(one[2]))
        return listed

    def _console_screen(self) -> ConsoleScreen | None:
        return self.screen if isinstance(self.screen, ConsoleScreen) else None

    def _doing(self, action: Action) -> Callable[[], None]:
        screen = self._console_screen()
        assert screen is not None
        return lambda: screen.run_action_here(action, next(iter(action.keys), ""))


class ThemeProvider(Provider):
    """Finds the themes of warroom and of the user; none where colours are off, for then it is mono."""

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, title in self._listed():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._choosing(name))

    def _listed(self) -> list[tuple[str, str]]:
        if self.app.no_color or not isinstance(self.screen, ConsoleScreen):
            return []
        return [(name, f"Theme: {name}") for name in self.screen.console.own_themes]

    def _choosing(self, name: str) -> Callable[[], None]:
        def choose() -> None:
            self.app.theme = name

        return choose
