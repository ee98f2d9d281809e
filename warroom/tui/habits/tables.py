"""The table in view as CSV or JSON, and a task as text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from warroom.board.rows import Task
from warroom.board.task_documents import listed_task
from warroom.tui.drawing.items import Item, text_of
from warroom.tui.network.widget import Network
from warroom.tui.owners.pane_grid import PaneGrid
from warroom.tui.picture.picture import Picture
from warroom.tui.tasks.details import whole_items
from warroom.tui.timeline.widget import Timeline
from warroom.tui.widgets.listing import Listing
from warroom.tui.widgets.pane import Pane
from warroom.vocabulary.text import one_line

TEXT_WIDTH = 100

_READ_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


def rows_of(pane: Pane, picture: Picture, *, tasks: bool) -> list[Row]:
    """The rows of a pane as they are narrowed down and ordered: of a timeline, a grid or a network, or with `tasks`,
    those that `task list --json` gives; else the ref and the words of each item."""
    if isinstance(pane, Timeline | PaneGrid | Network):
        return _task_rows(picture, pane.refs)
    items = pane.rows if isinstance(pane, Listing) else []
    if tasks:
        return _task_rows(picture, [item.ref for item in items if item.ref])
    return [{"ref": item.ref or "", "text": text_of(item)} for item in items]


def _task_rows(picture: Picture, refs: Sequence[str]) -> list[Row]:
    found = (picture.board.task(ref) for ref in dict.fromkeys(refs))
    forecast = picture.forecast
    return [
        listed_task(picture.board, forecast, task) for task in found if task is not None and task.ref in forecast.delays
    ]


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Sequence[Row]) -> str:
    """With a heading; lists are joined by "; ", and no text can be read as a formula."""
    file = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(file)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        value = "; ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_READ_AS_FORMULA) else text


def task_text(picture: Picture, task: Task) -> str:
    """Everything about a task as its own screen tells it, as lines of text."""
    lines = [f"{one_line(task.ref, 64)}  {one_line(task.title, 400)}", ""]
    lines += [line for item in whole_items(picture, task, (), (), TEXT_WIDTH) for line in _lines(item)]
    return "\n".join(lines) + "\n"


def _lines(item: Item) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in item.lines]


def task_in_a_line(picture: Picture, task: Task) -> str:
    """A task as somebody would paste it into a chat."""
    owner = picture.board.handle(task.owner_id)
    parts = [f"{task.ref} {task.title}", picture.board.shown_state(task).value]
    if owner is not None:
        parts.append(f"@{owner}")
    if task.ref in picture.forecast.delays:
        expected = picture.forecast.instant(picture.forecast.finish_of(task))
        parts.append(f"expected {picture.time(expected)}")
    return one_line(", ".join(parts), 1_000)
