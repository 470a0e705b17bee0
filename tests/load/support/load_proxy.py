"""A server between a load and a store, which holds, cuts or changes what goes through it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import urlsplit

# The status, the headers and the body of an answer.
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
# Given the request, its number and what passes it on; answers it, or not.
Fault: TypeAlias = Callable[["Between", int, Callable[[], Answer]], bool]


_PASSED = ("Content-Type", "Server", "WWW-Authenticate", "Fuseki-Request-Id")


class Between(BaseHTTPRequestHandler):
    """Passes requests on to a store, unless the fault of the test says otherwise."""

    protocol_version = "HTTP/1.1"
    # An answer is written in two pieces, and the second would wait for word of the first.
    disable_nagle_algorithm = True
    server: "Proxy"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.count += 1
        number = self.server.count
        self.server.seen.append((self.command, self.path, dict(self.headers), body))

        def passed_on() -> Answer:
            return self.pass_to(self.path, body)

        if self.server.fault(self, number, passed_on):
            return
        self.answer(*passed_on())

    def pass_to(self, path: str, body: bytes) -> Answer:
        """Send the request to the store behind, and give what that answers."""
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "accept-encoding", "connection", "content-length"}}
        # Also where the store is killed while it answers.
        with closing(HTTPConnection(urlsplit(self.server.behind).netloc, timeout=120)) as connection:
            connection.request(self.command, path, body, headers)
            with connection.getresponse() as response:
                content = response.read()
                return response.status, {name: response.headers[name] for name in _PASSED if name in response.headers}, content

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815  # as http.server names them


class Proxy(ThreadingHTTPServer):
    """A server between, with what breaks."""

    daemon_threads = True
    behind = ""
    count = 0
    fault: Fault = staticmethod(lambda *_: False)

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Between)
        self.behind = behind
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def path_of(self, address: str) -> str:
        """The address of a store behind, as it is here."""
        return f"{self.url}{urlsplit(address).path}"

    def handle_error(self, *_: object) -> None:
        """A connection that was broken on purpose is no news."""


@contextmanager
def between(address: str) -> Iterator[Proxy]:
    """Run a server before the one at an address."""
    with Proxy(address) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()
