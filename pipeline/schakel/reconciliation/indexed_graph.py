"""What the service works on: a graph, and the index of its names."""

from dataclasses import dataclass

from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import NameIndex

__all__ = ["IndexedGraph"]


@dataclass(frozen=True)
class IndexedGraph:
    """A graph that can be asked, and all its names."""

    graph: KnowledgeGraph
    names: NameIndex
