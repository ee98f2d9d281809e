"""All keys and what they do here, and the legend of what is drawn."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult

from warroom.tui.doing.context import Context
from warroom.tui.drawing.ink import Spans, width_of
from warroom.tui.drawing.items import Item
from warroom.tui.drawing.marks import LEGEND
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.keys import registry
from warroom.tui.keys.pane_help import PaneHelp
from warroom.tui.replay.scrubber import LEGEND as SCRUBBER_LEGEND
from warroom.tui.screens.console import ConsoleScreen
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.painted import Lines


class HelpScreen(ConsoleScreen):
    """Shows the registry as it stands for the screen from which help was asked."""

    SCREEN_NAME: ClassVar[str] = "help"

    def __init__(self, asked_from: Context, about: PaneHelp | None = None) -> None:
        super().__init__()
        self._asked_from = asked_from
        self._about = about

    def compose(self) -> ComposeResult:
        yield Lines(id="task-title")
        yield Listing(id="help", show_cursor=False)
        yield Lines(id="footer")

    def draw(self) -> None:
        back = f"  {self.picture.key('console.back')} goes back"
        self.query_one("#task-title", Lines).show(lambda _: ((" Keys and signs ", "bold reverse"), (back, "muted")))
        self.query_one(Listing).show(partial(help_items, self._asked_from, self._about))

    @property
    def has_details(self) -> bool:
        return False

    @property
    def can_go_back(self) -> bool:
        return True

    def go_back(self) -> None:
        self.dismiss()


def help_items(context: Context, about: PaneHelp | None = None, width: int = 80) -> tuple[Item, ...]:
    """What the focused pane is about; the actions by group, each with its keys and, where it cannot be done now, why;
    then the legend."""
    items: list[Item] = []
    if about is not None:
        title, text = about
        said = wrapped(text, max(20, width - 6))
        items.append(Item(((), ((f" {title}", "primary bold"),), *(((f"   {line}", ""),) for line in said))))
    group = ""
    past = context.past is not None
    elsewhere = {"replay"} if not past else set()
    elsewhere |= {name for name in ("what-if", "scribe", "sheet") if context.screen != name}
    listed = [action for action in registry.ACTIONS if action.group not in elsewhere]
    for action in sorted(listed, key=lambda action: _GROUPS.index(action.group)):
        if action.group != group:
            group = action.group
            items.append(Item(((), ((f" {group.capitalize()}", "primary bold"),)), None))
        reason = action.why_disabled(context) if action.applies(context) else "not for what is selected"
        keys, described = f"   {registry.show_keys(action, context):<12}", f"{action.description:<46}"
        told: Spans = ((keys, "bold"), (described, "" if reason is None else "muted"))
        if reason is not None and width_of(told) + cell_len(reason) >= width:
            why = (((" " * 15 + "→ " + line, "muted"),) for line in wrapped(reason, width - 18))
            items.append(Item((told, *why), action.name))
        else:
            items.append(Item(((*told, (f" {reason or ''}", "muted")),), action.name))
    items.append(Item(((), ((" Signs", "primary bold"),)), None))
    signs = (*SCRUBBER_LEGEND, *LEGEND) if past else LEGEND
    items += [Item((((f"   {glyph:<12}", f"{ink} bold"), (meaning, "")),), glyph) for glyph, ink, meaning in signs]
    return tuple(items)


_GROUPS = (
    "replay",
    "what-if",
    "scribe",
    "sheet",
    "task",
    "step",
    "evidence",
    "gate",
    "criterion",
    "control",
    "trigger",
    "back-out",
    "communication",
    "alert",
    "log",
    "roll",
    "network",
    "shift",
    "marked",
    "list",
    "pane",
    "shout",
    "timeline",
    "move",
    "console",
)
