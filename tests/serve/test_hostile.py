"""What is sent by who means no good: the front refuses it or answers, and goes on."""

import gzip
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Of the conftest beside.
Front: TypeAlias = Any
Other: TypeAlias = Any

REFUSED = {400, 404, 405, 406, 408, 413, 415, 431}
NESTED = {
    "brackets": "ASK { FILTER" + "(" * 16_000,
    "closed brackets": "ASK { FILTER" + "(" * 9_000 + "1" + ")" * 9_000 + "}",
    "braces": "ASK " + "{" * 16_000,
    "unions": "ASK {" + " UNION ".join(["{?s ?p ?o}"] * 1_000) + "}",
    "nested unions": "ASK {" + "{} UNION {" * 1_500 + "}" * 1_500 + "}",
    "optionals": "ASK {" + "OPTIONAL{" * 1_600 + "}" * 1_600 + "}",
    "paths": "ASK { ?s " + "(" * 5_000 + "<a:b>" + ")*" * 5_000 + " ?o }",
    "sequences of paths": "ASK { ?s " + "<a:b>/" * 3_000 + "<a:b> ?o }",
    "alternatives": "ASK { ?s " + "<a:b>|" * 3_000 + "<a:b> ?o }",
    "inverse paths": "ASK { ?s " + "^" * 16_000 + "<a:b> ?o }",
    "negations": "ASK { FILTER(" + "!" * 16_000 + "true) }",
    "minuses": "ASK { FILTER(" + "- " * 9_000 + "1) }",
    "sums": "ASK { FILTER(" + "1+" * 9_000 + "1) }",
    "ors": "ASK { FILTER(" + "true||" * 3_000 + "true) }",
    "collections": "ASK { ?s ?p " + "(" * 8_000 + ")" * 8_000 + "}",
    "blank nodes": "ASK { ?s ?p " + "[?p " * 4_000 + "]" * 4_000 + "}",
    "quoted triples": "ASK { " + "<<( ?s ?p " * 1_500 + "?o" + " )>>" * 1_500 + " ?p ?o }",
    "subqueries": "SELECT * {" + "{SELECT * {" * 900 + "}}" * 900 + "}",
    "below escapes": "ASK " + "\\u007B" * 3_000,
    "existence": "ASK {" + "FILTER EXISTS {" * 1_200 + "}" * 1_200 + "}",
    "values": "ASK { VALUES ?x {" + " 1" * 9_000 + "} }",
    "joins": "ASK {" + "?s ?p ?o." * 1_900 + "}",
}
# Just within what is let through: the engine may fail, the front may not.
STEEP = {
    "unions": "ASK {" + " UNION ".join(["{?s ?p 1}"] * 900) + "}",
    "negations": "ASK { FILTER(" + "!" * 990 + "true) }",
    "sums": "ASK { FILTER(" + "1+" * 990 + "1) }",
    "braces": "ASK " + "{" * 99 + "}" * 99,
    "paths": "ASK { ?s " + "(" * 90 + "<a:b>" + ")*" * 90 + " ?o }",
    "pattern": 'ASK { ?s ?p ?o FILTER(REGEX("' + "a" * 5_000 + '!", "(a+)+$")) }',
    "pattern of many": 'ASK { ?s ?p ?o FILTER(REGEX(STR(?o), "' + "(x{1,100}){1,100}" + '")) }',
    "concatenation": "SELECT ?z { BIND('xxxxxxxxxx' AS ?a)"
    + "".join(f" BIND(CONCAT(?{a},?{a},?{a},?{a},?{a},?{a},?{a},?{a},?{a},?{a}) AS ?{b})" for a, b in zip("abcdefgh", "bcdefghz", strict=True))
    + "}",
}


@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_what_is_nested_too_deeply_never_reaches_an_engine_that_it_would_end(query: str, front: Front) -> None:
    engines = front.engines()
    answer = front.post(query)
    assert answer.status in {200, 400, 413}, answer
    assert front.engines() == engines


@pytest.mark.parametrize("query", STEEP.values(), ids=STEEP)
def test_what_is_steep_is_answered_or_stopped(query: str, front: Front) -> None:
    began = time.monotonic()
    assert front.post(query).status in {200, 400, 502, 504}
    assert time.monotonic() - began < 6
    assert front.sparql("ASK { ?s ?p ?o }").status == 200


