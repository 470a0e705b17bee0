"""The server around the application: where it listens, and how it ends."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
import uvloop

from schakel.errors import AddressUnusableError
from schakel.serve.app import application
from schakel.serve.budgets import Budgets
from schakel.serve.connections import ConnectionLimits, protocol_of
from schakel.serve.editions import Editions
from schakel.serve.logs import log_warnings
from schakel.serve.metrics import Metrics
from schakel.serve.service import Service
from schakel.settings import Settings

__all__ = ["run"]

_KEEP_ALIVE_SECONDS: Final = 15
_SHUTDOWN_SECONDS: Final = 10
_BACKLOG: Final = 512
_SWITCH_SECONDS: Final = 0.0005


def run(settings: Settings, backend: str, host: str, port: int, announce: Callable[[str], None]) -> None:
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
        runner.run(_serve(settings, backend, listening, announce))


async def _serve(settings: Settings, backend: str, listening: socket.socket, announce: Callable[[str], None]) -> None:
    budgets, metrics = Budgets(settings.serve_per_minute, settings.serve_seconds_per_minute, settings.serve_bytes), Metrics()
    editions = Editions(settings, backend, budgets)
    server = _Server(_config(Service(editions, settings, backend, budgets, metrics)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, editions.look_now)
    opening, measuring = asyncio.create_task(editions.open()), asyncio.create_task(metrics.measure_stalls())
    with server.ended_by(opening):
        try:
            await opening
            host, port = listening.getsockname()[:2]
            server.announce = lambda: announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
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
