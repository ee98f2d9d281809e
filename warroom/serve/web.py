"""The browser view: the wall as a picture, for those without SSH. It takes nothing in but the address of what is asked.

Whoever has the link may look until it expires. Health and metrics are for programs on this machine, or with a token.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import (
    Application,
    AppRunner,
    HTTPException,
    HTTPForbidden,
    HTTPNotFound,
    HTTPPermanentRedirect,
    HTTPServiceUnavailable,
    Request,
    Response,
    StreamResponse,
    get,
    json_response,
    middleware,
)

from warroom.serve import page
from warroom.serve.health import health, health_document
from warroom.serve.links import Secret
from warroom.serve.metrics import Metrics
from warroom.serve.server import Room
from warroom.serve.ssh import Address, cannot_listen
from warroom.serve.wall import Picture, Wall
from warroom.store.copies import file_of
from warroom.vocabulary.errors import WarroomError

MOST_VIEWERS = 300
HEARTBEAT_S = 4.0
"""At least so often those who look are told that the picture still holds."""

MOST_CONNECTIONS = 600
"""Lines of browsers and programs at once, whether they have a link or not: the rest of what this process may hold open
is for consoles. A browser takes up to six for a moment, and one for good."""

SAYS_WITHIN_S = 15.0
"""A line on which nothing whole was asked for in so many seconds is closed."""

STOP_WITHIN_S = 2.0

STOPPED = "the server has stopped; this page goes on by itself once it is back"
EXPIRED = "this link has expired or was revoked; ask the lead for a new one"

_HEADERS = {
    "Server": "warroom",
    "Content-Security-Policy": page.CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

_log = logging.getLogger(__name__)


def base_of(address: tuple[str, int]) -> str:
    """What links to an address begin with."""
    host, port = address
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@asynccontextmanager
async def web(
    room: Room, *, address: Address, theme: str | None = None, theme_folders: tuple[Path, ...] | None = None
) -> AsyncIterator[str]:
    """The browser view at an address, as a part of the server.

    Raises:
        Refused: it cannot listen there.
    """
    async with Wall(room.host, theme=theme, theme_folders=theme_folders) as wall:
        site = Site(room, wall)
        runner = AppRunner(
            site.app,
            access_log=None,
            logger=_http_log(),
            keepalive_timeout=SAYS_WITHIN_S,
            shutdown_timeout=STOP_WITHIN_S,
            handler_cancellation=True,
        )
        await runner.setup()
        listening: asyncio.Server | None = None
        try:
            listening = await _listen(runner, address)
            yield f"browser view at {base_of(listening.sockets[0].getsockname()[:2])}, by link (warroom serve link)"
        finally:
            site.stop()
            if listening is not None:
                listening.close()
            await runner.cleanup()


async def _listen(runner: AppRunner, address: Address) -> asyncio.Server:
    """Listen at an address, and turn away those who are too many.

    Raises:
        Refused: it cannot listen there.
    """
    answering = runner.server
    assert answering is not None

    def answer() -> asyncio.BaseProtocol:
        return answering() if len(answering.connections) < MOST_CONNECTIONS else _TurnedAway()

    try:
        return await asyncio.get_running_loop().create_server(answer, address.host or None, address.port)
    except OSError as error:
        raise cannot_listen("--web", address, error) from None


class _TurnedAway(asyncio.Protocol):
    """One who came when there were too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


def _http_log() -> logging.Logger:
    """Where aiohttp writes what went wrong; that somebody speaks no HTTP is nothing wrong with the server."""
    log = logging.getLogger(f"{__name__}.http")
    log.addFilter(_is_ours)
    return log


def _is_ours(record: logging.LogRecord) -> bool:
    return record.exc_info is None or not isinstance(record.exc_info[1], HttpProcessingError)


