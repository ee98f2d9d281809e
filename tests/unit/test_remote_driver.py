"""The driver of a console whose terminal is elsewhere: paced by the terminal's answers, deaf to nonsense, and gone
without a trace once the line is."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cutover import Cutover, opened
from warroom.host.shared import SharedHost
from warroom.serve import driver as driver_module
from warroom.serve.driver import FEW_UNREAD, MOST_INPUT, MOST_UNREAD, PING
from warroom.serve.sessions import Known, Session, Sessions
from warroom.serve.transport import LARGEST, Depth, terminal
from warroom.serve.wanted import Wanted
from warroom.tui.places import Opened
from warroom.vocabulary.errors import Refused

WAR_ROOM_ALONE = "Who must act"
PATIENCE_S = 60.0
ANSWER = b"\x1b[1;1R"


class Terminal:
    """A line whose other end is looked at, and answers if it is to."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.session: Session | None = None
        self.got = bytearray()
        self.waiting = 0
        self.paused = False
        self.code: int | None = None

    def write(self, data: bytes) -> None:
        self.got += data
        if PING in data and self.answers and self.session is not None:
            asyncio.get_running_loop().call_soon(self.session.feed, ANSWER)

    def backlog(self) -> int:
        return self.waiting

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def end(self, code: int) -> None:
        self.code = code

    def drawn(self) -> bool:
        """Whether a whole console was drawn."""
        return "help" in self.text

    @property
    def text(self) -> str:
        return self.text_from(0)

    def text_from(self, byte: int) -> str:
        return self.got[byte:].decode("utf-8", "replace")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def sessions(cutover: Cutover) -> AsyncIterator[Sessions]:
    async with SharedHost(cutover.state_file, watching=False) as host, Sessions(host, most=4, most_each=3) as found:
        yield found


def known(cutover: Cutover, handle: str) -> Known:
    person = cutover.board().person_called(handle)
    assert person is not None
    return Known(person.id, handle, "192.0.2.1")


async def open_session(
    found: Sessions, who: Known, line: Terminal, wanted: Wanted | None = None, name: str = "xterm-256color"
) -> Session:
    session = found.open(who, line, terminal(name, 100, 30), wanted or Wanted())
    line.session = session
    await until(line.drawn)
    return session


async def test_a_console_is_drawn_takes_keys_and_says_goodbye(cutover: Cutover) -> None:
    out = sys.stdout
    async with sessions(cutover) as found:
        line = Terminal()
        session = await open_session(found, known(cutover, "lena"), line)
        assert line.text.startswith("\x1b[?1049h")
        assert "\x1b[?2048" not in line.text  # the line tells sizes
        assert (session.screen, len(found)) == ("war-room", 1)
        session.feed(b"?")
        await until(lambda: session.screen == "help")
        session.feed(b"\x1b")  # alone: it is the key once nothing follows
        await until(lambda: session.screen == "war-room")
        session.feed(b"q")
        await until(lambda: line.code is not None)
        assert line.code == 0
        assert line.text.count("\x1b[?1049l") == 1
        assert len(found) == 0
    assert sys.stdout is out


