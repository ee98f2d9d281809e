"""The browser view in a real Chromium: it shows the wall, follows it, says when it is old, and asks nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.browsable import Served, browsable
from tests.browser import browsing, chromium
from tests.tui.stage import Stage, evening, staged
from warroom.serve import web
from warroom.serve.links import Secret
from warroom.store.copies import file_of
from warroom.vocabulary.errors import StateFileError

pytestmark = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed: apt-get install chromium")

SHOWN = "document.getElementById('wall').naturalWidth > 0"
STATE = "document.getElementById('state').textContent"


def link(served: Served, stage: Stage, hours: int = 1) -> str:
    secret = Secret.beside(file_of(stage.state_file.database))
    return f"{served.base}/wall/{secret.token(stage.clock.now() + timedelta(hours=hours))}/"


async def test_it_shows_the_wall_and_follows_it(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db", played=evening) as stage:
        async with browsable(stage.state_file) as served, browsing(tmp_path / "browser") as page:
            await page.go(link(served, stage))
            await page.until(SHOWN)
            assert await page.value(STATE) == "data as of 19:32:00"
            first = await page.value("document.getElementById('wall').src")
            assert await page.value("document.querySelectorAll('input, button, form, a, textarea').length") == 0
            await page.picture(tmp_path / "wall.png")
            assert (tmp_path / "wall.png").stat().st_size > 20_000, "something is drawn"
            stage.to(95)
            stage.do("shout", "The item file is fixed", by="rahul")
            await page.until(f"document.getElementById('wall').src !== {first!r}")
            await page.until(f"{STATE} === 'data as of 19:35:00'")
            assert {urlsplit(url).netloc for url in page.requested} == {urlsplit(served.base).netloc}
            assert page.complaints == []
            served.room.host.trouble = StateFileError("the disk is gone")
            await page.until(f"{STATE}.includes('STALE: the disk is gone')")


async def test_it_says_so_when_the_server_goes_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db", played=evening) as stage:
        async with browsing(tmp_path / "browser") as page:
            async with browsable(stage.state_file) as served:
                url = link(served, stage)
                await page.go(url)
                await page.until(SHOWN)
            await page.until(f"{STATE}.includes({web.STOPPED!r})")
            assert await page.value("document.getElementById('state').className") == "stale"
            assert "data as of 19:32:00" in await page.value(STATE)
            async with browsable(stage.state_file, port=urlsplit(url).port or 0):
                await page.until(f"{STATE} === 'data as of 19:32:00'")


async def test_an_old_link_shows_nothing(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db") as stage:
        async with browsable(stage.state_file) as served, browsing(tmp_path / "browser") as page:
            url = link(served, stage)
            stage.to(120)
            await page.go(url)
            await page.until("document.body && document.body.innerText.includes('has expired')")
            assert await page.value("document.getElementById('wall')") is None
            async with aiohttp.ClientSession() as client, client.get(url) as answer:
                assert answer.status == 403
            assert not any("picture" in one for one in page.requested)


async def test_a_page_that_is_open_when_its_link_runs_out_says_so_and_asks_no_more(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db", played=evening) as stage:
        async with browsable(stage.state_file) as served, browsing(tmp_path / "browser") as page:
            await page.go(link(served, stage))
            await page.until(SHOWN)
            stage.to(92 + 61)
            await page.until(f"{STATE}.includes({web.EXPIRED!r})")
            assert await page.value("document.getElementById('state').className") == "stale"
            assert await page.value("stream.readyState") == 2, "it does not come back by itself"
            asked = len(page.requested)
            await page.value("tell()")
            assert len(page.requested) == asked


async def test_keys_and_clicks_in_the_page_change_nothing(tmp_path: Path) -> None:
    with staged(tmp_path / "acme.db", played=evening) as stage:
        before = stage.state_file.head()
        async with browsable(stage.state_file) as served, browsing(tmp_path / "browser") as page:
            await page.go(link(served, stage))
            await page.until(SHOWN)
            for key in "q?/dsj1":
                await page.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
            for kind in ("mousePressed", "mouseReleased"):
                await page.ask("Input.dispatchMouseEvent", type=kind, x=300, y=300, button="left", clickCount=1)
            stage.to(95)
            stage.do("shout", "Still here", by="rahul")
            await page.until(f"{STATE} === 'data as of 19:35:00'")
            assert {urlsplit(url).path.rsplit("/", 1)[-1] for url in page.requested} <= {
                *("", "page.css", "page.js", "events", "picture.svg", "favicon.ico")
            }
            assert stage.state_file.head().seq == before.seq + 1, "the shout alone"
