"""Measure builds, and what others take for the same; `make bench` runs this.

    python bench/run.py --sizes "1k 10k" --runs 3

Programs run one at a time and in turn, so that what else the machine does falls on all of them alike. Projects and results lie in .bench/,
raw numbers go to bench/results.json, and from them docs/benchmarks.md and docs/benchmarks.svg are written.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from compare import statements, worth
from edits import edited
from project import REPOSITORY
from report import write_report
from results import added, read_results, write_results
from session import MADE, Program, Session, unmeasured

_HERE: Final = Path(__file__).resolve().parent
_OURS: Final = "Schakel"
_CHAIN: Final = "reference chain"
_FLOOR: Final = "floor"
_REAL: Final = "real"
_QUERIED: Final = "with queries"
_IN_LITTLE: Final = "Schakel in 512 MB"
_LITTLE_MEMORY: Final = '\n[engine]\nmemory = "512MB"\n'


class Bench(Session):
    """Measures builds, single stages, and what comes with the dumps."""

    def builds(self, size: str, *, reference: bool) -> None:
        """Measure whole builds: from nothing, after a change of one row, and in less memory; the floor; and the reference chain."""
        project, work = self.project(size), self.work(size)
        edit = edited(project / "data" / "organisations.csv", "label")
        shutil.rmtree(work / "ours", ignore_errors=True)
        programs = [
            Program("build", size, _OURS, self.build(project, *self.dumps_only), before=lambda: self.clean(project), after=lambda: self._keep(size)),
            Program("rebuild, one row", size, _OURS, self.build(project, *self.dumps_only), before=edit.make, after=edit.undo),
            Program("build, 512 MB", size, _OURS, self.build(project, *self.dumps_only), before=lambda: self._limit(size), after=lambda: self._unlimit(size)),
            Program("build", size, _FLOOR, [sys.executable, _HERE / "floor.py", work / "ours" / "graph.nt", work / "copy.nt"]),
        ]
        if reference:
            programs.append(Program("build", size, _CHAIN, [sys.executable, _HERE / "reference_chain.py", project, work / "reference"]))
        else:
            self.skip("build", size, _CHAIN)
        self.in_turn(programs)
        if not (work / "ours").is_dir():
            raise SystemExit(f"nothing was published: {self.results.measurements[-len(programs)].note}")

    def _limit(self, size: str) -> None:
        """Let the engine of a build have 512 MB."""
        self.clean(self.project(size))
        settings = self.project(size) / "schakel.toml"
        settings.write_text(settings.read_text("utf-8") + _LITTLE_MEMORY, "utf-8")

    def _unlimit(self, size: str) -> None:
        """Keep the digests of what was published in less memory, and let the engine have what it has by itself."""
        project = self.project(size)
        settings = project / "schakel.toml"
        settings.write_text(settings.read_text("utf-8").removesuffix(_LITTLE_MEMORY), "utf-8")
        digests = project / "public" / "download" / "SHA256SUMS"
        if digests.exists():
            shutil.copyfile(digests, self.work(size) / "SHA256SUMS")

    def compare_memory(self, size: str) -> None:
        """Compare the digests of the dumps that were written in less memory."""
        ours, theirs = self.work(size) / "ours" / "SHA256SUMS", self.work(size) / "SHA256SUMS"
        if theirs.exists():
            self.differs("bytes of dumps", size, _IN_LITTLE, ours.read_bytes().splitlines(), theirs.read_bytes().splitlines())

    def _keep(self, size: str) -> None:
        """Keep what the first build published, before anything is edited."""
        public, kept = self.project(size) / "public", self.work(size) / "ours"
        if public.is_dir() and not kept.exists():
            shutil.copytree(public / "download", kept)
            shutil.copyfile(public / "report.ttl", kept / "report.ttl")
            self.results.files[size] = {"dumps": _files(public)}
            with (kept / "graph.nt").open("rb") as file:
                self.results.sizes[size]["triples"] = sum(1 for _ in file)

    def compare_chain(self, size: str) -> None:
        """Compare every dump with that of the reference chain, and how many results each shape has."""
        ours, theirs = self.work(size) / "ours", self.work(size) / "reference"
        if self.results.find("build", size, _CHAIN) is None:
            return
        for file in ("graph.nt", "graph.ttl", "graph.jsonld", "dataset.nq", "dataset.trig"):
            self.differs(file, size, _CHAIN, statements(ours / file), statements(theirs / file))
        shape = b" <http://www.w3.org/ns/shacl#sourceShape> <"
        named = sorted(line.partition(shape)[2].rpartition(b">")[0].decode() for line in statements(ours / "report.ttl") if shape in line)
        counted: Mapping[str, int] = json.loads((theirs / "results.json").read_text("utf-8"))
        again = [f"{name} {number}".encode() for name, count in counted.items() for number in range(count)]
        self.differs("results of shapes", size, _CHAIN, (f"{name} {number}".encode() for name in set(named) for number in range(named.count(name))), again)

    def stages(self, size: str, *, reference: bool) -> None:
        """Measure single stages against those of others, on the same input."""
        project, work = self.project(size), self.work(size)
        ours: list[str | Path] = [sys.executable, _HERE / "ours.py"]
        unmeasured("prepare", project, work)
        programs = [Program("mapping", size, _OURS, [*ours, "map", project, work])]
        if self.morph_kgc is not None:
            script: list[str | Path] = [
                self.morph_kgc,
                _HERE / "peer_morph_kgc.py",
                project / "data" / "organisations.csv",
                work / "map-morph-kgc.nt",
                "https://registry.example.org/",
            ]
            programs.append(Program("mapping", size, "morph-kgc", script))
        for task, stage, slow in (("reasoning", "reason", "owlrl"), ("validation", "validate", "pyshacl")):
            for engine in self.engines[task]:
                if engine == slow and not reference:
                    self.skip(task, size, engine)
                else:
                    programs.append(Program(task, size, engine, [*ours, stage, engine, project, work]))
        peer: list[str | Path] = [sys.executable, _HERE / "peer_reasonable.py", work / "statements.ttl", work / "axioms.ttl", work / "reason-reasonable.nt"]
        programs.append(Program("reasoning", size, "reasonable", peer))
        peer = [sys.executable, _HERE / "peer_pyrudof.py", work / "ours" / "graph.nt", work / "shapes.nt", work / "validate-pyrudof.txt"]
        programs.append(Program("validation", size, "pyrudof", peer))
        self.in_turn(programs)
        self._compare_stages(size, programs)

    def _compare_stages(self, size: str, programs: Sequence[Program]) -> None:
        """Compare what each program gave with what the engine gave that builds use."""
        work, (reasoner, validator) = self.work(size), self.results.engines
        stated, ontology = statements(work / "statements.nt"), statements(work / "ontology.nt")
        for program in programs:
            used = {"mapping": _OURS, "reasoning": reasoner, "validation": validator}[program.task]
            if program.who == used or any(self.results.find(program.task, size, who) is None for who in (program.who, used)):
                continue
            if program.task == "mapping":
                self.differs("mapping", size, program.who, statements(work / "map-schakel.nt"), statements(work / "map-morph-kgc.nt"))
            elif program.task == "reasoning":
                theirs = worth(statements(work / f"reason-{program.who}.nt"), stated, ontology=ontology)
                self.differs("reasoning", size, program.who, statements(work / f"reason-{reasoner}.nt"), theirs)
            else:
                ours, other = ((work / f"validate-{name}.txt").read_bytes().splitlines() for name in (validator, program.who))
                self.differs("validation", size, program.who, ours, other)

    def site(self, size: str) -> None:
        """Measure a publication with its dumps alone, and with a page in each language and the other files of each entity."""
        project = self.project(size)
        shutil.rmtree(self.work(size) / "ours", ignore_errors=True)
        programs = [
            Program("build", size, _OURS, self.build(project, *self.dumps_only), before=lambda: self.clean(project), after=lambda: self._keep(size)),
            Program("entities", size, _OURS, self.build(project), before=lambda: self.clean(project)),
        ]
        self.in_turn(programs)
        self._count("entities", size, project)

    def files(self, size: str) -> None:
        """Measure what comes with dumps in a publication: the files of each entity, and the answers of the repository's queries."""
        if not self.dumps_only:
            self.skip("files", size, _OURS)
            return
        project, queried = self.project(size), self.project(f"{size} {_QUERIED}")
        shutil.rmtree(queried, ignore_errors=True)
        shutil.copytree(project, queried, ignore=shutil.ignore_patterns(*MADE))
        shutil.copytree(REPOSITORY / "queries", queried / "queries")
        self.in_turn(
            [
                Program("entities", size, _OURS, self.build(project), before=lambda: self.clean(project)),
                Program("entities, queries", size, _OURS, self.build(queried), before=lambda: self.clean(queried)),
            ]
        )
        for name, folder in (("entities", project), ("entities, queries", queried)):
            self._count(name, size, folder)

    def _count(self, name: str, size: str, project: Path) -> None:
        """Count the files of a publication, and the pages among them."""
        self.results.files[size][name] = _files(project / "public")
        self.results.files[size][f"{name}: pages"] = sum(1 for _ in (project / "public").rglob("*.html"))

    def real(self) -> None:
        """Measure the publication of the repository's own content: its dumps alone; with all files, from nothing and without a change."""
        project = self.project(_REAL)
        shutil.rmtree(project, ignore_errors=True)
        for name in ("data", "ontology", "queries", "shapes"):
            shutil.copytree(REPOSITORY / name, project / name)
        shutil.copyfile(REPOSITORY / "schakel.toml", project / "schakel.toml")
        from_nothing = Program("publish", _REAL, _OURS, self.build(project), before=lambda: self.clean(project))
        again = Program("publish again", _REAL, _OURS, self.build(project))
        self.in_turn([Program("dumps", _REAL, _OURS, self.build(project, *self.dumps_only), before=lambda: self.clean(project)), from_nothing, again])


