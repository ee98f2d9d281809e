"""`warroom runbook diff` and `warroom runbook apply`: comparing plans, and making one what a file says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from warroom.actions import plan_file
from warroom.board.board import Board
from warroom.board.effect import Effect, effect_document, effect_of, effect_sentence
from warroom.board.forecast import Forecast, forecast
from warroom.board.from_runbook import bare_board
from warroom.board.plan_rows import column_word, show_value
from warroom.board.rows import Task
from warroom.cli.command import Command, Invocation, with_reason
from warroom.cli.desk import Desk, acting, data_date, plan_start
from warroom.cli.output import columns, narrate, write, write_json
from warroom.cli.plan_effect import tell_change
from warroom.clock.times import parse_iso_utc, show_time
from warroom.lint.differences import Difference, How, differences
from warroom.runbook.reader import read_runbook
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line

_INSTANTS = ("window_start", "window_end", "restore_by")


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="[A] B")
@click.pass_obj
def diff(invocation: Invocation, files: tuple[str, ...]) -> None:
    """Say what differs between two runbooks, field by field, and what that does to the forecast.

    With one file, the loaded plan is compared with it: the open run's copy, else the latest version.

    \b
    warroom runbook diff monday.yaml friday.yaml
    warroom runbook diff friday.yaml --db cutover.db --json
    """
    if len(files) > 2:
        raise BadInput("two plans are compared", hint="warroom runbook diff A B, or diff B for the loaded plan and B")
    if len(files) == 1:
        document = read_runbook(files[0])
        with acting(invocation) as desk:
            before, after = plan_file.foresee(desk.state_file, desk.caller, document=document)
            _tell(invocation, before, after, _effect(desk, before, after))
        return
    if invocation.db is not None:
        raise BadInput("two files are compared without a state file", hint="leave --db or the first file out")
    before, after = (bare_board(read_runbook(file)) for file in files)
    _tell(invocation, before, after, effect_of(_plan_forecast(before), _plan_forecast(after)))


@click.command(name="apply", cls=Command)
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Only say what would change, and what that would do to the forecast.")
@with_reason
@click.pass_obj
def apply_file(invocation: Invocation, file: str, dry_run: bool, reason: str) -> None:
    """Make the loaded plan say what a runbook says: all of it, or nothing.

    While a run is open, its copy of the plan is changed, and nothing that has begun may be: all that speaks against it
    is told at once. Otherwise the plan gets a new version, which the next run starts from. People who are not in the
    file stay.

    \b
    warroom runbook apply friday.yaml --dry-run --reason "as agreed"
    warroom runbook apply friday.yaml --reason "as agreed"
    """
    document = read_runbook(file)
    with acting(invocation) as desk:
        before, after = plan_file.foresee(desk.state_file, desk.caller, document=document)
        if dry_run or not differences(before, after):
            _tell(invocation, before, after, _effect(desk, before, after))
            return
        entry = plan_file.apply(desk.state_file, desk.caller, document=document, name=Path(file).name, reason=reason)
        if before.run is not None:
            tell_change(desk, entry)
        else:
            desk.tell(entry)
            if not invocation.as_json:
                narrate(effect_sentence(_effect(desk, before, after), desk.zone))


def _effect(desk: Desk, before: Board, after: Board) -> Effect:
    at = data_date(before, desk.wall)
    return effect_of(forecast(before, at), forecast(after, at) if after.run is not None else _plan_forecast(after))


def _plan_forecast(board: Board) -> Forecast:
    return forecast(board, plan_start(board))


def _tell(invocation: Invocation, before: Board, after: Board, effect: Effect) -> None:
    found = differences(before, after)
    if invocation.as_json:
        write_json({"differences": [_document(each) for each in found], "effect": effect_document(after, effect)})
        return
    if not found:
        write("nothing differs")
        return
    write(columns(_lines(before, after, found)))
    write("")
    write(effect_sentence(effect, after.programme.timezone))


def _document(found: Difference) -> dict[str, Any]:
    return {
        "how": found.how.value,
        "what": found.what,
        "name": found.name,
        "field": found.field,
        "before": found.before,
        "after": found.after,
    }


def _lines(before: Board, after: Board, found: Sequence[Difference]) -> Iterator[tuple[str, ...]]:
    signs = {How.ADDED: "+", How.REMOVED: "-", How.CHANGED: "~"}
    for each in found:
        name = "" if each.name == each.what else one_line(each.name, 64)
        yield signs[each.how], each.what, name, *_said(before, after, each)


def _said(before: Board, after: Board, found: Difference) -> tuple[str, str]:
    """What is said of a difference: the field and how it changed, or the title of what came or went."""
    if found.field is None:
        board = before if found.how is How.REMOVED else after
        task = board.task(found.name) if found.what in ("task", "gate", "back-out task") else None
        return "", "" if task is None else _title(task)
    word = column_word(found.field)
    if found.field == "order":
        return word, "stand in another order"
    if isinstance(found.before, list) or isinstance(found.after, list):
        was, now = list(found.before or ()), list(found.after or ())
        gone = [f"- {one_line(str(item), 60)}" for item in was if item not in now]
        come = [f"+ {one_line(str(item), 60)}" for item in now if item not in was]
        return word, ", ".join([*gone, *come]) or "in another order"
    zone = after.programme.timezone
    return word, f"{_shown(found.field, found.before, zone)} -> {_shown(found.field, found.after, zone)}"


def _shown(field: str, value: Any, zone: str) -> str:
    if field in _INSTANTS and isinstance(value, str):
        return show_time(parse_iso_utc(value), zone)
    return show_value(field, value)


def _title(task: Task) -> str:
    return one_line(task.title, 60)
