"""What tests of stages share: the tables of a small project, mapped."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from sqlglot import exp

from schakel.compile.shacl import read_shapes
from schakel.engine import DuckDB
from schakel.engine.relations import SPELLED
from schakel.evidence import read_lock, read_sources
from schakel.findings import Finding
from schakel.graph import GraphNames
from schakel.project.mappings import read_mappings
from schakel.project.tables import read_tables
from schakel.stages.citations import Evidence, cite
from schakel.stages.mapping import Mapped, map_tables
from schakel.stages.mentions import judge_mentions
from schakel.stages.row_findings import judge_rows
from schakel.table_files import Declaration
from schakel.tables import read_table

BASE = "https://example.org/"
SOURCES_CSV = "id,title,language,file,sha256\npage,A page,en,page.txt,00\n"
SOURCES_RQ = """
PREFIX dct: <http://purl.org/dc/terms/>
CONSTRUCT { ?source dct:title ?name ; dct:identifier ?file, ?sha256, ?language }
WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(STRLANG(?title, ?language) AS ?name) }
"""


@dataclass(frozen=True)
class Content:
    """What a folder of tables came to: quads as spelled, with file, row and template, and findings."""

    quads: list[tuple[str, str, str, str, int, int, int]]
    findings: list[Finding]
    mapped: list[Mapped]

    @property
    def told(self) -> dict[tuple[str, str], str]:
        """What findings say in English, by their kind and first place."""
        return {(item.kind, str(item.places[0])): item.text("en") for item in self.findings}

    def stated(self, *, besides: str = "/source/") -> set[tuple[str, str, str]]:
        """The triples, but those about sources."""
        return {(s, p, o) for s, p, o, *_ in self.quads if besides not in s}


MapContent = Callable[..., Content]


@pytest.fixture(scope="session")
def executor() -> Iterator[DuckDB]:
    with DuckDB(threads=2) as executor:
        yield executor


def content_of(executor: DuckDB, root: Path, base: str, *, large: int = 300_000, shapes: str = "") -> Content:
    """Read and map the tables of a project; `shapes` are in Turtle."""
    executor.drop(SPELLED)
    names, data = GraphNames(base), root / "data"
    tables, findings, _ = read_tables(executor, data, root, large=large)
    mappings, problems = read_mappings(data, root, tables, base)
    parsed, _ = read_table(Declaration("sources", data / "sources.csv"), "data/sources.csv")
    sources, _ = read_sources(parsed, "data/sources.csv")
    lock = read_lock(data / "evidence.lock.csv", "data/evidence.lock.csv")[0]
    cited = cite(executor, tables, Evidence(sources, lock), names)
    mapped = map_tables(executor, tables, mappings, names)
    quads = list(executor.fetch(exp.select("*").from_(SPELLED)))
    triples = (quad.triple for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE))
    read = read_shapes([(str(each.subject), str(each.predicate), str(each.object)) for each in triples])
    judged = [*judge_rows(executor, mapped), *judge_mentions(executor, tables, mapped, read, base)]
    return Content(quads, [*findings, *problems, *cited, *judged], mapped)


@pytest.fixture
def map_content(executor: DuckDB, tmp_path: Path) -> MapContent:
    """Map tables that are given as text, by the name of their file."""

    def function(files: Mapping[str, str], *, large: int = 300_000, shapes: str = "") -> Content:
        (tmp_path / "data").mkdir(exist_ok=True)
        for name, text in {"sources.csv": SOURCES_CSV, "sources.rq": SOURCES_RQ, **files}.items():
            (tmp_path / "data" / name).write_text(text, encoding="utf-8", newline="")
        return content_of(executor, tmp_path, BASE, large=large, shapes=shapes)

    return function


@pytest.fixture
def content_of_folder(executor: DuckDB) -> Callable[[Path, str], Content]:
    """Map the tables of a project in a folder."""
    return lambda root, base: content_of(executor, root, base)
