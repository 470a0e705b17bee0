"""Passages as a reader of the published graph finds them."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TypeAlias

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF

from schakel import Settings, build, record_evidence
from schakel.evidence import Span, name_passages
from schakel.graph import GraphNames

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
    digest = sha256(b"The tower of Brandaris\nstands on  Terschelling").hexdigest()
    assert passage == URIRef(f"{PAGE}#p-{digest[:12]}")
    assert graph.value(passage, OA.hasSource) == graph.value(passage, PROV.hadPrimarySource) == PAGE
    assert graph.value(passage, SK.sha256) == Literal(digest)
    assert [graph.value(passage, words) for words in (SK.firstWords, SK.lastWords)] == [Literal("The tower of Brandaris"), Literal("on Terschelling")]
    # The first and last words alone are not a quotation, and a source without an address has no fragment that a browser could open.
    (position,) = graph.objects(passage, OA.hasSelector)
    assert (position, RDF.type, OA.TextPositionSelector) in graph
    assert [int(str(number)) for link in (OA.start, OA.end) for number in graph.objects(position, link)] == [0, 46]


def test_a_passage_of_a_few_words_says_them(published_with: Callable[[str], Graph]) -> None:
    graph = published_with("on Terschelling")
    passage = the_passage(graph)
    quote = selector(graph, passage, OA.hasSelector, OA.TextQuoteSelector)
    assert str(graph.value(quote, OA.exact)) == "on Terschelling"
    assert [graph.value(passage, words) for words in (SK.firstWords, SK.lastWords)] == [Literal("on Terschelling"), None]


def test_a_passage_of_a_page_with_an_address_has_a_fragment_that_opens_the_page_there(make_project: MakeProject) -> None:
    text = "The tower of Brandaris stands on Terschelling.\n"
    files = {
        "pages/page.txt": text,
        "data/sources.rq": """PREFIX foaf: <http://xmlns.com/foaf/0.1/>
            PREFIX sk: <https://w3id.org/schakel/ns#>
            CONSTRUCT { ?source a sk:SourceDocument ; sk:title ?title ; sk:language ?language ; sk:file ?file ; sk:sha256 ?sha256 ; foaf:page ?page }
            WHERE { BIND(IRI(CONCAT("source/", ?id)) AS ?source) BIND(IRI(?address) AS ?page) }""",
        "data/sources.csv": f"id,title,language,file,sha256,address\npage,A page,en,page.txt,{sha256(text.encode()).hexdigest()},https://far.example/log?a=1\n",
        "data/towers.csv": "id,label,source,passage\nbrandaris,Brandaris,page,The tower of Brandaris … on Terschelling\n",
    }
    settings = make_project(files)
    assert not record_evidence(settings).blocked
    assert not build(settings).blocked
    graph = Graph().parse(settings.publication / "download" / "graph.nt")
    fragment = selector(graph, the_passage(graph), OA.hasSelector, OA.FragmentSelector)
    assert graph.value(fragment, RDF.value) == Literal(":~:text=The%20tower%20of%20Brandaris,on%20Terschelling")
    assert graph.value(fragment, DCTERMS.conformsTo) == URIRef("https://wicg.github.io/scroll-to-text-fragment/")


def test_the_same_words_again_have_a_name_with_a_number_in_the_order_of_their_positions() -> None:
    again, first, other = Span(30, 34, "ab" * 32), Span(10, 14, "ab" * 32), Span(20, 25, "cd" * 32)
    lock = {("page", "tower … lit"): again, ("page", "The tower"): first, ("page", "The  tower"): first, ("page", "light"): other, ("log", "The tower"): first}
    named = name_passages(lock, GraphNames("https://example.org/"))
    assert {key: name.value.removeprefix("https://example.org/source/") for key, name in named.items()} == {
        ("page", "The tower"): "page#p-abababababab",
        ("page", "The  tower"): "page#p-abababababab",
        ("page", "tower … lit"): "page#p-abababababab-2",
        ("page", "light"): "page#p-cdcdcdcdcdcd",
        ("log", "The tower"): "log#p-abababababab",
    }
    assert all(GraphNames("https://example.org/").is_passage(name) for name in named.values())


def test_what_a_passage_speaks_of_is_stated_in_it(published_with: Callable[[str], Graph]) -> None:
    graph = published_with("on Terschelling")
    assert list(graph.subject_objects(SK.statedIn)) == [(URIRef("https://example.org/tower/brandaris"), the_passage(graph))]
    assert not list(graph.subject_objects(PROV.wasDerivedFrom))
