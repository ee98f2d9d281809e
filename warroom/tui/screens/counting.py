"""A screen beside the first one that counts something down above its lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.events import Resize

from warroom.tui.screens.aside import AsideScreen
from warroom.tui.screens.console import TALL
from warroom.tui.telling.countdowns import Countdown, countdown_lines
from warroom.tui.widgets.painted import Lines


class CountingScreen(AsideScreen):
    """The countdowns go on with every second, in `#countdowns`; where there is room their digits are large."""

    def countdowns(self, run_time: datetime) -> Sequence[Countdown]:
        """What is counted down at an instant (UTC)."""
        raise NotImplementedError

    def beat(self) -> None:
        super().beat()
        lines = self.query_one_optional("#countdowns", Lines)
        if lines is not None:
            counts = self.countdowns(self.console.surroundings().run_time)
            lines.show(*countdown_lines(counts, large=self.app.size.height >= TALL))

    def on_resize(self, _: Resize) -> None:
        self.beat()
        self.draw()
