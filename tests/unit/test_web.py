"""The browser view: who may look, what they get, that nothing goes in, and what programs can ask."""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from tests.browsable import Served, browsable
from tests.cutover import Cutover, caller
from warroom.serve import page, web
from warroom.serve.links import Secret
from warroom.serve.ssh import Address
from warroom.store.copies import file_of
from warroom.vocabulary.errors import Refused, StateFileError

PATIENCE_S = 60


class Onlooker:
    """Somebody with a browser, or a program."""

    def __init__(self, served: Served, client: aiohttp.ClientSession, cutover: Cutover) -> None:
        self.served = served
        self.client = client
        self.cutover = cutover
        self.secret = Secret.beside(file_of(cutover.state_file.database))
        self.token = self.secret.token(cutover.clock.now() + timedelta(hours=1))

    @property
    def wall(self) -> str:
        return f"{self.served.base}/wall/{self.token}/"

    async def get(self, url: str, **options: Any) -> tuple[int, str, Any]:
        async with self.client.get(url, **options) as answer:
            return answer.status, await answer.text(), answer.headers

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
        """What the page is told: kind and data."""
        async with self.client.get(self.wall + "events") as answer:
            assert answer.status == 200

            async def told() -> AsyncIterator[tuple[str, str]]:
                kind = "message"
                async for line in answer.content:
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    if name == "event":
                        kind = value
                    elif name == "data":
                        yield kind, value
                        kind = "message"

            yield told()

    async def picture(self) -> str:
        """All that is on the latest picture, as text."""
        _, svg, _ = await self.get(self.wall + "picture.svg")
        return html.unescape(re.sub(r"<[^>]+>", " ", svg)).replace("\xa0", " ")


@asynccontextmanager
async def looking(cutover: Cutover) -> AsyncIterator[Onlooker]:
    async with (
        asyncio.timeout(PATIENCE_S),
        browsable(cutover.state_file) as served,
        aiohttp.ClientSession() as client,
    ):
        yield Onlooker(served, client, cutover)


# --- the wall ---------------------------------------------------------------------------------------------------------


