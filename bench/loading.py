"""Measure `schakel load` beside a store's own ways to take the same dump; `make bench-loading` runs this.

    python bench/loading.py --organisations 43000 --runs 3

Each run has a store of its own that is empty: its bulk loader, which works on files while no server runs; one upload over HTTP, which is one transaction but
cannot be verified, fenced or taken back; and `schakel load`: into the empty store, a changed version, and one that is there already.
Projects lie in .bench/. The page docs/benchmarks-loading.md is written.
"""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import click

from generate import generate
from machine import machine
from project import REPOSITORY

_PAGE: Final = REPOSITORY / "docs" / "benchmarks-loading.md"
_FUSEKI: Final = "org/apache/jena/jena-fuseki-server/*/jena-fuseki-server-*.jar"
_PATIENCE: Final = 120.0
_LONGEST: Final = 3_600
_TASKS: Final = {
    "bulk": "its own bulk loader, with no server",
    "upload": "one upload over HTTP (`PUT`)",
    "load": "`schakel load`, into the empty store",
    "change": "`schakel load`, a version with one statement in a hundred changed",
    "again": "`schakel load`, what is there already",
}


@dataclass(frozen=True)
class _Store:
    """A store: how its bulk loader and its server are started, given a folder, a dump and a port; and where it takes an upload, and loads."""

    name: str
    bulk: Callable[[Path, Path], list[str]]
    server: Callable[[Path, int], list[str]]
    upload: str
    address: str


