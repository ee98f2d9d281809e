"""How long the long tests are: short as they stand, whole with WARROOM_SOAK=1."""

from __future__ import annotations

import os

import pytest

WHOLE = bool(os.environ.get("WARROOM_SOAK"))

# What a module of long tests says of itself: `pytestmark = LONG`.
LONG = [pytest.mark.soak, pytest.mark.timeout(3_600 if WHOLE else 120)]


def times(short: int, whole: int) -> int:
    """How often something is done: `short` as it stands, `whole` with WARROOM_SOAK=1."""
    return whole if WHOLE else short
