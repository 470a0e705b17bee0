"""From the shapes graph to shapes: those with targets and those that they lead to, checked by the rules of the specification for well-formed shapes."""

from collections.abc import Iterable, Iterator
from typing import Final

from schakel.compile.shacl.components import Components
from schakel.compile.shacl.graph import TRUE, TYPE, ShapesGraph, Triple, rdfs, sh
from schakel.compile.shacl.idle import idle_terms
from schakel.compile.shacl.parameters import constraints_of
from schakel.compile.shacl.paths import PathError, read_path, sparql_path
from schakel.compile.shacl.queries import sparql_constraints
from schakel.compile.shacl.shapes import Shape, Shapes, Target, messages_of
from schakel.errors import ShapeError

__all__ = ["read_shapes"]

_TARGETS: Final = {"targetClass": "class", "targetNode": "node", "targetSubjectsOf": "subjectsOf", "targetObjectsOf": "objectsOf"}


def read_shapes(triples: Iterable[Triple]) -> Shapes:
    """Read all shapes that judge something. Raises ShapeError for one that is not well-formed or that refers to itself."""
    graph = ShapesGraph(triples)
    components = Components(graph)
    roots = _roots(graph)
    found: dict[str, Shape] = {}
    ahead = sorted(roots)
    while ahead:
        node = ahead.pop()
        if node not in found:
            found[node] = _shape(graph, node, roots.get(node, ()), components)
            ahead += found[node].references()
    _refuse_recursion(found)
    return Shapes({node: found[node] for node in sorted(found)}, tuple(idle_terms(graph)))


def _roots(graph: ShapesGraph) -> dict[str, tuple[Target, ...]]:
    """Give the targets of the shapes that have any, those of classes that are shapes too."""
    targets: dict[str, list[Target]] = {}
    for name, kind in _TARGETS.items():
        for node in graph.subjects(sh(name)):
            targets.setdefault(node, []).extend(Target(kind, term) for term in graph.objects(node, sh(name)))
    classes = graph.instances(rdfs("Class"))
    for node in graph.instances(sh("NodeShape")) | graph.instances(sh("PropertyShape")):
        if node in classes and node.startswith("<"):
            targets.setdefault(node, []).append(Target("class", node))
    return {node: tuple(dict.fromkeys(each)) for node, each in targets.items()}


def _shape(graph: ShapesGraph, node: str, targets: tuple[Target, ...], components: Components) -> Shape:
    if node.startswith('"'):
        raise ShapeError(node, "a literal is no shape")
    paths = graph.objects(node, sh("path"))
    if len(paths) > 1:
        raise ShapeError(node, "it has more than one sh:path")
    if sh("PropertyShape") in graph.objects(node, TYPE) and not paths:
        raise ShapeError(node, "it is a sh:PropertyShape and has no sh:path")
    try:
        path = read_path(graph, paths[0]) if paths else None
    except PathError as error:
        raise ShapeError(node, f"its sh:path is not well-formed: {error}") from None
    if _is_deactivated(graph, node):
        return Shape(node, path, None, (), (), (), sh("Violation"), (), ())
    text = "" if path is None else sparql_path(path)
    constraints = [*constraints_of(graph, node, is_property=path is not None), *sparql_constraints(graph, node, text), *components.constraints_of(node, text)]
    severities = graph.objects(node, sh("severity"))
    if len(severities) > 1 or any(not each.startswith("<") for each in severities):
        raise ShapeError(node, "its sh:severity is not one IRI")
    return Shape(
        node=node,
        path=path,
        path_node=paths[0] if paths else None,
        targets=targets,
        constraints=tuple(constraints),
        properties=tuple(graph.objects(node, sh("property"))),
        severity=severities[0] if severities else sh("Violation"),
        messages=messages_of(graph.objects(node, sh("message"))),
        names=messages_of(graph.objects(node, sh("name"))),
    )


def _is_deactivated(graph: ShapesGraph, node: str) -> bool:
    stated = graph.objects(node, sh("deactivated"))
    if len(stated) > 1:
        raise ShapeError(node, "it has more than one sh:deactivated")
    return TRUE in stated


def _refuse_recursion(shapes: dict[str, Shape]) -> None:
    """Raise ShapeError where shapes refer to each other in a circle, which it names."""
    done: set[str] = set()
    for root in shapes:
        trail: dict[str, Iterator[str]] = {}
        node: str | None = root if root not in done else None
        while node is not None:
            trail.setdefault(node, iter(dict.fromkeys(shapes[node].references())))
            after = next(trail[node], None)
            if after is None:
                done.add(node)
                del trail[node]
                node = next(reversed(trail), None)
            elif after in trail:
                circle = [*list(trail)[list(trail).index(after) :], after]
                raise ShapeError(after, f"it refers to itself ({' → '.join(circle)}), and what recursive shapes mean is not defined")
            elif after not in done:
                node = after
