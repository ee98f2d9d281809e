"""What a widget asks of the app that it is shown in."""

from __future__ import annotations

from textual.app import App


class CompactApp(App[None]):
    """An app that can do without frame and blank lines."""

    compact: bool
    """Whether there is neither frame nor blank lines, so that more has room."""
