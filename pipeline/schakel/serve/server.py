"""The server: which address is answered by what, where it listens, and how it ends."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from schakel.errors import AddressUnusableError
from schakel.serve.addresses import Site, prefix_of
from schakel.serve.budgets import Budgets
from schakel.serve.connections import ConnectionLimits, protocol_of
from schakel.serve.content_coding import ContentCoding
from schakel.serve.editions import Editions
from schakel.serve.middleware import RequestMiddleware
from schakel.serve.observability import Metrics, log_warnings
from schakel.serve.request_parsing import methods_of
from schakel.serve.response_cache import ResponseCache
from schakel.serve.responses import Problem
from schakel.serve.routes.api import api_answer, api_description, api_list, llms
from schakel.serve.routes.files import files
from schakel.serve.routes.reconcile import flyout, preview, propose_properties, reconcile, suggest, view
from schakel.serve.routes.sparql import graph, sparql
from schakel.serve.service import Service, edition_of, service_of, state_of
from schakel.settings import Settings

__all__ = ["run"]

_NO_STORE = {"Cache-Control": "no-store"}


async def livez(_: Request) -> Response:
    """Say that requests are answered at all, however busy the server is."""
    return Response(b'{"status":"ok"}', headers={"Content-Type": "application/json", **_NO_STORE})


async def readyz(request: Request) -> Response:
    """Say that a publication is in service and that a process is there to answer queries; 503 where none is."""
    edition = edition_of(request)
    if not edition.pool.ready:
        raise Problem("busy", "The query engine does not answer.", retry_after=5)
    return Response(json.dumps({"status": "ok", "publication": edition.number}), headers={"Content-Type": "application/json", **_NO_STORE})


async def metrics(request: Request) -> Response:
    """Give what was counted since the start."""
    return Response(service_of(request).metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8", **_NO_STORE})


_ROUTES: Final[Sequence[BaseRoute]] = (
    Route("/sparql", sparql, methods=["GET", "POST"]),
    Route("/graph", graph),
    Route("/api/", api_list),
    Route("/api/openapi.json", api_description),
    Route("/api/{name}", api_answer),
    Route("/reconcile", reconcile, methods=["GET", "POST"]),
    Route("/reconcile/suggest/{kind}", suggest),
    Route("/reconcile/properties", propose_properties),
    Route("/reconcile/flyout/{kind}", flyout),
    Route("/reconcile/preview", preview),
    Route("/reconcile/view", view),
    Route("/llms.txt", llms),
    Route("/livez", livez),
    Route("/readyz", readyz),
    Route("/health", readyz),
    Route("/metrics", metrics),
    Route("/{path:path}", files),
)

# Where endpoints are looked for with a slash too many, or one too few.
_SLASHED: Final = {"": "/", "/api": "/api/", "/sparql/": "/sparql", "/graph/": "/graph", "/reconcile/": "/reconcile"}
_PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Unmodified-Since, Range, User-Agent, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


def application(service: Service) -> tuple[ASGIApp, ResponseCache]:
    """Make the application that serves a publication, from the outermost layer to the routes, and give its cache too."""
    cache = ResponseCache(ContentCoding(_Routes()), service)
    service.metrics.gauge("schakel_response_cache_bytes", "Bytes of responses that are kept.", lambda: cache.size)
    return RequestMiddleware(cache, service), cache


class _Routes:
    """The routes, which raise what keeps them from answering; Starlette's application would answer for it."""

    def __init__(self) -> None:
        self._router = Router(_ROUTES, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            methods = methods_of(scope["path"])
            await Response(None, 204, {"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT})(scope, receive, send)
            return
        if scope["path"] in _SLASHED:
            query = scope["query_string"].decode("latin-1")
            target = state_of(scope).site.path(_SLASHED[scope["path"]])
            # 308, so that a query that is posted comes there too.
            await Response(None, 308, {"Location": f"{target}?{query}" if query else target})(scope, receive, send)
            return
        scope["app"] = self  # so that the router raises too
        await self._router(scope, receive, send)


_KEEP_ALIVE_SECONDS: Final = 15
_SHUTDOWN_SECONDS: Final = 10
_BACKLOG: Final = 512
_SWITCH_SECONDS: Final = 0.0005


def run(settings: Settings, backend: str, host: str, port: int, root_path: str, announce: Callable[[str], None]) -> None:  # noqa: PLR0913, PLR0917  # as the command has them
    """Serve a publication until a signal ends it; `announce` gets the address as soon as it answers.

    Raises NothingPublishedError, GraphUnreadableError, EndpointError, MissingExtraError, AddressUnusableError.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=_BACKLOG)
    except OSError as error:
        raise AddressUnusableError(host, port, error) from error
    log_warnings()
    # The event loop takes Python's lock again after each call of the kernel; a thread that looks up names hands it over after so many seconds.
    sys.setswitchinterval(_SWITCH_SECONDS)
    with listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        # Connections have it from here. Without it the body of an answer waits until the client has acknowledged the headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        runner.run(_serve(settings, backend, listening, prefix_of(root_path), announce))


async def _serve(settings: Settings, backend: str, listening: socket.socket, root_path: str, announce: Callable[[str], None]) -> None:
    budgets, metrics = Budgets(settings.serve_per_minute, settings.serve_seconds_per_minute, settings.serve_bytes), Metrics()
    editions = Editions(settings, backend, budgets)
    server = _Server(_config(Service(editions, settings, backend, root_path, budgets, metrics)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, editions.look_now)
    opening, measuring = asyncio.create_task(editions.open()), asyncio.create_task(metrics.measure_stalls())
    with server.ended_by(opening):
        try:
            await opening
            host, port = listening.getsockname()[:2]
            site = Site(f"http://{f'[{host}]' if ':' in host else host}:{port}", root_path or prefix_of(editions.current.graph.context.base))
            server.announce = lambda: announce(site.url("/"))
            await server.serve(sockets=[listening])
        except asyncio.CancelledError:
            if not server.should_exit:
                raise
        finally:
            measuring.cancel()
            await editions.close()


def _config(service: Service) -> uvicorn.Config:
    settings, metrics = service.settings, service.metrics
    metrics.gauge("schakel_engine_restarts", "Restarts of the query engines of the publication in service.", lambda: service.editions.current.pool.restarts)
    metrics.gauge("schakel_engines_ready", "Query engines that run.", lambda: service.editions.current.pool.ready)
    metrics.gauge("schakel_publication", "Number of the publication in service, since the start.", lambda: service.editions.current.number)
    metrics.gauge("schakel_queries_waiting", "Queries that wait for an engine.", lambda: service.editions.current.pool.waiting)
    metrics.gauge("schakel_unread_bytes", "Bytes of answers that wait to be read.", lambda: service.budgets.held)
    app, cache = application(service)
    return uvicorn.Config(
        app,
        http=protocol_of(ConnectionLimits(metrics, settings.serve_patience, settings.serve_proxies), cache.file_response),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.serve_proxies),
        forwarded_allow_ips=list(settings.serve_proxies),
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


class _Server(uvicorn.Server):
    """A server that ends by signals without ending the process in the middle of tidying up."""

    announce: Callable[[], None] = staticmethod(lambda: None)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to ended_by."""
        yield

    @contextmanager
    def ended_by(self, opening: asyncio.Task[None]) -> Iterator[None]:
        """End at a signal, whether everything has been started or not."""
        loop = asyncio.get_running_loop()

        def end(number: int) -> None:
            self.handle_exit(number, None)
            opening.cancel()

        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, end, each)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self.announce()
