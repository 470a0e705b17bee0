"""The test suite of the W3C for SHACL, through the public function `validate`: every case of its core and of its SPARQL part."""

import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from schakel import validate
from schakel.errors import ShapeError

SUITE = Path(__file__).parent.parent.parent / "shared" / "testdata" / "w3c" / "shacl"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
COMPARED = (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.value, SH.sourceShape, SH.sourceConstraint, SH.resultPath)
COUNTS = {"core": 98, "sparql": 23}

pytestmark = pytest.mark.skipif(not SUITE.exists(), reason=f"the W3C's tests of SHACL are not at {SUITE}")


def read(path: Path) -> Graph:
    """Read a graph with its literals as they are, however ill-formed."""
    logging.disable(logging.WARNING)
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Graph().parse(path, publicID=path.as_uri())
    finally:
        logging.disable(logging.NOTSET)
        rdflib.NORMALIZE_LITERALS = before


def cases(part: str) -> list[Path]:
    return sorted(path for path in (SUITE / part).rglob("*.ttl") if "sht:Validate" in path.read_text())


def described(graph: Graph, node: Node) -> str:
    """Write a node so that blank nodes are what is said of them."""
    if not isinstance(node, BNode):
        return str(node.n3())
    if (node, RDF.first, None) in graph:
        return f"({' '.join(described(graph, each) for each in Collection(graph, node))})"
    return f"[{' '.join(sorted(f'{predicate} {described(graph, each)}' for predicate, each in graph.predicate_objects(node)))}]"


def results(graph: Graph, report: Node) -> Counter[tuple[str, ...]]:
    """Count the results of a report by what the suite compares; of blank nodes that are no paths only that they are there."""

    def value(result: Node, predicate: Any) -> str:  # noqa: ANN401  # a term of a namespace
        found = graph.value(result, predicate)
        if found is None:
            return ""
        return "_:" if isinstance(found, BNode) and predicate != SH.resultPath else described(graph, found)

    return Counter(tuple(value(result, each) for each in COMPARED) for result in graph.objects(report, SH.result))


def actions(path: Path) -> Iterator[tuple[Graph, Path, Path, Node]]:
    graph = read(path)
    for case in graph.subjects(RDF.type, SHT.Validate):
        action, result = graph.value(case, MF.action), graph.value(case, MF.result)
        assert action is not None
        assert result is not None
        data, shapes = (Path(str(graph.value(action, each)).removeprefix("file://")) for each in (SHT.dataGraph, SHT.shapesGraph))
        yield graph, data, shapes, result


@pytest.mark.parametrize("path", [*cases("core"), *cases("sparql")] if SUITE.exists() else [], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_of_the_suite_gives_its_results(path: Path) -> None:
    for graph, data, shapes, expected in actions(path):
        if expected == SHT.Failure:
            with pytest.raises(ShapeError):
                validate(data, shapes)
            continue
        report = validate(data, shapes)
        found = report.to_rdflib()
        assert results(found, next(found.subjects(RDF.type, SH.ValidationReport))) == results(graph, expected)
        assert report.conforms == (not results(graph, expected))


@pytest.mark.parametrize("part", COUNTS)
def test_the_suite_is_there_whole(part: str) -> None:
    assert sum(1 for path in cases(part) for _ in actions(path)) == COUNTS[part]
