"""One process that answers queries, asked over a pair of sockets."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

__all__ = ["WorkerProcess"]

_CHUNK: Final = 1 << 18


class WorkerProcess:
    """One process, asked over a pair of sockets."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._reader, self._writer = asyncio.StreamReader(), cast("asyncio.StreamWriter", None)
        # Whether it awaits a request: not so while it has one, and never again where that was given up.
        self.is_idle = False

    @property
    def is_running(self) -> bool:
        """Tell whether the process was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> bool:
        """Start the process, and wait until the graph is there; tell whether it is."""
        ours, theirs = socket.socketpair()
        with theirs:
            # Not by asyncio: uvloop's way takes a hundredth of a second, in which nobody is answered. Not in a thread: the process ends with its parent's.
            self._process = subprocess.Popen(self._command, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.DEVNULL, start_new_session=True)  # noqa: ASYNC220, S603
        self._reader, self._writer = await asyncio.open_connection(sock=ours, limit=_CHUNK)
        line = await self._reader.readline()
        self.is_idle = bool(line) and "problem" not in json.loads(line)
        return self.is_idle

    async def exchange(self, request: Mapping[str, Any], hold: Callable[[int], None]) -> tuple[dict[str, Any], list[bytes]]:
        """Send a request, and give the line that answers it and the bytes that follow.

        Raises EOFError and OSError where the process has ended.
        """
        self.is_idle = False
        self._writer.write(json.dumps(request).encode() + b"\n")
        reply = json.loads(await self._reader.readuntil(b"\n"))
        missing = reply.get("bytes", 0)
        hold(missing)
        parts = []
        while missing:
            part = await self._reader.read(min(missing, _CHUNK))
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        self.is_idle = True
        return reply, parts

    async def stop(self) -> int | None:
        """End the process, and give the status that it ended with."""
        if self._process is None:
            return None
        self._process.kill()
        self._writer.close()
        return await asyncio.to_thread(self._process.wait)
