"""What keys and mouse do with the timeline."""

from __future__ import annotations

from collections.abc import Callable

from warroom.tui.doing.stand import Stand
from warroom.tui.picture.groups import Grouping
from warroom.tui.timeline.widget import Timeline


def earlier(screen: Stand, _: str) -> None:
    _timeline(screen).pan(-1)


def later(screen: Stand, _: str) -> None:
    _timeline(screen).pan(1)


def nearer(screen: Stand, _: str) -> None:
    _timeline(screen).zoom(1)


def wider(screen: Stand, _: str) -> None:
    _timeline(screen).zoom(-1)


def follow(screen: Stand, _: str) -> None:
    _timeline(screen).follow()


def next_grouping(screen: Stand, _: str) -> None:
    timeline = _timeline(screen)
    timeline.group_by(timeline.grouping.following)


def group_by(grouping: Grouping) -> Callable[[Stand, str], None]:
    """What puts the tasks together in that way."""
    return lambda screen, _: _timeline(screen).group_by(grouping)


def fold_all(screen: Stand, _: str) -> None:
    _timeline(screen).fold_all()


def turn_second_axis(screen: Stand, _: str) -> None:
    _timeline(screen).turn_second_axis()


def toggle_legend(screen: Stand, _: str) -> None:
    _timeline(screen).toggle_legend()


def _timeline(screen: Stand) -> Timeline:
    return screen.query_one(Timeline)
