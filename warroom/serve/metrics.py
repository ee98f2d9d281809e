"""What can be measured, for Prometheus: `/metrics`. Everything is read off the Board when it is asked for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from warroom.board.board import Board
from warroom.board.figures import Figures, figures
from warroom.board.forecast import floor_to_minute, forecast
from warroom.serve.server import Room
from warroom.store.copies import file_of
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.words import Severity, ShownState

ACTION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""


class Metrics:
    """The metrics of one server, in a registry of their own.

    Args:
        viewers: how many look at the browser view.
    """

    def __init__(self, room: Room, viewers: Callable[[], int]) -> None:
        self._room = room
        self._registry = CollectorRegistry()
        self._actions = Histogram(
            "warroom_action_seconds",
            "Seconds from a console's asking to the Board that has it, refusals too",
            ["action"],
            buckets=ACTION_BUCKETS,
            registry=self._registry,
        )
        room.host.on_acted.append(lambda action, seconds: self._actions.labels(action).observe(seconds))
        self._registry.register(_Gauges(room, viewers))
        ProcessCollector(registry=self._registry)

    async def text(self, accepted: str = "") -> tuple[bytes, str]:
        """All of them, and the content type: OpenMetrics where `accepted` (the header Accept) asks for it, else
        Prometheus' own text format. Computed off the loop."""
        try:
            encode, content_type = choose_encoder(accepted)
        except (TypeError, ValueError):  # a version that is no number
            encode, content_type = choose_encoder("")
        return await self._room.host.off_loop(encode, self._registry), content_type


class _Gauges(Collector):
    """What is so now."""

    def __init__(self, room: Room, viewers: Callable[[], int]) -> None:
        self._room = room
        self._viewers = viewers

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing beforehand: registering must not compute a forecast."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        host = self._room.host
        board, wall = host.board, host.state_file.clock.now()
        now = board.run_time(wall)
        key = ("metrics", floor_to_minute(now))
        yield from _of_board(board, host.once(key, board, lambda: figures(board, forecast(board, now))))
        yield from self._of_server(board, wall)

    def _of_server(self, board: Board, wall: datetime) -> Iterator[GaugeMetricFamily]:
        room, host = self._room, self._room.host
        sessions = GaugeMetricFamily("warroom_consoles", "Open consoles, of this server and elsewhere", labels=["via"])
        for via, count in Counter(one.via.value for one in host.attendance.connected()).items():
            sessions.add_metric([via], count)
        yield sessions
        yield _gauge("warroom_sessions", "Consoles that this server serves", len(room.sessions))
        yield _gauge("warroom_browser_viewers", "Browsers that look at the wall", self._viewers())
        yield _gauge("warroom_loop_lag_seconds", "How late the loop is", room.lag.now)
        yield _gauge("warroom_loop_lag_worst_seconds", "The worst since the last look", room.lag.worst())
        yield _gauge("warroom_journal_seq", "Last entry that is shown", board.seq)
        if board.recorded_at is not None:
            age = (wall - board.recorded_at).total_seconds()
            yield _gauge("warroom_journal_age_seconds", "Since the last entry", age)
        yield _gauge("warroom_feed_up", "1 while the Board is kept current", host.trouble is None)
        awake = False
        with suppress(WarroomError):
            awake = host.watch_status().awake
        yield _gauge("warroom_watch_up", "1 while somebody watches for alerts", awake)
        with suppress(OSError):
            free = shutil.disk_usage(file_of(host.state_file.database).parent).free
            yield _gauge("warroom_disk_free_bytes", "Where the state file lies", free)


def _of_board(board: Board, found: Figures) -> Iterator[GaugeMetricFamily]:
    tasks = GaugeMetricFamily("warroom_tasks", "Tasks of the main network by state", labels=["state"])
    for state in ShownState:
        tasks.add_metric([state.value], found.states[state])
    yield tasks
    yield _gauge("warroom_tasks_late", "Open tasks that finish later than planned", len(found.late))
    yield _gauge("warroom_causes", "Those of them that are late by their own doing", len(found.causes))
    finish = found.forecast_finish.timestamp()
    yield _gauge("warroom_forecast_finish_timestamp_seconds", "When the cutover is expected to finish", finish)
    yield _gauge("warroom_window_float_seconds", "Float inside the window, negative beyond", found.window_float_s)
    if found.latest_backout_decision is not None:
        latest = found.latest_backout_decision.timestamp()
        yield _gauge("warroom_latest_backout_timestamp_seconds", "Latest safe back-out decision", latest)
    alerts = GaugeMetricFamily("warroom_alerts", "Open alerts by severity", labels=["severity"])
    counted = Counter(alert.severity for alert in board.open_alerts)
    for severity in Severity:
        alerts.add_metric([severity.value], counted[severity])
    yield alerts
    run = board.run
    yield _gauge("warroom_run_open", "1 while a run is open", run is not None and run.closed_at is None)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about)
    family.add_metric([], float(value))
    return family