class Site:
    """What is answered to whom."""

    def __init__(self, room: Room, wall: Wall) -> None:
        self._room = room
        self._wall = wall
        self._clock = room.host.state_file.clock
        self._secret = Secret.beside(file_of(room.host.state_file.database))
        self._metrics = Metrics(room, lambda: wall.viewers)
        self._stopping = asyncio.Event()
        self.app = Application(client_max_size=0, middlewares=[_with_headers])
        self.app.add_routes(
            [
                get("/wall/{token}", self._to_page),
                get("/wall/{token}/", self._page),
                get("/wall/{token}/page.css", self._style),
                get("/wall/{token}/page.js", self._script),
                get("/wall/{token}/picture.svg", self._picture),
                get("/wall/{token}/events", self._events, allow_head=False),
                get("/favicon.ico", _no_icon),
                get("/healthz", self._health),
                get("/metrics", self._measured),
            ]
        )

    def stop(self) -> None:
        """Tell those who look that the server stops."""
        self._stopping.set()

    # --- the wall ----------------------------------------------------------------------------------------------------

    async def _to_page(self, request: Request) -> StreamResponse:
        await self._insist_on_link(request)
        raise HTTPPermanentRedirect(request.path + "/")

    async def _page(self, request: Request) -> StreamResponse:
        await self._insist_on_link(request)
        return Response(text=page.PAGE, content_type="text/html")

    async def _style(self, request: Request) -> StreamResponse:
        await self._insist_on_link(request)
        return Response(text=page.STYLE, content_type="text/css")

    async def _script(self, request: Request) -> StreamResponse:
        await self._insist_on_link(request)
        return Response(text=page.SCRIPT, content_type="text/javascript")

    async def _picture(self, request: Request) -> StreamResponse:
        await self._insist_on_link(request)
        picture = self._wall.picture
        if picture is None:
            raise HTTPNotFound(text="nobody has looked yet")
        return Response(
            body=picture.packed, content_type="image/svg+xml", charset="utf-8", headers={"Content-Encoding": "gzip"}
        )

    async def _events(self, request: Request) -> StreamResponse:
        """Tell of each new picture, and now and then that the last one holds, until either side goes."""
        await self._insist_on_link(request)
        if self._wall.viewers >= MOST_VIEWERS:
            raise HTTPServiceUnavailable(text="too many look at once")
        response = StreamResponse(headers={"Content-Type": "text/event-stream", **_HEADERS})
        self._wall.enter()
        try:
            await response.prepare(request)
            await self._tell(request, response)
        except (ConnectionError, TimeoutError):
            pass  # whoever looked has gone
        finally:
            self._wall.leave()
        return response

    async def _tell(self, request: Request, response: StreamResponse) -> None:
        number = 0
        while True:
            picture = await self._newer(number)
            if self._stopping.is_set():
                await response.write(_event(STOPPED, "stopping"))
                return
            if not await self._holds(request.match_info["token"]):
                await response.write(_event(EXPIRED, "over"))
                return
            picture = picture or self._wall.picture
            if picture is None:
                continue
            trouble = self._room.host.trouble
            fresh = picture.number == number and trouble is None
            number = picture.number
            news = {
                "number": number,
                "as_of": self._wall.as_of(self._clock.now()) if fresh else picture.as_of,
                "trouble": None if trouble is None else trouble.message,
            }
            async with asyncio.timeout(HEARTBEAT_S * 3):  # else a browser that reads nothing would stay for ever
                await response.write(_event(json.dumps(news)))

    async def _newer(self, number: int) -> Picture | None:
        """The next picture, or None after a heartbeat or when the server stops."""
        newer = asyncio.ensure_future(self._wall.newer(number, HEARTBEAT_S))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({newer, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return newer.result() if newer.done() else None
        finally:
            newer.cancel()
            stopping.cancel()

    # --- programs ----------------------------------------------------------------------------------------------------

    async def _health(self, request: Request) -> StreamResponse:
        await self._insist_on_program(request)
        found = await health(self._room)
        document = health_document(found)
        return json_response(document, status=200 if document["ok"] else 503)

    async def _measured(self, request: Request) -> StreamResponse:
        await self._insist_on_program(request)
        text, content_type = await self._metrics.text(request.headers.get("Accept", ""))
        return Response(body=text, headers={"Content-Type": content_type})

    # --- who may -----------------------------------------------------------------------------------------------------

    async def _holds(self, token: str) -> bool:
        try:
            return await asyncio.to_thread(self._secret.expiry, token, self._clock.now()) is not None
        except WarroomError as error:
            _log.warning("no link can be checked: %s", error.message)
            return False

    async def _insist_on_link(self, request: Request) -> None:
        if not await self._holds(request.match_info["token"]):
            raise HTTPForbidden(text=page.REFUSED, content_type="text/html")

    async def _insist_on_program(self, request: Request) -> None:
        if _is_here(request):
            return
        kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if kind.lower() == "bearer" else request.query.get("token", "")
        if not await self._holds(token):
            raise HTTPForbidden(text="from this machine only, or with a token (warroom serve link --token)\n")


@middleware
async def _with_headers(request: Request, handler: Callable[[Request], Awaitable[StreamResponse]]) -> StreamResponse:
    try:
        response = await handler(request)
    except HTTPException as refusal:
        refusal.headers.update(_HEADERS)
        raise
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response


async def _no_icon(_: Request) -> StreamResponse:
    """Browsers ask for it by themselves."""
    return Response(status=204)


def _is_here(request: Request) -> bool:
    """Whether the request comes from this machine, and not through a proxy on it."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _event(data: str, kind: str | None = None) -> bytes:
    """An event of the stream; its data must be one line."""
    return (f"event: {kind}\n" if kind else "").encode() + f"data: {data}\n\n".encode()
