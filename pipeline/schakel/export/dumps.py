"""The dumps: all statements as one graph, and the dataset with its named graphs.

Each is written part by part, by whichever process is free, and each part is read back and compared before it goes into its file.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final, cast
from zlib import crc32

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.about import About
from schakel.cache import Kept, key_of
from schakel.errors import PublicationIncompleteError
from schakel.export.jsonld import document_of_nodes, nodes
from schakel.export.jsonld_context import Context
from schakel.export.lines import header, nquads, trig_body, turtle_body
from schakel.export.segments import Cuts, Merged, Segment
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
# Graphs of so many statements are read back whole; of larger ones one part in so many, as reading takes longer than writing.
_ALL_READ_BACK: Final = 1_000_000
_ONE_IN: Final = 8
# Digits of the number with which what is kept of a unit begins.
_LENGTH: Final = 12
# Bytes of N-Triples of small graphs that are written together.
_TOGETHER: Final = 2_000_000


def dump_dataset(dataset: Dataset, whole: Merged, context: Context, about: About, workers: Workers) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Give the name of each dump with its content in pieces.

    Every part is read back before it is given; of a graph of more than a million statements, unless `about` asks for all, one in eight.
    Taking the pieces raises PublicationIncompleteError where a file does not say what was to be written.
    """
    head, prefixes = header(whole.survey.prefixes, about.base), whole.survey.prefixes
    one_in = 1 if about.verify_all or whole.survey.statements <= _ALL_READ_BACK else _ONE_IN
    turtle = workers.each_once("turtle", partial(_turtle, about.base, prefixes, one_in), whole.segments, lambda each: key_of(head, str(one_in), each.digest))
    yield "graph.ttl", chain([head], _with_between(turtle))
    yield "graph.nt", whole.statements
    shape = json.dumps(context.json)
    written = workers.each_once("json-ld", partial(_json_ld, context, one_in), whole.segments, lambda each: key_of(shape, str(one_in), each.digest))
    yield "graph.jsonld", document_of_nodes(context, written)
    quads = _Quads([_Unit(tuple(parts), about.base, prefixes, one_in) for parts in _units(dataset, whole.cuts)], workers)
    yield "dataset.nq", quads
    yield "dataset.trig", chain([head.removesuffix(b"\n")], quads.trig)


class _Quads:
    """The N-Quads of units, one after another; when all have been taken `trig` gives the same as TriG."""

    def __init__(self, units: Sequence["_Unit"], workers: Workers) -> None:
        self._units = units
        self._workers = workers
        self._kept: list[tuple[Kept, int]] = []

    def __iter__(self) -> Iterator[bytes]:
        for kept in self._workers.each_kept("quads", _written, self._units, _Unit.key):
            trig = int(kept.content(0, _LENGTH))
            yield kept.content(_LENGTH + trig)
            self._kept.append((kept.let_go(), trig))

    @property
    def trig(self) -> Iterator[bytes]:
        """The TriG of the units."""
        return (kept.content(_LENGTH, _LENGTH + trig) for kept, trig in self._kept)


def _with_between(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Put an empty line between."""
    for number, body in enumerate(bodies):
        yield b"\n" + body if number else body


def _turtle(base: str, prefixes: Mapping[str, str], one_in: int, segment: Segment) -> bytes:
    statements = segment.statements
    body = turtle_body(statements, base, prefixes)
    if _is_one(statements, one_in):
        _compare("graph.ttl", header(prefixes, base) + body, RdfFormat.TURTLE, statements)
    return body


def _json_ld(context: Context, one_in: int, segment: Segment) -> bytes:
    statements = segment.statements
    written = nodes(statements, context)
    if _is_one(statements, one_in):
        _compare("graph.jsonld", b"".join(document_of_nodes(context, [written])), RdfFormat.JSON_LD, statements)
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
    one_in: int

    def key(self) -> str:
        written = [f"{part.graph} {part.begins} {part.ends}" for part in self.parts]
        return key_of(header(self.prefixes, self.base), str(self.one_in), "\n".join(written), *(piece for part in self.parts for piece in part.pieces))


def _units(dataset: Dataset, cuts: Cuts) -> Iterator[list[_Part]]:
    """Put small graphs together, and cut large ones up."""
    together: list[_Part] = []
    size = 0
    for graph in dataset.graphs():
        pieces = dataset.pieces(graph)
        own = sum(map(len, pieces))
        if together and size + own > _TOGETHER:
            yield together
            together, size = [], 0
        if own <= _TOGETHER:
            together.append(_Part(graph.value, pieces))
            size += own
            continue
        segments = [parts for parts in cuts.parts(pieces) if parts]
        for number, parts in enumerate(segments, start=1):
            yield [_Part(graph.value, parts, begins=number == 1, ends=number == len(segments))]
    if together:
        yield together


def _written(unit: _Unit) -> bytes:
    """Write a unit as TriG, after an empty line where its first graph begins, and as N-Quads; in front is how long the first of them is."""
    quads = nquads((part.graph, part.merged(unit.base)) for part in unit.parts)
    body = trig_body(quads, unit.base, unit.prefixes)
    if _is_one(quads, unit.one_in):
        _compare("dataset.trig", header(unit.prefixes, unit.base) + body, RdfFormat.TRIG, quads)
    inside = b"\n" + body if unit.parts[0].begins else body[body.index(b"\n") + 1 :]
    trig = inside if unit.parts[-1].ends else inside.removesuffix(b"}\n")
    return b"%0*d%b%b" % (_LENGTH, len(trig), trig, quads)


def _is_one(content: bytes, one_in: int) -> bool:
    """Choose one in so many, always the same."""
    return crc32(content) % one_in == 0


def _compare(file: str, content: bytes, rdf_format: RdfFormat, statements: bytes) -> None:
    """Read what was written, and hold it against what was to be written."""
    read = set(cast("bytes", ox.serialize(ox.parse(content, format=rdf_format), format=RdfFormat.N_QUADS)).splitlines())
    written = set(statements.splitlines())
    if read != written:
        raise PublicationIncompleteError(file, len(written), len(read))
