"""Answers that were given before, given again: in so many bytes, keys included, until the next publication; the longest unused goes first."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schakel.serve.content_coding import CONDITIONS, is_known, send_not_modified
from schakel.serve.graph_source import ByteCache
from schakel.serve.middleware import completed, record, request_number
from schakel.serve.request_parsing import wanted_coding
from schakel.serve.service import Service, state_of

__all__ = ["ResponseCache", "may_be_cached"]

_LARGEST: Final = 4 << 20
_CACHED: Final = frozenset({200, 301, 303})
_PARTIAL: Final = frozenset({b"if-range", b"range"})
# Of the address and the headers together.
_LONGEST: Final = 16_384
# With one of these a response may be another, or the request has a body.
_UNUSUAL: Final = _PARTIAL | CONDITIONS | {b"content-length", b"expect", b"transfer-encoding"}
Headers: TypeAlias = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class _Response:
    """A response as it is sent, what kind of thing was asked for, how many rows it has, and whether a budget is to be charged for it."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    route: str
    rows: int
    of_graph: bool

    @cached_property
    def head(self) -> bytes:
        """The status line and the headers as bytes."""
        return b"HTTP/1.1 %d %b\r\n" % (self.status, HTTPStatus(self.status).phrase.encode()) + b"".join(b"%b: %b\r\n" % pair for pair in self.headers)


def may_be_cached(scope: Scope) -> None:
    """Say that the response to this request is the same for everybody who asks for the same, until the next publication."""
    state_of(scope).cacheable = True


class ResponseCache:
    """Answers GET and HEAD from what was answered before, where the route within says that this may be."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._publication = 0
        self._responses = ByteCache[_Response]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        keys = _keys(scope["asked"], scope["query_string"], scope["headers"]) if scope["method"] in {"GET", "HEAD"} else None
        if keys is None:
            await self._app(scope, receive, send)
            return
        state = state_of(scope)
        if state.edition.number != self._publication:
            self._publication, self._responses = state.edition.number, ByteCache[_Response]()
        found = self._responses.get(keys[0]) or self._responses.get(keys[1])
        if found is None:
            await self._app(scope, receive, _Recorder(self._responses, keys, scope, send).take)
            return
        state.route, state.rows, state.completed = found.route, found.rows, True
        if found.status == HTTPStatus.OK and is_known(scope["method"], scope["headers"], found.headers):
            await send_not_modified(found.headers, send)
            return
        await send({"type": "http.response.start", "status": found.status, "headers": list(found.headers)})
        # As one: connections that have not read it yet share it with the cache.
        await send({"type": "http.response.body", "body": found.body})

    def file_response(self, url: bytes, headers: Headers) -> tuple[bytes, bytes] | None:
        """Give head and body of what a GET of a file is answered, but for the date, where that is known and the request asks for nothing else.

        For connections, which give it without a task; a request that asks the graph has a budget, and goes the usual way.
        """
        path, _, query = url.partition(b"?")
        if not _UNUSUAL.isdisjoint(name for name, _ in headers) or self._service.editions.current.number != self._publication:
            return None
        keys = _keys(path, query.partition(b"#")[0], headers)
        found = None if keys is None else self._responses.get(keys[0]) or self._responses.get(keys[1])
        if found is None or found.of_graph:
            return None
        number = request_number()
        record(self._service.metrics, number, "GET", found.route, found.status, 0.0, found.rows)
        return b"%bx-request-id: %b\r\n\r\n" % (found.head, number.encode()), found.body

    @property
    def size(self) -> int:
        """How many bytes are in use."""
        return self._responses.size


class _Recorder:
    """Keeps a response on its way, where it is one that others may get."""

    def __init__(self, responses: ByteCache[_Response], keys: tuple[Hashable, Hashable], scope: Scope, send: Send) -> None:
        self._responses, self._keys, self._scope, self._send = responses, keys, scope, send
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._length = 0

    async def take(self, message: Message) -> None:
        """Send a message on, and keep it."""
        if message["type"] == "http.response.start":
            wanted = self._scope["method"] == "GET" and message["status"] in _CACHED and state_of(self._scope).cacheable
            self._start = {**message, "headers": tuple(message["headers"])} if wanted else None
        elif self._start is not None:
            self._parts.append(message.get("body", b""))
            self._length += len(self._parts[-1])
            if self._length > _LARGEST:
                self._start, self._parts = None, []
            elif not message.get("more_body", False):
                self._keep(self._start)
        await self._send(message)

    def _keep(self, start: Message) -> None:
        state = state_of(self._scope)
        vary = b",".join(value for name, value in start["headers"] if name == b"vary").lower()
        key = self._keys[0] if vary.replace(b"accept-encoding", b"").strip(b", ") == b"" else self._keys[1]
        response = _Response(start["status"], completed(start["headers"]), b"".join(self._parts), state.route, state.rows, state.of_graph)
        self._responses.put(key, response, len(repr(self._keys)) + 2 * len(response.head) + self._length)


def _keys(path: bytes, query: bytes, headers: Headers) -> tuple[Hashable, Hashable] | None:
    """Name what a response depends on: of a file the path, the prefix that a proxy names and the coding, of anything else also what the client accepts.

    None for what is never kept. Only the API and, of `format`, things look at the query: whatever else is in it makes no further entry.
    """
    accept = language = coding = prefix = b""
    length = len(path) + len(query)
    for name, value in headers:
        length += len(name) + len(value)
        if name == b"accept":
            accept = value
        elif name == b"accept-language":
            language = value
        elif name == b"accept-encoding":
            coding = b"%b,%b" % (coding, value) if coding else value
        elif name == b"x-forwarded-prefix":
            prefix = value
        elif name in _PARTIAL:
            return None
    if length > _LONGEST:
        return None
    of_api = b"/api/" in path
    if query and not of_api:
        query = b"&".join(value.encode() for name, value in parse_qsl(query.decode("latin-1")) if name == "format")
    common = path, prefix, wanted_coding(coding)
    return (*common, query if of_api else b""), (*common, query, accept, language)
