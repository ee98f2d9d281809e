"""`warroom backup` and `warroom restore`."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from types import FrameType

import click

from warroom.board.documents import entry_document
from warroom.board.load import load_board
from warroom.cli.command import Command, Invocation
from warroom.cli.desk import insist_on_file_name, opened, path_of, run_names
from warroom.cli.output import narrate, write, write_json, write_json_line
from warroom.clock.source import SystemClock
from warroom.clock.times import iso_utc
from warroom.simulate.demo import journal_line
from warroom.store import standby
from warroom.store.backup import Backup, back_up
from warroom.store.restore import Restored
from warroom.store.restore import restore as restore_backup
from warroom.store.standby import Standing
from warroom.store.statefile import StateFile
from warroom.vocabulary.documents import Document
from warroom.vocabulary.errors import BadInput, WarroomError

LISTED = 20  # entries that were lost and are shown; all are in the file that was moved aside


@click.command(cls=Command)
@click.argument("destination", metavar="[DEST]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--follow",
    metavar="HOST_DIR",
    type=click.Path(path_type=Path),
    help="Keep a standby's copy in that folder, seconds behind, until Ctrl-C.",
)
@click.pass_obj
def backup(invocation: Invocation, destination: Path | None, follow: Path | None) -> None:
    """Make a verified copy of the state file while everybody goes on working.

    DEST is a new file, or a folder in which the copy is named after programme, time, last entry and its hash.

    \b
    warroom backup /mnt/safe
    warroom backup --follow /mnt/standby
    """
    if (destination is None) == (follow is None):
        raise BadInput("say where to", hint="warroom backup DEST, or warroom backup --follow HOST_DIR")
    insist_on_file_name("the backup", destination or follow or "")
    with opened(invocation) as state_file:
        if destination is not None:
            _tell_backup(invocation, back_up(state_file, destination))
        elif follow is not None:
            _follow(invocation, state_file, follow)


def _tell_backup(invocation: Invocation, made: Backup) -> None:
    if invocation.as_json:
        write_json(
            {
                "path": str(made.path),
                "programme": made.programme,
                "seq": made.seq,
                "head": made.head,
                "at": iso_utc(made.at),
                "size_bytes": made.size_bytes,
            }
        )
    else:
        write(str(made.path))
        narrate(f"verified: {made.seq} entries, head {made.head}, {made.size_bytes:,} bytes")


def _follow(invocation: Invocation, state_file: StateFile, folder: Path) -> None:
    stop = Event()

    def ended(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    def told(standing: Standing) -> None:
        if invocation.as_json:
            write_json_line(
                {
                    "path": str(standing.path),
                    "seq": standing.seq,
                    "head": standing.head,
                    "taken": standing.taken,
                    "behind_s": round(standing.behind_s, 3),
                }
            )
        elif standing.taken:
            write(f"entry {standing.seq}, {standing.taken} new, {standing.behind_s:.1f} s behind")
        else:
            write(f"{standing.path}: verified, entry {standing.seq}, head {standing.head}")

    def trouble(error: WarroomError | None) -> None:
        narrate(
            "the standby is kept again"
            if error is None
            else f"the standby cannot be kept: {error.message}; still trying"
        )

    signal.signal(signal.SIGTERM, ended)
    standby.follow(state_file, folder, stop, told=told, trouble=trouble)


@click.command(cls=Command)
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@click.pass_obj
def restore(invocation: Invocation, backup: Path) -> None:
    """Make a backup, or a standby's copy, the state file again.

    It is verified first. A state file that is there is moved aside, never overwritten, and what it had more is told.
    Everybody must have left it.

    \b
    warroom restore warroom.db.backups/acme-20261128T011500Z-412-9f3b0c6e7a21.hourly.db
    warroom restore /mnt/standby/acme-standby.db --db acme.db
    """
    path = path_of(invocation)
    insist_on_file_name("the backup", backup)
    done = restore_backup(backup, path, SystemClock().now())
    if invocation.as_json:
        write_json(_restored_document(done))
        return
    write(str(done.path))
    narrate(f"restored and verified: {done.seq} entries, head {done.head}")
    if done.moved_to is not None:
        narrate(f"the old file is now {done.moved_to}")
    if done.lost.unknown is not None:
        narrate(f"what was lost cannot be told: {done.lost.unknown}")
    elif done.lost.entries:
        _tell_lost(done)
    elif done.moved_to is not None:
        narrate("nothing was lost")


def _restored_document(done: Restored) -> Document:
    with StateFile.open(done.path) as state_file:
        names = run_names(load_board(state_file))
    lost = done.lost.entries
    return {
        "path": str(done.path),
        "seq": done.seq,
        "head": done.head,
        "moved_to": None if done.moved_to is None else str(done.moved_to),
        "lost": None if done.lost.unknown is not None else len(lost),
        "unknown": done.lost.unknown,
        # A run that was started only in what was lost has no name any more.
        "lost_entries": [entry_document(entry, {entry.run or 0: f"run {entry.run}"} | names) for entry in lost],
    }


def _tell_lost(done: Restored) -> None:
    lost = done.lost.entries
    narrate(f"lost: {len(lost)} entries that followed the backup" + (", the last ones:" if len(lost) > LISTED else ":"))
    with StateFile.open(done.path) as state_file:
        board = load_board(state_file)
    for entry in lost[-LISTED:]:
        narrate(f"{entry.seq:>5}  {journal_line(entry, board)}")
