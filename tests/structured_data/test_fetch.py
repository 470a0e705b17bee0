"""Fetching a page: over HTTP alone, to its end or not at all, and never past its limits."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from schakel.errors import PageUnreadableError
from schakel.structured_data import fetch


class _Site(BaseHTTPRequestHandler):
    routes: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/page": (200, {"Content-Type": "text/html"}, "<p>é</p>".encode()),
        "/latin": (200, {"Content-Type": "text/html; charset=latin-1"}, "<p>é</p>".encode("latin-1")),
        "/odd": (200, {"Content-Type": "text/html; charset=no-such"}, b"<p>\xff</p>"),
        "/moved": (301, {"Location": "/page"}, b""),
        "/local": (302, {"Location": "file:///etc/passwd"}, b""),
        "/ftp": (302, {"Location": "ftp://example.org/x"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/large": (200, {"Content-Type": "text/html"}, b"x" * 100_000),
    }

    def do_GET(self) -> None:  # as the server calls it
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            while True:  # until nobody listens any more
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.02)
        status, headers, body = self.routes.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as it is called
        del format, args

    def handle(self) -> None:
        # The other side may have seen enough.
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.mark.parametrize(("path", "text"), [("/page", "<p>é</p>"), ("/latin", "<p>é</p>"), ("/odd", "<p>\ufffd</p>"), ("/moved", "<p>é</p>")])
def test_a_page_in_its_encoding(path: str, text: str, site: str) -> None:
    assert fetch(site + path) == text


@pytest.mark.parametrize(
    ("path", "seconds", "problem"),
    [
        ("/none", 600, "404"),
        ("/local", 600, "file:///etc/passwd"),
        ("/ftp", 600, "it leads to ftp://example.org/x"),
        ("/round", 600, "infinite loop"),
        ("/large", 600, "larger than 50,000 bytes"),
        ("/slow", 0.5, "longer than 0.5 seconds"),
    ],
)
def test_what_is_no_page_is_told(path: str, seconds: float, problem: str, site: str) -> None:
    with pytest.raises(PageUnreadableError) as told:
        fetch(site + path, seconds=seconds, most_bytes=50_000)
    assert problem in str(told.value)
    assert site + path in str(told.value)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "data:text/html,x", "javascript:1", "about.html", "", "http://", "http://[x", "http://a b/"]
)
def test_an_address_that_is_none_of_the_web(url: str) -> None:
    with pytest.raises(PageUnreadableError):
        fetch(url, seconds=600)


def test_a_server_that_is_not_there() -> None:
    with serving() as url:
        pass
    with pytest.raises(PageUnreadableError, match="refused"):
        fetch(url, seconds=600)
