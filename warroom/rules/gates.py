"""Who votes at a gate, what counts, and which verdict can be given: pure functions of what the gate says and of its
seats, votes and decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.board.board import Board, released_at
from warroom.board.rows import Decision, Entity, Gate, Seat, Task, Vote
from warroom.clock.times import show_time
from warroom.rules import permissions
from warroom.rules.assurance import Matter, asked
from warroom.rules.permissions import Actor
from warroom.vocabulary.words import Assurance, DecisionRule, TaskState, Verdict, VoteChoice

RELEASING = frozenset({Verdict.GO, Verdict.CONDITIONAL})
_FOR = frozenset({VoteChoice.GO, VoteChoice.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a seat says; `choice` is None while it says nothing that counts."""

    choice: VoteChoice | None
    chair: bool = False
    veto: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """What a verdict rests on.

    Attributes:
        quorum: so many seats must have voted, abstentions not counted.
        open_predecessors: refs of what the gate still waits for.
        over: the time to vote is over.
        failing: numbers of the criteria that do not hold and are not waived.
    """

    rule: DecisionRule
    quorum: int
    ballots: tuple[Ballot, ...]
    open_predecessors: tuple[str, ...] = ()
    over: bool = False
    failing: tuple[int, ...] = ()

    def count(self, *choices: VoteChoice) -> int:
        return sum(ballot.choice in choices for ballot in self.ballots)

    @property
    def cast(self) -> int:
        """How many seats have voted, abstentions not counted."""
        return self.count(VoteChoice.GO, VoteChoice.CONDITIONAL, VoteChoice.NO_GO)


def closed(task: Task, gate: Gate) -> str | None:
    """Why a gate is neither voted on nor decided any more, in words; None while it is open. A no-go leaves it open:
    going back on it is a new decision, on votes that may have changed. So does a verdict that has become stale, and
    one that holds an entity."""
    if task.state is TaskState.SKIPPED:
        return f"{task.ref} was skipped"
    if gate.verdict in RELEASING and not gate.held and task.stale_since is None:
        return f"{task.ref} is decided already: {gate.verdict}"
    return None


def panel_of(
    board: Board, task: Task, gate: Gate, now: datetime, failing: Iterable[int] = (), entity: str | None = None
) -> Panel:
    """What a verdict on the gate rests on at `now` (run time, UTC); `failing` as in `Panel`.

    Args:
        entity: the verdict is about this one alone, which does not wait for what belongs to another.
    """
    until = votes_until(board, task, gate)
    before = [one for one in board.open_predecessors(task.id) if entity is None or one.entity in (None, entity)]
    return Panel(
        gate.rule,
        gate.quorum,
        ballots(board.seats(gate.id), board.votes(gate.id), asked(board.plan, Matter.VOTE)),
        tuple(predecessor.ref for predecessor in before),
        over=until is not None and now > until,
        failing=tuple(failing),
    )


def verdict_denied(verdict: Verdict, panel: Panel) -> str | None:
    """Why `verdict` cannot be given now, in words; None when it can.

    A verdict needs its quorum. No-go can always be given then, and without it once the time to vote is over. Go and
    conditional need every predecessor finished, and votes that make them by the gate's rule; go also that no criterion
    is known not to hold.
    """
    if panel.cast < panel.quorum and not (verdict is Verdict.NO_GO and panel.over):
        voted = f"{panel.cast} of the seats {'has' if panel.cast == 1 else 'have'} voted"
        return f"the quorum is {panel.quorum}, and {voted}"
    if verdict is Verdict.NO_GO:
        return None
    if (denied := _outvoted(verdict, panel)) is not None:
        return denied
    if panel.open_predecessors:
        return f"it waits for {', '.join(panel.open_predecessors)}"
    if verdict is Verdict.GO and panel.failing:
        numbers = ", ".join(map(str, panel.failing))
        what = "criterion" if len(panel.failing) == 1 else "criteria"
        return f"not met: {what} {numbers}; they are met, waived by name, or conditions of a conditional go"
    return None


def _outvoted(verdict: Verdict, panel: Panel) -> str | None:
    against, favour = panel.count(VoteChoice.NO_GO), panel.count(*_FOR)
    match panel.rule:
        case DecisionRule.UNANIMOUS:
            if against:
                return "a no-go vote stands; it is changed by whoever cast it, or the verdict is no-go"
        case DecisionRule.CHAIR:
            chair = next((ballot.choice for ballot in panel.ballots if ballot.chair), None)
            if chair in (None, VoteChoice.ABSTAIN):
                return "the chair decides, and has not voted"
            if chair == VoteChoice.NO_GO or (chair == VoteChoice.CONDITIONAL and verdict is Verdict.GO):
                return f"the chair decides, and votes {chair}"
        case DecisionRule.VETO | DecisionRule.MAJORITY:
            if any(ballot.veto and ballot.choice is VoteChoice.NO_GO for ballot in panel.ballots):
                return "a veto seat votes no-go"
            if panel.cast and favour <= against:
                tie = ", and a tie is no go" if favour == against else ""
                return f"{favour} voted for it and {against} against{tie}"
    return None


