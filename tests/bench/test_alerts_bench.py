"""An entry of one process is an alert of another at once: each comes before the next entry is made."""

from __future__ import annotations

from pathlib import Path

from tests.bench.alerts import delays


def test_each_entry_has_its_alert_before_the_next(tmp_path: Path) -> None:
    taken = delays(tmp_path / "alerts.db", 10)
    print(f"from an entry to its alert: {1e3 * taken[len(taken) // 2]:.0f} ms")
    assert len(taken) == 10
