"""Queries on their way to whoever answers them: engines of ours, or an endpoint somewhere; within the limits, and whole or not at all."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx

from schakel.queries.text import readable
from schakel.serve.engine import Engine
from schakel.serve.options import Options
from schakel.serve.problems import Problem
from schakel.serve.rows import is_whole, rows_in
from schakel.serve.wire import Sent, TooLongError, Wire

__all__ = ["Asker", "Question", "Reply"]

_LINE: Final = re.compile(r"error at (\d+):")
_REFUSED: Final = frozenset({400, 413, 414, 422})
_QUERY: Final = "application/sparql-query; charset=utf-8"
_WAITING: Final = 4
_TRIES: Final = 3
_AT_ONCE_SECONDS: Final = 0.5
_LONG: Final = 1 << 20
_OWN_BYTES: Final = 1 << 31


@dataclass(frozen=True)
class Reply:
    """An answer as it came: its bytes, and how many rows it has (0 for anything but rows)."""

    content: bytes
    rows: int


@dataclass(frozen=True)
class Question:
    """A query, the format of its answer, and the graphs that it is asked of; `own` is one of ours, whose answer may be as long as it is."""

    query: str
    media_type: str
    default: Sequence[str] = ()
    named: Sequence[str] = ()
    own: bool = False

    @property
    def graphs(self) -> str:
        """The graphs as parameters of the protocol."""
        return urlencode([*(("default-graph-uri", each) for each in self.default), *(("named-graph-uri", each) for each in self.named)])


class _EngineEndedError(Exception):
    """The engine ended while it answered; `alone` where it had nothing else to answer, so that this is what it ended by."""

    def __init__(self, *, alone: bool) -> None:
        super().__init__(alone)
        self.alone = alone


class Asker:
    """Asks the least busy of the engines, or `options.backend` where that is set."""

    def __init__(self, options: Options, base: str, engines: Sequence[Engine] = ()) -> None:
        self.engines = tuple(engines)
        self._options = options
        self._base = base
        self._running = asyncio.Semaphore(options.at_once)
        self._waiting = 0
        self._wires: dict[str, Wire] = {}
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            timeout=options.seconds + options.patience,
            trust_env=bool(options.backend),
            limits=httpx.Limits(keepalive_expiry=5),
        )

    async def ask(self, question: Question) -> Reply:
        """Give what a query answers in a format.

        Raises Problem.
        """
        async with self._turn():
            for tried in range(_TRIES):
                engine = await self._free_engine()
                try:
                    return await self._ask(engine, question)
                except _EngineEndedError as error:
                    # Another question may have brought it to its end; this one is asked once more.
                    if error.alone or tried + 1 == _TRIES:
                        break
        raise Problem("engine-failed", "The query brought the query engine to an end: it needs more memory than there is, or is nested too deeply.")

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until there are few enough queries at once; but not long, and not with many others."""
        if self._running.locked() and self._waiting >= _WAITING * self._options.at_once:
            raise Problem("busy", "Too many queries are waiting.", retry_after=2)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._options.patience):
                await self._running.acquire()
        except TimeoutError:
            raise Problem("busy", "Too many queries are running.", retry_after=5) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._running.release()

    async def _free_engine(self) -> Engine | None:
        if not self.engines:
            return None
        ready = [each for each in self.engines if each.ready.is_set()]
        if not ready:
            waits = [asyncio.create_task(each.ready.wait()) for each in self.engines]
            done, others = await asyncio.wait(waits, timeout=self._options.patience, return_when=asyncio.FIRST_COMPLETED)
            for each in others:
                each.cancel()
            if not done:
                raise Problem("busy", "The query engine is being started.", retry_after=5)
            ready = [each for each in self.engines if each.ready.is_set()] or list(self.engines)
        return min(ready, key=lambda engine: engine.busy)

    async def _ask(self, engine: Engine | None, question: Question) -> Reply:
        url = self._options.backend if engine is None else engine.url
        began = time.monotonic()
        if engine is not None:
            engine.busy += 1
        try:
            async with asyncio.timeout(self._options.seconds):
                sent = await (self._of_endpoint(url, question) if engine is None else self._of_engine(url, question))
                return await self._replied(sent, question)
        except TimeoutError:
            if engine is not None and engine.url == url:
                engine.kill()  # it does not stop by itself
            raise Problem("query-timeout", f"The query was stopped after {self._options.seconds} seconds; ask for less.") from None
        except TooLongError:
            raise Problem("answer-too-long", f"An answer may have {self._most(question):,} bytes; ask for less, with LIMIT.") from None
        except (httpx.HTTPError, httpx.StreamError, OSError):
            if engine is None:
                raise Problem("engine-failed", "The endpoint behind this service gives no answer.") from None
            # It is gone, or was stopped in the middle of an answer. What ends an engine takes a while; a connection that was lost before fails at once.
            alone = engine.busy == 1 and time.monotonic() - began > _AT_ONCE_SECONDS
            if engine.url == url:
                engine.kill()
            raise _EngineEndedError(alone=alone) from None
        finally:
            if engine is not None:
                engine.busy -= 1

    def _most(self, question: Question) -> int:
        return _OWN_BYTES if question.own else self._options.bytes

    def _written(self, question: Question) -> bytes:
        # On a line of its own, so that an error names the column rightly.
        return f"BASE <{self._base}>\n{question.query}".encode()

    async def _of_engine(self, url: str, question: Question) -> Sent:
        wire = self._wires.get(url)
        if wire is None:
            for former in self._wires.keys() - {engine.url for engine in self.engines}:
                self._wires.pop(former).close()
            wire = self._wires[url] = Wire(url)
        return await wire.post(question.graphs, _QUERY, question.media_type, self._written(question), self._most(question))

    async def _of_endpoint(self, url: str, question: Question) -> Sent:
        headers = {"Accept": question.media_type, "Content-Type": _QUERY, "User-Agent": "schakel"}
        params = httpx.QueryParams(question.graphs) if question.graphs else None
        async with self._client.stream("POST", url, params=params, content=self._written(question), headers=headers) as response:
            sent = Sent(response.status_code, response.headers.get("Content-Type", "").partition(";")[0].strip())
            async for part in response.aiter_bytes():
                if not sent.take(part, self._most(question)):
                    break
        return sent

    async def _replied(self, sent: Sent, question: Question) -> Reply:
        """Look whether what came back is a whole answer, within the limits."""
        received = b"".join(sent.parts)
        if sent.status in _REFUSED:
            raise Problem("query-unreadable", f"The query cannot be read {_readable(received)}")
        if sent.status != httpx.codes.OK:
            raise Problem("engine-failed", "The query engine could not answer.")
        if question.media_type != sent.media_type:
            raise Problem("engine-failed", "The query engine answered in another format than it was asked for.")
        if not is_whole(received, question.media_type):
            raise Problem("engine-failed", "The query engine failed in the middle of its answer.")
        rows = rows_in(received, question.media_type) if len(received) < _LONG else await asyncio.to_thread(rows_in, received, question.media_type)
        if rows > self._options.rows and not question.own:
            raise Problem("answer-too-long", f"An answer may have {self._options.rows:,} rows; ask for less, with LIMIT.")
        return Reply(received, rows)

    async def close(self) -> None:
        """End the engines and the connections."""
        await self._client.aclose()
        for wire in self._wires.values():
            wire.close()
        await asyncio.gather(*(each.stop() for each in self.engines))


def _readable(told: bytes) -> str:
    """Say where a query cannot be read; its lines are counted from after the one that was put before it."""
    text = told.decode("utf-8", "replace")
    return readable(_LINE.sub(lambda match: f"error at {int(match[1]) - 1}:", text, count=1))
