"""The network around a task as one widget: the cursor walks from task to task along the links."""

from __future__ import annotations

from textual.events import Click, Resize
from textual.strip import Strip

from warroom.board.rows import Task
from warroom.tui.drawing.ink import Spans, drawn
from warroom.tui.network.net import GUTTER, LOW_NODE, Drawing, Net, Node, levels_for, net_around
from warroom.tui.picture.picture import Picture
from warroom.tui.widgets.pane import Pane


class Network(Pane):
    """Levels from left to right. Where the cursor comes to a task at the edge that has more beyond it, that
    task becomes the centre."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._centre: str | None = None
        self._drawing: Drawing | None = None
        self._shown: tuple[Node, ...] = ()

    def show(self, picture: Picture, centre: str | None) -> None:
        """Show the network of a picture around a task; the cursor stays on its task, where that is still shown."""
        kept = self.selected if centre == self._centre else centre
        self._picture, self._centre = picture, centre
        self._lay_out(kept)

    @property
    def centre(self) -> str | None:
        """The ref of the task around which the network is shown."""
        return self._centre

    @property
    def net(self) -> Net | None:
        """What is shown."""
        return None if self._drawing is None else self._drawing.net

    def _lay_out(self, kept: str | None) -> None:
        picture = self._picture
        task = None if picture is None or self._centre is None else picture.board.task(self._centre)
        if picture is None or task is None or not self.width:
            self._drawing, self._shown = None, ()
            self.items_changed()
            return
        net = net_around(picture.board, task, levels_for(self.width))
        self._shown = net.nodes
        refs = [node.task.ref for node in self._shown]
        self.cursor = refs.index(kept) if kept in refs else refs.index(task.ref)
        self._draw(net)
        self.items_changed()
        self.bring_into_view()
        self.post_message(self.Moved(self))

    def _draw(self, net: Net) -> None:
        assert self._picture is not None
        chosen = self._shown[self.cursor].task.id
        self._drawing = Drawing(self._picture, net, self.width, self.size.height, chosen)

    def on_resize(self, event: Resize) -> None:
        kept = self.selected
        super().on_resize(event)
        self._lay_out(kept)

    # --- Pane ------------------------------------------------------------------------------------------------------

    @property
    def item_count(self) -> int:
        return len(self._shown)

    @property
    def line_count(self) -> int:
        return 0 if self._drawing is None else self._drawing.line_count

    def lines_of(self, item: int) -> range:
        first = self._shown[item].row * self._node_lines
        return range(first, first + self._node_lines - 1)

    @property
    def _node_lines(self) -> int:
        return LOW_NODE if self._drawing is None else self._drawing.node_lines

    def item_at(self, line: int) -> int | None:
        return next((place for place in range(len(self._shown)) if line in self.lines_of(place)), None)

    def ref_at(self, item: int) -> str | None:
        return self._shown[item].task.ref

    @property
    def refs(self) -> list[str]:
        """The tasks that are shown."""
        return [node.task.ref for node in self._shown]

    def line_spans(self, line: int) -> Spans:
        return () if self._drawing is None else self._drawing.spans(line)

    def line_strip(self, line: int, width: int, under_cursor: bool) -> Strip:
        drawing = self._drawing
        if drawing is None or not under_cursor:
            return super().line_strip(line, width, False)
        node = self._shown[self.cursor]
        begin = node.column * (drawing.node_width + GUTTER)
        plain = drawn(drawing.spans(line), width, self.ink, self.rich_style)
        marked = drawn(drawing.spans(line), width, self.ink, self.base_style(True))
        end = begin + drawing.node_width
        parts = (plain.crop(0, begin), marked.crop(begin, end), plain.crop(end, width))
        return Strip([segment for part in parts for segment in part], width)

    # --- walking ---------------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Up or down within a level."""
        if not self._shown:
            return
        node = self._shown[self.cursor]
        places = [place for place, one in enumerate(self._shown) if one.column == node.column]
        self.move_to(places[min(max(0, places.index(self.cursor) + by), len(places) - 1)])

    def move_page(self, pages: int) -> None:
        self.move(pages * max(1, self.size.height // self._node_lines))

    def move_to_edge(self, last: bool) -> None:
        self.move(len(self._shown) if last else -len(self._shown))

    def move_aside(self, by: int) -> None:
        """Along a link to the level before or after: to the linked task that stands nearest."""
        net = self.net
        if net is None:
            return
        node = self._shown[self.cursor]
        key = node.task.id
        linked = {before for before, after in net.links if after == key} if by < 0 else set(net.following(key))
        beside = [place for place, one in enumerate(self._shown) if one.column == node.column + by]
        found = [place for place in beside if self._shown[place].task.id in linked] or self._beyond(node.task, by)
        if found:
            self.move_to(min(found, key=lambda place: abs(self._shown[place].row - node.row)))

    def _beyond(self, task: Task, by: int) -> list[int]:
        """Where nothing that is shown leads on, make the task the centre, if there is more beyond it."""
        net = self.net
        assert self._picture is not None
        if net is None or task.id == net.centre.id:
            return []
        board = self._picture.board
        following = board.predecessors(task.id) if by < 0 else board.successors(task.id)
        if not following:
            return []
        self._centre = task.ref
        self._lay_out(task.ref)
        shown = {one.id for one in following}
        return [place for place, node in enumerate(self._shown) if node.task.id in shown]

    def move_to(self, item: int) -> None:
        super().move_to(item)
        if self.net is not None and self._shown:
            self._draw(self.net)  # other links stand out
            self.refresh()

    def on_click(self, event: Click) -> None:
        event.prevent_default()  # Pane's own knows of one item in a line only
        x, y = event.get_content_offset_capture(self)
        line = y + self.scroll_offset.y
        drawing = self._drawing
        if drawing is None:
            return
        column = x // (drawing.node_width + GUTTER)
        for place, node in enumerate(self._shown):
            if node.column == column and line in self.lines_of(place):
                self.move_to(place)
