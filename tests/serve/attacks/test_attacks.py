"""One client takes what it can; another is answered all the same."""

import contextlib
import itertools
import json
import os
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

import pytest

if not os.environ.get("SCHAKEL_ATTACKS"):
    pytest.skip("the server is attacked in `make test-attacks`", allow_module_level=True)

# Of the conftest above.
Front: TypeAlias = Any

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT * { ?s ?p ?o . ?t a ?u } LIMIT 50000"
NUMBERS = itertools.count(1000)


def request(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def ask(port: int, path: str, **headers: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status


def test_cross_products_that_are_given_up_at_once(withstands: Callable[..., Any], hang_up: Callable[[bytes], None]) -> None:
    def attack() -> None:
        hang_up(request(f"/sparql?{urlencode({'query': CROSS})}"))
        time.sleep(0.02)

    withstands(attack)


def test_cross_products_that_are_waited_for(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/sparql?{urlencode({'query': CROSS})}"))


def test_wrong_names(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/api/tower?tower=Crowd+{next(NUMBERS):x}+of+nothing"))


def test_names_by_the_hundred(withstands: Callable[..., Any], target: Front) -> None:
    queries = {f"q{number}": {"query": f"Crowd {number * 77:x} of {number}"} for number in range(100)}
    withstands(lambda: ask(target.port, f"/reconcile?{urlencode({'queries': json.dumps(queries)})}"))


def test_large_answers(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/sparql?{urlencode({'query': LARGE})}", Accept="application/sparql-results+json"), 3)


def test_large_answers_packed(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/sparql?{urlencode({'query': LARGE})}", **{"Accept-Encoding": "br"}), 3)


def test_pages_of_an_answer(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/api/towers?page_size=1000&format=md&page={1 + next(NUMBERS) % 20}"))


def test_dumps_packed(withstands: Callable[..., Any], target: Front) -> None:
    withstands(lambda: ask(target.port, f"/download/graph.nt?{next(NUMBERS)}", **{"Accept-Encoding": ["br", "gzip"][next(NUMBERS) % 2]}))


@pytest.mark.parametrize("path", ["/api/towers?language=en", "/tower/brandaris.ttl?a", "/tower/brandaris?format=ttl"])
def test_long_parameters(path: str, withstands: Callable[..., Any], target: Front) -> None:
    def attack() -> None:
        filler = f"{next(NUMBERS)}" + "x" * 8000
        ask(target.port, f"{path}{'' if '=' not in path else '&'}{filler}={filler[:50]}", Accept=f"text/turtle, x/{filler[:4000]}")

    withstands(attack)


def test_connections_that_say_nothing(withstands: Callable[..., Any], target: Front) -> None:
    with contextlib.ExitStack() as stack:

        def attack() -> None:
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", target.port), timeout=5))
            connection.sendall(b"GET / HTTP/1.1\r\nX: ")
            time.sleep(0.005)

        withstands(attack)
    assert b'schakel_connections_refused_total{limit="client"}' in target.ask("/metrics", source="127.0.0.3").body


@pytest.mark.parametrize("path", [f"/sparql?query={quote(LARGE)}", "/download/graph.nt", "/api/towers"])
def test_answers_that_nobody_reads(path: str, withstands: Callable[..., Any], unread: Callable[[bytes, int], None]) -> None:
    withstands(lambda: (unread(request(path), 10), time.sleep(1)), 1)
