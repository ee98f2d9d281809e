"""`warroom gate`."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click

from warroom.actions import criteria, decisions, gates
from warroom.board.rows import Gate, Task
from warroom.board.task_documents import gate_document
from warroom.cli import typed
from warroom.cli.command import Group, Invocation, with_doer, with_optional_reason, with_reason, with_run
from warroom.cli.desk import ActingDesk, Desk, acting, looking
from warroom.cli.gate_record import FORMATS, record_of
from warroom.cli.gate_text import HEADS, gate_lines, gate_row
from warroom.cli.output import columns, narrate, write, write_json, write_new_file
from warroom.rules.conditions import Basis
from warroom.rules.criteria import asks_confidence
from warroom.rules.gate_documents import live_gate_document
from warroom.vocabulary.decision import Condition
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import AfterNoGo, Verdict, VoteChoice

_with_entity = click.option("--entity", metavar="KEY", help="Of this company, country or site alone.")


@click.group(cls=Group)
def gate() -> None:
    """Show gates, judge their criteria, vote and decide."""


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
            write(columns((gate_row(board, forecast, task, own) for task, own in found), HEADS))
        else:
            write("no gates")


@gate.command()
@click.argument("ref", metavar="GATE")
@with_run
@click.pass_obj
def show(invocation: Invocation, ref: str, run: str | None) -> None:
    """Show a gate: how its criteria stand, its seats and votes, its decisions."""
    with looking(invocation, run) as desk:
        task, own = _gate(desk, ref)
        basis = Basis(desk.board, desk.forecast(), desk.now, _confidence(desk, own))
        if invocation.as_json:
            write_json(live_gate_document(basis, task, own))
        else:
            write("\n".join(gate_lines(basis, task, own)))


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("choice", type=click.Choice([choice.value for choice in VoteChoice]))
@click.option("--seat", metavar="TITLE", help="The seat that is meant, where you could vote in several.")
@click.option("--witness", metavar="HANDLE", help="Who heard the vote read back that you write down with --for.")
@with_optional_reason
@with_doer
@click.pass_obj
def vote(
    invocation: Invocation,
    ref: str,
    choice: str,
    seat: str | None,
    witness: str | None,
    reason: str | None,
    done_by: str | None,
) -> None:
    """Vote on your seat at a gate, or as a substitute; anything but go needs a --reason.

    A vote that somebody gives by voice is written down with --for, before a witness. It counts once they have
    counter-signed it, or at once if the runbook accepts that.

    \b
    warroom gate vote GATE-B go
    warroom gate vote GATE-B no-go --reason "stock differs by 1,204 pieces"
    warroom gate vote GATE-B go --for helene --by voice --witness frank
    """
    with acting(invocation, done_by) as desk:
        chosen = VoteChoice(choice)
        if witness is None:
            entry = gates.vote(desk.state_file, desk.caller, ref, choice=chosen, reason=reason, seat=seat)
        else:
            entry = gates.voice(
                desk.state_file, desk.caller, ref, choice=chosen, witness=witness, reason=reason, seat=seat
            )
        desk.tell(entry)


@gate.command()
@click.argument("ref", metavar="GATE")
@click.pass_obj
def countersign(invocation: Invocation, ref: str) -> None:
    """Say that the vote that was written down for you is yours."""
    with acting(invocation) as desk:
        desk.tell(gates.countersign(desk.state_file, desk.caller, ref))


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("verdict", type=click.Choice([verdict.value for verdict in Verdict]))
@with_reason
@click.option("--entity", "entities", multiple=True, metavar="KEY", help="Decide for this entity only; repeatable.")
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    nargs=3,
    metavar="TEXT HANDLE TIME",
    help="Of a conditional go: what is done, by whom, until when; repeatable. It becomes a task.",
)
@click.option("--then", type=click.Choice([after.value for after in AfterNoGo]), help="What a no-go leads to.")
@click.option("--retry-at", metavar="TIME", help="After a no-go, when it is decided again: 45m, 02:40, TIME.")
@click.option("--reverse", is_flag=True, help="Hold again what the gate has let go.")
@with_doer
@click.pass_obj
def decide(
    invocation: Invocation,
    ref: str,
    verdict: str,
    reason: str,
    entities: tuple[str, ...],
    conditions: tuple[tuple[str, str, str], ...],
    then: str | None,
    retry_at: str | None,
    reverse: bool,
    done_by: str | None,
) -> None:
    """Decide a gate. Go and conditional let its successors start; no-go holds them.

    \b
    warroom gate decide GATE-B go --reason "all totals agree"
    warroom gate decide GATE-C conditional --reason "agreed" --condition "Check ten invoices" olga 09:00
    warroom gate decide GATE-C no-go --reason "stock differs" --retry-at 45m
    warroom gate decide GATE-C go --reason "ready" --entity DE
    """
    with acting(invocation, done_by) as desk:
        _, own = _gate(desk, ref)
        desk.tell(
            decisions.decide(
                desk.state_file,
                desk.caller,
                ref,
                verdict=Verdict(verdict),
                reason=reason,
                entities=entities,
                conditions=[
                    Condition(text, owner, _ahead(desk, due, "--condition")) for text, owner, due in conditions
                ],
                then=None if then is None else AfterNoGo(then),
                retry_at=None if retry_at is None else _ahead(desk, retry_at, "--retry-at"),
                reverse=reverse,
                confidence=_confidence(desk, own),
            )
        )


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("number", type=int)
@click.argument("met", metavar="met|not-met", type=click.Choice(["met", "not-met"]))
@click.option("--evidence", required=True, metavar="TEXT", help="What shows it.")
@_with_entity
@with_doer
@click.pass_obj
def assess(
    invocation: Invocation, ref: str, number: int, met: str, evidence: str, entity: str | None, done_by: str | None
) -> None:
    """Say whether a criterion holds, and what shows it.

    \b
    warroom gate assess GATE-A 2 met --evidence "Signed rota, folder 4"
    warroom gate assess GATE-A 3 not-met --entity FR --evidence "Two key users are missing"
    """
    with acting(invocation, done_by) as desk:
        holds, state_file = met == "met", desk.state_file
        desk.tell(
            criteria.assess(state_file, desk.caller, ref, number=number, met=holds, evidence=evidence, entity=entity)
        )


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("number", type=int)
@click.argument("value")
@click.option("--evidence", metavar="TEXT", help="Where it was read.")
@_with_entity
@with_doer
@click.pass_obj
def measure(
    invocation: Invocation,
    ref: str,
    number: int,
    value: str,
    evidence: str | None,
    entity: str | None,
    done_by: str | None,
) -> None:
    """Record the figure of a criterion.

    \b
    warroom gate measure GATE-A 7 93 --evidence "List of trained users"
    """
    with acting(invocation, done_by) as desk:
        figure, state_file = typed.figure(value), desk.state_file
        desk.tell(
            criteria.measure(
                state_file, desk.caller, ref, number=number, value=figure, evidence=evidence, entity=entity
            )
        )


@gate.command()
@click.argument("ref", metavar="GATE")
@click.argument("number", type=int)
@click.option("--until", required=True, metavar="TIME", help="When the waiver expires: 8h, 06:00, TIME.")
@_with_entity
@with_reason
@click.pass_obj
def waive(invocation: Invocation, ref: str, number: int, until: str, entity: str | None, reason: str) -> None:
    """Do without a criterion for a time, in your own name.

    \b
    warroom gate waive GATE-A 4 --until 36h --reason "The copy is played on Friday"
    """
    with acting(invocation) as desk:
        expires = _ahead(desk, until, "--until")
        state_file = desk.state_file
        desk.tell(
            criteria.waive(
                state_file, desk.caller, ref, number=number, reason=reason, expires_at=expires, entity=entity
            )
        )


@gate.command()
@click.argument("ref", metavar="GATE")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="md", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write it there; an existing file is never overwritten.")
@with_run
@click.pass_obj
def record(invocation: Invocation, ref: str, form: str, output: str | None, run: str | None) -> None:
    """Print the record of a gate's decisions, as they were taken.

    \b
    warroom gate record GATE-C --format html -o gate-c.html
    """
    with looking(invocation, run) as desk:
        task, own = _gate(desk, ref)
        found = record_of(desk.state_file, desk.board, task, own)
    if output is None and invocation.as_json:
        write_json(found.document())
        return
    text = json.dumps(found.document(), ensure_ascii=False, indent=2) if invocation.as_json else FORMATS[form](found)
    if output is None:
        write(text)
        return
    write_new_file(Path(output), text + "\n", "the record")
    narrate(f"the record of {ref} is in {output}")


def _gate(desk: Desk, ref: str) -> tuple[Task, Gate]:
    task = desk.task(ref)
    own = desk.board.gate_of(task.id)
    if own is None:
        raise BadInput(f"{ref} is not a gate", hint="warroom gate list shows the gates")
    return task, own


def _confidence(desk: Desk, gate: Gate) -> Decimal | None:
    """Per cent of the trials that finish inside the window, where a criterion asks for it."""
    if not asks_confidence(desk.board, gate) or desk.board.run is None:
        return None
    return desk.confidence()


def _ahead(desk: ActingDesk, text: str, option: str) -> datetime:
    instant = desk.future(text, option)
    assert instant is not None
    return instant
