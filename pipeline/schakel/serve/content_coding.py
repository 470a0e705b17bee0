"""Content codings and conditional requests: a tag of its own for each coding, and RFC 9110's preconditions. Starlette-compress packs."""

import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from schakel.serve.request_parsing import wanted_coding
from schakel.serve.responses import Problem

__all__ = ["CONDITIONS", "ContentCoding", "is_known", "send_not_modified"]

CONDITIONS: Final = frozenset({b"if-match", b"if-modified-since", b"if-none-match", b"if-unmodified-since"})
# What is smaller fits into one packet as it is.
_LEAST_BYTES: Final = 1000
# Of Brotli's 11 and gzip's 9. Brotli's best takes a thousand times as long.
_LEVEL: Final = 5
_NOT_OF_304: Final = frozenset({b"content-type", b"content-encoding", b"content-length"})
_RANGES: Final = re.compile(rb"(?i:bytes)=[ \t]*(?:\d+-\d*|-\d+)(?:[ \t]*,[ \t]*(?:\d+-\d*|-\d+))*[ \t]*")
_TYPES: Final = (
    *("application/n-quads", "application/n-triples", "application/rdf+xml", "application/sparql-query", "application/trig", "application/x-ndjson"),
    *("application/linkset+json", "application/sparql-results+json", "application/sparql-results+xml"),
    *("text/csv", "text/markdown", "text/n3", "text/tab-separated-values", "text/turtle"),
)
for _each in _TYPES:
    add_compress_type(_each)


class _NotModifiedError(Exception):
    """The client has the response already; the rest of it need not be made."""


class ContentCoding:
    """Packs the responses of an application in the coding that a client wants most, and answers conditional requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = CompressMiddleware(app, minimum_size=_LEAST_BYTES, zstd=False, brotli_quality=_LEVEL, gzip_level=_LEVEL, remove_accept_encoding=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        coding = wanted_coding(b",".join(value for name, value in scope["headers"] if name == b"accept-encoding"))
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding" and (pair[0] != b"range" or _is_range(pair[1]))]

        stamped = False

        async def code(message: Message) -> None:
            nonlocal stamped
            if message["type"] == "http.response.start":
                _complete(message)
                stamped = (b"content-encoding", b"gzip") in message["headers"]
                if message["status"] in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT} and is_known(scope["method"], headers, message["headers"]):
                    await send_not_modified(message["headers"], send)
                    raise _NotModifiedError
            elif stamped and message["body"]:
                # Gzip's module writes the time there; the same content is to be the same bytes, whenever it is packed.
                message["body"], stamped = message["body"][:4] + bytes(4) + message["body"][8:], False
            await send(message)

        try:
            scope.update(headers=[*headers, (b"accept-encoding", coding)], send_unpacked=code)
            await self._app(scope, receive, code)
        except _NotModifiedError:
            return


def _is_range(value: bytes) -> bool:
    """Tell whether a header says what RFC 9110 has for ranges of bytes; anything else is ignored."""
    pairs = re.findall(rb"(\d+)-(\d+)", value)
    return _RANGES.fullmatch(value) is not None and all(int(first) <= int(last) for first, last in pairs)


async def send_not_modified(headers: Iterable[tuple[bytes, bytes]], send: Send) -> None:
    """Tell a client that the response with these headers is the one that it has."""
    await send({"type": "http.response.start", "status": 304, "headers": [pair for pair in headers if pair[0] not in _NOT_OF_304]})
    await send({"type": "http.response.body", "body": b""})


def _complete(message: Message) -> None:
    """Give a response in a coding a tag of its own, and say that it depends on what the client takes."""
    headers = MutableHeaders(raw=message["headers"])
    coding, tag = headers.get("content-encoding"), headers.get("etag")
    if "content-type" in headers and "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    if coding is not None and tag is not None:
        headers["etag"] = f'{tag[:-1]}-{coding}"'


def is_known(method: str, request: Iterable[tuple[bytes, bytes]], response: Iterable[tuple[bytes, bytes]]) -> bool:
    """Tell whether the client has the response as it would be sent; of a condition by tag and one by date the one by tag counts.

    Raises Problem where the client wants it only as it was, and it is another now.
    """
    conditions = {name: value.decode("latin-1") for name, value in request if name in CONDITIONS}
    if not conditions or method not in {"GET", "HEAD"}:
        return False
    headers = Headers(raw=list(response))
    tag, match, none_match = headers.get("etag"), conditions.get(b"if-match"), conditions.get(b"if-none-match")
    unmodified = _is_unmodified(headers, conditions.get(b"if-unmodified-since"))
    if (tag not in _tags(match) and "*" not in _tags(match)) if match is not None else unmodified is False:
        raise Problem("precondition-failed")
    if none_match is not None:
        return not {tag, "*"}.isdisjoint(each.removeprefix("W/") for each in _tags(none_match))
    return bool(_is_unmodified(headers, conditions.get(b"if-modified-since")))


def _tags(header: str) -> list[str]:
    return [each.strip() for each in header.split(",")]


def _is_unmodified(headers: Headers, since: str | None) -> bool | None:
    """Tell whether a response is no newer than a date; None where one of them has none."""
    try:
        return parsedate_to_datetime(headers["last-modified"]) <= parsedate_to_datetime(since or "")
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
