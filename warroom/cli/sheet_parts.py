"""What every print of a run sheet says, in whichever format."""

from __future__ import annotations

from warroom.board.board import Board
from warroom.board.forecast import Forecast
from warroom.board.on_call import bridge_words
from warroom.board.rows import Person
from warroom.board.run_sheets import RunSheet, SheetTask
from warroom.clock.durations import show_duration
from warroom.clock.times import show_time
from warroom.vocabulary.text import one_line
from warroom.vocabulary.words import Role, TaskKind

ENTRY = (
    "Afterwards: f5 in the console; or one line REF,verb,who,HH:MM,note for each thing done, "
    "then: warroom task record FILE --by paper"
)
"""How a filled sheet gets into the state file."""

VERIFIED = "verified"

OTHERWISE = ("failed", "skipped", "blocked")
"""How a task may end that is not done; which one is ticked, and why goes into the note."""

BY = "by"
"""Who did it, where that was not whose sheet it is."""


def sheet_title(sheet: RunSheet) -> str:
    """Whose sheet it is."""
    owner = sheet.owner
    if owner is None:
        return "Nobody owns these yet"
    return one_line(" · ".join(part for part in (owner.name, owner.handle, owner.title, owner.phone) if part))


def head_lines(board: Board, forecast: Forecast) -> list[str]:
    """Of what it is a sheet, as it stood when, and whom to ring."""
    zone = board.programme.timezone
    run = "plan" if board.run is None else f"run {board.run.name}"
    leads = [
        " ".join(part for part in (person.name, person.phone) if part)
        for role in (Role.LEAD, Role.DEPUTY)
        for person in board.rows(Person).values()
        if role in person.roles
    ]
    window = f"{show_time(forecast.origin, zone)} to {show_time(forecast.instant(forecast.end), zone)}"
    lines = [
        f"{board.programme.name} · {run} · as it stood {show_time(forecast.at, zone)} · times of {zone}",
        f"Window {window}",
    ]
    if leads:
        lines.append(f"Lead: {', '.join(dict.fromkeys(leads))}")
    if bridge := bridge_words(board):
        lines.append(f"Bridge: {bridge}")
    return [one_line(line) for line in lines]


def filled(one: SheetTask) -> tuple[str, ...]:
    """What is written beside a task by hand, each with a time."""
    if one.task.kind_of_task is TaskKind.GATE:
        return ("decided",)
    return ("started", "done") if one.verifier is None else ("started", "done", VERIFIED)


def fact_line(board: Board, one: SheetTask) -> str:
    """When it is expected, how long it takes, how it stands, and who verifies it."""
    zone = board.programme.timezone
    said = [
        f"about {show_time(one.start, zone)} to {show_time(one.finish, zone, day=False)}",
        f"takes {show_duration(one.task.duration_s)}",
        one.state.value,
    ]
    if one.verifier is not None:
        said.append(f"verified by {one.verifier}")
    return one_line(" · ".join(said))


def waiting_lines(one: SheetTask) -> list[str]:
    """For what it waits, and what waits for it."""
    lines = []
    if one.waits_for:
        lines.append(f"Waits for {', '.join(one.waits_for)}")
    if one.told:
        lines.append(f"Waits for this: {', '.join(one.told)}")
    return [one_line(line, 1000) for line in lines]
