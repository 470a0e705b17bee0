"""A graph in a file of this machine, asked through a process of its own."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast

from schakel.answers import Answer, answer_from_json
from schakel.errors import AnswerTooLongError, GraphUnreadableError, QueryFailedError, QueryTimeoutError
from schakel.queries.limits import Limits, Reply
from schakel.queries.text import form_of, unsafe

__all__ = ["LocalGraph"]

_CHUNK: Final = 1 << 20
# Started as a file, not as a module: it needs nothing of this package, whose import would take longer than most queries.
_WORKER: Final = str(Path(__file__).with_name("worker.py"))


class LocalGraph:
    """The union of all graphs in a file of N-Quads, TriG, N-Triples or Turtle, held by a process that is started when it is first asked.

    >>> with LocalGraph(Path("public/download/dataset.nq")) as graph:  # doctest: +SKIP
    ...     answer = graph.select("SELECT ?thing WHERE { ?thing a ?class } LIMIT 1")
    """

    def __init__(self, file: Path, base: str | None = None, limits: Limits | None = None) -> None:
        self.file = file
        self._base = base
        self._limits = limits or Limits()
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], LocalGraph] | None = None

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers.

        Raises QueryFailedError, QueryTimeoutError, AnswerTooLongError, GraphUnreadableError.
        """
        form = form_of(query)
        if form != "SELECT":
            raise QueryFailedError(f"rows are the answer to a SELECT, and this is {form or 'no query'}")
        return self._limits.rows_checked(answer_from_json(self.ask(query).content))

    def ask(self, query: str) -> Reply:
        """Give what a query of any form answers, as bytes: JSON results of SPARQL, or N-Triples.

        Raises as select() does.
        """
        word = unsafe(query)
        if word is not None:
            raise QueryFailedError(f"{word} is not allowed: queries read this graph, and ask nobody else")
        request = {"query": query, "base": self._base, "bytes": self._limits.bytes, "seconds": self._limits.seconds}
        try:
            with self._one_at_a_time:
                reply, content = self._exchange(request)
        except (TimeoutError, EOFError, BrokenPipeError, KeyboardInterrupt) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise QueryTimeoutError(self._limits.seconds) from None
            if isinstance(error, KeyboardInterrupt):
                raise
            raise QueryFailedError("it brought the query engine to an end: it is nested too deeply, or needs more memory than there is") from None
        match reply.get("problem"):
            case None:
                return Reply(content, triples=reply["triples"])
            case "too-long":
                raise AnswerTooLongError(bytes=self._limits.bytes)
            case _:
                raise QueryFailedError(reply["text"])

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        process = self._running()
        stdin = cast("Any", process.stdin)
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.flush()
        return _read_reply(process, time.monotonic() + self._limits.seconds)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-P", _WORKER, str(self.file)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own program, and no shell
            self._end = weakref.finalize(self, _end, self._process)
            try:
                loaded, _ = _read_reply(self._process, None)
            except EOFError:
                loaded = {"problem": "ended", "text": "the query engine came to an end; the file may need more memory than there is"}
            if "problem" in loaded:
                self.close()
                raise GraphUnreadableError(self.file, loaded["text"])
        return self._process

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _read_reply(process: subprocess.Popen[bytes], deadline: float | None) -> tuple[dict[str, Any], bytes]:
    """Read a line of JSON and the bytes that it announces; TimeoutError after the deadline, EOFError where the process has ended."""
    descriptor = cast("Any", process.stdout).fileno()
    received = bytearray()
    while (end := received.find(b"\n")) < 0:
        received += _read(descriptor, deadline)
    line = json.loads(received[:end])
    content = received[end + 1 :]
    while len(content) < line.get("bytes", 0):
        content += _read(descriptor, deadline)
    return line, bytes(content)


def _read(descriptor: int, deadline: float | None) -> bytes:
    left = None if deadline is None else max(deadline - time.monotonic(), 0)
    if not select.select([descriptor], [], [], left)[0]:
        raise TimeoutError
    chunk = os.read(descriptor, _CHUNK)
    if not chunk:
        raise EOFError
    return chunk
