"""Calling for help from the console: who is on call, with the number, and a line in the log of the night."""

from __future__ import annotations

from warroom.board.on_call import OnCall, bridge_words, on_call
from warroom.rules import permissions
from warroom.tui.doing.asked import Asked
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.prompt import Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.vocabulary.text import one_line

SHOWN = 6
"""So many people are shown, those who are tried first."""

SEVERITY = 3
"""Of the problem that a call for help is logged as; whoever takes it on may say otherwise."""


LONGEST = 380
"""Characters of the call that are shouted."""


def can_call(context: Context) -> Reason:
    """Whether help can be called for about the selected task."""
    if context.task is None:
        return "no task is selected"
    reason = can_undo(context)
    return reason if reason is not None else permissions.may_log(context.actor)


def for_help(screen: Stand, _: str) -> None:
    """Show who can be called, and log the call as a problem of the first who is there, or of somebody named."""
    asked, picture = Asked(screen), screen.picture
    known = on_call(picture.board, asked.task, picture.actor.person_id, picture.now)
    first = next((one for one in known if one.handle is not None and not one.away), None)
    numbers = {one.handle: one for one in known}

    async def submit(answers: Answers) -> None:
        handle = answers["whom"] or None
        title = f"help wanted at {asked.task.ref}: {answers['what']}"
        await screen.console.act("problem.raise", title=title, severity=SEVERITY, owner=handle, tasks=[asked.task.ref])
        if handle is not None and permissions.may_shout(picture.actor) is None:
            await screen.console.act("shout", text=f"{title[:LONGEST]}; ring me", to=handle)
        called = numbers.get(handle)
        phone = None if called is None else called.phone
        screen.app.notify(
            f"ring {one_line(handle or 'somebody', 20)}: {one_line(phone, 40) if phone else 'no number is known'}",
            title="Logged; ring them",
            timeout=20,
            markup=False,
        )

    heading = f"Call for help: {one_line(asked.task.ref, 20)} {one_line(asked.task.title, 48)}"
    lines = [_line(one) for one in known[:SHOWN]]
    if bridge := bridge_words(picture.board):
        lines.append(f"bridge: {one_line(bridge, 160)}")
    fields = [
        Field("what", "what you need, in a few words", required=True),
        Field("whom", "a handle", value="" if first is None else str(first.handle)),
    ]
    screen.app.push_screen(Prompt(heading, fields, submit, screen.console.complain, lines=lines))


def _line(one: OnCall) -> str:
    number = one_line(one.phone, 40) if one.phone else "no number"
    away = ", away" if one.away else ""
    who = one.name if one.handle is None else f"{one.handle}, {one.name}"
    return f"{number:<22} {one_line(who, 32)} ({one_line(one.part, 40)}{away})"
