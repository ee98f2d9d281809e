"""The habits of the console: narrowing down, marking, zooming, copying, and what only one's own machine can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import SuspendNotSupported

from warroom.tui.doing.asked import REASON, person_field
from warroom.tui.doing.context import MARKING, Context, Reason, can_undo
from warroom.tui.doing.machine import Machine, MachineRefused, without_fonts_elsewhere
from warroom.tui.doing.prompt import CHOOSE, Answers, Field, Prompt
from warroom.tui.doing.stand import Stand
from warroom.tui.habits.tables import as_csv, as_json, rows_of, task_text
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line

# --- where it can be done ---------------------------------------------------------------------------------------------


def can_filter(context: Context) -> Reason:
    return None if context.can_filter else "there is no list here to narrow down"


def can_mark(context: Context) -> Reason:
    if context.screen not in MARKING:
        return "tasks are marked in the war room, or in one's own list"
    return None if context.task is not None else "no task is selected"


def on_marked(context: Context) -> bool:
    """Whether actions are about the tasks that are marked."""
    return bool(context.marked) and context.screen in MARKING


def has_panes(context: Context) -> Reason:
    return None if context.panes > 1 else "there is only one pane here"


def has_task(context: Context) -> Reason:
    return None if context.task is not None else "no task is selected"


def is_here(context: Context) -> Reason:
    return context.elsewhere


def has_task_here(context: Context) -> Reason:
    return context.elsewhere or has_task(context)


def can_change_marked(context: Context) -> Reason:
    return can_undo(context)


# --- lists ------------------------------------------------------------------------------------------------------------


def open_filter(screen: Stand, _: str) -> None:
    screen.open_filter()


def toggle_mark(screen: Stand, _: str) -> None:
    """Mark the task, or unmark it, and go on to the next."""
    ref = screen.pane.selected
    if ref:
        screen.console.mark(screen.console.marked ^ {ref})
        screen.pane.move(1)


def mark_all(screen: Stand, _: str) -> None:
    """Mark every task that the pane shows; none, where they all are."""
    pane, board = screen.pane, screen.picture.board
    shown = (pane.ref_at(item) for item in range(pane.item_count) if pane.selectable(item))
    refs = frozenset(ref for ref in shown if ref and board.task(ref) is not None)
    marked = screen.console.marked
    screen.console.mark(marked - refs if refs <= marked else marked | refs)


def zoom(screen: Stand, _: str) -> None:
    screen.toggle_zoom()


def go_to_pane(screen: Stand, key: str) -> None:
    screen.go_to_pane(int(key[-1]))


# --- the tasks that are marked ----------------------------------------------------------------------------------------


async def start_marked(screen: Stand, _: str) -> None:
    await _each(screen, "task.start", "started")


async def finish_marked(screen: Stand, _: str) -> None:
    await _each(screen, "task.done", "finished")


def note_on_marked(screen: Stand, _: str) -> None:
    async def submit(answers: Answers) -> None:
        await _each(screen, "task.note", "noted", text=answers["note"])

    _ask(screen, "Note", [Field("note", "the same on each of them", required=True)], submit)


def assign_marked(screen: Stand, _: str) -> None:
    async def submit(answers: Answers) -> None:
        people = {"owner": answers["owner"].strip()}
        await _each(screen, "task.assign", "re-assigned", people=people, reason=answers["reason"])

    _ask(screen, "Re-assign", [person_field("owner", "a handle", screen, required=True), REASON], submit)


def _ask(screen: Stand, title: str, fields: list[Field], submit: Callable[[Answers], Any]) -> None:
    count = len(screen.console.marked)
    heading = f"{title}: {count} marked task{'' if count == 1 else 's'}"
    screen.app.push_screen(Prompt(heading, fields, submit, screen.console.complain))


async def _each(screen: Stand, action: str, done: str, **arguments: Any) -> None:
    """Act on each marked task by itself, in the order of the plan; those that are refused stay marked, and are told."""
    console, board = screen.console, screen.picture.board
    refs = [task.ref for task in (*board.tasks, *board.backout_tasks) if task.ref in console.marked]
    seen = {ref: board.last_entry(ref) for ref in refs}
    refused: dict[str, str] = {}
    for ref in refs:
        try:
            await console.act(action, ref=ref, seen=seen[ref], **arguments)
        except WarroomError as error:
            refused[ref] = error.message
    console.mark(frozenset(refused))
    said = [f"{len(refs) - len(refused)} {done}" + (f", {len(refused)} refused" if refused else "")]
    said += [f"{one_line(ref, 20)}: {one_line(reason, 120)}" for ref, reason in list(refused.items())[:5]]
    if len(refused) > 5:
        said.append(f"and {len(refused) - 5} more; they are still marked")
    severity = "warning" if refused else "information"
    screen.app.notify("\n".join(said), title="Marked tasks", severity=severity, timeout=10, markup=False)  # type: ignore[arg-type]


# --- out of the console -----------------------------------------------------------------------------------------------


def copy(screen: Stand, _: str) -> None:
    """Copy the task as one line, or else the words under the cursor, to the clipboard of the person's terminal."""
    text = screen.copied()
    if not text:
        screen.app.notify("there is nothing to copy here", severity="warning", markup=False)
    else:
        screen.app.copy_to_clipboard(text)
        screen.app.notify(one_line(text, 200), title="Copied, if your terminal allows it", timeout=4, markup=False)


