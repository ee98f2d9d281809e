"""Playing a run with simulated people: on a clock that is moved by hand, or beside real consoles by the run's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Event

from warroom.actions import alerts, runs
from warroom.actions.registry import ACTIONS
from warroom.board.board import CLOSED_STATES, Board
from warroom.board.forecast import forecast
from warroom.board.load import load_board
from warroom.clock.run_clock import LIFE
from warroom.clock.source import SteppedClock
from warroom.rules.alerting.deciding import next_change
from warroom.simulate import announcing
from warroom.simulate.intention import Intention
from warroom.simulate.people import intentions, lead_of, next_intention
from warroom.store.feed import Feed
from warroom.store.statefile import StateFile
from warroom.vocabulary.errors import BadInput, Busy, Refused, WarroomError
from warroom.vocabulary.journal import Caller, Entry
from warroom.vocabulary.words import Assurance, RunKind, Via

FASTEST = 1_000_000  # times as fast as life
CLOSING_NOTE = "Played to its end"

# How long a live play waits at most before it looks whether it shall stop.
_LOOK_S = 0.2
_MICROSECOND = timedelta(microseconds=1)


def rate_of(speed: float) -> int:
    """The rate of a run's clock (thousandths of life) that goes `speed` times as fast as life.

    Raises:
        BadInput: not a number, or out of bounds.
    """
    if not (math.isfinite(speed) and 1 / LIFE <= speed <= FASTEST):
        raise BadInput(f"a speed of {speed:g} makes no sense", hint="give how many times as fast as life, such as 60")
    return round(speed * LIFE)


def as_person(handle: str) -> Caller:
    """The simulated person of that handle, as actions see one."""
    return Caller(handle, Assurance.CLAIMED, Via.SIMULATOR)


def play_stepped(
    state_file: StateFile,
    clock: SteppedClock,
    seed: int,
    *,
    until: datetime | None = None,
    on_entry: Callable[[Entry], None] | None = None,
    sweep: Callable[[StateFile, Board], Board] = alerts.sweep,
) -> Board:
    """Play the open run on a stepped clock, which must be that of `state_file`, and sweep for alerts on the way.

    The clock jumps from one thing that happens to the next, so the play takes as long as the actions do, and depends
    on nothing but the seed and what is in the file. Nobody else may act meanwhile.

    Args:
        until: run time, UTC, at which to stop, before anything that is due then; None plays until nobody means to do
            anything more, and then the lead closes the run.
        on_entry: is given every new entry of the journal, in order.
        sweep: sweeps for alerts, and returns a Board that has what it did.

    Returns the Board at the end.

    Raises:
        Refused: no run is open, its clock is held, or (which is a fault of the play) an action was refused.
    """
    board = load_board(state_file)
    told = board.seq

    def tell() -> None:
        nonlocal told
        if on_entry is not None and board.seq > told:
            for entry in state_file.entries(told):
                on_entry(entry)
        told = board.seq

    _open_run(board)
    board = sweep(state_file, board)
    tell()
    while True:
        now = board.run_time(clock.now())
        intention = next_intention(board, now, seed)
        if intention is None or (until is not None and intention.due >= until):
            break
        change = next_change(board, forecast(board, now))
        if change is not None and change < intention.due:
            _move(clock, board, change)
        else:
            _move(clock, board, intention.due)
            _act(state_file, board, intention)
            board = board.apply(state_file.entries(board.seq))
        board = sweep(state_file, board)
        tell()
    if until is None:
        runs.close(state_file, as_person(lead_of(board)), reason=CLOSING_NOTE)
        board = board.apply(state_file.entries(board.seq))
    else:
        _move(clock, board, until)
        board = sweep(state_file, board)
    tell()
    return board


def play_live(state_file: StateFile, seed: int, stop: Event, *, speed: float | None = None) -> None:
    """Play the open rehearsal by its own clock, beside whoever else acts on it, until everything is finished, the run
    is closed, or `stop` is set. Sweeping for alerts is left to those who watch.

    Args:
        speed: how many times as fast as life the run's clock shall go from now on; None leaves it.

    Raises:
        Refused: no run is open, or it is the live run, in which nobody is simulated.
        WarroomError: the state file cannot be read any more.
    """
    board = load_board(state_file)
    if _open_run(board) is RunKind.LIVE:
        raise Refused(
            "nobody is simulated in the live run", hint="play a rehearsal: warroom run start --rehearsal NAME"
        )
    if speed is not None:
        board = _set_speed(state_file, board, rate_of(speed))
    news: SimpleQueue[tuple[Entry, ...] | WarroomError | None] = SimpleQueue()
    feed = Feed(state_file, board.seq, news.put, news.put)
    feed.start()
    try:
        _follow(state_file, board, seed, stop, news)
    finally:
        feed.stop()


def _follow(
    state_file: StateFile,
    board: Board,
    seed: int,
    stop: Event,
    news: SimpleQueue[tuple[Entry, ...] | WarroomError | None],
) -> None:
    """Do what is due, and wait for what comes next: an instant, or news from others."""
    refused: list[tuple[str, str, str]] = []  # what was refused on this Board, and would be again
    while not stop.is_set() and not _over(board):
        wall = state_file.clock.now()
        now = board.run_time(wall)
        wanted = [
            intention
            for intention in intentions(board, now, seed)
            if (intention.who, intention.action, intention.about) not in refused
        ]
        intention = min(wanted, key=lambda intention: intention.due, default=None)
        told: tuple[Entry, ...] = ()
        try:
            if intention is None or intention.due > now:
                told = _wait(news, _seconds_to(board, intention, wall))
            else:
                _act(state_file, board, intention)
                told = tuple(state_file.entries(board.seq))
        except Refused:
            assert intention is not None
            refused.append((intention.who, intention.action, intention.about))
        except (Busy, BadInput):
            pass  # the file was locked, or the promised time had come meanwhile: the next look tries again
        if told and told[-1].seq > board.seq:
            board = board.apply(told)
            refused.clear()


def _wait(news: SimpleQueue[tuple[Entry, ...] | WarroomError | None], seconds: float) -> tuple[Entry, ...]:
    try:
        told = news.get(timeout=min(seconds, _LOOK_S))
    except Empty:
        return ()
    if isinstance(told, WarroomError):
        raise told
    return told or ()


def _seconds_to(board: Board, intention: Intention | None, wall: datetime) -> float:
    """How long it is until the intention is due; for ever if there is none, or the run's clock is held."""
    clock = board.clock
    due = None if intention is None or clock is None else clock.wall_time(intention.due)
    return math.inf if due is None else max(0.0, (due - wall) / timedelta(seconds=1))


