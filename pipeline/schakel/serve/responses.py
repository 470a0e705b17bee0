"""Responses whose bytes are sent in parts, so that no client waits for another's, and none holds them for ever."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

__all__ = ["PartsResponse", "json_response"]

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


def json_response(document: object) -> Response:
    """Answer with a JSON document that may differ each time."""
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return PartsResponse([content], {"Content-Type": "application/json", "Cache-Control": "no-cache"})
