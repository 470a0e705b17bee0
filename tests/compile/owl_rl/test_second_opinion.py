"""Small random ontologies: what the rules conclude is what owlrl does, wherever it follows the specification."""

import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from owlrl.OWLRL import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS

from schakel import infer

EX = rdflib.Namespace("https://example.org/")
CLASSES = [EX[name] for name in "ABC"]
PROPERTIES = [EX[name] for name in "pqr"]
THINGS = [EX[name] for name in "wxyz"]
CHARACTERISTICS = [OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.FunctionalProperty, OWL.InverseFunctionalProperty]

classes, properties, things = (st.sampled_from(each) for each in (CLASSES, PROPERTIES, THINGS))
axioms = st.one_of(
    st.tuples(classes, st.sampled_from([RDFS.subClassOf, OWL.equivalentClass]), classes),
    st.tuples(properties, st.sampled_from([RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf]), properties),
    st.tuples(properties, st.sampled_from([RDFS.domain, RDFS.range]), classes),
    st.tuples(properties, st.just(RDF.type), st.sampled_from(CHARACTERISTICS)),
    st.tuples(st.sampled_from(["above", "below"]), classes, properties, st.sampled_from([OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue]), classes),
    st.tuples(st.just("list"), st.sampled_from([OWL.intersectionOf, OWL.unionOf]), classes, st.lists(classes, min_size=1, max_size=3)),
    st.tuples(st.just("list"), st.just(OWL.propertyChainAxiom), properties, st.lists(properties, min_size=1, max_size=3)),
)
statements = st.one_of(
    st.tuples(things, properties, things),
    st.tuples(things, st.just(RDF.type), classes),
    st.tuples(things, st.just(OWL.sameAs), things),
)


def graph_of(parts: list[tuple[object, ...]]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for number, part in enumerate(parts):
        node = rdflib.BNode(f"n{number}")
        if part[0] == "list":
            _, link, subject, members = part
            rdflib.collection.Collection(graph, node, members)
            graph.add((subject, link, node))
        elif len(part) > 3:
            side, of, on, kind, filler = part
            graph.add((node, OWL.onProperty, on))
            graph.add((node, kind, EX.x if kind == OWL.hasValue else filler))
            graph.add((of, RDFS.subClassOf, node) if side == "above" else (node, RDFS.subClassOf, of))
        else:
            graph.add(part)
    return graph


def about_things(graph: rdflib.Graph) -> set[tuple[object, ...]]:
    """Give what is said of named things in terms of the example, and which of them are the same."""
    return {
        (s, p, o)
        for s, p, o in graph
        if s in THINGS and ((p in PROPERTIES and o in THINGS) or (p == RDF.type and o in CLASSES) or (p == OWL.sameAs and o in THINGS and s != o))
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(axioms, min_size=1, max_size=6), st.lists(statements, min_size=1, max_size=6))
def test_conclusions_are_those_of_owlrl(said: list[tuple[object, ...]], stated: list[tuple[object, ...]]) -> None:
    graph = graph_of([*said, *stated])
    closure = rdflib.Graph() + graph
    OWLRL_Semantics(closure, axioms=False, daxioms=False, rdfs=False).closure()
    found = infer(graph, everything=True, explain=True)
    assert about_things(graph + found.to_rdflib()) == about_things(closure)
    # Whatever follows has a proof that ends in what is stated.
    known = {tuple(term.n3() for term in triple) for triple in graph}
    pending = list(found.explanations.values())
    assert len(pending) == len(found.triples)
    while pending:
        at = pending.pop()
        assert at.rule or at.triple in known
        pending += at.premises
