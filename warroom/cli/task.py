"""`warroom task`."""

from __future__ import annotations

from typing import Any

import click

from warroom.actions import confirmations, tasks
from warroom.actions.sheet import record as record_sheet
from warroom.board.documents import entry_document
from warroom.board.figures import is_late
from warroom.board.task_documents import listed_task, task_document
from warroom.cli import typed
from warroom.cli.command import (
    MEDIA,
    Group,
    Invocation,
    with_doer,
    with_optional_reason,
    with_reason,
    with_run,
    with_time_and_note,
)
from warroom.cli.desk import acting, looking, run_names
from warroom.cli.identity import insist_on_person
from warroom.cli.output import narrate, write, write_json
from warroom.cli.plan_changes import COMMANDS
from warroom.cli.run_sheet import read_sheet, read_text
from warroom.cli.task_corrections import correct, reopen, rerun, settle
from warroom.cli.task_text import task_lines, task_table
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import Medium, Result, ShownState


@click.group(cls=Group)
def task() -> None:
    """Show tasks and work on them."""


for correction in (reopen, rerun, settle, correct):
    task.add_command(correction)


@task.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice([state.value for state in ShownState]))
@click.option("--owner", metavar="HANDLE", help="Only the tasks that are theirs.")
@click.option("--late", is_flag=True, help="Only open tasks that will finish later than planned.")
@with_run
@click.pass_obj
def list_tasks(invocation: Invocation, states: tuple[str, ...], owner: str | None, late: bool, run: str | None) -> None:
    """List the tasks and gates of the plan, in its order.

    \b
    warroom task list --state ready --owner dario
    warroom task list --late
    """
    with looking(invocation, run) as desk:
        board, forecast = desk.board, desk.forecast()
        if owner is not None:
            insist_on_person(board, owner)
        found = [
            task
            for task in (*board.tasks, *board.backout_tasks)
            if task.ref in forecast.delays
            and (not states or board.shown_state(task).value in states)
            and (owner is None or board.handle(task.owner_id) == owner)
            and (not late or is_late(task, forecast))
        ]
        if invocation.as_json:
            write_json([listed_task(board, forecast, task) for task in found])
        else:
            write(task_table(board, forecast, found) if found else "no tasks")


@task.command()
@click.argument("ref")
@with_run
@click.pass_obj
def show(invocation: Invocation, ref: str, run: str | None) -> None:
    """Show everything about a task."""
    with looking(invocation, run) as desk:
        board, forecast, found = desk.board, desk.forecast(), desk.task(ref)
        if invocation.as_json:
            write_json(task_document(board, forecast, found))
        else:
            write("\n".join(task_lines(board, forecast, found)))


@task.command()
@click.argument("ref")
@with_time_and_note
@with_doer
@click.pass_obj
def start(invocation: Invocation, ref: str, at: str | None, note: str | None, done_by: str | None) -> None:
    """Start a task.

    \b
    warroom task start BC-24
    warroom task start BC-24 --at 02:10 --for dario
    """
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.start(desk.state_file, desk.caller, ref, at=desk.past(at), note=note))


@task.command()
@click.argument("ref")
@with_doer
@click.pass_obj
def confirm(invocation: Invocation, ref: str, done_by: str | None) -> None:
    """Confirm a task that requires several people, as one of them: before it starts that you are there, while it runs
    that it is finished.

    \b
    warroom task confirm BC-28
    warroom task confirm BC-28 --for mei --by phone
    """
    with acting(invocation, done_by) as desk:
        desk.tell(confirmations.confirm(desk.state_file, desk.caller, ref))


@task.command()
@click.argument("ref")
@click.option("--result", type=click.Choice([result.value for result in Result]), help="How a test or check ended.")
@click.option("--document", "documents", multiple=True, metavar="NUMBER", help="A business document that a test made.")
@with_optional_reason
@with_time_and_note
@with_doer
@click.pass_obj
def done(
    invocation: Invocation,
    ref: str,
    result: str | None,
    documents: tuple[str, ...],
    at: str | None,
    note: str | None,
    done_by: str | None,
    reason: str | None,
) -> None:
    """Finish a running task; with a verifier, it is then to be verified. Of a communication, the text must have been
    sent; a lead may give a reason why not.

    \b
    warroom task done BC-24 --note "4 rejects, listed in the folder"
    warroom task done BC-31 --result pass --document SO-1001 --document INV-1007
    """
    with acting(invocation, done_by) as desk:
        outcome = None if result is None else Result(result)
        told: dict[str, Any] = {"result": outcome, "note": note, "documents": documents, "reason": reason}
        desk.tell(tasks.done(desk.state_file, desk.caller, ref, at=desk.past(at), **told))


@task.command()
@click.argument("ref")
@with_time_and_note
@with_doer
@click.pass_obj
def verify(invocation: Invocation, ref: str, at: str | None, note: str | None, done_by: str | None) -> None:
    """Verify a task that somebody else has executed."""
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.verify(desk.state_file, desk.caller, ref, at=desk.past(at), note=note))


