"""The W3C's tests of RDF 1.1 syntaxes, and csv-spectrum, through the readers behind `validate`, `infer` and the tables of a project."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from rdflib import Namespace
from rdflib.collection import Collection
from sqlglot import exp

from schakel.compile.construct import CELL, ROW, rows_of
from schakel.engine import DuckDB
from schakel.errors import RdfUnreadableError
from schakel.project.tables import read_tables
from schakel.rdf_input import read_rdf_input

SUITES = Path(__file__).parent.parent.parent / "shared" / "testdata" / "w3c"
RDF, CSV = SUITES / "rdf11", SUITES / "csv-spectrum"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
ENDINGS = {"rdf-turtle": ".ttl", "rdf-n-triples": ".nt", "rdf-n-quads": ".nq", "rdf-trig": ".trig", "rdf-xml": ".rdf"}
# How many cases of each syntax there are, so that none is passed over.
COUNTS = {"rdf-turtle": 313, "rdf-n-triples": 70, "rdf-n-quads": 87, "rdf-trig": 357, "rdf-xml": 166}
# Oxigraph writes all namespaces in scope into an XML literal; the suite wants exclusive canonical XML, which has those that are used.
OTHERWISE = {"rdf-xml": ["xml-canon/test001.rdf", "xml-canon/test002.rdf"]}

pytestmark = pytest.mark.skipif(not SUITES.exists(), reason=f"the W3C's tests are not at {SUITES}")


class Case(NamedTuple):
    """A file that is well-formed or is not, and the file that says what it states, where the suite has one."""

    file: Path
    good: bool
    result: Path | None


def cases(syntax: str) -> list[Case]:
    manifest = RDF / syntax / "manifest.ttl"
    if not manifest.exists():
        # TriG comes without a manifest: names tell what is wrong, and the quads are next to the file.
        files = sorted((RDF / syntax).glob("*.trig"))
        return [Case(each, "-bad-" not in each.name, result if (result := each.with_suffix(".nq")).exists() else None) for each in files]
    graph = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
    entries = Collection(graph, graph.value(rdflib.URIRef(manifest.as_uri()), MF.entries))
    return [_case(graph, entry) for entry in entries]


def _case(graph: rdflib.Graph, entry: rdflib.term.Node) -> Case:
    kind, result = str(graph.value(entry, rdflib.RDF.type)), graph.value(entry, MF.result)
    return Case(_path(graph.value(entry, MF.action)), "Negative" not in kind, None if result is None else _path(result))


def _path(iri: object) -> Path:
    return Path(str(iri).removeprefix("file://"))


def stated(lines: str) -> list[str]:
    """Give statements in a form that does not depend on the names of blank nodes, without graphs; Oxigraph writes language tags small."""
    dataset = Dataset(Quad(quad.subject, quad.predicate, quad.object) for quad in parse(lines.encode(), format=RdfFormat.N_QUADS, lenient=True))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def read(file: Path, syntax: str) -> str:
    """Read a file; what is relative there is relative to where the suite says that it is."""
    triples: Iterable[tuple[str, str, str]] = read_rdf_input(file).triples
    text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    return text.replace((RDF / syntax).as_uri(), f"https://w3c.github.io/rdf-tests/rdf/rdf11/{syntax}")


@pytest.mark.parametrize("syntax", ENDINGS)
def test_files_are_read_as_the_suite_says(syntax: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    several = cases(syntax)
    for case in several:
        try:
            text = read(case.file, syntax)
        except RdfUnreadableError as error:
            wrong += [f"{case.file.name}: {error}"] if case.good else []
            continue
        if not case.good:
            wrong.append(f"{case.file.name} was read, and is not well-formed")
        elif case.result is not None and stated(text) != stated(case.result.read_text()):
            wrong.append(case.file.relative_to(RDF / syntax).as_posix())
    with capsys.disabled():
        print(f"\nW3C {syntax}: {len(several) - len(wrong)} of {len(several)}")  # noqa: T201  # the counts are for whoever reads the log
    assert (wrong, len(several)) == (OTHERWISE.get(syntax, []), COUNTS[syntax])


@pytest.mark.parametrize("large", [1, 1 << 30], ids=["by the executor", "by the careful parser"])
def test_awkward_tables_are_read_cell_by_cell(large: int, tmp_path: Path) -> None:
    for file in sorted((CSV / "csvs").glob("*.csv")):
        folder = tmp_path / f"{file.stem}-{large}"
        folder.mkdir()
        shutil.copy(file, folder / file.name)
        with DuckDB() as executor:
            tables, findings, _ = read_tables(executor, folder, tmp_path, large=large)
            expected = json.loads((CSV / "json" / f"{file.stem}.json").read_text())
            assert [item.kind for item in findings if item.kind not in {"bad-column-name", "missing-id"}] == []
            if not tables:
                continue
            (table,) = tables
            columns = [exp.column(CELL.format(at), "own") for at in range(len(table.columns))]
            plan = exp.select(*columns).from_(exp.to_table(table.source.table, alias="own")).order_by(exp.column(ROW, "own"))
            plan.set("where", rows_of(table.source))
            rows = [dict(zip(table.columns, (cell or "" for cell in cells), strict=True)) for cells in executor.fetch(plan)]
            assert [{name: cell.strip().replace("\r\n", "\n") for name, cell in row.items()} for row in expected] == rows, file.name
