"""Where messages of the tests arrive: a mail server and an HTTP server on this machine, which can misbehave."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_S = 60


@dataclass
class Sink:
    """What arrived, and how what comes is taken.

    Attributes:
        port: of the server on 127.0.0.1.
        manner: "take"; "refuse": say no; "hang": take it and say nothing until `go_on`.
        status: what an HTTP sink answers.
    """

    port: int = 0
    manner: str = "take"
    status: int = 204
    arrived: list[Any] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    _told: threading.Condition = field(default_factory=threading.Condition)

    def take(self, what: Any) -> None:
        with self._told:
            self.arrived.append(what)
            self._told.notify_all()

    def wait_for(self, count: int) -> None:
        """Until so many have arrived."""
        with self._told:
            assert self._told.wait_for(lambda: len(self.arrived) >= count, PATIENCE_S), self.arrived

    def wait_until(self, enough: Callable[[list[Any]], bool]) -> None:
        with self._told:
            assert self._told.wait_for(lambda: enough(self.arrived), PATIENCE_S), self.arrived


@dataclass(frozen=True)
class Request:
    """What an HTTP sink was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """A mail server; what arrives are messages, with the header X-To for the one they went to."""
    sink = Sink()

    class Handler:
        async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content)
            message["X-To"] = ",".join(envelope.rcpt_tos)
            sink.take(message)
            if sink.manner == "hang":
                await _until(sink.go_on)
            return "554 no" if sink.manner == "refuse" else "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as listening:
        sink.port = listening.getsockname()[1]
        controller = _Listening(Handler(), listening, ready_timeout=PATIENCE_S)
        controller.start()
        try:
            yield sink
        finally:
            sink.go_on.set()
            controller.stop()


class _Listening(Controller):
    """A server on a socket that listens already: a port that was only found free may be another's by then."""

    def __init__(self, handler: object, listening: socket.socket, **options: Any) -> None:
        host, port = listening.getsockname()
        super().__init__(handler, hostname=host, port=port, server_hostname="sink", **options)
        self._listening = listening

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


async def _until(event: threading.Event) -> None:
    while not event.is_set():
        await asyncio.sleep(0.02)


@contextmanager
def http_sink() -> Iterator[Sink]:
    """An HTTP server; what arrives are requests."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sink.take(Request(self.path, dict(self.headers), body))
            if sink.manner == "hang":
                sink.go_on.wait(PATIENCE_S)
            self.send_response(sink.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing to stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield sink
    finally:
        sink.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def text_of(message: Message) -> str:
    """The text of a mail."""
    part = message
    while part.is_multipart():
        payload = part.get_payload()
        assert isinstance(payload, list)
        first = payload[0]
        assert isinstance(first, Message)
        part = first
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()
