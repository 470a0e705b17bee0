"""The dumps: all statements as one graph, and the dataset with its named graphs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.errors import PublicationIncompleteError
from schakel.export.about import About
from schakel.export.jsonld import Context, document
from schakel.export.lines import ntriples, sorted_lines, trig, turtle
from schakel.graph import Dataset

__all__ = ["Dump", "dump_dataset"]


@dataclass(frozen=True)
class Dump:
    """One file of the download folder: its size in bytes, the SHA-256 of its content in hexadecimal digits, and how many statements it holds."""

    file: str
    media_type: str
    bytes: int
    sha256: str
    statements: int


_FORMATS = {
    ".ttl": (RdfFormat.TURTLE, "text/turtle"),
    ".nt": (RdfFormat.N_TRIPLES, "application/n-triples"),
    ".jsonld": (RdfFormat.JSON_LD, "application/ld+json"),
    ".trig": (RdfFormat.TRIG, "application/trig"),
    ".nq": (RdfFormat.N_QUADS, "application/n-quads"),
}


def dump_dataset(dataset: Dataset, merged: Sequence[bytes], context: Context, about: About) -> Iterator[tuple[Dump, bytes]]:
    """Write the dataset in every format; each file is read back and compared.

    `merged` is the merge of all graphs as sorted lines. Raises PublicationIncompleteError where a file does not say what was written.
    """
    triples = _fingerprint(merged)
    yield _checked("graph.ttl", turtle(merged, about.base, about.prefixes), triples)
    yield _checked("graph.nt", ntriples(merged), triples)
    yield _checked("graph.jsonld", document(merged, context), triples)
    graphs = [(graph.value, sorted_lines(dataset.lines(graph), about.base)) for graph in dataset.graphs()]
    quads = [b"%s <%s> ." % (line[:-2], graph.encode()) for graph, lines in graphs for line in lines]
    yield _checked("dataset.trig", trig(graphs, about.base, about.prefixes), _fingerprint(quads))
    yield _checked("dataset.nq", ntriples(quads), _fingerprint(quads))


def _checked(file: str, content: bytes, written: tuple[int, int]) -> tuple[Dump, bytes]:
    rdf_format, media_type = _FORMATS["." + file.rpartition(".")[2]]
    read = cast("bytes", ox.serialize(ox.parse(content, format=rdf_format), format=RdfFormat.N_QUADS)).splitlines()
    if _fingerprint(read) != written:
        raise PublicationIncompleteError(file, written[0], len(read))
    return Dump(file, media_type, len(content), sha256(content).hexdigest(), written[0]), content


def _fingerprint(lines: Iterable[bytes]) -> tuple[int, int]:
    """Give how many lines there are, and a sum of their hashes, the same in whatever order they come."""
    count, total = 0, 0
    for line in lines:
        count += 1
        total += hash(line)
    return count, total
