"""The publication that is in service, and how the next one takes its place: no request is dropped, and none meets half of each."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from schakel.answers import IRI
from schakel.errors import EndpointError, GraphUnreadableError, NothingPublishedError, SchakelError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.opening import open_graph
from schakel.serve.asking import Asker
from schakel.serve.engine import Engine, load
from schakel.serve.index import NameIndex, read_index
from schakel.serve.kept import Kept
from schakel.serve.linking import Workplace, keep
from schakel.serve.logs import log
from schakel.serve.options import Options
from schakel.serve.problems import Problem
from schakel.serve.source import AskedGraph

__all__ = ["Desk", "Edition"]

_LOOK_SECONDS: Final = 1.0
_MARK: Final = Path("download", "index.json")
# Who has not read an answer by then will not.
_LAST_READERS_SECONDS: Final = 60
_KEPT_BYTES: Final = 64 << 20
_GRAPHS: Final = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"


@dataclass
class Edition:
    """One publication in service: its files, its graph, and what was made of them for readers."""

    number: int
    folder: Path
    asker: Asker
    graph: KnowledgeGraph
    graphs: frozenset[str] = frozenset()
    names: NameIndex = field(default_factory=NameIndex)
    files: Kept[object] = field(default_factory=lambda: Kept(_KEPT_BYTES))
    answers: Kept[object] = field(default_factory=lambda: Kept(_KEPT_BYTES))
    readers: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)


class Desk:
    """Gives the publication in service, and looks whether there is a newer one."""

    def __init__(self, publication: Path, options: Options) -> None:
        self.publication = publication
        self.options = options
        self._workplace: Workplace | None = None
        self._current: Edition | None = None
        self._taken: tuple[int, int] | None = None
        self._number = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the publication into service that is there now.

        Raises NothingPublishedError, GraphUnreadableError, EndpointError.
        """
        self._taken = self._signature()
        if self._taken is None:
            raise NothingPublishedError(self.publication)
        self._workplace = Workplace(self.publication)
        try:
            self._current = await self._opened()
        except Problem as problem:
            if self.options.backend:
                told = "it cannot be reached, or is no SPARQL endpoint" if problem.kind == "engine-failed" else problem.detail
                raise EndpointError(self.options.backend, told) from None
            raise GraphUnreadableError(self.publication, problem.detail) from None
        self._watching = asyncio.create_task(self._watch())

    @property
    def current(self) -> Edition:
        """The publication in service."""
        if self._current is None:
            raise Problem("busy", "The service is starting.", retry_after=1)
        return self._current

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Edition]:
        """Give the publication in service, which stays in service until it has been read."""
        edition = self.current
        edition.readers += 1
        try:
            yield edition
        finally:
            edition.readers -= 1
            if edition.readers == 0:
                edition.left.set()

    def look_now(self) -> None:
        """Look for a new publication at once."""
        self._wake.set()

    async def close(self) -> None:
        """End everything that was started."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        for task in tuple(self._ending):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._current is not None:
            await self._current.asker.close()
        if self._workplace is not None:
            self._workplace.close()

    def _signature(self) -> tuple[int, int] | None:
        try:
            stat = (self.publication / _MARK).stat()
        except OSError:
            return None  # between the two renames of a swap
        return stat.st_ino, stat.st_mtime_ns

    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            found = self._signature()
            if found is None or found == self._taken:
                continue
            self._taken = found
            try:
                await self._switch()
            except (SchakelError, Problem, OSError, ValueError) as error:
                log("publication", outcome="refused", kept=self._number, problem=type(error).__name__)

    async def _switch(self) -> None:
        former = self.current
        self._current = await self._opened()
        log("publication", outcome="in service", number=self._current.number)
        task = asyncio.create_task(self._retire(former))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _retire(self, former: Edition) -> None:
        """End a publication's engines when its last reader has been served."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.options.seconds + _LAST_READERS_SECONDS):
                    while former.readers:
                        former.left.clear()
                        await former.left.wait()
        finally:
            await former.asker.close()
            await asyncio.to_thread(_remove, former.folder.parent)

    async def _opened(self) -> Edition:
        workplace = self._workplace
        if workplace is None:
            raise NothingPublishedError(self.publication)
        number = self._number + 1
        folder = workplace.folder / str(number)
        await asyncio.to_thread(keep, self.publication, folder / "site")
        opened = open_graph(folder / "site")
        engines = await self._engines(folder)
        asker = Asker(self.options, opened.context.base, engines)
        try:
            asked, own = (AskedGraph(asker, asyncio.get_running_loop(), opened.context.base, self.options, own=each) for each in (False, True))
            graph = replace(opened, source=asked, grounds=None)
            answer = await asyncio.to_thread(own.select, _GRAPHS)
            graphs = frozenset(str(row["graph"]) for row in answer if isinstance(row["graph"], IRI))
            names = await asyncio.to_thread(read_index, own, graph.context)
        except BaseException:
            await asker.close()
            await asyncio.to_thread(_remove, folder)
            raise
        self._number = number
        return Edition(number, folder / "site", asker, graph, graphs, names)

    async def _engines(self, folder: Path) -> list[Engine]:
        if self.options.backend:
            return []
        await load(folder / "site", folder / "store")
        engines = [Engine(folder / "store", self.options) for _ in range(self.options.engines)]
        try:
            await asyncio.gather(*(engine.start() for engine in engines))
        except BaseException:
            await asyncio.gather(*(engine.stop() for engine in engines))
            raise
        return engines


def _remove(folder: Path) -> None:

    shutil.rmtree(folder, ignore_errors=True)
