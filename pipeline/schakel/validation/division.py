"""Which shape is judged by which engine: shapes with targets are divided into their own constraints and their properties, and each is judged alone.

What a node shape asks of a focus node is asked by its own constraints and by each of its property shapes, and none of them changes what another finds.
So each such part can go to an engine of its own; whatever a part leads to (`sh:node`, `sh:or`, …) goes with it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from schakel.graph import Term
from schakel.namespaces import RDF, RDFS, SH, XSD
from schakel.validation.abilities import TARGETS, Examination
from schakel.validation.constraint_queries import ConstraintQuery, query_of
from schakel.validation.doubts import Doubt
from schakel.validation.languages import QUALIFIED, WantedText
from schakel.validation.shapes_graph import ShapesGraph, Unsupported

__all__ = ["Part", "divide", "for_reference", "for_shacl_rust", "switched_off"]

_SHAPE_TYPES: Final = frozenset({SH.NodeShape, SH.PropertyShape})
_ALL_TARGETS: Final = frozenset({*TARGETS, SH.target})
# What is deactivated conforms, whatever it asks; https://www.w3.org/TR/shacl/#deactivated
_OFF: Final = "it is deactivated"
_WORDS: Final = frozenset({SH.message, SH.name, SH.description})


@dataclass(frozen=True)
class Part:
    """What a shape with targets asks by its own constraints (`shape` is the target then) or by one of its property shapes.

    `reason` says why it is left to the reference engine, if it is; `queries` are its constraints in SPARQL; `text` is a text that it wants;
    `doubts` what must hold of values.
    """

    target: Term
    shape: Term
    reason: str | None = None
    doubts: frozenset[Doubt] = frozenset()
    queries: tuple[ConstraintQuery, ...] = ()
    text: WantedText | None = None

    @property
    def is_off(self) -> bool:
        """Tell whether nobody need judge it."""
        return self.reason == _OFF

    @property
    def is_own(self) -> bool:
        """Tell whether it is the target's own constraints."""
        return self.shape == self.target


def switched_off(part: Part) -> Part:
    """Give a part that nobody need judge."""
    return replace(part, reason=_OFF)


def divide(shapes: ShapesGraph) -> list[Part]:
    """Divide all shapes that have targets."""
    return [part for target in _with_targets(shapes) for part in _parts(shapes, target)]


def _with_targets(shapes: ShapesGraph) -> list[Term]:
    targets = dict.fromkeys(node for predicate in _ALL_TARGETS for node in shapes.subjects(predicate))
    classes = {RDFS.Class, *(node for node in shapes.subjects(RDFS.subClassOf) if RDFS.Class in shapes.objects(node, RDFS.subClassOf))}
    targets |= dict.fromkeys(node for node in shapes.subjects(RDF.type) if classes & set(shapes.objects(node, RDF.type)) and _is_shape(shapes, node))
    return sorted(targets, key=str)


def _is_shape(shapes: ShapesGraph, node: Term) -> bool:
    about = shapes.about(node)
    return bool(_SHAPE_TYPES & set(about.get(RDF.type, ()))) or any(predicate.value.startswith(SH.iri) for predicate in about)


def _parts(shapes: ShapesGraph, target: Term) -> Iterator[Part]:
    if _is_off(shapes, target):
        yield Part(target, target, _OFF)
        return
    properties = [] if shapes.objects(target, SH.path) else shapes.objects(target, SH.property)
    try:
        literals = _examine_targets(shapes, target)
        own = _part(shapes, target, target, literals=literals)
    except Unsupported as reason:
        yield Part(target, target, str(reason))
        return
    parts = [_property_part(shapes, target, each, literals=literals) for each in properties]
    if any(part.reason for part in parts) and shapes.objects(target, SH.closed):
        yield Part(target, target, "it is closed, and one of its properties is left to the reference engine")
        return
    yield own
    yield from parts


