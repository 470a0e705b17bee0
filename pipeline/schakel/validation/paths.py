"""Property paths of SHACL: what shacl-rust walks as the reference engine does, and how SPARQL writes them."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from schakel.graph import Term
from schakel.namespaces import RDF, SH
from schakel.validation.shapes_graph import ShapesGraph, Unsupported

__all__ = ["Steps", "path_in_sparql", "steps_of"]

_REPEATED = {SH.zeroOrMorePath: "*", SH.zeroOrOnePath: "?", SH.oneOrMorePath: "+"}


@dataclass(frozen=True)
class Steps:
    """Where a path ends: the properties whose objects are its values (none where values are subjects alone), and whether they are one step away.

    `between` are properties whose objects must be no literals: the path goes on from them in a way that shacl-rust takes from nodes alone.
    """

    last: tuple[NamedNode, ...]
    one: bool
    between: tuple[NamedNode, ...] = ()


def steps_of(shapes: ShapesGraph, path: Term | None, *, from_literals: bool) -> Steps:
    """Tell where a path ends. Raises Unsupported for one that shacl-rust cannot walk, or walks differently."""
    if isinstance(path, NamedNode):
        return Steps((path,), one=True)
    if not isinstance(path, BlankNode):
        raise Unsupported("its path is no path")
    if not shapes.objects(path, RDF.first):
        return _element(shapes, path, from_literals=from_literals)
    members = shapes.items(path)
    if not members:
        raise Unsupported("its path is a broken list")
    steps: list[Steps] = []
    between: list[NamedNode] = []
    for member in members:
        if steps and not isinstance(member, NamedNode):
            between += steps[-1].last
        steps.append(_element(shapes, member, from_literals=from_literals and not steps))
        between += steps[-1].between
    return Steps(steps[-1].last, one=len(steps) == 1 and steps[0].one, between=tuple(between))


def _element(shapes: ShapesGraph, node: Term, *, from_literals: bool) -> Steps:
    if isinstance(node, NamedNode):
        return Steps((node,), one=True)
    about = shapes.about(node)
    if len(about) != 1:
        raise Unsupported("its path is no path")
    [(kind, values)] = about.items()
    if len(values) != 1:
        raise Unsupported("its path is no path")
    # From a literal shacl-rust takes no step at all; but it is the object of something, and no step leads to itself.
    if kind == SH.inversePath and isinstance(values[0], NamedNode) and not from_literals:
        return Steps((), one=True)
    if kind == SH.alternativePath:
        members = [_element(shapes, member, from_literals=from_literals) for member in shapes.items(values[0]) or ()]
        if not members:
            raise Unsupported("its path is a broken list")
        between = tuple(each for member in members for each in member.between)
        return Steps(tuple(each for member in members for each in member.last), one=all(member.one for member in members), between=between)
    if kind in {SH.zeroOrMorePath, SH.zeroOrOnePath} and not from_literals:
        inner = _element(shapes, values[0], from_literals=False)
        return Steps(inner.last, one=False, between=(*inner.between, *(() if isinstance(values[0], NamedNode) else inner.last)))
    raise Unsupported("its path is of a kind that is walked differently")


def path_in_sparql(shapes: ShapesGraph, path: Term) -> str:
    """Write a path as SPARQL does. Raises Unsupported for what is none."""
    if isinstance(path, NamedNode):
        return str(path)
    members = shapes.items(path) if shapes.objects(path, RDF.first) else None
    if members:
        return f"({'/'.join(path_in_sparql(shapes, member) for member in members)})"
    for kind, values in shapes.about(path).items():
        if kind == SH.inversePath:
            return f"(^{path_in_sparql(shapes, values[0])})"
        if kind == SH.alternativePath and (choices := shapes.items(values[0])):
            return f"({'|'.join(path_in_sparql(shapes, choice) for choice in choices)})"
        if kind in _REPEATED:
            return f"({path_in_sparql(shapes, values[0])}{_REPEATED[kind]})"
    raise Unsupported("its path is no path")
