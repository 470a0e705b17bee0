"""Whatever a graph holds: JSON-LD, Turtle and TriG say the same to every reader as N-Triples do."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from schakel.engine import DuckDB, close_dictionary, encode
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS, STATEMENTS
from schakel.graph import from_ntriples
from schakel.namespaces import PREFIXES
from schakel.ntriples import joined, sorted_lines, to_lines
from schakel.publish.documents.jsonld import document
from schakel.publish.documents.jsonld_context import Context, context_document, context_for
from schakel.publish.documents.lines import turtle
from schakel.publish.survey import survey

BASE = "https://kg.example.org/"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"

ODD_ENDINGS = [
    *("", "a", "org/mst", "org/mst#part", "org/mst#part#", "#", "?", "a?b=c&d", "..", ".", "a/../b", "../a", "%2e%2e/a", "a/.", "//", "//a", "a//b"),
    *(
        "a:b",
        ":a",
        "a:",
        "mailto:a@b.example",
        "x(1)",
        "x,y;z",
        "x'y",
        "a*b",
        "@id",
        "@type",
        "$",
        "-",
        "_",
        "_:a",
        "~a",
        "é",
        "中文",
        "\u200d",
        "😀",
        "a.",
        "a.b",
    ),
    *("1", "001", "true", "type", "id", "graph", "base", "context", "org", "type-", "A", "org/MST", "a b".replace(" ", "%20"), "org:mst", "http://x.example/"),
]
ODD_STARTS = [
    *(BASE, "https://kg.example.org", "https://kg.example.orgx/", "http://kg.example.org/", "https://w3id.org/schakel/ns#", "https://w3id.org/schakel/role/"),
    *("http://www.w3.org/ns/org#", "http://purl.org/dc/terms/", "http://schema.org/", "https://other.example.org/", "https://other.example.org/org_"),
    *("urn:example:", "org:", "schema:", "sk:", "time:", "dct:", "tag:x.example,2020:", "mailto:", "x:"),
]
PREDICATES = [
    *("https://a.example/role", "https://b.example/role", "http://www.w3.org/ns/org#role", "https://c.example/org_role", "https://d.example/ns#org_role"),
    *("https://e.example/id", "https://e.example/type", "https://e.example/@id", "https://e.example/@type", "https://e.example/org", "https://e.example/sk"),
    *("https://e.example/", "https://e.example#", "urn:example:p", "org:p", "http://www.w3.org/2004/02/skos/core#prefLabel", f"{BASE}p", "https://e.example/é"),
    *("https://e.example/a.b", "https://e.example/a-", "https://e.example/graph", "https://e.example/value", "https://e.example/1", "https://e.example/_"),
]


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
        list(ox.parse(f"<{text}> <{text}> <{text}> .", format=RdfFormat.N_TRIPLES))
    except (ValueError, SyntaxError):
        return False
    return True


IRIS = st.builds(str.__add__, st.sampled_from(ODD_STARTS), st.sampled_from(ODD_ENDINGS)).filter(is_iri).map(NamedNode)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["", " ", "\n", "\r\n", "\t", '"', "\\", "\\u0041", "'''", '"""', "<//x>", "a\n\n<x> ", "\x00\x01", "\x7f\x85", "\u2028\ufeff", "{", "}", "@en", "1"]
    ),
)
LANGUAGES = st.sampled_from(["en", "nl", "nb", "zh-hans", "de-ch-1996", "x-klingon", "en-x-1"])
# No xsd:double: PyLD writes its value in another way, which is the same number.
DATATYPES = st.sampled_from(
    [f"{XSD}{name}" for name in ("integer", "decimal", "boolean", "date", "gYearMonth", "string", "anyURI", "token")]
) | st.sampled_from(["https://e.example/type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON", "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML", "org:d"])
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, LANGUAGES),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), TEXTS | st.sampled_from(["1", "1.0", "true", "2017-12", "1e5"]), DATATYPES),
)
TRIPLES = st.one_of(
    st.builds(Triple, IRIS, st.sampled_from([*map(NamedNode, PREDICATES)]) | IRIS, IRIS | LITERALS),
    st.builds(Triple, IRIS, st.just(RDF_TYPE), IRIS | LITERALS),
)
GRAPHS = st.lists(TRIPLES, max_size=12)


def no_loader(url: str, options: Any) -> Any:  # noqa: ANN401, ARG001  # as PyLD asks for it
    pytest.fail(f"the document refers to {url}")


def as_lines(graph: rdflib.Graph) -> set[bytes]:
    return to_lines(quad.triple for quad in ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES))


ENGINE = DuckDB(threads=1)


def context_of(lines: list[bytes]) -> Context:
    statements = {(str(triple.subject), str(triple.predicate), str(triple.object)) for triple in from_ntriples([joined(lines)])}
    ENGINE.load(SPELLED, SPELLED_COLUMNS, ((*statement, None, 0, 0, 0) for statement in statements))
    close_dictionary(ENGINE, [(SPELLED, ("s", "p", "o"))])
    encode(ENGINE, SPELLED, ("s", "p", "o"), (), STATEMENTS)
    return context_for(survey(ENGINE, BASE, PREFIXES), BASE)


def read_by_pyld(content: bytes) -> set[bytes]:
    quads = jsonld.to_rdf(json.loads(content), {"format": "application/n-quads", "documentLoader": no_loader})
    return to_lines(quad.triple for quad in ox.parse(quads.encode(), format=RdfFormat.N_QUADS))


