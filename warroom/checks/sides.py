"""One side of a comparison: its rows dealt out by key, and the value of each key, part by part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from warroom.checks.partitions import BETWEEN, Partitions, UnclearCell
from warroom.checks.tabular import Export, Rows, opened
from warroom.vocabulary.comparison import Source
from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.exact import is_figure
from warroom.vocabulary.numbers import Unclear, mark_of, read_number, read_numbers

SAMPLE = 2_000
"""From so many rows it is told how numbers are written."""


@dataclass(frozen=True, slots=True)
class Columns:
    """By which columns one side is read.

    Attributes:
        keys: rows of the two sides are matched by these. value: what is compared.
        entity, currency: each is compared, and added up, on its own.
    """

    keys: tuple[str, ...]
    value: str
    entity: str | None = None
    currency: str | None = None

    @property
    def apart(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.entity, self.currency)))


@dataclass(frozen=True, slots=True)
class Input:
    """A side to be compared."""

    export: Export
    columns: Columns


@contextmanager
def dealt_out(side: Input, parts: int) -> Iterator[Side]:
    """The rows of one side, dealt out by key into so many parts.

    Raises:
        BadInput: see `tabular`; or it cannot be told how its numbers are written.
    """
    columns = side.columns
    named = (*columns.apart, *columns.keys, columns.value)
    with opened(side.export, named) as rows:
        mark = side.export.notation.mark or _mark(side.export, rows)
    with Partitions(parts) as dealt:
        with opened(side.export, named) as rows:
            *keys, value = rows.places
            try:
                dealt.fill(rows.rows, keys, value)
            except IndexError:
                raise BadInput("the row is too short", where=f"{side.export.path}:{rows.line()}") from None
        yield Side(side, dealt, mark, named)


def _mark(export: Export, rows: Rows) -> str | None:
    value = rows.places[-1]
    try:
        return mark_of(row[value] for row in islice(rows.rows, SAMPLE) if len(row) > value)
    except Unclear as error:
        raise _unclear(error, str(export.path)) from None


def _unclear(error: Unclear, where: str) -> BadInput:
    return BadInput(str(error), where=where, hint="say what stands before decimals: --decimal . or --decimal ,")


@dataclass
class Side:
    """One side that was read.

    Attributes:
        mark: what stands before decimals; None: there are none.
        named: the columns that are read, the one of the values last.
        rows, blank, repeated: see `Source`; counted as the parts are looked at.
    """

    input: Input
    dealt: Partitions
    mark: str | None
    named: Sequence[str]
    rows: int = field(default=0, init=False)
    blank: int = field(default=0, init=False)
    repeated: int = field(default=0, init=False)

    def tables(self, number: int, repeated: bool) -> Mapping[tuple[str, ...], dict[str, Decimal]]:
        """The value of each key of one part, by entity and currency where those are told apart."""
        try:
            keys, texts = self.dealt.part(number)
        except UnclearCell:
            raise self._control_character() from None
        if "".join(keys).count(BETWEEN) != len(keys) * (len(self.named) - 2):
            raise self._control_character()
        try:
            numbers, blank = read_numbers(texts, self.mark)
            if blank:
                keys, numbers, blank = _saying_something(keys, texts, numbers)
            table = dict(zip(keys, numbers, strict=True))
            if len(table) < len(keys):
                table = self._added_up(keys, numbers, allowed=repeated)
        except (ValueError, ArithmeticError):
            raise self.fault() or self.too_much() from None
        self.rows += len(keys)
        self.blank += blank
        return self._apart(table)

    def source(self) -> Source:
        """What was read.

        Raises:
            BadInput: it has no rows.
        """
        export = self.input.export
        if self.rows == 0:
            raise BadInput("the file has no rows below its heads", where=str(export.path))
        return Source(export.path.name, export.sha256, self.rows, self.blank, self.repeated)

    def _control_character(self) -> BadInput:
        return BadInput(
            "a key or a value holds the control character U+001E or U+001F", where=str(self.input.export.path)
        )

    def _added_up(self, keys: Sequence[str], numbers: Sequence[Decimal], *, allowed: bool) -> dict[str, Decimal]:
        table: dict[str, Decimal] = {}
        for key, number in zip(keys, numbers, strict=True):
            if key in table:
                if not allowed:
                    told = ", ".join(key.split(BETWEEN))
                    raise BadInput(
                        f"the key {told!r} comes more than once",
                        where=str(self.input.export.path),
                        hint="name more columns with --key, or let them be added up",
                    )
                self.repeated += 1
                number += table[key]
            table[key] = number
        return table

    def _apart(self, table: dict[str, Decimal]) -> Mapping[tuple[str, ...], dict[str, Decimal]]:
        told_apart = len(self.input.columns.apart)
        if not told_apart:
            return {(): table}
        apart: defaultdict[tuple[str, ...], dict[str, Decimal]] = defaultdict(dict)
        for key, number in table.items():
            *names, rest = key.split(BETWEEN, told_apart)
            apart[tuple(names)][rest] = number
        return apart

    def fault(self) -> BadInput | None:
        """What is wrong with a value, and in which line: the file is read again for it. None: nothing is."""
        export = self.input.export
        with opened(export, self.named) as rows:
            for row in rows.rows:
                text = row[rows.places[-1]]
                where = f"{export.path}:{rows.line()}"
                try:
                    if text.strip() and not is_figure(read_number(text, self.mark)):
                        return BadInput(f"{text[:40]!r} has too many digits", where=where)
                except Unclear as unclear:
                    return _unclear(unclear, where)
                except ValueError as fault:
                    return BadInput(str(fault), where=where)
        return None

    def too_much(self) -> BadInput:
        return BadInput("the sum has too many digits", where=str(self.input.export.path))


def _saying_something(
    keys: Sequence[str], texts: Sequence[str], numbers: Sequence[Decimal]
) -> tuple[list[str], list[Decimal], int]:
    """Keys and numbers of the rows that have either, and how many of them have no number."""
    kept = [
        (key, number, not text.strip())
        for key, text, number in zip(keys, texts, numbers, strict=True)
        if text.strip() or key.strip(BETWEEN)
    ]
    return [key for key, _, _ in kept], [number for _, number, _ in kept], sum(blank for _, _, blank in kept)
