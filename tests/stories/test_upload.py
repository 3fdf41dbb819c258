"""A film is sent while the house is killed: it goes on where it broke off and reaches the desk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from qianjun.org.seeding import DEMO_PASSWORD
from tests.media.pictures import MP4, exif, photo
from tests.media.senders import PIECE_TYPE, UPLOADS, metadata
from tests.site.running import Demo, demo_folder, until

pytestmark = [pytest.mark.crash, pytest.mark.running_clock]
MIB = 1 << 20
CLIP = MP4 + bytes(range(256)) * (20 * 4096)  # 20 MB


def test_an_upload_goes_on_after_everything_was_killed() -> None:
    with demo_folder() as demo:
        demo.start()
        demo.token = demo.qianjun("token", "--role", "duty_officer").stdout.strip()
        with program(demo) as client:
            a_piece_over_the_limit_is_told_so(client)
            path = begun(client, len(CLIP), filetype="video/mp4", filename="现场.mp4")
            sent(client, path, CLIP[: 8 * MIB], offset=0)
            demo.kill("supervisor", "web", "worker", "database")
        until(lambda: not demo.left())
        demo.start()
        with program(demo) as client:
            offset = int(client.head(path).headers["Upload-Offset"])
            assert offset == 8 * MIB
            while offset < len(CLIP):
                offset = sent(client, path, CLIP[offset : offset + 8 * MIB], offset=offset)
            file = client.head(path).headers["Upload-File"]
            assert client.get(f"/media/{file}/original").content == CLIP
            a_photo_is_looked_at_by_the_worker(client)
        a_page_sends_by_the_script_while_the_web_process_is_killed(demo)


@contextmanager
def program(demo: Demo) -> Iterator[httpx.Client]:
    """A program with a token."""
    headers = {"Authorization": f"Bearer {demo.token}", "Tus-Resumable": "1.0.0"}
    with httpx.Client(base_url=demo.address, headers=headers, timeout=60) as client:
        yield client


def begun(client: httpx.Client, length: int, **told: str) -> str:
    """The path of a new upload."""
    headers = {"Upload-Length": str(length), "Upload-Metadata": metadata(**told)}
    reply = client.post(UPLOADS, headers=headers)
    assert reply.status_code == 201, reply.text
    return reply.headers["Location"]


def sent(client: httpx.Client, path: str, body: bytes, *, offset: int) -> int:
    """Send a piece; where the next begins."""
    headers = {"Upload-Offset": str(offset), "Content-Type": PIECE_TYPE}
    reply = client.patch(path, content=body, headers=headers)
    assert reply.status_code == 204, reply.text
    return int(reply.headers["Upload-Offset"])


def a_piece_over_the_limit_is_told_so(client: httpx.Client) -> None:
    """The server in front of the pages refuses it with the sentence of uploads."""
    path = begun(client, 20 * MIB, filetype="video/mp4")
    headers = {"Upload-Offset": "0", "Content-Type": PIECE_TYPE}
    reply = client.patch(path, content=bytes(8 * MIB + 1), headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (413, "piece_too_large")
    assert client.delete(path).status_code == 204


def a_photo_is_looked_at_by_the_worker(client: httpx.Client) -> None:
    """Its copy is there within moments, upright and bare, and its claims are noted."""
    content = photo(1800, 900, exif=exif(orientation=6, taken="2026:06:01 13:58:03", gps=True))
    path = begun(client, len(content), filetype="image/jpeg", filename="照片.jpg")
    sent(client, path, content, offset=0)
    file = client.head(path).headers["Upload-File"]

    def told() -> dict[str, Any]:
        return dict(client.get(f"/api/v1/files/{file}").json())

    until(lambda: told()["state"] == "ready")
    assert (told()["width"], told()["height"], told()["lon_claimed"]) == (900, 1800, 109.44)
    assert client.get(f"/media/{file}/thumb").headers["Content-Type"] == "image/jpeg"


def a_page_sends_by_the_script_while_the_web_process_is_killed(demo: Demo) -> None:
    """The script of the browser goes on by itself, with smaller pieces and a pause."""
    with browser_page(demo) as page:
        page.goto(f"{demo.address}/accounts/password/change/")
        page.evaluate(SEND, [f"{demo.address}/static/media/upload.js", len(CLIP)])
        page.wait_for_selector("body[data-share]")
        demo.kill("web")
        page.wait_for_selector("body[data-file]", timeout=120_000)
        first = page.get_attribute("body", "data-file")
        assert first
        assert first.isdigit()


SEND = """([script, length]) => {
  (async () => {
    const { send } = await import(script);
    const head = new Uint8Array([0,0,0,24,102,116,121,112,109,112,52,50,0,0,0,0,109,112,52,50]);
    const file = new File([head, new Uint8Array(length)], "视频.mp4", { type: "video/mp4" });
    const onProgress = (share) => { document.body.dataset.share = share; };
    document.body.dataset.file = await send(file, { onProgress });
  })().catch((told) => { document.body.dataset.file = JSON.stringify(told); });
}"""


@contextmanager
def browser_page(demo: Demo) -> Iterator[Page]:
    """A page in which the first duty officer of the demo has signed in."""
    found = os.environ.get("QIANJUN_CHROMIUM") or shutil.which("chromium")
    if not found and os.environ.get("QIANJUN_REQUIRE_BROWSER") != "1":
        pytest.skip("no browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{demo.address}/accounts/login/")
        page.fill("input[name=login]", "zhiban1")
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/accounts/login/" not in address)
        yield page
        browser.close()
