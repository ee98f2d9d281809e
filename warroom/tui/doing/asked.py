"""Somebody decides about something: what they had seen of it, and the question that is put to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from warroom.board.rows import Task
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import preview_eta, preview_person
from warroom.vocabulary.errors import Stale, WarroomError
from warroom.vocabulary.text import one_line

REASON = Field("reason", "why", required=True, follows=True)


def person_field(name: str, hint: str, screen: Stand, **more: Any) -> Field:
    """A field for a handle, which shows whose it is."""

    def preview(text: str) -> str:
        return preview_person(text, screen.picture)

    return Field(name, hint, preview=preview, understands=lambda text: bool(preview(text)), **more)


def time_field(name: str, hint: str, screen: Stand, **more: Any) -> Field:
    """A field for a time that lies ahead, which shows how it is understood."""
    console = screen.console

    def understood(text: str) -> str:
        return preview_eta(text, console.run_time(), screen.picture)

    def preview(text: str) -> str:
        return understood(text) or ("no time yet: 45m, 2:40 or Sat 02:40" if text.strip() else "")

    return Field(name, hint, preview=preview, understands=lambda text: bool(understood(text)), **more)


class About:
    """Something that somebody decides about; knows what they had seen of it when they began.

    Args:
        subject: as entries name it. heading: as the question names it.
        told: the arguments that tell actions which one it is.
    """

    def __init__(self, screen: Stand, subject: str, heading: str, **told: Any) -> None:
        self.screen = screen
        self.heading = heading
        self.told = told
        self.seen = screen.picture.board.last_entry(subject)

    async def act(self, action: str, **arguments: Any) -> None:
        """Act on what was seen.

        Raises:
            WarroomError: it was refused. Stale has told of a change: the next try counts as having seen that one.
        """
        try:
            await self.screen.console.act(action, **self.told, seen=self.seen, **arguments)
        except Stale as error:
            self.seen = max(self.seen, error.seq)
            raise

    async def act_or_complain(self, action: str, **arguments: Any) -> None:
        """Act, and show a refusal; after Stale, offer to look and to do it again."""
        try:
            await self.act(action, **arguments)
        except WarroomError as error:
            self.screen.console.complain(error, lambda: self.act_or_complain(action, **arguments))

    def ask(
        self,
        title: str,
        fields: Sequence[Field],
        submit: Callable[[Answers], Awaitable[None]],
        then: Callable[[], None] | None = None,
    ) -> None:
        """Open a prompt about it; it stays open, with what was typed, until `submit` succeeds. `then` is called once it
        has, and the prompt is gone."""

        def left(sent: bool | None) -> None:
            if sent and then is not None:
                then()

        prompt = Prompt(f"{title}: {self.heading}", fields, submit, self.screen.console.complain)
        self.screen.app.push_screen(prompt, left)


class Asked(About):
    """The selected task as that."""

    def __init__(self, screen: Stand) -> None:
        task = screen.context().task
        assert task is not None
        super().__init__(screen, task.ref, f"{one_line(task.ref, 20)} {one_line(task.title, 60)}", ref=task.ref)
        self.task: Task = task


def ask_reason(screen: Stand, title: str, action: str) -> None:
    """Ask why, and act."""
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act(action, reason=answers["reason"])

    asked.ask(title, [REASON], submit)
