"""Screens for a measurement: many bare streams, and one desk in a real browser. 度量用的屏幕"""

import asyncio
import contextlib
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.ground.house import House
from bench.ground.line import HOST, request

if TYPE_CHECKING:
    from playwright.async_api import Page

LATEST_S = 20.0
OFFICER = "zhiban2"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@dataclass(kw_only=True)
class Heard:
    """When which entry was heard, by everybody together."""

    at: dict[str, list[float]] = field(default_factory=dict)
    open: int = 0

    def since(self, said: dict[str, float]) -> list[float]:
        """Milliseconds from each saying to each of its hearings."""
        return [
            (at - began) * 1000 for entry, began in said.items() for at in self.at.get(entry, [])
        ]

    async def until(self, count: int, entries: Iterable[str]) -> None:
        """Wait until everybody has heard all of them, but not for ever."""
        wanted = list(entries)
        until = time.monotonic() + LATEST_S
        while any(len(self.at.get(entry, [])) < count for entry in wanted):
            if time.monotonic() > until:
                return
            await asyncio.sleep(0.05)


async def listen(port: int, path: str, *, token: str, heard: Heard) -> None:
    """One screen: open the stream, note every change."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(request("GET", path, token=token))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(head.decode())
        heard.open += 1
        while line := await reader.readline():
            if line.startswith(b"data:") and b'"entry"' in line:
                entry = str(json.loads(line[5:])["entry"])
                heard.at.setdefault(entry, []).append(time.perf_counter())
    finally:
        writer.close()


@contextlib.asynccontextmanager
async def listening(port: int, path: str, *, token: str, count: int) -> AsyncIterator[Heard]:
    """So many screens, all open."""
    heard = Heard()
    tasks = [
        asyncio.create_task(listen(port, path, token=token, heard=heard)) for _ in range(count)
    ]
    try:
        until = time.monotonic() + LATEST_S
        while heard.open < count:
            if time.monotonic() > until or any(task.done() for task in tasks):
                raise SystemExit(f"only {heard.open} of {count} screens are open")
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        yield heard
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(kw_only=True)
class Desk:
    """A desk in a browser, when there is one."""

    page: "Page | None" = None
    note: str = ""

    @property
    def there(self) -> bool:
        """Whether somebody sits at it."""
        return self.page is not None

    async def sees(self, url: str) -> None:
        """Wait until the desk shows a line that leads there."""
        assert self.page is not None
        await self.page.locator(f'a[href$="{url}"]').first.wait_for(timeout=LATEST_S * 1000)


@contextlib.asynccontextmanager
async def desk(made: House) -> AsyncIterator[Desk]:
    """The duty desk of a second officer in Chromium; without a browser a desk that says so."""
    path = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    if path is None:
        yield Desk(note="no browser found: streams only")
        return
    from playwright.async_api import async_playwright

    cookie = await asyncio.to_thread(session_of, made, OFFICER)
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=path, args=list(FLAGS))
        context = await browser.new_context(locale="zh-CN")
        address = f"http://{HOST}:{made.port}/"
        await context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
        page = await context.new_page()
        await page.goto(address)
        yield Desk(page=page)
        await browser.close()


def session_of(made: House, user: str) -> str:
    """A session of this user, as the log-in page would make it."""
    os.environ["QIANJUN_DATA"] = str(made.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "qianjun.site.settings"
    import django
    from django.test import Client

    django.setup(set_prefix=False)
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.get(username=user))
    return client.cookies["sessionid"].value
