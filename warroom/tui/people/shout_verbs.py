"""Shouting from the console, and putting away what was shouted."""

from __future__ import annotations

from warroom.rules import permissions
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.text import one_line

_STREAM = "stream "
_PLAIN, _BRIDGE = "no", "yes"


def can_shout(context: Context) -> Reason:
    """Whether a line can be shouted from here."""
    return context.read_only or permissions.may_shout(context.actor)


def can_put_away(context: Context) -> Reason:
    """Whether anything that was shouted is shown."""
    return None if context.shouted else "nobody has shouted to you just now"


def shout(screen: Stand, _: str) -> None:
    """Ask for whom, what, and whether it calls to the bridge."""
    board = screen.picture.board
    streams = ", ".join(one_line(stream.key, 20) for stream in board.streams)
    whom = "a handle; empty: everybody" + (f"; {_STREAM}{streams}" if streams else "")

    async def submit(answers: Answers) -> None:
        to = answers["to"]
        stream = to.removeprefix(_STREAM).strip() if to.startswith(_STREAM) else None
        await screen.console.act(
            "shout",
            text=answers["text"],
            to=None if stream is not None or not to else to,
            stream=stream,
            bridge=answers["bridge"] == _BRIDGE,
        )

    fields = [
        Field("text", "one line", required=True),
        Field("to", whom),
        Field("bridge", "call them to the bridge", choices=(_PLAIN, _BRIDGE)),
    ]
    screen.app.push_screen(Prompt("Shout", fields, submit, screen.console.complain))


def put_away(screen: Stand, _: str) -> None:
    screen.console.put_shouts_away()
