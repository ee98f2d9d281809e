"""What if? The effect of changes on the forecast of a Board: what moves, what breaks, whom to call. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from warroom.board.board import CLOSED_STATES, Board
from warroom.board.calendars import calendars_of
from warroom.board.forecast import Forecast
from warroom.board.rota import owner_at
from warroom.board.rows import Task
from warroom.schedule.backout import Backout
from warroom.schedule.calendars import FAR, Calendar, Interval
from warroom.schedule.columns import Columns
from warroom.schedule.network import Link
from warroom.schedule.whatif import BadChange, Change, Changes, Effect, what_if
from warroom.vocabulary.words import TaskKind


class BreakKind(StrEnum):
    WINDOW = "window"
    GATE = "gate"
    DEADLINE = "deadline"
    BACKOUT = "backout"
    AVAILABILITY = "availability"


_WHY = {
    BreakKind.WINDOW: "the window ends {limit}",
    BreakKind.GATE: "its decision is due {limit}",
    BreakKind.DEADLINE: "it must be finished {limit}",
    BreakKind.BACKOUT: "a back-out must be decided {limit}, before it starts",
    BreakKind.AVAILABILITY: "its owner is off from {limit}",
}


@dataclass(frozen=True, slots=True)
class Break:
    """Something that held and, with the changes, no longer does. Instants and spans are seconds.

    Attributes:
        ref: the task or gate that no longer keeps its time: for a window the one with which it ends, for a back-out
            the point of no return.
        owner: handle of the one to call.
        limit: what it should have kept: the end of the window, when a gate is due, a deadline or fixed time, the
            latest back-out decision; for an availability, when its owner is off for the first time.
        expected: when it happens instead; for an availability, the finish.
        late: by how much the limit is missed; for an availability, how long the owner is off before it is finished.
    """

    kind: BreakKind
    ref: str
    owner: str | None
    limit: int
    expected: int
    late: int

    def why(self, limit: str) -> str:
        """Why it breaks, in words; `limit` is its instant as people read it."""
        return _WHY[self.kind].format(limit=limit)


@dataclass(frozen=True, slots=True)
class Suppositions:
    """What is supposed, of tasks of the main network and of the back-out.

    Attributes:
        changes: of single tasks, by ref.
        owners: keys of the persons to whom tasks go, by ref.
        linked, unlinked: as in `Changes`; of the main network only.
    """

    changes: tuple[Change, ...] = ()
    owners: Mapping[str, int] = field(default_factory=dict)
    linked: tuple[Link, ...] = ()
    unlinked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows. All spans are seconds.

    Attributes:
        effect: on the main network, with its dates.
        finish_moves, window_float: how the finish moves, and what is then left inside the window.
        decide_backout_by: latest safe back-out decision, from the window start; None as in `Forecast`.
        backout_moves: how that decision moves; 0 without one.
        moves: by how much the finishes of open tasks move, the changed ones included, in the order of the runbook.
        breaks: what breaks, by kind.
    """

    effect: Effect = field(repr=False)
    finish_moves: int
    window_float: int
    decide_backout_by: int | None
    backout_moves: int
    moves: dict[str, int]
    breaks: tuple[Break, ...]

    @property
    def breaks_window(self) -> bool:
        return any(found.kind is BreakKind.WINDOW for found in self.breaks)


def suppose(board: Board, forecast: Forecast, suppositions: Suppositions) -> Outcome:
    """What follows from suppositions; what it costs, see `what_if`.

    Args:
        forecast: of `board`, counted back from the window's end (`from_window`).

    Raises:
        BadChange: of a task that is not in the forecast, or is done or skipped; no such link.
        BadNetwork: links that do not make a network.
    """
    back_refs = set() if forecast.backout is None else set(forecast.backout.network.keys)
    changes = [*suppositions.changes, *_of_owners(board, suppositions.owners)]
    of_backout = [change for change in changes if change.key in back_refs]
    of_main = tuple(change for change in changes if change.key not in back_refs)
    effect = what_if(forecast.expected, Changes(of_main, suppositions.linked, suppositions.unlinked))
    decide_by = forecast.decide_backout_by
    if forecast.backout is not None and of_backout:
        decide_by = _changed_backout(forecast.backout, of_backout).latest_decision().decide_by
    before = forecast.decide_backout_by
    return Outcome(
        effect=effect,
        finish_moves=effect.finish_moves,
        window_float=forecast.end - effect.finish,
        decide_backout_by=decide_by,
        backout_moves=0 if decide_by is None or before is None else decide_by - before,
        moves={task.ref: effect.moves[task.ref] for task in board.tasks if task.ref in effect.moves},
        breaks=tuple(_breaks(board, forecast, effect, decide_by, suppositions.owners)),
    )


def sweep(board: Board, forecast: Forecast, slip: int) -> Iterator[tuple[Task, Outcome]]:
    """What follows if a task slips by `slip` seconds, of every open one in turn. Stop reading to cancel the rest."""
    for task in open_tasks(board, forecast):
        yield task, suppose(board, forecast, Suppositions((Change(task.ref, slip=slip),)))


def owner_then(board: Board, effect: Effect, task: Task) -> int | None:
    """The key of the person who would own a task at the time at which it would take place."""
    positions = effect.after.network.positions
    return owner_at(board, task, effect.span(task.ref)[0]) if task.ref in positions else task.owner_id


