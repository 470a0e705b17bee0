"""The query engine: Oxigraph's own server as a child process on this machine, watched, and started again when it ends."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from schakel.errors import GraphUnreadableError, MissingExtraError
from schakel.serve.logs import log
from schakel.serve.options import Options

__all__ = ["Engine", "load", "oxigraph"]

_GUARD: Final = str(Path(__file__).with_name("guard.py"))
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
# An engine that lived so long did not end because it had just started.
_SETTLED_SECONDS: Final = 10.0
_START_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.02
# Whoever nests a query deeply needs this much of a stack; it is taken only where it is used.
_STACK: Final = str(16 << 20)


def oxigraph() -> str:
    """Give the path of Oxigraph's server.

    Raises MissingExtraError.
    """
    beside = Path(sys.executable).with_name("oxigraph")
    found = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if found is None:
        raise MissingExtraError("serve", "oxigraph")
    return found


async def load(publication: Path, store: Path) -> None:
    """Load a publication: its named graphs, and their merge as default graph.

    Oxigraph's own union of graphs would meet a statement once for each graph that it is in, and counts would be wrong.
    Raises GraphUnreadableError.
    """
    files = [publication / "download" / name for name in ("dataset.nq", "graph.nt")]
    command = [oxigraph(), "load", "--location", str(store), "--file", *map(str, files)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, told = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0:
        raise GraphUnreadableError(files[0], " ".join(told.decode("utf-8", "replace").split())[:300])


@dataclass
class Engine:
    """One process over one store. It answers at `url` while `ready` is set, elsewhere each time that it was started."""

    store: Path
    options: Options
    url: str = ""
    busy: int = 0
    restarts: int = -1
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _process: asyncio.subprocess.Process | None = None
    _watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the process, wait until it answers, and watch it from then on.

        Raises GraphUnreadableError.
        """
        self._watching = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self.ready.wait()
        except TimeoutError:
            await self.stop()
            raise GraphUnreadableError(self.store, "the query engine does not start") from None

    @property
    def process_id(self) -> int | None:
        """The number of the process that answers now."""
        return None if self._process is None else self._process.pid

    def kill(self) -> None:
        """End the process, which does not stop a query by itself; another is started."""
        self.ready.clear()
        if self._process is not None and self._process.returncode is None:
            # Not by the process itself: that would look whether it has ended, and take the answer from asyncio, which waits for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """End the process for good."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        self.kill()
        if self._process is not None:
            await self._process.wait()

    async def _watch(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            self.restarts += 1
            process = await self._started()
            status = await process.wait()
            self.ready.clear()
            log("engine", outcome="ended", status=status, started=self.restarts + 1)
            pause = _FIRST_PAUSE if time.monotonic() - began > _SETTLED_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _started(self) -> asyncio.subprocess.Process:
        port = _free_port()
        # Without its own limit of time: that starts a thread for each query which lasts as long as the limit, and does not stop what sorts or counts.
        command = [oxigraph(), "serve-read-only", "--location", str(self.store), "--bind", f"127.0.0.1:{port}"]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", _GUARD, str(self.options.memory), str(os.getpid()), *command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"RUST_MIN_STACK": _STACK, "RUST_BACKTRACE": "0"},
            start_new_session=True,
        )
        self._process = process
        while process.returncode is None:
            if await _answers(port):
                self.url = f"http://127.0.0.1:{port}/query"
                self.ready.set()
                break
            await asyncio.sleep(_LOOK_SECONDS)
        return process


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
