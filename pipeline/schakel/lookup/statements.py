"""Statements of the graph with the graphs that hold them, read for many things at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode

from schakel.answers.answer import Answer
from schakel.answers.backend import Backend
from schakel.graph import Term
from schakel.lookup.kinds import Hierarchy
from schakel.lookup.sparql import HEADER, blocks, values

__all__ = ["Statement", "read_incoming", "read_outgoing", "without_repeated"]

# Below any base, whichever sign that ends with.
_INFERRED: Final = tuple(f"{sign}graph/inferred" for sign in "/#:")


@dataclass(frozen=True)
class Statement:
    """A triple and the named graphs that hold it: none where the store has only the merge of them."""

    subject: NamedNode
    predicate: NamedNode
    value: Term
    graphs: frozenset[NamedNode]

    @cached_property
    def is_inferred(self) -> bool:
        """Tell whether it holds by reasoning alone."""
        return bool(self.graphs) and not self.stating

    @cached_property
    def stating(self) -> frozenset[NamedNode]:
        """The graphs that state it."""
        return frozenset(graph for graph in self.graphs if not graph.value.endswith(_INFERRED))


def read_outgoing(backend: Backend, subjects: Iterable[NamedNode]) -> list[Statement]:
    """Read what the graph says of each of the things."""
    return [statement for block in blocks(subjects) for statement in _collected(_outgoing(backend, values("subject", block)))]


def _outgoing(backend: Backend, bound: str) -> Answer:
    # Two patterns side by side, as a store that holds the merge alone answers the first only. An OPTIONAL would make some stores join everything.
    return backend.select(f"""{HEADER}
SELECT ?subject ?property ?value ?graph WHERE {{
  {{ {bound} ?subject ?property ?value }}
  UNION
  {{ {bound} GRAPH ?graph {{ ?subject ?property ?value }} }}
}}""")


def read_incoming(backend: Backend, value: NamedNode, limit: int) -> tuple[list[Statement], bool]:
    """Read what refers to a thing, at most so many statements; tell whether that is all."""
    first = f"SELECT DISTINCT ?subject ?property WHERE {{ ?subject ?property {value} }} ORDER BY ?subject ?property LIMIT {limit + 1}"
    answer = backend.select(f"""{HEADER}
SELECT ?subject ?property ({value} AS ?value) ?graph WHERE {{
  {{ {first} }}
  OPTIONAL {{ GRAPH ?graph {{ ?subject ?property {value} }} }}
}}""")
    statements = sorted(_collected(answer), key=lambda statement: (statement.subject.value, statement.predicate.value))
    return statements[:limit], len(statements) <= limit


def _collected(answer: Answer) -> Iterator[Statement]:
    """Bring the rows of one triple together."""
    graphs: defaultdict[tuple[NamedNode, NamedNode, Term], set[NamedNode]] = defaultdict(set)
    for subject, term, value, graph in answer.rows:
        if isinstance(subject, NamedNode) and isinstance(term, NamedNode) and value is not None:
            graphs[subject, term, value].update([graph] if isinstance(graph, NamedNode) else [])
    return (Statement(*triple, frozenset(found)) for triple, found in graphs.items())


def without_repeated(statements: Iterable[Statement], hierarchy: Hierarchy) -> list[Statement]:
    """Leave out what another statement says more precisely: the same of the same two, in the same passages, with a property below.

    >>> a, b, graph = (NamedNode(f"https://example.org/{name}") for name in "abg")
    >>> member, organisation = NamedNode("https://example.org/member"), NamedNode("https://example.org/memberOrganisation")
    >>> said = [Statement(a, term, b, frozenset({graph})) for term in (member, organisation)]
    >>> [kept.predicate == organisation for kept in without_repeated(said, Hierarchy({organisation: {member}}))]
    [True]
    """
    said = list(statements)
    precise: defaultdict[tuple[NamedNode, NamedNode, Term], set[NamedNode]] = defaultdict(set)
    for statement in said:
        for over in hierarchy.over(statement.predicate):
            precise[statement.subject, over, statement.value] |= statement.stating
    return [one for one in said if one.is_inferred or (key := (one.subject, one.predicate, one.value)) not in precise or not one.stating <= precise[key]]
