"""Each limit, reached one by one: beyond it is an error, never a part of an answer."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from schakel import Settings

# Of the conftest beside.
Front: TypeAlias = Any

FORM = "application/x-www-form-urlencoded"
# Four hundred names, multiplied: never done.
ENDLESS = {
    "counted": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY DESC(?c) LIMIT 1",
    "without result": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(STR(?a)) + STRLEN(STR(?d)) + STRLEN(STR(?g)) < 0) }",
}

# Each text is ten of the one before.
GROWING = [f"BIND(CONCAT({', '.join([f'?{text}'] * 10)}) AS ?{longer})" for text, longer in zip("abcdefghij", "bcdefghijk", strict=True)]


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_a_query_is_stopped_and_the_others_are_not(query: str, front: Front) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        endless = pool.submit(front.post, query)
        time.sleep(0.3)
        assert front.sparql("ASK { ?s ?p ?o }").status == 200
        answer = endless.result()
    assert (answer.status, answer.problem) in [(504, "query-timeout"), (502, "engine-failed")]
    assert 1 < time.monotonic() - began < 6
    assert "2 seconds" in answer.json["detail"] or answer.status == 502
    # What was asked of the same engine is asked again.
    assert all(front.sparql("ASK { ?s ?p ?o }").status == 200 for _ in range(5))


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])
def test_rows(accept: str, front: Front) -> None:
    enough = "SELECT (1 AS ?x) { ?a ?b ?c . ?d ?e ?f } LIMIT "
    assert front.sparql(f"{enough}2000", accept).status == 200
    answer = front.sparql(f"{enough}2001", accept)
    assert (answer.status, answer.problem) == (400, "answer-too-long")
    assert "2,000 rows" in answer.json["detail"]


def test_bytes(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(bytes=5_000).root) as front:
        for query in ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1999", "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"):
            answer = front.sparql(query)
            assert (answer.status, answer.problem) == (400, "answer-too-long"), query
            assert "5,000 bytes" in answer.json["detail"]
            assert front.sparql("ASK {}").status == 200


def test_the_length_of_a_query(front: Front) -> None:
    padded = "ASK { } #" + "x" * (20_000 - 9)
    for ask in (front.sparql, front.post):
        assert ask(padded).status == 200
        answer = ask(padded + "x")
        assert (answer.status, answer.problem) == (413, "too-large")


def test_the_depth_of_a_query(front: Front) -> None:
    assert front.post("ASK " + "{" * 99 + "}" * 99).status == 200
    answer = front.post("ASK " + "{" * 101 + "}" * 101)
    assert (answer.status, answer.problem) == (400, "query-too-deep")


def test_the_size_of_a_body(front: Front) -> None:
    assert front.post("query=ASK%7B%7D&x=" + "x" * 99_000, FORM).status == 200
    answer = front.post("query=ASK%7B%7D&x=" + "x" * 100_000, FORM)
    assert (answer.status, answer.problem) == (413, "too-large")


def test_a_body_whose_size_is_not_told(front: Front) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert front.raw(head + b"8\r\nASK { } \r\n0\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert front.raw(head + b"ffff\r\n" + b"x" * 0xFFFF + b"\r\nffff\r\n" + b"x" * 0xFFFF + b"\r\n0\r\n\r\n").startswith(b"HTTP/1.1 413")


def test_the_size_of_headers_and_address(front: Front) -> None:
    answer = front.ask("/health", X_Long="x" * 20_000)
    assert (answer.status, answer.problem) == (431, "headers-too-large")
    answer = front.ask("/void.ttl?" + "x" * 257_000)
    assert (answer.status, answer.problem) == (413, "too-large")
    assert front.raw(b"GET /" + b"x" * 400_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413", b""}


def test_a_slow_body(front: Front) -> None:
    began = time.monotonic()
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
    assert front.raw(head).startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost:"])
@pytest.mark.parametrize("earlier", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_a_slow_request(earlier: bytes, sent: bytes, front: Front) -> None:
    if earlier and not sent:
        return  # such a connection is kept for the next request
    with socket.create_connection(("127.0.0.1", front.port), timeout=8) as connection, contextlib.suppress(ConnectionResetError):
        if earlier:
            connection.sendall(earlier)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.2)
        connection.sendall(sent)
        began = time.monotonic()
        while connection.recv(65536):
            pass
    assert 0.5 < time.monotonic() - began < 5


def test_requests_a_minute(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    proxy = "127.0.0.2"
    with serve(project(per_minute=5, proxies=[proxy]).root) as front:
        answers = [front.ask("/api/towers") for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        assert answers[-1].problem == "too-many-requests"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        # Pages and data are not counted, and nobody can pass for somebody else.
        assert front.ask("/tower/brandaris.ttl").status == 200
        assert front.ask("/api/towers", X_Forwarded_For="192.0.2.9").status == 429
        assert front.ask("/sparql?query=ASK%7B%7D").status == 429
        # A proxy speaks for its clients, each by itself.
        for client in ("192.0.2.1", "192.0.2.2"):
            assert [front.ask("/api/towers", source=proxy, X_Forwarded_For=client).status for _ in range(6)] == [200] * 5 + [429]


def test_the_memory_of_an_engine(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    # Much more time than memory: what ends the query is that it grows.
    with serve(project(memory=400, seconds=60, at_once=1, client_at_once=1).root) as front:
        (engine,) = front.engines()
        (held,) = [line for line in Path(f"/proc/{engine}/limits").read_text().splitlines() if line.startswith("Max data size")]
        assert held.split()[3:5] == [str(400 << 20)] * 2
        answer = front.post(f'SELECT (STRLEN(?k) AS ?length) {{ BIND("xxxxxxxxxx" AS ?a) {"".join(GROWING)} }}')
        assert (answer.status, answer.problem) == (502, "engine-failed")
        assert "memory" in answer.json["detail"]
        assert front.ask("/tower/brandaris.ttl").status == 200
        assert front.until(lambda: front.ask("/health").status == 200)
        assert front.sparql("ASK { ?s ?p ?o }").json["boolean"] is True
        assert front.engines() != [engine]
        assert front.until(lambda: re.search(r"^schakel_engine_restarts [1-9]", front.ask("/metrics").body.decode(), re.MULTILINE) is not None)


def test_queries_at_once(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    with serve(project(at_once=1, client_at_once=1, seconds=3).root) as front:
        statuses: list[tuple[int, str]] = []

        def ask() -> None:
            answer = front.post(ENDLESS["counted"])
            statuses.append((answer.status, answer.problem))

        threads = [threading.Thread(target=ask) for _ in range(7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # One runs; the others wait in vain, or are sent away at once.
        assert set(statuses) == {(504, "query-timeout"), (503, "busy")}
        assert statuses.count((503, "busy")) == 6
        assert front.until(lambda: front.sparql("ASK {}").status == 200)
