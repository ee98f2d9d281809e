"""Tolerance, per cent and sign of a control, against fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from warroom.rules.controls import Tolerance
from warroom.vocabulary.exact import is_figure

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4) | st.sampled_from(
    [Decimal(0), Decimal("0.00"), Decimal("-0"), Decimal("999999999999999999999999999.99999999999999999999")]
)
BOUNDS = st.none() | st.decimals(min_value=0, max_value=1000, places=6) | st.just(Decimal(0))


def naive(
    legacy: Decimal, new: Decimal, absolute: Decimal | None, percent: Decimal | None, opposite: bool
) -> tuple[Fraction, bool]:
    """The difference, and whether it is within the tolerance, by the words of the rule."""
    difference = Fraction(new) * (-1 if opposite else 1) - Fraction(legacy)
    if difference == 0:
        return difference, True
    checks = []
    if absolute is not None:
        checks.append(abs(difference) <= Fraction(absolute))
    if percent is not None and legacy != 0:
        checks.append(abs(difference) <= Fraction(percent) / 100 * abs(Fraction(legacy)))
    return difference, bool(checks) and all(checks)


@given(AMOUNTS, AMOUNTS, BOUNDS, BOUNDS, st.booleans())
@example(Decimal(0), Decimal("0.01"), None, Decimal(50), False)
@example(Decimal(0), Decimal("0.01"), Decimal("0.01"), Decimal(0), False)
@example(Decimal(100), Decimal(-101), Decimal(2), Decimal("0.5"), True)
def test_the_rule_is_that_of_fractions(
    legacy: Decimal, new: Decimal, absolute: Decimal | None, percent: Decimal | None, opposite: bool
) -> None:
    tolerance = Tolerance(absolute, percent, opposite)
    difference, within = naive(legacy, new, absolute, percent, opposite)
    assert Fraction(tolerance.difference(legacy, new)) == difference
    assert tolerance.holds(legacy, new) is within
    assert tolerance.allowed(legacy) >= 0


@given(AMOUNTS, st.decimals(min_value=0, max_value=1000, places=6), BOUNDS)
def test_at_its_bound_a_difference_is_within_and_beyond_it_is_not(
    legacy: Decimal, absolute: Decimal, percent: Decimal | None
) -> None:
    tolerance = Tolerance(absolute, percent)
    allowed = tolerance.allowed(legacy)
    new = Fraction(legacy) + Fraction(allowed)
    step = Decimal("1E-20")
    at_bound = Decimal(new.numerator) / Decimal(new.denominator)
    if Fraction(at_bound) == new:
        assert tolerance.holds(legacy, at_bound)
        beyond = Fraction(at_bound) + Fraction(step)
        exact_beyond = Decimal(beyond.numerator) / Decimal(beyond.denominator)
        if Fraction(exact_beyond) == beyond:
            assert not tolerance.holds(legacy, exact_beyond)


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_what_is_a_figure_can_be_calculated_with(value: Decimal) -> None:
    if is_figure(value):
        tolerance = Tolerance(Decimal("0.000001"), Decimal("999.999999"))
        assert tolerance.difference(value, value) == 0
        assert tolerance.holds(value, value)
