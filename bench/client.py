"""A reader that keeps one connection, sends a request as it is, and reads the answer to its end."""

import asyncio
import contextlib
from types import TracebackType
from typing import Final, Self

__all__ = ["LostError", "Reader"]

_LONGEST_HEAD: Final = 1 << 16
_BODYLESS: Final = frozenset({204, 304})


class LostError(Exception):
    """A connection was cut off before its answer was whole."""


class Reader:
    """One connection to a server on this machine, opened anew where the server has closed it after an answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def ask(self, sent: bytes) -> tuple[int, int]:
        """Send a request; give the status of the answer and the length of its body.

        Raises LostError.
        """
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_LONGEST_HEAD)
            reader, writer = self._streams
            writer.write(sent)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            status, length, closes = read_head(head)
            if length is None and status not in _BODYLESS:
                raise LostError("an answer without a length")
            await reader.readexactly(length or 0)
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            await self.close()
            raise LostError(type(error).__name__) from error
        if closes:
            await self.close()
        return status, length or 0


def read_head(head: bytes) -> tuple[int, int | None, bool]:
    """Give the status, the length of the body where one is told, and whether the connection is closed afterwards."""
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = fields.get("content-length")
    return int(first.split()[1]), None if length is None else int(length), fields.get("connection", "").lower() == "close"
