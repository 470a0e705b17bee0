"""The server around the application: where it listens, how long it waits for a request to arrive, and how it ends."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn

from schakel.errors import AddressUnusableError
from schakel.serve.app import application
from schakel.serve.editions import Desk
from schakel.serve.logs import log_warnings
from schakel.serve.options import Options
from schakel.serve.protocol import protocol_of
from schakel.serve.service import Service

__all__ = ["run"]

_CONNECTIONS: Final = 1000
_KEEP_ALIVE_SECONDS: Final = 15
_SHUTDOWN_SECONDS: Final = 10
_BACKLOG: Final = 512


def run(publication: Path, options: Options, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve a publication until a signal ends it; `announce` is told the address as soon as it answers.

    Raises NothingPublishedError, GraphUnreadableError, EndpointError, MissingExtraError, AddressUnusableError.
    """
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=_BACKLOG)
    except OSError as error:
        raise AddressUnusableError(host, port, error) from error
    log_warnings()
    with listening:
        # Connections have it from here. Without it the body of an answer waits until the reader has acknowledged the headers.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asyncio.run(_serve(publication, options, listening, announce))


async def _serve(publication: Path, options: Options, listening: socket.socket, announce: Callable[[str], None]) -> None:
    desk = Desk(publication, options)
    server = _Server(_config(options, desk))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, desk.look_now)
    opening = asyncio.create_task(desk.open())
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
            await desk.close()


def _config(options: Options, desk: Desk) -> uvicorn.Config:
    front = application(Service(desk, options))
    return uvicorn.Config(
        front,
        http=protocol_of(options.patience, front.at_hand),
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=bool(options.proxies),
        forwarded_allow_ips=list(options.proxies),
        limit_concurrency=_CONNECTIONS,
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
