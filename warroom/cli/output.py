"""Writing: data to stdout, narration and errors to stderr, as text or as JSON."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from warroom.vocabulary.errors import BadFile, BadInput, PlanRefused, WarroomError
from warroom.vocabulary.text import one_line

T = TypeVar("T")


def write(text: str = "") -> None:
    """Data for people. Texts that somebody typed must have gone through `one_line` or `many_lines`."""
    click.echo(text)


def write_json(document: Any) -> None:
    """Data for programs."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def write_json_line(document: Any) -> None:
    """One line of data for programs that read a stream."""
    click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def narrate(text: str) -> None:
    """Say on stderr what happened."""
    click.echo(one_line(text, 2000), err=True)


def write_new_file(path: Path, data: bytes | str, what: str) -> None:
    """Write a file that is not there yet; text as UTF-8.

    Args:
        what: as the refusal names it, such as "the runbook".

    Raises:
        BadInput: there is such a file already, or it cannot be written.
    """
    try:
        with path.open("xb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
    except FileExistsError:
        raise BadInput("there is a file already", where=str(path), hint="choose another name") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{what} cannot be written: {why}", where=str(path)) from None


def shown_progress(steps: Iterable[T], count: int, what: str) -> Iterator[T]:
    """The same steps, `count` of them, told on stderr meanwhile if that is a terminal; the line is wiped out at the
    end, also by Ctrl-C."""
    stream = sys.stderr
    if not stream.isatty():
        yield from steps
        return
    try:
        for done, step in enumerate(steps, start=1):
            if done * 100 // count != (done - 1) * 100 // count:
                stream.write(f"\r{done:,} of {count:,} {what}, {done * 100 // count} %")
                stream.flush()
            yield step
    finally:
        stream.write("\r\x1b[K")
        stream.flush()


def write_error(error: WarroomError, *, as_json: bool) -> None:
    """Tell an error: what was wrong, where, and what to do."""
    if as_json:
        told = json.dumps({"error": _error_document(error)}, ensure_ascii=False)
        # What was typed may hold bytes that are no text; JSON has a notation for them.
        click.echo(told.encode("utf-8", "backslashreplace").decode(), err=True)
        return
    if isinstance(error, BadFile):
        for fault in error.faults:
            told = f"{fault.where}: {fault.message}" + (f" ({fault.hint})" if fault.hint else "")
            click.echo(one_line(told, 2000), err=True)
        count = len(error.faults)
        click.echo(f"warroom: {'one fault' if count == 1 else f'{count} faults'} in {error.what}", err=True)
        return
    headline = error.message
    if isinstance(error, PlanRefused) and len(error.reasons) > 1:
        for reason in error.reasons:
            click.echo(f"- {one_line(reason, 2000)}", err=True)
        headline = f"{len(error.reasons)} things speak against it"
    click.echo(f"warroom: {one_line(headline, 2000)}", err=True)
    if error.where:
        click.echo(f"  where: {one_line(error.where, 2000)}", err=True)
    if error.hint:
        click.echo(f"  hint: {one_line(error.hint, 2000)}", err=True)


def _error_document(error: WarroomError) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "where": error.where,
        "hint": error.hint,
    }
    if isinstance(error, PlanRefused):
        document["reasons"] = list(error.reasons)
    if isinstance(error, BadFile):
        document["faults"] = [
            {
                "file": fault.file,
                "line": fault.line,
                "column": fault.column,
                "message": fault.message,
                "hint": fault.hint,
            }
            for fault in error.faults
        ]
    return document


def columns(rows: Iterable[Sequence[str]], heads: Sequence[str] | None = None, *, indent: str = "") -> str:
    """Rows as aligned columns, two spaces apart; cells are made harmless. The last column is not padded."""
    cells = [[one_line(cell) for cell in row] for row in ([heads] if heads else [])]
    cells += [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        indent
        + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def _width(text: str) -> int:
    """How many cells of a terminal a harmless text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