def _organisations(size: str) -> int:
    return int(size.replace("k", "000").replace("m", "000000"))


def _files(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--sizes", default="1k 10k 100k", show_default=True, help="Numbers of organisations, up to 1m.")
@click.option("--reference", default="1k", show_default=True, help="Sizes at which the reference chain, owlrl and pySHACL run too: they take long.")
@click.option("--stages", default="1k 10k", show_default=True, help="Sizes at which single stages are measured against others.")
@click.option("--site", default="", help="Sizes at which only dumps and the pages of entities are measured.")
@click.option("--add", is_flag=True, help="Keep what was measured before at other sizes.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Runs of each; the median counts.")
@click.option("--limit", type=float, default=1800, show_default=True, help="Seconds after which a program is stopped.")
@click.option("--folder", type=click.Path(path_type=Path), default=REPOSITORY / ".bench", help="Where to work. [default: .bench]")
@click.option("--schakel", type=click.Path(path_type=Path), default=Path(sys.executable).with_name("schakel"), help="The program to measure.")
@click.option("--output", type=click.Path(path_type=Path), default=_HERE / "results.json", help="Where raw numbers go. [default: bench/results.json]")
@click.option("--docs", type=click.Path(path_type=Path), default=REPOSITORY / "docs", help="Where the page and the drawing go. [default: docs]")
def main(  # noqa: PLR0913, PLR0917  # one for each option
    sizes: str, reference: str, stages: str, site: str, runs: int, limit: float, folder: Path, schakel: Path, output: Path, docs: Path, *, add: bool
) -> None:
    """Measure, and write the page."""
    morph_kgc = folder / "morph-kgc" / "bin" / "python"
    bench = Bench(folder, schakel, morph_kgc if morph_kgc.exists() else None, runs, limit)
    kept = read_results(output) if add else None
    for size in sizes.split():
        bench.write(size, _organisations(size))
        bench.builds(size, reference=size in reference.split())
        bench.compare_chain(size)
        bench.compare_memory(size)
        if kept is None:
            write_results(bench.results, output)
        if size in stages.split():
            bench.stages(size, reference=size in reference.split())
            bench.files(size)
    for size in site.split():
        bench.write(size, _organisations(size))
        bench.site(size)
    bench.real()
    results = bench.results if kept is None else added(kept, bench.results)
    write_results(results, output)
    write_report(results, docs)


if __name__ == "__main__":
    main()
