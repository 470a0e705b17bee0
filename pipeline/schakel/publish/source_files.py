"""For each source a file of the graphs of its passages: each statement that was read in it, with where."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from schakel.graph import Dataset, GraphNames
from schakel.ntriples import merged
from schakel.publish.documents import DocumentWriter, statements_of

__all__ = ["source_files"]


def source_files(dataset: Dataset, names: GraphNames, paths: Mapping[str, str], writer: DocumentWriter) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file, in the order of sources. `paths` are those of entities' files without suffix."""
    graphs: defaultdict[str, list[NamedNode]] = defaultdict(list)
    for graph in dataset.graphs():
        source = graph.value.partition("#")[0]
        if source in paths and (names.is_passage(graph) or graph == names.source(source.removeprefix(names.source("").value))):
            graphs[source].append(graph)
    for source, several in sorted(graphs.items()):
        yield f"{paths[source]}.trig", writer.trig({str(graph): statements_of(merged(dataset.pieces(graph))) for graph in several})