def open_pager(screen: Stand, _: str) -> None:
    _show(screen, lambda machine: machine.pager)


def open_editor(screen: Stand, _: str) -> None:
    _show(screen, lambda machine: machine.editor)


def _show(screen: Stand, program: Callable[[Machine], tuple[str, ...]]) -> None:
    """Show a copy of the task's text; nothing is read back."""
    machine, task = screen.console.machine, screen.selected
    if machine is None or task is None:
        return
    try:
        with screen.app.suspend():
            machine.show_text(program(machine), "task", task_text(screen.picture, task))
    except SuspendNotSupported:
        screen.console.complain(MachineRefused("this terminal cannot be left to another program"))
    except WarroomError as error:
        screen.console.complain(error)


def screenshot(screen: Stand, _: str) -> None:
    """Write the screen as a picture (SVG) to the folder from which the console was opened."""
    svg = without_fonts_elsewhere(screen.app.export_screenshot(title=f"warroom {screen.SCREEN_NAME}"))
    _write(screen, "svg", svg)


def export(screen: Stand, _: str) -> None:
    """Write the table in view to a file."""
    pane, picture = screen.pane, screen.picture

    async def submit(answers: Answers) -> None:
        rows = rows_of(pane, picture, tasks=screen.SCREEN_NAME == "owner")
        if not rows:
            screen.app.notify("there is nothing to write here", severity="warning", markup=False)
            return
        text = as_csv(rows) if answers["format"] == "csv" else as_json(rows)
        _write(screen, answers["format"], text, "1 row" if len(rows) == 1 else f"{len(rows)} rows")

    field = Field("format", CHOOSE, choices=("csv", "json"), at_once=("csv", "json"))
    screen.app.push_screen(Prompt("Export the table in view", [field], submit, screen.console.complain))


def _write(screen: Stand, ending: str, text: str, what: str = "") -> None:
    machine = screen.console.machine
    if machine is None:
        return
    stem = f"warroom-{screen.SCREEN_NAME}-{screen.console.run_time():%Y%m%dT%H%M%SZ}"
    try:
        path = machine.write(stem, ending, text)
    except WarroomError as error:
        screen.console.complain(error)
        return
    said = f"{path}{f', {what}' if what else ''}"
    screen.app.notify(one_line(said, 300), title="Written", timeout=8, markup=False)


def open_commands(screen: Stand, _: str) -> None:
    screen.console.show_beside("commands")
