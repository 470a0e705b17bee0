"""From the graphs that state something to the evidence: passage, source, and the row or the file."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from schakel.explaining.explanations import Evidence
from schakel.explaining.grounds import Asking, Grounds
from schakel.explaining.published import Stated
from schakel.explaining.rows import Rows, rows_of
from schakel.findings import Place
from schakel.graph import GraphNames
from schakel.lookup import Source, read_sources

__all__ = ["evidence_of"]


def evidence_of(stated: Stated, grounds: Grounds, asking: Asking) -> Mapping[Triple, tuple[Evidence, ...]]:
    """Give the evidence of each statement, in the order of graphs; none for one that only the inferred graph holds.

    Rows are looked for where the project is at hand.
    """
    names = grounds.names
    said: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
    for triple, graphs in stated.items():
        for graph in graphs:
            said[graph].add(triple)
    of_tables = {graph: triples for graph, triples in said.items() if graph not in {names.inferred, names.vocabulary} and not _is_file(graph, names)}
    rows = {} if grounds.project is None else rows_of(grounds.derivations, grounds.project.root, of_tables)
    known = _Known(grounds, read_sources(asking.backend, of_tables, asking.context, asking.language), rows)
    return {triple: tuple(known.evidence(triple, set(graphs) - {names.inferred})) for triple, graphs in stated.items()}


def _is_file(graph: NamedNode, names: GraphNames) -> bool:
    return graph.value.startswith(names.file("").value)


@dataclass(frozen=True)
class _Known:
    """What was read about the graphs."""

    grounds: Grounds
    sources: Mapping[NamedNode, Source]
    rows: Rows

    def evidence(self, triple: Triple, graphs: Collection[NamedNode]) -> Iterator[Evidence]:
        names = self.grounds.names
        for graph in sorted(graphs, key=lambda graph: graph.value):
            source = self.sources.get(graph)
            for place in self._places(graph, triple):
                if source is None:
                    yield Evidence(graph, place=place)
                else:
                    passage = graph if names.is_passage(graph) else None
                    yield Evidence(graph, passage, source.page, source.page_title, source.first_words, source.last_words, place)

    def _places(self, graph: NamedNode, triple: Triple) -> Collection[Place | None]:
        """Give where it stands: once with None where that is not known."""
        names, vocabulary = self.grounds.names, self.grounds.vocabulary
        if graph == names.vocabulary:
            file = None if vocabulary is None else vocabulary.files.get(triple)
            return [None if file is None else Place(file)]
        if _is_file(graph, names):
            return [Place(f"data/{unquote(graph.value.removeprefix(names.file('').value))}")]
        return self.rows.get((graph, triple)) or [None]