def ranked(found: Iterable[tuple[Task, Outcome]]) -> list[tuple[Task, Outcome]]:
    """The worst first: what breaks the window, then what breaks most, moves the finish most, moves most others."""
    return sorted(
        found,
        key=lambda pair: (
            not pair[1].breaks_window,
            -len(pair[1].breaks),
            -pair[1].finish_moves,
            -len(pair[1].moves),
            pair[0].position,
        ),
    )


def open_tasks(board: Board, forecast: Forecast) -> list[Task]:
    """The tasks that can still slip, in the order of the runbook."""
    return [task for task in board.tasks if task.ref in forecast.delays and task.state not in CLOSED_STATES]


def _of_owners(board: Board, owners: Mapping[str, int]) -> Iterator[Change]:
    """Other owners as other calendars."""
    calendars = calendars_of(board)
    if calendars is None:
        return
    for ref, person_id in owners.items():
        task = board.task(ref)
        if task is None:
            raise BadChange(f"there is no activity {ref}")
        calendar = calendars.between(task.calendar, person_id)
        yield Change(ref, calendar=Calendar([(-FAR, FAR)], (0, 0)) if calendar is None else calendar)


def _changed_backout(backout: Backout, changes: Iterable[Change]) -> Backout:
    """The back-out with changed durations and calendars, or without what is skipped."""
    network, needed = backout.network, set(backout.network.keys if backout.needed is None else backout.needed)
    for change in changes:
        activity = network.activity(change.key)
        if change.eta is not None or change.not_before is not None:
            raise BadChange(f"{change.key} has no time of its own: it begins when a back-out is decided")
        duration = activity.duration if change.duration is None else change.duration
        activity = replace(
            activity, duration=max(0, duration + change.slip), calendar=change.calendar or activity.calendar
        )
        network = network.with_activities([activity])
        if change.skip:
            needed.discard(change.key)
    return replace(backout, network=network, needed=needed)


def _breaks(
    board: Board, forecast: Forecast, effect: Effect, decide_by: int | None, owners: Mapping[str, int]
) -> Iterator[Break]:
    """What breaks, in the order of the kinds; what was broken before is left out."""
    end = forecast.end
    if effect.before.finish <= end < effect.finish:
        last = _last(effect)
        yield Break(BreakKind.WINDOW, last, _owner(board, effect, last), end, effect.finish, effect.finish - end)
    missed = effect.missed()
    for kind in (BreakKind.GATE, BreakKind.DEADLINE):
        for ref in missed:
            task = board.task(ref)
            if task is not None and (task.kind_of_task is TaskKind.GATE) == (kind is BreakKind.GATE):
                limit, finish = _limit(effect, ref), effect.span(ref)[1]
                yield Break(kind, ref, _owner(board, effect, ref), limit, finish, finish - limit)
    yield from _backout_breaks(board, forecast, effect, decide_by)
    yield from _availability_breaks(board, effect, owners)


def _backout_breaks(board: Board, forecast: Forecast, effect: Effect, decide_by: int | None) -> Iterator[Break]:
    """The point of no return comes when a back-out no longer fits."""
    ref, was = board.plan.point_of_no_return, forecast.decide_backout_by
    if ref is None or decide_by is None or was is None or ref not in effect.after.network.positions:
        return
    start = effect.span(ref)[0]
    before = effect.before.columns.start[effect.before.network.positions[ref]]
    if before <= was and decide_by < start:
        yield Break(BreakKind.BACKOUT, ref, _owner(board, effect, ref), decide_by, start, start - decide_by)


def _availability_breaks(board: Board, effect: Effect, owners: Mapping[str, int]) -> Iterator[Break]:
    """A task no longer fits in the hours of its owner: it is interrupted, or made to go on, while the owner is off."""
    calendars = calendars_of(board)
    if calendars is None:
        return
    for ref in effect.moves:
        task = board.task(ref)
        owner_id = None if task is None else owners.get(ref, None if task.owner_role else task.owner_id)
        available = None if owner_id is None else calendars.of_person(owner_id)
        if available is None:
            continue
        start, finish = _rest(effect.after, ref)
        off = (finish - start) - available.between(start, finish)
        begun, done = _rest(effect.before.columns, ref)
        if off > (done - begun) - available.between(begun, done):
            limit = next((ends for _, ends in available.periods(start, finish)), start)
            yield Break(BreakKind.AVAILABILITY, ref, board.handle(owner_id), limit, finish, off)


def _rest(columns: Columns, ref: str) -> Interval:
    """When what is left of an open task goes on and is finished."""
    position = columns.network.positions[ref]
    return columns.resume[position], columns.finish[position]


def _last(effect: Effect) -> str:
    """The ref of the task with which the window ends."""
    if effect.before.ends_with is not None:
        return effect.before.ends_with
    return effect.after.network.keys[effect.after.finish.index(effect.finish)]


def _limit(effect: Effect, ref: str) -> int:
    """The latest finish that a task's own deadline and fixed times allow."""
    columns = effect.after
    position = columns.network.positions[ref]
    return columns.network.activities[position].latest_finish(begun=columns.begun(position))


def _owner(board: Board, effect: Effect, ref: str) -> str | None:
    task = board.task(ref)
    return None if task is None else board.handle(owner_then(board, effect, task))
