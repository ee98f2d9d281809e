"""Exact decimal arithmetic: nothing is ever rounded."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext

_DIGITS = 200
LARGEST = Decimal("1E30")
"""Figures of controls are smaller; sums of a million of them still fit into the digits that are calculated with."""

SMALLEST_PLACE = 20
"""Figures have at most so many digits after the point."""


def exact() -> AbstractContextManager[Context]:
    """Within it, decimals are calculated exactly; a result that would have to be rounded raises `decimal.Inexact`."""
    return localcontext(Context(prec=_DIGITS, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero]))


def is_figure(value: Decimal) -> bool:
    """Whether a number is of a size that can be calculated with exactly."""
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -SMALLEST_PLACE and value.copy_abs() < LARGEST


def show_number(value: Decimal) -> str:
    """A number without an exponent, its thousands separated: 1,234.50."""
    return f"{value:,f}"
