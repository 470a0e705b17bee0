"""Finding out which kind of store there is, and what its queries see."""

from typing import Final

from pyoxigraph import NamedNode

from schakel.errors import SchakelError, StoreError, StoreRefusesError, UnknownNameError
from schakel.stores.client import Client, Reply, Request
from schakel.stores.names import Names
from schakel.stores.profiles import PROFILES, Profile
from schakel.stores.store import Store

__all__ = ["profile_of", "sees_all_graphs"]

_QUESTION: Final = {"query": "ASK {}"}
_ANSWERS: Final = {"Accept": "application/sparql-results+json"}


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
            reply = client.send(Request("GET", asked, None, _ANSWERS, _QUESTION, absent=True))
        except (StoreRefusesError, StoreError) as error:
            if "let you in" in str(error) or "moved" in str(error):
                raise
            problem = error
            continue
        found = _told(address, reply)
        if found is not None:
            return found
        if b'"boolean"' in reply.content:
            return PROFILES["generic"]
    raise problem or StoreError(address, "answers no SPARQL query there; name the address of its endpoint, or its kind with --store")


def _told(address: str, reply: Reply) -> Profile | None:
    server = reply.server.lower()
    by_server = (profile for profile in PROFILES.values() if profile.by_server and server.startswith(profile.by_server))
    by_path = (profile for profile in PROFILES.values() if profile.by_path and profile.by_path in address and b'"boolean"' in reply.content)
    return next(by_server, None) or next(by_path, None)


def sees_all_graphs(store: Store, names: Names) -> bool | None:
    """Tell whether a query that names no graph sees all graphs, by asking for the record both ways; None where there is no record yet."""
    pattern = f"{NamedNode(names.record)} {NamedNode(names.about('begun'))} ?begun"
    if not store.holds(f"GRAPH {NamedNode(names.record)} {{ {pattern} }}"):
        return None
    return store.holds(pattern)
