"""A process that holds the graph of a file and answers queries about it; see worker.py, which it runs."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
import weakref
from pathlib import Path
from typing import IO, Any, Final, cast

from schakel.errors import GraphUnreadableError

__all__ = ["GraphProcess"]

_CHUNK: Final = 1 << 20
_DAY_SECONDS: Final = 86_400
# Started as a file, not as a module: it needs nothing of this package, whose import would take longer than most queries.
_WORKER: Final = str(Path(__file__).with_name("worker.py"))


class GraphProcess:
    """One process for one file, started with the first request, and again after it has ended."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], GraphProcess] | None = None

    def exchange(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send a request, and give the line that answers it and the bytes that follow.

        Raises TimeoutError after so many seconds, EOFError or BrokenPipeError where the process has come to an end, GraphUnreadableError.
        """
        process = self._running()
        stdin = cast("IO[bytes]", process.stdin)
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        return _read_reply(process, time.monotonic() + seconds)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        command = [sys.executable, "-P", _WORKER, str(self.file)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603  # our own program, and no shell
        self._process, self._end = process, weakref.finalize(self, _end, process)
        try:
            loaded, _ = _read_reply(process, None)
        except EOFError:
            loaded = {"problem": "ended", "text": "the query engine came to an end; the file may need more memory than there is"}
        if "problem" in loaded:
            self.close()
            raise GraphUnreadableError(self.file, loaded["text"])
        return process

    def close(self) -> None:
        """End the process; the next request starts another."""
        if self._end is not None:
            self._end()
        self._process = self._end = None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _read_reply(process: subprocess.Popen[bytes], deadline: float | None) -> tuple[dict[str, Any], bytes]:
    """Read a line of JSON and the bytes that it announces; TimeoutError after the deadline, EOFError where the process has ended."""
    descriptor = cast("IO[bytes]", process.stdout).fileno()
    received = bytearray()
    while (end := received.find(b"\n")) < 0:
        received += _read(descriptor, deadline)
    line = json.loads(received[:end])
    content = received[end + 1 :]
    while len(content) < line.get("bytes", 0):
        content += _read(descriptor, deadline)
    return line, bytes(content)


def _read(descriptor: int, deadline: float | None) -> bytes:
    left = None if deadline is None else min(max(deadline - time.monotonic(), 0), _DAY_SECONDS)
    if not select.select([descriptor], [], [], left)[0]:
        raise TimeoutError
    chunk = os.read(descriptor, _CHUNK)
    if not chunk:
        raise EOFError
    return chunk
