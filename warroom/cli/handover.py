"""`warroom handover`: handing over a shift."""

from __future__ import annotations

from collections.abc import Iterator

import click

from warroom.actions import handovers
from warroom.board.board import Board
from warroom.board.people_documents import handover_document, shift_document
from warroom.board.rows import ShiftHandover
from warroom.cli.command import Group, Invocation, with_doer, with_run
from warroom.cli.desk import acting, looking
from warroom.cli.identity import insist_on_person
from warroom.cli.output import columns, write, write_json
from warroom.clock.times import parse_iso_utc, show_time
from warroom.vocabulary.documents import Document
from warroom.vocabulary.text import one_line

_HEADS = ("LEAVING", "COMING", "OFFERED", "ACCEPTED", "NOTE")


@click.group(cls=Group)
def handover() -> None:
    """Hand over a shift: offered by the one leaving, accepted by the one coming in."""


@handover.command("list")
@with_run
@click.pass_obj
def list_handovers(invocation: Invocation, run: str | None) -> None:
    """List the shifts that are offered and those that went over, oldest first."""
    with looking(invocation, run) as desk:
        board = desk.board
        documents = [handover_document(board, one) for one in board.rows(ShiftHandover).values()]
        if invocation.as_json:
            write_json(documents)
        elif documents:
            write(columns((_row(board, document) for document in documents), _HEADS))
        else:
            write("no shift has been handed over")


@handover.command()
@click.argument("who", metavar="HANDLE")
@click.option("--to", metavar="HANDLE", help="Who would take it; else whoever is asked for in the offer.")
@with_run
@click.pass_obj
def show(invocation: Invocation, who: str, to: str | None, run: str | None) -> None:
    """Show what the one who takes over the shift of HANDLE must know.

    What was done since that shift began, what runs, what is next within two hours, what is blocked, when things are
    expected, and decisions due.
    """
    with looking(invocation, run) as desk:
        board = desk.board
        for named in (who, to):
            if named is not None:
                insist_on_person(board, named)
        leaving = board.person_called(who)
        assert leaving is not None
        offers = [one for one in board.rows(ShiftHandover).values() if one.leaving_id == leaving.id]
        coming = board.person(offers[-1].coming_id) if to is None and offers else board.person_called(to or "")
        document = shift_document(board, desk.forecast(), leaving, coming)
        if invocation.as_json:
            write_json(document)
        else:
            write("\n".join(_lines(board, document)))


@handover.command()
@click.argument("who", metavar="HANDLE")
@click.option("--to", metavar="HANDLE", help="Who takes it. Default: whoever accepts it.")
@click.option("--note", metavar="TEXT", help="What the next one should know.")
@with_doer
@click.pass_obj
def give(invocation: Invocation, who: str, to: str | None, note: str | None, done_by: str | None) -> None:
    """Offer the shift of HANDLE, who leaves. Nothing goes over before somebody accepts it.

    \b
    warroom handover give dario --to priya --note "rejects of BC-24 are in the folder"
    """
    with acting(invocation, done_by) as desk:
        desk.tell(handovers.give(desk.state_file, desk.caller, who, to=to, note=note))


@handover.command()
@click.argument("who", metavar="HANDLE", required=False)
@with_doer
@click.pass_obj
def accept(invocation: Invocation, who: str | None, done_by: str | None) -> None:
    """Accept the shift of HANDLE: all their open tasks are yours then. Gates and votes stay with whom they are.

    \b
    warroom handover accept dario
    """
    with acting(invocation, done_by) as desk:
        desk.tell(handovers.accept(desk.state_file, desk.caller, who))


def _row(board: Board, document: Document) -> tuple[str, ...]:
    def at(instant: str | None) -> str:
        return "" if instant is None else show_time(parse_iso_utc(instant), board.programme.timezone)

    return (
        document["leaving"],
        document["coming"] or "whoever accepts",
        at(document["given_at"]),
        at(document["accepted_at"]) or "not yet",
        document["note"] or "",
    )


def _lines(board: Board, document: Document) -> Iterator[str]:
    zone = board.programme.timezone

    def at(instant: str | None) -> str:
        return "" if instant is None else show_time(parse_iso_utc(instant), zone)

    coming = "" if document["coming"] is None else f", to {document['coming']}"
    yield one_line(f"Shift of {document['leaving']}{coming}, {at(document['at'])}")
    parts = (
        (f"done since {at(document['since'])}", "done_since", "actual_finish"),
        ("running", "running", "forecast_finish"),
        ("blocked", "blocked", "forecast_finish"),
        ("next two hours", "next", "forecast_start"),
    )
    for title, key, when in parts:
        yield ""
        yield f"{title}: {len(document[key]) or 'nothing'}"
        if document[key]:
            yield columns((_task_row(task, at(task[when])) for task in document[key]), indent="  ")
    yield ""
    yield f"later: {document['later']}"
    if document["decisions"]:
        yield ""
        yield "decisions due, which stay with whom they are"
        rows = [(gate["ref"], at(gate["due"] or gate["expected_at"]), gate["title"]) for gate in document["decisions"]]
        yield columns(rows, indent="  ")
    if document["without_verifier"]:
        yield ""
        yield one_line(f"somebody else must verify: {', '.join(document['without_verifier'])}")


def _task_row(task: Document, when: str) -> tuple[str, ...]:
    said = task["blocked_reason"] or task["closing_reason"] or task["eta_reason"] or ""
    return (task["ref"], task["state"], when, ", ".join(task["as"]), task["title"], said)
