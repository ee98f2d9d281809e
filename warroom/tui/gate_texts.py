"""A gate as items: its seats with their votes, its criteria, its verdict, and what it still waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.cells import cell_len

from warroom.board.rows import Gate, Person, Seat, Task, Vote
from warroom.rules.criteria import Basis, failing, judged
from warroom.rules.gates import panel_of, verdict_denied
from warroom.tui.ink import Span, Spans, padded
from warroom.tui.marks import VERDICTS, Mark
from warroom.tui.picture import Picture
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
    if picture.board.is_held(task):
        yield hanging("held: the back-out was invoked", "▲ ", width, "beyond bold")
        return
    basis = Basis(picture.board, picture.forecast, picture.forecast.at)
    panel = panel_of(picture.board, task, gate, basis.now, failing(judged(basis, gate)))
    denied = verdict_denied(Verdict.GO, panel)
    decider = one_line(picture.board.handle(task.owner_id) or "nobody", 20)
    if denied is None:
        said: Spans = (("   ✓ ", "inside bold"), (f"go can be given: {decider} decides (D)", "inside bold"))
        yield Item((said,))
    else:
        yield hanging(f"go cannot be given yet: {one_line(denied)}", "▲ ", width, "status-ready")


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
        yield hanging(one_line(criterion.text), f"{number}. ", width)


def _instruction_items(task: Task, width: int) -> Iterator[Item]:
    if task.instructions:
        yield heading("Instructions")
        yield Item(tuple(((f"   {line}", "muted"),) for line in wrapped(task.instructions, width - 4, most=12)))


def hanging(text: str, mark: str, width: int, ink: str = "") -> Item:
    """A text of at most three lines, with a mark before the first of them."""
    lines = wrapped(text, width - len(mark) - 4, most=3)
    return Item(tuple(((f"   {' ' * len(mark) if place else mark}{line}", ink),) for place, line in enumerate(lines)))


def _person_text(person: Person | None) -> str:
    return "somebody" if person is None else one_line(person.name, 40)
