"""Voting on a gate and deciding it: at a console, by voice, with conditions, and going back on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warroom.board.rows import Entity, Seat, Vote
from warroom.rules import permissions
from warroom.rules.gates import RELEASING
from warroom.tui.doing import context as when
from warroom.tui.doing.asked import REASON, About, Asked, person_field, time_field
from warroom.tui.doing.context import Context, Reason
from warroom.tui.doing.prompt import CHOOSE, Answers, Field
from warroom.tui.doing.stand import Stand
from warroom.tui.doing.typed import future
from warroom.tui.drawing.picked import OnSeat
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import AfterNoGo, Assurance, Medium, TaskState, Verdict, VoteChoice

ALL, ANOTHER = "that is all", "another"

_CHOICES = tuple(choice.value for choice in VoteChoice)
_VERDICTS = tuple(verdict.value for verdict in Verdict)


# --- voting ----------------------------------------------------------------------------------------------------------


def vote(screen: Stand, _: str) -> None:
    asked = Asked(screen)

    async def submit(answers: Answers) -> None:
        await asked.act("gate.vote", choice=VoteChoice(answers["vote"]), reason=answers["reason"] or None)

    choice = Field("vote", CHOOSE, required=True, choices=_CHOICES, at_once=(VoteChoice.GO.value,))
    asked.ask("Vote", [choice, Field("reason", "needed unless it is a go")], submit)


def can_record_voice(context: Context) -> Reason:
    """Whether the vote of the seat under the cursor can be written down."""
    if (reason := when.gate_is_open(context)) is not None:
        return reason
    seat = seat_under(context)
    if seat is None:
        return f"stand on the seat whose vote you heard, on the go/no-go panel ({context.key('console.gate')})"
    if seat.person_id == context.actor.person_id:
        return f"it is your own seat: {context.key('gate.vote')} votes"
    return permissions.may_record_vote(context.actor)


def record_voice(screen: Stand, _: str) -> None:
    """Write down what somebody said by voice, and who heard it read back to them."""
    asked, seat = Asked(screen), seat_under(screen.context())
    assert seat is not None
    board = screen.picture.board
    holder = board.handle(seat.person_id) or ""

    async def submit(answers: Answers) -> None:
        await asked.act(
            "gate.voice",
            done_by=answers.get("voter") or holder,
            told_by=Medium.VOICE,
            choice=VoteChoice(answers["vote"]),
            witness=answers["witness"],
            reason=answers["reason"] or None,
            seat=seat.title,
        )

    fields = [
        Field("vote", f"what {one_line(holder, 16)} said; {CHOOSE}", required=True, choices=_CHOICES),
        person_field("witness", "handle of who heard it read back", screen, required=True),
        Field("reason", "needed unless it is a go"),
    ]
    if seat.substitutes:
        names = ", ".join(one_line(handle, 16) for handle in seat.substitutes)
        fields.append(person_field("voter", f"if it was a substitute: {names}", screen))
    asked.ask(f"Vote by voice, {one_line(seat.title, 24)}", fields, submit)


def can_countersign(context: Context) -> Reason:
    """Whether somebody has written down a vote of the person's own."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    if not when.on_a_gate(context):
        return "it is at a gate that votes are counter-signed"
    return None if to_countersign(context) else "no vote of yours was written down by somebody else"


def to_countersign(context: Context) -> tuple[Vote, ...]:
    """The person's own votes at the selected gate that somebody else has written down."""
    gate, own = when.gate_of(context), context.actor.person_id
    if gate is None or own is None:
        return ()
    votes = context.board.votes(gate.id)
    return tuple(vote for vote in votes if vote.person_id == own and vote.assurance is Assurance.PROXY)


async def countersign(screen: Stand, _: str) -> None:
    await Asked(screen).act_or_complain("gate.countersign")


def seat_under(context: Context) -> Seat | None:
    """The seat under the cursor."""
    gate = when.gate_of(context)
    if gate is None or not isinstance(context.picked, OnSeat):
        return None
    return next((seat for seat in context.board.seats(gate.id) if seat.title == context.picked.title), None)


# --- deciding --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Deciding:
    """A decision while its conditions are being put together."""

    verdict: Verdict
    told: dict[str, Any]
    conditions: list[Condition] = field(default_factory=list)
    more: bool = False


