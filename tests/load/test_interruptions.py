"""A load that is interrupted loses nothing: at each of its requests, and in the middle of a switch, whoever dies.

After each interruption readers see the old version or the new one, whole; and the next load heals the store in one go, whichever version it loads.
By itself this runs on Oxigraph, on a small merged graph. `make test-stores` runs it on other stores, all layouts, and on a graph whose switch takes seconds.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from load_proxy import Answer, Between, Proxy, between
from load_publications import BASE, publication
from load_servers import STORES, SUMMARY, Started, named

from schakel import Settings
from schakel.errors import SchakelError
from schakel.load import PROFILES, Patience, Wanted, load
from schakel.load.profiles import addresses_of
from schakel.load.verification import by_value

_ALL = bool(os.environ.get("SCHAKEL_STORES"))
_WAYS = {
    "merged": Wanted(),
    "named": Wanted("named"),
    "named, kept": Wanted("named", keep=1),
    "both": Wanted("both"),
}
_FEW = ("merged",)
_THINGS = 7
_MANY = 8_000
# What only a switch has in it, as an update and as a form.
_OF_A_SWITCH = (b"ns#is", b"ns%23is")
# One that is interrupted gives up at once. The next waits a moment for an update that may still be under way: those that are late come after that.
_DYING = Patience(seconds=60, tries=1)
_LIVING = Patience(seconds=60, tries=2, first_wait=0.01, settle=0.1, quiet=0.1)
Statements: TypeAlias = frozenset[tuple[str, bytes]]


@dataclass
class Count:
    """How many interruptions were tried, and what was lost by them."""

    cases: int = 0
    lost: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> Count:
    """What is counted here is printed when all is done."""
    counted = Count()
    request.config.stash[SUMMARY].append(lambda: f"{counted.cases} interruptions of loads, {len(counted.lost)} losses")
    return counted


@dataclass
class World:
    """A store, and the versions that are loaded into it in turn; `start` starts the store anew with what it held."""

    started: Started
    versions: dict[str, Settings]
    start: Callable[[], Started]

    def load(self, version: str, wanted: Wanted, address: str = "", patience: Patience = _LIVING) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.started.environment.items():
                patch.setenv(name, value)
            load(self.versions[version], address or self.started.address, replace(wanted, store=self.started.name), patience=patience)

    def wanted(self, version: str, wanted: Wanted) -> Statements:
        """What the graphs in use should hold."""
        folder = self.versions[version].publication / "download"
        found = set()
        if wanted.layout != "named":
            graph = f"{BASE}graph/merged" if self.started.name in {"virtuoso", "rdf4j"} else ""
            found |= {(graph, line) for line in by_value((folder / "graph.nt").read_bytes().splitlines())}
        if wanted.layout != "merged":
            rows = [line.rsplit(b" ", 2) for line in (folder / "dataset.nq").read_bytes().splitlines()]
            lines = by_value([triple + b" ." for triple, _, _ in rows])
            found |= {(graph[1:-1].decode(), line) for (_, graph, _), line in zip(rows, lines, strict=True)}
        return frozenset(found)

    def seen(self) -> Statements:
        """What the graphs in use hold, as a reader sees them."""
        found = self._rows(f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}graph/"))')
        if self.started.name in {"oxigraph", "fuseki"}:
            found += self._rows("?s ?p ?o")
        return frozenset(found)

    def count(self) -> tuple[int, str]:
        """How many statements a reader counts in the merged graph, and of which versions they say that they are: in one query."""
        says = [f"(SUM(IF(?p = <{BASE}ns#is> && STR(?o) = '{version}', 1, 0)) AS ?{version})" for version in "AB"]
        merged = f"GRAPH <{BASE}graph/merged> {{ ?s ?p ?o }}" if self.started.name in {"virtuoso", "rdf4j"} else "?s ?p ?o"
        [row] = _ask(self.started, f"SELECT (COUNT(*) AS ?n) {' '.join(says)} {{ {merged} }}")
        found = {name: int(float(cell["value"])) for name, cell in row.items()}
        return found["n"], "".join(version for version in "AB" if found.get(version))

    def left(self) -> set[str]:
        """The graphs of loading that hold something, but for the record and for what is kept."""
        found = {graph for graph, _ in self._rows(f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}load/"))')}
        return {graph for graph in found if "/kept/of/" not in graph}

    def _rows(self, pattern: str) -> list[tuple[str, bytes]]:
        rows = _ask(self.started, f"SELECT * {{ {pattern} }}")
        lines = by_value([" ".join([*(_term(row[name]) for name in "spo"), "."]).encode() for row in rows])
        return [(row.get("g", {}).get("value", ""), line) for row, line in zip(rows, lines, strict=True)]


def _ask(store: Started, query: str) -> list[dict[str, dict[str, str]]]:
    address = addresses_of(PROFILES[store.name], store.address).query
    request = Request(address, urlencode({"query": query}).encode(), {"Accept": "application/sparql-results+json"})  # noqa: S310  # of the store on this machine
    with urlopen(request, timeout=120) as answer:  # noqa: S310  # as above
        rows: list[dict[str, dict[str, str]]] = json.load(answer)["results"]["bindings"]
        return rows


def _term(cell: dict[str, str]) -> str:
    if cell["type"] == "uri":
        return f"<{cell['value']}>"
    text = json.dumps(cell["value"], ensure_ascii=False)
    if "xml:lang" in cell:
        return f"{text}@{cell['xml:lang']}"
    return f"{text}^^<{cell['datatype']}>" if "datatype" in cell else text


@pytest.fixture(scope="module", params=named())
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Started]]:
    """Each store in turn. What this gives starts it, and starts it again, with what it held, where it was killed."""
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        stores: list[Started] = []

        def start() -> Started:
            if not stores or stores[-1].process.poll() is not None:
                stores.append(stack.enter_context(STORES[request.param](folder, union=False)))
            return stores[-1]

        yield start


@pytest.fixture(scope="module")
def small(running: Callable[[], Started], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Some parts of some statements each."""
    versions = {version: publication(tmp_path_factory.mktemp("small") / version, version, _THINGS) for version in "AB"}
    with pytest.MonkeyPatch.context() as patch:
        for name, profile in PROFILES.items():
            patch.setitem(PROFILES, name, replace(profile, statements=12, graphs_at_once=min(profile.graphs_at_once, 4)))  # type: ignore[arg-type]
        yield World(running(), versions, running)


