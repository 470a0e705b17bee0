"""How requests are taken from a connection: strictly, not for ever, and at once where the answer is at hand."""

import asyncio
import time
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schakel.serve.at_hand import AtHand, Ready

__all__ = ["protocol_of"]

# A line of a request and its headers, where the line holds a query; and what surrounds the parts of a body that comes in parts.
_LARGEST_HEAD: Final = 1 << 18


def protocol_of(patience: float, at_hand: AtHand) -> type[asyncio.Protocol]:
    """Give the protocol that waits so many seconds for a request, and gives the answers at hand."""
    return type("Impatient", (_Impatient,), {"patience": patience, "at_hand": at_hand})


class _Impatient(HttpToolsProtocol):
    """The protocol that closes a connection whose request does not arrive, or does not end."""

    patience: float
    at_hand: AtHand
    _waiting: asyncio.TimerHandle | None = None
    # Bytes since the last message or its head was whole, but for those of bodies.
    _pending: int = 0
    _in_body: bool = False
    _given: bool = False

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; wait no longer once a request is there."""
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
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._given = self._in_body = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what follows a body is none."""
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Answer at once, or begin to."""
        began, self._pending, self._in_body = time.perf_counter(), 0, True
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            raise httptools.HttpParserError("one Host is wanted")
        ready = self._ready()
        if ready is None:
            self._begin()
            return
        self._given = True
        self.transport.write(self.at_hand.given(ready, self.server_state.default_headers, began))

    def _begin(self) -> None:
        """Begin an answer; the parser of addresses takes none of more than 65,535 signs, and a query may have more."""
        self.url, _, asked = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = asked.partition(b"#")[0]

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._pending = max(0, self._pending - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; one that was answered at once is done with."""
        self._pending, self._in_body = 0, False
        if not self._given:
            super().on_message_complete()
            return
        self.server_state.total_requests += 1
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _ready(self) -> Ready | None:
        """Give the answer to the request, where it is at hand and nothing stands before it."""
        if not self._is_idle or self.pipeline or self.flow.write_paused or len(self.connections) >= (self.limit_concurrency or 0):
            return None
        parser = self.parser
        if parser.get_method() != b"GET" or parser.get_http_version() != "1.1" or parser.should_upgrade() or not parser.should_keep_alive():
            return None
        return self.at_hand.find(self.url, self.headers)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _refuse(self) -> None:
        if self._is_idle:
            self.send_400_response("Invalid HTTP request received.")
        else:
            self.transport.abort()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.patience, self._end)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _end(self) -> None:
        self._waiting = None
        if self._is_idle:
            self.transport.abort()
