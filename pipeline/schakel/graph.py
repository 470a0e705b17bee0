"""The dataset: a thin wrapper over an Oxigraph store, the names of its graphs, and the ways in and out of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from schakel.cache import key_of
from schakel.ntriples import merged, sorted_piece

__all__ = [
    "Dataset",
    "GraphNames",
    "NTriples",
    "Term",
    "from_ntriples",
    "to_ntriples",
]

Term: TypeAlias = NamedNode | BlankNode | ox.Literal | Triple

# Statements as Oxigraph writes N-Triples, in pieces of whole lines: what stages hand to each other without an object of Python for each statement.
NTriples: TypeAlias = Sequence[bytes]

_WORTH_BULK = 1_000_000
# So many hexadecimal digits of the SHA-256 of its text name a passage.
_DIGITS: Final = 12
_PASSAGE: Final = re.compile(rf"#p-[0-9a-f]{{{_DIGITS}}}(?:-[0-9]+)?\Z")


@dataclass(frozen=True)
class GraphNames:
    """The IRIs of graphs and of evidence, all below the base."""

    base: str

    @property
    def inferred(self) -> NamedNode:
        """The graph of what follows by reasoning."""
        return NamedNode(f"{self.base}graph/inferred")

    @property
    def provenance(self) -> NamedNode:
        """The graph that describes sources and passages."""
        return NamedNode(f"{self.base}graph/provenance")

    @property
    def vocabulary(self) -> NamedNode:
        """The graph of terms and concepts with their labels."""
        return NamedNode(f"{self.base}graph/vocabulary")

    def file(self, name: str) -> NamedNode:
        """Name the graph of a file of the data: an RDF file, or a table whose rows cite no source."""
        return NamedNode(f"{self.base}graph/file/{quote(name, safe='')}")

    def source(self, source: str) -> NamedNode:
        """Name a source; also the graph of rows that cite it without a passage."""
        return NamedNode(f"{self.base}source/{source}")

    def is_passage(self, graph: NamedNode) -> bool:
        """Tell whether a graph is that of a passage."""
        return graph.value.startswith(f"{self.base}source/") and _PASSAGE.search(graph.value) is not None

    def passage(self, source: str, sha256: str, number: int = 1) -> NamedNode:
        """Name a passage, a fragment of its source, by the SHA-256 of its text; also the graph of what it states.

        `number` counts the passages of a source whose names would be the same, from 1.
        """
        repeated = "" if number == 1 else f"-{number}"
        return NamedNode(f"{self.base}source/{source}#p-{sha256[:_DIGITS]}{repeated}")


class Dataset:
    """Quads in memory, as sorted N-Triples by graph. Terms are as Oxigraph keeps them: numbers, dates and booleans in their canonical form."""

    def __init__(self) -> None:
        self._pieces: dict[NamedNode, list[bytes]] = {}

    def add(self, triples: Iterable[Triple], graph: NamedNode) -> None:
        """Put triples into a graph."""
        store = Store()
        store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
        self.add_pieces([sorted_piece(cast("bytes", store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())))], graph)

    def add_pieces(self, pieces: NTriples, graph: NamedNode) -> None:
        """Put sorted pieces, of terms in their canonical form, into a graph."""
        filled = [piece for piece in pieces if piece]
        if filled:
            self._pieces.setdefault(graph, []).extend(filled)

    def graphs(self) -> list[NamedNode]:
        """Give the names of all graphs, sorted."""
        return sorted(self._pieces, key=lambda graph: graph.value)

    def pieces(self, graph: NamedNode) -> NTriples:
        """Give one graph in sorted pieces; a statement may be in several of them."""
        return self._pieces.get(graph, [])

    def all_pieces(self) -> NTriples:
        """Give all graphs in sorted pieces; a statement may be in several of them."""
        return [piece for graph in self.graphs() for piece in self._pieces[graph]]

    def triples(self, graph: NamedNode) -> Iterator[Triple]:
        """Give the triples of one graph, each once."""
        return from_ntriples([merged(self.pieces(graph))]) if graph in self._pieces else iter(())

    def digest(self) -> str:
        """Give a name for all that it holds: other quads, other name."""
        return key_of(*(part for graph in self.graphs() for part in (graph.value.encode(), key_of(self._pieces[graph]))))

    def merged(self) -> Store:
        """Give a store of all quads whose default graph is the merge of all graphs: each statement once, as whoever asks expects, and as counts need it."""
        store = Store()
        for graph in self.graphs():
            for piece in self._pieces[graph]:
                for to_graph in (graph, DefaultGraph()):
                    _load(store, piece, to_graph)
        return store

    def union(self) -> Store:
        """Give a store whose default graph is the merge of all graphs, and which has no others: it needs half the memory of merged()."""
        store = Store()
        for piece in self.all_pieces():
            _load(store, piece, DefaultGraph())
        return store


def _load(store: Store, piece: bytes, graph: NamedNode | DefaultGraph) -> None:
    # Loading in bulk uses all cores, which a few lines are not worth.
    load = store.bulk_load if len(piece) > _WORTH_BULK else store.load
    load(piece, format=RdfFormat.N_TRIPLES, to_graph=graph)


def to_ntriples(triples: Iterable[Triple]) -> NTriples:
    """Write triples as N-Triples, in one piece."""
    return [cast("bytes", ox.serialize(triples, format=RdfFormat.N_TRIPLES))]


def from_ntriples(statements: NTriples) -> Iterator[Triple]:
    """Read N-Triples, piece after piece."""
    return (quad.triple for piece in statements for quad in ox.parse(piece, format=RdfFormat.N_TRIPLES))
