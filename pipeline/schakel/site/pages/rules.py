"""The documentation of the shapes: the rules that the graph is held against, by what they judge."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from schakel.namespaces import SH
from schakel.site.entity_index import Things
from schakel.site.frame import View
from schakel.site.ontology import Said, of_class, said_in
from schakel.site.site import Site

__all__ = ["rule_pages"]


def rule_pages(site: Site, things: Things) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the page of shapes, in every language."""
    said = said_in(site.shapes)
    for view in site.frame.views("shapes.html", things.paths):
        yield site.frame.render(view, "shapes.html.j2", shapes=list(_shapes(said, view)))


@dataclass(frozen=True)
class _Shape:
    """A shape as the page tells it: which things it judges, and for each of its rules the name, severity and message."""

    node: NamedNode
    anchor: str
    targets: Sequence[NamedNode]
    rules: Sequence[tuple[str, Literal | None, str, Literal | None]]


def _shapes(said: Mapping[NamedNode, Said], view: View) -> Iterator[_Shape]:
    for node in of_class(said, {SH.NodeShape}):
        properties = said[node]
        targets = [target for name in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf) for target in properties.get(name, ())]
        rules = [rule for name in (SH.property, SH.sparql) for rule in properties.get(name, ()) if isinstance(rule, NamedNode)]
        told = [_rule(rule, said.get(rule, {}), view) for rule in rules]
        if told or targets:
            yield _Shape(node, _anchor(node), [target for target in targets if isinstance(target, NamedNode)], told)


def _rule(rule: NamedNode, properties: Said, view: View) -> tuple[str, Literal | None, str, Literal | None]:
    severity = next((value.value.rpartition("#")[2] for value in properties.get(SH.severity, ()) if isinstance(value, NamedNode)), "Violation")
    return _anchor(rule), view.best(properties.get(SH.name, ())), severity.lower(), view.best(properties.get(SH.message, ()))


def _anchor(node: NamedNode) -> str:
    return node.value.rpartition("#")[2].rpartition("/")[2]
