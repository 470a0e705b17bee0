"""What the processors of the machine do while something is measured: the work of the measuring, and that of others, which falsifies it."""

import os
import time
from pathlib import Path
from typing import Final, Self

__all__ = ["Busy", "descendants", "seconds_of"]

_TICK: Final = os.sysconf("SC_CLK_TCK")
# In /proc/stat, after the name: time spent idle and waiting for disks; guests are counted among the others already.
_IDLE: Final = (3, 4)
_COUNTED: Final = 8


class Busy:
    """A stretch of time, and whose work the processors did in it. `ours` is this process and all that it started."""

    def __enter__(self) -> Self:
        self._began, self._machine, self._ours = time.monotonic(), _machine(), _ours()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.monotonic() - self._began
        self.machine = _machine() - self._machine
        self.ours = _ours() - self._ours

    def share(self, seconds: float) -> float:
        """Give what share of all processors so many seconds of one are."""
        return seconds / (self.seconds * (os.cpu_count() or 1))

    def others(self) -> float:
        """Give the share that was taken by what has nothing to do with this process and what it started."""
        return max(0.0, self.share(self.machine - self.ours))


def _machine() -> float:
    ticks = [int(cell) for cell in Path("/proc/stat").read_text("utf-8").splitlines()[0].split()[1 : _COUNTED + 1]]
    return (sum(ticks) - sum(ticks[place] for place in _IDLE)) / _TICK


def _ours() -> float:
    return sum(map(seconds_of, [os.getpid(), *descendants(os.getpid())]))


def descendants(process: int) -> list[int]:
    """List the processes that a process started, and those that they did."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        cells = _cells(folder) if folder.name.isdecimal() else []
        if cells:
            parents.setdefault(int(cells[1]), []).append(int(folder.name))
    found, look = [], [process]
    while look:
        children = parents.get(look.pop(), [])
        found += children
        look += children
    return sorted(found)


def seconds_of(process: int) -> float:
    """Give the seconds of processors that a process has taken, with its children that have ended; 0 for one that is gone."""
    cells = _cells(Path("/proc") / str(process))
    return sum(map(int, cells[11:15])) / _TICK if cells else 0.0


def _cells(folder: Path) -> list[str]:
    try:
        # The name of the program stands in parentheses and may hold spaces.
        return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
