"""Statements as sorted N-Triples lines, and from those every other way of writing them.

Oxigraph writes canonical N-Triples: one line a triple, one way to write each term. So lines can be compared, merged and sorted as bytes,
and equal graphs give equal bytes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat, Triple

from schakel.namespaces import PREFIXES, RDF

__all__ = ["ntriples", "sorted_lines", "subject", "to_lines", "trig", "turtle", "used_prefixes"]

_TYPE = f" {RDF.type} ".encode()
# In Turtle as Oxigraph writes it a line that begins a new subject is one that is not indented. Line breaks in literals are escaped.
_NEXT_SUBJECT = re.compile(rb"\n(?=[^\s@}])")
# An IRI relative to a scheme; strings are matched too, to be left as they are.
_NETWORK_PATH = re.compile(rb'"(?:[^"\\\n]|\\.)*"|<//')
_NEXT_GRAPH = re.compile(rb"\n(?=\S[^\n]* \{\n)")


def to_lines(triples: Iterable[Triple]) -> set[bytes]:
    """Write triples as N-Triples lines without line ends, each once."""
    return set(cast("bytes", ox.serialize(triples, format=RdfFormat.N_TRIPLES)).splitlines())


def sorted_lines(lines: Iterable[bytes], base: str = "") -> list[bytes]:
    """Sort by subject, those below the base before all others, and let what a subject is (its type) come first."""
    own = b"<" + base.encode()
    return sorted(lines, key=lambda line: (not line.startswith(own), _sort_key(line)))


def _sort_key(line: bytes) -> bytes:
    # A space sorts before every character of an IRI: with one at its end a thing comes before its parts, with two before it a type before all else.
    return line.replace(b">", b" ", 1).replace(_TYPE, b"  ", 1)


def subject(line: bytes) -> str:
    r"""Give the IRI of a line's subject.

    >>> subject(b"<https://kg.example.org/org/ferries> <https://example.org/p> \"x\" .")
    'https://kg.example.org/org/ferries'
    """
    return line[1 : line.index(b">")].decode()


def ntriples(lines: Sequence[bytes]) -> bytes:
    """Join lines to a file."""
    return b"".join(line + b"\n" for line in lines)


def turtle(lines: Sequence[bytes], base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write lines as Turtle in their order, one subject after another with an empty line between. `known`: the prefixes to choose from."""
    content = ntriples(lines)
    triples = (quad.triple for quad in ox.parse(content, format=RdfFormat.N_TRIPLES))
    prefixes = used_prefixes(content, known)
    written = cast("bytes", ox.serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes, base_iri=base))
    return _header(prefixes, base) + _NEXT_SUBJECT.sub(b"\n\n", b"\n" + _body(written, base)).lstrip(b"\n")


def trig(graphs: Iterable[tuple[str, Sequence[bytes]]], base: str, known: Mapping[str, str] = PREFIXES) -> bytes:
    """Write graphs, each with its sorted lines, as TriG."""
    named = [(graph, ntriples(lines)) for graph, lines in graphs]
    prefixes: dict[str, str] = {}
    for _, content in named:
        prefixes |= used_prefixes(content, known)
    written = cast("bytes", ox.serialize(_quads(named), format=RdfFormat.TRIG, prefixes=prefixes, base_iri=base))
    return _header(prefixes, base) + _NEXT_GRAPH.sub(b"\n\n", b"\n" + _body(written, base)).lstrip(b"\n")


def _header(prefixes: Mapping[str, str], base: str) -> bytes:
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


def _quads(named: Iterable[tuple[str, bytes]]) -> Iterator[ox.Quad]:
    for graph, content in named:
        name = ox.NamedNode(graph)
        for quad in ox.parse(content, format=RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def used_prefixes(content: bytes, known: Mapping[str, str] = PREFIXES) -> dict[str, str]:
    """Give those of the known prefixes whose namespace occurs in N-Triples, by name."""
    # Most graphs use nothing of RDF's own namespace but rdf:type, which has shorter ways to be written.
    more = content.replace(_TYPE, b"")
    return {prefix: namespace for prefix, namespace in sorted(known.items()) if b"<" + namespace.encode() in more}
