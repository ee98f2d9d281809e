"""A gate as items: its seats with their votes, its criteria, its verdict, and what it still waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from rich.cells import cell_len

from warroom.board.board import CLOSED_STATES
from warroom.board.rows import Control, Gate, Person, Seat, Task, Vote
from warroom.clock.durations import MINUTE, show_duration
from warroom.rules.gates import verdict_denied
from warroom.tui.countdowns import due_s
from warroom.tui.ink import Span, Spans, padded
from warroom.tui.marks import LATE, VERDICTS, Mark
from warroom.tui.picture import Picture
from warroom.tui.task_texts import short_mark
from warroom.tui.widgets.listing import Item
from warroom.tui.wrapping import wrapped
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskKind, TaskState, Verdict, VoteChoice

VOTES: dict[VoteChoice, Mark] = {
    VoteChoice.GO: Mark("✓", "go", "status-done"),
    VoteChoice.NO_GO: Mark("✗", "no-go", "status-failed"),
    VoteChoice.CONDITIONAL: Mark("◐", "conditional", "status-ready"),
    VoteChoice.ABSTAIN: Mark("»", "abstain", "status-skipped"),
}
_NO_VOTE = Mark("◌", "no vote yet", "status-waiting")

UPSTREAM = 12
"""How many of the open tasks before a gate are told one by one."""


def gates_of(picture: Picture) -> tuple[Task, ...]:
    """The gates of the plan that is shown, in the order of the runbook."""
    return tuple(
        task
        for task in picture.board.tasks
        if task.kind_of_task is TaskKind.GATE and task.ref in picture.forecast.delays
    )


def next_gate(picture: Picture) -> Task | None:
    """The undecided gate that is expected first, else the last gate there is."""
    if picture.figures.next_gate is not None:
        return picture.figures.next_gate[0]
    gates = gates_of(picture)
    return gates[-1] if gates else None


def heading(text: str, note: str = "", ink: str = "muted") -> Item:
    """The line above a section."""
    return Item((((f" {text}", "primary bold"), (f"  {note}" if note else "", ink)),))


def gate_items(picture: Picture, task: Task, width: int) -> tuple[Item, ...]:
    """Verdict, votes and criteria of a gate."""
    gate = picture.board.gate_of(task.id)
    if gate is None:
        return ()
    return (
        *_verdict_items(picture, task, gate, width),
        *vote_items(picture, gate, width),
        *criterion_items(picture, gate, width),
        *_instruction_items(task, width),
    )


def _verdict_items(picture: Picture, task: Task, gate: Gate, width: int) -> Iterator[Item]:
    if gate.verdict is not None:
        mark = VERDICTS[gate.verdict]
        by = _person_text(picture.board.person(gate.decided_by_id))
        at = "" if gate.decided_at is None else f" at {picture.time(gate.decided_at)}"
        yield heading("Verdict")
        lines: list[Spans] = [
            ((f"   {mark.glyph} {mark.word.upper()} ", f"{mark.ink} bold reverse"), (f" by {by}{at}", "bold"))
        ]
        lines += [((f"     {line}", mark.ink),) for line in wrapped(gate.decision_reason or "", width - 7, most=4)]
        yield Item(tuple(lines))
        if gate.verdict is not Verdict.NO_GO:
            return
    if task.state is TaskState.SKIPPED:
        yield heading("Skipped", one_line(task.closing_reason or ""))
        return
    votes = [vote.choice for vote in picture.board.votes(gate.id)]
    holding = [one_line(one.ref, 20) for one in picture.board.open_predecessors(task.id)]
    denied = verdict_denied(Verdict.GO, quorum=gate.quorum, votes=votes, open_predecessors=holding)
    decider = one_line(picture.board.handle(task.owner_id) or "nobody", 20)
    if denied is None:
        said: Spans = (("   ✓ ", "inside bold"), (f"go can be given: {decider} decides (D)", "inside bold"))
        yield Item((said,))
    else:
        yield _hanging(f"go cannot be given yet: {denied}", "▲ ", width, "status-ready")


def vote_items(picture: Picture, gate: Gate, width: int) -> Iterator[Item]:
    """The seats with their votes: what, when, why; those that differ from the rest or from the verdict say so."""
    board = picture.board
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    seats = board.seats(gate.id)
    cast = sum(vote.choice is not VoteChoice.ABSTAIN for vote in votes.values())
    reached = "reached" if cast >= gate.quorum else "open"
    note = f"{len(votes)} of {len(seats)} in · quorum {cast}/{gate.quorum} {reached}"
    yield heading("Votes", note, "inside" if cast >= gate.quorum else "status-ready")
    names = [(one_line(seat.title, 24), _holder(picture, seat)) for seat in seats]
    widths = tuple(max((cell_len(pair[column]) for pair in names), default=0) for column in range(2))
    for seat, (title, holder) in zip(seats, names, strict=True):
        who: Spans = ((f"{padded(title, widths[0])}  ", "bold"), (f"{padded(holder, widths[1])}  ", ""))
        yield Item(tuple(_seat_lines(picture, gate, seat, who, votes, width)))


def _holder(picture: Picture, seat: Seat) -> str:
    """Who holds a seat."""
    you = " (you)" if seat.person_id == picture.actor.person_id else ""
    return one_line(picture.board.handle(seat.person_id) or "–", 16) + you


def _seat_lines(
    picture: Picture, gate: Gate, seat: Seat, who: Spans, votes: Mapping[int, Vote], width: int
) -> Iterator[Spans]:
    vote = votes.get(seat.id)
    mark = _NO_VOTE if vote is None else VOTES[vote.choice]
    spans: list[Span] = [
        (f"   {mark.glyph} ", f"{mark.ink} bold"),
        *who,
        (mark.word, f"{mark.ink}" if vote is None else f"{mark.ink} bold"),
    ]
    if vote is None:
        person = picture.board.person(seat.person_id)
        if person is not None and person.phone:
            spans.append((f"  {one_line(person.phone, 24)}", "muted"))
        yield tuple(spans)
        return
    spans.append((f"  {picture.time(vote.at)}", "muted"))
    if dissents(gate, vote, votes.values()):
        spans.append(("  ▲ dissent", "status-late bold"))
    yield tuple(spans)
    if vote.reason:
        for line in wrapped(one_line(vote.reason), width - 8, most=3):
            yield ((f"     {line}", mark.ink),)


def dissents(gate: Gate, vote: Vote, votes: Iterable[Vote]) -> bool:
    """Whether a vote stands against the verdict, or, while there is none, against a vote of the opposite kind."""
    if vote.choice is VoteChoice.ABSTAIN:
        return False
    against = vote.choice is VoteChoice.NO_GO
    if gate.verdict is not None:
        return against is not (gate.verdict is Verdict.NO_GO)
    return against and any(other.choice in (VoteChoice.GO, VoteChoice.CONDITIONAL) for other in votes)


def criterion_items(picture: Picture, gate: Gate, width: int) -> Iterator[Item]:
    """The criteria, each with its number."""
    criteria = picture.board.criteria(gate.id)
    yield heading("Criteria", "" if criteria else "none are written down")
    for number, criterion in enumerate(criteria, start=1):
        yield _hanging(one_line(criterion.text), f"{number}. ", width)


def _instruction_items(task: Task, width: int) -> Iterator[Item]:
    if task.instructions:
        yield heading("Instructions")
        yield Item(tuple(((f"   {line}", "muted"),) for line in wrapped(task.instructions, width - 4, most=12)))


def standing_items(picture: Picture, task: Task, width: int) -> tuple[Item, ...]:
    """Where a gate stands: its times, the window, what is still open before it, the controls, what calls for a
    back-out."""
    gate = picture.board.gate_of(task.id)
    if gate is None:
        return ()
    return (
        *_time_items(picture, task, gate),
        *_open_items(picture, task, width),
        *_control_items(picture, width),
        *_trigger_items(picture, width),
    )


def _time_items(picture: Picture, task: Task, gate: Gate) -> Iterator[Item]:
    forecast, figures = picture.forecast, picture.figures
    due, expected = due_s(picture, task, gate), forecast.of(task)
    yield heading("Forecast")
    if gate.decided_at is None:
        over = expected.finish - due
        said: list[Span] = [("   decision ", "muted"), (picture.time(forecast.instant(expected.finish)), "bold")]
        said.append((" (a guess)" if expected.guess else "", "muted"))
        if over >= MINUTE:
            said.append((f"  {LATE.glyph} {show_duration(over)} after it is due", "status-late bold"))
        elif over <= -MINUTE:
            said.append((f"  {show_duration(-over)} before it is due", "inside"))
        yield Item((tuple(said),))
    float_s = figures.window_float_s
    inside = float_s >= 0
    size = show_duration(abs(float_s))
    verdict = f"✓ +{size} inside the window" if inside else f"▲ -{size} BEYOND the window"
    finish: Spans = (
        ("   finish   ", "muted"),
        (picture.time(figures.forecast_finish), "bold"),
        (f"  {verdict}", "inside bold" if inside else "beyond bold"),
    )
    yield Item((finish,))
    duration = forecast.backout_duration
    if figures.latest_backout_decision is not None and duration is not None:
        restored = forecast.at + timedelta(seconds=duration)
        back: Spans = (
            ("   back-out ", "muted"),
            (show_duration(duration), "bold"),
            (f"  decided now: done {picture.time(restored)}", "muted"),
        )
        yield Item((back,))


def _open_items(picture: Picture, task: Task, width: int) -> Iterator[Item]:
    board = picture.board
    direct = {one.id for one in board.open_predecessors(task.id)}
    missing = upstream(picture, task)
    note = f"{len(missing)} tasks open" if len(missing) != 1 else "1 task open"
    yield heading("Evidence missing", note if missing else "nothing: all that it waits for is done", "muted")
    for one in missing[:UPSTREAM]:
        yield Item((_open_line(picture, one, width, one.id in direct),), one.ref)
    if len(missing) > UPSTREAM:
        yield Item((((f"   … and {len(missing) - UPSTREAM} more before them", "muted"),),))


def _open_line(picture: Picture, task: Task, width: int, direct: bool) -> Spans:
    mark = short_mark(picture, task)
    about = picture.time(picture.forecast.instant(picture.forecast.of(task).finish))
    owner = one_line(picture.board.handle(task.owner_id) or "nobody", 16)
    tail = f"  {mark.word}, {owner}, about {about}"
    room = width - 3 - len(one_line(task.ref, 14)) - 2 - len(tail)
    return (
        (f" {mark.glyph} ", f"{mark.ink} bold"),
        (f"{one_line(task.ref, 14)} ", "bold" if direct else ""),
        (padded(one_line(task.title, 80), max(8, room)), "" if direct else "muted"),
        (tail, mark.ink),
    )


def upstream(picture: Picture, task: Task) -> list[Task]:
    """All open tasks that a task waits for, directly or through others: the direct ones first, then by when they are
    expected to finish."""
    board = picture.board
    direct = {one.id for one in board.open_predecessors(task.id)}
    found: dict[int, Task] = {}
    waiting = [task]
    while waiting:
        for one in board.predecessors(waiting.pop().id):
            if one.id not in found and one.state not in CLOSED_STATES and one.ref in picture.forecast.delays:
                found[one.id] = one
                waiting.append(one)
    finish = picture.forecast.of
    return sorted(found.values(), key=lambda one: (one.id not in direct, finish(one).finish, one.position))


def _control_items(picture: Picture, width: int) -> Iterator[Item]:
    controls = picture.board.controls
    if not controls:
        return
    yield heading("Controls", "to be signed")
    for control in controls:
        signs = one_line(picture.board.handle(control.signs_id) or "nobody", 16)
        said = f"   · {one_line(control.name, 60)}, {_tolerance(control)}, {signs}"
        yield Item((((padded(said, width), ""),),))


def _tolerance(control: Control) -> str:
    parts = []
    if control.tolerance_absolute is not None:
        unit = f" {one_line(control.unit, 8)}" if control.unit else ""
        parts.append(f"±{control.tolerance_absolute}{unit}")
    if control.tolerance_percent is not None:
        parts.append(f"±{control.tolerance_percent} %")
    return " or ".join(parts) or "no tolerance"


def _trigger_items(picture: Picture, width: int) -> Iterator[Item]:
    triggers = picture.board.triggers
    if not triggers:
        return
    authority = ", ".join(
        one_line(picture.board.handle(one.person_id) or "nobody", 16) for one in picture.board.backout_authority
    )
    yield heading("What calls for a back-out", f"decided by {authority}" if authority else "")
    for trigger in triggers:
        threshold = f" ({one_line(trigger.threshold, 80)})" if trigger.threshold else ""
        yield _hanging(one_line(trigger.text) + threshold, "· ", width, "muted")


def _hanging(text: str, mark: str, width: int, ink: str = "") -> Item:
    """A text of at most three lines, with a mark before the first of them."""
    lines = wrapped(text, width - len(mark) - 4, most=3)
    return Item(tuple(((f"   {' ' * len(mark) if place else mark}{line}", ink),) for place, line in enumerate(lines)))


def _person_text(person: Person | None) -> str:
    return "somebody" if person is None else one_line(person.name, 40)
