"""The dumps: all statements as one graph, and the dataset with its named graphs.

Each is written part by part, by whichever process is free, and each part is read back and compared before it goes into its file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.cache import key_of
from schakel.errors import PublicationIncompleteError
from schakel.export.about import About
from schakel.export.jsonld import document_of_nodes, nodes
from schakel.export.jsonld_context import Context
from schakel.export.lines import header, nquads, trig_body, turtle_body
from schakel.export.segments import Cuts, Merged
from schakel.graph import Dataset, NTriples
from schakel.ntriples import bounds_of, merged
from schakel.work import Workers

__all__ = ["DUMPS", "Dump", "dump_dataset"]


@dataclass(frozen=True)
class Dump:
    """One file of the download folder: its size in bytes, the SHA-256 of its content in hexadecimal digits, and how many statements it holds."""

    file: str
    media_type: str
    bytes: int
    sha256: str
    statements: int


# The dumps with their media types, in the order in which they are listed.
DUMPS: Final = {
    "graph.ttl": "text/turtle",
    "graph.nt": "application/n-triples",
    "graph.jsonld": "application/ld+json",
    "dataset.trig": "application/trig",
    "dataset.nq": "application/n-quads",
}
# Bytes of N-Triples of small graphs that are written together.
_TOGETHER: Final = 2_000_000


def dump_dataset(dataset: Dataset, whole: Merged, context: Context, about: About, workers: Workers) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Give the name of each dump with its content in pieces. Taking them raises PublicationIncompleteError where a file does not say what was to be written."""
    head, prefixes = header(whole.survey.prefixes, about.base), whole.survey.prefixes
    turtle = workers.each_once("turtle", partial(_turtle, about.base, prefixes), whole.segments, partial(key_of, head))
    yield "graph.ttl", chain([head], _with_between(turtle))
    yield "graph.nt", whole.segments
    written = workers.each_once("json-ld", partial(_json_ld, context), whole.segments, partial(key_of, json.dumps(context.json)))
    yield "graph.jsonld", document_of_nodes(context, written)
    units = [_Unit(tuple(parts), about.base, prefixes) for parts in _units(dataset, whole.cuts)]
    yield "dataset.nq", workers.each(_nquads, units)
    yield "dataset.trig", chain([head.removesuffix(b"\n")], workers.each_once("trig", _trig, units, _Unit.key))


def _with_between(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Put an empty line between."""
    for number, body in enumerate(bodies):
        yield b"\n" + body if number else body


def _turtle(base: str, prefixes: Mapping[str, str], segment: bytes) -> bytes:
    body = turtle_body(segment, base, prefixes)
    _compare("graph.ttl", header(prefixes, base) + body, RdfFormat.TURTLE, segment)
    return body


def _json_ld(context: Context, segment: bytes) -> bytes:
    written = nodes(segment, context)
    _compare("graph.jsonld", b"".join(document_of_nodes(context, [written])), RdfFormat.JSON_LD, segment)
    return written


@dataclass(frozen=True)
class _Part:
    """Some of a graph: sorted pieces that are to be merged."""

    graph: str
    pieces: NTriples
    begins: bool = True
    ends: bool = True

    def merged(self, base: str) -> bytes:
        return b"".join(chain.from_iterable(Cuts(bounds_of(base), base).parts([merged(self.pieces)])))


@dataclass(frozen=True)
class _Unit:
    """Parts of named graphs that are written together."""

    parts: Sequence[_Part]
    base: str
    prefixes: Mapping[str, str]

    def key(self) -> str:
        written = [f"{part.graph} {part.begins} {part.ends}" for part in self.parts]
        return key_of(header(self.prefixes, self.base), "\n".join(written), *(piece for part in self.parts for piece in part.pieces))


def _units(dataset: Dataset, cuts: Cuts) -> Iterator[list[_Part]]:
    """Put small graphs together, and cut large ones up."""
    together: list[_Part] = []
    size = 0
    for graph in dataset.graphs():
        pieces = dataset.pieces(graph)
        size += sum(map(len, pieces))
        if size <= _TOGETHER:
            together.append(_Part(graph.value, pieces))
            continue
        if together:
            yield together
        segments = [parts for parts in cuts.parts(pieces) if parts]
        for number, parts in enumerate(segments, start=1):
            yield [_Part(graph.value, parts, begins=number == 1, ends=number == len(segments))]
        together, size = [], 0
    if together:
        yield together


def _nquads(unit: _Unit) -> bytes:
    return nquads((part.graph, part.merged(unit.base)) for part in unit.parts)


def _trig(unit: _Unit) -> bytes:
    """Write a unit as TriG: after an empty line where its first graph begins."""
    quads = _nquads(unit)
    body = trig_body(quads, unit.base, unit.prefixes)
    _compare("dataset.trig", header(unit.prefixes, unit.base) + body, RdfFormat.TRIG, quads)
    inside = b"\n" + body if unit.parts[0].begins else body[body.index(b"\n") + 1 :]
    return inside if unit.parts[-1].ends else inside.removesuffix(b"}\n")


def _compare(file: str, content: bytes, rdf_format: RdfFormat, statements: bytes) -> None:
    """Read what was written, and hold it against what was to be written."""
    read = set(cast("bytes", ox.serialize(ox.parse(content, format=rdf_format), format=RdfFormat.N_QUADS)).splitlines())
    written = set(statements.splitlines())
    if read != written:
        raise PublicationIncompleteError(file, len(written), len(read))
