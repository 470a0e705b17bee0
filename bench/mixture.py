"""What readers and programs ask a front for, mixed: pages, data, things, canned queries, SPARQL, names, and what is refused."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote, urlencode

from asked import JSON, Canned, entities

__all__ = ["Kind", "Wanted", "mixture"]

_FORM: Final = "application/x-www-form-urlencoded"
_THINGS: Final = 300
_VARIANTS: Final = 15
_LARGEST_PAGE: Final = 60
_TOO_LONG: Final = 30_000


@dataclass(frozen=True)
class Wanted:
    """A request as it is sent, and the status that it should have."""

    sent: bytes
    status: int = 200


@dataclass(frozen=True)
class Kind:
    """Requests of one kind, asked for in any order over so many connections of every fifty."""

    name: str
    connections: int
    requests: Sequence[Wanted]


def mixture(public: Path, quick: Sequence[Canned]) -> list[Kind]:
    """Make the mixture for a publication; `quick` are the canned queries that take little time. The same publication gives the same mixture."""
    things, random = entities(public, _THINGS), Random(1)
    names = [thing.rpartition("/")[2].replace("-", " ") for thing in things]
    return [
        Kind("pages", 10, [_get(f"{thing}.html") for thing in things]),
        Kind("pages, gzip", 6, [_get(f"{thing}.html", Accept_Encoding="gzip") for thing in things]),
        Kind("Turtle", 5, [_get(f"{thing}.ttl") for thing in things]),
        Kind("things", 5, [_get(thing, 303, Accept="text/turtle") for thing in things]),
        Kind("canned queries, API", 8, list(_by_api(quick, random))),
        Kind("canned queries, SPARQL", 6, list(_by_protocol(quick))),
        Kind("reconciliation", 5, list(_names(names, random))),
        Kind("refused", 5, list(_refused())),
    ]


def _by_api(queries: Sequence[Canned], random: Random) -> Iterator[Wanted]:
    """Ask for whole answers and for pages of several sizes; the front keeps them all."""
    for query in queries:
        for suffix in ("json", "csv", "jsonl"):
            yield _get(f"/api/{query.name}?everything=true&format={suffix}")
        for _ in range(_VARIANTS):
            yield _get(f"/api/{query.name}?everything=true&page_size={random.randint(1, _LARGEST_PAGE)}")


def _by_protocol(queries: Sequence[Canned]) -> Iterator[Wanted]:
    for query in queries:
        yield _get(query.by_protocol("/sparql"), Accept=JSON)
        yield _post("/sparql", query.text.encode(), "application/sparql-query", Accept="text/csv")
    yield _get(f"/sparql?{urlencode({'query': 'ASK {}'})}", Accept=JSON)
    yield _get("/sparql", Accept="text/turtle")


def _names(names: Sequence[str], random: Random) -> Iterator[Wanted]:
    for _ in range(_VARIANTS):
        asked = {f"q{place}": {"query": name} for place, name in enumerate(random.sample(names, min(5, len(names))))}
        yield _post("/reconcile", urlencode({"queries": json.dumps(asked)}).encode(), _FORM)
        yield _get(f"/reconcile/suggest/entity?prefix={quote(random.choice(names)[:4])}")
    yield _get("/reconcile")


def _refused() -> Iterator[Wanted]:
    for query in (
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p",
        "SELECT * { " + "{" * 150 + "}" * 150 + " }",
        "LOAD <http://127.0.0.1:1/>",
    ):
        yield _get(f"/sparql?{urlencode({'query': query})}", 400)
    yield _post("/sparql", b"ASK {}" + b" " * _TOO_LONG, "application/sparql-query", status=413)
    yield _post("/sparql", b"update=CLEAR+ALL", _FORM, status=400)
    yield _get("/no/such/thing", 404)
    yield _get("/api/no-such-query", 404)
    yield _get("/.hidden", 404)
    yield _get(f"/sparql?{urlencode({'query': 'ASK {}'})}", 406, Accept="image/png")
    yield _get("/no/such/thing.html", 404, Accept="text/html")


def _get(path: str, status: int = 200, **headers: str) -> Wanted:
    return Wanted(_head("GET", path, headers) + b"\r\n", status)


def _post(path: str, body: bytes, media_type: str, *, status: int = 200, **headers: str) -> Wanted:
    return Wanted(_head("POST", path, {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}) + b"\r\n" + body, status)


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
