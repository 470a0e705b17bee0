"""A front under a mixed load for a long time, with a new publication in the middle: what went wrong, and how much memory it took."""

import asyncio
import json
import re
import statistics
import subprocess
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import click

from asked import answer_of, canned_queries, quick
from busy import Busy, descendants
from client import LostError, Reader
from measure import resident_of
from mixture import Kind, Wanted, mixture
from served import Endurance, Sample
from servers import Server, schakel

__all__ = ["endure"]

CONNECTIONS: Final = 50
_QUICK: Final = 0.1
_EVERY: Final = 5.0
_LATE: Final = 30.0
_VERSION: Final = re.compile(r'(?m)^version = "([^"]*)"')
_MEGA: Final = 1_000_000
_SECOND: Final = 2
_FAILURES_KEPT: Final = 20


@dataclass
class _Told:
    """What the connections found so far."""

    milliseconds: dict[str, "array[float]"] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    unexpected: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    late: int = 0
    failures: list[str] = field(default_factory=list)

    def fail(self, kind: str, wanted: Wanted, what: str) -> None:
        """Keep what went wrong, the first few times."""
        self.wrong[kind] += 1
        if len(self.failures) < _FAILURES_KEPT:
            self.failures.append(f"{kind}: {wanted.sent.splitlines()[0][:120].decode('ascii')}: {what}")


def endure(program: Path, project: Path, seconds: int) -> Endurance:
    """Serve a project, load it for so many seconds, and publish it anew in the middle."""
    with schakel(program, project, project.parent) as front, Busy() as busy:
        click.echo(f"{CONNECTIONS} connections for {seconds} s …", err=True)
        mixed = mixture(project / "public", quick(f"{front.url}/sparql", canned_queries(project / "public"), _QUICK))
        trial = _Trial(front, program, project)
        asyncio.run(trial.load(mixed, seconds))
        restarts = _restarts(front)
    told = trial.told
    kinds = {name: _summary(values, told.wrong[name]) for name, values in sorted(told.milliseconds.items())}
    unexpected = dict(sorted(told.unexpected.items()))
    counted = kinds, unexpected, told.lost, told.late
    return Endurance(trial.seconds, CONNECTIONS, *counted, trial.samples, trial.switch, restarts, busy.others(), told.failures)


@dataclass
class _Trial:
    """One long load of a front: what the connections found, and what was seen of the front meanwhile."""

    front: Server
    program: Path
    project: Path
    began: float = 0
    seconds: float = 0
    told: _Told = field(default_factory=_Told)
    samples: list[Sample] = field(default_factory=list)
    switch: dict[str, float] = field(default_factory=dict)

    async def load(self, mixed: Sequence[Kind], seconds: int) -> None:
        """Ask for everything over all connections for so many seconds."""
        self.began, ended = time.monotonic(), asyncio.Event()
        port = int(self.front.url.rpartition(":")[2])
        places = [kind for kind in mixed for _ in range(kind.connections)]
        readers = [asyncio.create_task(_read(port, kind, Random(place), self.told, ended)) for place, kind in enumerate(places)]
        beside = [asyncio.create_task(self._sample()), asyncio.create_task(self._publish(seconds / 2))]
        await asyncio.sleep(seconds)
        ended.set()
        await asyncio.gather(*readers)
        self.seconds = self._now()
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _now(self) -> float:
        return time.monotonic() - self.began

    async def _sample(self) -> None:
        while True:
            front, *engines = (resident_of(Path("/proc") / str(process)) / _MEGA for process in (self.front.process, *descendants(self.front.process)))
            self.samples.append(Sample(round(self._now(), 1), round(front, 2), round(sum(engines), 2)))
            await asyncio.sleep(_EVERY)

    async def _publish(self, after: float) -> None:
        """Build the next publication, and wait until it is the one that answers."""
        await asyncio.sleep(after)
        settings = self.project / "schakel.toml"
        text = settings.read_text("utf-8")
        settings.write_text(_VERSION.sub(lambda match: f'version = "{match[1]}.1"', text, count=1), "utf-8")
        self.switch["began"] = self._now()
        command = [str(self.program), "--project", str(self.project), "build"]
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.switch["code"] = await process.wait()
        finally:
            settings.write_text(text, "utf-8")
            if process.returncode is None:
                process.kill()
                await process.wait()
        self.switch["built"] = self._now()
        answering = 0
        while answering < _SECOND:
            await asyncio.sleep(1)
            answering = await asyncio.to_thread(_publication, self.front)
        self.switch["in_service"] = self._now()


async def _read(port: int, kind: Kind, random: Random, told: _Told, ended: asyncio.Event) -> None:
    """Ask for one thing after the other over one connection, without a pause."""
    times = told.milliseconds.setdefault(kind.name, array("d"))
    async with Reader(port) as reader:
        while not ended.is_set():
            wanted = random.choice(kind.requests)
            began = time.perf_counter()
            try:
                async with asyncio.timeout(_LATE):
                    status, _ = await reader.ask(wanted.sent)
            except LostError as error:
                told.lost += 1
                told.fail(kind.name, wanted, str(error))
                continue
            except TimeoutError:
                told.late += 1
                told.fail(kind.name, wanted, f"no answer in {_LATE:.0f} s")
                await reader.close()
                continue
            times.append((time.perf_counter() - began) * 1000)
            if status != wanted.status:
                told.unexpected[str(status)] += 1
                told.fail(kind.name, wanted, f"{status} in place of {wanted.status}")


def _publication(front: Server) -> int:
    status, body = answer_of(f"{front.url}/health", {})
    return int(json.loads(body)["publication"]) if status == 200 else 0


def _restarts(front: Server) -> int:
    _, body = answer_of(f"{front.url}/metrics", {})
    found = re.search(rb"(?m)^schakel_engine_restarts (\d+)", body)
    return int(found[1]) if found else -1


def _summary(values: "array[float]", wrong: int) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100) if len(values) > 1 else [0.0] * 99
    return {"answers": len(values), "errors": wrong, "p50": round(cuts[49], 2), "p95": round(cuts[94], 2), "p99": round(cuts[98], 2)}
