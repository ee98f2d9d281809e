"""What the header says, as pieces that fall away, the least important first, where the terminal is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.clock.durations import MINUTE, show_duration
from warroom.clock.run_clock import LIFE
from warroom.clock.times import show_distance, show_iso, show_offset
from warroom.rules import permissions
from warroom.tui.drawing.ink import Span, Spans, width_of
from warroom.tui.drawing.marks import BACKOUT, BACKOUT_NOW, GATE, LATE, PUSHED, STATES
from warroom.tui.drawing.shares import share_ink, show_share
from warroom.tui.picture.groups import BACKOUT_GROUP
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.backout import backing_out_spans, time_box_spans
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Role, RunKind, ShownState


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a header tells beside the picture.

    Attributes:
        run_time: what the run's clock shows now, UTC.
        rate: thousandths of life at which it goes; None while there is no run.
        watched: whether somebody watches for alerts.
        trouble: why the Board cannot be kept current.
        replaying: whether the past is shown.
        by_minute: whether the clock shows no seconds; `run_time` is whole minutes then.
        inside: the odds to finish inside the window, from 0 to 1; None where they are not known.
        on_line: how many people have a console open; None where that is not told.
    """

    run_time: datetime
    rate: int | None
    watched: bool
    read_only: bool
    trouble: WarroomError | None
    replaying: bool = False
    by_minute: bool = False
    inside: float | None = None
    on_line: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; where room is short the piece of the highest `rank` goes first.

    Attributes:
        right: set to the right.
        short: what is said in its place where there is no room for all of it.
    """

    spans: Spans
    rank: int = 0
    right: bool = False
    short: Spans = ()


def run_ink(picture: Picture) -> str:
    """The ink of the run's colour: live, rehearsal, or a mere plan."""
    run = picture.board.run
    if run is None:
        return "run-plan"
    return "run-live" if run.kind_of_run is RunKind.LIVE else "run-rehearsal"


def badge(picture: Picture) -> str:
    """What is played, in words that cannot be mistaken."""
    run = picture.board.run
    if run is None:
        return "PLAN, no run started"
    kind = "● LIVE" if run.kind_of_run is RunKind.LIVE else f"◌ REHEARSAL {one_line(run.name, 24)}"
    return kind if run.closed_at is None else f"{kind} · CLOSED"


def clock_text(picture: Picture, run_time: datetime, *, seconds: bool = True) -> str:
    """The run's clock in the programme's zone, and its distance from the window start. The zone is named by its city,
    and in the hour that comes twice by what tells which one it is."""
    zone = picture.zone
    shown = show_iso(run_time, zone, seconds=seconds)
    if len(shown.split()) == len(("weekday", "date", "time")):
        shown += " " + zone.key.rpartition("/")[2].replace("_", " ")
    since = (run_time - picture.forecast.origin) // timedelta(seconds=1)
    return f"{shown}  {show_offset(since)}"


def title_line(picture: Picture, around: Surroundings) -> list[Piece]:
    """Programme, run, clock, speed, who I am, whether somebody watches."""
    what = badge(picture)
    if around.replaying:
        what = f"REPLAY of {what.lstrip('●◌ ')}"
    pieces = [
        Piece(
            ((one_line(picture.board.programme.name, 40), "bold"),),
            rank=5,
            short=((one_line(picture.board.programme.name, 12), "bold"),),
        ),
        Piece(((f" {what} ", "reverse bold"),)),
        Piece(((clock_text(picture, around.run_time, seconds=not around.by_minute), "bold"),)),
    ]
    if around.rate == 0 and picture.in_run:
        pieces.append(Piece(((" HELD ", "reverse bold"),), rank=1))
    elif around.rate not in (None, LIFE) and picture.in_run:
        pieces.append(Piece(((f"{around.rate / LIFE:g}x", "bold"),), rank=2))
    if doubt := _doubt(picture):
        pieces.append(Piece(doubt, rank=1))
    pieces.append(Piece(((one_line(_who(picture, around), 60), ""),), rank=4, right=True))
    if around.replaying:
        return pieces
    if around.on_line is not None:
        pieces.append(Piece(((f"{around.on_line} on line", ""),), rank=5, right=True))
    watch: Span = ("watch ok", "") if around.watched else ("▲ nobody watching", "bold")
    pieces.append(Piece((watch,), rank=6 if around.watched else 3, right=True))
    return pieces


