"""Answers that are given again at once are those that would be made: the same for the same reader, others for others, and none of them for ever."""

import json
import shutil
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any, TypeAlias

import pytest

from schakel import Settings

# Of the conftest beside.
Front: TypeAlias = Any

PAGE, DATA, THING = "/tower/brandaris.html", "/tower/brandaris.ttl", "/tower/brandaris"
EACH_TIME = {"date", "x-request-id"}


def asked_twice(front: Front, path: str, **headers: str) -> list[Any]:
    return [front.ask(path, **headers) for _ in range(3)]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (PAGE, {}),
        (PAGE, {"accept_encoding": "gzip"}),
        (PAGE, {"accept_encoding": "br"}),
        (DATA, {}),
        (THING, {"accept": "text/turtle"}),
        (THING, {"accept": "text/html"}),
        (THING, {"accept": "text/html", "accept_language": "nl"}),
        ("/tower/caf%C3%A9.ttl", {}),
        ("/", {}),
        ("/nothing", {}),
        ("/download/graph.nt?a=b", {}),
    ],
)
def test_who_asks_again_gets_the_same(front: Front, path: str, headers: dict[str, str]) -> None:
    first, *others = asked_twice(front, path, **headers)
    for other in others:
        assert (other.status, other.body) == (first.status, first.body)
        assert {name: value for name, value in other.headers.items() if name not in EACH_TIME} == {
            name: value for name, value in first.headers.items() if name not in EACH_TIME
        }
    assert len({each.headers["x-request-id"] for each in (first, *others)}) == 3


def test_other_readers_get_other_answers(front: Front) -> None:
    for accept, suffix in (("text/turtle", "ttl"), ("application/n-triples", "nt"), ("text/html", "html")) * 2:
        assert front.ask(THING, accept).headers["location"].endswith(f"/brandaris.{suffix}")
    for coding in ("gzip", "br", "identity") * 2:
        assert front.ask(PAGE, accept_encoding=coding).headers.get("content-encoding", "identity") == coding
    assert front.ask(THING, "text/turtle").headers["location"].endswith(".ttl")
    assert front.ask(f"{THING}?format=nt", "text/turtle").headers["location"].endswith(".nt")


def test_who_has_it_already_does_not_get_it_again(front: Front) -> None:
    tag = asked_twice(front, PAGE)[0].headers["etag"]
    assert front.ask(PAGE, If_None_Match=tag).status == 304
    assert front.ask(PAGE, If_None_Match='"another"').status == 200
    assert front.ask(PAGE, method="HEAD").body == b""


def test_it_is_counted_and_logged(front: Front) -> None:
    def count() -> int:
        told = front.ask("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in told if line.startswith('schakel_requests_total{method="GET",route="data",status="200"}'))

    before = count()
    numbers = {each.headers["x-request-id"] for each in asked_twice(front, DATA)}
    assert count() == before + 3
    logged = {line["request"] for line in map(json.loads, front.log.read_text().splitlines()) if line.get("route") == "data"}
    assert numbers <= logged


def test_a_new_publication_has_new_answers(project: Callable[..., Settings], serve: Callable[..., Any]) -> None:
    settings = project()
    with serve(settings.root) as front:
        former = asked_twice(front, DATA)[0].body
        file, mark = settings.publication / DATA.lstrip("/"), settings.publication / "download" / "index.json"
        (file.parent / "next").write_bytes(former + b"# more\n")
        (file.parent / "next").replace(file)
        shutil.copy(mark, mark.with_name("next"))
        mark.with_name("next").replace(mark)
        deadline = time.monotonic() + 20
        while front.ask(DATA).body == former and time.monotonic() < deadline:
            time.sleep(0.1)
        assert {each.body for each in asked_twice(front, DATA)} == {former + b"# more\n"}


def test_answers_come_in_the_order_of_the_questions(front: Front) -> None:
    asked_twice(front, DATA)
    paths = [DATA, "/api/towers?format=csv", DATA, "/nothing", DATA]
    sent = "".join(
        f"GET {path} HTTP/1.1\r\nHost: x\r\n{'Connection: close' if last else 'X: y'}\r\n\r\n" for path, last in zip(paths, [0, 0, 0, 0, 1], strict=True)
    )
    received = front.raw(sent.encode())
    kinds = [line.split(b": ")[1].split(b";")[0] for line in received.split(b"\r\n") if line.lower().startswith(b"content-type: ")]
    assert kinds == [b"text/turtle", b"text/csv", b"text/turtle", b"application/problem+json", b"text/turtle"]


def test_who_does_not_read_is_not_written_for(front: Front) -> None:
    asked_twice(front, PAGE)
    with socket.create_connection(("127.0.0.1", front.port), timeout=2) as connection:
        try:
            for _ in range(20):
                connection.sendall(f"GET {PAGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 500)
        except TimeoutError:
            pass
        assert front.ask(PAGE).status == 200


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_is_for_one_host(front: Front, hosts: bytes) -> None:
    asked_twice(front, PAGE)
    assert front.raw(b"GET " + PAGE.encode() + b" HTTP/1.1\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("begun", [b"GET /nothing HTT", b"\r\n"])
def test_a_request_that_does_not_arrive_after_another_is_not_waited_for(front: Front, begun: bytes) -> None:
    asked_twice(front, PAGE)
    began = time.monotonic()
    received = front.raw(b"GET " + PAGE.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n", seconds=0.5)
    assert received.startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
        connection.sendall(b"GET " + PAGE.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1 << 20)
        time.sleep(0.2)
        connection.sendall(begun)
        try:
            while connection.recv(1 << 20):
                pass
        except ConnectionResetError:
            pass
    assert time.monotonic() - began < 5


def test_a_connection_that_is_used_stays(front: Front) -> None:
    connection = HTTPConnection("127.0.0.1", front.port, timeout=5)
    connection.connect()
    kept = connection.sock
    for _ in range(15):
        connection.request("GET", PAGE)
        assert connection.getresponse().read()
        time.sleep(0.15)
    assert connection.sock is kept
    connection.close()


@pytest.mark.parametrize("rest", [b"X: " + b"y" * 400_000, b"X: y\r\n" * 60_000])
def test_headers_without_end_are_not_read_on(front: Front, rest: bytes) -> None:
    try:
        received = front.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + rest)
    except (BrokenPipeError, ConnectionResetError):
        received = b""
    assert not received or received.split(b" ")[1].startswith(b"4")
