"""What differs between stores, as data: where they take queries and updates, and what an update guarantees; and which kind of store there is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schakel.errors import SchakelError, StoreError, StoreRefusesError, UnknownNameError
from schakel.load.http_client import Body, Client, Request

__all__ = ["PROFILES", "Addresses", "Profile", "addresses_of", "profile_of"]

_QUESTION: Final = {"query": "ASK {}"}
_ANSWERS: Final = {"Accept": "application/sparql-results+json"}
# QLever does not name itself in a header; asked for its statistics it gives these, among others.
_STATISTICS: Final = {"cmd": "stats"}
_OF_QLEVER: Final = frozenset({"git-hash-server", "num-permutations"})


@dataclass(frozen=True)
class Profile:
    """How to speak to one kind of store.

    `ends` are endings of an address that are taken off to find where the store begins; to that, `query` and `update` are added.
    `update_with_credentials` is where updates go when a name and password are given.
    `statements` is how many one operation states, `graphs_at_once` how many graphs it names, `page` how many rows an answer may have.
    `plainly`: an operation has its statements in its template, else as a table in its WHERE. `longest` is how many bytes an update may have.
    `atomic`: an update request of several operations is seen whole or not at all.
    `serial`: it carries out one update at a time, so that when one of ours is done, none that began before it can still be under way.
    `values`: it keeps numbers by value. `pointed`: it takes a decimal number without a point for an integer.
    `forms`: updates are sent as those of a web form. `drops`: it knows DROP GRAPH.
    `lists`: `GRAPH ?g {}` gives the names of graphs, without reading them. `tsv`: it writes terms whole as tab-separated values.
    `by_server` is what its header `Server` begins with, `by_path` a part that its address has. `tested`: tests run against the store itself.
    """

    name: str
    ends: tuple[str, ...] = ()
    query: str = ""
    update: str = ""
    update_with_credentials: str = ""
    page: int = 0
    statements: int = 20_000
    graphs_at_once: int = 100
    longest: int = 1 << 30
    plainly: bool = True
    atomic: bool = True
    serial: bool = False
    values: bool = True
    pointed: bool = False
    forms: bool = False
    drops: bool = True
    lists: bool = False
    tsv: bool = False
    by_server: str = ""
    by_path: str = ""
    tested: bool = True


@dataclass(frozen=True)
class Addresses:
    """Where a store takes queries and updates."""

    query: str
    update: str


_RDF4J_ENDS: Final = ("/statements", "/rdf-graphs/service")
PROFILES: Final[Mapping[str, Profile]] = {
    profile.name: profile
    for profile in (
        Profile(
            "oxigraph",
            ends=("/query", "/update", "/store"),
            query="/query",
            update="/update",
            longest=1 << 27,
            lists=True,
            tsv=True,
            by_server="oxigraph",
        ),
        # TDB2 keeps "50.0" and "50" as two numbers in one form, and does not find the second by what it gives back. What went through a table is in that form.
        Profile(
            "fuseki",
            ends=("/query", "/sparql", "/update", "/data", "/get"),
            query="/query",
            update="/update",
            statements=5_000,
            plainly=False,
            serial=True,
            lists=True,
            tsv=True,
            by_server="apache jena fuseki",
        ),
        # Its updates commit as they go, and it limits the text of an update and the rows of an answer.
        Profile(
            "virtuoso",
            ends=("/sparql", "/sparql-auth", "/sparql-graph-crud", "/sparql-graph-crud-auth"),
            query="/sparql",
            update="/sparql",
            update_with_credentials="/sparql-auth",
            page=5_000,
            statements=500,
            graphs_at_once=1,
            plainly=False,
            atomic=False,
            pointed=True,
            forms=True,
            by_server="virtuoso",
        ),
        Profile("graphdb", ends=_RDF4J_ENDS, update="/statements", statements=5_000, plainly=False, values=False, by_server="graphdb", tested=False),
        Profile("rdf4j", ends=_RDF4J_ENDS, update="/statements", statements=5_000, plainly=False, values=False, by_path="/repositories/"),
        # One address for everything, updates with an access token. Its manual promises no transaction over several operations.
        Profile("qlever", statements=5_000, atomic=False, drops=False, tested=False, by_server="qlever"),
        Profile("generic", ends=("/query", "/sparql", "/update"), statements=5_000),
    )
}


def addresses_of(profile: Profile, address: str, *, credentials: bool = False) -> Addresses:
    """Find where a store takes what, from the one address that was given.

    >>> addresses_of(PROFILES["fuseki"], "http://localhost:3030/schakel/query").update
    'http://localhost:3030/schakel/update'
    >>> addresses_of(PROFILES["generic"], "http://localhost:8080/sparql/query").update
    'http://localhost:8080/sparql/update'
    """
    given = address.rstrip("/")
    ended = next((end for end in profile.ends if given.endswith(end)), "")
    root = given.removesuffix(ended)
    if profile.name == "generic":
        return Addresses(f"{root}/query", f"{root}/update") if ended in {"/query", "/update"} else Addresses(address, address)
    if not profile.ends:
        return Addresses(address, address)
    return Addresses(root + profile.query, root + (profile.update_with_credentials if credentials and profile.update_with_credentials else profile.update))


def profile_of(client: Client, address: str, named: str | None) -> Profile:
    """Give the profile that was named, else the one that the store's address or its own words tell; `generic` where they tell none.

    Raises UnknownNameError; StoreUnreachableError and StoreRefusesError where nothing is there, or nobody is let in.
    """
    if named is not None:
        if named not in PROFILES:
            raise UnknownNameError("profile of a store", named, list(PROFILES))
        return PROFILES[named]
    problem: SchakelError | None = None
    for asked in (address, f"{address.rstrip('/')}/query"):
        try:
            server, content = client.send(Request("GET", asked, None, _ANSWERS, _QUESTION, absent=True), _server_and_content)
        except (StoreRefusesError, StoreError) as error:
            if "let you in" in str(error) or "moved" in str(error):
                raise
            problem = error
            continue
        is_endpoint = b'"boolean"' in content
        if found := _told(address, server, is_endpoint=is_endpoint):
            return found
        if is_endpoint:
            return PROFILES["qlever" if _is_qlever(client, asked) else "generic"]
    if _is_qlever(client, address):
        return PROFILES["qlever"]
    raise problem or StoreError(address, "answers no SPARQL query there; name the address of its endpoint, or its kind with --store")


def _told(address: str, server: str, *, is_endpoint: bool) -> Profile | None:
    by_server = (profile for profile in PROFILES.values() if profile.by_server and server.lower().startswith(profile.by_server))
    by_path = (profile for profile in PROFILES.values() if profile.by_path and profile.by_path in address and is_endpoint)
    return next(by_server, None) or next(by_path, None)


def _server_and_content(body: Body) -> tuple[str, bytes]:
    return body.server, body.read()


def _is_qlever(client: Client, address: str) -> bool:
    try:
        statistics = json.loads(client.send(Request("GET", address, None, {"Accept": "application/json"}, _STATISTICS, absent=True)))
    except (SchakelError, ValueError):
        return False
    return isinstance(statistics, dict) and statistics.keys() >= _OF_QLEVER
