"""A slip as it is typed."""

from __future__ import annotations

import pytest

from tests.cutover import MINUTE
from warroom.tui.whatif.slip import TypedSlip


def typed(keys: str) -> TypedSlip:
    """Digits and letters are typed; "<" erases, "+" and "-" are steps."""
    slip = TypedSlip()
    for key in keys:
        if key in "+-":
            slip.step(1 if key == "+" else -1)
        elif key == "<":
            slip.erase()
        else:
            slip.type(key)
    return slip


@pytest.mark.parametrize(
    ("keys", "minutes", "shown"),
    [
        ("", 30, "+30m"),
        ("45", 45, "+45"),
        ("1h30", 90, "+1h30"),
        ("1h3", 63, "+1h3"),
        ("2d", 2880, "+2d"),
        ("45<", 4, "+4"),
        ("45<<", 0, "0m"),
        ("<", 30, "+30"),
        ("+", 45, "+45m"),
        ("---", -15, "-15m"),
        ("50+", 60, "+1h"),
        ("50-", 45, "+45m"),
        ("50-7", 7, "+7"),
        ("10---", -30, "-30m"),
    ],
)
def test_what_keys_make_of_it(keys: str, minutes: int, shown: str) -> None:
    slip = typed(keys)
    assert (slip.seconds, slip.shown, slip.understood) == (minutes * MINUTE, shown, True)


def test_what_cannot_be_read_leaves_what_could() -> None:
    for keys, minutes in (("h", 30), ("1hm", 60), ("99999999", 99999)):
        slip = typed(keys)
        assert not slip.understood
        assert slip.seconds == minutes * MINUTE
    assert typed("99999999999").text == "99999999", "nobody types for ever"
