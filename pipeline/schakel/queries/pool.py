"""The processes that answer queries: each answers one at a time, and is ended with it where that takes too long or nobody waits for the answer any more."""

import asyncio
import contextlib
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schakel.errors import AnswerTooLongError, EngineFailedError, GraphUnreadableError, QueryFailedError, QueryTimeoutError, SchakelError
from schakel.queries.fair_queue import FairQueue, Turn
from schakel.queries.limits import Limits
from schakel.queries.text import readable
from schakel.queries.worker_process import WorkerProcess

__all__ = ["Query", "Result", "WorkerPool", "endpoint_command", "load_store", "store_command"]

_WORKER: Final = str(Path(__file__).with_name("worker.py"))
_ENDPOINT_WORKER: Final = "schakel.queries.endpoint_worker"
# Behind this process, which goes on answering while queries take all processors.
_LOG: Final = logging.getLogger(__name__)
_NICE: Final = ("nice", "-n", "10")
_CHUNK: Final = 1 << 18
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
# So that a client that gives up queries as fast as it can does not keep a processor busy with starting others.
_REPLACE_SECONDS: Final = 0.3
_WATCH_SECONDS: Final = 1.0
_OWN_LIMIT: Final = 1 << 31
_LOAD: Final = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
for file in sys.argv[2:]:
    store.bulk_load(path=file)
store.flush()
"""
# What the engine says of a function that it does not have.
_UNKNOWN_FUNCTION: Final = re.compile(r"custom function (<[^<>]*>)")


@dataclass(frozen=True)
class Query:
    """A query, the media type of its answer, and the graphs that it is asked of (none for the dataset as it is)."""

    text: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """An answer as it came: its bytes in parts, and how many rows it has (0 for anything but rows)."""

    parts: Sequence[bytes]
    rows: int

    @property
    def content(self) -> bytes:
        """The bytes as one."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)