def ballots(seats: Iterable[Seat], votes: Iterable[Vote], wanted: Assurance) -> tuple[Ballot, ...]:
    """What each seat says, in their order; `wanted` is how well it must be known who voted."""
    cast = {vote.seat_id: vote.choice for vote in votes if counts(vote, wanted)}
    return tuple(Ballot(cast.get(seat.id), seat.chair, seat.veto) for seat in seats)


def counts(vote: Vote, wanted: Assurance) -> bool:
    """Whether a vote counts. What its voter said at a console was known well enough when it was recorded; what somebody
    else wrote down for them counts where the runbook accepts that, or once they have counter-signed it."""
    return vote.assurance is not Assurance.PROXY or wanted is Assurance.PROXY


def seats_to_vote_on(
    actor: Actor, seats: Iterable[Seat], votes: Mapping[int, Vote], title: str | None = None
) -> tuple[list[Seat], str | None]:
    """The seats on which the actor's vote goes, or else why there is none, in words that follow their name.

    It goes on the seats that they hold. Who holds none votes as a substitute, where the holder has not voted.

    Args:
        votes: those cast, by seat. title: of the one seat that is meant; None: whichever fits.
    """
    meant = [seat for seat in seats if title is None or seat.title.casefold() == title.casefold()]
    if held := [seat for seat in meant if permissions.may_vote(actor, seat.person_id) is None]:
        return held, None
    mine = [seat for seat in meant if permissions.may_vote(actor, seat.person_id, seat.substitutes) is None]
    if not mine:
        return [], "holds no seat"
    free = [seat for seat in mine if seat.id not in votes or votes[seat.id].person_id != seat.person_id]
    if not free:
        return [], "is a substitute, and the holder has voted: that vote counts"
    if len(free) > 1:
        return [], f"is a substitute in several seats ({', '.join(seat.title for seat in free)}): say in which"
    return free, None


def votes_until(board: Board, task: Task, gate: Gate) -> datetime | None:
    """Until when votes count at the gate (run time, UTC); None: until the decision.

    The time to vote that the runbook gives is that of the first decision; it means nothing where the gate could not
    have been decided by then, as what comes before it was still open.
    """
    rows = board.rows(Task)
    return deadline(gate, board.plan.window_start, [rows[link.predecessor_id] for link in board.links_to(task.id)])


def deadline(gate: Gate, origin: datetime, predecessors: Iterable[Task]) -> datetime | None:
    """The same from the window start (UTC) and the gate's predecessors."""
    if gate.vote_by_s is None or gate.verdict is not None:
        return None
    until = origin + timedelta(seconds=gate.vote_by_s)
    for before in predecessors:
        released = None if before.state is TaskState.FAILED else released_at(before)
        if released is None or released > until:
            return None
    return until


def too_late(until: datetime | None, now: datetime, zone: str) -> str | None:
    """Why no vote counts any more at `now` (run time, UTC), in words; None while one does."""
    return None if until is None or now <= until else f"votes counted until {show_time(until, zone)}"


# --- entities --------------------------------------------------------------------------------------------------------


def entity_keys(board: Board) -> tuple[str, ...]:
    """Keys of the entities of the runbook, in its order."""
    return tuple(one.key for one in sorted(board.rows(Entity).values(), key=lambda one: one.position))


def entity_verdicts(decisions: Iterable[Decision], entities: Sequence[str]) -> dict[str, Verdict | None]:
    """What was decided last about each entity; None: nothing yet."""
    found: dict[str, Verdict | None] = dict.fromkeys(entities)
    for decision in decisions:
        found.update(dict.fromkeys(decision.entities or entities, decision.verdict))
    return found


def standing(verdicts: Mapping[str, Verdict | None]) -> tuple[Verdict | None, tuple[str, ...]]:
    """The verdict of a gate by those on its entities, and the entities that it holds all the same. Where one is let go,
    the gate is decided; where none is and one is still undecided, it is not."""
    released = [verdict for verdict in verdicts.values() if verdict in RELEASING]
    if released:
        overall = Verdict.CONDITIONAL if Verdict.CONDITIONAL in released else Verdict.GO
        return overall, tuple(entity for entity, verdict in verdicts.items() if verdict not in RELEASING)
    return (None if None in verdicts.values() else Verdict.NO_GO), ()


def dissent(verdict: Verdict, choice: VoteChoice) -> bool:
    """Whether a vote stands against the verdict."""
    if choice is VoteChoice.ABSTAIN:
        return False
    return (choice is VoteChoice.NO_GO) is not (verdict is Verdict.NO_GO)