def _stores(fuseki: Path | None) -> Iterator[_Store]:
    program = str(Path(sys.executable).with_name("oxigraph"))
    yield _Store(
        f"Oxigraph {version('oxigraph')}",
        lambda folder, dump: [program, "load", "--location", str(folder), "--file", str(dump)],
        lambda folder, port: [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"],
        "/store?default",
        "",
    )
    if fuseki and shutil.which("java"):
        java = ["java", "-Xmx4g"]
        yield _Store(
            f"Fuseki {fuseki.parent.name}, TDB2",
            lambda folder, dump: [*java, "-cp", str(fuseki), "tdb2.tdbloader", f"--loc={folder}", str(dump)],
            lambda folder, port: [
                *java,
                "-jar",
                str(fuseki),
                "--localhost",
                f"--port={port}",
                "--tdb2",
                f"--loc={folder}",
                "--update",
                "/ds",
            ],
            "/ds/data?default",
            "/ds",
        )


class _Took(NamedTuple):
    """Seconds by the clock, and of processors: those of the server, and of programs."""

    seconds: float
    server: float
    client: float

    @property
    def processors(self) -> float:
        return self.server + self.client


@contextmanager
def _running(store: _Store, folder: Path) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with (folder.parent / "server.log").open("ab") as log, subprocess.Popen(store.server(folder, port), stdout=log, stderr=log) as process:
        try:
            deadline = time.monotonic() + _PATIENCE
            while not _answers(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{store.name} does not start; see {folder.parent / 'server.log'}")
                time.sleep(0.1)
            yield port, process.pid
        finally:
            process.kill()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _measured(do: Callable[[], object], server: int | None = None) -> _Took:
    """Give the seconds that something takes, and those of processors: of programs that it runs to their end, and of a server."""
    began, own, served = time.monotonic(), _own(), _served(server)
    do()
    return _Took(time.monotonic() - began, _served(server) - served, _own() - own)


def _own() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _served(server: int | None) -> float:
    if server is None:
        return 0.0
    # The fields after the name, in brackets, begin with the third; the 14th and 15th are its times.
    fields = Path(f"/proc/{server}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _uploaded(port: int, path: str, dump: Path) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
    with dump.open("rb") as body:
        connection.request("PUT", path, body, {"Content-Type": "application/n-triples", "Content-Length": str(dump.stat().st_size)})
        response = connection.getresponse()
        told = response.read()
    if response.status >= 300:
        raise SystemExit(f"an upload is refused: {response.status} {told[:200]!r}")


def _loaded(project: Path, address: str) -> None:
    program = str(Path(sys.executable).with_name("schakel"))
    subprocess.run([program, "--quiet", "--project", str(project), "load", address], check=True, timeout=_LONGEST)


def _run(store: _Store, work: Path, projects: Mapping[str, Path]) -> Iterator[tuple[str, _Took]]:
    dump = projects["first"] / "public" / "download" / "graph.nt"

    def empty() -> Path:
        folder = work / "store"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    folder = empty()
    yield "bulk", _measured(lambda: subprocess.run(store.bulk(folder, dump), check=True, capture_output=True))
    with _running(store, empty()) as (port, server):
        yield "upload", _measured(lambda: _uploaded(port, store.upload, dump), server)
    with _running(store, empty()) as (port, server):
        address = f"http://127.0.0.1:{port}{store.address}"
        yield "load", _measured(lambda: _loaded(projects["first"], address), server)
        yield "change", _measured(lambda: _loaded(projects["second"], address), server)
        yield "again", _measured(lambda: _loaded(projects["second"], address), server)


def _published(work: Path, organisations: int) -> tuple[dict[str, Path], int]:
    """Build a project, and give it with a copy whose dump has one statement in a hundred changed; and how many statements it has."""
    first, second = (work / f"{name}-{organisations}" for name in ("loading", "loading-changed"))
    if not (first / "public").exists():
        shutil.rmtree(first, ignore_errors=True)
        generate(first, organisations, 1, 0.0)
        settings = first / "schakel.toml"
        settings.write_text(settings.read_text("utf-8") + "\n[load]\nseconds = 3600\n", "utf-8")
        subprocess.run([str(Path(sys.executable).with_name("schakel")), "--project", str(first), "build", "--dumps-only"], check=True)
    shutil.rmtree(second, ignore_errors=True)
    shutil.copytree(first, second, ignore=shutil.ignore_patterns(".schakel"))
    folder = second / "public" / "download"
    lines = (folder / "graph.nt").read_bytes().splitlines(keepends=True)
    content = b"".join(line.replace(b'"@', b'."@') if number % 100 == 0 else line for number, line in enumerate(lines))
    (folder / "graph.nt").write_bytes(content)
    index = json.loads((folder / "index.json").read_bytes())
    for each in index:
        if each["file"] == "graph.nt":
            each["sha256"] = sha256(content).hexdigest()
    (folder / "index.json").write_text(json.dumps(index), "utf-8")
    return {"first": first, "second": second}, len(lines)


def _page(statements: int, measured: Mapping[str, Mapping[str, _Took]]) -> list[str]:
    lines = [
        f"## {statements:,} statements",
        "",
        f"| | {' | '.join(f'{store} | its processors' for store in measured)} |",
        f"|---|{'---|---|' * len(measured)}",
    ]
    for task, words in _TASKS.items():
        lines.append(f"| {words} | {' | '.join(_cell(each, task) for each in measured.values())} |")
    return lines


def _whole(pages: list[list[str]]) -> str:
    told = machine()
    lines = [
        "# Benchmarks of loading",
        "",
        f"Statements in one graph, on {told['cores']} cores ({told['processor']}), {told['memory']}, {told['system']}.",
        "Seconds by the clock; and of processors, of the server + of the program that loads. In brackets, how many times as many as one upload.",
        "",
    ]
    for page in pages:
        lines += [*page, ""]
    lines += [
        "Each had a store of its own that was empty; the bulk loader works on files while no server runs. `schakel load` reads what is in use, compares it,",
        "changes what differs in one transaction, and reads it back. An upload does none of that. The bulk loader of Oxigraph writes its files without",
        "transactions: into a store that is in use, nothing comes near it. `make bench-loading` measures anew.",
        "",
    ]
    return "\n".join(lines)


def _cell(measured: Mapping[str, _Took], task: str) -> str:
    took, upload = measured[task], measured["upload"]
    parts = f"{took.server:.1f} + {took.client:.1f}" if took.server else f"{took.client:.1f}"
    return f"{took.seconds:.1f} ({took.seconds / upload.seconds:.1f}) | {parts} ({took.processors / upload.processors:.1f})"


@click.command()
@click.option("--organisations", "sizes", type=int, multiple=True, default=[1_450, 43_000], show_default=True, help="How many; each is some 23 statements.")
@click.option("--runs", default=3, show_default=True, help="The median counts.")
@click.option("--maven", type=click.Path(path_type=Path), default=Path("~/.m2/repository"), help="Where Fuseki's archive is.")
@click.option("--work", type=click.Path(path_type=Path), default=REPOSITORY / ".bench", help="Where projects and stores lie.")
def main(sizes: list[int], runs: int, maven: Path, work: Path) -> None:
    """Measure, and write the page."""
    archives = sorted(maven.expanduser().glob(_FUSEKI))
    pages = []
    for organisations in sizes:
        projects, statements = _published(work, organisations)
        measured: dict[str, dict[str, _Took]] = {}
        for store in _stores(archives[-1] if archives else None):
            found: dict[str, list[_Took]] = {}
            for _ in range(runs):
                for task, took in _run(store, work / "loading", projects):
                    click.echo(f"{statements:,} statements, {store.name}: {task} {took.seconds:.1f} s, {took.server:.1f} + {took.client:.1f} s of processors")
                    found.setdefault(task, []).append(took)
            measured[store.name] = {task: _Took(*map(median, zip(*each, strict=True))) for task, each in found.items()}
        pages.append(_page(statements, measured))
    shutil.rmtree(work / "loading", ignore_errors=True)
    _PAGE.write_text(_whole(pages), "utf-8")


if __name__ == "__main__":
    main()
