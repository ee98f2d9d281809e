"""What the console does when something was done too early, wrongly, or in the wrong place."""

from __future__ import annotations

from warroom.board.rows import Link, Task
from warroom.rules.undo import NOTHING, released_by, why_not
from warroom.tui.doing.asked import REASON, Asked, ask_reason
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import past
from warroom.tui.tasks.own_last import own_last_on
from warroom.tui.telling.happenings import entry_mark, told
from warroom.vocabulary.errors import Refused, Stale, WarroomError
from warroom.vocabulary.text import one_line

ONLY_IT, FROM_HERE = "only it", "from here"


async def undo(screen: Stand, _: str) -> None:
    """Show the person's last action, and take it back when they say so."""
    try:
        await _ask_undo(screen)
    except WarroomError as error:
        screen.console.complain(error)


async def _ask_undo(screen: Stand) -> None:
    host = screen.console.host
    found, board = await own_last_on(host), host.board
    if found is None:
        raise Refused(NOTHING)
    entry, later = found
    tasks = board.rows(Task)

    def links_from(key: int) -> list[tuple[Link, Task]]:
        return [(link, tasks[link.successor_id]) for link in board.links_from(key)]

    denied = why_not(entry, later, released_by(entry, tasks.__getitem__, links_from))
    if denied is not None:
        raise Refused(denied, where=entry.subject)

    async def submit(answers: Answers) -> None:
        try:
            await screen.console.act("undo", entry=entry.seq, reason=answers["reason"] or None)
        except Stale as error:  # this entry will never be the last one again
            hint = f"esc, and {screen.picture.key('console.undo')} shows what is the last one now"
            raise Refused(error.message, where=error.where, hint=hint) from None

    said = ": ".join(part for part in (f"{entry_mark(entry).word} {entry.subject}", told(board, entry)) if part)
    time = screen.picture.time(entry.run_time or entry.recorded_at)
    title = f"Take back what you did at {time}: {one_line(said, 80)}"
    field = Field("reason", "enter takes it back; why may stay empty")
    screen.app.push_screen(Prompt(title, [field], submit, screen.console.complain))


def reopen(screen: Stand, _: str) -> None:
    ask_reason(screen, "Not finished after all", "task.reopen")


def settle(screen: Stand, _: str) -> None:
    ask_reason(screen, "Still good", "task.settle")


def rerun(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("task.rerun", reason=answers["reason"], from_here=answers["what"] == FROM_HERE)

    what = Field("what", "it, or also what rests on it", choices=(ONLY_IT, FROM_HERE))
    asked.ask("Do it again", [what, REASON], submit)


def correct(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        now, picture = screen.console.run_time(), screen.picture
        start, finish = past(answers["start"], now, picture), past(answers["finish"], now, picture)
        await asked.act("task.correct", start=start, finish=finish, reason=answers["reason"])

    fields = [Field("start", "2:10, empty leaves it"), Field("finish", "2:40, empty leaves it"), REASON]
    asked.ask("Correct its times", fields, submit)
