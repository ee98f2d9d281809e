"""Reading exports: CSV in whatever encoding and with whatever delimiter, and XLSX. Rows come one by one; the row of the
heads is wherever all columns that are asked for stand. Cells are texts: nothing in them is ever run.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from warroom.vocabulary.errors import BadInput
from warroom.vocabulary.text import one_line

HEADS_WITHIN = 50
"""In so many first rows the heads are looked for: exports often begin with a title."""

LARGEST_SHEET = 4_000_000_000
"""Bytes of an XLSX file once it is unpacked; what claims to be larger is taken for an attack."""

MOST_ROWS = 1_048_576
"""Rows of a sheet; what claims to have more is taken for an attack too."""

LARGEST_TEXTS = 500_000_000
"""Bytes of the texts of an XLSX file, which are the one part of it that is kept in memory as a whole."""

_DELIMITERS = (",", ";", "\t", "|")
_BLOCK = 1 << 20
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Notation:
    """How a file is written, as far as that was said; None: it is found out.

    Attributes:
        encoding, delimiter: of CSV. sheet: of XLSX.
        mark: what stands before decimals, "." or ",".
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be read, of which the bytes are known.

    Attributes:
        encoding: None: it is XLSX.
        changed_ns, size: by which it is noticed when somebody writes to it meanwhile.
    """

    path: Path
    notation: Notation
    sha256: str
    encoding: str | None
    changed_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows below the heads.

    Attributes:
        places: where in a row the columns stand that were asked for.
        rows: each a sequence of texts; empty ones are left out.
        line: number of the line (of the row, in XLSX) that was read last.
    """

    places: tuple[int, ...]
    rows: Iterator[Sequence[str]]
    line: Callable[[], int]


def examine(path: Path, notation: Notation) -> Export:
    """Look at the bytes of a file: its hash and its encoding.

    Raises:
        BadInput: it is not there, cannot be read, is of a kind that is not read, or the encoding is not known.
    """
    try:
        if not path.is_file():
            raise BadInput("there is no such file", where=str(path))
        with path.open("rb") as file:
            start = file.read(8)
            file.seek(0)
            if start.startswith(_OLD_EXCEL):
                raise BadInput("this is an old Excel file", where=str(path), hint="save it as XLSX or as CSV")
            sha256, utf8 = _hash(file)
            status = os.fstat(file.fileno())
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror}", where=str(path)) from None
    encoding = None if start.startswith(_ZIP) else notation.encoding or _encoding(start, utf8)
    if encoding is not None:
        try:
            io.TextIOWrapper(io.BytesIO(), encoding)
        except LookupError:
            raise BadInput(f"there is no encoding {encoding!r}", where=str(path), hint="such as cp1252") from None
    return Export(path, notation, sha256, encoding, status.st_mtime_ns, status.st_size)


@contextmanager
def opened(export: Export, columns: Sequence[str]) -> Iterator[Rows]:
    """The rows of a file, from the first below its heads.

    Raises:
        BadInput: a column is not there or there twice, the file is damaged, not in its encoding, or somebody has
            written to it since it was examined.
    """
    reading = _csv_rows if export.encoding is not None else _xlsx_rows
    where = str(export.path)
    try:
        with reading(export, columns) as rows:
            yield rows
        status = export.path.stat()
    except UnicodeError:
        raise BadInput(f"the file is not in {export.encoding}", where=where, hint="say it: --encoding cp1252") from None
    except csv.Error as error:
        raise BadInput(f"this is no CSV: {error}", where=where) from None
    except OSError as error:
        raise BadInput(f"the file cannot be read: {error.strerror or error}", where=where) from None
    if (status.st_mtime_ns, status.st_size) != (export.changed_ns, export.size):
        raise BadInput("the file has changed while it was read", where=where, hint="try again")


