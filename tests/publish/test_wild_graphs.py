"""Whatever a graph holds: JSON-LD, Turtle and TriG say the same to every reader as N-Triples do."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from schakel.engine import DuckDB, close_dictionary, encode
from schakel.engine.relations import QUADS, SPELLED, SPELLED_COLUMNS
from schakel.namespaces import PREFIXES
from schakel.publish import write_dumps
from schakel.publish.documents import DocumentWriter, Statement, n_triples, spelled_triples, turtle
from schakel.stages.dataset import make_dataset

BASE = "https://kg.example.org/"
# Each example writes all dumps, and others read them.
FEWER = settings(max_examples=settings().max_examples // 2)
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


def read_by_oxigraph(content: bytes, rdf_format: RdfFormat) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(content, format=rdf_format)}


def as_triples(statements: Iterable[Statement]) -> set[str]:
    return read_by_oxigraph(n_triples(statements), RdfFormat.N_TRIPLES)


ENGINE = DuckDB(threads=1)


def writer_of(statements: Iterable[Statement], folder: Path) -> DocumentWriter:
    """Give what writes parts of a graph, as the dumps of all of it leave it."""
    ENGINE.load(SPELLED, SPELLED_COLUMNS, ((*statement, f"<{BASE}g>", 0, 0, 0) for statement in statements))
    close_dictionary(ENGINE, [(SPELLED, ("s", "p", "o", "g"))])
    encode(ENGINE, SPELLED, ("s", "p", "o", "g"), ("file", "row", "template"), QUADS)
    make_dataset(ENGINE, None, 0)
    return write_dumps(ENGINE, folder, base=BASE, prefixes=PREFIXES)[1]


def read_by_pyld(content: bytes) -> set[str]:
    quads = jsonld.to_rdf(json.loads(content), {"format": "application/n-quads", "documentLoader": no_loader})
    return read_by_oxigraph(quads.encode(), RdfFormat.N_QUADS)


@FEWER
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
def test_json_ld_says_the_same_as_n_triples(tmp_path: Path, triples: list[Triple]) -> None:
    statements = list(spelled_triples(triples))
    content = writer_of(statements, tmp_path).json_ld(statements)
    assert read_by_oxigraph(content, RdfFormat.JSON_LD) == read_by_pyld(content) == as_triples(statements)


@FEWER
@given(GRAPHS, IRIS)
@example([Triple(NamedNode(f"{BASE}a"), NamedNode(f"{BASE}p"), NamedNode(f"{BASE}a"))], NamedNode(f"{BASE}a"))
def test_a_document_about_one_thing_says_the_same_as_n_triples(tmp_path: Path, triples: list[Triple], root: NamedNode) -> None:
    statements = list(spelled_triples([*triples, Triple(root, RDF_TYPE, NamedNode(f"{BASE}Thing"))]))
    # The keys are those of a larger graph, of which a part is written.
    larger = [*statements, *spelled_triples(Triple(root, NamedNode(p), Literal("x", language="en")) for p in PREDICATES)]
    content = writer_of(larger, tmp_path).json_ld(statements, root.value)
    assert read_by_oxigraph(content, RdfFormat.JSON_LD) == read_by_pyld(content) == as_triples(statements)


def nodes_of(value: object) -> Iterator[dict[str, object]]:
    """Give the nodes of a document, at whatever depth, without its context."""
    if isinstance(value, list):
        yield from (node for each in value for node in nodes_of(each))
    elif isinstance(value, dict):
        yield value
        yield from (node for key, each in value.items() if key != "@context" for node in nodes_of(each))


@FEWER
@given(GRAPHS)
def test_a_key_has_the_form_that_the_dump_gives_it(tmp_path: Path, triples: list[Triple]) -> None:
    statements = list(spelled_triples(triples))
    writer = writer_of(statements, tmp_path)
    context = json.loads((tmp_path / "graph.jsonld").read_bytes())["@context"]
    assert json.loads(writer.context())["@context"] == context
    for subject in {subject for subject, *_ in statements}:
        document = json.loads(writer.json_ld([each for each in statements if each[0] == subject], subject[1:-1]))
        assert document["@context"].items() <= context.items()
        for node in nodes_of(document):
            for key, value in node.items():
                definition = context.get(key)
                if isinstance(definition, dict) and not key.startswith("@"):
                    containers = definition.get("@container", [])
                    values = value.values() if "@language" in containers and isinstance(value, dict) else [value]
                    assert {isinstance(each, list) for each in values} == {"@set" in containers}


@FEWER
@given(GRAPHS)
def test_turtle_is_that_of_the_dump(tmp_path: Path, triples: list[Triple]) -> None:
    statements = list(spelled_triples(triples))
    written = writer_of(statements, tmp_path).turtle(statements).decode()
    dumped = (tmp_path / "graph.ttl").read_text("utf-8")
    # Own subjects come first in a document, and prefixes are those that it uses.
    assert sorted(blocks_of(written)) == sorted(blocks_of(dumped))
    assert read_by_oxigraph(written.encode(), RdfFormat.TURTLE) == as_triples(statements)


def blocks_of(document: str) -> list[str]:
    return document.rstrip("\n").split("\n\n")[1:]


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


@FEWER
@given(SOUND_GRAPHS)
def test_turtle_says_the_same_to_rdflib(triples: list[Triple]) -> None:
    statements = list(spelled_triples(triples))
    graph = rdflib.Graph().parse(data=turtle(statements, BASE, PREFIXES).decode(), format="turtle")
    assert read_by_oxigraph(graph.serialize(format="nt", encoding="utf-8"), RdfFormat.N_TRIPLES) == as_triples(statements)


@FEWER
@given(GRAPHS, st.randoms())
def test_equal_graphs_give_equal_bytes(tmp_path: Path, triples: list[Triple], random: Any) -> None:  # noqa: ANN401  # Hypothesis' own kind of random
    one = list(spelled_triples(triples))
    other = [*one, *one]
    random.shuffle(other)
    writer = writer_of(one, tmp_path)
    assert writer.turtle(one) == writer.turtle(other)
    assert writer.json_ld(one) == writer.json_ld(other)


def test_literals_and_tags_are_as_stated(tmp_path: Path) -> None:
    values = ['"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"Colour"@en-GB', '"007"^^<http://www.w3.org/2001/XMLSchema#integer>', '"a\\nb"']
    statements = [(f"<{BASE}a>", f"<{BASE}p{number}>", value) for number, value in enumerate(values)]
    writer = writer_of(statements, tmp_path)
    assert writer.turtle(statements).decode().splitlines()[3:] == ["<a> <p0> 1.50 ;", '\t<p1> "Colour"@en-GB ;', "\t<p2> 007 ;", '\t<p3> "a\\nb" .']
    document = json.loads(writer.json_ld(statements, f"{BASE}a"))
    assert [document[f"p{number}"] for number in range(4)] == [["1.50"], {"en-GB": ["Colour"]}, ["007"], ["a\nb"]]


def test_the_context_of_its_own_is_one_that_others_can_refer_to(tmp_path: Path) -> None:
    statements = [(f"<{BASE}a>", "<http://www.w3.org/ns/org#role>", f"<{BASE}b>")]
    context = json.loads(writer_of(statements, tmp_path).context())
    (key,) = [key for key, definition in context["@context"].items() if isinstance(definition, dict)]
    assert read_by_pyld(json.dumps({**context, "@id": "a", key: ["b"]}).encode()) == as_triples(statements)


def test_a_long_chain_of_parts_is_written(tmp_path: Path) -> None:
    statements = [(f"<{BASE}list#{n:05}>", f"<{BASE}next>", f"<{BASE}list#{n + 1:05}>") for n in range(3000)]
    assert read_by_oxigraph(writer_of(statements, tmp_path).json_ld(statements), RdfFormat.JSON_LD) == as_triples(statements)
