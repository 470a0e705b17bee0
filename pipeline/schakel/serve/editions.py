"""The publication in service, and how the next one takes its place: no request is dropped, and none is answered from both."""

import asyncio
import contextlib
import gc
import re
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from schakel.errors import EndpointError, EngineFailedError, GraphUnreadableError, NothingPublishedError, QueryFailedError, QueryTimeoutError, SchakelError
from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import Context, NameIndex, read_index
from schakel.opening import open_graph
from schakel.publish.snapshot import WorkFolder, take_snapshot
from schakel.queries import Limits
from schakel.queries.fair_queue import FairQueue
from schakel.queries.pool import Result, WorkerPool, endpoint_command, load_store, store_command
from schakel.serve.budgets import Budgets, Work
from schakel.serve.graph_source import ByteCache, GraphSource
from schakel.serve.observability import log
from schakel.serve.responses import Problem
from schakel.settings import Settings

__all__ = ["Edition", "Editions"]

_LOOK_SECONDS: Final = 1.0
_MARK: Final = Path("download", "index.json")
# A client that has not read its answer by then will not.
_LAST_READERS_SECONDS: Final = 60
_VERSION: Final = re.compile(r'owl:versionInfo "([^"\\]*)"')
_GRAPHS: Final = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"


@dataclass
class Edition:
    """One publication in service: its files, its graph, and the processes that answer queries about it.

    `gone` holds the paths, without suffix, of what the publication before it had, which was of the version `former`.
    """

    number: int
    folder: Path
    pool: WorkerPool
    graph: KnowledgeGraph
    names: NameIndex
    graphs: frozenset[str]
    results: ByteCache[Result]
    gone: frozenset[str] = frozenset()
    former: str = ""
    readers: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def enter(self) -> None:
        """Count a request that is answered from it, which keeps it in service."""
        self.readers += 1

    def leave(self) -> None:
        """Count it no more."""
        self.readers -= 1
        if not self.readers:
            self.left.set()

    def graph_for(self, work: Work) -> KnowledgeGraph:
        """Give the graph, asked on account of a client."""
        source = self.graph.source
        return replace(self.graph, source=source.for_client(work)) if isinstance(source, GraphSource) else self.graph


class Editions:
    """Gives the publication in service, and looks whether there is a newer one."""

    def __init__(self, settings: Settings, backend: str, budgets: Budgets) -> None:
        self._publication, self._settings, self._backend, self._budgets = settings.publication, settings, backend, budgets
        self._work_folder: WorkFolder | None = None
        self._current: Edition | None = None
        self._taken: tuple[int, int] | None = None
        self._number = 0
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take the publication into service that is there now.

        Raises NothingPublishedError, GraphUnreadableError, EndpointError.
        """
        self._taken = self._signature()
        if self._taken is None:
            raise NothingPublishedError(self._publication)
        self._work_folder = WorkFolder(self._publication)
        try:
            self._current = await self._opened(self._work_folder.folder)
        except (EngineFailedError, QueryFailedError, QueryTimeoutError) as error:
            if self._backend:
                raise EndpointError(self._backend, "it cannot be reached, or is no SPARQL endpoint") from None
            raise GraphUnreadableError(self._publication, str(error)) from None
        self._begin(self._watch(self._work_folder.folder))

    @property
    def current(self) -> Edition:
        """The publication in service."""
        if self._current is None:
            raise Problem("busy", "The service is starting.", retry_after=1)
        return self._current

    def look_now(self) -> None:
        """Look for a new publication at once."""
        self._wake.set()

    async def close(self) -> None:
        """End everything that was started."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._current is not None:
            await self._current.pool.close()
        if self._work_folder is not None:
            self._work_folder.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _signature(self) -> tuple[int, int] | None:
        try:
            stat = (self._publication / _MARK).stat()
        except OSError:
            return None  # between the two renames of a swap
        return stat.st_ino, stat.st_mtime_ns

    async def _watch(self, folder: Path) -> None:
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
                former, opened = self.current, await self._opened(folder)
                opened.gone, opened.former = await asyncio.to_thread(_gone, former.folder, opened.folder)
                self._current = opened
            except (SchakelError, Problem, OSError, ValueError) as error:
                log("publication", outcome="refused", kept=self._number, problem=type(error).__name__)
                continue
            log("publication", outcome="in service", number=self._current.number)
            self._begin(self._retire(former))

    async def _retire(self, former: Edition) -> None:
        """End a publication's processes when its last reader has been served."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.serve_seconds + _LAST_READERS_SECONDS):
                    while former.readers:
                        former.left.clear()
                        await former.left.wait()
        finally:
            await former.pool.close()
            await asyncio.to_thread(shutil.rmtree, former.folder.parent, ignore_errors=True)

    def _pool(self, store: Path, base: str) -> WorkerPool:
        settings = self._settings
        command = endpoint_command(self._backend, base) if self._backend else store_command(store, settings.serve_memory)
        limits = Limits(settings.serve_seconds, settings.serve_rows, settings.serve_bytes)
        queue = FairQueue(settings.serve_at_once, settings.serve_client_at_once, settings.serve_patience)
        return WorkerPool([command] * settings.serve_at_once, base, limits, queue, self._budgets.charge)

    async def _opened(self, work_folder: Path) -> Edition:
        number = self._number + 1
        folder, site = work_folder / str(number), work_folder / str(number) / "site"
        pool: WorkerPool | None = None
        try:
            await asyncio.to_thread(take_snapshot, self._publication, site)
            opened = open_graph(site)
            if not self._backend:
                await load_store(site, folder / "store")
            pool = self._pool(folder / "store", opened.context.base)
            await pool.start(self._publication)
            results = ByteCache[Result]()
            source = GraphSource(pool, asyncio.get_running_loop(), results)
            named = await asyncio.to_thread(source.select, _GRAPHS)
            names = await asyncio.to_thread(_names, source, opened.context)
        except BaseException:
            if pool is not None:
                await pool.close()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise
        self._number = number
        graphs = frozenset(graph.value for (graph,) in named.rows if isinstance(graph, NamedNode))
        return Edition(number, site, pool, replace(opened, source=source, grounds=None, index=names), names, graphs, results)


def _gone(former: Path, current: Path) -> tuple[frozenset[str], str]:
    """Give the paths of what a publication had and the next one has not, and the version of that publication."""
    before, now = ({path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.ttl")} for folder in (former, current))
    description = former / "void.ttl"
    version = _VERSION.search(description.read_text("utf-8", "replace")) if description.is_file() else None
    return frozenset(before - now), version[1] if version else ""


def _names(source: GraphSource, context: Context) -> NameIndex:
    """Read the names, and nobody looks through them for garbage, which would hold everything up: they last as long as the publication."""
    gc.disable()
    try:
        return read_index(source, context)
    finally:
        gc.freeze()
        gc.enable()
