"""The canned queries as RDF: each can be run by whoever has only that file, and says in words what it asks."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import DCTERMS, RDF, RDFS, SH, XSD, Graph, URIRef

from schakel import Settings, build
from schakel.answers import answer_from_json
from schakel.opening import open_project
from schakel.queries import CannedQuery

MakeProject = Callable[[Mapping[str, str | bytes]], Settings]
BASE = "https://kg.example.org/"
NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq"))
KEYWORDS = URIRef("https://schema.org/keywords")

# What those who gather examples ask of each, but for the address of an endpoint, which a publication does not have.
SHAPES = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:example:executable> a sh:NodeShape ;
  sh:targetClass sh:SPARQLExecutable ;
  sh:property [ sh:path sh:select ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path rdfs:comment ; sh:minCount 1 ; sh:uniqueLang true ; sh:or ( [ sh:datatype rdf:langString ] [ sh:datatype rdf:HTML ] ) ] ,
    [ sh:path schema:keywords ; sh:minCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path rdf:type ; sh:qualifiedValueShape [ sh:hasValue sh:SPARQLSelectExecutable ] ; sh:qualifiedMinCount 1 ] ,
    [ sh:path sh:prefixes ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
<urn:example:declaration> a sh:NodeShape ;
  sh:targetObjectsOf sh:declare ;
  sh:property [ sh:path sh:prefix ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path sh:namespace ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:anyURI ] .
"""


@pytest.fixture(scope="module")
def examples(published: Settings) -> Graph:
    return Graph().parse(published.publication / "queries" / "examples.ttl")


@pytest.fixture(scope="module")
def queries(published: Settings) -> Mapping[str, CannedQuery]:
    graph = open_project(published)
    try:
        return dict(graph.queries)
    finally:
        graph.source.close()  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def store(published: Settings) -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=published.publication / "download" / "dataset.nq", format=RdfFormat.N_QUADS)
    return store


def test_every_query_is_there_and_says_what_it_asks(examples: Graph, queries: Mapping[str, CannedQuery]) -> None:
    executables = {str(node).removeprefix(f"{BASE}queries/") for node in examples.subjects(RDF.type, SH.SPARQLSelectExecutable)}
    assert executables == set(queries) == set(NAMES)
    for name, query in queries.items():
        node = URIRef(f"{BASE}queries/{name}")
        assert texts(examples, node, RDFS.comment) == dict(query.title)
        assert texts(examples, node, DCTERMS.description) == dict(query.description)
        assert {str(word) for word in examples.objects(node, KEYWORDS)} == {query.category, *query.tags}


def texts(graph: Graph, node: URIRef, predicate: URIRef) -> dict[str, str]:
    return {str(text.language): str(text) for text in graph.objects(node, predicate) if isinstance(text, rdflib.Literal)}


@pytest.mark.parametrize("name", NAMES)
def test_a_query_taken_from_there_gives_the_published_answer(name: str, examples: Graph, store: ox.Store, published: Settings) -> None:
    select = str(examples.value(URIRef(f"{BASE}queries/{name}"), SH.select))
    assert not select.startswith("#")
    answered: Any = store.query(select, use_default_graph_as_union=True)
    answer = answer_from_json((published.publication / "queries" / f"{name}.json").read_bytes())
    assert [variable.value for variable in answered.variables] == list(answer.columns)
    assert sorted(map(repr, (tuple(row) for row in answered))) == sorted(map(repr, (tuple(row) for row in answer.rows)))


def test_the_file_is_what_gatherers_of_examples_expect(examples: Graph) -> None:
    shapes = Graph().parse(data=SHAPES, format="turtle")
    conforms, _, text = pyshacl.validate(examples, shacl_graph=shapes, inference="none")
    assert conforms, text
    examples_without = Graph()
    for triple in examples:
        if triple[1] != RDFS.comment:
            examples_without.add(triple)
    assert not pyshacl.validate(examples_without, shacl_graph=shapes, inference="none")[0]


def test_prefixes_are_declared_once_for_all(examples: Graph, published: Settings) -> None:
    (prefixes,) = set(examples.objects(None, SH.prefixes))
    declared = {str(examples.value(each, SH.prefix)): examples.value(each, SH.namespace) for each in examples.objects(prefixes, SH.declare)}
    assert declared["sk"] == rdflib.Literal("https://w3id.org/schakel/ns#", datatype=XSD.anyURI)
    used = {word for path in published.queries.glob("*.rq") for word in re.findall(r"^PREFIX (\w+):", path.read_text("utf-8"), re.MULTILINE)}
    assert used <= set(declared)


def test_there_are_no_blank_nodes_and_no_statement_comes_twice(published: Settings) -> None:
    statements = list(ox.parse(path=published.publication / "queries" / "examples.ttl", format=RdfFormat.TURTLE))
    assert len({str(each) for each in statements}) == len(statements)
    assert not [each for each in statements if isinstance(each.subject, ox.BlankNode) or isinstance(each.object, ox.BlankNode)]


# --------------------------------------------------------------------------------------------------------------------- an invented project

# Rows cite their source alone.
PROJECT = {
    "schakel.toml": """
base = "https://example.org/"
publisher = "Lighthouse Friends"
title = { en = "Lighthouses" }
description = { en = "Lighthouses and their keepers" }
[evidence]
require_passages = false
""",
    "data/towers.csv": "id,label,source\nbrandaris,Brandaris,page\n",
}
QUERY = '''#+ summary: Which tower?
#+ description: The tower "Brandaris" & <b>more</b>.
#+ method: GET

# title: Which tower \\\\ """is""" <script>that</script>?
# category: towers
# description: The tower "Brandaris" & <b>more</b>.
# column name: its name

PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
# A comment that explains the query.
SELECT ?name WHERE { <tower/brandaris> skos:prefLabel ?name FILTER(?name != "#no comment") } # the end
'''


def test_a_query_that_names_things_below_the_base_can_be_run_elsewhere(make_project: MakeProject) -> None:
    settings = make_project({**PROJECT, "queries/tower.rq": QUERY, "queries/none.rq": QUERY.replace("<tower/brandaris>", "?tower")})
    assert not build(settings).blocked
    graph = Graph().parse(settings.publication / "queries" / "examples.ttl")
    store = ox.Store()
    store.bulk_load(path=settings.publication / "download" / "graph.nt", format=RdfFormat.N_TRIPLES)
    with_base, without = (str(graph.value(URIRef(f"https://example.org/queries/{name}"), SH.select)) for name in ("tower", "none"))
    assert with_base.startswith("BASE <https://example.org/>\n")
    assert without.startswith("PREFIX skos:")
    for select in (with_base, without):
        answered: Any = store.query(select)
        assert [row["name"].value for row in answered] == ["Brandaris"]
        assert "# A comment that explains the query." in select
        assert select.endswith("# the end\n")
    comment = graph.value(URIRef("https://example.org/queries/tower"), RDFS.comment)
    assert str(comment) == 'Which tower \\\\ """is""" <script>that</script>?'


def test_a_project_without_queries_has_no_such_file(make_project: MakeProject) -> None:
    settings = make_project(PROJECT)
    assert not build(settings).blocked
    assert not (settings.publication / "queries" / "examples.ttl").exists()
