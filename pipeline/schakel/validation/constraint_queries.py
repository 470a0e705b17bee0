"""Constraints in SPARQL, each asked once of all nodes rather than once of each.

A query of a shape is meant to be asked of every focus node, which `$this` stands for. Asked with `$this` free it gives the same answers, each with its
node, where whatever it says of `$this` is said in the place where a statement names it. Which queries are like that is told from their algebra.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from schakel.graph import Term
from schakel.namespaces import OWL, RDF, RDFS, SH
from schakel.validation.paths import path_in_sparql
from schakel.validation.plain_constraints import plainly_seen_by
from schakel.validation.shapes_graph import ShapesGraph, Unsupported

__all__ = ["ConstraintQuery", "Row", "properties_in", "query_of"]

_KNOWN: Final = frozenset({RDF.type, SH.select, SH.prefixes, SH.message})
_PATH: Final = re.compile(r"[$?]PATH\b")
_UNKNOWN: Final = re.compile(r"[$?](?:currentShape|shapesGraph|PATH)\b")

# A node and the value that a query gives for it, if any.
Row = tuple[Term, Term | None]


@dataclass(frozen=True)
class ConstraintQuery:
    """A query of a constraint, to be asked of all nodes at once, and the statements that it looks at: predicates, and for `rdf:type` the class if told."""

    constraint: Term
    text: str
    looks_at: frozenset[tuple[NamedNode, NamedNode | None]]
    gives_value: bool

    def rows(self, store: Store) -> Iterator[Row]:
        """Ask."""
        for solution in cast("QuerySolutions", store.query(self.text)):
            this = solution["this"]
            if this is not None:
                yield this, solution["value"] if self.gives_value else None


def query_of(shapes: ShapesGraph, constraint: Term, shape: Term) -> ConstraintQuery:
    """Read a constraint of a shape. Raises Unsupported for one that cannot be asked of all nodes at once."""
    select = shapes.objects(constraint, SH.select)
    unknown = [each for each in shapes.about(constraint) if each not in _KNOWN and each.value.startswith(SH.iri)]
    if len(select) != 1 or not isinstance(select[0], Literal) or unknown:
        raise Unsupported("its constraint is more than one SELECT")
    text = _completed(shapes, constraint, shape, select[0].value)
    if _UNKNOWN.search(text):
        raise Unsupported("its query uses what stands for a shape or a path")
    seen = plainly_seen_by(text)
    if seen is None:
        # rdflib's SPARQL and pySHACL take half a second to import, which nobody should wait for whose queries are plain.
        from schakel.validation import constraint_algebra  # noqa: PLC0415  # as above

        seen = constraint_algebra.seen_by(text)
    return ConstraintQuery(constraint, text, seen.looks_at, seen.gives_value)


def properties_in(shapes: ShapesGraph, constraint: Term, shape: Term) -> set[NamedNode] | None:
    """Give every property that the query of a constraint follows, however it is made; None where that cannot be told."""
    from schakel.validation import constraint_algebra  # noqa: PLC0415  # as above

    found: set[NamedNode] = set()
    for text in shapes.objects(constraint, SH.select):
        try:
            followed = constraint_algebra.followed(_completed(shapes, constraint, shape, str(getattr(text, "value", ""))))
        except Unsupported:
            return None
        if followed is None:
            return None
        found |= followed
    return found


def _completed(shapes: ShapesGraph, constraint: Term, shape: Term, text: str) -> str:
    paths = shapes.objects(shape, SH.path)
    if paths:
        in_sparql = path_in_sparql(shapes, paths[0])
        text = _PATH.sub(lambda _: in_sparql, text)
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in _prefixes(shapes, constraint).items()) + text


def _prefixes(shapes: ShapesGraph, constraint: Term) -> dict[str, str]:
    prefixes = {"owl": OWL.iri, "rdf": RDF.iri, "rdfs": RDFS.iri}
    for declaring in shapes.objects(constraint, SH.prefixes):
        for declaration in shapes.objects(declaring, SH.declare):
            names, namespaces = shapes.objects(declaration, SH.prefix), shapes.objects(declaration, SH.namespace)
            if len(names) != 1 or len(namespaces) != 1 or not isinstance(names[0], Literal) or not isinstance(namespaces[0], Literal):
                raise Unsupported("its prefixes are not declared as they should be")
            prefixes[names[0].value] = namespaces[0].value
    return prefixes