def read_by_oxigraph(content: bytes, rdf_format: RdfFormat) -> set[bytes]:
    return to_lines(quad.triple for quad in ox.parse(content, format=rdf_format))


@given(GRAPHS)
@example([])
@example([Triple(NamedNode("org:x"), NamedNode("http://www.w3.org/ns/org#role"), NamedNode("org:y"))])
@example([Triple(NamedNode(f"{BASE}a#{n}"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}a#{n + 1}")) for n in range(3)])
@example(
    [
        Triple(NamedNode(f"{BASE}a#1"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}a#2")),
        Triple(NamedNode(f"{BASE}a#2"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}a#1")),
    ]
)
def test_json_ld_says_the_same_as_n_triples(triples: list[Triple]) -> None:
    lines = sorted_lines(to_lines(triples), BASE)
    content = document(joined(lines), context_of(lines))
    assert read_by_oxigraph(content, RdfFormat.JSON_LD) == set(lines)
    assert read_by_pyld(content) == set(lines)


@given(GRAPHS, IRIS)
@example([Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}a"))], NamedNode(f"{BASE}a"))
def test_a_document_about_one_thing_says_the_same_as_n_triples(triples: list[Triple], root: NamedNode) -> None:
    lines = sorted_lines(to_lines([*triples, Triple(root, RDF_TYPE, NamedNode(f"{BASE}Thing"))]), BASE)
    # The context is that of a larger graph, of which a part is written.
    larger = sorted_lines({*lines, *to_lines([Triple(root, NamedNode(p), Literal("x", language="en")) for p in PREDICATES])}, BASE)
    content = document(joined(lines), context_of(larger).only(joined(lines)), root=root.value)
    assert read_by_oxigraph(content, RdfFormat.JSON_LD) == set(lines)
    assert read_by_pyld(content) == set(lines)


@given(GRAPHS, GRAPHS)
@example([Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}q"))], [Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}q"), Literal("x"))])
def test_a_part_of_a_context_is_what_its_statements_need(part: list[Triple], rest: list[Triple]) -> None:
    content = joined(sorted_lines(to_lines(part), BASE))
    context = context_of(sorted_lines(to_lines([*part, *rest]), BASE))
    assert context.only(content).keys == {iri: key for iri, key in context.keys.items() if f"> <{iri}> ".encode() in content}


@given(GRAPHS)
def test_turtle_says_the_same_as_n_triples(triples: list[Triple]) -> None:
    lines = sorted_lines(to_lines(triples), BASE)
    content = turtle(joined(lines), BASE)
    assert read_by_oxigraph(content, RdfFormat.TURTLE) == set(lines)


# rdflib cannot read a prefixed name that ends with an escaped dot, which Turtle allows.
SOUND_ENDINGS = [ending for ending in ODD_ENDINGS if ending.isascii() and not ending.endswith(".")]
SOUND_IRIS = (
    st.builds(str.__add__, st.sampled_from([BASE, "https://other.example.org/", "http://www.w3.org/ns/org#"]), st.sampled_from(SOUND_ENDINGS))
    .filter(is_iri)
    .map(NamedNode)
)
SOUND_PREDICATES = st.sampled_from([NamedNode(p) for p in PREDICATES if p.startswith("http")])
SOUND_TEXTS = TEXTS.filter(lambda text: "\x00" not in text)
SOUND_GRAPHS = st.lists(st.builds(Triple, SOUND_IRIS, SOUND_PREDICATES, st.builds(Literal, SOUND_TEXTS) | SOUND_IRIS), max_size=8)


@given(SOUND_GRAPHS)
def test_turtle_says_the_same_to_rdflib(triples: list[Triple]) -> None:
    lines = sorted_lines(to_lines(triples), BASE)
    assert as_lines(rdflib.Graph().parse(data=turtle(joined(lines), BASE).decode(), format="turtle")) == set(lines)


@given(GRAPHS, st.randoms())
def test_equal_graphs_give_equal_bytes(triples: list[Triple], random: Any) -> None:  # noqa: ANN401  # Hypothesis' own kind of random
    shuffled = [*triples, *triples]
    random.shuffle(shuffled)
    one, other = (sorted_lines(to_lines(order), BASE) for order in (triples, shuffled))
    assert one == other
    assert turtle(joined(one), BASE) == turtle(joined(other), BASE)
    assert document(joined(one), context_of(one)) == document(joined(other), context_of(other))


def test_a_context_of_its_own_is_one_that_others_can_refer_to() -> None:
    lines = sorted_lines(to_lines([Triple(NamedNode(f"{BASE}a"), NamedNode("http://www.w3.org/ns/org#role"), NamedNode(f"{BASE}b"))]), BASE)
    context = json.loads(context_document(context_of(lines)))
    assert set(context) == {"@context"}
    (key,) = [key for key, definition in context["@context"].items() if isinstance(definition, dict)]
    body = {**context, "@id": "a", key: "b"}
    assert read_by_pyld(json.dumps(body).encode()) == set(lines)


def test_a_long_chain_of_parts_is_written() -> None:
    chain = [Triple(NamedNode(f"{BASE}list#{n:05}"), NamedNode(f"{BASE}next"), NamedNode(f"{BASE}list#{n + 1:05}")) for n in range(3000)]
    lines = sorted_lines(to_lines(chain), BASE)
    assert read_by_oxigraph(document(joined(lines), context_of(lines)), RdfFormat.JSON_LD) == set(lines)
