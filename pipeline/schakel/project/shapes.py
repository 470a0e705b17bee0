"""Shapes made ready for an engine: every shape has an IRI, so that a result can name it."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, Triple

from schakel.namespaces import RDF, SH
from schakel.rdf_reading import renamed

__all__ = ["named_shapes"]

_CLASSES = (SH.NodeShape, SH.PropertyShape)
_TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf})


def named_shapes(files: Mapping[str, Sequence[Triple]], base: str) -> list[Triple]:
    """Merge the shapes of several files, given by the file's name; a shape that is a blank node is named after its place in its file."""
    return [triple for file, triples in files.items() for triple in _named(triples, file, base)]


def _named(triples: Sequence[Triple], file: str, base: str) -> Iterator[Triple]:
    shapes = {triple.object for triple in triples if triple.predicate == SH.property}
    shapes |= {triple.subject for triple in triples if triple.predicate in _TARGETS or (triple.predicate == RDF.type and triple.object in _CLASSES)}

    def name(node: BlankNode) -> NamedNode | BlankNode:
        place = f"{quote(file, safe='')}-{node.value}"
        return NamedNode(f"{base}shapes#{place}") if node in shapes else BlankNode(sha256(place.encode()).hexdigest()[:32])

    return renamed(triples, name)
