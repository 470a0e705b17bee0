"""The SPARQL 1.1 Protocol: what it says that a client may ask, and what it gets."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from schakel import Settings

# Of the conftest beside.
Front: TypeAlias = Any

ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 3"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
FORM = "application/x-www-form-urlencoded"
JSON, XML, CSV, TSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"


def count(answer: Front) -> int:
    (binding,) = answer.json["results"]["bindings"]
    (value,) = binding.values()
    return int(value["value"])


def test_a_query_is_asked_by_get_by_form_and_by_its_own(front: Front) -> None:
    asked = [front.sparql(ALL), front.post("query=SELECT+%3Fs+%3Fp+%3Fo+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3", FORM), front.post(ALL)]
    for answer in asked:
        assert (answer.status, answer.headers["content-type"]) == (200, JSON)
        assert len(answer.json["results"]["bindings"]) == 3
    assert {answer.body for answer in asked} == {asked[0].body}


def test_a_media_type_may_have_a_charset(front: Front) -> None:
    assert front.post(ALL, "application/sparql-query; charset=UTF-8").status == 200
    assert front.post(ALL, "application/sparql-query; charset=utf-16").problem == "unsupported-media-type"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        ("application/json", JSON),
        (XML, XML),
        ("application/xml", XML),
        (CSV, CSV),
        (TSV, TSV),
        (f"{XML};q=0.5, {CSV};q=0.9", CSV),
        (f"text/html, {TSV};q=0.1", TSV),
    ],
)
def test_rows_come_in_the_format_wanted(accept: str | None, media_type: str, front: Front) -> None:
    answer = front.sparql(ALL, accept)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert "accept" in answer.headers["vary"].lower()
    rows = {
        JSON: lambda body: len(json.loads(body)["results"]["bindings"]),
        XML: lambda body: len(ET.fromstring(body).findall(".//{*}result")),  # noqa: S314  # of our own engine
        CSV: lambda body: len(list(csv.DictReader(io.StringIO(body.decode())))),
        TSV: lambda body: len(body.splitlines()) - 1,
    }
    assert rows[media_type](answer.body) == 3


@pytest.mark.parametrize(
    ("query", "asked", "media_type"),
    [
        (ALL, "csv", CSV),
        (ALL, "json", JSON),
        (ALL, "TSV", TSV),
        (ALL, "xml", XML),
        (ALL, XML, XML),
        (GRAPH, "ttl", "text/turtle"),
        (GRAPH, "jsonld", "application/ld+json"),
        (GRAPH, "rdf", "application/rdf+xml"),
        ("ASK { }", "xml", XML),
    ],
)
def test_a_client_that_cannot_send_accept_names_the_format(query: str, asked: str, media_type: str, front: Front) -> None:
    sent = urlencode({"query": query, "format": asked})
    for answer in (front.ask(f"/sparql?{sent}", Accept="text/html"), front.post(sent, FORM)):
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize(("query", "asked"), [(ALL, "ttl"), (ALL, "xlsx"), (ALL, ""), (GRAPH, "csv"), ("ASK { }", "csv")])
def test_a_format_that_is_none_is_an_error_and_never_another_format(query: str, asked: str, front: Front) -> None:
    answer = front.ask(f"/sparql?{urlencode({'query': query, 'format': asked})}")
    assert (answer.status, answer.problem) == (406, "not-acceptable")
    assert "format=" in answer.json["detail"]


@pytest.mark.parametrize("function", ["https://example.org/distance", "http://www.w3.org/2001/XMLSchema#anyURI"])
def test_a_function_that_the_engine_does_not_know_is_named(function: str, front: Front) -> None:
    for query in (f"SELECT (<{function}>(?o) AS ?x) WHERE {{ ?s ?p ?o }}", f"SELECT * WHERE {{ ?s ?p ?o FILTER(<{function}>(?o)) }}"):
        answer = front.sparql(query)
        assert (answer.status, answer.problem) == (400, "query-unreadable")
        assert f"<{function}>" in answer.json["detail"]


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
@pytest.mark.parametrize("query", [GRAPH, "DESCRIBE <https://example.org/tower/brandaris>"])
def test_statements_come_in_the_format_wanted(query: str, media_type: str, front: Front) -> None:
    answer = front.sparql(query, media_type)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    assert len(list(ox.parse(answer.body, format=ox.RdfFormat.from_media_type(media_type)))) >= 3


def test_yes_and_no(front: Front) -> None:
    assert front.sparql("ASK { ?s ?p ?o }").json["boolean"] is True
    assert front.sparql("ASK { ?s ?s ?s }", XML).body.endswith(b"<boolean>false</boolean></sparql>")


@pytest.mark.parametrize(("query", "accept"), [(ALL, "text/turtle"), (GRAPH, JSON), ("ASK { }", "image/png"), (ALL, "application/*;q=0, text/*;q=0")])
def test_a_format_that_there_is_not_is_told(query: str, accept: str, front: Front) -> None:
    answer = front.sparql(query, accept)
    assert (answer.status, answer.problem) == (406, "not-acceptable")


@pytest.mark.parametrize(
    "query", ["SELECT", "SELECT * WHERE {", "SELECT ?s WHERE { ?s e:p ?o }", "hello", "", "SELECT * { ?s ?p \ud83d }".encode("utf-8", "replace").decode()]
)
def test_what_is_no_query_is_refused(query: str, front: Front) -> None:
    for answer in (front.sparql(query), front.post(query)):
        assert (answer.status, answer.problem) == (400, "query-unreadable")


def test_an_error_names_its_place(front: Front) -> None:
    assert "line 2, column 7" in front.post("SELECT *\nWHERE ? { }").json["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/sparql?query=ASK%7B%7D&query=ASK%7B%7D"},
        {"path": "/sparql?default-graph-uri=https://example.org/x"},
        {"path": "/sparql?query=%FF"},
        {"path": "/sparql?query=%4"},
        {"path": "/sparql?" + "&".join(f"a{number}=1" for number in range(200))},
        {"path": "/sparql", "method": "POST", "body": b"", "Content_Type": FORM},
        {"path": "/sparql", "method": "POST", "body": b"\xff", "Content_Type": "application/sparql-query"},
        {"path": "/sparql", "method": "POST", "body": b"query=%FF", "Content_Type": FORM},
    ],
)
def test_a_request_that_is_none_is_refused(asked: dict[str, Any], front: Front) -> None:
    answer = front.ask(**asked)
    assert (answer.status, answer.problem) == (400, "bad-request")


@pytest.mark.parametrize("media_type", ["text/plain", "application/sparql-update", "multipart/form-data; boundary=x", "", "application/json"])
def test_other_bodies_are_not_taken(media_type: str, front: Front) -> None:
    answer = front.post(ALL, media_type)
    assert (answer.status, answer.problem) == (415, "unsupported-media-type")
    assert "application/sparql-query" in answer.headers["accept-post"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_taken(method: str, front: Front) -> None:
    answer = front.ask("/sparql", method=method)
    assert (answer.status, answer.problem) == (405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert set(front.ask("/void.ttl", method=method).headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_default_graph_is_the_merge_of_all(front: Front, towers: Settings) -> None:
    (index,) = [each for each in json.loads((towers.publication / "download" / "index.json").read_text()) if each["file"] == "graph.nt"]
    assert count(front.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == index["triples"]
    assert count(front.sparql("SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }")) == index["triples"]


def graphs(front: Front) -> list[str]:
    rows = front.sparql("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY DESC(?n)").json["results"]["bindings"]
    return [row["g"]["value"] for row in rows]


def test_the_dataset_can_be_chosen(front: Front) -> None:
    first, second, *_ = graphs(front)
    everything = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    one, other = (count(front.sparql(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")) for graph in (first, second))
    assert one > other > 0
    assert count(front.sparql(everything, default_graph_uri=first)) == one
    assert count(front.sparql(f"SELECT (COUNT(*) AS ?n) FROM <{first}> {{ ?s ?p ?o }}")) == one  # noqa: S608  # SPARQL, with names that the graph gave
    assert count(front.sparql(everything, default_graph_uri=[first, second])) == one + other
    named = front.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", named_graph_uri=second).json["results"]["bindings"]
    assert [row["g"]["value"] for row in named] == [second]
    posted = front.post(everything, path=f"/sparql?default-graph-uri={second}")
    assert count(posted) == other
    # What the protocol says goes before what the query says.
    assert count(front.sparql(f"SELECT (COUNT(*) AS ?n) FROM <{first}> {{ ?s ?p ?o }}", default_graph_uri=second)) == other  # noqa: S608  # SPARQL, with names that the graph gave


def test_relative_iris_are_below_the_base(front: Front) -> None:
    assert front.sparql("ASK { <tower/brandaris> ?p ?o }").json["boolean"] is True


def test_the_service_describes_itself(front: Front) -> None:
    for media_type in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"):
        answer = front.ask("/sparql", media_type)
        statements = {str(quad.triple) for quad in ox.parse(answer.body, format=ox.RdfFormat.from_media_type(media_type))}
        assert any("sparql-service-description#endpoint" in each and "/sparql>" in each for each in statements)
    assert front.ask("/sparql").headers["content-type"].startswith("text/turtle")
    reader = front.ask("/sparql", "text/html,*/*;q=0.8")
    assert reader.status == 303
    assert front.ask(reader.headers["location"]).status == 200


def test_head_gives_the_headers_alone(front: Front) -> None:
    answer = front.ask("/sparql?query=ASK%7B%7D", method="HEAD")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, JSON, b"")


def test_pages_elsewhere_may_ask(front: Front) -> None:
    answer = front.ask("/sparql", method="OPTIONS", Origin="https://other.example", Access_Control_Request_Method="POST")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "POST" not in front.ask("/api/towers", method="OPTIONS").headers["allow"]
    assert front.sparql(ALL).headers["access-control-allow-origin"] == "*"
