"""Statements as sorted N-Triples lines, and from those every other way of writing them.

Oxigraph writes canonical N-Triples: one line a triple, one way to write each term. So lines can be compared, merged and sorted as bytes,
and equal graphs give equal bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Triple

from schakel.namespaces import PREFIXES, RDF

__all__ = ["ntriples", "sorted_lines", "subject", "to_lines", "trig", "turtle", "used_prefixes"]

_TYPE = f" {RDF.type} ".encode()
# In Turtle as Oxigraph writes it a line that begins a new subject is one that is not indented. Line breaks in literals are escaped.
_NEXT_SUBJECT = re.compile(rb"\n(?=[^\s@}])")
_NEXT_GRAPH = re.compile(rb"\n(?=\S[^\n]* \{\n)")


def to_lines(triples: Iterable[Triple]) -> list[bytes]:
    """Write triples as N-Triples lines without line ends."""
    return cast("bytes", ox.serialize(triples, format=RdfFormat.N_TRIPLES)).splitlines()


def sorted_lines(lines: Iterable[bytes]) -> list[bytes]:
    """Sort by subject, and let what a subject is (its type) come first."""
    return sorted(lines, key=_type_first)


def _type_first(line: bytes) -> bytes:
    # A space sorts before every character that an IRI may begin with.
    return line.replace(_TYPE, b"  ", 1)


def subject(line: bytes) -> str:
    r"""Give the IRI of a line's subject.

    >>> subject(b"<https://kg.example.org/org/mst> <https://example.org/p> \"x\" .")
    'https://kg.example.org/org/mst'
    """
    return line[1 : line.index(b">")].decode()


def ntriples(lines: Sequence[bytes]) -> bytes:
    """Join lines to a file."""
    return b"".join(line + b"\n" for line in lines)


def turtle(lines: Sequence[bytes], base: str) -> bytes:
    """Write sorted lines as Turtle, one subject after another with an empty line between."""
    content = ntriples(lines)
    triples = (quad.triple for quad in ox.parse(content, format=RdfFormat.N_TRIPLES))
    written = cast("bytes", ox.serialize(triples, format=RdfFormat.TURTLE, prefixes=used_prefixes(content), base_iri=base))
    return _NEXT_SUBJECT.sub(b"\n\n", written)


def trig(graphs: Iterable[tuple[str, Sequence[bytes]]], base: str) -> bytes:
    """Write graphs, each with its sorted lines, as TriG."""
    named = [(graph, ntriples(lines)) for graph, lines in graphs]
    prefixes: dict[str, str] = {}
    for _, content in named:
        prefixes |= used_prefixes(content)
    written = cast("bytes", ox.serialize(_quads(named), format=RdfFormat.TRIG, prefixes=dict(sorted(prefixes.items())), base_iri=base))
    return _NEXT_GRAPH.sub(b"\n\n", written)


def _quads(named: Iterable[tuple[str, bytes]]) -> Iterator[ox.Quad]:
    for graph, content in named:
        name = ox.NamedNode(graph)
        for quad in ox.parse(content, format=RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def used_prefixes(content: bytes) -> dict[str, str]:
    """Give the prefixes whose namespace occurs in N-Triples, by name."""
    return {prefix: namespace for prefix, namespace in sorted(PREFIXES.items()) if b"<" + namespace.encode() in content}
