"""A triple store as loading sees it: statements are sent, given back and changed, whatever kind of store it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox
from pyoxigraph import NamedNode, QueryResultsFormat

from schakel.errors import StoreError
from schakel.load.graph_names import DEFAULT_GRAPH
from schakel.load.http_client import Body, Client, Request
from schakel.load.profiles import Addresses, Profile
from schakel.load.tsv import statements_in
from schakel.load.updates import batches, inserting

__all__ = ["Store"]

T = TypeVar("T")
Row: TypeAlias = tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, ...]
_JSON: Final = "application/sparql-results+json"
_FORM: Final = "application/x-www-form-urlencoded"
_SHOWN: Final = 120
_TRIPLE: Final = 3


class Store:
    """One store, spoken to as its profile says. An answer with statements has `largest` bytes at most."""

    def __init__(self, client: Client, profile: Profile, addresses: Addresses) -> None:
        self.profile = profile
        self.addresses = addresses
        self.largest = 1 << 26
        self._client = client

    def select(self, query: str) -> list[Row]:
        """Give the rows of a SELECT.

        Raises StoreError where the store answers with something else, though it says that all is well.
        """
        return self._rows(query, list)

    def _rows(self, query: str, use: Callable[[Iterator[Row]], T]) -> T:
        """Let rows be used as they come, once more from the beginning where the answer breaks off."""

        def receive(body: Body) -> T:
            try:
                solutions = ox.parse_query_results(body, format=QueryResultsFormat.JSON)  # type: ignore[arg-type]  # only read() is called
                if not isinstance(solutions, ox.QuerySolutions):
                    raise self._no_answer(body)
                names = [variable.value for variable in solutions.variables]
                return use(tuple(row[name] for name in names) for row in solutions)
            except (ValueError, SyntaxError):
                raise self._no_answer(body) from None

        return self._client.send(self._request(query, _JSON), receive)

    def _request(self, query: str, accepted: str) -> Request:
        return Request("POST", self.addresses.query, _form("query", query), {"Content-Type": _FORM, "Accept": accepted}, most=self.largest)

    def holds(self, pattern: str) -> bool:
        """Tell whether something in the store matches a pattern; by a SELECT, as not every store answers an ASK as the standard has it."""
        return bool(self.select(f"SELECT * {{ {pattern} }} LIMIT 1"))

    def update(self, operations: Sequence[str], *, once: bool = False) -> None:
        """Carry operations out: in one request where that is one transaction, else one after another. With `once`, none is sent that may run already."""
        together = ["\n;\n".join(operations)] if self.profile.atomic else operations
        for text in together:
            if text:
                content, kind = (_form("update", text), _FORM) if self.profile.forms else (text.encode(), "application/sparql-update")
                self._client.send(Request("POST", self.addresses.update, content, {"Content-Type": kind, "Accept": "*/*"}, once=once))

    def put(self, graphs: Mapping[str, Iterable[bytes]]) -> None:
        """Send lines of N-Triples into named graphs that only loading uses. Sending them twice is as sending them once."""
        if self.profile.sending == "quads":
            content = b"".join(b"%b %b .\n" % (line[:-2], str(NamedNode(graph)).encode()) for graph, lines in graphs.items() for line in lines)
            self._client.send(Request("POST", self.addresses.quads, content, {"Content-Type": "application/n-quads"}))
        elif self.profile.sending == "graph":
            for graph, lines in graphs.items():
                content = b"\n".join([*lines, b""])
                self._client.send(Request("PUT", self.addresses.graph, content, {"Content-Type": "application/n-triples"}, {"graph": graph}))
        else:
            self.update([inserting(graphs)])

    def each(self, graphs: Iterable[str], use: Callable[[Iterator[tuple[str, bytes]]], Iterable[T]]) -> Iterator[T]:
        """Let the statements of graphs be used as they come, each with its graph, as lines of N-Triples as Oxigraph writes them.

        `use` is called for some of the graphs at a time, and once more where an answer breaks off. A graph that does not exist has no statements.
        """
        names = sorted(set(graphs))
        if self.profile.page:
            for graph in names:
                yield from use(iter(sorted(self._read_pages(graph))))
            return
        if DEFAULT_GRAPH in names:
            yield from self._statements("SELECT ?s ?p ?o { ?s ?p ?o }", use, {DEFAULT_GRAPH})
        for batch in batches([graph for graph in names if graph != DEFAULT_GRAPH], self.profile.graphs_at_once):
            table = " ".join(str(NamedNode(graph)) for graph in batch)
            yield from self._statements(f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {table} }} GRAPH ?g {{ ?s ?p ?o }} }}", use, set(batch))

    def _statements(self, query: str, use: Callable[[Iterator[tuple[str, bytes]]], T], asked: set[str]) -> T:
        def checked(statements: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
            for statement in statements:
                if statement[0] not in asked:
                    raise StoreError(self.addresses.query, "gives back statements of a graph that was not asked for")
                yield statement

        if not self.profile.tsv:
            return self._rows(query, lambda rows: use(checked((str(row[0])[1:-1] if len(row) > _TRIPLE else DEFAULT_GRAPH, _line(row)) for row in rows)))

        def receive(body: Body) -> T:
            try:
                return use(checked(statements_in(body)))
            except (ValueError, SyntaxError):
                raise self._no_answer(body) from None

        return self._client.send(self._request(query, "text/tab-separated-values"), receive)

    def _read_pages(self, graph: str) -> set[tuple[str, bytes]]:
        """Give the statements of a graph, where the store gives only so many at once. They have no order; what comes twice would be missing elsewhere."""
        found: set[tuple[str, bytes]] = set()
        for offset in count(0, self.profile.page):
            rows = self.select(f"SELECT ?s ?p ?o {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }} LIMIT {self.profile.page} OFFSET {offset}")
            found.update((graph, _line(row)) for row in rows)
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
        pattern = "" if self.profile.lists else "?s ?p ?o"
        rows = self.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {pattern} }} FILTER(STRSTARTS(STR(?g), {ox.Literal(start)})) }}")
        return sorted(row[0].value for row in rows if isinstance(row[0], NamedNode))

    def _no_answer(self, body: Body) -> StoreError:
        start = " ".join(body.beginning[:_SHOWN].decode("utf-8", "replace").split())
        return StoreError(self.addresses.query, f"says that all is well, and answers with something else than was asked for: {start or 'nothing'}")


def _line(row: Sequence[object]) -> bytes:
    s, p, o = row[-_TRIPLE:]
    return f"{s} {p} {o} .".encode()


def _form(name: str, text: str) -> bytes:
    return urlencode({name: text}).encode()
