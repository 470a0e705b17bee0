"""Connections to a query engine on this machine: as few words as HTTP needs, because each question has the price of its words."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httptools

__all__ = ["Sent", "TooLongError", "Wire"]

# An engine closes what is silent for longer.
_SILENT_SECONDS: Final = 5.0
_SPARE: Final = 32
_OK: Final = 200
_LONGEST_PROBLEM: Final = 10_000


class TooLongError(Exception):
    """An answer has more bytes than it may have."""


@dataclass
class Sent:
    """What came back: status, media type and body."""

    status: int = 0
    media_type: str = ""
    parts: list[bytes] = field(default_factory=list)
    _length: int = 0

    def take(self, part: bytes, limit: int) -> bool:
        """Take a part of the body; tell whether the rest is wanted, which of what is no answer is only the beginning.

        Raises TooLongError.
        """
        self.parts.append(part)
        self._length += len(part)
        if self.status != _OK:
            return self._length <= _LONGEST_PROBLEM
        if self._length > limit:
            raise TooLongError
        return True


class Wire:
    """Connections to one address, kept for the next question."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self.url = url
        self._host, self._port, self._path = address.hostname or "", address.port or 80, address.path
        self._spare: deque[_Line] = deque()

    async def post(self, asked: str, media_type: str, accepted: str, content: bytes, limit: int) -> Sent:
        """Send a body, with parameters in the address, and give what comes back.

        Raises TooLongError, and OSError where the connection is lost.
        """
        line = self._kept() or await self._opened()
        head = (
            f"POST {self._path}{'?' if asked else ''}{asked} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nUser-Agent: schakel\r\n"
            f"Accept: {accepted}\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        try:
            sent = await line.ask(head.encode("ascii") + content, limit)
        except BaseException:
            line.end()
            raise
        if line.usable and len(self._spare) < _SPARE:
            self._spare.append(line)
        else:
            line.end()
        return sent

    def close(self) -> None:
        """Close what is kept."""
        while self._spare:
            self._spare.pop().end()

    def _kept(self) -> "_Line | None":
        while self._spare:
            line = self._spare.pop()
            if line.usable and time.monotonic() - line.used < _SILENT_SECONDS:
                return line
            line.end()
        return None

    async def _opened(self) -> "_Line":
        _, line = await asyncio.get_running_loop().create_connection(_Line, self._host, self._port)
        return line


class _Line(asyncio.Protocol):
    """One connection: one question at a time."""

    def __init__(self) -> None:
        self.used = 0.0
        self.usable = True
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Sent] | None = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._sent = Sent()
        self._limit = 0

    async def ask(self, request: bytes, limit: int) -> Sent:
        """Send a request and give what comes back."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError
        self._sent, self._limit = Sent(), limit
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            self._answer = None
            self.used = time.monotonic()

    def end(self) -> None:
        """Close the connection at once."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as asyncio has it
        """Begin."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that nothing more will come."""
        self.usable = False
        self._fail(exc if isinstance(exc, OSError) else ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._answer is None:
            self.end()  # nobody has asked
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.usable = False
            self._fail(ConnectionResetError())

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take the media type."""
        if name.lower() == b"content-type":
            self._sent.media_type = value.decode("latin-1").partition(";")[0].strip()

    def on_headers_complete(self) -> None:
        """Take the status."""
        self._sent.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, as long as there is room."""
        if self._answer is None or self._answer.done():
            return
        try:
            wanted = self._sent.take(body, self._limit)
        except TooLongError as error:
            self._fail(error)
        else:
            if not wanted:
                self.usable = False
                self._answer.set_result(self._sent)

    def on_message_complete(self) -> None:
        """Give the answer."""
        self.usable = self.usable and self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._sent)

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
