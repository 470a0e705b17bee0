"""Responses: those that are sent in parts, and what goes wrong, told as RFC 9457 has it (`application/problem+json`), with nothing of the machine behind."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from schakel.errors import (
    AmbiguousNameError,
    AnswerTooLongError,
    BadParameterError,
    BadQueryError,
    BusyError,
    EndpointError,
    EngineFailedError,
    MissingParameterError,
    NotAnIriError,
    NotInGraphError,
    QueryRefusedError,
    QueryTimeoutError,
    SchakelError,
    UnknownNameError,
)

__all__ = ["PROBLEMS", "PartsResponse", "Problem", "json_response", "problem_of", "problem_response", "tag_of"]

_PART: Final = 1 << 16
# A client that reads more slowly than this is cut off, after some seconds' patience.
_LEAST_BYTES_A_SECOND: Final = 50_000
_PATIENCE: Final = 20


class PartsResponse(Response):
    """A response of any length."""

    def __init__(self, parts: Sequence[bytes], headers: Mapping[str, str]) -> None:
        self._parts = parts
        self._length = sum(map(len, parts))
        super().__init__(None, headers={**headers, "Content-Length": str(self._length)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # as ASGI has it
        """Send it; what fits into one part is one message, which has its length also where it is packed."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._length <= _PART:
            await send({"type": "http.response.body", "body": b"".join(self._parts)})
            return
        try:
            async with asyncio.timeout(_PATIENCE + self._length / _LEAST_BYTES_A_SECOND):
                for part in self._parts:
                    for start in range(0, len(part), _PART):
                        await send({"type": "http.response.body", "body": part[start : start + _PART], "more_body": True})
                        await asyncio.sleep(0)
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            raise ClientDisconnect from None


def tag_of(content: bytes) -> str:
    """Make the entity tag of some content."""
    return f'"{blake2b(content, digest_size=12).hexdigest()}"'


def json_response(document: object) -> Response:
    """Answer with a JSON document that may differ each time."""
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return PartsResponse([content], {"Content-Type": "application/json", "Cache-Control": "no-cache"})


_NAMESPACE: Final = "https://w3id.org/schakel/problems#"
_MEDIA_TYPE: Final = "application/problem+json"

# Every kind of problem: its status, and its title. docs/reference/serve.md tells what to do about each.
PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "bad-request": (400, "The request cannot be understood"),
    "bad-parameter": (400, "A parameter is missing, unknown or of the wrong kind"),
    "query-unreadable": (400, "The query is not SPARQL, or fails"),
    "query-refused": (400, "The query asks for what this service does not do"),
    "query-too-deep": (400, "The query is nested too deeply"),
    "answer-too-long": (400, "The answer is longer than it may be"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "This cannot be done here"),
    "not-acceptable": (406, "There is no such format"),
    "body-too-slow": (408, "The request took too long to arrive"),
    "gone": (410, "It is no longer published"),
    "precondition-failed": (412, "The document is no longer the one that the request speaks of"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "Requests of this media type are not taken"),
    "too-many-requests": (429, "Too many requests"),
    "headers-too-large": (431, "The headers are too large"),
    "failed": (500, "The service failed"),
    "engine-failed": (502, "The query engine gave no answer"),
    "busy": (503, "The service is busy"),
    "query-timeout": (504, "The query took too long"),
}

_REFUSALS: Final[Mapping[str, str]] = {"length": "too-large", "depth": "query-too-deep", "form": "query-unreadable", "reach": "query-refused"}


class Problem(Exception):  # noqa: N818  # the word of RFC 9457
    """Something that keeps a request from being answered, of a kind in PROBLEMS."""

    def __init__(self, kind: str, detail: str = "", *, retry_after: float | None = None, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(max(1, int(retry_after + 0.999)))
        self.more = more

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return PROBLEMS[self.kind][0]


def problem_response(problem: Problem) -> Response:
    """Write a problem as an answer."""
    status, title = PROBLEMS[problem.kind]
    body: dict[str, Any] = {"type": _NAMESPACE + problem.kind, "title": title, "status": status}
    if problem.detail:
        body["detail"] = problem.detail
    content = json.dumps(body | problem.more, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status, {"Cache-Control": "no-store", **problem.headers}, _MEDIA_TYPE)


def problem_of(error: SchakelError) -> Problem:
    """Give the problem that an error is to a client, in words that name no setting of the server."""
    kind, detail = "query-unreadable", str(error)
    match error:
        case QueryTimeoutError():
            kind, detail = "query-timeout", f"The query was stopped after {error.seconds:g} seconds; ask for less."
        case AnswerTooLongError():
            limit = f"{error.rows:,} rows" if error.rows is not None else f"{error.bytes:,} bytes"
            kind, detail = "answer-too-long", f"An answer may have {limit}; ask for less, with LIMIT."
        case BusyError():
            return Problem("busy", error.args[0], retry_after=error.seconds)
        case EngineFailedError():
            kind = "engine-failed"
        case QueryRefusedError():
            kind = _REFUSALS[error.reason]
        case EndpointError():
            kind, detail = "engine-failed", "The endpoint behind this service gives no answer, or its default graph is empty."
        case BadQueryError(too_large=True):
            kind = "too-large"
        case MissingParameterError():
            wanted = "; ".join(f"{name} ({what}{f', for example {example}' if example else ''})" for name, what, example in error.missing)
            kind, detail = "bad-parameter", f"The query must know {wanted}; or ask for all with everything=true."
            return Problem(kind, detail, missing=[dict(zip(("name", "kind", "example"), each, strict=True)) for each in error.missing])
        case BadQueryError() | AmbiguousNameError() | BadParameterError() | NotAnIriError() | NotInGraphError() | UnknownNameError():
            kind = "bad-parameter"
    return Problem(kind, detail)