def decide(screen: Stand, _: str) -> None:
    """A conditional go asks for its conditions, one by one; a no-go says what follows. Where the programme has
    entities, a verdict may be about some of them."""
    asked, known = Asked(screen), screen.console.odds.known
    entities = sorted(screen.picture.board.rows(Entity).values(), key=lambda entity: entity.position)
    begun: list[_Deciding] = []

    async def submit(answers: Answers) -> None:
        verdict = Verdict(answers["verdict"])
        then, retry_at = _after_no_go(answers, screen) if verdict is Verdict.NO_GO else (None, None)
        told = {
            "reason": answers["reason"],
            "entities": answers.get("entities", "").replace(",", " ").split(),
            "then": then,
            "retry_at": retry_at,
            "confidence": None if known is None else known.per_cent,
        }
        begun[:] = [_Deciding(verdict, told)]
        await _take(asked, begun[0], answers)

    def go_on() -> None:
        if begun[0].more:
            _ask_another(asked, begun[0])
        elif begun[0].told["then"] is AfterNoGo.BACK_OUT:
            screen.console.show_beside("back-out")

    fields = [
        Field("verdict", CHOOSE, required=True, choices=_VERDICTS),
        REASON,
        *_no_go_fields(screen, lambda answers: answers["verdict"] == Verdict.NO_GO.value),
        Field("condition", "what is still to be done; may stay empty", when=_conditional),
        person_field("owner", "handle of who does it", screen, when=_conditional),
        time_field("due", "45m, 2:40", screen, when=_conditional),
        Field("more", CHOOSE, choices=(ALL, ANOTHER), when=_conditional),
    ]
    if entities:
        fields.append(Field("entities", f"empty: all of {', '.join(one_line(one.key, 12) for one in entities)}"))
    asked.ask("Decide", fields, submit, go_on)


def can_reverse(context: Context) -> Reason:
    """Whether the selected gate has let go what could be held again."""
    if (reason := when.can_undo(context)) is not None:
        return reason
    task, gate = context.task, when.gate_of(context)
    if task is None or gate is None:
        return "no gate is selected"
    if context.board.invocation is not None:
        return f"{task.ref} is held: the back-out was invoked"
    if gate.verdict not in RELEASING or task.state is TaskState.SKIPPED:
        return f"{task.ref} has let nothing go that could be held again"
    return permissions.may_decide(context.actor, context.people(task))


def reverse(screen: Stand, _: str) -> None:
    """Decide no-go after all: what the gate has let go is held again."""
    asked, known = Asked(screen), screen.console.odds.known

    async def submit(answers: Answers) -> None:
        then, retry_at = _after_no_go(answers, screen)
        await asked.act(
            "gate.decide",
            verdict=Verdict.NO_GO,
            reason=answers["reason"],
            then=then,
            retry_at=retry_at,
            reverse=True,
            confidence=None if known is None else known.per_cent,
        )

    asked.ask("No-go after all, hold again", [REASON, *_no_go_fields(screen, lambda _: True)], submit)


def _no_go_fields(screen: Stand, wanted: Any) -> tuple[Field, ...]:
    """What follows a no-go."""
    choices = tuple(then.value for then in AfterNoGo)
    return (
        Field("then", f"after a no-go; {CHOOSE}", choices=choices, when=wanted),
        time_field("retry", "decided again in 45m, at 2:40", screen, when=wanted),
    )


def _after_no_go(answers: Answers, screen: Stand) -> tuple[AfterNoGo, datetime | None]:
    """What follows a no-go, and when it is decided again (run time, UTC).

    Raises:
        BadInput: the time is none, or it is missing.
    """
    if answers["retry"]:
        return AfterNoGo.RETRY, future(answers["retry"], screen.console.run_time(), screen.picture)
    then = AfterNoGo(answers["then"])
    if then is AfterNoGo.RETRY:
        raise BadInput("say when it is decided again", hint="such as 45m, 2:40 or Sat 02:40")
    return then, None


def _conditional(answers: Answers) -> bool:
    return answers["verdict"] == Verdict.CONDITIONAL.value


async def _take(asked: About, deciding: _Deciding, answers: Answers) -> None:
    """Take in a condition; decide, unless there is another one.

    Raises:
        WarroomError: the condition cannot be, or the decision was refused.
    """
    condition = _condition(answers, asked.screen)
    deciding.more = condition is not None and answers["more"] == ANOTHER
    found = [*deciding.conditions, *(() if condition is None else (condition,))]
    if not deciding.more:
        await asked.act("gate.decide", verdict=deciding.verdict, conditions=found, **deciding.told)
    deciding.conditions = found


def _condition(answers: Answers, screen: Stand) -> Condition | None:
    """The condition that was typed; None where there is none.

    Raises:
        BadInput: there is nobody of that handle, or no such time ahead.
    """
    text, owner = answers["condition"], answers["owner"]
    if not text:
        if owner or answers["due"]:
            raise BadInput("say what is still to be done")
        return None
    if screen.picture.board.person_called(owner) is None:
        raise BadInput(f"there is nobody called {owner}" if owner else "say who does it")
    return Condition(text, owner, future(answers["due"], screen.console.run_time(), screen.picture))


def _ask_another(asked: About, deciding: _Deciding) -> None:
    screen = asked.screen

    async def submit(answers: Answers) -> None:
        await _take(asked, deciding, answers)

    def go_on() -> None:
        if deciding.more:
            _ask_another(asked, deciding)

    fields = [
        Field("condition", "what is still to be done; empty: no more"),
        person_field("owner", "handle of who does it", screen),
        time_field("due", "45m, 2:40", screen),
        Field("more", CHOOSE, choices=(ALL, ANOTHER)),
    ]
    asked.ask(f"Condition {len(deciding.conditions) + 1}, nothing is decided yet", fields, submit, go_on)
