"""Run sheets that were filled in on paper: whose is entered, and as of when it was printed."""

from __future__ import annotations

from warroom.tui.doing.asked import person_field
from warroom.tui.doing.context import Context, Reason, can_record
from warroom.tui.doing.prompt import Answers, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.scribe.names import people_meant
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line


def can_open(context: Context) -> Reason:
    """Whether the person may enter somebody's sheet here."""
    if context.screen == "wall":
        return "the wall only shows"
    return can_record(context)


def open_sheet(screen: Stand, _: str) -> None:
    """The sheet of whoever is told about here; where nobody is, or theirs is shown already, ask whose."""
    handle = screen.told_by
    if handle is not None:
        screen.console.show_beside("sheet", handle)
        return
    found: list[str] = []

    async def submit(answers: Answers) -> None:
        people = people_meant(screen.picture.board, answers["whose"])
        if len(people) != 1:
            names = ", ".join(one_line(person.handle, 20) for person in people[:6])
            raise BadInput(f"that may be {names}" if people else "nobody is called that")
        found.append(people[0].handle)

    def left(sent: bool | None) -> None:
        if sent:
            screen.console.show_beside("sheet", found[-1])

    field = person_field("whose", "a handle or a name", screen, required=True)
    screen.app.push_screen(Prompt("Whose run sheet?", [field], submit, screen.console.complain), left)
