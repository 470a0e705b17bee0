"""How long a program takes, and how much memory it and the processes that it starts have at their peak."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

__all__ = ["Run", "look", "resident_of", "run"]

_INTERVAL: Final = 0.1
# Between two looks passes so many times as long as a look takes.
_PATIENCE: Final = 10
_TOLD: Final = 600
_KILO: Final = 1024
_MEGA: Final = 1_000_000


@dataclass(frozen=True)
class Run:
    """One run: seconds from its start to its end, seconds of all processors, megabytes at its peak, and the exit code, None where it was stopped."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    code: int | None
    told: str


def run(command: Sequence[str], limit: float, environment: Mapping[str, str] | None = None) -> Run:
    """Run a program to its end, or for so many seconds; `told` is the end of what it wrote."""
    # As on any machine where programs were installed to stay: what Python compiles it keeps, of every program alike.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, env={**kept, **(environment or {})})
        memory = _Memory(process.pid)
        memory.start()
        stop = threading.Timer(limit, os.killpg, (process.pid, 9))
        stop.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        stopped = stop.finished.is_set()
        stop.cancel()
        memory.done.set()
        memory.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(max(0, output.tell() - _TOLD))
        told = output.read().decode("utf-8", "replace").strip()
    # What the system tells of a program that has ended also counts what the program that started it had; only of what was over too soon is there nothing else.
    peak = memory.peak or used.ru_maxrss * _KILO
    return Run(seconds, used.ru_utime + used.ru_stime, peak / _MEGA, None if stopped else process.returncode, told)


class _Memory(threading.Thread):
    """Samples how much memory the processes of a session have: of one process what is resident, of several each one's share of what they share (PSS)."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Sample until told that the program has ended."""
        interval = _INTERVAL
        while not self.done.wait(interval):
            begin = time.perf_counter()
            self.peak = max(self.peak, look(self._session))
            # To look at large processes takes time, which they would miss.
            interval = max(_INTERVAL, _PATIENCE * (time.perf_counter() - begin))


def look(session: int) -> int:
    """Give the bytes of memory that the processes of a session have now."""
    processes = [path for path in Path("/proc").iterdir() if path.name.isdecimal() and _session(path) == session]
    return sum(resident_of(path) for path in processes) if len(processes) == 1 else sum(map(_share, processes))


def _session(process: Path) -> int:
    try:
        # The name of the program stands in parentheses and may hold spaces.
        return int((process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[3])
    except (OSError, IndexError, ValueError):
        return -1


def resident_of(process: Path) -> int:
    """Give the bytes of a process that are in memory, by its folder in /proc; 0 for one that is gone."""
    try:
        return int((process / "statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _share(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KILO for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    done = run(sys.argv[1:], 3600)
    sys.stdout.write(f"{done.told}\n{done.seconds:.2f} s, {done.cpu_seconds:.2f} s of processors, {done.megabytes:.0f} MB, exit code {done.code}\n")
