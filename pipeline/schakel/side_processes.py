"""Other processes that help with work of which there is more than a little: they take tasks while this process does others.

They are not those of `multiprocessing`, which begin by running again the program that started them: a short script that builds a project would build it
once more. Nor does any result depend on them: what they cannot do is done here.
"""

import contextlib
import gc
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Final, Generic, Self, TypeVar, cast

from schakel.cache import Cache, NoCache
from schakel.processors import processors

__all__ = ["SideProcesses"]

Task = TypeVar("Task")

# Started as a file, not as a module: it imports what a task needs, and nothing before that.
_PROGRAM: Final = str(Path(__file__).with_name("side_process.py"))
# So many tasks are begun before the result of the first is asked for.
_AHEAD: Final = 16
# A side process takes as long to begin as one or two tasks.
_WORTH_SHARING: Final = 3
_MOST_PROCESSES: Final = 8
# What can go wrong between two processes.
_LOST: Final = (OSError, EOFError, ValueError, pickle.PickleError)


@dataclass
class _Begun(Generic[Task]):
    """A task that is on its way; `given` is it where a side process may take it."""

    name: str
    task: Task
    result: bytes | None
    given: Future[bytes | None] | None = None


class SideProcesses:
    """Processes that are started when there is work enough. To be used in a `with` block, at the end of which they end."""

    def __init__(self, cache: Cache | NoCache, most: int | None = None) -> None:
        """Take what keeps results, and how many side processes there may be: as many as there are other processors, unless that is said."""
        self._cache = cache
        self._most = min(processors() - 1, _MOST_PROCESSES) if most is None else most
        self._processes: list[_SideProcess] = []
        self._free: SimpleQueue[_SideProcess] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            process.end()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def each_once(self, stage: str, function: Callable[[Task], bytes], tasks: Iterable[Task], key: Callable[[Task], str]) -> Iterator[bytes]:
        """Give the result of each task, in order: that of an earlier run, where the cache has one by that key.

        The first are begun at once, so that side processes are at work while this process does something else.
        """
        waiting = iter(tasks)
        begun: deque[_Begun[Task]] = deque()

        def begin(most: int) -> None:
            for task in islice(waiting, most):
                name = key(task)
                begun.append(_Begun(name, task, self._cache.get(stage, name)))
            self._give(function, [one for one in begun if one.result is None and one.given is None])

        def results() -> Iterator[bytes]:
            while begun:
                first = begun[0]
                if first.result is None:
                    self._go_on(stage, function, begun)
                else:
                    begun.popleft()
                    begin(1)
                    yield first.result

        begin(_AHEAD)
        return results()

    def _give(self, function: Callable[[Task], bytes], tasks: list[_Begun[Task]]) -> None:
        """Let side processes take these tasks, where there are side processes or work for them."""
        if self._threads is None:
            count = min(self._most, len(tasks) // 2)
            if count < 1 or len(tasks) < _WORTH_SHARING:
                return
            self._threads = ThreadPoolExecutor(count)
            self._processes = [_SideProcess() for _ in range(count)]
            for process in self._processes:
                self._free.put(process)
        for one in tasks:
            one.given = self._threads.submit(self._ask, function, one.task)

    def _ask(self, function: Callable[[Task], bytes], task: Task) -> bytes | None:
        process = self._free.get()
        try:
            return process.do(function, task)
        finally:
            self._free.put(process)

    def _go_on(self, stage: str, function: Callable[[Task], bytes], begun: deque[_Begun[Task]]) -> None:
        """Do the first task, or if a side process is at it another one; where there is none, wait."""
        first = here = begun[0]
        if first.given is not None and not first.given.cancel():
            # The last, as side processes take the tasks from the first on.
            others = () if first.given.done() else reversed(begun)
            here = next((one for one in others if one.result is None and one.given is not None and one.given.cancel()), first)
            if here is first:
                first.result = first.given.result()
        if here.result is None:
            here.result = function(here.task)
        self._cache.put(stage, here.name, here.result)


class _SideProcess:
    """One process; None is the result of what it cannot do."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_lost = False

    def do(self, function: Callable[[Any], bytes], task: object) -> bytes | None:
        """Have a task done, and wait for its result."""
        if self._is_lost:
            return None
        try:
            process = self._process or self._start()
            pickle.dump((function, task), cast("IO[bytes]", process.stdin))
            cast("IO[bytes]", process.stdin).flush()
            result = pickle.load(cast("IO[bytes]", process.stdout))  # noqa: S301  # it comes from our own process
        except _LOST:
            self._is_lost = True
            return None
        return result if isinstance(result, bytes) else None

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-P", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # our own program, and no shell
        self._process = process
        if self._is_lost:
            # The end came while it began.
            self.end()
        pickle.dump((sys.path, gc.get_threshold()), cast("IO[bytes]", process.stdin))
        return process

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._is_lost = True
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError, ValueError):
                        pipe.close()
