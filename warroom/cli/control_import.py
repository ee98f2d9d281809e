"""`warroom control import`: entering both sides of a control, or one, from files."""

from __future__ import annotations

from pathlib import Path

import click

from warroom.actions import control_import
from warroom.checks.comparison import compare
from warroom.checks.sides import Columns, Input
from warroom.checks.tabular import Notation, examine
from warroom.cli.command import Command, Invocation, with_doer
from warroom.cli.desk import acting, control_called, insist_on_another_file
from warroom.cli.output import narrate
from warroom.rules.controls import tolerance_of
from warroom.vocabulary.comparison import Comparison
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.words import Side

_BETWEEN = "="
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|"}


def _named(text: str, side: Side) -> str:
    """What NAME, or LEGACY=NEW, is called on one side."""
    legacy, between, new = text.partition(_BETWEEN)
    return new if between and side is Side.NEW else legacy


@click.command("import", cls=Command)
@click.argument("key")
@click.option("--legacy", metavar="FILE", help="What the old system exported, CSV or XLSX.")
@click.option("--new", metavar="FILE", help="What the new system exported.")
@click.option("--key", "keys", multiple=True, metavar="COLUMN", help="By which rows are matched. Default: the plan's.")
@click.option("--value", required=True, metavar="COLUMN", help="What is compared and added up.")
@click.option("--entity-column", metavar="COLUMN", help="Tells entities apart.")
@click.option("--currency-column", metavar="COLUMN", help="Tells currencies apart.")
@click.option("--entity", metavar="KEY", help="All of it is of this company, country or site.")
@click.option("--currency", metavar="CODE", help="All of it is in this currency.")
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="What stands before decimals, if not evident.")
@click.option("--delimiter", type=click.Choice(list(_DELIMITERS)), help="Of CSV, if not evident.")
@click.option("--encoding", metavar="NAME", help="Of CSV, such as cp1252, if not evident.")
@click.option("--sheet", metavar="NAME", help="Of XLSX. Default: the first that has the columns.")
@click.option("--unique", is_flag=True, help="A key that comes again is a fault; else its rows are added up.")
@click.option("--as-of", metavar="TIME", help="The moment whose values they are. Default: that of the control.")
@click.option("--evidence", metavar="TEXT", help="Where the proof is.")
@click.option("--note", metavar="TEXT", help="Something to write down with it.")
@click.option("--at", metavar="TIME", help="When it was really taken, if not now.")
@with_doer
@click.pass_obj
def import_files(
    invocation: Invocation,
    key: str,
    legacy: str | None,
    new: str | None,
    keys: tuple[str, ...],
    value: str,
    entity_column: str | None,
    currency_column: str | None,
    entity: str | None,
    currency: str | None,
    mark: str | None,
    delimiter: str | None,
    encoding: str | None,
    sheet: str | None,
    unique: bool,
    as_of: str | None,
    evidence: str | None,
    note: str | None,
    at: str | None,
    done_by: str | None,
) -> None:
    """Compare two exports row by row and enter their totals, or enter the total of one.

    Where a column or a sheet is called differently in the two files, write LEGACY=NEW. A legacy side that was frozen
    before stays as it is, and --legacy must be the same file again (or add up to the same).

    \b
    warroom control import tb --legacy tb-old.csv --value Balance --key Account
    warroom control import tb --legacy tb-old.csv --new tb-new.xlsx --value Balance=Amount --key Account=MainAccount
    """
    files = {Side.LEGACY: legacy, Side.NEW: new}
    if not any(files.values()):
        raise BadInput("no file is named", hint="--legacy FILE, --new FILE, or both")
    for file in filter(None, files.values()):
        insist_on_another_file(invocation, file)
    with acting(invocation, done_by) as desk:
        control = control_called(desk.board, key)
        matched = keys or control.by
        if not matched:
            raise BadInput("it is not said by which columns rows are matched", where=key, hint="--key COLUMN")

        def side(which: Side) -> Input | None:
            if (file := files[which]) is None:
                return None

            def called(name: str | None) -> str | None:
                return None if name is None else _named(name, which)

            notation = Notation(encoding, None if delimiter is None else _DELIMITERS[delimiter], called(sheet), mark)
            columns = Columns(
                tuple(_named(name, which) for name in matched),
                _named(value, which),
                called(entity_column),
                called(currency_column),
            )
            return Input(examine(Path(file), notation), columns)

        comparison = compare(
            side(Side.LEGACY),
            side(Side.NEW),
            tolerance_of(control),
            repeated=not unique,
            against_zero=legacy is None and control.expected == 0,
        )
        entry = control_import.take_in(
            desk.state_file,
            desk.caller,
            key,
            comparison=comparison,
            entity=entity,
            currency=currency,
            as_of=desk.past(as_of),
            evidence=evidence,
            note=note,
            at=desk.past(at),
        )
        _tell(comparison)
        desk.tell(entry)


def _tell(comparison: Comparison) -> None:
    """Say what was read and what of it was remarkable."""
    for which, source in ((Side.LEGACY, comparison.legacy), (Side.NEW, comparison.new)):
        if source is None:
            continue
        told = f"{which.value}: {source.name}, {source.rows:,} rows"
        if source.repeated:
            told += f", {source.repeated:,} of them added up with others of their key"
        if source.blank:
            told += f", {source.blank:,} of them without a value, which counts as 0"
        narrate(told)