def _doubt(picture: Picture) -> Spans:
    """What the header says while alerts wait for the clock; nothing while they do not."""
    jump = picture.board.doubted_clock
    if jump is None:
        return ()
    waits = f"{picture.key('console.clock')} confirms" if permissions.may_lead(picture.actor) is None else "alerts wait"
    return ((f"▲ clock set {show_duration(jump.moved_s, sign=True)}: {waits}", "status-late bold"),)


def _who(picture: Picture, around: Surroundings) -> str:
    """Whom one acts as: the handle with the roles, and those for whom one stands in."""
    actor, board = picture.actor, picture.board
    roles = [role.value for role in Role if role in actor.roles]
    others = [handle for key in sorted(actor.stands_for) if (handle := board.handle(key)) is not None]
    said = actor.handle + (f" ({', '.join(roles)})" if roles else "")
    said += f" for {', '.join(others)}" if others else ""
    return said + (" · read-only" if around.read_only else "")


def window_line(picture: Picture, around: Surroundings) -> list[Piece]:
    """Where the forecast stands against the window, and the last moment to turn back."""
    figures, forecast = picture.figures, picture.forecast
    backing_out = backing_out_spans(picture)
    if backing_out is not None:
        return [Piece(backing_out[0]), Piece(backing_out[1], rank=1)]
    float_s = figures.window_float_s
    size = show_duration(abs(float_s))
    end = picture.weekday_time(forecast.instant(forecast.end))
    finish = picture.weekday_time(figures.forecast_finish)
    if float_s >= 0:
        verdict: Spans = (("✓ ", "inside bold"), (f"+{size} inside the window", "inside bold"))
    else:
        verdict = (("▲ ", "beyond bold"), (f"-{size} BEYOND the window", "beyond bold"))
    pieces = [
        Piece((("finished " if figures.over else "finish ", "muted"), (finish, "bold"), ("  ", ""), *verdict)),
        Piece(((f"it ends {end}", "muted"),), rank=5),
    ]
    if (box := time_box_spans(picture, around.run_time)) is not None:
        pieces.append(Piece(box, rank=2))
    decide_by = figures.latest_backout_decision
    if decide_by is None:
        gone = picture.in_run and picture.board.backout_tasks
        pieces.append(Piece((("no way back any more" if gone else "no back-out planned", "muted"),), rank=1))
        return pieces
    left = (decide_by - around.run_time) // timedelta(seconds=1)
    glyph: Span = (f"{BACKOUT.glyph} ", BACKOUT.ink)
    if left >= 0:
        said: Spans = (glyph, ("last back-out ", "muted"), (picture.weekday_time(decide_by), "bold"))
        countdown: Span = (f"  {show_distance(left)}", BACKOUT.ink + " bold" if left < 30 * MINUTE else BACKOUT.ink)
    else:
        said = (glyph, ("back-out too late since ", "beyond"), (picture.weekday_time(decide_by), "beyond bold"))
        countdown = (f"  {show_distance(left)}", "beyond")
    pieces.append(Piece((*said, countdown), rank=1))
    if picture.backed_out is not None:
        done, worst = (picture.weekday_time(forecast.instant(seconds)) for seconds in picture.backed_out)
        told: Spans = ((f"{BACKOUT_NOW.glyph} ", BACKOUT_NOW.ink), ("back out now: done ", "muted"), (done, "bold"))
        pieces.append(Piece((*told, (f", at worst {worst}", "muted")) if worst != done else told, rank=3, short=told))
    return pieces


