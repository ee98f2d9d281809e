"""`warroom journal`."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue

import click

from warroom.board.board import Board
from warroom.board.documents import entry_document
from warroom.board.load import board_in, load_board
from warroom.board.rows import Run
from warroom.board.told import concerns
from warroom.cli.command import Group, Invocation
from warroom.cli.desk import looking, opened, run_names, task_called
from warroom.cli.output import columns, narrate, write, write_json, write_json_line
from warroom.simulate.demo import journal_line
from warroom.store.feed import Feed
from warroom.store.seal import Seal, missing_from, read_seal, seal_document
from warroom.store.seal import seal as seal_journal
from warroom.store.statefile import StateFile
from warroom.store.verify import verify as verify_history
from warroom.vocabulary.errors import BadInput, Busy, StateFileError, WarroomError
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line

WAIT_S = 0.5
"""Between two looks at whether somebody pressed Ctrl-C: one that comes just as a wait begins does not end it."""


@click.group(cls=Group)
def journal() -> None:
    """List, follow, verify and seal the journal."""


@journal.command("list")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many entries.")
@click.option("--after", type=click.IntRange(min=0), metavar="SEQ", help="Only the entries that follow that one.")
@click.option("--task", "ref", metavar="REF", help="Only the entries about that task.")
@click.option("--run", "run", metavar="NAME", help="Only the entries of that run.")
@click.pass_obj
def list_entries(
    invocation: Invocation, limit: int | None, after: int | None, ref: str | None, run: str | None
) -> None:
    """List entries, oldest first.

    With --limit the last N entries are listed; together with --after, the first N that follow SEQ.

    \b
    warroom journal list --limit 20
    warroom journal list --task BC-24 --json
    """
    with looking(invocation, run) as desk:
        if ref is not None:
            task_called(desk.board, ref)
        found: Iterable[Entry] = (
            entry
            for entry in desk.state_file.entries(after or 0)
            if (ref is None or concerns(desk.board, entry, ref)) and (run is None or entry.run == desk.board.run_id)
        )
        if limit is not None:
            found = deque(found, maxlen=limit) if after is None else islice(found, limit)
        if invocation.as_json:
            names = run_names(desk.board)
            write_json([entry_document(entry, names) for entry in found])
        else:
            lines = _Lines(desk.state_file)
            for entry in found:
                write(lines.line(entry))


@journal.command()
@click.option("--after", type=click.IntRange(min=0), metavar="SEQ", help="Begin with the entries that follow that one.")
@click.pass_obj
def follow(invocation: Invocation, after: int | None) -> None:
    """Write new entries as they come, until Ctrl-C; with --json, each as one line of JSON."""
    with opened(invocation) as state_file:
        lines = _Lines(state_file)
        for entry in _new_entries(state_file, state_file.head().seq if after is None else after):
            if invocation.as_json:
                write_json_line(entry_document(entry, lines.names(entry)))
            else:
                write(lines.line(entry))


@journal.command()
@click.option("--key", metavar="FILE", help="Sign with that Ed25519 key (else $WARROOM_SEAL_KEY, else unsigned).")
@click.pass_obj
def seal(invocation: Invocation, key: str | None) -> None:
    """Write down the head of the journal, to be kept elsewhere: with it, verify also finds a journal whose end was cut
    off or that was rewritten from end to end.

    \b
    warroom journal seal --json > seal-gate-b.json
    """
    with opened(invocation) as state_file:
        sealed = seal_journal(state_file, state_file.clock.now())
    if key_file := key or os.environ.get("WARROOM_SEAL_KEY"):
        from warroom.store.signing import sign  # dear to import

        sealed = sign(sealed, Path(key_file))
    if invocation.as_json:
        write_json(seal_document(sealed))
        return
    rows = [("entry", str(sealed.seq)), ("hash", sealed.head), ("recorded", sealed.recorded_at or "never")]
    rows += [("sealed", sealed.sealed_at), ("signed by", sealed.public_key or "nobody")]
    if sealed.signature is not None:
        rows.append(("signature", sealed.signature))
    write(columns(rows))


@journal.command()
@click.option("--seal", "seal_file", metavar="FILE", help="The sealed entry, too, must be in its place.")
@click.option("--public-key", metavar="FILE", help="And the seal must be signed by that Ed25519 key.")
@click.pass_obj
def verify(invocation: Invocation, seal_file: str | None, public_key: str | None) -> None:
    """Check that nobody touched history: the chain of hashes, and every table against the journal.

    Exit code 3 if anything is not as it should be. That the end was cut off, or that all of it was rewritten, is found
    with a seal that was kept elsewhere.

    \b
    warroom journal verify --seal seal-gate-b.json --public-key lead.pub
    """
    if public_key is not None and seal_file is None:
        raise BadInput("--public-key is for a seal", hint="name the seal with --seal FILE")
    sealed = None if seal_file is None else _sealed(Path(seal_file), public_key)
    with opened(invocation) as state_file:
        checked = verify_history(state_file)
        if sealed is not None and (missing := missing_from(state_file, sealed)) is not None:
            checked = replace(checked, findings=(*checked.findings, missing))
    if invocation.as_json:
        write_json(
            {
                "sound": checked.sound,
                "entries": checked.entries,
                "head": checked.head,
                "findings": [{"seq": finding.seq, "message": finding.message} for finding in checked.findings],
            }
        )
    elif checked.sound:
        write(f"the journal is sound: {checked.entries} entries, head {checked.head}")
    else:
        for finding in checked.findings:
            place = "" if finding.seq is None else f"entry {finding.seq}: "
            write(one_line(f"{place}{finding.message}"))
    if not checked.sound:
        first = checked.findings[0]
        place = "the state file" if first.seq is None else f"entry {first.seq}"
        raise StateFileError(
            f"history was touched: {place}: {first.message}",
            where=state_file.where,
            hint="go back to a backup from before, and find out who could write to the file",
        )


def _sealed(path: Path, public_key: str | None) -> Seal:
    """The seal in the file `path`.

    Raises:
        BadInput: it is none, or the key is none.
        StateFileError: its signature does not hold.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("the seal cannot be read", where=str(path), hint="name the file that keeps it") from None
    sealed = read_seal(text, str(path))
    if sealed.signature is not None or public_key is not None:
        from warroom.store.signing import fault_of_signature  # dear to import

        fault = fault_of_signature(sealed, None if public_key is None else Path(public_key))
        if fault is not None:
            raise StateFileError(fault, where=str(path), hint="find out who could write to where the seal was kept")
    return sealed


