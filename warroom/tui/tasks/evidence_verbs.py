"""Files as evidence: attached from one's own machine, read and saved there. A served console has no machine, and knows
no path: whoever is connected to a server never reads a file of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import SuspendNotSupported

from warroom.board.rows import Document, Evidence
from warroom.host.attaching import told_of_size
from warroom.rules import permissions
from warroom.tui.doing.asked import Asked
from warroom.tui.doing.context import Context, Reason, can_undo
from warroom.tui.doing.machine import Machine, MachineRefused
from warroom.tui.doing.prompt import Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.drawing.picked import OnEvidence
from warroom.vocabulary.errors import BadInput, WarroomError
from warroom.vocabulary.text import many_lines, one_line

LONGEST_READ = 2_000_000
"""Characters of what is shown in the pager."""

# --- where it can be done ---------------------------------------------------------------------------------------------


def can_attach(context: Context) -> Reason:
    """Whether a file can be attached to the selected task; where it cannot because the console is served, how else."""
    if context.task is None:
        return "no task is selected"
    reason = can_undo(context)
    if reason is None:
        reason = permissions.may_attach(context.actor)
    if reason is None and context.elsewhere is not None:
        ref = one_line(context.task.ref, 64)
        return (
            f"this console is served, and no file of the server is read: from your machine, "
            f"ssh HOST evidence add {ref} - --name proof.pdf < proof.pdf"
        )
    return reason


def on_evidence(context: Context) -> bool:
    return isinstance(context.picked, OnEvidence)


def can_save(context: Context) -> Reason:
    """Whether what was attached can be written to a file here."""
    found = _selected(context)
    if found is None:
        return "nothing that was attached is selected"
    attached, document = found
    if not document.kept:
        return f"{one_line(document.name, 60)} was only referred to: look where it was kept"
    if context.elsewhere is not None:
        return f"{context.elsewhere}; from your machine, ssh HOST evidence get {attached.id} > FILE"
    return None


def can_read(context: Context) -> Reason:
    return can_save(context)


def _selected(context: Context) -> tuple[Evidence, Document] | None:
    picked = context.picked
    if not isinstance(picked, OnEvidence):
        return None
    attached = context.board.rows(Evidence).get(picked.number)
    return None if attached is None else (attached, context.board.rows(Document)[attached.document_id])


# --- what is done -----------------------------------------------------------------------------------------------------


def attach(screen: Stand, _: str) -> None:
    """Ask for a file, and attach it to the task, or to the step on which the cursor stands."""
    asked, machine, position = Asked(screen), screen.console.machine, screen.context().position
    if machine is None:
        return

    async def submit(answers: Answers) -> None:
        attached = await asyncio.to_thread(machine.attachment, answers["file"])
        step = _step(answers["step"])
        await asked.act("evidence.add", attached=attached, position=step, note=answers["note"] or None)
        size = f"{attached.size_bytes:,} bytes" if attached.data is not None else told_of_size(attached)
        screen.app.notify(
            one_line(f"{attached.name}, {size}", 300), title=f"Attached to {asked.task.ref}", timeout=8, markup=False
        )

    fields = [
        Field("file", "a path, or ~/...; tab completes it", required=True, files=machine.files_like),
        Field("note", "what it shows, may stay empty"),
        Field("step", "its number; empty: the whole task", value="" if position is None else str(position)),
    ]
    asked.ask("Attach", fields, submit)


def _step(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isdecimal() or int(typed[:6]) < 1:
        raise BadInput(f"{typed!r} is not the number of a step", hint="leave it empty to attach it to the task")
    return int(typed[:6])


async def save(screen: Stand, _: str) -> None:
    """Write what was attached to a new file in the folder from which the console was opened."""

    async def write(machine: Machine, name: str, data: bytes) -> None:
        path = await asyncio.to_thread(machine.save, name, data)
        screen.app.notify(one_line(f"{path}, {len(data):,} bytes", 300), title="Written", timeout=8, markup=False)

    await _with_selected(screen, write)


async def read(screen: Stand, _: str) -> None:
    """Show what was attached in the pager, where it is text."""

    async def show(machine: Machine, name: str, data: bytes) -> None:
        text = _text_of(name, data, screen.picture.key("evidence.save"))
        try:
            with screen.app.suspend():
                machine.show_text(machine.pager, "evidence", text)
        except SuspendNotSupported:
            raise MachineRefused("this terminal cannot be left to another program") from None

    await _with_selected(screen, show)


async def _with_selected(screen: Stand, use: Callable[[Machine, str, bytes], Awaitable[None]]) -> None:
    """Fetch what is selected, and let `use` have it with its name, on the person's own machine; say what went wrong."""
    found, machine = _selected(screen.context()), screen.console.machine
    if found is None or machine is None:
        return
    document = found[1]
    try:
        await use(machine, document.name, await screen.console.host.content(document.sha256))
    except WarroomError as error:
        screen.console.complain(error)


def _text_of(name: str, data: bytes, saves: str) -> str:
    """What can be read of it, harmless on a terminal; `saves` is the key that writes it to a file.

    Raises:
        MachineRefused: it is no text.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise MachineRefused(f"{one_line(name, 80)} is not text", hint=f"{saves} saves it to a file")
    return many_lines(text, LONGEST_READ)
