"""Items: lines that belong together, of which lists, panels and the parts of a task are made."""

from __future__ import annotations

from dataclasses import dataclass

from warroom.tui.drawing.ink import Spans
from warroom.tui.drawing.picked import Picked
from warroom.tui.drawing.wrapping import wrapped


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that belong together.

    Attributes:
        ref: the task that they are about. position: of the step that they are about.
        picked: what else they are about. The cursor stands on nothing that is about none of it, such as a heading.
    """

    lines: tuple[Spans, ...]
    ref: str | None = None
    position: int | None = None
    picked: Picked | None = None


def text_of(item: Item) -> str:
    """The words of an item, its lines one after the other."""
    return " ".join("".join(text for text, _ in line).strip() for line in item.lines).strip()


def heading(text: str, note: str = "", ink: str = "muted") -> Item:
    """The line above a section."""
    return Item((((f" {text}", "primary bold"), (f"  {note}" if note else "", ink)),))


def hanging(text: str, mark: str, width: int, ink: str = "") -> Item:
    """A text of at most three lines, with a mark before the first of them."""
    lines = wrapped(text, width - len(mark) - 4, most=3)
    return Item(tuple(((f"   {' ' * len(mark) if place else mark}{line}", ink),) for place, line in enumerate(lines)))


def indented(text: str, width: int, ink: str = "", *, most: int = 400) -> Item:
    """A text in at most so many lines, as `wrapped` breaks it."""
    return Item(tuple(((f"   {line}", ink),) for line in wrapped(text, width - 4, most=most)))