def _new_entries(state_file: StateFile, after: int) -> Iterator[Entry]:
    """The entries that follow `after`, as they come, without end.

    Raises:
        StateFileError: the file cannot be read any more.
    """
    news: SimpleQueue[tuple[Entry, ...] | WarroomError | None] = SimpleQueue()
    feed = Feed(state_file, after, news.put, news.put)
    feed.start()
    try:
        while True:
            try:
                told = news.get(timeout=WAIT_S)
            except Empty:
                continue
            if isinstance(told, Busy):
                narrate(f"{told.message}; still trying")
            elif isinstance(told, WarroomError):
                raise told
            else:
                yield from told or ()
    finally:
        feed.stop()


class _Lines:
    """Writes entries of any run on one line each."""

    def __init__(self, state_file: StateFile) -> None:
        self._state_file = state_file
        self._boards: dict[int | None, Board] = {}
        self._names: dict[int, str] = {}

    def line(self, entry: Entry) -> str:
        """The entry with its seq."""
        return f"{entry.seq:>5}  {journal_line(entry, self._board(entry))}"

    def names(self, entry: Entry) -> dict[int, str]:
        """The names of all runs, that of the entry among them."""
        if entry.run is not None and entry.run not in self._names:
            with self._state_file.read() as reader:
                self._names = {run.id: run.name for run in reader.find(Run)}
        return self._names

    def _board(self, entry: Entry) -> Board:
        """A Board with the window of the entry's run, or of the plan for one outside any run."""
        if entry.run not in self._boards:
            if entry.run is None:
                with self._state_file.read() as reader:
                    board = board_in(reader, self._state_file.genesis, plan_only=True)
            else:
                board = load_board(self._state_file, self.names(entry)[entry.run])
            self._boards[entry.run] = board
        return self._boards[entry.run]