def cell_text(value: Any) -> str:
    """A cell of a sheet as text. Excel keeps 15 digits of a number, and no more are taken from it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        told = f"{value:.15g}"
        if "e" in told:
            told = f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
        # Three decimals look like thousands set apart; four cannot.
        return f"{told}0" if told[-4:-3] == "." else told
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _hash(file: IO[bytes]) -> tuple[str, bool]:
    """The SHA-256 of a file in hex, and whether it is UTF-8."""
    digest, decoder, utf8 = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), True
    while block := file.read(_BLOCK):
        digest.update(block)
        if utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                utf8 = False
    return digest.hexdigest(), utf8


def _encoding(start: bytes, utf8: bool) -> str:
    for mark, encoding in _MARKED:
        if start.startswith(mark):
            return encoding
    return "utf-8" if utf8 else "cp1252"


@contextmanager
def _csv_rows(export: Export, columns: Sequence[str]) -> Iterator[Rows]:
    delimiter, heads = _delimiter(export, columns)
    with _csv(export) as file:
        reader = csv.reader(file, delimiter=delimiter)
        *_, named = islice(reader, heads + 1)
        yield Rows(_places(named, columns, export), filter(None, reader), lambda: reader.line_num)


def _delimiter(export: Export, columns: Sequence[str]) -> tuple[str, int]:
    """The delimiter with which some row has all the columns, and which row that is."""
    delimiters = _DELIMITERS if export.notation.delimiter is None else (export.notation.delimiter,)
    firsts = []
    for delimiter in delimiters:
        with _csv(export) as file:
            first = list(islice(csv.reader(file, delimiter=delimiter), HEADS_WITHIN))
        if (row := _heads(first, columns)) is not None:
            return delimiter, row
        firsts.append(first)
    raise _no_column(max(firsts, key=lambda rows: sum(len(row) > 1 for row in rows)), columns, export)


def _csv(export: Export) -> IO[str]:
    return export.path.open(encoding=export.encoding, newline="")


@contextmanager
def _xlsx_rows(export: Export, columns: Sequence[str]) -> Iterator[Rows]:
    import openpyxl  # dear to load, and of no use to CSV
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    with _readable(export):
        _insist_on_harmless(export)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not looked at
            book = openpyxl.load_workbook(export.path, read_only=True, data_only=True)
    try:
        firsts: list[list[list[str]]] = []
        for name in _sheets(book.sheetnames, export):
            sheet = book[name]
            if not isinstance(sheet, ReadOnlyWorksheet):
                continue  # a chart
            sheet.reset_dimensions()  # what a file says of its own size is often wrong
            with _readable(export), closing(sheet.iter_rows(values_only=True)) as cells:
                first = [list(map(cell_text, row)) for row in islice(cells, HEADS_WITHIN)]
            if (heads := _heads(first, columns)) is not None:
                with closing(sheet.iter_rows(min_row=heads + 2, values_only=True)) as cells:
                    below = _Below(export, heads + 1, cells)
                    yield Rows(_places(first[heads], columns, export), iter(below), below.number)
                return
            firsts.append(first)
        raise _no_column(max(firsts, key=len, default=[]), columns, export)
    finally:
        book.close()


def _sheets(known: list[str], export: Export) -> list[str]:
    named = export.notation.sheet
    if named is None:
        return known
    if named not in known:
        raise BadInput(f"there is no sheet {named!r}", where=str(export.path), hint=f"there are: {', '.join(known)}")
    return [named]


@contextmanager
def _readable(export: Export) -> Iterator[None]:
    """What a damaged XLSX file makes its reader raise, told in words."""
    try:
        yield
    except (BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"this is no XLSX: {one_line(str(error), 200)}", where=str(export.path)) from None


class _Below:
    """The rows of a sheet below its heads, as texts."""

    def __init__(self, export: Export, line: int, cells: Iterator[tuple[Any, ...]]) -> None:
        self._export = export
        self._cells = cells
        self._number = line

    def number(self) -> int:
        """That of the row that was read last."""
        return self._number

    def __iter__(self) -> Iterator[Sequence[str]]:
        while True:
            with _readable(self._export):
                cells = next(self._cells, None)
                row = None if cells is None else list(map(cell_text, cells))
            if row is None:
                return
            self._number += 1
            if self._number > MOST_ROWS:
                raise BadInput("there are more rows than a sheet can have", where=str(self._export.path))
            if any(row):
                yield row


def _insist_on_harmless(export: Export) -> None:
    with ZipFile(export.path) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    if sum(sizes.values()) > LARGEST_SHEET or sizes.get("xl/sharedStrings.xml", 0) > LARGEST_TEXTS:
        raise BadInput("the sheet is too large", where=str(export.path), hint="export it as CSV")


def _heads(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> int | None:
    """Which row has all the columns as its heads."""
    wanted = set(map(_head, columns))
    return next((number for number, row in enumerate(rows) if wanted <= set(map(_head, row))), None)


def _places(heads: Sequence[str], columns: Sequence[str], export: Export) -> tuple[int, ...]:
    names = list(map(_head, heads))
    for column in columns:
        if names.count(_head(column)) > 1:
            raise BadInput(f"there are several columns {column!r}", where=str(export.path), hint="rename one of them")
    return tuple(names.index(_head(column)) for column in columns)


def _no_column(rows: Sequence[Sequence[str]], columns: Sequence[str], export: Export) -> BadInput:
    widest = max(rows, key=len, default=[])
    known = {_head(cell) for row in rows for cell in row}
    missing = [column for column in columns if _head(column) not in known]
    told = f"there is no column {missing[0]!r}" if missing else f"no row has all the columns {', '.join(columns)}"
    heads = ", ".join(filter(None, (one_line(cell, 40) for cell in widest[:30])))
    return BadInput(
        told, where=str(export.path), hint=f"the first rows have: {heads}" if heads else "the file is empty"
    )


def _head(text: str) -> str:
    return " ".join(text.split()).casefold()
