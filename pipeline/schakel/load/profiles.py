"""What differs between stores, as data: where they take queries, updates and quads, and what an update guarantees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["PROFILES", "Addresses", "Profile", "addresses_of"]

# How statements are sent: quads in one POST, one graph by a PUT, or as the text of an update.
Sending: TypeAlias = Literal["quads", "graph", "update"]
# How an update is stopped whose ticket is no longer valid: each operation matches nothing, or the first fails and with it the whole request.
Fence: TypeAlias = Literal["pattern", "error"]


@dataclass(frozen=True)
class Profile:
    """How to speak to one kind of store.

    `ends` are endings of an address that are taken off to find where the store begins; to that, `query`, `update`, `quads` and `graph` are added.
    `statements` is how many go into one request, `graphs_at_once` how many graphs one operation names, `page` how many rows an answer may have.
    `atomic`: an update request of several operations is seen whole or not at all.
    `serial`: it carries out one update at a time, so that when one of ours is done, none that began before it can still be under way.
    `forms`: updates are sent as those of a web form. `drops`: it knows DROP GRAPH. `lists`: `GRAPH ?g {}` gives the names of graphs, without reading them.
    `tsv`: it writes terms whole as tab-separated values.
    `by_server` is what its header `Server` begins with, `by_path` a part that its address has. `tested`: tests run against the store itself.
    """

    name: str
    ends: tuple[str, ...] = ()
    query: str = ""
    update: str = ""
    quads: str = ""
    graph: str = ""
    sending: Sending = "update"
    fence: Fence = "pattern"
    page: int = 0
    statements: int = 20_000
    graphs_at_once: int = 100
    atomic: bool = True
    serial: bool = False
    forms: bool = False
    drops: bool = True
    lists: bool = False
    tsv: bool = False
    with_credentials: tuple[tuple[str, str], ...] = ()
    by_server: str = ""
    by_path: str = ""
    tested: bool = True


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
            # Only staging sends quads, which nobody reads before they are verified: they need no transaction, and a bulk load is six times as fast.
            quads="/store?no_transaction",
            graph="/store",
            sending="quads",
            lists=True,
            tsv=True,
            by_server="oxigraph",
        ),
        # A number that was uploaded in another form than its canonical one is not found by a DELETE with a pattern, only by DROP GRAPH.
        Profile(
            "fuseki",
            ends=("/query", "/sparql", "/update", "/data", "/get"),
            query="/query",
            update="/update",
            quads="/data",
            graph="/data",
            sending="quads",
            fence="error",
            serial=True,
            lists=True,
            tsv=True,
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
            statements=5_000,
            graphs_at_once=1,
            atomic=False,
            forms=True,
            with_credentials=(("update", "/sparql-auth"), ("graph", "/sparql-graph-crud-auth")),
            by_server="virtuoso",
        ),
        Profile(
            "graphdb",
            ends=_RDF4J_ENDS,
            update="/statements",
            quads="/statements",
            graph="/rdf-graphs/service",
            sending="quads",
            by_server="graphdb",
            tested=False,
        ),
        Profile("rdf4j", ends=_RDF4J_ENDS, update="/statements", quads="/statements", graph="/rdf-graphs/service", sending="quads", by_path="/repositories/"),
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
    if profile.name == "generic":
        ended = next((end for end in ("/query", "/update") if given.endswith(end)), "")
        root = given.removesuffix(ended)
        return Addresses(f"{root}/query", f"{root}/update", "", "") if ended else Addresses(address, address, "", "")
    if not profile.ends:
        return Addresses(address, address, "", "")
    root = given.removesuffix(next((end for end in profile.ends if given.endswith(end)), ""))
    paths = {"query": profile.query, "update": profile.update, "quads": profile.quads, "graph": profile.graph}
    paths |= dict(profile.with_credentials) if credentials else {}
    return Addresses(**{name: root + path for name, path in paths.items()})
