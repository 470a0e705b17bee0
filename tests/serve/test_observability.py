"""What is told of what happens: by kinds of things, never by who asked or what."""

import json
import re
import subprocess
import sys
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest

# Of the conftest beside.
Front: TypeAlias = Any

_COUNTED = re.compile(r'schakel_requests_total\{method="([^"]*)",route="([^"]*)",status="([0-9]+)"\} ([0-9]+)\.0')


def counted(front: Front) -> dict[tuple[str, str, int], int]:
    return {(method, route, int(status)): int(count) for method, route, status, count in _COUNTED.findall(front.ask("/metrics").body.decode())}


def logged(front: Front) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, front.log.read_text().splitlines()) if line["event"] == "request"]


def test_the_log_tells_neither_who_asked_nor_what(front: Front) -> None:
    answer = front.sparql("ASK { <https://example.org/secret> ?p ?o }")
    front.ask("/api/tower?tower=secret")
    front.ask("/secret/secret.html")
    told = next(line for line in logged(front) if line["request"] == answer.headers["x-request-id"])
    assert {"time", "event", "request", "method", "route", "status", "ms", "rows"} == set(told)
    assert (told["route"], told["status"]) == ("/sparql", 200)
    assert "secret" not in front.log.read_text()
    assert "127.0.0.1" not in front.log.read_text()


def test_what_libraries_warn_of_is_told_in_the_same_form() -> None:
    program = "import logging; from schakel.serve.observability import log_warnings; log_warnings(); logging.getLogger('asyncio').{}"
    done = subprocess.run(
        [sys.executable, "-c", program.format("info('no')") + "; logging.getLogger('asyncio').warning('a %s', 'b')"], capture_output=True, check=True, text=True
    )
    (line,) = map(json.loads, done.stderr.splitlines())
    assert (line["event"], line["library"], line["told"]) == ("warning", "asyncio", "a b")


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/", "page", 200),
        ("GET", "/tower/brandaris", "thing", 303),
        ("GET", "/tower/brandaris.html", "page", 200),
        ("HEAD", "/tower/brandaris.ttl", "data", 200),
        ("GET", "/tower/brandaris?format=exe", "thing", 406),
        ("GET", "/download/graph.nt", "dump", 200),
        ("GET", "/queries/towers.csv", "answer", 200),
        ("GET", "/void.ttl", "file", 200),
        ("GET", "/tower/nobody", "nothing", 404),
        ("GET", "/../etc/passwd", "nothing", 404),
        ("GET", "/api/", "/api/", 200),
        ("GET", "/api/towers", "/api/towers", 200),
        ("GET", "/api/tower", "/api/tower", 400),
        ("GET", "/api/nobody", "/api/{name}", 404),
        ("GET", "/sparql", "/sparql", 200),
        ("OPTIONS", "/sparql", "/sparql", 204),
        ("POST", "/sparql", "/sparql", 415),
        ("GET", "/reconcile/suggest/entity", "/reconcile/suggest/{kind}", 200),
        ("OPTIONS", "/tower/brandaris", "other", 204),
        ("POST", "/tower/brandaris", "other", 405),
        ("PURGE", "/sparql", "/sparql", 405),
    ],
)
def test_requests_are_counted_by_kind(method: str, path: str, route: str, status: int, front: Front) -> None:
    name = method if method != "PURGE" else "other"
    before = counted(front).get((name, route, status), 0)
    answer = front.ask(path, "text/turtle, */*;q=0.1", method=method)
    assert answer.status == status
    assert counted(front)[name, route, status] == before + 1
    assert next(line for line in logged(front) if line["request"] == answer.headers["x-request-id"])["route"] == route


def test_what_is_asked_makes_no_more_to_count(front: Front) -> None:
    def ask(number: int) -> None:
        for path in (
            f"/{number}",
            f"/api/{number}",
            f"/tower/{number}.html",
            f"/reconcile/suggest/{number}",
            f"/reconcile/flyout/{number}",
            f"/sparql?x={number}",
        ):
            front.ask(path)
            front.ask(quote(f'{path}"}} 1\n'), method=f"M{number}")

    ask(0)
    before = {route for _, route, _ in counted(front)}
    for number in range(1, 20):
        ask(number)
    assert {route for _, route, _ in counted(front)} == before
    assert len(counted(front)) < 200


def test_the_state_of_the_engines_is_told(front: Front) -> None:
    told = front.ask("/metrics").body.decode()
    assert "schakel_engines_ready" in told
    assert [line for line in told.splitlines() if not re.fullmatch(r"# (HELP|TYPE) .+|[a-z_]+(\{[^{}]*\})? [0-9.e+-]+|.*\{name\}.*|.*\{kind\}.*", line)] == []
