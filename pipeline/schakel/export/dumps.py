"""The dumps: all statements as one graph, and the dataset with its named graphs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from schakel.errors import PublicationIncompleteError
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


def dump_dataset(dataset: Dataset, merged: Sequence[bytes], context: Context, base: str) -> Iterator[tuple[Dump, bytes]]:
    """Write the dataset in every format; each file is read back and counted.

    `merged` is the merge of all graphs as sorted lines. Raises PublicationIncompleteError where a file does not hold what was written.
    """
    yield _checked("graph.ttl", turtle(merged, base), len(merged))
    yield _checked("graph.nt", ntriples(merged), len(merged))
    yield _checked("graph.jsonld", document(merged, context), len(merged))
    graphs = [(graph.value, sorted_lines(dataset.lines(graph), base)) for graph in dataset.graphs()]
    yield _checked("dataset.trig", trig(graphs, base), len(dataset))
    quads = b"".join(b"%s <%s> .\n" % (line[:-2], graph.encode()) for graph, lines in graphs for line in lines)
    yield _checked("dataset.nq", quads, len(dataset))


def _checked(file: str, content: bytes, expected: int) -> tuple[Dump, bytes]:
    rdf_format, media_type = _FORMATS["." + file.rpartition(".")[2]]
    found = sum(1 for _ in ox.parse(content, format=rdf_format))
    if found != expected:
        raise PublicationIncompleteError(file, expected, found)
    return Dump(file, media_type, len(content), sha256(content).hexdigest(), expected), content
