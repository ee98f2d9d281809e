"""Texts that would do harm if they were obeyed, run or drawn, and how one sees that they do none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from warroom.vocabulary.text import LONGEST_TEXT

# What nobody types on purpose: it is refused where text comes in.
REFUSED = {
    "escape": "red\x1b[31m and clear\x1b[2J",
    "title of the window": "\x1b]0;owned\x07",
    "C1 control": "\x9b31mred",
    "return": "over\rwritten",
    "NUL": "a\x00b",
    "delete": "a\x7f\x08b",
    "lone surrogate": "a\ud800b",
    "byte that is no text": "a\udcffb",
    "more than a megabyte": "x" * (LONGEST_TEXT + 1),
    "more than a megabyte of bytes": "é" * (LONGEST_TEXT // 2 + 1),
}
# What somebody may have reason to type: it is stored as it is.
STORED = {
    "markup": "[bold red]x[/] [@click=app.exit]y[/] [link=file:///etc/passwd]z",
    "directions and nothing": "a\u202eb\u2066c\u200bd\u2028e\ufefff\u00adg",
    "SQL": "'; DROP TABLE task; -- \" ? :id %s",
    "formula and HTML": "=cmd|' /C calc'!A1 <script>alert(1)</script> &amp;",
    "lines": "one\ntwo\tthree\n\n- [x] four {{five}} ${six} %(seven)s",
    "wide": "漢字 👩\u200d💻 🏳\ufe0f é ﷽",
    "a megabyte": "y" * LONGEST_TEXT,
}

EVERYTHING = "\n".join(text for kind, text in STORED.items() if kind != "a megabyte")

HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe0f\ufeff]")


def insist_on_harmless(shown: str) -> None:
    """What is shown to a person holds nothing that a terminal could obey, and nothing that cannot be seen."""
    found = HARMFUL.search(shown)
    assert found is None, repr(shown[max(0, found.start() - 80) : found.end() + 80])
    shown.encode()


def texts_in(document: Any) -> Iterator[str]:
    """All texts in a JSON document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for value in document.values():
            yield from texts_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts_in(value)
