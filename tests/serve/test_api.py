"""Canned queries as an API: the answers of `schakel query`, in formats and pages, and a description that is true."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlencode

import pytest
from openapi_spec_validator import validate

from schakel import KnowledgeGraph, Settings, open_graph
from schakel.answers import FORMATS

# Of the conftest beside.
Front: TypeAlias = Any

FORMAT_TYPES = {
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/x-ndjson",
    "md": "text/markdown",
}


@pytest.fixture(scope="module")
def graph(published: Settings) -> Iterator[KnowledgeGraph]:
    with open_graph(published.publication) as opened:
        yield opened


def test_every_canned_query_answers_as_it_does_without_a_server(published: Settings, graph: KnowledgeGraph, serve: Callable[..., Any]) -> None:
    with serve(published.root) as front:
        for query in graph.queries.values():
            given = {name: value for name, value in graph.examples(query).items() if name in {each.name for each in query.asks}}
            answer = front.ask(f"/api/{query.name}?{urlencode({**given, 'everything': 'true', 'language': 'nl'})}")
            assert answer.status == 200, (query.name, answer.body)
            expected = graph.ask(query.name, given, everything=True, language="nl")
            assert answer.body == FORMATS["json"](expected), (query.name, given)
            assert answer.headers["x-total-count"] == str(len(expected))
        validate(front.ask("/api/openapi.json").json)


@pytest.mark.parametrize("name", FORMAT_TYPES)
def test_formats(name: str, front: Front) -> None:
    by_name, by_header = front.ask(f"/api/towers?format={name}"), front.ask("/api/towers", FORMAT_TYPES[name])
    assert by_name.headers["content-type"].partition(";")[0] == FORMAT_TYPES[name]
    assert by_name.body == by_header.body
    assert b"Brandaris" in by_name.body


def test_a_thing_may_be_given_by_iri_id_or_name(front: Front) -> None:
    for typed in ("https%3A%2F%2Fexample.org%2Ftower%2Fbrandaris", "tower/brandaris", "brandaris", "Brandaris"):
        assert [row["name"]["value"] for row in front.ask(f"/api/tower?tower={typed}").json["results"]["bindings"]] == ["Brandaris"]


@pytest.mark.parametrize(
    ("asked", "kind", "told"),
    [
        ("tower", "bad-parameter", "tower (an IRI, an id or a name, for example"),
        ("tower?tower=Nobody", "bad-parameter", "The graph has nothing that is 'Nobody'"),
        ("tower?towr=brandaris", "bad-parameter", "Did you mean 'tower'?"),
        ("tower?tower=brandaris&built=yesterday", "bad-parameter", "built"),
        ("tower?tower=brandaris&tower=vuurduin", "bad-parameter", "twice"),
        ("tower?tower=", "bad-parameter", "empty"),
        ("tower?tower=%3Chttp://a b%3E", "bad-request", ""),
        ("towers?page=0", "bad-parameter", "page"),
        ("towers?page=x", "bad-parameter", "page"),
        ("towers?page_size=1000000", "bad-parameter", "page_size"),
        ("towers?everything=maybe", "bad-parameter", "everything"),
        ("towers?language=%0d%0aX:y", "bad-parameter", "language"),
        ("towers?language=null", "bad-parameter", "language"),
        ("towers?language=nl%0a", "bad-parameter", "language"),
        ("towers?format=exe", "not-acceptable", "csv"),
        ("tovers", "not-found", "Did you mean 'towers'?"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(asked: str, kind: str, told: str, front: Front) -> None:
    if " " in asked:
        assert front.raw(f"GET /api/{asked} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).startswith(b"HTTP/1.1 400")
        return
    answer = front.ask(f"/api/{asked}")
    assert answer.problem == kind
    assert told in answer.json["detail"]
    assert "--" not in answer.json["detail"]


def test_missing_parameters_are_named_for_programs(front: Front) -> None:
    (missing,) = front.ask("/api/tower").json["missing"]
    assert missing["name"] == "tower"
    assert front.ask(f"/api/tower?tower={missing['example']}").headers["x-total-count"] == "1"
    assert front.ask("/api/tower?everything=true").headers["x-total-count"] == "64"


def test_pages_are_the_whole_answer(front: Front) -> None:
    whole = list(csv.reader(io.StringIO(front.ask("/api/towers?format=csv").body.decode())))
    address, rows = "?page_size=10&format=csv", []
    while address:
        answer = front.ask(f"/api/towers{address}")
        assert answer.headers["x-total-count"] == "64"
        rows += list(csv.reader(io.StringIO(answer.body.decode())))[1:]
        links = {
            rel.partition('"')[2].rstrip('"'): target.strip("<> ") for target, _, rel in (link.partition(";") for link in answer.headers["link"].split(", "))
        }
        address = links.get("next", "")
    assert rows == whole[1:]
    assert parse_qs(links["last"].lstrip("?"))["page"] == ["7"]
    assert front.ask("/api/towers?page=99&format=csv").body.count(b"\n") == 1


def test_a_former_name_of_a_parameter_answers_and_leads_to_its_successor(front: Front) -> None:
    now, before = front.ask("/api/tower?tower=Brandaris&format=csv"), front.ask("/api/tower?lighthouse=Brandaris&format=csv")
    assert (before.status, before.body) == (200, now.body)
    assert before.headers["link"] == '<?tower=Brandaris&format=csv>; rel="successor-version"'
    assert "link" not in now.headers
    assert front.ask("/api/tower?lighthouse=Brandaris&tower=Brandaris").status == 400


def test_the_description_names_every_query_and_its_parameters(front: Front) -> None:
    document = front.ask("/api/openapi.json").json
    validate(document)
    listed = front.ask("/api/").json["queries"]
    assert {f"/api/{each['name']}" for each in listed} == {path for path in document["paths"] if path.startswith("/api/")} - {"/api/"}
    assert {"/sparql", "/reconcile", "/health", "/metrics"} <= set(document["paths"])
    described = document["paths"]["/api/tower"]["get"]["parameters"]
    parameters = {each["name"]: each["schema"] for each in described}
    assert [each["name"] for each in described if each.get("deprecated")] == ["lighthouse"]
    assert {"tower", "lighthouse", "built", "format", "language", "everything", "page", "page_size"} == set(parameters)
    assert parameters["built"]["pattern"] == "^-?[0-9]{4,}$"


def test_answers_can_be_read_by_who_has_no_session(front: Front) -> None:
    answer = front.ask("/api/towers")
    assert "set-cookie" not in answer.headers
    assert json.loads(answer.body)["head"]["vars"] == ["tower", "name"]
