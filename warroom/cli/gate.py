"""`warroom gate`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from warroom.actions import gates
from warroom.board.board import Board
from warroom.board.documents import gate_document
from warroom.board.forecast import Forecast
from warroom.board.rows import Gate, Task
from warroom.cli.command import Group, Invocation, with_doer, with_optional_reason, with_reason, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.cli.sentences import name_of
from warroom.cli.task_text import shown_state
from warroom.clock.times import show_time
from warroom.rules.gates import verdict_denied
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import TaskState, Verdict, VoteChoice

_HEADS = ("REF", "STATE", "VERDICT", "VOTES", "QUORUM", "EXPECTED", "TITLE")


@click.group(cls=Group)
def gate() -> None:
    """Show gates, vote and decide."""


@gate.command("list")
@with_run
@click.pass_obj
def list_gates(invocation: Invocation, run: str | None) -> None:
    """List the gates, in the order of the runbook."""
    with looking(invocation, run) as desk:
        board, forecast = desk.board, desk.forecast()
        found = [(task, own) for task in board.tasks if (own := board.gate_of(task.id)) is not None]
        if invocation.as_json:
            write_json([gate_document(board, forecast, task, own) for task, own in found])
        elif found:
            write(columns((_row(board, forecast, task, own) for task, own in found), _HEADS))
        else:
            write("no gates")


@gate.command()
@click.argument("ref", metavar="GATE")
@with_run
@click.pass_obj
def show(invocation: Invocation, ref: str, run: str | None) -> None:
    """Show a gate with its criteria, seats and votes."""
    with looking(invocation, run) as desk:
        board, forecast, task = desk.board, desk.forecast(), desk.task(ref)
        own = board.gate_of(task.id)
        if own is None:
            raise BadInput(f"{ref} is not a gate", hint="warroom gate list shows the gates")
        if invocation.as_json:
            write_json(gate_document(board, forecast, task, own))
        else:
            write("\n".join(_lines(board, forecast, task, own)))


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("choice", type=click.Choice([choice.value for choice in VoteChoice]))
@with_optional_reason
@with_doer
@click.pass_obj
def vote(invocation: Invocation, ref: str, choice: str, reason: str | None, done_by: str | None) -> None:
    """Vote on your seat at a gate; anything but go needs a --reason.

    \b
    warroom gate vote GATE-B go
    warroom gate vote GATE-B no-go --reason "stock differs by 1,204 pieces"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(gates.vote(desk.state_file, desk.caller, ref, choice=VoteChoice(choice), reason=reason))


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@with_reason
@with_doer
@click.pass_obj
def decide(invocation: Invocation, ref: str, verdict: str, reason: str, done_by: str | None) -> None:
    """Decide a gate. Go and conditional let its successors start; no-go holds them.

    \b
    warroom gate decide GATE-B go --reason "all totals agree"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(gates.decide(desk.state_file, desk.caller, ref, verdict=Verdict(verdict), reason=reason))


def _row(board: Board, forecast: Forecast, task: Task, gate: Gate) -> tuple[str, ...]:
    expected = ""
    if task.ref in forecast.delays:
        expected = show_time(forecast.instant(forecast.of(task).finish), board.programme.timezone)
    return (
        task.ref,
        shown_state(board, task),
        "" if gate.verdict is None else gate.verdict.value,
        f"{len(board.votes(gate.id))} of {len(board.seats(gate.id))}",
        str(gate.quorum),
        expected,
        task.title,
    )


def _lines(board: Board, forecast: Forecast, task: Task, gate: Gate) -> Iterator[str]:
    zone = board.programme.timezone
    yield f"{one_line(task.ref)}  {one_line(task.title)}"
    yield ""
    facts = [("state", shown_state(board, task)), ("decider", name_of(board, task.owner_id))]
    if gate.due_s is not None:
        facts.append(("due", show_time(forecast.instant(gate.due_s), zone)))
    if task.ref in forecast.delays:
        facts.append(("expected", show_time(forecast.instant(forecast.of(task).finish), zone)))
    facts.append(("quorum", str(gate.quorum)))
    if gate.verdict is not None and gate.decided_at is not None:
        facts.append(("verdict", f"{gate.verdict.value}: {gate.decision_reason}"))
        facts.append(("decided", f"{show_time(gate.decided_at, zone)} by {name_of(board, gate.decided_by_id)}"))
    elif task.state is not TaskState.SKIPPED:
        facts.append(("go", _why_not_go(board, task, gate)))
    yield columns(facts, indent="  ")
    if criteria := board.criteria(gate.id):
        yield ""
        yield "criteria"
        yield from (f"  - {one_line(criterion.text)}" for criterion in criteria)
    votes = {vote.seat_id: vote for vote in board.votes(gate.id)}
    if seats := board.seats(gate.id):
        yield ""
        yield "seats"
        rows = []
        for seat in seats:
            vote = votes.get(seat.id)
            cast = ("–", "", "") if vote is None else (vote.choice.value, show_time(vote.at, zone), vote.reason or "")
            rows.append((seat.title, name_of(board, seat.person_id), *cast))
        yield columns(rows, indent="  ")


def _why_not_go(board: Board, task: Task, gate: Gate) -> str:
    denied = verdict_denied(
        Verdict.GO,
        quorum=gate.quorum,
        votes=[vote.choice for vote in board.votes(gate.id)],
        open_predecessors=[predecessor.ref for predecessor in board.open_predecessors(task.id)],
    )
    return "can be given now" if denied is None else f"cannot be given yet: {denied}"
