"""Turtle and TriG, written by Oxigraph from sorted N-Triples."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import Quad, RdfFormat

from schakel.namespaces import PREFIXES, RDF

__all__ = ["trig", "turtle"]

_TYPE: Final = f" {RDF.type} ".encode()

# An IRI relative to a scheme; strings are matched too, to be left as they are.
_NETWORK_PATH: Final = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|<//')


def turtle(statements: bytes, base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write N-Triples as Turtle in their order, one subject after another with an empty line between. `known`: the prefixes to choose from."""
    prefixes = used_prefixes(statements, known)
    return header(prefixes, base) + turtle_body(statements, base, prefixes)


def trig(graphs: Mapping[str, bytes], base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write graphs, each with its IRI below the base and its N-Triples, as TriG in their order. `known`: the prefixes to choose from."""
    prefixes = used_prefixes(b"".join(graphs.values()), known)
    bodies = (f"<{name.removeprefix(base)}> {{\n".encode() + turtle_body(content, base, prefixes) + b"}\n" for name, content in graphs.items())
    return header(prefixes, base) + b"\n".join(bodies)


def used_prefixes(content: bytes, known: Mapping[str, str]) -> dict[str, str]:
    """Give those of the known prefixes whose namespace occurs in N-Triples, by name."""
    # Most graphs use nothing of RDF's own namespace but rdf:type, which has shorter ways to be written.
    more = content.replace(_TYPE, b" ")
    return {prefix: namespace for prefix, namespace in sorted(known.items()) if b"<" + namespace.encode() in more}


def turtle_body(statements: bytes, base: str, prefixes: Mapping[str, str]) -> bytes:
    """Write N-Triples as Turtle without its header; bodies with an empty line between them are a body."""
    # Lenient: Oxigraph wrote these lines itself, and looking at every IRI again takes half the time.
    written = _serialized(ox.parse(statements, format=RdfFormat.N_TRIPLES, lenient=True), RdfFormat.TURTLE, base, prefixes)
    # Oxigraph ends each subject, and nothing else, with such a line end: those in literals are escaped.
    return _body(written, base).replace(b" .\n", b" .\n\n")[:-1]


def _serialized(quads: Iterable[Quad], rdf_format: RdfFormat, base: str, prefixes: Mapping[str, str]) -> bytes:
    return cast("bytes", ox.serialize(quads, format=rdf_format, prefixes=dict(prefixes), base_iri=base))


def header(prefixes: Mapping[str, str], base: str) -> bytes:
    """Write the head of a file: the base and the prefixes."""
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
