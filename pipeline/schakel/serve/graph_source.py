"""The graph in service as the rest of Schakel asks one: from a thread, while the server goes on answering others; and answers that were given before."""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import pyoxigraph as ox
from cachetools import LRUCache

from schakel.answers import Answer, answer_of
from schakel.queries import Endpoint, Reply, form_of
from schakel.queries.pool import Query, Result, WorkerPool
from schakel.serve.budgets import Work

__all__ = ["TSV", "ByteCache", "GraphSource", "cached", "rows_of"]

# One row a line, with terms as Turtle writes them: a page of rows can be cut out of it.
TSV: Final = "text/tab-separated-values"
T = TypeVar("T")
_ROOM: Final = 64 << 20
# What Python takes for an entry besides its texts and bytes.
_ENTRY_BYTES: Final = 2000
_JSON: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"


@dataclass(frozen=True)
class _Entry(Generic[T]):
    """A value, and how many bytes it and its key take."""

    value: T
    size: int


class ByteCache(Generic[T]):
    """Values by key, as many as have room in so many bytes.

    >>> cache = ByteCache[str](10_000)
    >>> for key in "abc": cache.put(key, "value", 2000)
    >>> cache.get("a"), cache.get("c"), cache.size
    (None, 'value', 8000)
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._entries: LRUCache[Hashable, _Entry[T]] = LRUCache(room, getsizeof=lambda entry: entry.size)

    def get(self, key: Hashable) -> T | None:
        """Give what was kept under a key."""
        entry = self._entries.get(key)
        return None if entry is None else entry.value

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Keep a value; `size` is that of the value and the key. What has no room is not kept."""
        if size + _ENTRY_BYTES <= self._entries.maxsize:
            self._entries[key] = _Entry(value, size + _ENTRY_BYTES)

    @property
    def size(self) -> int:
        """How many bytes are in use."""
        return int(self._entries.currsize)


class GraphSource(Endpoint):
    """Asks the query processes for a client or, where `work` is None, for the server itself. Not to be called from the event loop."""

    def __init__(self, pool: WorkerPool, loop: asyncio.AbstractEventLoop, results: ByteCache[Result], work: Work | None = None) -> None:
        super().__init__("http://127.0.0.1/")
        self._pool, self._loop, self._results, self._work = pool, loop, results, work

    def for_client(self, work: Work) -> "GraphSource":
        """Give the same graph, asked on account of a client."""
        return GraphSource(self._pool, self._loop, self._results, work)

    def select(self, query: str) -> Answer:
        """Give what a SELECT answers.

        Raises what WorkerPool.run raises.
        """
        return rows_of(self._run(query, TSV).content)

    def ask(self, query: str) -> Reply:
        """Give what a query of any form answers.

        Raises what WorkerPool.run raises.
        """
        triples = form_of(query) in {"CONSTRUCT", "DESCRIBE"}
        return Reply(self._run(query, _TRIPLES if triples else _JSON).content, triples=triples)

    def _run(self, text: str, media_type: str) -> Result:
        query = Query(text, media_type)
        running = self._pool.run(query) if self._work is None else cached(self._pool, self._results, query, self._work)
        future = asyncio.run_coroutine_threadsafe(running, self._loop)
        if self._work is not None:
            self._work.watch(future)
        return future.result()


async def cached(pool: WorkerPool, results: ByteCache[Result], query: Query, work: Work) -> Result:
    """Give what a query gave before, as the graph does not change, or run it on account of a client.

    Raises what WorkerPool.run raises.
    """
    found = results.get(query)
    if found is None:
        answered = await pool.run(query, work.client, work.hold)
        found = Result([answered.content], answered.rows)
        results.put(query, found, len(query.text) + len(found.parts[0]))
    return found


def rows_of(content: bytes) -> Answer:
    """Read rows of TSV. Each is read by itself, so that other threads get their turn meanwhile."""
    return answer_of(ox.parse_query_results(content, format=ox.QueryResultsFormat.TSV))  # type: ignore[arg-type]  # rows, no boolean
