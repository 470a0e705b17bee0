"""How many requests a server answers, and how soon: wrk asks it, from Debian's package of that name."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from busy import Busy, descendants, seconds_of
from measure import run
from servers import Server

__all__ = ["Load", "Rate", "is_there", "rate_of", "told_by"]

_SCRIPT: Final = Path(__file__).with_name("cycle.lua")
_PATIENCE: Final = 30
_AFTER: Final = 60


@dataclass(frozen=True)
class Load:
    """What is asked: addresses in turn, with the same headers, over so many connections at once for so many seconds."""

    addresses: Sequence[str]
    headers: Mapping[str, str]
    connections: int
    seconds: int


@dataclass(frozen=True)
class Rate:
    """What one run measured: requests a second, percentiles of milliseconds, how many requests were answered with an error, lost or late.

    `cost` are milliseconds of a processor that the server and its children took for a request, which hold also where others use the machine too.
    `generator` and `others` are shares of all processors: of the generator itself, and of what has nothing to do with the measuring.
    """

    a_second: float
    p50: float
    p95: float
    p99: float
    errors: int
    bytes: int
    cost: float
    generator: float
    others: float


def is_there() -> bool:
    """Tell whether wrk is on this machine."""
    return shutil.which("wrk") is not None


def rate_of(server: Server, load: Load, folder: Path) -> Rate:
    """Let wrk ask a server, and give what it measured."""
    listed = folder / "addresses"
    listed.write_text("".join(f"{address}\n" for address in load.addresses), "utf-8")
    command = ["wrk", "--threads", "1", "--connections", str(load.connections), "--duration", f"{load.seconds}s", "--timeout", f"{_PATIENCE}s"]
    headers = [part for pair in load.headers.items() for part in pair]
    with Busy() as busy:
        before = _taken(server)
        done = run([*command, "--script", str(_SCRIPT), server.url, "--", str(listed), *headers], load.seconds + _AFTER)
        taken = _taken(server) - before
    if done.code != 0:
        raise SystemExit(f"wrk failed: {done.told}")
    return told_by(done.told, taken, busy.share(done.cpu_seconds), busy.others())


def _taken(server: Server) -> float:
    return sum(map(seconds_of, [server.process, *descendants(server.process)]))


def told_by(output: str, taken: float, generator: float, others: float) -> Rate:
    """Read the last line that the script wrote; the server took so many seconds of processors for it."""
    told = json.loads(output.splitlines()[-1])
    errors = told["refused"] + told["lost"] + told["late"]
    percentiles = told["p50"], told["p95"], told["p99"]
    cost = taken * 1000 / told["requests"] if told["requests"] else 0.0
    return Rate(told["requests"] / told["seconds"], *percentiles, errors, told["bytes"], cost, generator, others)
