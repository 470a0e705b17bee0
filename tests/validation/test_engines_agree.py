"""Our engine finds what pySHACL finds by the project's own shapes, on all examples and on examples broken at random."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import rdflib
from rdflib import RDF, SH, SKOS, XSD, BNode, Graph, Literal, URIRef

from schakel import validate
from schakel.rdf_input import read_rdf_input
from schakel.second_opinion.shapes import compare_results, pyshacl_results
from schakel.stages.validation import Result

REPOSITORY = Path(__file__).parents[2]
BASE = "https://example.org/"
STRANGE = [
    Literal(""),
    Literal("x"),
    Literal(" \n"),
    Literal("a\u00a0b\t", lang="nl"),
    Literal("nåde", lang="en-gb"),
    Literal("07", datatype=XSD.integer, normalize=False),
    Literal("-3", datatype=XSD.integer),
    Literal("101", datatype=XSD.integer),
    Literal("seven", datatype=XSD.integer),
    Literal("12.50", datatype=XSD.decimal, normalize=False),
    Literal("1e3", datatype=XSD.double, normalize=False),
    Literal("2021-02-30", datatype=XSD.date),
    Literal("2021-02-29", datatype=XSD.date),
    Literal("2021-05-01", datatype=XSD.date),
    Literal("2021-05", datatype=XSD.gYearMonth),
    Literal("2021", datatype=XSD.gYear),
    Literal("20x1", datatype=XSD.gYear),
    Literal("2021\n"),
    BNode("strange"),
    URIRef(f"{BASE}strange"),
]

Triple = tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def agreed(data: Graph | Path) -> Sequence[Result]:
    """Have both engines judge, compare what they found, and give what ours said; pySHACL gives a solution that a query has twice only once."""
    shapes = REPOSITORY / "shapes"
    ours = validate(data, shapes).results
    differences = compare_results(ours, pyshacl_results(read_rdf_input(data).triples, read_rdf_input(shapes).triples))
    # Nor does it judge the form of years and of their months.
    known = [each for each in differences if each.ours > each.theirs and (each.theirs > 0 or "#gYear" in (each.value or ""))]
    assert [str(each) for each in differences if each not in known] == []
    return ours


@cache
def ontology() -> tuple[Triple, ...]:
    """The ontology with few of its concepts, so that they are not judged again with every example."""
    every = graph_of(triple for path in sorted((REPOSITORY / "ontology").rglob("*.ttl")) for triple in Graph().parse(path))
    kept = set(sorted(every.subjects(RDF.type, SKOS.Concept))[::12])
    return tuple(sorted(triple for triple in every if triple[2] != SKOS.Concept or triple[0] in kept))


@cache
def examples() -> tuple[Triple, ...]:
    return tuple(triple for path in sorted((REPOSITORY / "tests" / "shapes").glob("*/*.ttl")) for triple in sorted(Graph().parse(path)))


def test_they_agree_on_all_examples_in_one_graph() -> None:
    assert len({result.shape for result in agreed(graph_of({*ontology(), *examples()}))}) > 100


def test_every_shape_of_the_project_that_can_report_has_a_name() -> None:
    shapes = graph_of(triple for path in sorted((REPOSITORY / "shapes").glob("*.ttl")) for triple in Graph().parse(path))
    targeted = {shape for target in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf) for shape in shapes.subjects(target)}
    reporting = {*shapes.objects(None, SH.property), *targeted}
    assert len(reporting) > 150
    assert [str(shape) for shape in reporting if not isinstance(shape, URIRef)] == []
