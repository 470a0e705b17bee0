"""A triple store as loading sees it: statements are put, given back and changed, whatever kind of store it is."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox
from pyoxigraph import NamedNode, QueryResultsFormat

from schakel.errors import StoreError
from schakel.stores.client import Client, Reply, Request
from schakel.stores.content import DEFAULT_GRAPH
from schakel.stores.profiles import Addresses, Profile
from schakel.stores.sparql import batches, inserting

__all__ = ["Store"]

_JSON: Final = "application/sparql-results+json"
_FORM: Final = "application/x-www-form-urlencoded"
_SHOWN: Final = 120


class Store:
    """One store, spoken to as its profile says."""

    def __init__(self, client: Client, profile: Profile, addresses: Addresses) -> None:
        self.profile = profile
        self.addresses = addresses
        self._client = client

    def select(self, query: str) -> list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, ...]]:
        """Give the rows of a SELECT.

        Raises StoreError where the store answers with something else, though it says that all is well.
        """
        reply = self._query(query)
        try:
            solutions = ox.parse_query_results(reply.content, format=QueryResultsFormat.JSON)
            if not isinstance(solutions, ox.QuerySolutions):
                raise self._no_answer(reply)
            names = [variable.value for variable in solutions.variables]
            return [tuple(row[name] for name in names) for row in solutions]
        except (ValueError, SyntaxError):
            raise self._no_answer(reply) from None

    def holds(self, pattern: str) -> bool:
        """Tell whether something in the store meets a pattern; by a SELECT, as not every store answers an ASK as the standard has it."""
        return bool(self.select(f"SELECT * {{ {pattern} }} LIMIT 1"))

    def _query(self, query: str) -> Reply:
        headers = {"Content-Type": _FORM, "Accept": _JSON}
        return self._client.send(Request("POST", self.addresses.query, _form("query", query), headers))

    def update(self, operations: Sequence[str], *, tries: int | None = None) -> None:
        """Carry operations out: in one request where that is one transaction, else one after another."""
        together = ["\n;\n".join(operations)] if self.profile.atomic else operations
        for text in together:
            if text:
                content, kind = (_form("update", text), _FORM) if self.profile.forms else (text.encode(), "application/sparql-update")
                self._client.send(Request("POST", self.addresses.update, content, {"Content-Type": kind, "Accept": "*/*"}), tries=tries)

    def put(self, graphs: Mapping[str, Iterable[bytes]]) -> None:
        """Put lines of N-Triples into named graphs that only loading uses. Putting them twice is as putting them once."""
        if self.profile.sending == "quads":
            content = b"".join(b"%b %b .\n" % (line[:-2], str(NamedNode(graph)).encode()) for graph, lines in graphs.items() for line in lines)
            self._client.send(Request("POST", self.addresses.quads, content, {"Content-Type": "application/n-quads"}))
        elif self.profile.sending == "graph":
            for graph, lines in graphs.items():
                content = b"\n".join([*lines, b""])
                self._client.send(Request("PUT", self.addresses.graph, content, {"Content-Type": "application/n-triples"}, {"graph": graph}))
        else:
            self.update([inserting(graphs)])

    def read(self, graphs: Iterable[str]) -> dict[str, set[bytes]]:
        """Give the statements of graphs as lines of N-Triples, as Oxigraph writes them; a graph that is not there has none."""
        found: dict[str, set[bytes]] = {graph: set() for graph in graphs}
        if self.profile.page:
            return {graph: self._read_pages(graph) for graph in found}
        if DEFAULT_GRAPH in found:
            found[DEFAULT_GRAPH] = {_line(row) for row in self.select("SELECT ?s ?p ?o { ?s ?p ?o }")}
        for batch in batches([graph for graph in found if graph != DEFAULT_GRAPH], self.profile.graphs_at_once):
            names = " ".join(str(NamedNode(graph)) for graph in batch)
            for row in self.select(f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"):
                graph = row[0]
                if not isinstance(graph, NamedNode) or graph.value not in found:
                    raise StoreError(self.addresses.query, "gives back statements of a graph that was not asked for")
                found[graph.value].add(_line(row[1:]))
        return found

    def _read_pages(self, graph: str) -> set[bytes]:
        """Give the statements of a graph, where the store gives only so many at once. They have no order; what comes twice would be missing elsewhere."""
        found: set[bytes] = set()
        for offset in count(0, self.profile.page):
            rows = self.select(f"SELECT ?s ?p ?o {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }} LIMIT {self.profile.page} OFFSET {offset}")
            found |= {_line(row) for row in rows}
            if len(rows) < self.profile.page:
                break
        return found

    def filled(self, graphs: Iterable[str]) -> str | None:
        """Name a graph of these that holds a statement, or None."""
        names = list(graphs)
        if DEFAULT_GRAPH in names and self.holds("?s ?p ?o"):
            return DEFAULT_GRAPH
        for batch in batches([graph for graph in names if graph != DEFAULT_GRAPH], self.profile.graphs_at_once):
            if len(batch) == 1:
                if self.holds(f"GRAPH {NamedNode(batch[0])} {{ ?s ?p ?o }}"):
                    return batch[0]
                continue
            table = " ".join(str(NamedNode(graph)) for graph in batch)
            for (graph,) in self.select(f"SELECT ?g {{ VALUES ?g {{ {table} }} GRAPH ?g {{ ?s ?p ?o }} }} LIMIT 1"):
                return graph.value if isinstance(graph, NamedNode) else str(graph)
        return None

    def graphs_below(self, start: str) -> list[str]:
        """Name the graphs whose names begin so."""
        literal = ox.Literal(start)
        rows = self.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), {literal})) }}")
        return sorted(row[0].value for row in rows if isinstance(row[0], NamedNode))

    def _no_answer(self, reply: Reply) -> StoreError:
        start = " ".join(reply.content[:_SHOWN].decode("utf-8", "replace").split())
        return StoreError(self.addresses.query, f"says that all is well, and answers with something else than was asked for: {start or 'nothing'}")


def _line(row: Sequence[object]) -> bytes:
    s, p, o = row
    return f"{s} {p} {o} .".encode()


def _form(name: str, text: str) -> bytes:
    return urlencode({name: text}).encode()