# How a request is interrupted. Its client is killed, but for the last two: before the store has it, after the store is done with it, or it reaches the store
# late: while the next load is about to switch, or after that has ended. In the last two the client lives on, and has lost one answer.
_READS = ("before",)
_WRITES = ("before", "after", "late", "last", "lost before", "lost after")


class Interruption:
    """Interrupts the request of a number."""

    def __init__(self, number: int, how: str) -> None:
        self.number = number
        self.how = how
        self.done = threading.Event()
        self.met = False
        self.is_read = False
        self._go_on = threading.Event()

    def __call__(self, request: Between, number: int, pass_on: Callable[[], Answer]) -> bool:
        if number < self.number or (number > self.number and self.how.startswith("lost")):
            return False
        if number == self.number:
            self.met = True
            _, _, _, body = request.server.seen[-1]
            self.is_read = request.command == "GET" or body.startswith(b"query=")
            if self.how in {"late", "last"}:
                threading.Thread(target=self._late, args=(pass_on,), daemon=True).start()
            elif self.how.endswith("after"):
                pass_on()
        request.hang_up()
        return True

    def _late(self, pass_on: Callable[[], Answer]) -> None:
        self._go_on.wait(120)
        try:
            pass_on()
        finally:
            self.done.set()

    def release(self) -> None:
        """Let the request that is late reach the store, and wait until that has answered."""
        if self.how in {"late", "last"} and self.met:
            self._go_on.set()
            self.done.wait(120)


