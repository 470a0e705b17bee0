"""Answers of files that were given before, given again at once: without a task, a route or a publication to be read.

What a reader gets for an address depends on three headers, and on nothing else; so an answer is kept under these. Anything more particular is answered in the
usual way.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.types import Message, Scope

from schakel.serve.kept import Kept
from schakel.serve.logs import log
from schakel.serve.service import Service

__all__ = ["LARGEST_HEADERS", "AtHand", "Ready"]

LARGEST_HEADERS: Final = 16_384
_ROOM: Final = 64 << 20
_MORE: Final = 1000
_CHOOSING: Final = frozenset({b"accept", b"accept-language", b"accept-encoding"})
# With one of these the answer is this request's alone.
_OWN: Final = frozenset(
    {b"content-length", b"expect", b"if-match", b"if-modified-since", b"if-none-match", b"if-range", b"if-unmodified-since", b"range", b"transfer-encoding"}
)
_KEPT: Final = frozenset({200, 301, 303})
_FILES: Final = "/{path:path}"
_NUMBER: Final = b"x-request-id"
Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Ready:
    """An answer as it is sent, but for what differs each time; and what kind of thing was asked for."""

    status: int
    head: bytes
    body: bytes
    route: str


class AtHand:
    """The answers that are kept of the publication in service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._edition = 0
        self._kept = Kept[Ready](_ROOM)

    def find(self, address: bytes, headers: Headers) -> Ready | None:
        """Give what a GET of this address with these headers is answered, where that is known."""
        if self._service.desk.current.number != self._edition:
            return None
        key = _key(address, headers)
        return None if key is None else self._kept.get(key)

    def keep(self, scope: Scope, start: Message, body: Message) -> None:
        """Keep an answer, where it is one that others may get."""
        status, edition = start["status"], scope["state"].get("edition")
        if status not in _KEPT or scope["method"] != "GET" or body.get("more_body") or getattr(scope.get("route"), "path", "") != _FILES:
            return
        if edition is None or edition.number != self._service.desk.current.number:
            return
        asked = scope["query_string"]
        key = _key(scope["raw_path"] + (b"?" + asked if asked else b""), scope["headers"])
        if key is None:
            return
        if edition.number != self._edition:
            self._edition, self._kept = edition.number, Kept[Ready](_ROOM)
        lines = b"".join(b"%b: %b\r\n" % pair for pair in start["headers"] if pair[0].lower() != _NUMBER)
        content = body.get("body", b"")
        ready = Ready(status, f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode() + lines, content, scope["state"]["route"])
        self._kept.put(key, ready, len(lines) + len(content) + _MORE)

    def given(self, ready: Ready, usual: Sequence[tuple[bytes, bytes]], began: float) -> bytes:
        """Write an answer with the headers that every answer has, and count it."""
        number, taken, service = secrets.token_hex(8), time.perf_counter() - began, self._service
        service.requests["GET", ready.route, ready.status] += 1
        service.seconds[ready.route] += taken
        log("request", request=number, method="GET", route=ready.route, status=ready.status, ms=round(taken * 1000, 1), rows=0)
        each = b"".join(b"%b: %b\r\n" % pair for pair in usual)
        return b"%b%bx-request-id: %b\r\n\r\n%b" % (ready.head, each, number.encode(), ready.body)


def _key(address: bytes, headers: Headers) -> tuple[bytes, ...] | None:
    """Name what an answer depends on; None for a request that is to be looked at closely."""
    chosen, length = [address], len(address)
    for name, value in headers:
        length += len(name) + len(value)
        if name in _CHOOSING:
            chosen += name, value
        elif name in _OWN:
            return None
    return tuple(chosen) if length <= LARGEST_HEADERS else None
