"""What those who reckon beside a console ask of it: what it shows now, and to be shown what they found."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from textual.worker import WorkType

from warroom.host.interface import Host
from warroom.tui.picture.picture import Picture


class Shown(Protocol):
    """A console, as far as they know it."""

    picture: Picture

    @property
    def host(self) -> Host:
        """What is shown: the present, or the past that somebody looks back at."""
        ...

    def run_time(self) -> datetime:
        """What the run's clock shows now, UTC."""
        ...

    def run_worker(self, work: WorkType[None], *, group: str) -> object:
        """Do it beside the keys, until the console ends. Given what makes a coroutine, none is left over then."""
        ...

    def show_odds(self) -> None:
        """Show that it is known better how sure the forecast is."""
        ...

    def show_trend(self) -> None:
        """Show that it is known anew how the forecast of the finish has moved."""
        ...