def _is_switch(body: bytes) -> bool:
    return any(mark in body for mark in _OF_A_SWITCH)


def _at_the_switch(interruption: Interruption) -> Callable[[Between, int, Callable[[], Answer]], bool]:
    """Let what is late reach the store when the next load is about to switch."""

    def fault(request: Between, _: int, __: Callable[[], Answer]) -> bool:
        _, _, _, body = request.server.seen[-1]
        if _is_switch(body):
            interruption.release()
        return False

    return fault


@pytest.mark.parametrize("way", _WAYS if _ALL else _FEW)
def test_a_load_that_is_interrupted_at_any_request_loses_nothing(way: str, small: World, count: Count) -> None:
    wanted = _WAYS[way]
    small.load("A", replace(wanted, replace=True))
    now, before = "A", len(count.lost)
    with between(small.started.address) as proxy:
        for number in range(1, 200):
            reads_or_writes: tuple[str, ...] = _READS
            met = True
            for how in _WRITES:
                if how not in reads_or_writes:
                    continue
                for goes_on in (False, True) if how in {"before", "after"} and reads_or_writes is _WRITES else (False,):
                    other = "B" if now == "A" else "A"
                    interruption = _interrupted(small, proxy, wanted, other, Interruption(number, how))
                    met = met and interruption.met
                    reads_or_writes = _READS if interruption.is_read else _WRITES
                    now = _next(small, proxy, wanted, (now, other), interruption, goes_on, count) if interruption.met else other
            if not met:
                break
        else:
            pytest.fail("a load does not come to an end")
    assert count.lost[before:] == []


def _interrupted(world: World, proxy: Proxy, wanted: Wanted, version: str, interruption: Interruption) -> Interruption:
    proxy.count, proxy.fault = 0, interruption
    try:
        world.load(version, wanted, proxy.path_of(world.started.address), _LIVING if interruption.how.startswith("lost") else _DYING)
    except SchakelError as error:
        if not interruption.met:
            raise AssertionError(version) from error
    return interruption


def _next(  # noqa: PLR0913, PLR0917  # what is interrupted, how, and what comes next
    world: World,
    proxy: Proxy,
    wanted: Wanted,
    versions: tuple[str, str],
    interruption: Interruption,
    goes_on: bool,  # noqa: FBT001
    count: Count,
) -> str:
    """See what readers see, load once more, and see again. Gives the version in use."""
    count.cases += 1
    case = f"{world.started.name}, {wanted}: request {interruption.number}, {interruption.how}, then {'the same' if goes_on else 'the former'} version"
    whole = {version: world.wanted(version, wanted) for version in versions}
    if PROFILES[world.started.name].atomic and world.seen() not in whole.values():
        count.lost.append(f"{case}: a part is seen after the interruption")
    version = versions[1] if goes_on else versions[0]
    proxy.fault = _at_the_switch(interruption) if interruption.how == "late" else staticmethod(lambda *_: False)
    try:
        world.load(version, wanted, proxy.path_of(world.started.address))
    except SchakelError as error:
        count.lost.append(f"{case}: the next load fails: {error}")
    interruption.release()
    if world.seen() != whole[version]:
        count.lost.append(f"{case}: the next load does not heal the store")
        world.load(version, wanted)
    left = world.left()
    if left and not interruption.how.startswith("la"):
        count.lost.append(f"{case}: {sorted(left)} are left behind")
    return version


# ------------------------------------------------------------------------------------------------------------------- in the middle of a switch


@pytest.fixture(scope="module")
def large(running: Callable[[], Started], tmp_path_factory: pytest.TempPathFactory) -> World:
    """So many statements that a switch takes seconds: fewer where it is many requests."""
    started = running()
    things = _MANY if PROFILES[started.name].atomic else _MANY // 6
    return World(started, {version: publication(tmp_path_factory.mktemp("large") / version, version, things) for version in "AB"}, running)