async def test_whoever_has_the_link_sees_the_wall_and_what_changes(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:
        status, text, _ = await onlooker.get(onlooker.wall)
        assert (status, text) == (200, page.PAGE)
        async with onlooker.events() as events:
            kind, data = await anext(events)
            news = json.loads(data)
            assert (kind, news["number"], news["trouble"]) == ("message", 1, None)
            assert news["as_of"] == "19:00:00", "in the programme's zone"
            assert "REHEARSAL" in await onlooker.picture()
            assert "Title of A" in await onlooker.picture()
            cutover.to(12)
            cutover.do("task.start", "A", by="omar")
            cutover.do("shout", '<b>bold</b> & "quoted"', by="omar")
            while '<b>bold</b> & "quoted"' not in await onlooker.picture():
                await anext(events)
            assert "● running 1" in await onlooker.picture()
            _, svg, _ = await onlooker.get(onlooker.wall + "picture.svg")
            assert "<b>" not in svg


async def test_one_picture_serves_all_and_is_only_drawn_while_somebody_looks(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:
        assert (await onlooker.get(onlooker.wall + "picture.svg"))[0] == 404, "nothing is drawn for nobody"
        async with onlooker.events() as first, onlooker.events() as second:
            told = [json.loads((await anext(events))[1])["number"] for events in (first, second)]
            assert told == [1, 1]
            repeated = json.loads((await anext(first))[1])
            assert repeated["number"] == 1, "nothing has changed, and it is said that it still holds"
            assert "warroom_browser_viewers 2.0" in (await onlooker.get(onlooker.served.base + "/metrics"))[1]


async def test_fifty_look_and_one_that_reads_nothing_holds_up_nobody(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker, AsyncExitStack() as stack:
        address = urlsplit(onlooker.wall)
        assert address.hostname is not None
        reader, slow = await asyncio.open_connection(address.hostname, address.port, limit=1)
        slow.write(f"GET {address.path}events HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await slow.drain()
        await reader.read(1)
        many = [await stack.enter_async_context(onlooker.events()) for _ in range(50)]
        first = [json.loads((await anext(events))[1])["number"] for events in many]
        assert "warroom_browser_viewers 51.0" in (await onlooker.get(onlooker.served.base + "/metrics"))[1]
        cutover.to(12)
        cutover.do("task.start", "A", by="omar")

        async def newer(events: AsyncIterator[tuple[str, str]], number: int) -> int:
            async for _, data in events:
                if json.loads(data)["number"] > number:
                    return int(json.loads(data)["number"])
            raise AssertionError("the events ended")

        told = await asyncio.gather(*(newer(*one) for one in zip(many, first, strict=True)))
        assert max(told) - min(told) <= 1, "one picture serves all"
        slow.close()


@pytest.mark.parametrize("place", ["", "page.css", "page.js", "picture.svg", "events"])
async def test_no_link_no_look(cutover: Cutover, place: str) -> None:
    async with looking(cutover) as onlooker:
        for token in ("x", onlooker.token[:-1], onlooker.token.replace("1", "2", 1)):
            status, text, _ = await onlooker.get(f"{onlooker.served.base}/wall/{token}/{place}")
            assert (status, text) == (403, page.REFUSED)
        cutover.to(60)
        assert (await onlooker.get(onlooker.wall + place))[0] == 403, "it has expired"


async def test_whoever_looks_is_told_when_the_link_is_over(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker, onlooker.events() as events:
        await anext(events)
        onlooker.secret.renew()
        kinds = [kind async for kind, _ in events]
        assert kinds[-1] == "over"


async def test_whoever_looks_is_told_when_the_server_stops(cutover: Cutover) -> None:
    async with aiohttp.ClientSession() as client:
        async with browsable(cutover.state_file) as served:
            onlooker = Onlooker(served, client, cutover)
            answer = await client.get(onlooker.wall + "events")
            await answer.content.readline()
        rest = (await answer.content.read()).decode()
        assert f"event: stopping\ndata: {web.STOPPED}\n" in rest


async def test_whoever_looks_is_told_when_the_board_cannot_be_kept_current(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker, onlooker.events() as events:
        await anext(events)
        onlooker.served.room.host.trouble = StateFileError("the disk is gone")
        async for _, data in events:
            if json.loads(data)["trouble"] == "the disk is gone":
                break


async def test_nothing_goes_in(cutover: Cutover) -> None:
    before = cutover.state_file.head()
    async with looking(cutover) as onlooker:
        for place in (onlooker.wall, onlooker.wall + "picture.svg", onlooker.served.base + "/metrics"):
            for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
                async with onlooker.client.request(method, place, data=b"x") as answer:
                    assert answer.status == 405
        assert (await onlooker.get(onlooker.served.base + "/"))[0] == 404
        assert (await onlooker.get(onlooker.wall + "../../../etc/passwd"))[0] == 404
    assert cutover.state_file.head() == before


async def test_everything_comes_from_here_and_says_so(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker, onlooker.events() as events:
        await anext(events)
        for place in ("", "page.css", "page.js", "picture.svg"):
            status, text, headers = await onlooker.get(onlooker.wall + place)
            assert status == 200
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"
            addresses = re.findall(r"(?:https?:)?//[\w.-]+", re.sub(r"<!--.*?-->", "", text))
            assert set(addresses) <= {"http://www.w3.org"}, "the name of the SVG language, which nobody fetches"
            assert "@import" not in text
            assert "@font-face" not in text


async def test_the_picture_is_small_on_the_line(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker, onlooker.events() as events:
        await anext(events)
        async with onlooker.client.get(onlooker.wall + "picture.svg", auto_decompress=False) as answer:
            packed = await answer.read()
            assert answer.headers["Content-Encoding"] == "gzip"
        assert len(packed) < 30_000
        assert gzip.decompress(packed).startswith(b"<svg")


async def test_it_says_where_it_cannot_listen(cutover: Cutover) -> None:
    async with browsable(cutover.state_file) as served:
        port = int(served.base.rpartition(":")[2])
        with pytest.raises(Refused, match="cannot listen"):
            async with web.web(served.room, address=Address("127.0.0.1", port)):
                pass


# --- programs ---------------------------------------------------------------------------------------------------------


async def metrics(onlooker: Onlooker) -> dict[tuple[str, ...], float]:
    status, text, headers = await onlooker.get(onlooker.served.base + "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_metrics_tell_how_it_stands(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:
        console = onlooker.served.room.host.console(caller("omar"))
        leave = console.subscribe(lambda: None)
        before = await metrics(onlooker)
        assert before["warroom_tasks", "running"] == 0
        await console.act("task.start", ref="A")
        after = await metrics(onlooker)
        forecast = cutover.forecast()
        assert after["warroom_tasks", "running"] == 1
        assert sum(value for key, value in after.items() if key[0] == "warroom_tasks") == len(forecast.delays)
        assert after["warroom_window_float_seconds",] == forecast.window_float
        assert after["warroom_forecast_finish_timestamp_seconds",] == forecast.instant(forecast.finish).timestamp()
        assert after["warroom_action_seconds_count", "task.start"] == 1
        assert after["warroom_consoles", "cli"] == 1
        assert after["warroom_journal_seq",] == cutover.board().seq
        assert after["warroom_feed_up",] == 1
        assert after["warroom_run_open",] == 1
        assert set(after) >= {("warroom_alerts", word) for word in ("notice", "warning", "critical")}
        leave()


async def test_no_metric_grows_with_tasks_people_or_time(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:
        _, text, _ = await onlooker.get(onlooker.served.base + "/metrics")
        labels = {
            name for family in text_string_to_metric_families(text) for one in family.samples for name in one.labels
        }
        assert labels <= {"state", "severity", "via", "action", "le"}, "each is one of a few words"


async def test_health_is_red_when_the_feed_fails_or_nobody_watches(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:

        async def health() -> tuple[int, dict[str, str]]:
            status, text, _ = await onlooker.get(onlooker.served.base + "/healthz")
            document = json.loads(text)
            assert document["ok"] == (status == 200)
            return status, {name: check["verdict"] for name, check in document["checks"].items()}

        status, found = await health()
        assert (status, found["watch"], found["feed"]) == (503, "fail", "ok"), "a run is open, and nobody watches"
        cutover.do("run.close")
        while onlooker.served.room.host.board.run is None or onlooker.served.room.host.board.run.closed_at is None:
            await asyncio.sleep(0.01)
        assert (await health())[0] == 200
        onlooker.served.room.host.trouble = StateFileError("the disk is gone")
        status, found = await health()
        assert (status, found["feed"]) == (503, "fail")


@pytest.mark.parametrize("place", ["/healthz", "/metrics"])
async def test_from_elsewhere_programs_need_a_token(cutover: Cutover, place: str) -> None:
    async with looking(cutover) as onlooker:
        url, elsewhere = onlooker.served.base + place, {"X-Forwarded-For": "203.0.113.9"}
        assert (await onlooker.get(url))[0] in (200, 503), "from this machine"
        assert (await onlooker.get(url, headers=elsewhere))[0] == 403, "through a proxy on it"
        bearer = {"Authorization": f"Bearer {onlooker.token}"}
        assert (await onlooker.get(url, headers=elsewhere | bearer))[0] in (200, 503)
        assert (await onlooker.get(url, headers=elsewhere | {"Authorization": "Bearer x"}))[0] == 403
        cutover.to(60)
        assert (await onlooker.get(url, headers=elsewhere | bearer))[0] == 403


async def test_silent_lines_are_closed_and_too_many_turned_away(
    cutover: Cutover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SAYS_WITHIN_S", 1.0)
    monkeypatch.setattr(web, "MOST_CONNECTIONS", 20)
    async with looking(cutover) as onlooker:
        address = urlsplit(onlooker.served.base)
        lines = [await asyncio.open_connection(address.hostname, address.port) for _ in range(25)]
        for _, writer in lines[:10]:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")  # and no more of it
        async with asyncio.timeout(PATIENCE_S):
            for reader, writer in lines:
                with suppress(ConnectionError):
                    assert await reader.read() == b""
                writer.close()
        assert (await onlooker.get(onlooker.served.base + "/favicon.ico"))[0] == 204


async def test_who_speaks_no_http_fills_no_log(cutover: Cutover, caplog: pytest.LogCaptureFixture) -> None:
    async with looking(cutover) as onlooker:
        address = urlsplit(onlooker.served.base)
        for said in (
            b"\x16\x03\x01\x02\x00",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /" + b"a" * 20_000,
        ):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(said)
            async with asyncio.timeout(PATIENCE_S):
                assert (await reader.read()).startswith(b"HTTP/1.0 400 ")
            writer.close()
    assert caplog.records == []


async def test_metrics_are_to_be_had_in_both_formats(cutover: Cutover) -> None:
    async with looking(cutover) as onlooker:
        place = onlooker.served.base + "/metrics"
        for accepted, kind in (
            ("application/openmetrics-text; version=1.0.0", "application/openmetrics-text; version=1.0.0"),
            ("application/openmetrics-text; version=nonsense", "text/plain; version=0.0.4"),
        ):
            async with onlooker.client.get(place, headers={"Accept": accepted}) as answer:
                assert answer.headers["Content-Type"].startswith(kind)
                read = openmetrics if "openmetrics" in kind else text_string_to_metric_families
                found = list(read(await answer.text()))
            assert {"warroom_tasks", "warroom_watch_up", "warroom_action_seconds"} <= {family.name for family in found}
            assert all(family.documentation and family.type in ("gauge", "counter", "histogram") for family in found)