def _act(state_file: StateFile, board: Board, intention: Intention) -> Entry:
    now, sender = board.run_time(state_file.clock.now()), intention.sender
    words = {} if sender is None else announcing.words_of(board, sender, intention.action, intention.who, now)
    return ACTIONS[intention.action](
        state_file,
        as_person(intention.who),
        intention.ref,
        **intention.arguments,
        **words,
        seen=board.last_entry(intention.about),
    )


def _set_speed(state_file: StateFile, board: Board, rate: int) -> Board:
    """Let the run's clock go at `rate`, unless it does already."""
    if board.clock is None or board.clock.rate_at(state_file.clock.now()) == rate:
        return board
    runs.set_rate(state_file, as_person(lead_of(board)), rate)
    return board.apply(state_file.entries(board.seq))


def _move(clock: SteppedClock, board: Board, run_time: datetime) -> None:
    """Move the clock to where the run's own clock shows `run_time`, unless it is past that."""
    wall = None if board.clock is None else board.clock.wall_time(run_time)
    if wall is None:
        raise Refused("the run's clock is held", hint="let it go on with: warroom run resume")
    clock.move_to(max(wall, clock.now()))


def _open_run(board: Board) -> RunKind:
    run = board.run
    if run is None or run.closed_at is not None:
        raise Refused("no run is open", hint="start one with: warroom run start --rehearsal NAME")
    return run.kind_of_run


def _over(board: Board) -> bool:
    run = board.run
    return run is None or run.closed_at is not None or all(task.state in CLOSED_STATES for task in board.tasks_in_play)