@pytest.fixture(scope="module")
def other() -> Iterator[tuple[str, list[str]]]:
    """Another machine, which nobody must ask."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  # as http.server wants it

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


FORBIDDEN = {
    "service": "SELECT * { SERVICE <HOST> { ?s ?p ?o } }",
    "silent service": "SELECT * { SERVICE SILENT <HOST> { ?s ?p ?o } }",
    "service in small letters": "SELECT * { service<HOST>{ ?s ?p ?o } }",
    "service by a variable": "SELECT * { VALUES ?h { <HOST> } SERVICE ?h { ?s ?p ?o } }",
    "service in escapes": "SELECT * { \\u0053ERVICE <HOST> { ?s ?p ?o } }",
    "service below": "SELECT * { FILTER EXISTS { { SELECT * { SERVICE <HOST> { ?s ?p ?o } } } } }",
    "service after a comment": "SELECT * { # >\rSERVICE <HOST> { ?s ?p ?o } }",
    "service with a prefix": "PREFIX : <HOST> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "service after a comparison": "SELECT * { FILTER(1<2)SERVICE#>\n<HOST> { ?s ?p ?o } }",
    "service with user-info": "SELECT * { SERVICE <http://x@127.0.0.1/> { ?s ?p ?o } }",
    "service in another notation": "SELECT * { SERVICE <http://[::ffff:127.0.0.1]/> { ?s ?p ?o } }",
    "from": "SELECT * FROM <HOST> { ?s ?p ?o }",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <HOST> { GRAPH ?g { ?s ?p ?o } }",
    "from a prefix": "PREFIX x: <HOST> SELECT * FROM x:graph { ?s ?p ?o }",
    "from a base": "BASE <HOST> SELECT * FROM <graph> { ?s ?p ?o }",
    "from in escapes": "SELECT * \\u0046ROM <HOST> { ?s ?p ?o }",
    "from escapes": "SELECT * FROM <\\u0068ttp://127.0.0.1/> { ?s ?p ?o }",
    "load": "LOAD <HOST>",
    "insert": "INSERT DATA { <a:a> <a:b> <a:c> }",
    "drop": "DROP ALL",
    "delete after a query": "ASK {} ; DELETE WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
}


@pytest.mark.parametrize("query", FORBIDDEN.values(), ids=FORBIDDEN)
def test_nobody_is_asked_and_nothing_changed(query: str, front: Front, other: tuple[str, list[str]]) -> None:
    host, asked = other
    before = front.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body
    sent = query.replace("HOST", host)
    for answer in (front.post(sent), front.sparql(sent), front.post(urlencode({"query": sent}), "application/x-www-form-urlencoded")):
        # What only Oxigraph takes for SPARQL is refused by the engine, which can open no connection.
        assert answer.status == 400 or (answer.status == 502 and "#>" in query), answer
    assert front.post(urlencode({"update": sent}), "application/x-www-form-urlencoded").problem == "query-refused"
    assert front.post(sent, "application/sparql-update").problem == "unsupported-media-type"
    assert asked == []
    assert front.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body == before


@pytest.mark.parametrize(
    "graph", ["http://127.0.0.1/", "file:///etc/passwd", "javascript:x", "https://example.org/>x", "", "a b", "https://example.org/no-such-graph"]
)
def test_a_graph_of_somebody_else_is_refused(graph: str, front: Front) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        assert front.ask(f"/sparql?{urlencode({'query': 'ASK {}', name: graph})}").problem == "query-refused"


def test_an_engine_can_reach_nobody_even_where_the_front_lets_a_query_through(front: Front, other: tuple[str, list[str]]) -> None:
    host, asked = other
    *command, _ = Path(f"/proc/{front.engines()[0]}/cmdline").read_bytes().decode().split("\0")
    queries = [f"ASK {{ SERVICE {silent} <{host}> {{ ?s ?p ?o }} }}" for silent in ("", "SILENT")]
    requests = "".join(json.dumps({"query": query, "base": None, "bytes": 1000, "seconds": 5}) + "\n" for query in queries)
    done = subprocess.run([*command[:-1], str(os.getpid())], input=requests, capture_output=True, text=True, check=True)
    assert "Permission denied" in done.stdout
    assert asked == []


PATHS = [
    "/../schakel.toml",
    "/%2e%2e/schakel.toml",
    "/..%2fschakel.toml",
    "/tower/../../schakel.toml",
    "/tower/..%5c..%5cschakel.toml",
    "/%252e%252e/schakel.toml",
    "/./schakel.toml",
    "//etc/passwd",
    "//evil.example/%2f..",
    "/\\evil.example",
    "/.git/config",
    "/.well-known/../../schakel.toml",
    "/tower/brandaris.ttl%00.html",
    "/tower/%00",
    "/tower/brandaris%0d%0aSet-Cookie:%20a=b",
    "/tower/brandaris%0d%0a%0d%0a<script>",
    "/%ff%fe",
    "/tower/" + "%C3%A9" * 2_000,
    "/download/dataset.nq/",
    "/api/..%2f..%2fschakel.toml",
    "/api/%2e%2e",
    "/api/towers%0d%0aX:y",
    "/reconcile/suggest/../../x",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(path: str, front: Front) -> None:
    answer = front.ask(path, "text/turtle")
    assert answer.status in {400, 404}, answer
    assert b"Lighthouse Friends" not in answer.body
    assert "set-cookie" not in answer.headers
    assert "location" not in answer.headers


def test_a_link_in_the_publication_leads_nowhere(project: Callable[..., Any], serve: Callable[..., Any]) -> None:
    made = project()
    (made.publication / "out.txt").symlink_to(made.root / "schakel.toml")
    (made.publication / "folder").symlink_to("/etc")
    with serve(made.root) as front:
        assert front.ask("/out.txt").status == 404
        assert front.ask("/folder/passwd").status == 404


def test_a_request_cannot_be_hidden_in_another(front: Front) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    both = head + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    assert front.raw(both).count(b"HTTP/1.1 ") == 1
    for head in (b"Host: x\r\nContent-Length: 6\r\nContent-Length: 7", b"Host : x", b"Host: x\r\n folded: y\r\nTransfer-Encoding: xchunked"):
        assert front.raw(b"POST /sparql HTTP/1.1\r\n" + head + b"\r\n\r\nASK {}").startswith(b"HTTP/1.1 4")


def test_what_a_client_calls_itself_does_not_come_back(front: Front) -> None:
    for host in ("evil.example/<script>", 'x"y', "a b"):
        answer = front.ask("/reconcile", Host=host)
        assert "evil" not in answer.body.decode()
    assert front.ask("/health", X_Request_ID="mine").headers["x-request-id"] != "mine"


def test_bodies_are_not_unpacked(front: Front) -> None:
    bomb = gzip.compress(b" " * 10_000_000 + b"ASK {}")
    for encoding in ("gzip", "br", "deflate", "gzip, gzip"):
        assert front.post(bomb, Content_Encoding=encoding).problem == "unsupported-media-type"


def test_results_are_never_a_page(front: Front) -> None:
    script = "<script>alert(1)</script>"
    query = f'SELECT ?label ("{script}" AS ?scriptx) {{ BIND("{script}" AS ?label) }}'
    for accept in ("text/html, */*;q=0.1", "application/sparql-results+xml", "text/csv", "application/json"):
        answer = front.sparql(query, accept)
        assert answer.status == 200
        assert not answer.headers["content-type"].startswith(("text/html", "application/xhtml"))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert b"<script>" not in front.sparql(query, "application/sparql-results+xml").body
    wrong = front.sparql(f"{script} ?x")
    assert wrong.headers["content-type"] == "application/problem+json"


IRIS = [
    "https://example.org/>",
    "https://e/> ?p ?o } #",
    "a b",
    "http://[",
    "<",
    "javascript:alert(1)",
    "tower/x> } UNION { ?s ?p ?o",
    '"',
    "\\u003E",
    "\u202eevil",
    "%",
    "{{}}",
    "\r\n",
]


@pytest.mark.parametrize("iri", IRIS)
def test_a_parameter_is_a_term_whatever_it_holds(iri: str, front: Front) -> None:
    answer = front.ask(f"/api/tower?{urlencode({'tower': iri})}")
    assert answer.problem == "bad-parameter"
    found = front.ask(f"/reconcile?{urlencode({'queries': json.dumps({'q': {'query': iri, 'type': iri}})})}")
    assert found.status == 200
    assert front.ask(f"/reconcile/preview?{urlencode({'id': iri})}").status == 404


@given(path=st.text(max_size=60), accept=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_path_is_answered(path: str, accept: str, front: Front) -> None:
    answer = front.ask("/" + quote(path.encode("utf-8", "replace"), safe="/?&=;,:"), accept.strip() or None)
    assert answer.status in {200, 301, 303, *REFUSED}
    location = answer.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")


@given(query=st.text(max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_a_query_or_a_problem(query: str, front: Front) -> None:
    answer = front.post(query.encode("utf-8", "replace"))
    assert answer.status in {200, 400}
    assert answer.status == 200 or answer.problem in {"query-unreadable", "query-refused", "bad-request"}


@given(sent=st.binary(max_size=300))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_leave_the_front_as_it_is(sent: bytes, front: Front) -> None:
    received = front.raw(sent + b"\r\n\r\n", seconds=0.3)
    assert received[:9] in {b"", b"HTTP/1.1 "}
