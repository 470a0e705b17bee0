"""Measure `schakel serve` beside Oxigraph's server alone and nginx, and let it run under a mixed load; `make bench-serving` runs this.

    python bench/serving.py --runs 5 --seconds 8
    python bench/serving.py --runs 0 --endurance 600
    python bench/serving.py --former before.json

All servers run on this machine and are asked in turn, so that what else the machine does falls on all of them alike. Projects lie in .bench/, raw numbers go to
bench/serving.json (what is not measured anew stays as it was), and from them docs/benchmarks-serving.md is written.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from asked import JSON, Canned, answer_of, canned_queries, entities, quick
from endurance import endure
from generate import generate
from generator import Load, is_there, rate_of
from machine import machine
from project import REPOSITORY
from served import Served, Turn, read_served, write_served
from servers import Server, needed, nginx, oxigraph, schakel
from serving_report import API, OXIGRAPH, PEER_OF, SCHAKEL, TASKS, write_serving_report

_HERE: Final = Path(__file__).resolve().parent
_REAL: Final = "real"
_MOST_PAGES: Final = 500
_WARMING: Final = 1
_UNLIMITED: Final = "\n[serve]\nper_minute = 100000000\nseconds_per_minute = 100000000\nclient_at_once = 4\n"
_PACKAGES: Final = ("schakel", "oxigraph", "pyoxigraph", "uvicorn", "uvloop", "starlette", "starlette-compress", "httptools")
_SHORTEST: Final = Canned("", "ASK {}")


@dataclass(frozen=True)
class Asked:
    """A task of one server: where it is, and the addresses and headers."""

    who: str
    server: Server
    addresses: Sequence[str]
    headers: Mapping[str, str]


def prepare(size: str, project: Path, program: Path) -> None:
    """Write and build a project: the repository's own content, or so many invented organisations with the repository's queries."""
    project.mkdir(parents=True, exist_ok=True)
    if size == _REAL:
        for name in ("data", "ontology", "queries", "shapes"):
            shutil.rmtree(project / name, ignore_errors=True)
            shutil.copytree(REPOSITORY / name, project / name)
        shutil.copyfile(REPOSITORY / "schakel.toml", project / "schakel.toml")
    else:
        generate(project, int(size.replace("k", "000")), seed=1, faults=0)
        shutil.rmtree(project / "queries", ignore_errors=True)
        shutil.copytree(REPOSITORY / "queries", project / "queries")
    with (project / "schakel.toml").open("a", encoding="utf-8") as file:
        file.write(_UNLIMITED)
    built = subprocess.run([program, "--project", project, "build"], capture_output=True, text=True, check=False)
    if built.returncode:
        raise SystemExit(f"{project} is not built: {built.stdout[-500:]}{built.stderr[-500:]}")


class Bench:
    """Servers over one publication, asked in turn."""

    def __init__(self, served: Served, size: str, project: Path, load: Mapping[str, int]) -> None:
        self.served = served
        self.size = size
        self.public = project / "public"
        self.folder = project.parent
        self._load = load
        self.served.turns = [turn for turn in self.served.turns if turn.size != size]

    def measure(self, front: Server, engine: Server | None, files: Server | None, slowest: float) -> None:
        """Ask all tasks of all servers that there are."""
        queries = canned_queries(self.public)
        mix = quick(f"{(engine or front).url}/{'query' if engine else 'sparql'}", queries, slowest)
        self.served.left_out[self.size] = sorted({query.name for query in queries} - {query.name for query in mix})
        things = entities(self.public, _MOST_PAGES)
        with (self.public / "download" / "graph.nt").open("rb") as file:
            self.served.sizes[self.size] = {"statements": sum(1 for _ in file), "queries": len(mix), "pages": len(things)}
        json = {"Accept": JSON}
        by_protocol, by_api, shortest = TASKS[0], TASKS[1], TASKS[2]
        for task, who, canned in ((by_protocol, SCHAKEL, mix), (by_api, API, mix), (shortest, SCHAKEL, [_SHORTEST])):
            ours = [query.by_api if who == API else query.by_protocol("/sparql") for query in canned]
            theirs = [query.by_protocol("/query") for query in canned]
            self._in_turn(task, [Asked(who, front, ours, json), *([Asked(OXIGRAPH, engine, theirs, json)] if engine else [])])
        for task, suffix, headers in (
            (TASKS[3], ".html", {}),
            (TASKS[4], ".html", {"Accept-Encoding": "gzip"}),
            (TASKS[5], ".ttl", {}),
            (TASKS[6], "", {"Accept": "text/turtle"}),
        ):
            addresses = [f"{thing}{suffix}" for thing in things]
            servers = [(SCHAKEL, front), *([(PEER_OF[task], files)] if files else [])]
            self._in_turn(task, [Asked(who, server, addresses, headers) for who, server in servers])

    def _in_turn(self, task: str, asked: Sequence[Asked]) -> None:
        """Ask each server once, and all of them again, as often as there are runs."""
        turns = [Turn(task, self.size, each.who) for each in asked]
        self.served.turns += turns
        if PEER_OF[task] not in {each.who for each in asked}:
            self.served.turns.append(Turn(task, self.size, PEER_OF[task], note="not on this machine"))
        if len(asked) > 1 and asked[0].who == SCHAKEL:
            turns[0].differing = _differing(*asked)
        for each in asked:
            rate_of(each.server, self._of(each, _WARMING), self.folder)
        for _ in range(self._load["runs"]):
            for each, turn in zip(asked, turns, strict=True):
                rate = rate_of(each.server, self._of(each, self._load["seconds"]), self.folder)
                turn.runs.append(asdict(rate))
                click.echo(f"{self.size:>6} {task:<24} {each.who:<14} {rate.a_second:9.1f}/s  p99 {rate.p99:8.1f} ms  errors {rate.errors}", err=True)

    def _of(self, asked: Asked, seconds: int) -> Load:
        return Load(asked.addresses, asked.headers, self._load["connections"], seconds)


def _differing(ours: Asked, theirs: Asked) -> int:
    """Count the answers of one server that are not those of the other."""
    pairs = zip(ours.addresses, theirs.addresses, strict=True)
    return sum(answer_of(ours.server.url + one, dict(ours.headers)) != answer_of(theirs.server.url + other, dict(theirs.headers)) for one, other in pairs)


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except ImportError:
            continue
    for program, option in (("nginx", "-v"), ("wrk", "-v")):
        if needed(program):
            told = subprocess.run([needed(program), option], capture_output=True, text=True, check=False)
            number = re.search(r"\d+(?:\.\d+)+", told.stdout + told.stderr)
            found[program] = number[0] if number else "unknown"
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--sizes", default=_REAL, show_default=True, help="What is served: real, and numbers of organisations, such as 10k.")
@click.option("--runs", type=click.IntRange(0), default=5, show_default=True, help="Runs of each; the median counts. 0 measures no rates.")
@click.option("--seconds", type=click.IntRange(1), default=8, show_default=True, help="Seconds of a run.")
@click.option("--connections", type=click.IntRange(1), default=50, show_default=True, help="Connections at once.")
@click.option("--slowest", type=float, default=0.25, show_default=True, help="Canned queries that Oxigraph alone needs more seconds for are left out.")
@click.option("--endurance", type=click.IntRange(0), default=0, show_default=True, help="Seconds of mixed load; 0 for none.")
@click.option("--built", is_flag=True, help="Serve what an earlier run built.")
@click.option("--folder", type=click.Path(path_type=Path), default=REPOSITORY / ".bench", help="Where to work. [default: .bench]")
@click.option("--schakel", "program", type=click.Path(path_type=Path), default=Path(sys.executable).with_name("schakel"), help="The program to measure.")
@click.option("--output", type=click.Path(path_type=Path), default=_HERE / "serving.json", help="Where raw numbers go. [default: bench/serving.json]")
@click.option("--former", type=click.Path(exists=True, path_type=Path), help="Raw numbers of an earlier version, to compare with.")
@click.option("--docs", type=click.Path(path_type=Path), default=REPOSITORY / "docs", help="Where the page goes. [default: docs]")
def main(  # noqa: PLR0913  # one for each option
    *,
    sizes: str,
    slowest: float,
    endurance: int,
    built: bool,
    folder: Path,
    program: Path,
    output: Path,
    former: Path | None,
    docs: Path,
    **load: int,
) -> None:
    """Measure, and write the page."""
    served = read_served(output) if output.is_file() else Served({}, {})
    served.machine, served.packages = machine(), _versions()
    if former is not None:
        served.former = read_served(former).turns
    folder = folder.resolve()
    for size in sizes.split():
        project = folder / "serving" / size
        if not (built and (project / "public").is_dir()):
            prepare(size, project, program)
        if load["runs"] and is_there():
            served.asked = {**load, "slowest": round(slowest * 1000)}
            with ExitStack() as stack:
                front = stack.enter_context(schakel(program, project, project.parent))
                engine = stack.enter_context(oxigraph(project / "public", project.parent))
                files = stack.enter_context(nginx(project / "public", project.parent)) if needed("nginx") else None
                Bench(served, size, project, served.asked).measure(front, engine, files, slowest)
            write_served(served, output)
        elif load["runs"]:
            click.echo("wrk is not on this machine; no rates are measured", err=True)
        if endurance and size == sizes.split(maxsplit=1)[0]:
            served.endurance = endure(program, project, endurance)
            write_served(served, output)
    write_serving_report(served, docs)


if __name__ == "__main__":
    main()