def counts_line(picture: Picture, around: Surroundings) -> list[Piece]:
    """How many are done, running, late, blocked; the next gate. Trouble with the state file comes before all."""
    figures = picture.figures
    pieces: list[Piece] = []
    if around.trouble is not None:
        said = f"✗ not current: {one_line(around.trouble.message, 120)}"
        pieces.append(Piece(((said, "status-failed reverse bold"),)))
    if picture.impossible:
        first, more = next(iter(picture.impossible)), len(picture.impossible) - 1
        said = f"✗ no hours for {one_line(first, 20)}" + (f" and {more} more" if more else "")
        pieces.append(Piece(((said, "status-failed bold"),), rank=2))
    if picture.forecast.backing_out is not None:
        back = picture.groups[0] if picture.groups and picture.groups[0].key == BACKOUT_GROUP else None
        done, total = (0, 0) if back is None else (back.done, len(back.tasks))
        pieces.append(Piece((("back-out ", "muted"), (f"{done}/{total}", "bold")), rank=1))
    pieces.append(Piece((("done ", "muted"), (f"{figures.done}/{figures.total}", "bold")), rank=1))
    pieces.append(_count(figures.states[ShownState.RUNNING], ShownState.RUNNING, rank=3))
    late = [task for task in figures.late if picture.late(task)]
    causes = sum(picture.forecast.delay(task).own >= MINUTE for task in late)
    if late:
        why = f" ({causes} cause{'' if causes == 1 else 's'})" if causes else ""
        said = f"{LATE.glyph if causes else PUSHED.glyph} late {len(late)}{why}"
        pieces.append(Piece(((said, "status-late bold"),), rank=1))
    else:
        pieces.append(Piece((("late 0", "muted"),), rank=5))
    for state, rank in ((ShownState.BLOCKED, 2), (ShownState.FAILED, 2), (ShownState.VERIFYING, 6)):
        if figures.states[state] or state is ShownState.BLOCKED:
            pieces.append(_count(figures.states[state], state, rank))
    if around.inside is not None and picture.forecast.backing_out is None:
        share: Span = (show_share(around.inside), f"{share_ink(around.inside)} bold")
        pieces.append(Piece((("confidence ", "muted"), share), rank=3))
    if figures.next_gate is not None:
        task, at = figures.next_gate
        glyph: Span = (f"{GATE.glyph} ", GATE.ink)
        when: Span = (f"{one_line(task.ref, 20)} {picture.time(at)}", "bold")
        pieces.append(Piece((glyph, ("next gate ", "muted"), when), rank=4, short=(glyph, when)))
    return pieces


def _count(number: int, state: ShownState, rank: int) -> Piece:
    mark = STATES[state]
    if not number:
        return Piece(((f"{mark.word} 0", "muted"),), rank=rank + 5)
    return Piece(((f"{mark.glyph} {mark.word} {number}", f"{mark.ink} bold"),), rank=rank)


def fitted(pieces: Sequence[Piece], width: int, gap: int = 3) -> Spans:
    """The pieces that fit into `width` cells with `gap` cells between them, and one cell at each end."""
    if sum(width_of(piece.spans) + gap for piece in pieces) - gap > width - 2:
        gap = 2
    room = width - 2 + gap
    kept: dict[int, Spans] = {}
    for index in sorted(range(len(pieces)), key=lambda index: (pieces[index].rank, index)):
        piece = pieces[index]
        said = next((said for said in (piece.spans, piece.short) if said and width_of(said) + gap <= room), None)
        if said is None and not kept:
            said = piece.short or piece.spans
        if said is not None:
            kept[index] = said
            room -= width_of(said) + gap
    slack = max(0, room)
    spans: list[Span] = [(" ", "")]
    pushed = False
    for order, index in enumerate(sorted(kept)):
        space = gap if order else 0
        if pieces[index].right and not pushed:
            space, pushed = space + slack, True
        spans.append((" " * space, ""))
        spans.extend(kept[index])
    return tuple(spans)
