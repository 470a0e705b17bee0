"""Content codings and conditional requests: which coding a client wants, a tag of its own for each, and nothing to a client that has the response already.

Starlette-compress packs; it knows neither relative weights nor tags nor clients that refuse the identity coding.
"""

from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from schakel.serve.negotiation import takes_identity, wanted_coding
from schakel.serve.problems import Problem

__all__ = ["Compression", "ContentCoding", "choice_of", "is_known", "send_not_modified"]

# What is smaller fits into one packet as it is.
_LEAST_BYTES: Final = 1000
# Of Brotli's 11 and gzip's 9. Brotli's best takes a thousand times as long.
_LEVEL: Final = 5
_NOT_OF_304: Final = frozenset({b"content-type", b"content-encoding", b"content-length"})
_TYPES: Final = (
    *("application/n-quads", "application/n-triples", "application/rdf+xml", "application/sparql-query", "application/trig", "application/x-ndjson"),
    *("application/linkset+json", "application/sparql-results+json", "application/sparql-results+xml"),
    *("text/csv", "text/markdown", "text/tab-separated-values", "text/turtle"),
)
for _each in _TYPES:
    add_compress_type(_each)


class _NotModifiedError(Exception):
    """The client has the response already; the rest of it need not be made."""


class ContentCoding:
    """Chooses the coding, and answers conditional requests; `Compression` within does what was chosen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        given = [value for name, value in scope["headers"] if name == b"accept-encoding"]
        coding, identity = choice_of(b",".join(given) if given else None)
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        if coding != b"identity":
            headers.append((b"accept-encoding", coding))

        async def code(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(message, identity=identity)
                if message["status"] == HTTPStatus.OK and is_known(headers, message["headers"]):
                    await send_not_modified(message["headers"], send)
                    raise _NotModifiedError
            await send(message)

        try:
            scope.update(headers=headers, takes_identity=identity)
            await self._app(scope, receive, code)
        except _NotModifiedError:
            return


class Compression:
    """Packs responses in the one coding that a request accepts."""

    def __init__(self, app: ASGIApp) -> None:
        usual, strict = (
            CompressMiddleware(app, minimum_size=least, zstd=False, brotli_quality=_LEVEL, gzip_level=_LEVEL, remove_accept_encoding=True)
            for least in (_LEAST_BYTES, 0)
        )
        self._usual, self._strict = usual, strict

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that refuses the identity coding gets small responses packed too."""
        scope["send_unpacked"] = send
        await (self._usual if scope["takes_identity"] else self._strict)(scope, receive, send)


async def send_not_modified(headers: Iterable[tuple[bytes, bytes]], send: Send) -> None:
    """Tell a client that the response with these headers is the one that it has."""
    await send({"type": "http.response.start", "status": 304, "headers": [pair for pair in headers if pair[0] not in _NOT_OF_304]})
    await send({"type": "http.response.body", "body": b""})


@lru_cache(maxsize=100)
def choice_of(header: bytes | None) -> tuple[bytes, bool]:
    """Give the coding that a client wants most, and whether it takes the identity coding.

    Raises Problem where it takes none that there is.
    """
    text = None if header is None else header.decode("latin-1")
    coding = wanted_coding(text)
    if coding is None:
        raise _no_coding()
    return coding.encode(), takes_identity(text)


def _no_coding() -> Problem:
    return Problem("not-acceptable", "There are the content codings br and gzip, not of everything, and identity.", headers={"Vary": "Accept-Encoding"})


def _complete(message: Message, *, identity: bool) -> None:
    """Give a response in a coding a tag of its own, and say that it depends on what the client takes."""
    headers = MutableHeaders(raw=message["headers"])
    coding = headers.get("content-encoding")
    if coding is None and not identity and message["status"] == HTTPStatus.OK:
        raise _no_coding()
    if "content-type" in headers and "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    tag = headers.get("etag")
    if coding is not None and tag is not None:
        headers["etag"] = f'{tag[:-1]}-{coding}"'


def is_known(request: Iterable[tuple[bytes, bytes]], response: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the client has the response as it would be sent; of both conditions the one by the tag counts."""
    conditions = {name: value for name, value in request if name in {b"if-none-match", b"if-modified-since"}}
    if not conditions:
        return False
    headers = Headers(raw=list(response))
    given = conditions.get(b"if-none-match")
    if given is not None:
        return any(each.strip().removeprefix("W/") in {headers.get("etag"), "*"} for each in given.decode("latin-1").split(","))
    try:
        since = parsedate_to_datetime(conditions[b"if-modified-since"].decode("latin-1"))
        return parsedate_to_datetime(headers["last-modified"]) <= since
    except (KeyError, ValueError, TypeError, OverflowError):
        return False
