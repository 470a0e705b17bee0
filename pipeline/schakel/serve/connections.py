"""Connections: how many there may be, of one client too, how long a request may take to arrive, and how long a response to be read.

Uvicorn has none of these limits but that of all connections.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, Final, TypeAlias

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schakel.serve.budgets import client_at
from schakel.serve.observability import Metrics, log

__all__ = ["ConnectionLimits", "protocol_of"]

# What a proxy says of where clients see the service; anybody else could make addresses of another host with it.
_FORWARDED: Final = frozenset({b"x-forwarded-host", b"x-forwarded-prefix"})
# A line of a request and its headers, where the line holds a query; and what surrounds the parts of a body that comes in parts.
_LARGEST_HEAD: Final = 1 << 18
_REFUSAL: Final = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 5\r\n\r\n"


@dataclass
class ConnectionLimits:
    """How many connections there may be, and which there are; a proxy may have as many as all clients together."""

    metrics: Metrics
    patience: float
    proxies: Sequence[str] = ()
    total: int = 1000
    of_client: int = 100
    _open: Counter[str] = field(default_factory=Counter)

    def opened(self, client: str) -> str:
        """Count a connection; name the limit that it is beyond, if it is beyond one."""
        self._open[client] += 1
        limit = ""
        if self._open.total() > self.total:
            limit = "total"
        elif self._open[client] > self.of_client and not self.is_proxy(client):
            limit = "client"
        if limit:
            self.metrics.refused_connections.labels(limit).inc()
            if self._open[client] == self.of_client + 1 or limit == "total":
                log("connections", outcome="refused", limit=limit)
        return limit

    def is_proxy(self, client: str) -> bool:
        """Tell whether a client is a proxy that the settings trust."""
        if not client:
            return False
        network = ip_network(client)
        return any(network.subnet_of(proxy) for each in self.proxies if (proxy := ip_network(each)).version == network.version)  # type: ignore[arg-type]  # both are of one version

    def closed(self, client: str) -> None:
        """Count a connection no more."""
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]


FileResponse: TypeAlias = Callable[[bytes, Sequence[tuple[bytes, bytes]]], tuple[bytes, bytes] | None]


def protocol_of(limits: ConnectionLimits, file_response: FileResponse) -> type[asyncio.Protocol]:
    """Give the protocol that keeps the limits, and answers at once where `file_response` gives head and body of what an address is answered."""
    return type("LimitedProtocol", (_LimitedProtocol,), {"limits": limits, "file_response": staticmethod(file_response)})


class _LimitedProtocol(HttpToolsProtocol):
    """The protocol that closes a connection whose request does not arrive, or whose response is not read."""

    limits: ConnectionLimits
    file_response: FileResponse
    _answered: bool = False
    _peer: str = ""
    _is_trusted: bool = False
    _arrival: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    # Bytes since the last message or its head was whole, but for those of bodies.
    _pending: int = 0
    _in_body: bool = False

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._peer = client_at(self.client[0] if self.client else "")
        self._is_trusted = self.limits.is_proxy(self._peer)
        if self.limits.opened(self._peer):
            transport.write(_REFUSAL)
            transport.close()
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; wait no longer once a request is there."""
        if self.transport.is_closing():
            return
        self._pending += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._pending > _LARGEST_HEAD:
            self._refuse()
        elif self._is_idle and self.timeout_keep_alive_task is None:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self.resume_writing()
        self.limits.closed(self._peer)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(self.limits.patience, self._cut, "unread response")

    def resume_writing(self) -> None:
        """Wait no longer."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._in_body = self._answered = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows a body is none, nor is what only a proxy may say."""
        if not self._in_body and (self._is_trusted or name.lower() not in _FORWARDED):
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin an answer; the parser of addresses takes no more than 65,535 characters, and a query may have more."""
        self._pending, self._in_body = 0, True
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            raise httptools.HttpParserError("one Host is wanted")
        response = self._file_response()
        if response is not None:
            self._answered = True
            date = b"".join(b"%b: %b\r\n" % pair for pair in self.server_state.default_headers)
            line, _, rest = response[0].partition(b"\r\n")
            self.transport.writelines([b"%b\r\n%b%b" % (line, date, rest), response[1]])
            return
        self.url, _, query = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query.partition(b"#")[0]

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._pending = max(0, self._pending - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._pending, self._in_body = 0, False
        if not self._answered:
            super().on_message_complete()
            return
        self.server_state.total_requests += 1
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _file_response(self) -> tuple[bytes, bytes] | None:
        parser = self.parser
        if not self._is_idle or self.pipeline or self.flow.write_paused or parser.get_method() != b"GET" or parser.get_http_version() != "1.1":
            return None
        if parser.should_upgrade() or not parser.should_keep_alive():
            return None
        return self.file_response(self.url, self.headers)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _refuse(self) -> None:
        if self._is_idle:
            self.send_400_response("Invalid HTTP request received.")
        else:
            self.transport.abort()

    def _wait(self) -> None:
        if self._arrival is None:
            self._arrival = self.loop.call_later(self.limits.patience, self._cut, "slow request")

    def _stop_waiting(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _cut(self, reason: str) -> None:
        self._arrival = None
        self.limits.metrics.cut_connections.labels(reason).inc()
        self.transport.abort()
