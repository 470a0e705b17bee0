"""What of a large graph a part of the shapes can look at, for engines that cannot take all of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from schakel.graph import NTriples, Term
from schakel.namespaces import RDF, RDFS, SH
from schakel.validation.abilities import TARGETS
from schakel.validation.constraint_queries import properties_in
from schakel.validation.division import Part
from schakel.validation.shapes_graph import ShapesGraph
from schakel.validation.slices import TYPE, Reader, in_pieces, near, written

__all__ = ["FocusNodes", "Sample", "WithThoseBelow", "looked_at", "reached"]

_ASIDE: Final = frozenset({RDF.type, SH.message, SH.name, SH.description, SH.severity, SH.prefixes, SH.order, SH.group, *TARGETS})
# What a part may use while it is known what it looks at: whatever it looks at, but types and classes, is named by an IRI in it.
_TELLING: Final = frozenset(
    SH[name]
    for name in [
        "and",
        "class",
        "datatype",
        "deactivated",
        "defaultValue",
        "disjoint",
        "equals",
        "flags",
        "hasValue",
        "in",
        "languageIn",
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "maxExclusive",
        "maxInclusive",
        "maxLength",
        "minCount",
        "minExclusive",
        "minInclusive",
        "minLength",
        "node",
        "nodeKind",
        "not",
        "or",
        "path",
        "pattern",
        "property",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "qualifiedValueShapesDisjoint",
        "sparql",
        "uniqueLang",
        "xone",
        "alternativePath",
        "inversePath",
        "oneOrMorePath",
        "zeroOrMorePath",
        "zeroOrOnePath",
    ]
)
WithThoseBelow: TypeAlias = Callable[[Iterable[bytes]], set[bytes]]


@dataclass
class FocusNodes:
    """Which nodes are focus nodes of shapes with targets, as far as asked for."""

    shapes: ShapesGraph
    with_those_below: WithThoseBelow
    _of_class: dict[bytes, set[bytes]] = field(default_factory=dict)
    _subjects: dict[bytes, set[bytes]] = field(default_factory=dict)
    _objects: dict[bytes, set[bytes]] = field(default_factory=dict)

    def ask(self, reader: Reader, targets: Iterable[Term]) -> None:
        """Ask for all that these shapes may have for focus nodes."""
        targets = set(targets)
        self._of_class = {each: set() for each in self.with_those_below(each for target in targets for each in self._classes(target))}
        self._subjects = {written(each): set() for target in targets for each in self.shapes.objects(target, SH.targetSubjectsOf)}
        self._objects = {written(each): set() for target in targets for each in self.shapes.objects(target, SH.targetObjectsOf)}
        if self._of_class:
            reader.ask(TYPE, self._take_type)
        for predicate, nodes in self._subjects.items():
            reader.ask(predicate, lambda subject, _, __, nodes=nodes: nodes.add(subject))  # type: ignore[misc]  # bound at once
        for predicate, nodes in self._objects.items():
            reader.ask(predicate, lambda _, object_, __, nodes=nodes: nodes.add(object_))  # type: ignore[misc]

    def of(self, target: Term) -> list[set[bytes]]:
        """Give the focus nodes of a shape, in several sets."""
        sets = [self._of_class[each] for each in self.with_those_below(self._classes(target))]
        sets += [self._subjects[written(each)] for each in self.shapes.objects(target, SH.targetSubjectsOf)]
        sets += [self._objects[written(each)] for each in self.shapes.objects(target, SH.targetObjectsOf)]
        return [*sets, {written(each) for each in self.shapes.objects(target, SH.targetNode)}]

    def _classes(self, target: Term) -> Iterator[bytes]:
        yield from (written(each) for each in self.shapes.objects(target, SH.targetClass))
        if not {SH.NodeShape, SH.PropertyShape}.issuperset(self.shapes.objects(target, RDF.type)):
            # A class may be a shape of its own instances.
            yield written(target)

    def _take_type(self, subject: bytes, object_: bytes, _: bytes) -> None:
        if (nodes := self._of_class.get(object_)) is not None:
            nodes.add(subject)


class Sample:
    """The statements that parts of the shapes can look at; all of the graph where that cannot be told.

    `parts` gives each with the nodes that it is to judge, of which some may be no focus nodes of its; all its focus nodes where none are given.
    """

    def __init__(self, shapes: ShapesGraph, parts: Mapping[Part, Collection[bytes]], with_those_below: WithThoseBelow) -> None:
        seen = [looked_at(shapes, part, reached(shapes, part)) for part in parts]
        self._parts = parts
        self._everything = any(each is None for each in seen)
        self._named = {each for named in seen if named for each in named}
        self._far = any(_looks_back(shapes, part) for part in parts)
        self._lines: dict[bytes, list[bytes]] = {}
        self._types = with_those_below(written(each) for each in self._named)
        self._focus = FocusNodes(shapes, with_those_below)

    def ask(self, reader: Reader) -> None:
        """Ask for the statements."""
        self._focus.ask(reader, {part.target for part in self._parts})
        if self._everything or not self._parts:
            return
        for each in {*self._named, RDFS.subClassOf, RDF.type}:
            lines = self._lines.setdefault(written(each), [])
            if each != RDF.type or RDF.type in self._named:
                reader.ask(written(each), lambda _, __, line, lines=lines: lines.append(line))  # type: ignore[misc]  # bound at once
            else:
                reader.ask(TYPE, lambda _, object_, line, lines=lines: lines.append(line) if object_ in self._types else None)  # type: ignore[misc]

    def focus_nodes(self) -> dict[Part, set[bytes]]:
        """Give, once the graph is read, the nodes to be judged by each part; none where it is to judge all its focus nodes. Parts without any are left out."""
        found: dict[Part, set[bytes]] = {}
        for part, nodes in self._parts.items():
            if not nodes:
                found[part] = set()
            elif those := {node for node in nodes for focus in self._focus.of(part.target) if node in focus}:
                found[part] = those
        return found

    def pieces(self, data: NTriples) -> NTriples:
        """Give the statements, once the graph is read; where shapes look forwards alone, those that the nodes to be judged lead to."""
        if self._everything:
            return data
        if self._far:
            return list(in_pieces(line for lines in self._lines.values() for line in lines))
        focus: set[bytes] = set()
        for part, nodes in self.focus_nodes().items():
            focus.update(*([nodes] if nodes else self._focus.of(part.target)))
        return list(in_pieces(near(self._lines, focus)))


def looked_at(shapes: ShapesGraph, part: Part, nodes: Iterable[Term]) -> set[NamedNode] | None:
    """Give every IRI that may be that of a property or class that a part, made up of these nodes, looks at; None where it may look at others."""
    named = {each for predicate in TARGETS for each in shapes.objects(part.target, predicate) if isinstance(each, NamedNode)}
    if isinstance(part.target, NamedNode):
        named.add(part.target)
    # Of a query that is asked in bulk it is known, and of membership in which classes alone.
    known = {query.constraint: {property_ if of_class is None else of_class for property_, of_class in query.looks_at} for query in part.queries}
    for node in nodes:
        for predicate, objects in shapes.about(node).items():
            if predicate == SH.sparql:
                for each in objects:
                    properties = known[each] if each in known else properties_in(shapes, each, node)
                    if properties is None:
                        return None
                    named |= properties
            elif predicate in _TELLING or predicate in {RDF.first, RDF.rest}:
                named |= {each for each in objects if isinstance(each, NamedNode)}
            elif predicate not in _ASIDE and predicate != SH.select and (predicate.value.startswith(SH.iri) or shapes.subjects(SH.parameter)):
                return None
    return named


def _looks_back(shapes: ShapesGraph, part: Part) -> bool:
    back = {SH.inversePath, SH.sparql}
    return bool(shapes.objects(part.target, SH.targetObjectsOf)) or any(back & shapes.about(node).keys() for node in reached(shapes, part))


def reached(shapes: ShapesGraph, part: Part, *, but: NamedNode | None = None) -> Sequence[Term]:
    """Give the nodes of the shapes graph that a part leads to; those that its own shape leads to by one predicate can be left out."""
    start = [each for predicate, objects in shapes.about(part.shape).items() if predicate != but and not _leads_aside(predicate) for each in objects]
    return list(dict.fromkeys([part.shape, *shapes.reached((each for each in start if each != part.shape), _leads_aside)]))


def _leads_aside(predicate: NamedNode) -> bool:
    return predicate in _ASIDE or predicate == SH.sparql
