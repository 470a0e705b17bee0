"""Shapes made ready for an engine: every property shape has an IRI, so that a result can name it."""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.graph import renamed
from schakel.namespaces import SH

__all__ = ["named_shapes"]


def named_shapes(files: Iterable[Sequence[Triple]], base: str) -> list[Triple]:
    """Merge the shapes of several files; a property shape that is a blank node is named after its place in its file."""
    return [triple for number, triples in enumerate(files) for triple in _named(triples, number, base)]


def _named(triples: Sequence[Triple], number: int, base: str) -> Iterator[Triple]:
    shapes = {triple.object for triple in triples if triple.predicate == SH.property}

    def name(node: BlankNode) -> NamedNode | BlankNode:
        return NamedNode(f"{base}shapes#f{number}-{node.value}") if node in shapes else BlankNode(f"f{number}{node.value}")

    return renamed(triples, name)
