"""Results of shapes that want a text in a language of each focus node: told by which nodes have one, while the graph is read."""

from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode

from schakel.namespaces import SH
from schakel.validation.division import Part
from schakel.validation.results import Result
from schakel.validation.samples import FocusNodes, WithThoseBelow
from schakel.validation.shapes_graph import ShapesGraph
from schakel.validation.slices import Reader, written

__all__ = ["Texts"]

_COMPONENT: Final = SH.QualifiedMinCountConstraintComponent


class Texts:
    """The texts that parts of the shapes want."""

    def __init__(self, shapes: ShapesGraph, parts: Sequence[Part], with_those_below: WithThoseBelow) -> None:
        self._shapes = shapes
        self._focus = FocusNodes(shapes, with_those_below)
        self._targets = {part.target for part in parts}
        # Of each property, by the languages that are wanted: which nodes have a text in it.
        self._having: dict[NamedNode, dict[bytes, set[bytes]]] = {}
        for wanted in (part.text for part in parts if part.text is not None):
            self._having.setdefault(wanted.property, {}).update({tag.encode(): set() for tag in wanted.languages})

    def ask(self, reader: Reader) -> None:
        """Ask for the statements, and for the focus nodes."""
        if self._targets:
            self._focus.ask(reader, self._targets)
        for property_, having in self._having.items():
            reader.ask(written(property_), lambda subject, object_, _, having=having: _take(subject, object_, having))  # type: ignore[misc]  # bound at once

    def results(self, parts: Sequence[Part]) -> Iterator[Result]:
        """Give the results of some of the parts, once the graph is read."""
        for part in parts:
            if part.text is not None and isinstance(part.shape, NamedNode):
                having = self._having[part.text.property]
                nodes = set[bytes]().union(*self._focus.of(part.target)).difference(*(having[tag.encode()] for tag in part.text.languages))
                for node in nodes:
                    yield self._result(node, part.shape, part.text.property)

    def _result(self, node: bytes, shape: NamedNode, path: NamedNode) -> Result:
        focus = next(ox.parse(b"%s <x:p> <x:o> ." % node, format=ox.RdfFormat.N_TRIPLES)).subject
        words = self._shapes.messages((shape,), _COMPONENT, {"this": focus, "value": None, "path": path})
        return Result(focus, path, None, _COMPONENT, shape, self._shapes.severity(shape), words)


def _take(subject: bytes, object_: bytes, having: dict[bytes, set[bytes]]) -> None:
    # Only a text in a language ends in a quotation mark and its tag.
    tag = object_.rpartition(b'"@')[2].lower()
    for wanted in (tag, tag.partition(b"-")[0]):
        if (nodes := having.get(wanted)) is not None:
            nodes.add(subject)
