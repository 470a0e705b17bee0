"""Constraint components that the shapes graph itself declares, with parameters and validators in SPARQL."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schakel.compile.shacl.graph import TRUE, ShapesGraph, sh
from schakel.compile.shacl.queries import query_of
from schakel.compile.shacl.shapes import Constraint, Messages, messages_of
from schakel.errors import ShapeError

__all__ = ["Components"]


@dataclass(frozen=True)
class _Component:
    """Its IRI, its parameters by path (true: optional), and its validators for node shapes and for property shapes."""

    iri: str
    parameters: Mapping[str, bool]
    for_nodes: str | None
    for_properties: str | None
    labels: Messages


class Components:
    """The components of a shapes graph."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        validators = ("validator", "nodeValidator", "propertyValidator")
        stated = graph.instances(sh("ConstraintComponent")) | {node for name in validators for node in graph.subjects(sh(name))}
        self._components = [each for each in map(self._component, sorted(stated)) if each is not None]

    def constraints_of(self, node: str, path: str) -> Iterator[Constraint]:
        """Give the constraints that a shape states by parameters of these components."""
        for component in self._components:
            for values in self._values(node, component):
                validator = component.for_properties if path else component.for_nodes
                if validator is None:
                    continue
                bound = {_local(parameter): value for parameter, value in values.items()}
                messages = messages_of(self._graph.objects(validator, sh("message"))) or component.labels
                query = query_of(self._graph, validator, node, path, bound)
                parameters = {name: (value,) for name, value in bound.items()}
                # The source constraint is of sh:sparql alone.
                yield Constraint("sparql", component.iri[1:-1], parameters, query=query, messages=messages)

    def _component(self, node: str) -> _Component | None:
        parameters: dict[str, bool] = {}
        for parameter in self._graph.objects(node, sh("parameter")):
            paths = self._graph.objects(parameter, sh("path"))
            if len(paths) != 1 or not paths[0].startswith("<"):
                raise ShapeError(node, "one of its parameters has no single property as its sh:path")
            optional = TRUE in self._graph.objects(parameter, sh("optional"))
            parameters[paths[0]] = optional
        either, for_nodes, for_properties = (self._graph.objects(node, sh(name)) for name in ("validator", "nodeValidator", "propertyValidator"))
        if not any((either, for_nodes, for_properties)) or all(parameters.values()):
            return None
        labels = messages_of(self._graph.objects(node, sh("labelTemplate")))
        return _Component(node, parameters, next(iter([*for_nodes, *either]), None), next(iter([*for_properties, *either]), None), labels)

    def _values(self, node: str, component: _Component) -> Iterator[Mapping[str, str]]:
        """Give the values of the parameters of a component that a shape states: one lot a constraint."""
        stated = {parameter: self._graph.objects(node, parameter) for parameter in component.parameters}
        if not all(values or component.parameters[parameter] for parameter, values in stated.items()):
            return
        given = {parameter: values for parameter, values in stated.items() if values}
        if len(component.parameters) == 1:
            yield from ({parameter: value} for parameter, values in given.items() for value in values)
            return
        for parameter, values in given.items():
            if len(values) > 1:
                raise ShapeError(node, f"it has more than one {parameter}, a parameter of {component.iri}, which has several")
        yield {parameter: values[0] for parameter, values in given.items()}


def _local(iri: str) -> str:
    """Give the local name of a parameter: what follows the last `#` or `/`."""
    return iri[1:-1].rpartition("#")[2].rpartition("/")[2]