@task.command()
@click.argument("ref")
@with_reason
@click.option("--on", metavar="WHAT", help="Handle of a person, number of a problem, or key of a party.")
@click.option("--ticket", metavar="TEXT", help="By what name they know of it.")
@click.option("--promised", metavar="TIME", help="Until when they promised to be done: 45m, 02:40.")
@click.option("--chase", metavar="TIME", help="When they are asked again: 30m, 02:10.")
@with_doer
@click.pass_obj
def block(
    invocation: Invocation,
    ref: str,
    reason: str,
    on: str | None,
    ticket: str | None,
    promised: str | None,
    chase: str | None,
    done_by: str | None,
) -> None:
    """Say that a task cannot go on, and why; and, as far as it is known, for what it waits.

    \b
    warroom task block BC-24 --reason "no bank file" --on bank --ticket INC-4711 --promised 02:40 --chase 30m
    """
    with acting(invocation, done_by) as desk:
        promise, again = desk.future(promised, "--promised"), desk.future(chase, "--chase")
        desk.tell(
            tasks.block(
                desk.state_file,
                desk.caller,
                ref,
                reason=reason,
                on=on,
                ticket=ticket,
                promise=promise,
                chase=again,
            )
        )


@task.command()
@click.argument("ref")
@with_optional_reason
@with_doer
@click.pass_obj
def unblock(invocation: Invocation, ref: str, reason: str | None, done_by: str | None) -> None:
    """Say that a blocked task can go on."""
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.unblock(desk.state_file, desk.caller, ref, reason=reason))


@task.command()
@click.argument("ref")
@with_reason
@with_doer
@click.pass_obj
def skip(invocation: Invocation, ref: str, reason: str, done_by: str | None) -> None:
    """Leave a task out. What waits for it may start."""
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.skip(desk.state_file, desk.caller, ref, reason=reason))


@task.command()
@click.argument("ref")
@with_reason
@with_doer
@click.pass_obj
def fail(invocation: Invocation, ref: str, reason: str, done_by: str | None) -> None:
    """Say that a task has failed. What waits for it is held."""
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.fail(desk.state_file, desk.caller, ref, reason=reason))


@task.command()
@click.argument("ref")
@click.argument("when", metavar="45m|02:40|TIME")
@with_reason
@with_doer
@click.pass_obj
def eta(invocation: Invocation, ref: str, when: str, reason: str, done_by: str | None) -> None:
    """Say when a started or blocked task will be finished, and why then.

    A span counts from now; a time of day is the next one.

    \b
    warroom task eta BC-24 45m --reason "rejects in the price list"
    warroom task eta BC-24 02:40 --reason "second load needed"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.eta(desk.state_file, desk.caller, ref, eta=desk.expected(when), reason=reason))


@task.command()
@click.argument("ref")
@click.argument("counted", metavar="N/M")
@click.argument("unit", required=False)
@with_doer
@click.pass_obj
def progress(invocation: Invocation, ref: str, counted: str, unit: str | None, done_by: str | None) -> None:
    """Say how much of a running task is done; the rate so far gives its ETA.

    \b
    warroom task progress BC-24 412000/1200000 rows
    """
    count, total = typed.progress(counted)
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.progress(desk.state_file, desk.caller, ref, done=count, total=total, unit=unit))


@task.command()
@click.argument("ref")
@click.argument("text")
@with_doer
@click.pass_obj
def note(invocation: Invocation, ref: str, text: str, done_by: str | None) -> None:
    """Write something down about a task.

    \b
    warroom task note BC-24 "the vendor is on the bridge from 03:00"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(tasks.note(desk.state_file, desk.caller, ref, text=text))


@task.command()
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--line", "lines", multiple=True, metavar="LINE", help="A line in place of FILE; may be repeated.")
@click.option("--by", type=MEDIA, help="How all of it was told.")
@click.pass_obj
def record(invocation: Invocation, file: str | None, lines: tuple[str, ...], by: str | None) -> None:
    """Record what was done on paper or told by phone: all lines of a run sheet, or none.

    A line says ref, verb, who, time and note, as CSV. The verbs are start, confirm, done, verify, block, unblock,
    skip, fail, note, and tick (of REF.N). Who and time may be left out: it was you, and now.

    \b
    BC-24,start,dario,02:10
    BC-24.1 BC-24.2,tick,dario,02:30,0 rejects
    BC-24,done,dario,02:40,412 rows
    """
    if (file is None) is not bool(lines):
        raise BadInput("a run sheet is a file or lines", hint="give FILE, - for standard input, or --line LINE")
    # Before the state file is open, which it may be: that would drop SQLite's locks on it.
    text = "\n".join(lines) if file is None else read_text(file)
    name = "--line" if file is None else file
    with acting(invocation) as desk:
        told = read_sheet(text, name, desk, separator="," if file is None else None)
        medium = None if by is None else Medium(by)
        entries = record_sheet(desk.state_file, desk.caller, told, name=name, by=medium)
        if invocation.as_json:
            names = run_names(desk.board)
            write_json([entry_document(entry, names) for entry in entries])
        else:
            count = len(entries)
            of = "" if file is None else f" of {file}"
            narrate(f"recorded {'one line' if count == 1 else f'{count} lines'}{of}")


for command in COMMANDS:
    task.add_command(command)
