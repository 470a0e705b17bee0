"""SPARQL's JSON keeps every term, other readers read the same, and what endpoints send is read or refused with a reason."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat

from schakel.answers import Answer, answer_from_json, answer_of, write_boolean
from schakel.answers.formats import FORMATS
from schakel.namespaces import RDF, XSD


def results(*rows: dict[str, Any], columns: tuple[str, ...] = ("a", "b")) -> bytes:
    return json.dumps({"head": {"vars": columns, "link": []}, "results": {"distinct": False, "bindings": rows}}).encode()


def test_what_a_store_answers_is_written_as_the_store_would() -> None:
    store = ox.Store()
    query = """SELECT * WHERE { VALUES (?a ?b) {
        (<https://kg.example.org/org/mst> "MST"@nl) (1.50 UNDEF) (true "x\\n\\"\\u0000") ("2017-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth> 7) } }"""
    answer = answer_of(store.query(query))  # type: ignore[arg-type]
    theirs = store.query(query).serialize(format=QueryResultsFormat.JSON)  # type: ignore[union-attr]
    assert json.loads(FORMATS["json"](answer)) == json.loads(theirs)  # type: ignore[arg-type]


def test_a_literal_of_an_old_endpoint_is_read() -> None:
    answer = answer_from_json(results({"a": {"type": "typed-literal", "value": "7", "datatype": XSD.integer.value}}))
    assert answer.rows == ((Literal("7", datatype=XSD.integer), None),)


def test_blank_nodes_that_sparql_cannot_name_stay_apart() -> None:
    names = ["nodeID://b1", "nodeID://b2", "b3", "nodeID://b1"]
    answer = answer_from_json(results(*({"a": {"type": "bnode", "value": name}} for name in names)))
    first, second, third, fourth = (row[0] for row in answer.rows)
    assert first == fourth
    assert len({first, second, third}) == 3
    assert third == BlankNode("b3")


def test_what_is_null_or_missing_is_unbound_and_an_empty_language_none() -> None:
    answer = answer_from_json(results({"a": None}, {"b": {"type": "literal", "value": "x", "xml:lang": ""}}))
    assert answer.rows == ((None, None), (None, Literal("x")))


def test_columns_that_sparql_cannot_name_are_read() -> None:
    answer = answer_from_json(results({"callret-0": {"type": "uri", "value": "a:b"}}, columns=("callret-0",)))
    assert answer == Answer(("callret-0",), ((NamedNode("a:b"),),))


def test_a_byte_order_mark_is_no_error() -> None:
    assert len(answer_from_json(b"\xef\xbb\xbf" + results({}))) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Bad gateway</html>",
        b"\xff\xfe\xfd",
        b"[]",
        b"{}",
        b'{"head":{},"boolean":true}',
        b'{"head":{"vars":["a"]}}',
        b'{"head":{"vars":[1]},"results":{"bindings":[]}}',
        results(columns=("a", "a")),
        results({"a": {"type": "uri", "value": "a:b"}})[:-3],
        results({"c": {"type": "uri", "value": "a:b"}}),
        b"[" * 100_000,
        b'{"head":{"vars":["a"]},"results":{"bindings":[' + b'{"a":' * 50_000,
    ],
)
def test_what_is_no_answer_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        answer_from_json(content)


@pytest.mark.parametrize(
    "term",
    [
        "x",
        7,
        [],
        {},
        {"type": "uri"},
        {"type": "uri", "value": "no iri"},
        {"type": "uri", "value": "org/mst"},
        {"type": "uri", "value": 7},
        {"type": ["uri"], "value": "a:b"},
        {"type": "number", "value": "7"},
        {"type": "literal", "value": 7},
        {"type": "literal", "value": None},
        {"type": "literal", "value": "\ud800"},
        {"type": "literal", "value": "x", "xml:lang": "en_US"},
        {"type": "literal", "value": "x", "xml:lang": "en", "its:dir": "up"},
        {"type": "literal", "value": "x", "datatype": "integer"},
        {"type": "bnode", "value": 7},
        {"type": "triple", "value": {"subject": {"type": "uri", "value": "a:b"}}},
        {"type": "triple", "value": {part: {"type": "literal", "value": "x"} for part in ("subject", "predicate", "object")}},
    ],
)
def test_a_term_that_is_none_is_a_value_error_that_says_in_which_row(term: object) -> None:
    with pytest.raises(ValueError, match="row 2: "):
        answer_from_json(results({}, {"a": term}))


def test_terms_nested_too_deeply_are_refused_and_not_the_end_of_the_program() -> None:
    term: dict[str, Any] = {"type": "literal", "value": "x"}
    iri = {"type": "uri", "value": "a:b"}
    for _ in range(400):
        term = {"type": "triple", "value": {"subject": iri, "predicate": iri, "object": term}}
    start, end = json.dumps(term).split('{"type": "literal", "value": "x"}')
    deep = start * 200 + '{"type": "literal", "value": "x"}' + end * 200
    with pytest.raises(ValueError, match=r"deep|recursion"):
        answer_from_json(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":' + deep.encode() + b"}]}}")


def test_a_text_that_claims_a_datatype_of_languages_without_one_keeps_it() -> None:
    odd = Answer(("a",), ((Literal("x", datatype=RDF.langString),),))
    assert answer_from_json(FORMATS["json"](odd)) == odd


def test_an_answer_to_an_ask_is_read_by_others() -> None:
    for truth, text in ((True, b"true\n"), (False, b"false\n")):
        assert bool(ox.parse_query_results(write_boolean(truth), format=QueryResultsFormat.JSON)) is truth
        assert write_boolean(truth, "text") == text