def _examine_targets(shapes: ShapesGraph, target: Term) -> bool:
    """Tell whether literals may be among the focus nodes. Raises Unsupported for targets that the engines find differently."""
    about = shapes.about(target)
    if not isinstance(target, NamedNode) or SH.target in about:
        raise Unsupported("it has no IRI, or targets in SPARQL")
    if not set(about.get(RDF.type, ())) <= {*_SHAPE_TYPES, RDFS.Class}:
        raise Unsupported("it is of a type that is neither a shape's nor a class's")
    if not all(isinstance(each, NamedNode) for predicate in TARGETS for each in about.get(predicate, ())):
        raise Unsupported("a target is no IRI")
    if SH.PropertyShape in about.get(RDF.type, ()) and SH.path not in about:
        raise Unsupported("a property shape has no path")
    return SH.targetObjectsOf in about


def _is_off(shapes: ShapesGraph, shape: Term) -> bool:
    return list(shapes.objects(shape, SH.deactivated)) == [Literal("true", datatype=XSD.boolean)]


def _property_part(shapes: ShapesGraph, target: Term, shape: Term, *, literals: bool) -> Part:
    if _is_off(shapes, shape):
        return Part(target, shape, _OFF)
    try:
        return _part(shapes, target, shape, literals=literals)
    except Unsupported as reason:
        return Part(target, shape, str(reason))


def _part(shapes: ShapesGraph, target: Term, shape: Term, *, literals: bool) -> Part:
    examination = Examination(shapes)
    if shape != target or shapes.objects(shape, SH.path):
        examination.of_property(shape, literals=literals)
    else:
        examination.of_own(shape, literals=literals)
    if examination.doubts and shapes.objects(shape, SH.path) and shapes.objects(shape, SH.property):
        raise Unsupported("values of values may be in doubt")
    if examination.text is not None and literals:
        raise Unsupported("a literal may be its focus node")
    queries = tuple(query_of(shapes, constraint, shape) for constraint in shapes.objects(shape, SH.sparql))
    # What the text of a blank node is, engines think differently.
    kinds = {query: "typed or blank" if "STR(" in query.text.upper().replace(" ", "") else "typed" for query in queries}
    typed = {Doubt(each, kind, direct=False) for query, kind in kinds.items() for each, of_class in query.looks_at if of_class is None}
    return Part(target, shape, None, frozenset(examination.doubts | typed), queries, examination.text)


def for_shacl_rust(shapes: ShapesGraph, parts: Sequence[Part]) -> list[Triple]:
    """Give the shapes that shacl-rust is to judge: of the parts that it can judge all that they lead to, without words, queries and wanted texts."""
    own = {part.target for part in parts if part.is_own and part.reason is None}
    left = {(part.target, part.shape) for part in parts if part.reason is not None}
    texts = {part.shape for part in parts if part.text is not None}
    triples = []
    for node in shapes.reached(own, lambda predicate: predicate in {RDF.type, *_WORDS, SH.sparql, *_ALL_TARGETS}):
        for predicate, objects in shapes.about(node).items():
            if predicate in _WORDS or predicate == SH.sparql or (predicate in {*_ALL_TARGETS, RDF.type} and node not in own):
                continue
            if predicate in QUALIFIED and node in texts:
                continue
            triples += [Triple(node, predicate, each) for each in objects if predicate != SH.property or (node, each) not in left]  # type: ignore[arg-type]  # a subject was one
    return triples


def for_reference(shapes: ShapesGraph, focus: Mapping[Part, Collection[Term]]) -> list[Triple]:
    """Give the shapes that the reference engine is to judge: all of them, so that it can say what is wrong with any, but with targets for some alone.

    `focus` gives the parts, each with the nodes to judge; where there are none, the part's own targets.
    """
    triples = [triple for triple in shapes if triple.predicate not in TARGETS and not (triple.predicate == RDF.type and triple.object == RDFS.Class)]
    for number, (part, nodes) in enumerate(focus.items()):
        holder = part.target if part.is_own else NamedNode(f"urn:x-schakel:part-{number}")
        targets = [(SH.targetNode, node) for node in nodes] or [(each, node) for each in TARGETS for node in shapes.objects(part.target, each)]
        if RDFS.Class in shapes.objects(part.target, RDF.type) and not nodes:
            targets.append((SH.targetClass, part.target))
        triples += [Triple(holder, predicate, node) for predicate, node in targets]  # type: ignore[arg-type]
        if not part.is_own:
            triples += [Triple(holder, RDF.type, SH.NodeShape), Triple(holder, SH.property, part.shape)]  # type: ignore[arg-type]  # a subject was one
    return triples