class Reader(threading.Thread):
    """Somebody who asks all the while, and notes what was neither version."""

    def __init__(self, world: World) -> None:
        super().__init__(daemon=True)
        self.world = world
        self.wrong: set[tuple[int, str]] = set()
        self.answers = 0
        self._stopped = threading.Event()

    def run(self) -> None:
        whole = {(self.world.versions[version].publication.joinpath("download", "graph.nt").read_bytes().count(b"\n"), version) for version in "AB"}
        while not self._stopped.wait(0.3):
            try:
                seen = self.world.count()
            except (OSError, ValueError):  # the store is not there, or was killed while it answered
                continue
            self.answers += 1
            self.wrong |= {seen} - whole

    def stop(self) -> None:
        self._stopped.set()
        self.join()


@pytest.mark.skipif(not _ALL, reason="a switch that takes seconds is tried by `make test-stores`")
@pytest.mark.parametrize("killed", ["client", "client by Ctrl-C", "store", "both"])
def test_whoever_dies_in_the_middle_of_a_switch_nothing_is_lost(killed: str, large: World, count: Count) -> None:
    large.load("A", Wanted(replace=True))
    case = f"{large.started.name}: {killed} killed in the middle of a switch"
    count.cases += 1
    switching = threading.Event()

    def watch(request: Between, _: int, __: Callable[[], Answer]) -> bool:
        if _is_switch(request.server.seen[-1][3]):
            switching.set()
        return False

    reader = Reader(large)
    reader.start()
    with between(large.started.address) as proxy:
        proxy.fault = watch
        options = ["load", proxy.path_of(large.started.address), "--store", large.started.name]
        command = [sys.executable, "-m", "schakel", "--project", str(large.versions["B"].root), *options]
        environment = {**os.environ, **large.started.environment}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            assert switching.wait(300)
            # The store has it by now. Whether it is done with it does not matter, only that it is often in the middle of it.
            time.sleep(0.3)
            if killed in {"store", "both"}:
                large.started.process.kill()
            if killed != "store":
                process.send_signal(signal.SIGINT if "Ctrl-C" in killed else signal.SIGKILL)
            process.wait(300)
    if killed in {"store", "both"}:
        large.started.process.wait()
        large.started = large.start()
    # A store that was killed carries nothing out any more, which only time shows.
    large.load("A", Wanted(), patience=replace(_LIVING, seconds=300, settle=2 if killed in {"store", "both"} else 120))
    reader.stop()
    assert reader.answers
    if PROFILES[large.started.name].atomic and reader.wrong:
        count.lost.append(f"{case}: a reader sees {reader.wrong}")
    if large.seen() != large.wanted("A", Wanted()) or large.left():
        count.lost.append(f"{case}: the next load does not heal the store")
    assert not [lost for lost in count.lost if lost.startswith(case)]


@pytest.mark.skipif(not _ALL, reason="as above")
def test_an_update_that_takes_longer_than_it_is_waited_for_is_found_and_mended(large: World, count: Count) -> None:
    """The next load does not wait at all: the switch of the one that was killed is carried out after its own, or before."""
    large.load("A", Wanted(replace=True))
    count.cases += 1
    switching = threading.Event()

    def cut(request: Between, _: int, pass_on: Callable[[], Answer]) -> bool:
        if switching.is_set() or _is_switch(request.server.seen[-1][3]):
            if not switching.is_set():
                threading.Thread(target=pass_on, daemon=True).start()
                switching.set()
            request.hang_up()
            return True
        return False

    with between(large.started.address) as proxy:
        proxy.fault = cut
        with pytest.raises(SchakelError):
            large.load("B", Wanted(), proxy.path_of(large.started.address), _DYING)
        large.load("A", Wanted(), patience=replace(_LIVING, seconds=300, settle=0, quiet=8))
    assert large.seen() == large.wanted("A", Wanted())
    assert not large.left()
