"""`warroom evidence`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from warroom.actions import evidence as actions
from warroom.board.board import Board
from warroom.board.rows import Document, Evidence, Step, Task
from warroom.board.task_documents import evidence_document
from warroom.cli import typed
from warroom.cli.command import Group, Invocation, with_doer, with_run
from warroom.cli.desk import acting, looking, opened
from warroom.cli.output import columns, narrate, write, write_json, write_new_file
from warroom.clock.times import show_time
from warroom.host.attaching import Attachment, attachment_of, told_of_size, unreadable
from warroom.store.content import content_of
from warroom.vocabulary.errors import BadInput

_HEADS = ("ID", "TASK", "WHEN", "WHO", "TYPE", "BYTES", "NAME", "NOTE")


@click.group(cls=Group)
def evidence() -> None:
    """Files that show that something is so. They are kept in the state file, with who attached them and when."""


@evidence.command()
@click.argument("ref", metavar="REF")
@click.argument("file", metavar="FILE|-")
@click.option("--name", metavar="NAME", help="What to call it (else the file's own name).")
@click.option("--type", "media_type", metavar="TYPE", help="Its media type, such as image/png (else by its name).")
@click.option("--note", metavar="TEXT", help="What it shows.")
@click.option("--reference-only", is_flag=True, help="Keep only its hash; the file itself stays where it is.")
@with_doer
@click.pass_obj
def add(
    invocation: Invocation,
    ref: str,
    file: str,
    name: str | None,
    media_type: str | None,
    note: str | None,
    reference_only: bool,
    done_by: str | None,
) -> None:
    """Attach a file to the task REF, or to its step REF.N; "-" reads it from standard input.

    Up to 10 MB are kept in the state file. Of a larger file only name, size and hash are kept, and that is said; with
    --reference-only that is done for any file.

    \b
    warroom evidence add BC-24 errors.png --note "error count is 0"
    psql -c "select ..." | warroom evidence add BC-31.2 - --name totals.txt
    """
    task, position = typed.task_or_step(ref)
    # Before the state file is open: it may be that very file, and reading it would drop SQLite's locks on it.
    attached = _read(file, name, media_type, reference_only=reference_only)
    with acting(invocation, done_by) as desk:
        if attached.data is None and not reference_only:
            narrate(told_of_size(attached))
        desk.tell(actions.add(desk.state_file, desk.caller, task, attached=attached, position=position, note=note))


@evidence.command("list")
@click.argument("ref", metavar="[REF]", required=False)
@with_run
@click.pass_obj
def list_evidence(invocation: Invocation, ref: str | None, run: str | None) -> None:
    """List what was attached, to one task or to all."""
    with looking(invocation, run) as desk:
        tasks = (*desk.board.tasks, *desk.board.backout_tasks) if ref is None else (desk.task(ref),)
        found = [each for task in tasks for each in desk.board.evidence(task.id)]
        found.sort(key=lambda each: each.id)
        if invocation.as_json:
            write_json([evidence_document(desk.board, each) for each in found])
        elif found:
            write(columns((_row(desk.board, each) for each in found), _HEADS))
        else:
            write("no evidence")


@evidence.command()
@click.argument("key", metavar="ID", type=click.IntRange(min=1))
@click.option("-o", "--output", metavar="FILE|-", help="Where to write it; a file that is there stays as it is.")
@click.pass_obj
def get(invocation: Invocation, key: int, output: str | None) -> None:
    """Write out an attached file, byte by byte as it was; to standard output, unless -o names a file.

    \b
    warroom evidence get 12 -o totals.txt
    """
    with opened(invocation) as state_file:
        with state_file.read() as reader:
            row = reader.one(Evidence, id=key)
            document = None if row is None else reader.get(Document, row.document_id)
        if document is None:
            raise BadInput(f"there is no evidence {key}", hint="warroom evidence list shows what there is")
        if not document.kept:
            raise BadInput(
                f"{document.name} was only referred to: its bytes are not in the state file",
                hint=f"look where it was kept; its SHA-256 is {document.sha256}",
            )
        data = content_of(state_file, document.sha256)
    if output not in (None, "-"):
        write_new_file(Path(str(output)), data, "the file")
        narrate(f"{output}: {len(data):,} bytes of {document.media_type}, SHA-256 {document.sha256}")
        return
    if output is None and sys.stdout.isatty():
        # Bytes that somebody attached could do anything to a terminal.
        raise BadInput("that could upset your terminal", hint="name a file with -o FILE, or insist with -o -")
    sys.stdout.buffer.write(data)


def _read(file: str, name: str | None, media_type: str | None, *, reference_only: bool) -> Attachment:
    """What is to be attached.

    Raises:
        BadInput: it cannot be read, or is a state file.
    """
    called = name or ("standard input" if file == "-" else Path(file).name)
    try:
        if file == "-":
            return attachment_of(sys.stdin.buffer, called, media_type, reference_only=reference_only)
        with Path(file).open("rb") as stream:
            return attachment_of(stream, called, media_type, reference_only=reference_only)
    except OSError as error:
        raise unreadable(Path(file), error) from None


def _row(board: Board, attached: Evidence) -> tuple[str, ...]:
    document, task = board.rows(Document)[attached.document_id], board.rows(Task)[attached.task_id]
    step = None if attached.step_id is None else board.rows(Step)[attached.step_id]
    size = "" if document.size_bytes is None else f"{document.size_bytes:,}"
    return (
        str(attached.id),
        task.ref if step is None else f"{task.ref}.{step.position}",
        show_time(attached.at, board.programme.timezone),
        board.handle(attached.person_id) or "",
        document.media_type,
        size if document.kept else f"{size} elsewhere",
        document.name,
        attached.note or "",
    )
