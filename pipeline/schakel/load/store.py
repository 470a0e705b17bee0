"""A triple store as loading sees it: statements are sent, given back and changed, whatever kind of store it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Final, TypeAlias, TypeVar
from urllib.parse import urlencode

import pyoxigraph as ox
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat, parse

from schakel.errors import StoreError
from schakel.load.graph_names import DEFAULT_GRAPH, GraphNames
from schakel.load.http_client import Body, Client, Request
from schakel.load.profiles import Addresses, Profile
from schakel.load.updates import Statement, batches

__all__ = ["Store"]

T = TypeVar("T")
Row: TypeAlias = tuple[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, ...]
_JSON: Final = "application/sparql-results+json"
_FORM: Final = "application/x-www-form-urlencoded"
_BETWEEN: Final = "\n;\n"
_SHOWN: Final = 120
_TRIPLE: Final = 3
_PIECE: Final = 1 << 16
_AT_ONCE: Final = 5_000


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

    def update(self, operations: Iterable[str], *, once: bool = False) -> int:
        """Carry operations out, and give in how many requests: one where that is one transaction and not too long, else one after another.

        With `once`, none is sent that may run already.
        """
        requests = 0
        for text in self._together(operations):
            content, kind = (_form("update", text), _FORM) if self.profile.forms else (text.encode(), "application/sparql-update")
            self._client.send(Request("POST", self.addresses.update, content, {"Content-Type": kind, "Accept": "*/*"}, once=once))
            requests += 1
        return requests

    def _together(self, operations: Iterable[str]) -> Iterator[str]:
        if not self.profile.atomic:
            yield from operations
            return
        gathered: list[str] = []
        length = 0
        for operation in operations:
            size = len(operation) if operation.isascii() else len(operation.encode())
            if gathered and length + size + len(_BETWEEN) > self.profile.longest:
                yield _BETWEEN.join(gathered)
                gathered, length = [], 0
            gathered.append(operation)
            length += size + len(_BETWEEN)
        if gathered:
            yield _BETWEEN.join(gathered)

    def each(self, graphs: Iterable[str], use: Callable[[Iterator[Statement]], Iterable[T]]) -> Iterator[T]:
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

    def _statements(self, query: str, use: Callable[[Iterator[Statement]], T], asked: set[str]) -> T:
        def checked(statements: Iterator[Statement]) -> Iterator[Statement]:
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

    def _read_pages(self, graph: str) -> set[Statement]:
        """Give the statements of a graph, where the store gives only so many at once. They have no order; what comes twice would be missing elsewhere."""
        found: set[Statement] = set()
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

    def sees_all_graphs(self, names: GraphNames) -> bool | None:
        """Tell whether a query that names no graph sees all graphs, by asking for the record both ways; None where there is no record yet."""
        pattern = f"{NamedNode(names.record)} {NamedNode(names.property('begun'))} ?begun"
        if not self.holds(f"GRAPH {NamedNode(names.record)} {{ {pattern} }}"):
            return None
        return self.holds(pattern)

    def _no_answer(self, body: Body) -> StoreError:
        start = " ".join(body.beginning[:_SHOWN].decode("utf-8", "replace").split())
        return StoreError(self.addresses.query, f"says that all is well, and answers with something else than was asked for: {start or 'nothing'}")


def _line(row: Sequence[object]) -> bytes:
    s, p, o = row[-_TRIPLE:]
    return f"{s} {p} {o} .".encode()


def _form(name: str, text: str) -> bytes:
    return urlencode({name: text}).encode()


def statements_in(body: Body) -> Iterator[Statement]:
    r"""Give statements, each with its graph, as lines of N-Triples as Oxigraph writes them; from columns ?g ?s ?p ?o, or without the first.

    Terms are written as in Turtle, so that a number may be without quotes, and a character written as an escape: such a line is parsed.
    Raises ValueError, SyntaxError.

    >>> import io
    >>> list(statements_in(io.BytesIO(b"?g\t?s\t?p\t?o\n<urn:g>\t<urn:s>\t<urn:p>\t1.5\n")))
    [('urn:g', b'<urn:s> <urn:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .')]
    """
    lines = _lines(body)
    columns = next(lines, b"").count(b"\t") + 1
    if columns not in {_TRIPLE, _TRIPLE + 1}:
        raise ValueError(columns)
    for some in batches(lines, _AT_ONCE):
        if any(line.count(b"\t") + 1 != columns for line in some):
            raise ValueError(some)
        rows = [line.partition(b"\t") if columns > _TRIPLE else (b"", b"", line) for line in some]
        graphs = [graph[1:-1].decode() if graph else DEFAULT_GRAPH for graph, _, _ in rows]
        statements = [terms.replace(b"\t", b" ") + b" ." for _, _, terms in rows]
        odd = [number for number, line in enumerate(statements) if b"\\" in line or not (line.endswith((b"> .", b'" .')) or b'"@' in line)]
        parsed = parse(b"\n".join(statements[number] for number in odd), format=RdfFormat.TURTLE)
        for number, quad in zip(odd, parsed, strict=True):
            statements[number] = f"{quad.triple} .".encode()
        yield from zip(graphs, statements, strict=True)


def _lines(body: Body) -> Iterator[bytes]:
    rest = b""
    while piece := body.read(_PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest
