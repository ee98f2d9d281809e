"""Views for other programs: in backups only, with handles and times that can be read by SQLite alone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cutover import Cutover
from tests.golden.record import play
from tests.soaking import times
from warroom.store import views
from warroom.store.backup import back_up
from warroom.store.statefile import StateFile
from warroom.store.verify import verify

PLAIN = """
import json, sys
import sqlite3
connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
connection.row_factory = sqlite3.Row
print(json.dumps([dict(row) for row in connection.execute(sys.argv[2])]))
"""


@pytest.fixture
def backup(planned: Cutover, tmp_path: Path) -> Path:
    """A backup of a cutover in which every action was used."""
    play(planned)
    return back_up(planned.state_file, tmp_path / "backup.db").path


def asked(path: Path, query: str) -> list[dict[str, Any]]:
    """What a program that knows nothing of warroom gets, with the SQLite of Python's standard library."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", PLAIN, str(path), query], capture_output=True, text=True, timeout=60, check=True
    )
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_tasks_with_people_and_times(backup: Path) -> None:
    tasks = {row["ref"]: row for row in asked(backup, "SELECT * FROM v_task WHERE run = 'mock 1'")}
    first = tasks["A"]
    assert (first["state"], first["owner"], first["backup"], first["executor"]) == ("done", "omar", "bea", "lena")
    assert (first["baseline_start"], first["baseline_start_utc"]) == (
        "2026-11-27T19:00:00+01:00",
        "2026-11-27T18:00:00Z",
    )
    assert first["baseline_finish_utc"] == "2026-11-27T18:30:00Z"
    assert (first["actual_start"], first["actual_start_utc"]) == ("2026-11-27T19:39:00+01:00", "2026-11-27T18:39:00Z")
    assert (first["steps"], first["steps_ticked"], first["evidence"]) == (2, 2, 1)
    assert (tasks["GO"]["kind"], tasks["GO"]["verdict"], tasks["GO"]["decided_by"]) == ("gate", "conditional", "lena")
    assert tasks["C"]["closing_reason"] == "by hand on Monday"
    assert tasks["END"]["actual_start"] is None
    assert "REAL" not in tasks
    planned = asked(backup, "SELECT ref, plan_version, owner FROM v_task WHERE run IS NULL")
    assert {"ref": "REAL", "plan_version": 1, "owner": "omar"} in planned


def test_the_timeline_is_the_journal(backup: Path) -> None:
    rows = asked(backup, "SELECT * FROM v_timeline")
    with StateFile.copied(backup) as copy:
        entries = list(copy.entries())
    assert [row["seq"] for row in rows] == [entry.seq for entry in entries]
    assert [row["action"] for row in rows] == [entry.action for entry in entries]
    assert [row["hash"] for row in rows] == [entry.hash for entry in entries]
    row = next(row for row in rows if row["action"] == "task.block")
    assert (row["actor"], row["done_by"], row["subject"], row["via"]) == ("omar", "omar", "A", "cli")
    assert row["reason"] == "no access\nto the share"
    assert (row["at"], row["at_utc"]) == ("2026-11-27T19:20:00+01:00", "2026-11-27T18:20:00Z")
    assert next(row for row in rows if row["done_by"] != row["actor"])["done_by"] == "omar"


def test_alerts(backup: Path) -> None:
    (row, *_) = asked(backup, "SELECT * FROM v_alert")
    assert (row["subject"], row["run"], row["state"]) == ("A", "mock 1", "closed")
    assert row["raised_at_utc"] == "2026-11-27T18:40:00Z"
    assert row["raised_at"] == "2026-11-27T19:40:00+01:00"


def test_the_live_file_has_none(planned: Cutover) -> None:
    names = "SELECT name FROM sqlite_schema WHERE type = 'view' OR name = ?"
    with planned.state_file.read() as reader:
        assert reader.connection.execute(names, (views.ZONE_TABLE,)).fetchall() == []


def test_a_copy_with_views_is_as_sound_as_one_without(backup: Path) -> None:
    with StateFile.copied(backup) as copy:
        assert verify(copy).sound
    views.remove(backup)
    views.remove(backup)
    with StateFile.copied(backup) as copy:
        assert verify(copy).sound
    assert asked(backup, "SELECT name FROM sqlite_schema WHERE name LIKE 'v!_%' ESCAPE '!'") == []


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca", "Australia/Lord_Howe", "UTC")


@settings(max_examples=times(short=40, whole=150), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    instant=st.integers(0, 34 * 365 * 86_400).map(lambda s: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
)
def test_the_offsets_are_those_of_the_zone(zone: str, instant: datetime) -> None:
    rows = list(views._offsets(ZoneInfo(zone)))
    text = f"{instant:%Y-%m-%d %H:%M:%S}"
    (_, offset, written) = max(row for row in rows if row[0] <= text)
    local = instant.astimezone(ZoneInfo(zone))
    assert timedelta(seconds=offset) == local.utcoffset()
    assert local.isoformat(timespec="seconds").endswith(written)


def test_the_night_on_which_the_clocks_go_back(tmp_path: Path, planned: Cutover) -> None:
    copy = back_up(planned.state_file, tmp_path / "copy.db").path
    query = "SELECT " + ", ".join(
        views._local(f"'{text}'") for text in ("2026-10-25 00:59:59.000000", "2026-10-25 01:00:00.000000")
    )
    (row,) = asked(copy, query)
    assert list(row.values()) == ["2026-10-25T02:59:59+02:00", "2026-10-25T02:00:00+01:00"]
