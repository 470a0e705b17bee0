"""The dumps: all statements as one graph, and the dataset with its named graphs.

Each is written part by part, by whichever process is free, and each part is read back and compared before it goes into its file.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final, cast
from zlib import crc32

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat

from schakel.about import About
from schakel.cache import Kept, key_of
from schakel.errors import PublicationIncompleteError
from schakel.export.jsonld import document_of_nodes, nodes
from schakel.export.jsonld_context import Context, context_for
from schakel.export.lines import header, nquads, trig_body, turtle_body
from schakel.export.segments import Cuts, Merged, Segment, cuts_for
from schakel.graph import Dataset, NTriples
from schakel.ntriples import bounds_of, merged
from schakel.work import Workers

__all__ = ["DUMPS", "Dump", "Quads", "dump_dataset"]


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


def dump_dataset(quads: "Quads", whole: Merged, about: About, workers: Workers, meanwhile: Callable[[], object]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Give the name of each dump with its content in pieces: those of the quads, and those of the merge of all graphs.

    What others do `meanwhile` is done when there is nothing to do but wait. Every part is read back before it is given; of a graph of more than a million
    statements, unless `about` asks for all, one in eight. Taking the pieces raises PublicationIncompleteError where a file does not say what was to be
    written.
    """
    head, prefixes = header(whole.survey.prefixes, about.base), whole.survey.prefixes
    one_in = _one_in(about, whole.survey.statements)
    context = context_for(whole.survey, about.base, about.prefixes)
    shape = json.dumps(context.json)
    turtle = _each(workers, "turtle", partial(_turtle, about.base, prefixes, one_in), whole.segments, f"{head.decode()} {one_in}")
    written = _each(workers, "json-ld", partial(_json_ld, context, one_in), whole.segments, f"{shape} {one_in}")
    yield "graph.nt", whole.statements
    yield "dataset.nq", quads
    yield "dataset.trig", chain([head.removesuffix(b"\n")], quads.trig)
    meanwhile()
    yield "graph.ttl", chain([head], _with_between(turtle))
    yield "graph.jsonld", document_of_nodes(context, written)


def _each(workers: Workers, stage: str, function: Callable[[Segment], bytes], segments: Sequence[Segment], common: str) -> Iterator[bytes]:
    """Give what is made of each segment, begun now where that can be."""

    def key(segment: Segment) -> str:
        return key_of(common, segment.digest)

    if not workers.ahead:
        return workers.each_once(stage, function, segments, key)
    begun = [workers.start_kept(stage, function, segment, key(segment)) for segment in segments]
    return (wait().content() for wait in begun)


def _one_in(about: About, statements: int) -> int:
    return 1 if about.verify_all or statements <= _ALL_READ_BACK else _ONE_IN


class Quads:
    """The N-Quads of a dataset, part after part; when all have been taken `trig` gives the same as TriG.

    Writing begins when this is made, where there are processes for it, with all graphs but one that is not known `yet`: what follows by reasoning.
    """

    def __init__(self, dataset: Dataset, yet: NamedNode, about: About, workers: Workers) -> None:
        """Begin to write the graphs that there are."""
        self._about = about
        self._workers = workers
        self._yet = yet
        # By the first graph of a unit, as no unit has graphs on both sides of the one that is not known.
        self._units: dict[str, list[_Unit]] = {}
        self._begun: dict[str, list[Callable[[], Kept]]] = {}
        self._kept: list[tuple[Kept, int]] = []
        for graphs in ([each for each in dataset.graphs() if each.value < yet.value], [each for each in dataset.graphs() if each.value > yet.value]):
            self._begin(dataset, graphs)

    def complete(self, dataset: Dataset) -> None:
        """Begin to write the graph that was not known, if there is any."""
        self._begin(dataset, [each for each in dataset.graphs() if each == self._yet])

    def _begin(self, dataset: Dataset, graphs: Sequence[NamedNode]) -> None:
        pieces = [piece for graph in graphs for piece in dataset.pieces(graph)]
        one_in = _one_in(self._about, sum(piece.count(b"\n") for piece in pieces))
        for parts in _parts(dataset, graphs, cuts_for(pieces, self._about.base)):
            # Which prefixes are used is not known yet; one that is not shortens nothing.
            unit = _Unit(tuple(parts), self._about.base, dict(self._about.prefixes), one_in)
            self._units.setdefault(parts[0].graph, []).append(unit)
            if self._workers.ahead:
                self._begun.setdefault(parts[0].graph, []).append(self._workers.start_kept("quads", _written, unit, unit.key()))

    def _all(self) -> Iterator[Kept]:
        if self._workers.ahead:
            return (wait() for _, waiting in sorted(self._begun.items()) for wait in waiting)
        return self._workers.each_kept("quads", _written, (unit for _, units in sorted(self._units.items()) for unit in units), _Unit.key)

    def __iter__(self) -> Iterator[bytes]:
        for kept in self._all():
            trig = int(kept.content(0, _LENGTH))
            yield kept.content(_LENGTH + trig)
            self._kept.append((kept.let_go(_LENGTH + trig), trig))

    @property
    def trig(self) -> Iterator[bytes]:
        """The TriG of the graphs."""
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


def _parts(dataset: Dataset, graphs: Sequence[NamedNode], cuts: Cuts) -> Iterator[list[_Part]]:
    """Put small graphs together, and cut large ones up."""
    together: list[_Part] = []
    size = 0
    for graph in graphs:
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
