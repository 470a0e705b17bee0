"""Turtle and TriG, written by Oxigraph from sorted N-Triples, in parts that can be put together."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat

from schakel.publish.survey import used_prefixes
from schakel.namespaces import PREFIXES

__all__ = ["header", "nquads", "trig", "trig_body", "turtle", "turtle_body"]

# An IRI relative to a scheme; strings are matched too, to be left as they are.
_NETWORK_PATH: Final = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|<//')


def turtle(statements: bytes, base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write N-Triples as Turtle in their order, one subject after another with an empty line between. `known`: the prefixes to choose from."""
    prefixes = used_prefixes(statements, known)
    return header(prefixes, base) + turtle_body(statements, base, prefixes)


def turtle_body(statements: bytes, base: str, prefixes: Mapping[str, str]) -> bytes:
    """Write N-Triples as Turtle without its header; bodies with an empty line between them are a body."""
    # Lenient: Oxigraph wrote these lines itself, and looking at every IRI again takes half the time.
    written = _serialized(ox.parse(statements, format=RdfFormat.N_TRIPLES, lenient=True), RdfFormat.TURTLE, base, prefixes)
    # Oxigraph ends each subject, and nothing else, with such a line end: those in literals are escaped.
    return _body(written, base).replace(b" .\n", b" .\n\n")[:-1]


def nquads(graphs: Iterable[tuple[str, bytes]]) -> bytes:
    """Write graphs, each as N-Triples, as N-Quads."""
    return b"".join(statements.replace(b" .\n", b" <%s> .\n" % graph.encode()) for graph, statements in graphs)


def trig(graphs: Mapping[str, bytes], base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write graphs, each as N-Triples, as TriG."""
    prefixes = used_prefixes(b"".join(graphs.values()), known)
    return header(prefixes, base) + trig_body(nquads(graphs.items()), base, prefixes)


def trig_body(quads: bytes, base: str, prefixes: Mapping[str, str]) -> bytes:
    """Write N-Quads, graph after graph, as TriG without its header, an empty line between graphs."""
    written = _serialized(ox.parse(quads, format=RdfFormat.N_QUADS, lenient=True), RdfFormat.TRIG, base, prefixes)
    return _body(written, base).replace(b"\n}\n", b"\n}\n\n")[:-1]


def _serialized(quads: Iterable[Quad], rdf_format: RdfFormat, base: str, prefixes: Mapping[str, str]) -> bytes:
    return cast("bytes", ox.serialize(quads, format=rdf_format, prefixes=dict(prefixes), base_iri=base))


def header(prefixes: Mapping[str, str], base: str) -> bytes:
    """Write what stands at the head of a file of Turtle or TriG."""
    lines = [f"@base <{base}> .", *(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(prefixes.items()))]
    return ("\n".join(lines) + "\n\n").encode()


def _body(written: bytes, base: str) -> bytes:
    """Drop Oxigraph's own header, whose order varies, and write out IRIs of other hosts that it made relative to the scheme of the base."""
    start = 0
    while written.startswith(b"@", start):
        start = written.index(b"\n", start) + 1
    body = written[start:]
    full = b"<" + base.partition("//")[0].encode() + b"//"
    return _NETWORK_PATH.sub(lambda match: full if match[0] == b"<//" else match[0], body) if b"<//" in body else body
