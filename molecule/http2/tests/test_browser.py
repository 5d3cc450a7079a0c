"""A browser's view: a page of a hundred pictures in one connection, and a WebSocket beside them."""

from __future__ import annotations

import struct
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Client
from containers import Container
from playwright.sync_api import Browser, Page, sync_playwright

testinfra_hosts = ["ansible://proxies"]

TALK = """name => new Promise((resolve, reject) => {
  const socket = new WebSocket(`wss://${name}/ws/room`);
  socket.onopen = () => socket.send("hello");
  socket.onmessage = event => resolve(JSON.parse(event.data).message);
  socket.onerror = () => reject(new Error("no WebSocket"));
})"""


@pytest.fixture(scope="module")
def browser(client: Client) -> Iterator[Browser]:
    """The client's browser."""
    with sync_playwright() as playwright:
        yield playwright.chromium.connect_over_cdp(f"http://{client.container.address}:9223")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who was never here."""
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def heard(page: Page, event: str) -> list[dict[str, Any]]:
    """Return the list to which the answers of an event of the network are added from now on."""
    answers: list[dict[str, Any]] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(f"Network.{event}", lambda message: answers.append(message["response"]))
    return answers


def test_a_hundred_pictures_come_over_one_http2_connection(
    proxy: Container, page: Page, tmp_path: Path
) -> None:
    answers = heard(page, "responseReceived")
    page.goto(f"https://{proxy.name}/gallery/index.html", wait_until="load")
    pictures = [answer for answer in answers if "/picture-" in answer["url"]]
    assert Counter((one["protocol"], one["status"]) for one in pictures) == {("h2", 200): 100}
    assert len({one["url"] for one in pictures}) == 100
    assert len({one["connectionId"] for one in pictures}) == 1
    assert all(page.evaluate("[...document.images].map(image => image.naturalWidth === 20)"))
    assert_is_picture(page.screenshot(path=tmp_path / "page.png"), page)


def assert_is_picture(screenshot: bytes, page: Page) -> None:
    """The screenshot shows green squares: as many points as a hundred of them have."""
    width, height = struct.unpack(">II", screenshot[16:24])
    assert (width, height) == (page.viewport_size["width"], page.viewport_size["height"])
    green = page.evaluate(COUNT_GREEN, list(screenshot))
    assert green == 100 * 20 * 20


COUNT_GREEN = """async bytes => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const points = canvas.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let green = 0;
  for (let at = 0; at < points.length; at += 4)
    green += points[at] === 0 && points[at + 1] === 170 && points[at + 2] === 68;
  return green;
}"""


def test_a_websocket_opens_within_http2(proxy: Container, page: Page) -> None:
    """A handshake in HTTP/2 is answered 200 (RFC 8441), one in HTTP/1.1 is 101."""
    page.goto(f"https://{proxy.name}/gallery/index.html")
    handshakes = heard(page, "webSocketHandshakeResponseReceived")
    assert page.evaluate(TALK, proxy.name) == "hello"
    assert [handshake["status"] for handshake in handshakes] == [200]
    page.context.close()
    assert logged(proxy, "on /ws/room 101")


def logged(proxy: Container, line: str) -> bool:
    """Wait until the proxy has logged a line, which it does when a request ends."""
    for _time in range(50):
        if line in proxy.run("cat", "/var/log/apache2/protocols.log").splitlines():
            return True
        time.sleep(0.1)
    return False


def test_a_websocket_opens_over_http1_where_http2_takes_none(proxy: Container, page: Page) -> None:
    name = f"old-{proxy.name}"
    page.goto(f"https://{name}/")
    handshakes = heard(page, "webSocketHandshakeResponseReceived")
    assert page.evaluate(TALK, name) == "hello"
    assert [handshake["status"] for handshake in handshakes] == [101]
