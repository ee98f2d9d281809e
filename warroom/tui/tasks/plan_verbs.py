"""Changing the plan from the console: whose a task is, how long it takes, what it comes after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from warroom.board.effect import effect_of, effect_sentence
from warroom.board.forecast import forecast
from warroom.clock.durations import parse_duration, show_duration
from warroom.tui.doing.asked import REASON, Asked, person_field
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line


def assign(screen: Stand, _: str) -> None:
    asked = Asked(screen)
    board = screen.picture.board

    async def submit(answers: Answers) -> None:
        await _change(asked, "task.assign", people={"owner": answers["owner"].strip()}, reason=answers["reason"])

    backup = board.handle(asked.task.backup_id)
    own = backup is not None and screen.picture.actor.is_(asked.task.owner_id)
    hint = "a handle" if backup is None else f"a handle; the backup is {one_line(backup, 20)}"
    owner = replace(person_field("owner", hint, screen, required=True), value=str(backup) if own else "")
    asked.ask("Re-assign", [owner, REASON], submit)


def retime(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        try:
            duration = parse_duration(answers["duration"])
        except ValueError as error:
            raise BadInput(str(error)) from None
        await _change(asked, "task.retime", times={"duration_s": duration}, reason=answers["reason"])

    hint = f"45m, 1h30; so far {show_duration(asked.task.duration_s)}"
    duration = Field("duration", hint, required=True, preview=_duration, understands=lambda text: bool(_duration(text)))
    asked.ask("Re-time", [duration, REASON], submit)


def link(screen: Stand, _: str) -> None:
    asked = Asked(screen)
    before = ", ".join(task.ref for task in screen.picture.board.predecessors(asked.task.id))

    async def submit(answers: Answers) -> None:
        text = answers["after"].strip()
        action = "task.unlink" if text.startswith("-") else "task.link"
        await _change(asked, action, after=[text.removeprefix("-").strip()], reason=answers["reason"])

    hint = f"BC-22, BC-22 SS+15m; -BC-22 no longer; so far {one_line(before, 40) or 'nothing'}"
    asked.ask("Comes after", [Field("after", hint, required=True), REASON], submit)


async def _change(asked: Asked, action: str, **arguments: Any) -> None:
    """Change the plan, and say what moves by it.

    Raises:
        WarroomError: it was refused.
    """
    before = asked.screen.picture.forecast
    await asked.act(action, **arguments)
    board = asked.screen.console.host.board
    effect = effect_of(before, forecast(board, before.at))
    said = effect_sentence(effect, board.programme.timezone)
    asked.screen.app.notify(said, title="The plan has changed", markup=False)


def _duration(text: str) -> str:
    try:
        return f"= {show_duration(parse_duration(text))}"
    except ValueError:
        return ""
