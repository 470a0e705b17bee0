"""Work for one request: queries in the query processes, lookups in threads; on account of the client, and no longer than it waits."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request

from schakel.queries.pool import Query, Result
from schakel.serve.graph_source import cached
from schakel.serve.service import LOOKUPS, state_of

__all__ = ["in_thread", "run_query"]

T = TypeVar("T")
_THREADS: Final = ThreadPoolExecutor(LOOKUPS, "lookup")


async def run_query(request: Request, query: Query, *, keep: bool = False) -> Result:
    """Run a query; with `keep`, take what it gave before, and keep what it gives.

    Raises what WorkerPool.run raises, and ClientDisconnect where the client has gone.
    """
    state = state_of(request.scope)
    if keep:
        return await _while_connected(request, cached(state.edition.pool, state.edition.results, query, state.work))
    return await _while_connected(request, state.edition.pool.run(query, state.work.client, state.work.hold))


async def in_thread(request: Request, function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a thread, which may ask the graph from there.

    Raises what it raises, and ClientDisconnect where the client has gone.
    """
    return await _while_connected(request, _called(request, partial(function, *arguments)))


async def _called(request: Request, function: Callable[[], T]) -> T:
    state, loop = state_of(request.scope), asyncio.get_running_loop()
    client, budgets = state.work.client, state.service.budgets
    turn = await state.service.lookups.acquire(client)
    began, job = time.monotonic(), _THREADS.submit(function)

    def finish() -> None:
        budgets.charge(client, time.monotonic() - began)
        turn.release()

    def finish_soon(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(finish)

    # Not when nobody waits for it any more, but when the thread is free again.
    job.add_done_callback(finish_soon)
    return await asyncio.wrap_future(job)


async def _while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Wait for some work, and cancel it when the client hangs up."""
    task, gone = asyncio.create_task(work), asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientDisconnect
    finally:
        gone.cancel()
        task.cancel()
        if not task.done():
            state_of(request.scope).work.close()
            await asyncio.gather(task, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
