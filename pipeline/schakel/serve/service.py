"""What all routes share while the server runs, what is known of one request, and the work for it: no longer than its client waits."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from schakel.queries.fair_queue import FairQueue
from schakel.queries.pool import Query, Result
from schakel.serve.addresses import Site
from schakel.serve.budgets import Budgets, Work
from schakel.serve.graph_source import cached
from schakel.serve.observability import Metrics
from schakel.settings import Settings

if TYPE_CHECKING:
    from schakel.serve.editions import Edition, Editions

__all__ = ["RequestState", "Service", "edition_of", "in_thread", "run_query", "service_of", "site_of", "state_of"]

# Threads for what is looked up in the index of names: a client has two of them. They take turns at Python's lock, and mostly wait for queries.
_LOOKUPS: Final = 6
_LOOKUPS_OF_CLIENT: Final = 2
_THREADS: Final = ThreadPoolExecutor(_LOOKUPS, "lookup")
T = TypeVar("T")


@dataclass
class Service:
    """The server while it runs."""

    editions: "Editions"
    settings: Settings
    backend: str
    root_path: str
    budgets: Budgets
    metrics: Metrics
    lookups: FairQueue = field(init=False)

    def __post_init__(self) -> None:
        self.lookups = FairQueue(_LOOKUPS, _LOOKUPS_OF_CLIENT, self.settings.serve_patience)


@dataclass(slots=True)
class RequestState:
    """A request: the publication that it is answered from, where its client sees the service, its client's work, and what the log tells of it.

    `route` is what kind of thing is asked for: there are few of them, and nothing of the request is in them. `of_graph` says that the request is one of those
    that clients have budgets of, `cacheable` that the response may be kept, `completed` that it has the headers of all responses already.
    """

    service: Service
    edition: "Edition"
    work: Work
    site: Site
    of_graph: bool = False
    route: str = ""
    rows: int = 0
    cacheable: bool = False
    completed: bool = False


def state_of(scope: Scope) -> RequestState:
    """Give what is known of a request."""
    state: RequestState = scope["schakel"]
    return state


def service_of(request: Request) -> Service:
    """Give the server that a request came to."""
    return state_of(request.scope).service


def site_of(request: Request) -> Site:
    """Give the place where the client sees the service."""
    return state_of(request.scope).site


def edition_of(request: Request) -> "Edition":
    """Give the publication that a request is answered from, from its beginning to its end."""
    return state_of(request.scope).edition


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
