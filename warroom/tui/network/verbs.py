"""What is done on the screen of the network."""

from __future__ import annotations

from warroom.board.rows import Task
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.picture.matching import score
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line


def walk_to(screen: Stand, _: str) -> None:
    """Ask for a task by its reference or by words of its title, and make it the centre."""

    def preview(text: str) -> str:
        task = meant(screen.picture, text)
        return "" if task is None else f"= {one_line(task.ref, 20)} {one_line(task.title, 60)}"

    async def submit(answers: Answers) -> None:
        task = meant(screen.picture, answers["task"])
        if task is None:
            raise BadInput("no task is called so", hint="type a reference, or words of a title")
        screen.console.show_beside("network", task.ref)

    field = Field("task", "its reference, or words of its title", required=True, preview=preview)
    screen.app.push_screen(Prompt("Walk to a task", [field], submit, screen.console.complain))


def meant(picture: Picture, text: str) -> Task | None:
    """The task of that reference, in whichever case; else the one that fits the words best."""
    tasks = picture.board.tasks_in_play
    wanted = text.strip().casefold()
    same = next((task for task in tasks if task.ref.casefold() == wanted), None)
    if same is not None:
        return same
    found = [(fit, task) for task in tasks if (fit := score(text, f"{task.ref} {task.title}")) is not None]
    return max(found, key=lambda one: one[0])[1] if found else None
