"""A gate as items: its verdict, its rule, and its seats with their votes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len

from warroom.board.rows import Gate, Person, Seat, Task, Vote
from warroom.rules.assurance import Matter, asked
from warroom.rules.criteria import Judged, failing
from warroom.rules.gates import Panel, closed, counts, panel_of, verdict_denied, votes_until
from warroom.tui.drawing.ink import Span, Spans, padded, width_of
from warroom.tui.drawing.items import Item, hanging, heading, indented
from warroom.tui.drawing.marks import VERDICTS, Mark
from warroom.tui.drawing.picked import OnSeat
from warroom.tui.drawing.wrapping import wrapped
from warroom.tui.gates.criterion_texts import criterion_items
from warroom.tui.picture.picture import Picture
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Assurance, DecisionRule, TaskKind, TaskState, Verdict, VoteChoice

VOTES: dict[VoteChoice, Mark] = {
    VoteChoice.GO: Mark("✓", "go", "status-done"),
    VoteChoice.NO_GO: Mark("✗", "no-go", "status-failed"),
    VoteChoice.CONDITIONAL: Mark("◐", "conditional", "status-ready"),
    VoteChoice.ABSTAIN: Mark("»", "abstain", "status-skipped"),
}
RULES: dict[DecisionRule, str] = {
    DecisionRule.UNANIMOUS: "any no-go blocks",
    DecisionRule.MAJORITY: "most votes decide, a tie is no go",
    DecisionRule.CHAIR: "the chair decides",
    DecisionRule.VETO: "most votes decide, unless a veto seat votes no-go",
}
"""How votes make the verdict, in words."""

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


def gate_items(
    picture: Picture, task: Task, found: Sequence[Judged], width: int, *, short: bool = False
) -> tuple[Item, ...]:
    """Verdict, votes and criteria of a gate; `found`: how its criteria stand. `short`: where there are few lines."""
    gate = picture.board.gate_of(task.id)
    if gate is None:
        return ()
    return (
        *verdict_items(picture, task, gate, found, width),
        *vote_items(picture, task, gate, width),
        *criterion_items(picture, found, width, short=short),
        *_instruction_items(task, width),
    )


def verdict_items(picture: Picture, task: Task, gate: Gate, found: Sequence[Judged], width: int) -> Iterator[Item]:
    """What was decided, and what may be decided now."""
    if gate.verdict is not None:
        yield heading("Verdict")
        yield _decided_item(picture, gate, gate.verdict, width)
    if task.state is TaskState.SKIPPED:
        yield heading("Skipped", one_line(task.closing_reason or ""))
        return
    if closed(task, gate) is not None:
        return
    if picture.board.is_held(task):
        yield hanging("held: the back-out was invoked", "▲ ", width, "beyond bold")
        return
    denied = verdict_denied(Verdict.GO, panel_of(picture.board, task, gate, picture.now, failing(found)))
    decider = one_line(picture.board.handle(task.owner_id) or "nobody", 20)
    if denied is None:
        yield Item(
            (
                (
                    ("   ✓ ", "inside bold"),
                    (f"go can be given: {decider} decides ({picture.key('gate.decide')})", "inside bold"),
                ),
            )
        )
    else:
        yield hanging(f"go cannot be given yet: {one_line(denied)}", "▲ ", width, "status-ready")


def _decided_item(picture: Picture, gate: Gate, verdict: Verdict, width: int) -> Item:
    """The verdict that counts, by whom, why, and what it leads to."""
    mark = VERDICTS[verdict]
    by = _person_text(picture.board.person(gate.decided_by_id))
    at = "" if gate.decided_at is None else f" at {picture.time(gate.decided_at)}"
    lines: list[Spans] = [
        ((f"   {mark.glyph} {mark.word.upper()} ", f"{mark.ink} bold reverse"), (f" by {by}{at}", "bold"))
    ]
    lines += [((f"     {line}", mark.ink),) for line in wrapped(gate.decision_reason or "", width - 7, most=4)]
    if gate.held:
        lines.append(((f"     held: {one_line(', '.join(gate.held), 80)}", "status-failed bold"),))
    decisions = picture.board.decisions(gate.id)
    last = decisions[-1] if decisions else None
    if last is not None and last.afterwards is not None:
        retry = "" if last.retry_at is None else f" at {picture.moment(last.retry_at)}"
        lines.append(((f"     then: {last.afterwards}{retry}", "bold"),))
    return Item(tuple(lines))


def vote_items(picture: Picture, task: Task, gate: Gate, width: int, *, short: bool = False) -> Iterator[Item]:
    """The seats with their votes: what, when, why; those that differ from the rest or from the verdict say so. `short`:
    without the rule by which they make the verdict."""
    board = picture.board
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    seats = board.seats(gate.id)
    panel = panel_of(board, task, gate, picture.now)
    reached = panel.cast >= panel.quorum
    yield heading("Votes", quorum_note(panel, len(votes)), "inside" if reached else "status-ready")
    if not short:
        yield hanging(_rule_text(picture, task, gate), "", width, "muted")
    names = [(_title(seat), _holder(picture, seat, votes.get(seat.id))) for seat in seats]
    widths = tuple(max((cell_len(pair[column]) for pair in names), default=0) for column in range(2))
    for seat, (title, holder) in zip(seats, names, strict=True):
        who: Spans = ((f"{padded(title, widths[0])}  ", "bold"), (f"{padded(holder, widths[1])}  ", ""))
        yield Item(tuple(_seat_lines(picture, gate, seat, who, votes, width)), picked=OnSeat(seat.title))
    own = picture.actor.person_id
    if any(vote.person_id == own and vote.assurance is Assurance.PROXY for vote in votes.values()):
        yield hanging(f"written down for you: {picture.key('gate.countersign')} counter-signs it", "▲ ", width)


def quorum_note(panel: Panel, cast: int) -> str:
    """How many votes are in, and how many of those that count the quorum still wants."""
    reached = "reached" if panel.cast >= panel.quorum else "open"
    return f"{cast} of {len(panel.ballots)} in · quorum {panel.cast}/{panel.quorum} {reached}"


def _rule_text(picture: Picture, task: Task, gate: Gate) -> str:
    """How votes make the verdict, and until when they count."""
    until = votes_until(picture.board, task, gate)
    if until is None:
        return RULES[gate.rule]
    return f"{RULES[gate.rule]} · votes {'count' if until >= picture.now else 'counted'} until {picture.moment(until)}"


def _title(seat: Seat) -> str:
    return one_line(seat.title, 24) + (", chair" if seat.chair else "") + (", veto" if seat.veto else "")


def _holder(picture: Picture, seat: Seat, vote: Vote | None) -> str:
    """Who holds a seat, or who has voted for them."""
    you = " (you)" if seat.person_id == picture.actor.person_id else ""
    holder = one_line(picture.board.handle(seat.person_id) or "–", 16) + you
    if vote is None or vote.person_id == seat.person_id:
        return holder
    return f"{one_line(picture.board.handle(vote.person_id) or '–', 16)} for {holder}"


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
        phone = "" if person is None else one_line(person.phone or "", 24)
        if width_of(spans) + cell_len(phone) + 2 < width:
            yield (*spans, (f"  {phone}", "muted"))
        else:
            yield from (tuple(spans), ((f"     {phone}", "muted"),))
        return
    spans.append((f"  {picture.time(vote.at)}", "muted"))
    if dissents(gate, vote, votes.values()):
        spans.append(("  ▲ dissent", "status-late bold"))
    yield tuple(spans)
    if vote.recorded_by_id is not None:
        yield ((f"     {_voice_text(picture, vote, width - 7)}", "muted"),)
    if vote.reason:
        for line in wrapped(one_line(vote.reason), width - 8, most=3):
            yield ((f"     {line}", mark.ink),)


def _voice_text(picture: Picture, vote: Vote, width: int) -> str:
    """How it is known what somebody voted by voice, and whether that counts."""
    board = picture.board
    said = [f"by voice, recorded by {one_line(board.handle(vote.recorded_by_id) or 'somebody', 16)}"]
    if vote.countersigned_at is not None:
        said.append("counter-signed")
    elif not counts(vote, asked(board.plan, Matter.VOTE)):
        said.insert(0, "▲ counts once it is counter-signed")
    if vote.witness_id is not None:
        said.append(f"read back before {one_line(board.handle(vote.witness_id) or 'somebody', 16)}")
    return next(iter(wrapped("; ".join(said), width, most=1)), "")


def dissents(gate: Gate, vote: Vote, votes: Iterable[Vote]) -> bool:
    """Whether a vote stands against the verdict, or, while there is none, against a vote of the opposite kind."""
    if vote.choice is VoteChoice.ABSTAIN:
        return False
    against = vote.choice is VoteChoice.NO_GO
    if gate.verdict is not None:
        return against is not (gate.verdict is Verdict.NO_GO)
    return against and any(other.choice in (VoteChoice.GO, VoteChoice.CONDITIONAL) for other in votes)


def _instruction_items(task: Task, width: int) -> Iterator[Item]:
    if task.instructions:
        yield heading("Instructions")
        yield indented(task.instructions, width, "muted", most=12)


def _person_text(person: Person | None) -> str:
    return "somebody" if person is None else one_line(person.name, 40)
