"""Work in several processes, and results kept from one run to the next."""

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import Self, TypeVar

from schakel.cache import Cache, Kept, NoCache
from schakel.errors import ProcessEndedError
from schakel.processors import processors

__all__ = ["Workers"]

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """Processes that share work; none at all where there is little to do, as a process takes a second to begin.

    To be used in a `with` block, at the end of which they end.
    """

    def __init__(self, count: int, cache: Cache | NoCache | None = None) -> None:
        self.count = count
        self.cache = cache or NoCache()
        # New processes rather than copies of this one: a copy may hold locks of threads that it does not have.
        self._pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_collect_rarely) if count > 1 else None
        self._collecting = gc.get_threshold()

    @property
    def several(self) -> bool:
        """Tell whether what is started goes on while this process does something else."""
        return self._pool is not None

    @property
    def ahead(self) -> bool:
        """Tell whether much can be started ahead: there are processes to do it, and a cache to put it into."""
        return self.several and isinstance(self.cache, Cache)

    @classmethod
    def for_size(cls, size: int, cache: Cache | NoCache | None = None) -> Self:
        """Give as many as there are processors, where there are more than so many bytes to work on."""
        return cls(processors() if size > _WORTH_PROCESSES else 1, cache)

    def __enter__(self) -> Self:
        _collect_rarely()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        gc.set_threshold(*self._collecting)
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def start(self, function: Callable[[Task], Result], task: Task) -> Callable[[], Result]:
        """Start one task, and give a function that waits for its result. Without processes it is done when its result is asked for."""
        return (lambda: function(task)) if self._pool is None else partial(_result, self._submit(function, task))

    def each(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Give the result of each task, in order; no more tasks are begun ahead than keep the processes at work."""
        waiting = iter(tasks)
        if self._pool is None:
            yield from map(function, waiting)
            return
        begun: deque[Future[Result]] = deque(self._submit(function, task) for task in islice(waiting, 2 * self.count))
        while begun:
            result = _result(begun.popleft())
            begun.extend(self._submit(function, task) for task in islice(waiting, 1))
            yield result

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        if self._pool is None:
            raise ProcessEndedError
        try:
            return self._pool.submit(function, task)
        except BrokenProcessPool:
            raise ProcessEndedError from None

    def each_once(self, stage: str, function: Callable[[Task], bytes], tasks: Iterable[Task], key: Callable[[Task], str]) -> Iterator[bytes]:
        """Give the result of each task, in order: that of an earlier run, where the cache has one by that key."""
        return (kept.content() for kept in self.each_kept(stage, function, tasks, key))

    def each_kept(self, stage: str, function: Callable[[Task], bytes], tasks: Iterable[Task], key: Callable[[Task], str]) -> Iterator[Kept]:
        """Do as each_once() does, but give only where each result is kept: what one process makes need not be sent to another that does not read it."""
        waiting = ((task, key(task)) for task in tasks)
        begun: deque[Callable[[], Kept]] = deque(self._begin(stage, function, task, name) for task, name in islice(waiting, 2 * self.count))
        while begun:
            kept = begun.popleft()()
            begun.extend(self._begin(stage, function, task, name) for task, name in islice(waiting, 1))
            yield kept

    def start_kept(self, stage: str, function: Callable[[Task], bytes], task: Task, name: str) -> Callable[[], Kept]:
        """Start one task as each_kept() does, and give what waits for it."""
        return self._begin(stage, function, task, name, hold=False)

    def start_once(self, stage: str, function: Callable[[Task], bytes], task: Task, name: str) -> Callable[[], bytes]:
        """Start one task as start() does, unless an earlier run did it."""
        kept = self._begin(stage, function, task, name)
        return lambda: kept().content()

    def _begin(self, stage: str, function: Callable[[Task], bytes], task: Task, name: str, *, hold: bool = True) -> Callable[[], Kept]:
        """Begin a task, unless its result is there; then it is at hand, if it is to be held."""
        found = Kept(stage, name, self.cache, self.cache.get(stage, name))
        if found.held is not None:
            there = found if hold else found.let_go()
            return lambda: there
        made = self.start(partial(_made, function, found), task)

        def kept() -> Kept:
            content = made()
            if content is None:
                self.cache.trust(stage, name)
            return replace(found, held=content)

        return kept


def _made(function: Callable[[Task], bytes], kept: Kept, task: Task) -> bytes | None:
    """Do a task; give its result where it could not be put into the cache."""
    content = function(task)
    return None if kept.cache.put(kept.stage, kept.name, content) else content


def _result(future: "Future[Result]") -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        raise ProcessEndedError from None


def _collect_rarely() -> None:
    """Look for what is to be collected after many new objects rather than few: nearly all that a build makes is tuples and bytes, which no cycle holds."""
    gc.set_threshold(_NEW_OBJECTS, 20, 100)


# About the tables of ten thousand organisations.
_WORTH_PROCESSES = 3_000_000
_NEW_OBJECTS = 100_000
