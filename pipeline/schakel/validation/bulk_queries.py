"""Results of constraints in SPARQL: every query is asked once, of a store that holds the statements that queries look at."""

from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat, Store

from schakel.namespaces import SH
from schakel.validation.division import Part
from schakel.validation.results import Result
from schakel.validation.samples import FocusNodes, WithThoseBelow
from schakel.validation.shapes_graph import ShapesGraph
from schakel.validation.slices import Reader, in_pieces, written

__all__ = ["BulkQueries"]

_COMPONENT: Final = SH.SPARQLConstraintComponent


class BulkQueries:
    """The queries of parts of the shapes."""

    def __init__(self, shapes: ShapesGraph, parts: Sequence[Part], with_those_below: WithThoseBelow) -> None:
        self._shapes = shapes
        self._parts = parts
        self._focus = FocusNodes(shapes, with_those_below)
        self._lines: list[bytes] = []

    def ask(self, reader: Reader) -> None:
        """Ask for the statements that the queries look at, and for the focus nodes."""
        self._focus.ask(reader, {part.target for part in self._parts})
        objects: dict[NamedNode, set[NamedNode | None]] = {}
        for property_, of_class in {pair for part in self._parts for query in part.queries for pair in query.looks_at}:
            objects.setdefault(property_, set()).add(of_class)
        for property_, classes in objects.items():
            if None in classes:
                reader.ask(written(property_), lambda _, __, line: self._lines.append(line))
            else:
                named = {written(each) for each in classes if each is not None}
                reader.ask(written(property_), lambda _, object_, line, named=named: self._lines.append(line) if object_ in named else None)  # type: ignore[misc]  # bound at once

    def _store(self) -> Store:
        """Load what was gathered. Loading gives blank nodes other names, so pieces with any are read, and put in, statement by statement."""
        store = Store()
        for piece in in_pieces(self._lines):
            if b"_:" in piece:
                store.extend(ox.parse(piece, format=RdfFormat.N_TRIPLES, lenient=True))
            else:
                store.load(piece, format=RdfFormat.N_TRIPLES, lenient=True)
        self._lines = []
        return store

    def results(self, parts: Sequence[Part]) -> Iterator[Result]:
        """Give the results of some of the parts, once the graph is read."""
        store = self._store()
        for part in parts:
            focus = self._focus.of(part.target)
            for query in part.queries:
                for this, value in query.rows(store):
                    node = written(this)
                    if any(node in nodes for nodes in focus) and isinstance(part.shape, NamedNode):
                        shown = value if value is not None or self._shapes.objects(part.shape, SH.path) else this
                        path = self._shapes.path(part.shape)
                        words = self._shapes.messages((query.constraint, part.shape), _COMPONENT, {"this": this, "value": shown, "path": path})
                        yield Result(this, path, shown, _COMPONENT, part.shape, self._shapes.severity(part.shape), words)
