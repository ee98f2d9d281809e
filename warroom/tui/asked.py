"""Somebody decides about one task: what they had seen of it, and the question that is put to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from warroom.board.rows import Task
from warroom.tui.prompt import Answers, Field, Prompt
from warroom.tui.stand import Stand
from warroom.vocabulary.errors import Stale, WarroomError
from warroom.vocabulary.text import one_line

REASON = Field("reason", "why", required=True)


class Asked:
    """One task that somebody decides about; knows what they had seen of it when they began."""

    def __init__(self, screen: Stand) -> None:
        task = screen.context().task
        assert task is not None
        self.screen = screen
        self.task: Task = task
        self.seen = screen.picture.board.last_entry(task.ref)

    async def act(self, action: str, **arguments: Any) -> None:
        """Act on what was seen.

        Raises:
            WarroomError: it was refused. Stale has told of a change: the next try counts as having seen that one.
        """
        try:
            await self.screen.console.act(action, ref=self.task.ref, seen=self.seen, **arguments)
        except Stale as error:
            self.seen = max(self.seen, error.seq)
            raise

    async def act_or_complain(self, action: str, **arguments: Any) -> None:
        """Act, and show a refusal; after Stale, offer to look and to do it again."""
        try:
            await self.act(action, **arguments)
        except WarroomError as error:
            self.screen.console.complain(error, lambda: self.act_or_complain(action, **arguments))

    def ask(self, title: str, fields: list[Field], submit: Callable[[Answers], Awaitable[None]]) -> None:
        """Open a prompt about the task; it stays open, with what was typed, until `submit` succeeds."""
        heading = f"{title}: {one_line(self.task.ref, 20)} {one_line(self.task.title, 60)}"
        self.screen.app.push_screen(Prompt(heading, fields, submit, self.screen.console.complain))


def ask_reason(screen: Stand, title: str, action: str) -> None:
    """Ask why, and act."""
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act(action, reason=answers["reason"])

    asked.ask(title, [REASON], submit)
