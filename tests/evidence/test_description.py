"""Passages as a reader of the published graph finds them."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TypeAlias

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, RDF

from schakel import Settings, build, record_evidence

MakeProject: TypeAlias = Callable[[Mapping[str, str | bytes]], Settings]

OA = Namespace("http://www.w3.org/ns/oa#")
SK = Namespace("https://w3id.org/schakel/ns#")
PAGE = URIRef("https://example.org/source/page")


@pytest.fixture
def published_with(make_project: MakeProject) -> Callable[[str], Graph]:
    """Publish a project with one row that cites a passage; give its graph."""

    def publish(passage: str) -> Graph:
        settings = make_project({"data/towers.csv": f"id,label,source,passage\nbrandaris,Brandaris,page,{passage}\n"})
        assert not record_evidence(settings).blocked
        assert not build(settings).blocked
        return Graph().parse(settings.publication / "download" / "graph.nt")

    return publish


def the_passage(graph: Graph) -> URIRef:
    (passage,) = graph.subjects(RDF.type, OA.SpecificResource)
    assert isinstance(passage, URIRef)
    return passage


def selector(graph: Graph, owner: URIRef, link: URIRef, kind: URIRef) -> URIRef:
    (found,) = (node for node in graph.objects(owner, link) if (node, RDF.type, kind) in graph)
    assert isinstance(found, URIRef)
    return found


def test_a_passage_of_first_and_last_words_says_both_and_its_place(published_with: Callable[[str], Graph]) -> None:
    graph = published_with("The tower of Brandaris … on Terschelling")
    passage = the_passage(graph)
    assert passage == URIRef("https://example.org/passage/page/0-46")
    assert graph.value(passage, OA.hasSource) == PAGE
    assert graph.value(passage, SK.sha256) == Literal(sha256(b"The tower of Brandaris\nstands on  Terschelling").hexdigest())
    words = selector(graph, passage, OA.hasSelector, OA.RangeSelector)
    first = selector(graph, words, OA.hasStartSelector, OA.TextQuoteSelector)
    last = selector(graph, words, OA.hasEndSelector, OA.TextQuoteSelector)
    assert (str(graph.value(first, OA.exact)), str(graph.value(last, OA.exact))) == ("The tower of Brandaris", "on Terschelling")
    position = selector(graph, passage, OA.hasSelector, OA.TextPositionSelector)
    assert [int(str(number)) for link in (OA.start, OA.end) for number in graph.objects(position, link)] == [0, 46]


def test_a_passage_of_a_few_words_says_them(published_with: Callable[[str], Graph]) -> None:
    graph = published_with("on Terschelling")
    quote = selector(graph, the_passage(graph), OA.hasSelector, OA.TextQuoteSelector)
    assert str(graph.value(quote, OA.exact)) == "on Terschelling"
    assert not list(graph.subjects(RDF.type, OA.RangeSelector))


def test_what_a_passage_speaks_of_is_derived_from_it(published_with: Callable[[str], Graph]) -> None:
    graph = published_with("on Terschelling")
    assert list(graph.subject_objects(PROV.wasDerivedFrom)) == [(URIRef("https://example.org/tower/brandaris"), the_passage(graph))]