async def load_store(publication: Path, store: Path) -> None:
    """Load a publication: its named graphs, and their merge as default graph.

    Oxigraph's own union of graphs would meet a statement once for each graph that it is in, and counts would be wrong.
    Raises GraphUnreadableError.
    """
    files = [publication / "download" / name for name in ("dataset.nq", "graph.nt")]
    process = await asyncio.create_subprocess_exec(
        *(*_NICE, sys.executable, "-P", "-c", _LOAD, str(store), *map(str, files)), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, problem = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0:
        raise GraphUnreadableError(files[0], " ".join(problem.decode("utf-8", "replace").splitlines()[-1:])[:300])


def store_command(store: Path, megabytes: int) -> list[str]:
    """Give the command of a process that answers from a store, with so much memory at most."""
    return [*_NICE, sys.executable, "-P", _WORKER, str(store), str(megabytes), str(os.getpid())]


def endpoint_command(url: str, base: str) -> list[str]:
    """Give the command of a process that asks an endpoint."""
    return [*_NICE, sys.executable, "-P", "-m", _ENDPOINT_WORKER, url, base]


def _error_of(reply: Mapping[str, Any], limits: Limits) -> SchakelError:
    """Give the error that the problem of a process is."""
    problem, text = reply["problem"], reply.get("text", "")
    unknown = _UNKNOWN_FUNCTION.search(text) if problem == "failed" else None
    if unknown is not None:
        return QueryFailedError(f"the query engine knows no function or cast {unknown[1]}")
    known = {
        "too-long": AnswerTooLongError(bytes=limits.bytes),
        "too-many-rows": AnswerTooLongError(rows=limits.rows),
        "syntax": QueryFailedError(f"it cannot be read {readable(text)}"),
        "refused": QueryFailedError("the endpoint refuses it"),
        "unnamed-property": QueryFailedError(f"RDF/XML has no name for the property <{text}>; ask for another format"),
        "timeout": QueryTimeoutError(limits.seconds),
    }
    return known.get(problem) or EngineFailedError("The query engine could not answer.")


class WorkerPool:
    """The processes of one publication, handed out in turn."""

    def __init__(self, commands: Sequence[Sequence[str]], base: str, limits: Limits, queue: FairQueue, charge: Callable[[str, float], None]) -> None:
        self._base, self._limits, self._queue, self._charge = base, limits, queue, charge
        self._workers = [WorkerProcess(command) for command in commands]
        self._idle: list[WorkerProcess] = []
        self.restarts = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def waiting(self) -> int:
        """How many queries wait for a process."""
        return self._queue.waiting

    @property
    def ready(self) -> int:
        """How many processes run."""
        return sum(worker.is_running for worker in self._workers)

    async def start(self, store: Path) -> None:
        """Start all processes.

        Raises GraphUnreadableError.
        """
        if not all(await asyncio.gather(*(worker.start() for worker in self._workers))):
            await self.close()
            raise GraphUnreadableError(store, "the query engine does not start")
        self._idle = list(self._workers)
        self._soon(self._watch())

    async def run(self, query: Query, client: str = "", hold: Callable[[int], None] | None = None) -> Result:
        """Answer a query for a client, for whose answer `hold` sets memory aside; or for the server itself, which has no limits but that of time.

        Raises QueryFailedError, QueryTimeoutError, AnswerTooLongError, EngineFailedError, and what the queue and `hold` raise.
        """
        turn = await self._queue.acquire(client)
        worker, began = self._idle.pop(), time.monotonic()
        try:
            return await self._answered(worker, query, hold, again=True)
        finally:
            self._charge(client, time.monotonic() - began)
            if worker.is_idle:
                self._release(worker, turn)
            else:
                self._soon(self._replace(worker, turn, client))

    async def _answered(self, worker: WorkerProcess, query: Query, hold: Callable[[int], None] | None, *, again: bool) -> Result:
        limits = self._limits
        request = {
            "query": query.text,
            "base": self._base,
            "media_type": query.media_type,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "seconds": limits.seconds,
            "bytes": _OWN_LIMIT if hold is None else limits.bytes,
            "rows": _OWN_LIMIT if hold is None else limits.rows,
        }
        try:
            async with asyncio.timeout(limits.seconds):
                reply, parts = await worker.exchange(request, hold or (lambda _: None))
        except TimeoutError:
            raise QueryTimeoutError(limits.seconds) from None
        except (EOFError, OSError, ValueError):
            await self._ended(worker)
            # It may have ended before it had the query.
            if again and await worker.start():
                return await self._answered(worker, query, hold, again=False)
            raise EngineFailedError("The query ended the query engine: it needs more memory than there is, or is nested too deeply.") from None
        if "problem" not in reply:
            return Result(parts, reply["rows"])
        raise _error_of(reply, limits)

    def _release(self, worker: WorkerProcess, turn: Turn) -> None:
        self._idle.append(worker)
        turn.release()

    async def _replace(self, worker: WorkerProcess, turn: Turn, client: str) -> None:
        """End a process, and start another in its place: the place stays taken, and the client is charged, until it is there."""
        began, pause = time.monotonic(), _FIRST_PAUSE
        try:
            if worker.is_running:
                await self._ended(worker)
                await asyncio.sleep(_REPLACE_SECONDS)
            while not self._closing and not await worker.start():
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            self._charge(client, time.monotonic() - began)
            self._release(worker, turn)

    async def _watch(self) -> None:
        """Replace processes that ended while they had nothing to do, as when the kernel is short of memory."""
        while not self._closing:
            await asyncio.sleep(_WATCH_SECONDS)
            for worker in [each for each in self._idle if not each.is_running]:
                try:
                    turn = await self._queue.acquire("")
                except Exception:  # noqa: BLE001, S112  # the queue may be full: the next round finds the process again
                    continue
                if worker in self._idle and not worker.is_running:
                    self._idle.remove(worker)
                    await self._replace(worker, turn, "")
                else:
                    turn.release()

    async def _ended(self, worker: WorkerProcess) -> None:
        status = await worker.stop()
        self.restarts += 1
        _LOG.warning("a query process ended with status %s", status)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End all processes."""
        self._closing = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
