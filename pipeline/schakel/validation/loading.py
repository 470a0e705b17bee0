"""Whether the reference engine can load shapes: told where they are plain, so that it need not be asked.

It reads all shapes before it judges any, those too that nothing leads to, and takes none of them where one is ill-formed.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, Triple

from schakel.graph import Term
from schakel.namespaces import RDF, SH
from schakel.validation.shapes_graph import ShapesGraph

__all__ = ["loads_surely"]

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_LEADING: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS: Final = (SH["and"], SH["or"], SH.xone)


def loads_surely(shapes: ShapesGraph) -> bool:
    """Tell whether the reference engine surely takes these shapes; where this is false it may yet."""
    if any(isinstance(each.object, Triple) or each.object == SH.ConstraintComponent for each in shapes):
        return False
    lists = [shapes.items(head) for predicate in _LISTS for node in shapes.subjects(predicate) for head in shapes.objects(node, predicate)]
    return all(lists) and all(_is_plain(shapes, node) for node in {*_nodes(shapes), *(each for members in lists if members for each in members)})


def _nodes(shapes: ShapesGraph) -> Iterator[Term]:
    """Give all that the reference engine takes for a shape, but the members of lists."""
    yield from (node for node in shapes.subjects(RDF.type) if {SH.NodeShape, SH.PropertyShape} & set(shapes.objects(node, RDF.type)))
    for predicate in (*_TARGETS, *_LEADING):
        yield from shapes.subjects(predicate)
    for predicate in _LEADING:
        yield from (each for node in shapes.subjects(predicate) for each in shapes.objects(node, predicate))


def _is_plain(shapes: ShapesGraph, shape: Term) -> bool:
    types, paths, off = (shapes.objects(shape, each) for each in (RDF.type, SH.path, SH.deactivated))
    if isinstance(shape, Literal) or len(off) > 1 or not all(isinstance(each, Literal) for each in off):
        return False
    if SH.PropertyShape in types:
        return len(paths) == 1 and SH.NodeShape not in types
    return len(paths) <= (0 if SH.NodeShape in types else 1)
