"""One pane per owner, or per stream: what is up now, what comes next, how much is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Task
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.marks import LATE, PUSHED
from warroom.tui.picture.filter import Sieve
from warroom.tui.picture.picture import Picture
from warroom.tui.telling.tasks import short_mark
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import ShownState, TaskState

NOW_LINES, NEXT_LINES = 2, 2
"""How many tasks a pane tells of each kind; where less is up, more of what comes next."""

PANE_LINES = 1 + NOW_LINES + NEXT_LINES + 1
"""Lines of a pane: its title, its tasks, and the space below."""

_UP = frozenset({ShownState.RUNNING, ShownState.VERIFYING, ShownState.BLOCKED, ShownState.FAILED, ShownState.READY})
_URGENCY = (
    ShownState.FAILED,
    ShownState.BLOCKED,
    ShownState.RUNNING,
    ShownState.VERIFYING,
    ShownState.READY,
)


class By(StrEnum):
    """What there is one pane for."""

    OWNER = "owner"
    STREAM = "stream"

    @property
    def other(self) -> By:
        return By.STREAM if self is By.OWNER else By.OWNER


@dataclass(frozen=True, slots=True)
class OwnerPane:
    """What one owner or one stream has to do.

    Attributes:
        key: of the person or the stream.
        title, note: as shown, harmless.
        now: what is up, the most urgent first. `following`: what waits, the next first.
        late: how many open tasks are late, `causes` of them by their own doing.
    """

    key: str
    title: str
    note: str
    now: tuple[Task, ...]
    following: tuple[Task, ...]
    done: int
    total: int
    late: int
    causes: int

    @property
    def ref(self) -> str | None:
        """The task that the pane is about: the most urgent one."""
        first = (*self.now, *self.following)
        return first[0].ref if first else None


def owner_panes(picture: Picture, by: By, sieve: Sieve | None = None) -> tuple[OwnerPane, ...]:
    """The panes in the order of who must act; then those in which something is up, then by when their next task starts.

    What was executed counts with its owner, but it is up for its verifier, who may own nothing.

    Args:
        sieve: only what it keeps is told of; whose pane it is counts as words of the task.
    """
    groups: dict[str, list[Task]] = {}
    to_verify: dict[str, list[Task]] = {}
    board = picture.board
    for task in board.tasks_in_play:
        if task.ref in picture.forecast.delays:
            key = (board.handle(task.owner_id) if by is By.OWNER else task.stream) or ""
            groups.setdefault(key, []).append(task)
            if by is By.OWNER and task.state is TaskState.VERIFYING and task.verifier_id is not None:
                to_verify.setdefault(board.handle(task.verifier_id) or "", []).append(task)
    for key in to_verify:
        groups.setdefault(key, [])
    if sieve is not None:
        groups, to_verify = _sifted(picture, by, groups, sieve), _sifted(picture, by, to_verify, sieve)
        groups.update((key, []) for key in to_verify.keys() - groups.keys())
    panes = [_pane(picture, by, key, tasks, to_verify) for key, tasks in groups.items()]
    return tuple(sorted(panes, key=lambda pane: _order(picture, pane)))


def _sifted(picture: Picture, by: By, groups: Mapping[str, list[Task]], sieve: Sieve) -> dict[str, list[Task]]:
    """What the sieve keeps of them, without those of which nothing is left."""
    kept = {}
    for key, tasks in groups.items():
        whose = f"{key} {' '.join(_named(picture, by, key))}"
        if left := [task for task in tasks if sieve.keeps(task.ref, whose)]:
            kept[key] = left
    return kept


def _pane(picture: Picture, by: By, key: str, tasks: list[Task], to_verify: Mapping[str, list[Task]]) -> OwnerPane:
    board, forecast = picture.board, picture.forecast
    title, note = _named(picture, by, key)
    elsewhere = {task.id for others in to_verify.values() for task in others}
    now = [task for task in tasks if board.shown_state(task) in _UP and task.id not in elsewhere]
    now += to_verify.get(key, [])
    waiting = [task for task in tasks if board.shown_state(task) is ShownState.WAITING]
    late = [task for task in tasks if picture.late(task)]
    return OwnerPane(
        key=key,
        title=title,
        note=note,
        now=tuple(sorted(now, key=lambda task: (_URGENCY.index(board.shown_state(task)), task.position))),
        following=tuple(sorted(waiting, key=lambda task: (forecast.start_of(task), task.position))),
        done=sum(task.state in CLOSED_STATES for task in tasks),
        total=len(tasks),
        late=len(late),
        causes=sum(forecast.delay(task).own >= 60 for task in late),
    )


def _named(picture: Picture, by: By, key: str) -> tuple[str, str]:
    if not key:
        return ("nobody", "no owner") if by is By.OWNER else ("no stream", "")
    if by is By.OWNER:
        person = picture.board.person_called(key)
        return one_line(key, 24), "" if person is None else one_line(person.title or person.name, 40)
    stream = next((stream for stream in picture.board.streams if stream.key == key), None)
    if stream is None:
        return one_line(key, 24), ""
    lead = picture.board.handle(stream.lead_id)
    return one_line(stream.name, 24), "" if lead is None else f"lead {one_line(lead, 20)}"


def _order(picture: Picture, pane: OwnerPane) -> tuple[int, int, int, str]:
    if not pane.now and not pane.following:
        return 3, 0, 0, pane.key
    start = min(picture.forecast.start_of(task) for task in (*pane.now, *pane.following))
    up = {task.ref for task in pane.now}
    wanted = next((place for place, demand in enumerate(picture.demands) if demand.ref in up), None)
    if wanted is not None:
        return 0, wanted, start, pane.key
    return 1 if pane.now else 2, 0, start, pane.key


def pane_lines(picture: Picture, pane: OwnerPane, width: int) -> tuple[Spans, ...]:
    """The lines of a pane, each exactly `width` cells."""
    lines: list[Spans] = [_title_line(pane, width)]
    lines += [_now_line(picture, task, width) for task in pane.now[:NOW_LINES]]
    if not pane.now:
        said = "all done" if not pane.following else "nothing is up"
        lines.append(_exactly(((f"   {said}", "muted"),), width))
    room = NOW_LINES + NEXT_LINES + 1 - len(lines)
    lines += [_next_line(picture, task, width) for task in pane.following[:room]]
    more = max(0, len(pane.now) - NOW_LINES) + max(0, len(pane.following) - room)
    last: Spans = ((f"   +{more} more", "muted"),) if more else ()
    blank = [_exactly((), width)] * (PANE_LINES - 1 - len(lines))
    return (*lines, *blank, _exactly(last, width))


def _title_line(pane: OwnerPane, width: int) -> Spans:
    count: list[Span] = [(f"{pane.done}/{pane.total}", "muted")]
    if pane.late:
        loud = f"{LATE.ink} bold" if pane.causes else "status-pushed bold"
        count.insert(0, (f"{LATE.glyph if pane.causes else PUSHED.glyph} late {pane.late}  ", loud))
    room = max(4, width - width_of(count) - 2)
    note = f" {pane.note}" if pane.note else ""
    title = padded(pane.title, room) if width_of([(pane.title, "")]) >= room else pane.title
    rest = padded(note, max(0, room - width_of([(title, "")]) - 1)) + " "
    return _exactly(((" ", ""), (title, "primary bold"), (rest, "muted"), *count), width)


def _now_line(picture: Picture, task: Task, width: int) -> Spans:
    mark = short_mark(picture, task)
    about = picture.time(picture.forecast.instant(picture.forecast.finish_of(task)))
    tail = f" {mark.word}" + (f" → {about}" if task.actual_start is not None and width >= 44 else "")
    return _task_line(task, (f" {mark.glyph} ", f"{mark.ink} bold"), tail, mark.ink, width, "")


def _next_line(picture: Picture, task: Task, width: int) -> Spans:
    about = picture.time(picture.forecast.instant(picture.forecast.start_of(task)))
    mark = short_mark(picture, task)
    return _task_line(task, (f" {mark.glyph} ", mark.ink), f" {about}", mark.ink, width, "muted")


def _task_line(task: Task, glyph: Span, tail: str, tail_ink: str, width: int, ink: str) -> Spans:
    ref = one_line(task.ref, 12)
    room = max(0, width - 3 - width_of([(ref, ""), (tail, "")]) - 2)
    spans: Spans = (
        glyph,
        (f"{ref} ", ink or "bold"),
        (padded(one_line(task.title, 80), room), ink),
        (tail, tail_ink),
    )
    return _exactly(spans, width)


def _exactly(spans: Iterable[Span], width: int) -> Spans:
    """The spans in exactly `width` cells."""
    fitted: list[Span] = []
    room = width
    for text, ink in spans:
        cut = padded(text, room) if width_of([(text, ink)]) > room else text
        if cut:
            fitted.append((cut, ink))
            room -= width_of([(cut, ink)])
    if room:
        fitted.append((" " * room, ""))
    return tuple(fitted)
