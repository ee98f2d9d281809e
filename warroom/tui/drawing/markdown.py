"""Instructions as lines of spans: a small part of Markdown, drawn so that no text can do harm.

Known are headings, lists, quotes, fenced code, `code`, **strong**, *emphasis* and [links](address). An address is
always shown, and only as text: what somebody may follow they should see first. Everything else stands as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from warroom.tui.drawing.ink import Span, Spans
from warroom.vocabulary.text import many_lines, one_line

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_ITEM = re.compile(r"(\s*)([-*+]|[0-9]{1,3}[.)])\s+(.*)")
_QUOTE = re.compile(r">\s?(.*)")
_FENCE = re.compile(r"\s*(```|~~~)")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\[(?P<text>[^\]]+)\]\((?P<address>[^()\s]+)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*"
    r"|(?<![\w*])\*(?P<emphasis>[^*\s][^*]*)\*(?![\w*])"
    r"|(?P<bare>https?://[^\s<>)\]]+)"
)
CODE, LINK, HEADING, QUIET = "primary", "primary underline", "primary bold", "muted"
_DEEPEST = 4


def markdown_lines(text: str, width: int, most: int = 400, more: str = "…") -> list[Spans]:
    """`text` in at most `most` lines of at most `width` cells; where more is left the last line is `more`."""
    lines: list[Spans] = []
    for line in _lines(many_lines(text), max(16, width)):
        if len(lines) == most:
            lines[-1] = ((more, QUIET),)
            break
        lines.append(line)
    return lines


def _lines(text: str, width: int) -> Iterator[Spans]:
    sign, held = "", list[str]()  # the paragraph or the item that further lines go on

    def flowed() -> Iterator[Spans]:
        if held:
            yield from _flowed(_inline(" ".join(held)), width, sign)
            held.clear()

    fenced = False
    blank = True  # none at the top, and never two
    for line in text.strip("\n").split("\n"):
        fence = _FENCE.match(line) is not None
        if fenced and not fence:
            for part in chop_cells(line.rstrip()[:4000], width - 2) or [""]:
                yield (("  ", ""), (part, CODE))
            continue
        if not line.strip():
            yield from flowed()
            if not blank:
                yield ()
            blank = True
            continue
        blank = False
        if fence:
            yield from flowed()
            fenced = not fenced
        elif heading := _HEADING.fullmatch(line):
            yield from flowed()
            yield from _flowed([(one_line(heading[1]), HEADING)], width)
        elif item := _ITEM.fullmatch(line):
            yield from flowed()
            bullet = "•" if item[2] in "-*+" else item[2]
            sign = "  " * min(len(item[1]) // 2, _DEEPEST) + bullet + " "
            held.append(item[3])
        elif quote := _QUOTE.fullmatch(line):
            yield from flowed()
            yield from _flowed(_inline(quote[1]), width, "│ ")
        else:
            if not held:
                sign = ""
            held.append(line.strip())
    yield from flowed()


def _inline(text: str) -> list[Span]:
    spans: list[Span] = []
    end = 0
    for match in _INLINE.finditer(text):
        spans.append((text[end : match.start()], ""))
        end = match.end()
        kind = match.lastgroup
        if kind == "address":
            spans += [(match["text"], "bold"), (" <", QUIET), (match["address"], LINK), (">", QUIET)]
        else:
            ink = {"code": CODE, "strong": "bold", "emphasis": "bold", "bare": LINK}[str(kind)]
            spans.append((match[str(kind)], ink))
    spans.append((text[end:], ""))
    return list(_harmless(spans))


def _harmless(spans: list[Span]) -> Iterator[Span]:
    """The spans made harmless, with a span of its own for the space at either end of each."""
    for said, ink in spans:
        core = one_line(said, 4000)
        if said[:1].isspace():
            yield " ", ""
        if core:
            yield core, ink
            if said[-1:].isspace():
                yield " ", ""


def _flowed(spans: list[Span], width: int, sign: str = "") -> Iterator[Spans]:
    """The spans broken between words into lines, below each other behind a sign."""
    room = width - cell_len(sign)
    line: list[Span] = []
    used = 0
    first = True

    def ended() -> Spans:
        head = ((sign if first else " " * cell_len(sign), QUIET),) if sign else ()
        return (*head, *line)

    for word, ink in _words(spans):
        length = cell_len(word)
        if word == " ":
            if used and used < room:
                line.append((word, ink))
                used += 1
            continue
        if used and used + length > room:
            yield ended()
            first, line, used = False, [], 0
        for part in chop_cells(word, room):
            if used and used + cell_len(part) > room:
                yield ended()
                first, line, used = False, [], 0
            line.append((part, ink))
            used += cell_len(part)
    yield ended()


def _words(spans: list[Span]) -> Iterator[Span]:
    for text, ink in spans:
        for place, word in enumerate(text.split(" ")):
            if place:
                yield " ", ""
            if word:
                yield word, ink
