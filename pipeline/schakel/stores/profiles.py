"""What differs between stores, as data: where they take queries, updates and quads, how much at once, and whether an update is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["PROFILES", "Addresses", "Profile", "addresses_of"]

# How statements are sent: quads in one POST, one graph by a PUT, or as the text of an update.
Sending: TypeAlias = Literal["quads", "graph", "update"]


@dataclass(frozen=True)
class Profile:
    """How one kind of store is spoken to.

    `ends` are endings of an address that are taken off to find where the store begins; to that, `query`, `update`, `quads` and `graph` are added.
    `statements` is how many go into one request, `changes` how many of them or of operations into one update, `graphs_at_once` how many graphs one operation
    names. `atomic`: an update request of several operations is seen whole or not at all.
    `page`: how many rows an answer may have, where it is cut off. `forms`: updates are sent as those of a web form.
    `clears`: it finds numbers that were written in another form not by their value when they are to be deleted, and so graphs are emptied whole.
    `by_server` is what its header `Server` begins with, `by_path` a part that its address has.
    """

    name: str
    ends: tuple[str, ...] = ()
    query: str = ""
    update: str = ""
    quads: str = ""
    graph: str = ""
    sending: Sending = "update"
    page: int = 0
    statements: int = 5_000
    graphs_at_once: int = 100
    changes: int = 5_000
    atomic: bool = True
    forms: bool = False
    clears: bool = False
    with_credentials: tuple[tuple[str, str], ...] = ()
    by_server: str = ""
    by_path: str = ""


@dataclass(frozen=True)
class Addresses:
    """Where a store takes queries, updates, quads and single graphs."""

    query: str
    update: str
    quads: str
    graph: str


_RDF4J_ENDS: Final = ("/statements", "/rdf-graphs/service")
PROFILES: Final[Mapping[str, Profile]] = {
    profile.name: profile
    for profile in (
        Profile(
            "oxigraph",
            ends=("/query", "/update", "/store"),
            query="/query",
            update="/update",
            quads="/store",
            graph="/store",
            sending="quads",
            by_server="oxigraph",
        ),
        Profile(
            "fuseki",
            ends=("/query", "/sparql", "/update", "/data", "/get"),
            query="/query",
            update="/update",
            quads="/data",
            graph="/data",
            sending="quads",
            clears=True,
            by_server="apache jena fuseki",
        ),
        # Its updates commit as they go, it limits the text of an update and the rows of an answer; whole graphs it gives and takes as they are.
        Profile(
            "virtuoso",
            ends=("/sparql", "/sparql-auth", "/sparql-graph-crud", "/sparql-graph-crud-auth"),
            query="/sparql",
            update="/sparql",
            graph="/sparql-graph-crud",
            sending="graph",
            page=5_000,
            graphs_at_once=1,
            changes=200,
            atomic=False,
            forms=True,
            with_credentials=(("update", "/sparql-auth"), ("graph", "/sparql-graph-crud-auth")),
            by_server="virtuoso",
        ),
        Profile("graphdb", ends=_RDF4J_ENDS, update="/statements", quads="/statements", graph="/rdf-graphs/service", sending="quads", by_server="graphdb"),
        Profile("rdf4j", ends=_RDF4J_ENDS, update="/statements", quads="/statements", graph="/rdf-graphs/service", sending="quads", by_path="/repositories/"),
        Profile("qlever", by_server="qlever"),
        Profile("generic", ends=("/query", "/sparql", "/update"), query="", update=""),
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
    if profile.name == "generic":
        ended = next((end for end in ("/query", "/update") if given.endswith(end)), "")
        root = given.removesuffix(ended)
        return Addresses(f"{root}/query", f"{root}/update", "", "") if ended else Addresses(address, address, "", "")
    root = given.removesuffix(next((end for end in profile.ends if given.endswith(end)), ""))
    paths = {"query": profile.query, "update": profile.update, "quads": profile.quads, "graph": profile.graph}
    paths |= dict(profile.with_credentials) if credentials else {}
    return Addresses(**{name: root + path for name, path in paths.items()})
