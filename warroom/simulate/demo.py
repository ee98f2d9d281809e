"""The demo: a rehearsal that simulated people play, either at once and printed, or prepared for a console."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TextIO
from uuid import UUID

from warroom.actions import plan, runs
from warroom.board.board import Board
from warroom.board.figures import figures
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.board.told import UNDONE, corrected, odd_clock, tied_out
from warroom.clock.durations import show_duration
from warroom.clock.run_clock import LIFE
from warroom.clock.source import Clock, SteppedClock, SystemClock
from warroom.clock.times import parse_iso_utc, show_offset, show_time
from warroom.runbook.document import RunbookDocument
from warroom.runbook.reader import read_runbook
from warroom.simulate.people import lead_of
from warroom.simulate.play import as_person, play_stepped, rate_of
from warroom.store.statefile import StateFile
from warroom.store.verify import Verification, verify
from warroom.vocabulary.errors import StateFileError
from warroom.vocabulary.journal import Entry
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import RunKind, TaskState, Via

# With this seed the play of the first sample has a block, ETAs with reasons, a first slip within minutes that pushes
# others, a conditional verdict, and a finish shortly before the window's end.
DEFAULT_SEED = 132
DEFAULT_SPEED = 60.0
REHEARSAL = "demo"

_STOPPING_S = 5.0


@dataclass(frozen=True, slots=True)
class Played:
    """A play that is over: where its state file is, the Board at its end, and what verifying the journal gave."""

    path: Path
    board: Board
    verification: Verification


def demo_headless(
    runbook: Path, db: Path | None = None, *, seed: int = DEFAULT_SEED, speed: float = 1.0, out: TextIO
) -> Played:
    """Play a runbook file from its plan's start to its end, print the journal as it grows, and then the result.

    Args:
        db: the state file to make; None: one in a new temporary folder.
        speed: of the run's clock against the recorded times; how long the play takes does not depend on it.
        out: one line for each entry, then the result.

    Raises:
        BadRunbook: the runbook has faults. BadInput: `db` exists, or the speed makes no sense.
        StateFileError: it cannot be written.
    """
    rate = rate_of(speed)
    document = read_runbook(runbook)
    return play_document(document, runbook.name, _path(db), seed=seed, rate=rate, out=out)


def play_document(
    document: RunbookDocument, name: str, path: Path, *, seed: int, rate: int = LIFE, out: TextIO
) -> Played:
    """The same with a runbook that was read already; `name` is its file's, `rate` in thousandths of life.

    Ids, genesis and recorded times come from the seed and a stepped clock that starts at the plan's own start, so two
    plays of one runbook with one seed are equal byte for byte.
    """
    clock = SteppedClock(_plan_start(document))
    new_id = seeded_ids(seed)
    plan.init(path, document, name=name, via=Via.SIMULATOR, clock=clock, new_id=new_id)
    with StateFile.open(path, clock=clock, new_id=new_id) as state_file:
        lead = lead_of(load_board(state_file))
        runs.start(state_file, as_person(lead), kind=RunKind.REHEARSAL, name=REHEARSAL, rate=rate)
        board = load_board(state_file)

        def tell(entry: Entry) -> None:
            print(journal_line(entry, board), file=out)

        for entry in state_file.entries():
            tell(entry)
        board = play_stepped(state_file, clock, seed, on_entry=tell)
        verification = verify(state_file)
    for line in result_lines(board, verification):
        print(line, file=out)
    return Played(path, board, verification)


def prepare_demo(
    runbook: Path,
    db: Path | None = None,
    *,
    seed: int = DEFAULT_SEED,
    speed: float = DEFAULT_SPEED,
    clock: Clock | None = None,
) -> Path:
    """Make the state file of a demo that can be watched: a rehearsal at the start of its window.

    The run's clock shows the plan's own times. What the plan does before its window has been played already, in a past
    that ends now.

    Args:
        db: the state file to make; None: one in a new temporary folder.
        speed: how many times as fast as life the run's clock goes from here on.
        clock: what now is; None: the machine's clock.

    Returns the path of the state file.

    Raises:
        BadRunbook: the runbook has faults. BadInput: `db` exists, or the speed makes no sense.
        StateFileError: it cannot be written.
    """
    rate = rate_of(speed)
    clock = clock or SystemClock()
    document = read_runbook(runbook)
    path = _path(db)
    plan_start, window_start = _plan_start(document), document.window.start
    past = SteppedClock(clock.now() - max(window_start - plan_start, timedelta()))
    plan.init(path, document, name=runbook.name, via=Via.SIMULATOR, clock=past)
    with StateFile.open(path, clock=past) as state_file:
        lead = as_person(lead_of(load_board(state_file)))
        runs.start(state_file, lead, kind=RunKind.REHEARSAL, name=REHEARSAL, at=plan_start)
        play_stepped(state_file, past, seed, until=window_start)
    if rate != LIFE:
        with StateFile.open(path, clock=clock) as state_file:
            runs.set_rate(state_file, lead, rate)
    return path


def spawn_people(db: Path, seed: int = DEFAULT_SEED) -> subprocess.Popen[str]:
    """Start the people in a process of their own, which plays the open run of `db`; end it with `stop_people`.

    It holds the other end of a pipe of this process, and ends by itself where that is killed.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "warroom", "simulate", "--until-eof", "--db", str(db), "--seed", str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,  # it says something only when it ends early, and must not write over a console
        text=True,
        errors="replace",
    )


