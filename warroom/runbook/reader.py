"""Reading a runbook file: all of its faults at once, or the document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from warroom.clock.times import parse_time, parse_zone
from warroom.runbook.build import build
from warroom.runbook.checks import check
from warroom.runbook.document import RunbookDocument
from warroom.runbook.faults import Faults
from warroom.runbook.format import NOT_YET, RUNBOOK
from warroom.runbook.shapes import Reading
from warroom.runbook.tree import LARGEST_FILE, Keys, Text, Tree, decoded, grown
from warroom.vocabulary.errors import BadInput

_SOME_START = datetime(2000, 1, 1, tzinfo=UTC)


def read_runbook(path: Path | str) -> RunbookDocument:
    """Read a runbook file.

    Raises:
        BadInput: there is no such file, or it cannot be opened.
        BadRunbook: what is wrong in it, with file:line:column. A file that is not YAML or breaks a limit
            (5 MB, 200,000 lines, 150,000 values, 50 levels, aliases) has this one fault; everything else is told at
            once.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"the runbook cannot be opened: {reason}", where=str(path)) from None
    return read_text(decoded(content, Faults(str(path))), str(path))


def read_text(text: str, file_name: str) -> RunbookDocument:
    """Read a runbook from its text; `file_name` is what faults call it.

    Raises:
        BadRunbook: as for `read_runbook`.
    """
    faults = Faults(file_name)
    source = text.replace("\r\n", "\n")
    tree = grown(source, faults)
    if not isinstance(tree, Keys):
        raise faults.alone(tree.place, "a runbook is a mapping with keys such as programme and tasks")
    zone = _zone_of(tree)
    root = RUNBOOK.entry(tree, Reading(faults, zone, _start_of(tree, zone), NOT_YET))
    check(root, faults)
    faults.raise_any()
    return build(root, source, file_name)


def _zone_of(tree: Keys) -> str:
    """The zone against which times are read: the programme's, or UTC if that cannot be read."""
    zone = _peek(tree, "programme", "timezone")
    try:
        return parse_zone(zone).key
    except ValueError:
        return "UTC"


def _start_of(tree: Keys, zone: str) -> datetime:
    """The window start; any instant if it cannot be read, so that all other times are still checked."""
    try:
        return parse_time(_peek(tree, "window", "start"), zone=zone)
    except (ValueError, OverflowError):
        return _SOME_START


def _peek(tree: Tree, *path: str) -> str:
    """The text at a path of keys; empty if there is none."""
    for key in path:
        pairs = tree.pairs if isinstance(tree, Keys) else ()
        tree = next((value for name, value in pairs if isinstance(name, Text) and name.text == key), tree)
    return tree.text if isinstance(tree, Text) else ""
