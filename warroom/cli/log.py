"""`warroom log`: the log of the night whole, with what was decided on the spot and what was written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from warroom.actions import night
from warroom.board.board import Board
from warroom.board.night import decision_document, decisions_of_the_night, paper_document, paper_documents
from warroom.board.rows import PaperDocument, Problem
from warroom.cli.command import Group, Invocation, with_doer, with_reason, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.output import columns, write, write_json
from warroom.cli.sentences import clock_time, name_of
from warroom.rules.gate_documents import problem_document
from warroom.rules.problems import open_problems
from warroom.vocabulary.text import one_line


@click.group(cls=Group)
def log() -> None:
    """The log of the night: problems, decisions taken on the spot, documents made by hand."""


@log.command("list")
@click.option("--all", "everything", is_flag=True, help="What is closed or entered too.")
@with_run
@click.pass_obj
def list_log(invocation: Invocation, everything: bool, run: str | None) -> None:
    """List problems and paper documents that are open, and all decisions."""
    with looking(invocation, run) as desk:
        board = desk.board
        problems = list(board.problems) if everything else open_problems(board.problems)
        papers = [one for one in paper_documents(board) if everything or one.entered_as is None]
        if invocation.as_json:
            write_json(
                {
                    "problems": [problem_document(board, one) for one in problems],
                    "decisions": [decision_document(board, one) for one in decisions_of_the_night(board)],
                    "papers": [paper_document(board, one) for one in papers],
                }
            )
            return
        rows = [*_problems(board, problems), *_decisions(board), *_papers(board, papers)]
        write(columns(rows, ("WHAT", "WHEN", "WHO", "STATUS", "TEXT")) if rows else "the log of the night is empty")


@log.command()
@click.argument("text")
@click.option("--decided-by", metavar="HANDLE", help="Who decided it. Default: you.")
@click.option("--task", "tasks", multiple=True, metavar="REF", help="A task that it is about; repeatable.")
@with_reason
@with_doer
@click.pass_obj
def decision(
    invocation: Invocation,
    text: str,
    decided_by: str | None,
    tasks: tuple[str, ...],
    reason: str,
    done_by: str | None,
) -> None:
    """Write down what was decided on the spot.

    \b
    warroom log decision "Load prices by hand" --decided-by ana --reason "only 40 of them" --task BC-24
    """
    with acting(invocation, done_by) as desk:
        desk.tell(
            night.decide(desk.state_file, desk.caller, text=text, reason=reason, decided_by=decided_by, tasks=tasks)
        )


@log.command()
@click.argument("text")
@click.option("--owner", metavar="HANDLE", help="Who enters it afterwards.")
@click.option("--due", metavar="TIME", help="Until when: 2h, 06:00, TIME.")
@with_doer
@click.pass_obj
def paper(invocation: Invocation, text: str, owner: str | None, due: str | None, done_by: str | None) -> None:
    """Write down that a document was made by hand.

    \b
    warroom log paper "delivery note 4711 to Penrose" --owner mei --due 2h
    """
    with acting(invocation, done_by) as desk:
        desk.tell(night.paper(desk.state_file, desk.caller, text=text, owner=owner, due_at=desk.future(due, "--due")))


@log.command()
@click.argument("number", type=int)
@click.option("--number", "entered_as", required=True, metavar="TEXT", help="What it is in the new system.")
@with_doer
@click.pass_obj
def entered(invocation: Invocation, number: int, entered_as: str, done_by: str | None) -> None:
    """Say that a paper document was entered.

    \b
    warroom log entered 3 --number SH-104233
    """
    with acting(invocation, done_by) as desk:
        desk.tell(night.enter(desk.state_file, desk.caller, number, entered_as=entered_as))


Row = tuple[str, ...]


def _problems(board: Board, found: Iterable[Problem]) -> Iterator[Row]:
    for one in found:
        status = f"{one.status.value}, severity {one.severity}"
        who = name_of(board, one.owner_id)
        yield f"problem {one.number}", clock_time(board, one.raised_at), who, status, one_line(one.title)


def _decisions(board: Board) -> Iterator[Row]:
    for one in decisions_of_the_night(board):
        text = one_line(f"{one.text} ({one.because})")
        yield f"decision {one.number}", clock_time(board, one.at), name_of(board, one.decided_by_id), "decided", text


def _papers(board: Board, found: Iterable[PaperDocument]) -> Iterator[Row]:
    for one in found:
        status = "to be entered" if one.entered_as is None else f"entered as {one_line(one.entered_as, 40)}"
        who = name_of(board, one.owner_id)
        yield f"paper {one.number}", clock_time(board, one.made_at), who, status, one_line(one.text)
