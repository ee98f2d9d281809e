"""The alerts of a cutover on the weekend on which the clocks are set back are those that somebody has looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.autumn import BERLIN, NEW_YORK, Weekend, play
from tests.soaking import times

WEEKENDS = [NEW_YORK, *times(short=0, whole=1) * [BERLIN]]  # Berlin is tried by many processes too


@pytest.mark.parametrize("weekend", WEEKENDS, ids=lambda weekend: weekend.golden.stem)
def test_exactly_the_expected_alerts(weekend: Weekend, tmp_path: Path) -> None:
    assert play(weekend, tmp_path) == weekend.golden.read_text(encoding="utf-8").splitlines()
