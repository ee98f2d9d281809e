"""Reading exports and comparing them: what is found out, what is refused, and in how much memory."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from warroom.checks import partitions, tabular
from warroom.checks.comparison import compare
from warroom.checks.sides import Columns, Input
from warroom.checks.tabular import Notation, cell_text, examine, opened
from warroom.rules.controls import Tolerance
from warroom.vocabulary.comparison import ComparedPart, RowDifference
from warroom.vocabulary.errors import BadInput

COLUMNS = Columns(("Account",), "Amount")
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def sheet(path: Path, *rows: list[Any], title: str = "TB", before: str | None = None) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    if before is not None:
        first.title = before
        first.append(["nothing here"])
        first = book.create_sheet(title)
    first.title = title
    for row in rows:
        first.append(row)
    book.save(path)
    return path


def side(path: Path, columns: Columns = COLUMNS, **notation: str) -> Input:
    return Input(examine(path, Notation(**notation)), columns)


def compared(legacy: Path, new: Path, columns: Columns = COLUMNS, **more: Any) -> ComparedPart:
    (part,) = compare(side(legacy, columns), side(new, columns), Tolerance(), **more).parts
    return part


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as caught:
        act()
    assert caught.value.where is not None
    return f"{caught.value.where.rpartition('/')[2]}: {caught.value.message}"


# --- what is found ---------------------------------------------------------------------------------------------------


def test_unmatched_keys_of_both_sides_and_differing_ones_are_listed_the_worst_first(write: Write) -> None:
    legacy = write("a.csv", "Account,Amount\n1000,5.00\n1200,7.00\n1300,1.00\n1400,0.00\n")
    new = write("b.csv", "Account,Amount\n1300,1.50\n1000,5.00\n8000,-9.00\n")
    part = compared(legacy, new)
    assert (part.legacy, part.new) == (Decimal("13.00"), Decimal("-2.50"))
    assert part.rows is not None
    assert part.rows.differences == (
        RowDifference(("8000",), None, Decimal("-9.00"), Decimal("-9.00"), True),
        RowDifference(("1200",), Decimal("7.00"), None, Decimal("-7.00"), True),
        RowDifference(("1300",), Decimal("1.00"), Decimal("1.50"), Decimal("0.50"), True),
        RowDifference(("1400",), Decimal("0.00"), None, Decimal(0), False),
    )
    assert (part.rows.only_legacy, part.rows.only_new, part.rows.differing, part.rows.outside) == (2, 1, 4, 3)


def test_what_makes_up_for_each_other_in_the_total_is_found(write: Write) -> None:
    legacy = write("a.csv", "Account,Amount\n1000,5.00\n1200,7.00\n")
    part = compared(legacy, write("b.csv", "Account,Amount\n1000,7.00\n1200,5.00\n"))
    assert part.legacy == part.new
    assert part.rows is not None
    assert part.rows.outside == 2


@pytest.mark.parametrize(
    "content",
    [
        "Trial balance\n\nNo;Account ;Amount\n1; 1000;1.234,50\n\n2;1200;-20,00\n;;\n",
        "\ufeffNo;Account;Amount\n1;1000;1234,5\n2;1200;20,00-\n",
        "no\taccount\tamount\n1\t1000\t1 234,50\n2\t1200\t(20,00)\n",
        'No|Account|Amount\n1|"1000"|"1,234.50"\n2|1200|-20.00\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_how_it_is_written_is_found_out(content: str, encoding: str, write: Write) -> None:
    plain = write("a.csv", "Account,Amount\n1200,-20.00\n1000,1234.50\n")
    part = compared(plain, write("b.csv", content.encode(encoding)))
    assert part.new == Decimal("1214.50")
    assert part.rows is not None
    assert part.rows.differing == 0


def test_bytes_of_windows_are_read(write: Write) -> None:
    path = write("a.csv", "Account;Amount\nM\u00fcller;1,00\n".encode("cp1252"))
    part = compared(path, write("b.csv", "Account,Amount\nM\u00fcller,1.00\n"))
    assert part.rows is not None
    assert part.rows.differing == 0


def test_xlsx_is_read_like_csv(tmp_path: Path, write: Write) -> None:
    rows: list[list[Any]] = [
        ["Trial balance", None, None],
        ["Account", "Day", "Amount"],
        [1000, date(2026, 11, 27), 1234.5],
        ["01200", None, -0.1],
        [None, None, None],
        ["=1+1", None, "12.25"],
        [8400.0, None, 12.345],
    ]
    path = sheet(tmp_path / "tb.xlsx", *rows, before="Notes")
    content = "Account,Amount\n1000,1234.50\n01200,-0.10\n8400,12.345\n,12.25\n"
    part = compared(path, write("b.csv", content))
    assert part.rows is not None
    assert [row.key for row in part.rows.differences] == []
    assert part.legacy == part.new == Decimal("1258.995")


def test_cells_are_texts_and_numbers_have_the_digits_that_excel_keeps() -> None:
    cells = [0.1 + 0.2, 1e20, 1.5e-7, 12.345, 3, True, None, "=HYPERLINK(1)", 1000.0]
    assert list(map(cell_text, cells)) == [
        "0.3",
        "100000000000000000000",
        "0.00000015",
        "12.3450",
        "3",
        "TRUE",
        "",
        "=HYPERLINK(1)",
        "1000",
    ]


def test_entities_and_currencies_are_told_apart(write: Write) -> None:
    columns = Columns(("Account",), "Amount", "Entity", "Currency")
    legacy = write("a.csv", "Entity,Currency,Account,Amount\nDE,EUR,1,5\nFR,EUR,1,6\nDE,USD,1,7\n")
    new = write("b.csv", "Entity,Currency,Account,Amount\nDE,EUR,1,5\nFR,EUR,1,8\n")
    found = compare(side(legacy, columns), side(new, columns), Tolerance())
    assert [(part.entity, part.currency, part.legacy, part.new) for part in found.parts] == [
        ("DE", "EUR", Decimal(5), Decimal(5)),
        ("DE", "USD", Decimal(7), Decimal(0)),
        ("FR", "EUR", Decimal(6), Decimal(8)),
    ]


def test_keys_that_come_again_are_added_up_and_counted_or_refused(write: Write) -> None:
    legacy = write("a.csv", "Account,Amount\n1,5\n1,3\n2,1\n")
    new = write("b.csv", "Account,Amount\n1,8\n2,\n")
    found = compare(side(legacy), side(new), Tolerance())
    assert found.legacy is not None
    assert found.new is not None
    assert (found.legacy.rows, found.legacy.repeated, found.new.blank) == (3, 1, 1)
    assert found.parts[0].rows is not None
    assert [row.key for row in found.parts[0].rows.differences] == [("2",)]
    told = refused(lambda: compare(side(legacy), side(new), Tolerance(), repeated=False))
    assert told == "a.csv: the key '1' comes more than once"


def test_one_side_alone_is_added_up_or_held_against_zero(write: Write) -> None:
    clearing = write("b.csv", "Account,Amount\n1790,5.00\n1791,-5.00\n1792,0.00\n")
    (total,) = compare(None, side(clearing), Tolerance()).parts
    assert (total.legacy, total.new, total.rows) == (None, Decimal("0.00"), None)
    (part,) = compare(None, side(clearing), Tolerance(), against_zero=True).parts
    assert part.rows is not None
    assert [row.key for row in part.rows.differences] == [("1790",), ("1791",)]


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Account,Amount\n1,5\n2,x\n", "b.csv:3: 'x' is not a number"),
        ("Account,Amount\n1,5\n2\n", "b.csv:3: the row is too short"),
        ("Account,Amount\n", "b.csv: the file has no rows below its heads"),
        ("", "b.csv: there is no column 'Account'"),
        ("Account,Total\n1,5\n", "b.csv: there is no column 'Amount'"),
        ("Account,Amount,Amount\n1,5,5\n", "b.csv: there are several columns 'Amount'"),
        ('Account,Amount\n1,"1,234"\n', "b.csv: '1,234' can be read in two ways"),
        (
            'Account,Amount\n1,"1,5"\n2,1.5\n',
            "b.csv: some numbers have a point before their decimals and others a comma",
        ),
        ("Account,Amount\n1," + "9" * 250 + "\n", f"b.csv:2: '{'9' * 40}' has too many digits"),
        (f'Account,Amount\n"{"x" * 200_000}",1\n', "b.csv: this is no CSV: field larger than field limit (131072)"),
        (b"\xd0\xcf\x11\xe0aaaa", "b.csv: this is an old Excel file"),
        (b"PK\x03\x04 not a zip", "b.csv: this is no XLSX: File is not a zip file"),
        (b"Account,Amount\n\x81,1\n", "b.csv: the file is not in cp1252"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(content: str | bytes, told: str, write: Write) -> None:
    good = write("a.csv", "Account,Amount\n1,5\n")
    bad = write("b.csv", content)
    assert refused(lambda: compared(good, bad)) == told


def test_a_number_that_shows_only_later_how_it_is_written_is_not_guessed(write: Write) -> None:
    many = "".join(f"{number},{number}\n" for number in range(2_500))
    path = write("a.csv", f'Account,Amount\n{many}x,"1,234"\n')
    assert refused(lambda: compared(path, path)).startswith("a.csv:2502: '1,234' has decimals, or thousands set apart")
    (part,) = compare(side(path, mark="."), side(path, mark="."), Tolerance()).parts
    assert part.legacy == sum(range(2_500)) + 1234


def test_a_separator_within_a_key_cannot_forge_another_key(write: Write) -> None:
    columns = Columns(("Account", "Entity"), "Amount")
    path = write("a.csv", "Account,Entity,Amount\n1\x1f2,3,5\n")
    unclear = "a.csv: a key or a value holds the control character U+001E or U+001F"
    assert refused(lambda: compared(path, path, columns)) == unclear
    for row in ("1,3,5\x1e6", "1\x1e2,3,5", "1,3\x1e,\x1e5"):
        path = write("a.csv", f"Account,Entity,Amount\n{row}\n2,3,5\n")
        assert refused(partial(compared, path, path, columns)) == unclear


def test_what_is_no_file_and_what_was_said_wrongly(tmp_path: Path, write: Write) -> None:
    good = write("a.csv", "Account,Amount\n1,5\n")
    assert refused(lambda: side(tmp_path / "no.csv")) == "no.csv: there is no such file"
    assert refused(lambda: side(good, encoding="base64")) == "a.csv: there is no encoding 'base64'"
    assert refused(lambda: compare(None, side(good, delimiter=";"), Tolerance())).startswith(
        "a.csv: there is no column"
    )
    book = sheet(tmp_path / "tb.xlsx", ["Account", "Amount"], [1, 2])
    assert refused(lambda: compare(None, side(book, sheet="Old"), Tolerance())) == "tb.xlsx: there is no sheet 'Old'"


def test_a_file_that_changes_while_it_is_read_is_refused(write: Write) -> None:
    path = write("a.csv", "Account,Amount\n1,5\n")
    export = examine(path, Notation())

    def read() -> None:
        with opened(export, ("Account", "Amount")) as rows:
            list(rows.rows)
            path.write_text("Account,Amount\n1,50\n")

    assert refused(read) == "a.csv: the file has changed while it was read"


def test_sheets_that_are_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet(tmp_path / "tb.xlsx", ["Account", "Amount"], ["a", 1])
    monkeypatch.setattr(tabular, "LARGEST_SHEET", 10)
    assert refused(lambda: compare(None, side(path), Tolerance())) == "tb.xlsx: the sheet is too large"
    monkeypatch.undo()
    far = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(far, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.endswith("sheet1.xml"):
                data = data.replace(b'<row r="2"', b'<row r="99999999999"').replace(b'"A2"', b'"A99999999999"')
            new.writestr(part, data)
    monkeypatch.setattr(tabular, "MOST_ROWS", 5_000)
    assert refused(lambda: compare(None, side(far), Tolerance())).startswith("far.xlsx: there are more rows than")


# --- how much memory it takes ----------------------------------------------------------------------------------------


def peak_of(write: Write, rows: int) -> int:
    """Bytes that it takes to compare two files with so many rows, in opposite orders, of which one is missing."""
    told = [f"{number:07d},Cost centre,{number}.25\n" for number in range(rows)]
    legacy = write("a.csv", "Account,Name,Amount\n" + "".join(told))
    new = write("b.csv", "Account,Name,Amount\n" + "".join(reversed(told[:-1])))
    del told
    inputs = side(legacy), side(new)
    tracemalloc.start()
    try:
        (part,) = compare(*inputs, Tolerance()).parts
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert part.rows is not None
    assert (part.legacy_rows, part.rows.differing) == (rows, 1)
    return peak


def test_memory_does_not_grow_with_the_files(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the rows take hardly more, beyond what is held at all, which is made small here: a dictionary of them
    would take four times as much."""
    for bound, small in (("HELD", 1_000), ("_BATCH", 250), ("PART_SIZE", 15_000)):
        monkeypatch.setattr(partitions, bound, small)
    assert peak_of(write, 40_000) < 2 * peak_of(write, 10_000)
