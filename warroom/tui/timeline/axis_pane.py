"""A pane with hours across, zoomed and panned by keys and by the mouse."""

from __future__ import annotations

from textual.events import (
    Click,
    MouseDown,
    MouseEvent,
    MouseMove,
    MouseScrollDown,
    MouseScrollLeft,
    MouseScrollRight,
    MouseScrollUp,
    MouseUp,
)

from warroom.tui.drawing.axis import Axis, fitting_step, zoomed
from warroom.tui.widgets.pane import Pane


class AxisPane(Pane):
    """The axis follows now until somebody pans or zooms.

    The wheel zooms above the bars, and everywhere with ctrl held; with shift held, and sideways, it pans; bars are
    dragged with the mouse.
    """

    def __init__(self, *, id: str | None = None, show_cursor: bool = True) -> None:  # noqa: A002
        super().__init__(id=id, show_cursor=show_cursor)
        self.following = True
        self._axis = Axis(0, fitting_step(0, 1), 0)
        self._step: int | None = None
        self._grip: tuple[int, int] | None = None  # where the mouse took hold: column, and the axis' left end
        self._dragged = False

    # --- what subclasses say ---------------------------------------------------------------------------------------

    @property
    def bars_from(self) -> int:
        """The first column of the axis, in cells from the left."""
        raise NotImplementedError

    @property
    def now_s(self) -> int:
        """Now, in seconds from the window start."""
        raise NotImplementedError

    def axis_turned(self) -> None:
        """Show what the axis shows now."""
        raise NotImplementedError

    # --- turning it ------------------------------------------------------------------------------------------------

    def _turn(self, axis: Axis) -> None:
        self.following = False
        self._step, self._axis = axis.step, axis
        self.axis_turned()

    def pan(self, ticks: int) -> None:
        """Move the view by so many ticks."""
        axis = self._axis
        self._turn(Axis(axis.left + ticks * axis.tick, axis.step, axis.width))

    def zoom(self, nearer: int, column: int | None = None) -> None:
        """Zoom in (1) or out (-1), keeping what is shown in `column` there; without one now if it is in view, else the
        middle."""
        axis, now = self._axis, self.now_s
        if column is None:
            column = axis.column(now) if axis.shows(now) else axis.width // 2
        fixed = axis.left + column * axis.step
        step = zoomed(axis.step, nearer)
        self._turn(Axis(fixed - column * step, step, axis.width))

    def follow(self) -> None:
        """Show now again, and go on following it."""
        self.following, self._step = True, None
        self.axis_turned()

    # --- the mouse -------------------------------------------------------------------------------------------------

    def _wheel(self, event: MouseEvent, towards: int) -> None:
        """`towards`: 1 for up, which zooms in and pans to earlier hours."""
        x, y = event.get_content_offset_capture(self)
        column = x - self.bars_from
        if event.shift:
            self.pan(-towards)
        elif event.ctrl or (y < self.head and column >= 0):
            self.zoom(towards, column if 0 <= column < self._axis.width else None)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._wheel(event, -1)

    def on_mouse_scroll_left(self, event: MouseScrollLeft) -> None:
        event.stop()
        self.pan(-1)

    def on_mouse_scroll_right(self, event: MouseScrollRight) -> None:
        event.stop()
        self.pan(1)

    def on_mouse_down(self, event: MouseDown) -> None:
        x, _ = event.get_content_offset_capture(self)
        self._dragged = False
        if self.bars_from <= x < self.bars_from + self._axis.width:
            self._grip = x, self._axis.left
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._grip is None:
            return
        x, _ = event.get_content_offset_capture(self)
        axis, (taken, left) = self._axis, self._grip
        moved = left + (taken - x) * axis.step
        if moved != axis.left:
            self._dragged = True
            self._turn(Axis(moved, axis.step, axis.width))

    def on_mouse_up(self, _: MouseUp) -> None:
        if self._grip is not None:
            self._grip = None
            self.release_mouse()

    def on_click(self, event: Click) -> None:
        if self._dragged:
            event.prevent_default()  # the bars were moved, nothing was chosen
