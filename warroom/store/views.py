"""Views for people with other tools: tasks, timeline and alerts in words, with times that can be read.

They are in backups only, never in the state file itself, which no other program may open while it is in use. Nothing of
warroom reads them. SQLite knows no time zones, so the changes of offset of the programme's zone go with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warroom.clock.times import parse_zone
from warroom.store import sqlite
from warroom.vocabulary.errors import StateFileError

VIEWS = ("v_task", "v_timeline", "v_alert")
ZONE_TABLE = "v_zone_offset"
_YEARS = (2000, 2060)
_STEP = timedelta(days=7)  # no zone changes twice within a week


def add(path: Path) -> None:
    """Put the views into the copy `path`, which nobody else has."""
    with sqlite.speaking(path), closing(sqlite.connect(path, alone=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _drop(connection)
        zone = _zone_of(connection, path)
        connection.execute(f"CREATE TABLE {ZONE_TABLE} (from_utc TEXT PRIMARY KEY, offset_s INTEGER, offset TEXT)")
        connection.executemany(
            f"INSERT INTO {ZONE_TABLE} VALUES (?, ?, ?)",
            _offsets(zone),
        )
        for name, query in zip(VIEWS, (_TASK, _TIMELINE, _ALERT), strict=True):
            connection.execute(f"CREATE VIEW {name} AS {query}")
        connection.execute("COMMIT")


def remove(path: Path) -> None:
    """Take the views out of the copy `path`, which nobody else has; nothing if it has none."""
    with sqlite.speaking(path), closing(sqlite.connect(path, alone=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _drop(connection)
        connection.execute("COMMIT")


def _zone_of(connection: Any, path: Path) -> ZoneInfo:
    row = connection.execute("SELECT timezone FROM programme").fetchone()
    try:
        return parse_zone("UTC" if row is None else row[0])
    except ValueError as error:
        raise StateFileError(f"the programme's zone: {error}", where=str(path), hint="update tzdata") from None


def _drop(connection: Any) -> None:
    for name in VIEWS:
        connection.execute(f"DROP VIEW IF EXISTS {name}")
    connection.execute(f"DROP TABLE IF EXISTS {ZONE_TABLE}")


def _offsets(zone: ZoneInfo) -> Iterator[tuple[str, int, str]]:
    """From when (UTC) on the zone has which offset from UTC, in seconds and as in ISO 8601."""

    def offset_at(instant: datetime) -> int:
        offset = instant.astimezone(zone).utcoffset()
        return 0 if offset is None else round(offset.total_seconds())

    def row(instant: datetime, offset: int) -> tuple[str, int, str]:
        sign, minutes = "-" if offset < 0 else "+", abs(offset) // 60
        return f"{instant:%Y-%m-%d %H:%M:%S}", offset, f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"

    week, end = datetime(_YEARS[0], 1, 1, tzinfo=UTC), datetime(_YEARS[1], 1, 1, tzinfo=UTC)
    offset = offset_at(week)
    yield row(week, offset)
    while week < end:
        low, high = week, week + _STEP
        week = high
        if offset_at(high) != offset:
            while high - low > timedelta(seconds=1):  # the change lies after `low`, and not after `high`
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if offset_at(middle) == offset else (low, middle)
            offset = offset_at(high)
            yield row(high, offset)


def _utc(instant: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {instant})"


def _local(instant: str) -> str:
    """`instant` by the clock of the programme's zone, ISO 8601 with the offset."""
    return (
        f"(SELECT strftime('%Y-%m-%dT%H:%M:%S', {instant}, zone.offset_s || ' seconds') || zone.offset "
        f"FROM {ZONE_TABLE} AS zone WHERE zone.from_utc <= datetime({instant}) ORDER BY zone.from_utc DESC LIMIT 1)"
    )


def _both(name: str, instant: str) -> str:
    """Two columns: the instant in the programme's zone, and in UTC."""
    return f"{_local(instant)} AS {name}, {_utc(instant)} AS {name}_utc"


def _from_start(seconds: str) -> str:
    """The instant that many seconds after the start of the window."""
    return f"datetime(book.window_start, {seconds} || ' seconds')"


def _handle(key: str) -> str:
    return f"(SELECT handle FROM person WHERE person.id = {key})"


# Tasks of the plan's versions have no run; those of a run are its own copies.
_TASK = f"""
SELECT run.name AS run, book.plan_version, task.ref, task.title, task.kind_of_task AS kind, task.state,
  task.phase, task.stream, {_handle("task.owner_id")} AS owner, {_handle("task.backup_id")} AS backup,
  {_handle("task.verifier_id")} AS verifier, {_handle("task.executor_id")} AS executor,
  {_handle("task.verified_by_id")} AS verified_by, task.backout, task.duration_s,
  {_both("baseline_start", _from_start("task.baseline_start_s"))},
  {_both("baseline_finish", _from_start("task.baseline_finish_s"))},
  {_both("actual_start", "task.actual_start")}, {_both("actual_finish", "task.actual_finish")},
  {_both("eta", "task.eta")}, task.eta_reason, {_both("blocked_at", "task.blocked_at")}, task.blocked_reason,
  task.blocked_on, task.blocked_by, task.blocked_ticket, {_both("blocked_promise", "task.blocked_promise")},
  {_both("blocked_chase", "task.blocked_chase")},
  task.result, task.closing_reason, task.progress_done, task.progress_total, task.progress_unit,
  (SELECT count(*) FROM step WHERE step.task_id = task.id) AS steps,
  (SELECT count(*) FROM step WHERE step.task_id = task.id AND step.ticked_at IS NOT NULL) AS steps_ticked,
  (SELECT count(*) FROM evidence WHERE evidence.task_id = task.id) AS evidence,
  gate.verdict, {_both("decided_at", "gate.decided_at")}, {_handle("gate.decided_by_id")} AS decided_by,
  gate.decision_reason
FROM task LEFT JOIN run ON run.id = task.run_id LEFT JOIN gate ON gate.task_id = task.id
  JOIN (SELECT id AS run_id, NULL AS version_id, NULL AS plan_version, window_start FROM run
        UNION ALL SELECT NULL, id, number, window_start FROM plan_version) AS book
    ON book.run_id = task.run_id OR book.version_id = task.version_id
ORDER BY task.run_id, task.version_id, task.position
"""

_TIMELINE = f"""
SELECT journal.seq, run.name AS run, {_both("at", "COALESCE(journal.run_time, journal.recorded_at)")},
  {_both("effective_at", "json_extract(journal.body, '$.effective_at')")},
  {_both("recorded_at", "journal.recorded_at")},
  json_extract(journal.body, '$.actor') AS actor, json_extract(journal.body, '$."for"') AS done_by,
  json_extract(journal.body, '$.assurance') AS assurance, json_extract(journal.body, '$.via') AS via,
  json_extract(journal.body, '$.action') AS action, journal.subject, json_extract(journal.body, '$.reason') AS reason,
  journal.hash
FROM journal LEFT JOIN run ON run.id = journal.run_id
ORDER BY journal.seq
"""

_ALERT = f"""
SELECT alert.id, run.name AS run, alert.rule, alert.subject, alert.episode, alert.severity, alert.state,
  {_both("due_at", "alert.due_at")}, {_both("raised_at", "alert.raised_at")}, {_both("closed_at", "alert.closed_at")},
  alert.message, alert.own_delay_s, alert.window_float_s, alert.pushes
FROM alert JOIN run ON run.id = alert.run_id
ORDER BY alert.id
"""
