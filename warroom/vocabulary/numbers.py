"""Numbers as exports and people write them: either mark before the decimals, thousands set apart, signs anywhere.

Which mark stands before the decimals is found from the numbers themselves, and never guessed: 1,234 alone says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

POINT, COMMA = ".", ","

_PLAIN = {POINT: b"-0123456789.", COMMA: b"-0123456789,", None: b"-0123456789"}
_PLAINLY = str.maketrans({"\u2212": "-", "\u2019": "'"})
_SPACES = "' \u00a0\u202f\u2009"


def _whole(apart: str) -> str:
    """A whole number, its thousands (or, as in India, hundreds) set apart by one of `apart`, always the same one."""
    return rf"(?:[1-9][0-9]{{0,2}}(?P<apart>[{apart}])(?:[0-9]{{2,3}}(?P=apart))*[0-9]{{3}}|[0-9]+)"


_WHOLE = re.compile(_whole(_SPACES))
_SHAPES = {
    POINT: re.compile(rf"{_whole(_SPACES + COMMA)}?(?:\.[0-9]*)?"),
    COMMA: re.compile(rf"{_whole(_SPACES + POINT)}?(?:,[0-9]*)?"),
}


class Unclear(ValueError):
    """The mark before the decimals cannot be told."""


def read_number(text: str, mark: str | None) -> Decimal:
    """The number that `text` stands for; -5, 5-, (5) and +5 are signs.

    Args:
        mark: what stands before decimals; None: nothing does, as there are none.

    Raises:
        ValueError: it is not a number, or not written that way.
    """
    bare, negative = _without_sign(text)
    shape = _WHOLE if mark is None else _SHAPES[mark]
    if not any(map(str.isdigit, bare)) or not shape.fullmatch(bare):
        if mark is None and any(other in bare for other in (POINT, COMMA)):
            raise Unclear(f"{text.strip()[:40]!r} has decimals, or thousands set apart: it cannot be told which")
        raise ValueError(f"{text.strip()[:40]!r} is not a number")
    digits = re.sub(rf"[^0-9{re.escape(mark or POINT)}]", "", bare).replace(COMMA, POINT)
    number = Decimal(digits)
    return -number if negative and number else number


def figure_of(text: str) -> Decimal:
    """A figure as somebody types it: with a decimal point, or written in a way that can be read in one way only.

    Raises:
        ValueError: it is no number, or can be read in two ways.
    """
    return read_number(text, (mark_of([text]) or POINT) if COMMA in text else POINT)


def read_numbers(texts: Sequence[str], mark: str | None) -> tuple[list[Decimal], int]:
    """The same of many, with how many of them are empty and count as 0.

    Raises:
        ValueError: one of them is not a number.
    """
    if not "".join(texts).encode("utf-8", "surrogatepass").translate(None, _PLAIN[mark]):
        plain = [text.replace(COMMA, POINT) for text in texts] if mark == COMMA else texts
        try:
            return list(map(Decimal, plain)), 0
        except InvalidOperation:
            pass  # an empty one, a sign at its end, or two points
    nothing = Decimal(0)
    numbers = [read_number(text, mark) if text.strip() else nothing for text in texts]
    return numbers, sum(not text.strip() for text in texts)


def mark_of(texts: Iterable[str]) -> str | None:
    """What stands before the decimals in these numbers; None if none of them has decimals.

    Raises:
        Unclear: they contradict each other, or each can be read in two ways.
    """
    found: set[str] = set()
    unclear = None
    for text in texts:
        bare, _ = _without_sign(text)
        told = _mark_in(bare)
        if told is not None:
            found.add(told)
        elif POINT in bare or COMMA in bare:
            unclear = unclear or text.strip()
    if len(found) > 1:
        raise Unclear("some numbers have a point before their decimals and others a comma")
    if not found and unclear is not None:
        raise Unclear(f"{unclear[:40]!r} can be read in two ways")
    return found.pop() if found else None


def _mark_in(bare: str) -> str | None:
    """The mark before the decimals that one number shows; None where it shows none, or can be read in two ways."""
    fitting = [mark for mark in (POINT, COMMA) if _SHAPES[mark].fullmatch(bare)]
    return fitting[0] if len(fitting) == 1 and (POINT in bare or COMMA in bare) else None


def _without_sign(text: str) -> tuple[str, bool]:
    bare = text.strip().translate(_PLAINLY)
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].strip(), True
    for end in (bare[:1], bare[-1:]):
        if end and end in "+-":
            return (bare[1:] if bare[0] == end else bare[:-1]).strip(), end == "-"
    return bare, False