async def test_a_terminal_that_stops_reading_is_waited_for_and_then_right(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        line = Terminal()
        session = await open_session(found, known(cutover, "lena"), line)
        driver = session.app.driver
        assert driver is not None
        await until(lambda: driver._answers is True)
        line.answers = False
        for number in range(400):
            session.resize(100 + number % 2, 30)
            await asyncio.sleep(0)
            session.app.refresh(layout=True)
            session.app.screen.refresh()
            await asyncio.sleep(0.002)
            if driver.held:
                break
            with suppress(Exception):
                session.app.theme = "daylight" if number % 2 else "night-shift"
        await until(lambda: driver.held)
        written = len(line.got)
        cutover.do("task.start", "A", by="omar")
        found.host.catch_up()
        await until(lambda: session.app.picture.board.seq == cutover.state_file.head().seq)
        await asyncio.sleep(0.2)
        assert len(line.got) - written < MOST_UNREAD
        line.answers = True
        session.feed(ANSWER)
        await until(lambda: not driver.held and driver._unread < FEW_UNREAD)
        await until(lambda: "running" in (since := line.text_from(written)) or "●" in since)


async def test_a_line_that_takes_nothing_holds_drawing_too(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        line = Terminal(answers=False)
        session = await open_session(found, known(cutover, "lena"), line)
        driver = session.app.driver
        assert driver is not None
        line.waiting = 10**6
        session.feed(b"?")
        await until(lambda: driver.held)
        line.waiting = 0
        await until(lambda: not driver.held)


async def test_a_terminal_that_never_answers_is_drawn_all_the_same(
    cutover: Cutover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver_module, "ANSWERS_WITHIN_S", 0.0)
    async with sessions(cutover) as found:
        line = Terminal(answers=False)
        session = await open_session(found, known(cutover, "lena"), line)
        for theme in ("daylight", "night-shift") * 5:
            session.app.theme = theme
            await asyncio.sleep(0.02)
        driver = session.app.driver
        assert driver is not None
        await until(lambda: driver._answers is False and not driver.held)


async def test_one_that_breaks_ends_alone(cutover: Cutover, monkeypatch: pytest.MonkeyPatch) -> None:
    async with sessions(cutover) as found:
        broken_line, other_line = Terminal(), Terminal()
        broken = await open_session(found, known(cutover, "lena"), broken_line)
        other = await open_session(found, known(cutover, "omar"), other_line)

        def fail() -> None:
            raise RuntimeError("no such luck")

        broken.app.call_later(fail)
        await until(lambda: broken_line.code is not None)
        assert broken_line.code == 1
        assert "the console broke" in broken_line.text
        assert "no such luck" not in broken_line.text
        other.feed(b"?")
        await until(lambda: other.screen == "help")


async def test_people_come_back_to_where_they_were(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        line, who = Terminal(), known(cutover, "lena")
        session = await open_session(found, who, line)
        for key in (b"j", b"\r"):
            session.feed(key)
        await until(lambda: session.screen == "task")
        selected = session.app.screen.selected  # type: ignore[attr-defined]
        session.line_lost()
        await until(lambda: len(found) == 0)
        assert line.code is None  # nobody is there
        again = await open_session(found, who, Terminal())
        await until(lambda: again.screen == "task")
        assert again.app.screen.selected.ref == selected.ref  # type: ignore[attr-defined]
        named = await open_session(found, who, Terminal(), Wanted(screen="journal", named=True))
        assert named.screen == "journal"


async def test_the_first_picture_is_where_they_were_and_what_is_typed_before_it_is_for_there(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        who, before = known(cutover, "lena"), Terminal()
        session = await open_session(found, who, before)
        assert WAR_ROOM_ALONE in before.text
        for key in (b"j", b"\r"):
            session.feed(key)
        await until(lambda: session.screen == "task")
        session.line_lost()
        await until(lambda: len(found) == 0)
        line = Terminal()
        again = await open_session(found, who, line)
        assert again.screen == "task"
        assert line.text.startswith("\x1b[?1049h")
        assert WAR_ROOM_ALONE not in line.text
        again.line_lost()
        await until(lambda: len(found) == 0)
        line = Terminal()
        typing = found.open(who, line, terminal("xterm-256color", 100, 30), Wanted())
        line.session = typing
        typing.feed(b"\x1b")  # before anything is drawn: it leaves the task to which they are brought
        await until(lambda: WAR_ROOM_ALONE in line.text)
        assert typing.screen == "war-room"


async def test_who_leaves_on_the_way_back_finds_the_terminal_as_it_was(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        who = known(cutover, "lena")
        found.places[who.person_id] = (Opened("war-room", None, None, None), Opened("task", "A", None, None))
        line = Terminal()
        session = found.open(who, line, terminal("xterm-256color", 100, 30), Wanted())
        line.session = session
        await until(lambda: "\x1b[?1049h" in line.text)
        session.end("time is up")
        await until(lambda: line.code is not None)
        assert line.text.index("\x1b[?1049l") < line.text.index("time is up")
        assert [opened.name for opened in found.places[who.person_id]] == ["war-room", "task"]


async def test_there_is_room_for_so_many(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        lena = known(cutover, "lena")
        for _ in range(3):
            await open_session(found, lena, Terminal())
        with pytest.raises(Refused, match="lena has 3 consoles open"):
            found.insist_on_room(lena)
        await open_session(found, known(cutover, "omar"), Terminal())
        with pytest.raises(Refused, match="4 consoles are open"):
            found.insist_on_room(known(cutover, "bea"))
        await found.end_all("it stops")
        with pytest.raises(Refused, match="it stops"):
            found.insist_on_room(known(cutover, "bea"))


async def test_nothing_of_a_console_stays(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        gone = []
        for number in range(6):
            line = Terminal()
            session = found.open(known(cutover, "omar"), line, terminal("xterm", 80, 24), Wanted())
            line.session = session
            if number % 2:
                await until(line.drawn)
                session.feed(b"\x1b[200~half a paste")
            session.line_lost()
            await until(session.ended.is_set)
            gone.append(weakref.ref(session.app))
            del session, line

        def forgotten() -> bool:
            gc.collect()
            return [app() for app in gone] == [None] * len(gone)

        await until(forgotten)


async def test_a_flood_of_input_is_taken_at_a_persons_pace(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        line = Terminal()
        session = await open_session(found, known(cutover, "omar"), line)
        session.feed(b"j" * (2 * MOST_INPUT))
        assert line.paused
        other = await open_session(found, known(cutover, "lena"), Terminal())
        other.feed(b"?")
        await until(lambda: other.screen == "help")


PIECES = st.sampled_from(
    [
        b"\x1b[",
        b"\x1b]52;c;",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b[<0;9;9M",
        b"\x1b[<0;99999999;1m",
        b"\x1b[1;1R",
        b"\xc3",
        b"\x1b",
    ]
) | st.binary(max_size=40).map(lambda data: data.replace(b"q", b"").replace(b"\x11", b"").replace(b"\x03", b""))


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(
    pieces=st.lists(PIECES, max_size=60),
    sizes=st.lists(st.tuples(st.integers(-5, 10**6), st.integers(-5, 10**6)), max_size=4),
)
def test_whatever_a_terminal_sends_hurts_nobody_else(
    template: Path, pieces: list[bytes], sizes: list[tuple[int, int]]
) -> None:
    async def play() -> None:
        with opened(template) as cutover:
            async with sessions(cutover) as found:
                line, other_line = Terminal(), Terminal()
                session = await open_session(found, known(cutover, "sam"), line)
                other = await open_session(found, known(cutover, "lena"), other_line)
                for piece in pieces:
                    session.feed(piece)
                for width, height in sizes:
                    session.resize(width, height)
                await asyncio.sleep(0.15)
                other.feed(b"?")
                await until(lambda: other.screen == "help")

    asyncio.run(play())


@pytest.mark.parametrize(
    ("name", "environment", "depth"),
    [
        ("xterm-256color", {}, Depth.EIGHT_BIT),
        ("xterm-256color", {"COLORTERM": "truecolor"}, Depth.TRUE),
        ("xterm", {}, Depth.EIGHT_BIT),
        ("linux", {}, Depth.STANDARD),
        ("vt100", {}, Depth.NONE),
        ("xterm-256color", {"NO_COLOR": "1"}, Depth.NONE),
    ],
)
def test_colours_are_those_of_the_terminal(name: str, environment: dict[str, str], depth: Depth) -> None:
    assert terminal(name, 80, 24, environment).depth is depth


async def test_a_terminal_without_colours_gets_none(cutover: Cutover) -> None:
    async with sessions(cutover) as found:
        line = Terminal()
        await open_session(found, known(cutover, "lena"), line, name="vt220")
        assert "\x1b[38" not in line.text


def test_sizes_are_sensible() -> None:
    found = [terminal("xterm", *size) for size in ((0, 0), (-1, 5), (10**6, 10**6))]
    assert [(one.width, one.height) for one in found] == [(80, 24), (80, 5), LARGEST]
    assert not terminal("dumb", 80, 24).can_draw
