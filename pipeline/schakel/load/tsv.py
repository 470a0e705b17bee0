"""Statements as SPARQL's tab-separated values have them: the quickest form that a store can give them in, and that we can read."""

from collections.abc import Iterator
from typing import Final, Protocol

from pyoxigraph import RdfFormat, parse

from schakel.load.graph_names import DEFAULT_GRAPH
from schakel.load.updates import batches

__all__ = ["statements_in"]

_PIECE: Final = 1 << 16
_AT_ONCE: Final = 5_000
_TRIPLE: Final = 3


class _Readable(Protocol):
    def read(self, size: int) -> bytes: ...


def statements_in(body: _Readable) -> Iterator[tuple[str, bytes]]:
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


def _lines(body: _Readable) -> Iterator[bytes]:
    rest = b""
    while piece := body.read(_PIECE):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest
