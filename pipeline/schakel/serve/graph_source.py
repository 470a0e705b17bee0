"""The graph in service as the rest of Schakel asks one: from a thread, while the server goes on answering others."""

import asyncio
from typing import Final

import pyoxigraph as ox

from schakel.answers import Answer, answer_of
from schakel.queries import Endpoint, Reply, form_of
from schakel.queries.pool import Query, Result, WorkerPool
from schakel.serve.budgets import Work
from schakel.serve.response_cache import ByteCache

__all__ = ["TSV", "GraphSource", "cached", "rows_of"]

# One row a line, with terms as Turtle writes them: a page of rows can be cut out of it.
TSV: Final = "text/tab-separated-values"
_JSON: Final = "application/sparql-results+json"
_TRIPLES: Final = "application/n-triples"


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
