"""`warroom problem`: the log of the night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from warroom.actions import problems
from warroom.board.board import Board
from warroom.board.rows import Problem
from warroom.cli.command import Group, Invocation, with_doer, with_optional_reason, with_reason, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.cli.sentences import listed, name_of
from warroom.clock.times import show_time
from warroom.model.problems import MILDEST, WORST
from warroom.rules.gate_documents import problem_document
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import many_lines, one_line
from warroom.vocabulary.words import ProblemStatus

_SEVERITY = click.IntRange(WORST, MILDEST)
_HEADS = ("NO.", "SEV", "STATUS", "OWNER", "DUE", "TASKS", "TITLE")


@click.group(cls=Group)
def problem() -> None:
    """The log of the night: what is wrong, who takes care of it, until when."""


@problem.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@with_run
@click.pass_obj
def list_problems(invocation: Invocation, everything: bool, run: str | None) -> None:
    """List the open problems, the worst first."""
    with looking(invocation, run) as desk:
        board = desk.board
        found = [one for one in board.problems if everything or one.status is ProblemStatus.OPEN]
        found.sort(key=lambda one: (one.status is not ProblemStatus.OPEN, one.severity, one.number))
        if invocation.as_json:
            write_json([problem_document(board, one) for one in found])
        elif found:
            write(columns((_row(board, one) for one in found), _HEADS))
        else:
            write("no problems" if everything else "no open problems")


@problem.command()
@click.argument("number", type=int)
@with_run
@click.pass_obj
def show(invocation: Invocation, number: int, run: str | None) -> None:
    """Show everything about a problem."""
    with looking(invocation, run) as desk:
        board = desk.board
        found = next((one for one in board.problems if one.number == number), None)
        if found is None:
            raise BadInput(f"there is no problem {number}", hint="warroom problem list --all shows them all")
        if invocation.as_json:
            write_json(problem_document(board, found))
        else:
            write("\n".join(_lines(board, found)))


@problem.command("raise")
@click.argument("title")
@click.option("--severity", type=_SEVERITY, required=True, help="1 is the worst, 4 the mildest.")
@click.option("--owner", metavar="HANDLE", help="Who takes care of it.")
@click.option("--workaround", metavar="TEXT", help="How work goes on meanwhile.")
@click.option("--due", metavar="TIME", help="Until when it is to be solved: 2h, 06:00, TIME.")
@click.option("--task", "tasks", multiple=True, metavar="REF", help="A task that it is about; repeatable.")
@with_doer
@click.pass_obj
def raise_(
    invocation: Invocation,
    title: str,
    severity: int,
    owner: str | None,
    workaround: str | None,
    due: str | None,
    tasks: tuple[str, ...],
    done_by: str | None,
) -> None:
    """Log a problem.

    \b
    warroom problem raise "Orders stay in draft" --severity 1 --owner dario --due 2h --task BC-39
    """
    with acting(invocation, done_by) as desk:
        entry = problems.raise_problem(
            desk.state_file,
            desk.caller,
            title=title,
            severity=severity,
            owner=owner,
            workaround=workaround,
            due_at=desk.future(due, "--due"),
            tasks=tasks,
        )
        desk.tell(entry)


@problem.command()
@click.argument("number", type=int)
@click.option("--title", metavar="TEXT")
@click.option("--severity", type=_SEVERITY)
@click.option("--owner", metavar="HANDLE")
@click.option("--workaround", metavar="TEXT")
@click.option("--due", metavar="TIME")
@click.option("--task", "tasks", multiple=True, metavar="REF", help="In place of the tasks that it was about.")
@with_optional_reason
@with_doer
@click.pass_obj
def update(
    invocation: Invocation,
    number: int,
    title: str | None,
    severity: int | None,
    owner: str | None,
    workaround: str | None,
    due: str | None,
    tasks: tuple[str, ...],
    reason: str | None,
    done_by: str | None,
) -> None:
    """Change what is known of an open problem.

    \b
    warroom problem update 3 --severity 2 --workaround "Post by hand"
    """
    with acting(invocation, done_by) as desk:
        given: dict[str, Any] = {
            "title": title,
            "severity": severity,
            "owner": owner,
            "workaround": workaround,
            "due_at": desk.future(due, "--due"),
            "tasks": tasks or None,
        }
        fields = {name: value for name, value in given.items() if value is not None}
        desk.tell(problems.update(desk.state_file, desk.caller, number, fields=fields, reason=reason))


@problem.command()
@click.argument("number", type=int)
@click.option("--outcome", required=True, metavar="TEXT", help="How it was solved, or why it is accepted.")
@click.option("--accept", is_flag=True, help="It is not solved, but lived with.")
@with_doer
@click.pass_obj
def solve(invocation: Invocation, number: int, outcome: str, accept: bool, done_by: str | None) -> None:
    """Close a problem.

    \b
    warroom problem solve 3 --outcome "Number series corrected"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(problems.solve(desk.state_file, desk.caller, number, outcome=outcome, accepted=accept))


@problem.command()
@click.argument("number", type=int)
@with_reason
@with_doer
@click.pass_obj
def reopen(invocation: Invocation, number: int, reason: str, done_by: str | None) -> None:
    """Say that a closed problem is open after all."""
    with acting(invocation, done_by) as desk:
        desk.tell(problems.reopen(desk.state_file, desk.caller, number, reason=reason))


def _row(board: Board, one: Problem) -> tuple[str, ...]:
    due = "" if one.due_at is None else show_time(one.due_at, board.programme.timezone)
    owner = board.handle(one.owner_id) or ""
    return (str(one.number), str(one.severity), one.status.value, owner, due, listed(one.tasks, ""), one.title)


def _lines(board: Board, one: Problem) -> Iterator[str]:
    zone = board.programme.timezone
    yield f"problem {one.number}  {one_line(one.title)}"
    yield ""
    facts = [
        ("severity", str(one.severity)),
        ("status", one.status.value),
        ("owner", name_of(board, one.owner_id)),
        ("raised", f"{show_time(one.raised_at, zone)} by {name_of(board, one.raised_by_id)}"),
    ]
    if one.due_at is not None:
        facts.append(("due", show_time(one.due_at, zone)))
    if one.tasks:
        facts.append(("tasks", listed(one.tasks)))
    if one.closed_at is not None:
        facts.append(("closed", f"{show_time(one.closed_at, zone)} by {name_of(board, one.closed_by_id)}"))
    yield columns(facts, indent="  ")
    for what, text in (("workaround", one.workaround), ("outcome", one.outcome)):
        if text:
            yield ""
            yield what
            yield from (f"  {line}" for line in many_lines(text).splitlines())
