"""An endpoint gives the same answers as the graph at hand; whatever else an address answers with is told, and never taken for an answer."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Protocol, TypeAlias
from urllib.parse import parse_qs

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.term import Node

from schakel import Settings
from schakel.answers import Answer
from schakel.errors import AnswerTooLongError, EndpointError, QueryFailedError, QueryTimeoutError, SchakelError
from schakel.graph import Term
from schakel.knowledge_graph import KnowledgeGraph
from schakel.namespaces import XSD
from schakel.opening import open_project
from schakel.queries import LANGUAGE, CannedQuery, Endpoint, Limits, with_values
from schakel.rdflib_copies import to_rdflib

Serve: TypeAlias = Callable[..., str]


class Listening(Protocol):
    url: str
    asked: list[str]
    answer: Callable[[BaseHTTPRequestHandler], None]


NAMES = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def here(published: Settings) -> Iterator[KnowledgeGraph]:
    """What is published, asked on this machine."""
    graph = open_project(published)
    yield graph
    graph.source.close()  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def there(published: Settings, sparql_server: Serve) -> KnowledgeGraph:
    """What is published, asked at an endpoint."""
    return open_project(published, sparql_server())


@pytest.fixture(scope="module")
def everything(here: KnowledgeGraph) -> Callable[[str], Answer]:
    """The answer to a query for all values of its parameters."""
    return cache(lambda name: here.query(name, language="nl", everything=True))


def values_of(answer: Answer, name: str) -> list[Term]:
    """Of the values of a column, the one with most rows, the one with fewest, and one between."""
    column = answer.columns.index(name)
    counts = Counter(row[column] for row in answer.rows if row[column] is not None)
    values = sorted(counts, key=lambda term: (-counts[term], str(term)))
    return [term for term in dict.fromkeys((values[0], values[len(values) // 2], values[-1])) if term is not None]


def examples(query: CannedQuery, answer: Answer) -> dict[str, Term]:
    """A value for each parameter that filters a column, all from one row, so that there is an answer; and a date."""
    asked = [each for each in query.asks if each.column]
    dates = {each.variable: Literal("2012-06-15", datatype=XSD.date) for each in query.asks if each.kind == "date"}
    for row in answer.rows:
        values = {each.variable: row[answer.columns.index(each.column)] for each in asked}
        if None not in values.values():
            return {**dates, **{name: term for name, term in values.items() if term is not None}}
    pytest.fail(f"no row of {query.name} has a value for each parameter")


# ------------------------------------------------------------------------------------------------------------------------ the same answers


@pytest.mark.parametrize("language", ["nl", "nb"])
@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_gives_the_same_rows_in_the_same_order(
    name: str, language: str, here: KnowledgeGraph, there: KnowledgeGraph, everything: Callable[[str], Answer]
) -> None:
    query = here.queries[name]
    bound = with_values(query.text, {**examples(query, everything(name)), LANGUAGE: Literal(f"{language} en")})
    answer = here.source.select(bound)
    assert there.source.select(bound) == answer
    assert answer.rows


@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_gives_the_same_rows_for_everything(name: str, there: KnowledgeGraph, everything: Callable[[str], Answer]) -> None:
    assert there.query(name, language="nl", everything=True) == everything(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_pasted_as_it_is_published_gives_the_same_rows(
    name: str, here: KnowledgeGraph, there: KnowledgeGraph, everything: Callable[[str], Answer]
) -> None:
    assert there.source.select(with_values(here.queries[name].text, {LANGUAGE: Literal("nl")})) == everything(name)


def test_each_parameter_of_each_query_keeps_the_rows_of_its_value(here: KnowledgeGraph, everything: Callable[[str], Answer]) -> None:
    asked = [(query, each) for query in here.queries.values() for each in query.asks if each.column]
    assert asked
    for query, parameter in asked:
        whole = everything(query.name)
        column = whole.columns.index(parameter.column)
        for value in values_of(whole, parameter.column):
            answer = here.source.select(with_values(query.in_languages("nl", *here.context.languages), {parameter.variable: value}))
            assert answer.columns == whole.columns
            assert answer.rows == tuple(row for row in whole.rows if row[column] == value), (query.name, parameter.name, value)


@pytest.fixture(scope="module")
def merged(published: Settings) -> rdflib.Graph:
    graph = rdflib.Graph()
    return graph.parse(published.publication / "download" / "graph.nt", format="nt")


@pytest.fixture(scope="module")
def graphs(published: Settings) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(published.publication / "download" / "dataset.nq", format="nquads")
    return dataset


# rdflib needs minutes for these; `make test-stores` compares them in other stores.
SLOW = {"evidence", "inferred", "only-in", "translations"}


@pytest.mark.parametrize("name", sorted(set(NAMES) - SLOW))
def test_another_engine_gives_the_same_rows(name: str, here: KnowledgeGraph, everything: Callable[[str], Answer], request: pytest.FixtureRequest) -> None:
    query = here.queries[name]
    bound = with_values(query.text, {**examples(query, everything(name)), LANGUAGE: Literal("nl en")})
    other = request.getfixturevalue("graphs" if "GRAPH" in query.text else "merged").query(bound)
    assert Counter(tuple(row) for row in other) == Counter(tuple(map(as_rdflib, row)) for row in here.source.select(bound).rows)


def as_rdflib(term: Term | None) -> Node | None:
    return None if term is None else next(to_rdflib([Triple(NamedNode("https://e/s"), NamedNode("https://e/p"), term)]).objects())


def test_it_answers_questions_of_every_form(there: KnowledgeGraph) -> None:
    assert there.sparql("ASK { ?goal a sk:Goal }") is True
    assert there.sparql("ASK { ?goal a <https://example.org/none> }") is False
    goals = there.sparql("CONSTRUCT { ?goal a sk:Goal } WHERE { ?goal a sk:Goal }")
    assert isinstance(goals, rdflib.Graph)
    rows = there.sparql("SELECT ?goal WHERE { ?goal a sk:Goal }")
    assert isinstance(rows, Answer)
    assert {str(goal) for goal in goals.subjects()} == {row["goal"] for row in rows}
    assert len(rows) > 0


def test_words_in_comments_of_a_query_do_not_make_it_another_query(there: KnowledgeGraph) -> None:
    # SPARQLWrapper looks for the form of a query in its text.
    query = "# who added what\n# an address to load, to drop, to delete\n# insert coin\nSELECT (1 AS ?one) WHERE { }"
    assert [row["one"] for row in there.source.select(query)] == [1]


def test_nobody_is_asked_through_an_endpoint(standard: str, listener: Listening) -> None:
    with pytest.raises(QueryFailedError):
        Endpoint(listener.url).ask(standard.replace("HOST", "https://example.org/"))
    assert listener.asked == []


def test_what_an_endpoint_finds_wrong_with_a_query_is_passed_on(there: KnowledgeGraph) -> None:
    with pytest.raises(QueryFailedError, match="error at "):
        there.source.select("SELECT * WHERE { ?s }")


@pytest.mark.parametrize("asked", ["MST", "org/mst", "https://kg.example.org/org/mst", "Medisch Spectrum Twente"])
def test_an_endpoint_without_a_default_graph_is_told_how_to_be_mended(asked: str, published: Settings, sparql_server: Serve) -> None:
    graph = open_project(published, sparql_server(union=False))
    with pytest.raises(EndpointError, match="default graph is empty"):
        graph.query("partners", organisation=asked)


def test_an_endpoint_without_a_default_graph_is_told_of_where_everything_is_asked(published: Settings, sparql_server: Serve) -> None:
    graph = open_project(published, sparql_server(union=False))
    with pytest.raises(EndpointError, match="default graph is empty"):
        graph.query("members", everything=True)


# --------------------------------------------------------------------------------------------------------------- what else an address says

RESULTS: Mapping[str, object] = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "literal", "value": "y"}}]}}
GOOD = json.dumps(RESULTS).encode()
SELECT = "SELECT ?x WHERE { ?x ?y ?z }"


def sends(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"content_type": "application/sparql-results+json", "content_length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_query_is_sent_as_the_protocol_has_it(listener: Listening) -> None:
    listener.answer = sends(GOOD)
    assert Endpoint(listener.url).select(SELECT) == Answer(("x",), ((Literal("y"),),))
    assert [parse_qs(body) for body in listener.asked] == [{"query": [SELECT]}]


def test_a_base_is_sent_along(listener: Listening) -> None:
    listener.answer = sends(GOOD)
    Endpoint(listener.url, "https://kg.example.org/").select(SELECT)
    assert parse_qs(listener.asked[0])["query"][0].split("\n") == ["BASE <https://kg.example.org/>", SELECT]


HTML = b"<!doctype html><title>Welcome</title>"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (sends(b"no such page", 404), EndpointError, "NotFound|404"),
        (sends(b"trouble", 500), EndpointError, "500"),
        (sends(b"later", 503), EndpointError, "503"),
        (sends(b"unexpected word at line 1", 400), QueryFailedError, "unexpected word at line 1"),
        (sends(b"who are you", 401), SchakelError, ""),
        (sends(b"not you", 403), SchakelError, ""),
        (sends(b"not like this", 405), SchakelError, ""),
        (sends(HTML, content_type="text/html"), EndpointError, "Welcome"),
        (sends(b"", content_type="text/html"), EndpointError, ""),
        (sends(GOOD[:-20]), EndpointError, ""),
        (sends(GOOD[:-20], content_length=str(len(GOOD))), EndpointError, ""),
        (sends(b'5\r\n{"hea\r\n', content_length="0", transfer_encoding="chunked"), EndpointError, ""),
        (sends(b'{"head": {}, "boolean": true}'), EndpointError, ""),
        (sends(b"[]"), EndpointError, ""),
        (sends(b"\xff\xfe"), EndpointError, ""),
        (sends(b"[" * 100_000), EndpointError, ""),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n"), EndpointError, ""),
        (lambda handler: handler.connection.close(), EndpointError, ""),
    ],
    ids=[
        "404",
        "500",
        "503",
        "400",
        "401",
        "403",
        "405",
        "HTML",
        "nothing",
        "cut",
        "cut-short",
        "cut-chunk",
        "ASK",
        "list",
        "no-UTF-8",
        "deep",
        "no-HTTP",
        "hangs-up",
    ],
)
def test_what_is_no_answer_is_told(answer: Callable[[BaseHTTPRequestHandler], None], error: type[SchakelError], words: str, listener: Listening) -> None:
    listener.answer = answer
    with pytest.raises(error, match=words or None) as caught:
        Endpoint(listener.url, limits=Limits(seconds=2)).select(SELECT)
    assert listener.url in str(caught.value)
    assert len(str(caught.value)) < 1000


def table_of_truth(*values: str) -> bytes:
    """What Virtuoso answers to an ASK."""
    rows = [{"__ASK_RETVAL": {"type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": value}} for value in values]
    return json.dumps({"head": {"link": [], "vars": ["__ASK_RETVAL"]}, "results": {"distinct": False, "ordered": True, "bindings": rows}}).encode()


@pytest.mark.parametrize(
    ("content", "truth"), [(b'{"head": {}, "boolean": true}', True), (b'{"boolean": false}', False), (table_of_truth("1"), True), (table_of_truth(), False)]
)
def test_yes_and_no_are_read_as_a_table_too(content: bytes, truth: bool, listener: Listening) -> None:  # noqa: FBT001  # a column of the table above
    listener.answer = sends(content)
    assert json.loads(Endpoint(listener.url).ask("ASK {}").content)["boolean"] is truth


@pytest.mark.parametrize("content", [GOOD, b"{}", HTML])
def test_what_is_neither_yes_nor_no_is_told(content: bytes, listener: Listening) -> None:
    listener.answer = sends(content)
    with pytest.raises(EndpointError, match="neither yes nor no"):
        Endpoint(listener.url).ask("ASK {}")


def test_results_are_taken_whatever_their_media_type(listener: Listening) -> None:
    listener.answer = sends(GOOD, content_type="text/plain")
    assert len(Endpoint(listener.url).select(SELECT)) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_address_that_has_moved_is_named_whatever_the_status(status: int, listener: Listening) -> None:
    # As a GET, the question is lost on the way; what is said of it there says nothing of the question.
    for there in (sends(GOOD), sends(b"There is no query.", 400), sends(b"", 500)):

        def answer(handler: BaseHTTPRequestHandler, there: Callable[[BaseHTTPRequestHandler], None] = there) -> None:
            (sends(b"", status, location="/new") if handler.path == "/" else there)(handler)

        listener.answer = answer
        with pytest.raises(EndpointError, match=r"it has moved to .*/new$"):
            Endpoint(listener.url).select(SELECT)


@pytest.mark.parametrize("content", [HTML, b"<https://e/a> <https://e/b>"])
def test_what_is_no_turtle_is_told(content: bytes, listener: Listening) -> None:
    listener.answer = sends(content, content_type="text/turtle")
    with pytest.raises(EndpointError, match="Turtle"):
        Endpoint(listener.url).ask("CONSTRUCT WHERE { ?s ?p ?o }")


def test_a_graph_that_was_cut_short_is_not_taken_for_the_whole(listener: Listening) -> None:
    line = b"<https://e/a> <https://e/b> <https://e/c> .\n"
    listener.answer = sends(line, content_type="text/turtle", content_length=str(2 * len(line)))
    with pytest.raises(EndpointError):
        Endpoint(listener.url).ask("CONSTRUCT WHERE { ?s ?p ?o }")


def test_an_answer_of_too_many_bytes_or_rows_is_an_error_and_no_part_of_it_is_given(listener: Listening) -> None:
    listener.answer = sends(GOOD)
    assert len(Endpoint(listener.url, limits=Limits(bytes=len(GOOD), rows=1)).select(SELECT)) == 1
    with pytest.raises(AnswerTooLongError, match="bytes"):
        Endpoint(listener.url, limits=Limits(bytes=len(GOOD) - 1)).select(SELECT)
    with pytest.raises(AnswerTooLongError, match="0 rows"):
        Endpoint(listener.url, limits=Limits(rows=0)).select(SELECT)


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Take the query and say nothing until nobody listens any more."""
    handler.rfile.read(1)
    handler.close_connection = True


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Say a little now and then, always in time for a socket that waits, until nobody listens any more."""
    sends(b"", content_length="1000000")(handler)
    with suppress(ConnectionError):
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)


@pytest.mark.parametrize("answer", [silent, dripping])
def test_an_endpoint_that_takes_too_long_is_not_waited_for(answer: Callable[[BaseHTTPRequestHandler], None], listener: Listening) -> None:
    listener.answer = answer
    with pytest.raises(QueryTimeoutError, match="1 seconds"):
        Endpoint(listener.url, limits=Limits(seconds=1)).select(SELECT)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1:1 /", "http://127.0.0.1:none/", "http:///query"])
def test_an_address_at_which_nobody_answers_is_told(url: str) -> None:
    with pytest.raises(EndpointError):
        Endpoint(url).select(SELECT)