def stop_people(people: subprocess.Popen[str]) -> str | None:
    """End the process of `spawn_people`. Returns what it had to say if it had failed by itself, else None."""
    failed = people.poll() not in (None, 0)
    if people.poll() is None:
        people.terminate()
    try:
        _, said = people.communicate(timeout=_STOPPING_S)
    except subprocess.TimeoutExpired:
        people.kill()
        _, said = people.communicate()
    return said.strip() if failed else None


def seeded_ids(seed: int) -> Callable[[], UUID]:
    """UUIDs that follow from the seed."""
    draw = Random(f"{seed}:ids")
    return lambda: UUID(int=draw.getrandbits(128), version=4)


def journal_line(entry: Entry, board: Board) -> str:
    """One entry on one line: run time in the programme's zone, T+, who, what, about what, why.

    `board` gives the zone and the window; it may be older or newer than the entry.
    """
    at = entry.run_time or entry.recorded_at
    offset = (at - board.plan.window_start) // timedelta(seconds=1)
    who = entry.who if entry.recorded_by is None else f"{entry.who} ({entry.recorded_by})"
    undone = UNDONE if entry.run == board.run_id and entry.seq in board.undone else None
    said = ": ".join(filter(None, (undone, odd_clock(entry), _outcome(entry, board), entry.reason)))
    line = (
        f"{show_time(at, board.programme.timezone, seconds=True)}  {show_offset(offset):<9}  {one_line(who):<10}  "
        f"{entry.action:<12}  {one_line(entry.subject):<10}  {one_line(said)}"
    )
    return line.rstrip()


def _outcome(entry: Entry, board: Board) -> str | None:
    """The vote, verdict, ETA, corrected time or figures that the entry gives, if it gives one."""
    if said := corrected(board, entry) or tied_out(entry):
        return said
    for change in entry.changes:
        after = change.after or {}
        match entry.action:
            case "gate.vote" | "gate.voice" if change.table == "vote" and "choice" in after:
                return str(after["choice"])
            case "gate.decide" if change.table == "decision" and "verdict" in after:
                return str(after["verdict"])
            case "task.eta" if change.table == "task" and "eta" in after:
                eta = parse_iso_utc(str(after["eta"]))
                return f"ETA {show_time(eta, board.programme.timezone, day=False)}"
    return None


def result_lines(board: Board, verification: Verification) -> list[str]:
    """How a play ended: the finish against the window, the verdicts, the alerts, the journal."""
    run, zone = board.run, board.programme.timezone
    assert run is not None
    last = forecast(board, run.closed_at or run.started_at)
    sums = figures(board, last)
    open_tasks = [task.ref for task in board.tasks if task.state not in (TaskState.DONE, TaskState.SKIPPED)]
    finish = show_time(last.instant(last.finish), zone)
    float_s = last.window_float
    where = f"{show_duration(float_s)} inside" if float_s >= 0 else f"{show_duration(-float_s)} beyond"
    verdicts = [
        f"{task.ref} {'undecided' if gate.verdict is None else gate.verdict.value}"
        for task in board.tasks
        if (gate := board.gate_of(task.id)) is not None
    ]
    raised, still_open = len(board.alerts), len(board.open_alerts)
    if verification.sound:
        journal = f"verified, {verification.entries} entries, head {verification.head}"
    else:
        journal = f"NOT SOUND: {verification.findings[0].message}"
    return [
        "",
        f"tasks    {sums.done} of {sums.total} done" + (f", open: {', '.join(open_tasks)}" if open_tasks else ""),
        f"finish   {finish}, {where} the window that ends {show_time(run.window_end, zone)}",
        f"gates    {', '.join(verdicts) or 'none'}",
        f"alerts   {raised} raised, {still_open} open",
        f"journal  {journal}",
    ]


def _plan_start(document: RunbookDocument) -> datetime:
    return document.window.start + timedelta(seconds=document.plan_start_s)


def _path(db: Path | None) -> Path:
    """Where the state file goes.

    Raises:
        StateFileError: there is no room for a temporary folder.
    """
    if db is not None:
        return db
    try:
        return Path(tempfile.mkdtemp(prefix="warroom-demo-")) / "warroom.db"
    except OSError as error:
        raise StateFileError(
            f"no temporary folder can be made: {error.strerror}", hint="name a state file with --db"
        ) from error
