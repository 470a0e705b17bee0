"""What the service works on: a graph and its names, ids (the part of an IRI below the base, a CURIE, or an IRI), and what the graph says of things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from schakel.errors import NotAnIriError
from schakel.graph import Term
from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import NameIndex, as_iri

__all__ = ["LONGEST_TEXT", "IndexedGraph", "Values", "named", "term_of", "values_of"]


@dataclass(frozen=True)
class IndexedGraph:
    """A graph that can be asked, and all its names."""

    graph: KnowledgeGraph
    names: NameIndex


# Of a thing and a property, the values.
Values = Mapping[tuple[NamedNode, NamedNode], Sequence[Term]]

LONGEST_TEXT: Final = 500
_IN_NO_IRI: Final = frozenset(' <>"{}|\\^`\n\r\t')
# So many things are asked about at once.
_BLOCK: Final = 100


def term_of(indexed: IndexedGraph, typed: str) -> NamedNode | None:
    """Give the IRI of an id, as we give ids; None where it can be none."""
    if not typed.strip() or len(typed) > LONGEST_TEXT or not _IN_NO_IRI.isdisjoint(typed):
        return None
    try:
        return as_iri(typed, indexed.graph.context)
    except NotAnIriError:
        return None


def named(indexed: IndexedGraph, term: NamedNode) -> dict[str, str]:
    """Give the id and the name of a thing, a class or a property."""
    short = indexed.graph.context.short(term)
    return {"id": short, "name": indexed.names.label(term) or short}


def values_of(indexed: IndexedGraph, entities: Iterable[NamedNode], properties: Iterable[NamedNode]) -> Values:
    """Read the values of properties of things, in the order of SPARQL.

    Raises BadQueryError.
    """
    asked, predicates = list(dict.fromkeys(entities)), " ".join(map(str, dict.fromkeys(properties)))
    found: dict[tuple[NamedNode, NamedNode], list[Term]] = {}
    for start in range(0, len(asked) if predicates else 0, _BLOCK):
        subjects = " ".join(map(str, asked[start : start + _BLOCK]))
        query = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {subjects} }} VALUES ?p {{ {predicates} }} ?s ?p ?o }} ORDER BY ?s ?p ?o"
        for subject, predicate, value in indexed.graph.source.select(query).rows:
            if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
                found.setdefault((subject, predicate), []).append(value)
    return found
