"""Finding out which kind of store there is, and what its queries see."""

import json
from typing import Final

from pyoxigraph import NamedNode

from schakel.errors import SchakelError, StoreError, StoreRefusesError, UnknownNameError
from schakel.load.graph_names import GraphNames
from schakel.load.http_client import Body, Client, Request
from schakel.load.profiles import PROFILES, Profile
from schakel.load.store import Store

__all__ = ["profile_of", "sees_all_graphs"]

_QUESTION: Final = {"query": "ASK {}"}
_ANSWERS: Final = {"Accept": "application/sparql-results+json"}
# QLever does not name itself in a header; asked for its statistics it gives these, among others.
_STATISTICS: Final = {"cmd": "stats"}
_OF_QLEVER: Final = frozenset({"git-hash-server", "num-permutations"})


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


def sees_all_graphs(store: Store, names: GraphNames) -> bool | None:
    """Tell whether a query that names no graph sees all graphs, by asking for the record both ways; None where there is no record yet."""
    pattern = f"{NamedNode(names.record)} {NamedNode(names.property('begun'))} ?begun"
    if not store.holds(f"GRAPH {NamedNode(names.record)} {{ {pattern} }}"):
        return None
    return store.holds(pattern)
