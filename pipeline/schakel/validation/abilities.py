"""What shacl-rust judges as the reference engine does: told from the shape alone, and where that depends on the data, by which values.

Whatever is not known here to be judged alike is left to the reference engine. docs/decisions/0013-shacl-rust.md says how each difference shows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from schakel.graph import Term
from schakel.namespaces import RDF, SH, XSD
from schakel.validation.doubts import DATATYPES, Doubt, datatype_doubt
from schakel.validation.languages import WantedText, wanted_text
from schakel.validation.paths import steps_of
from schakel.validation.shapes_graph import ShapesGraph, Unsupported

__all__ = ["TARGETS", "Examination"]

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_UNJUDGED: Final = frozenset({RDF.type, SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue, SH.path, *TARGETS})
_COUNTS: Final = frozenset({SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.qualifiedMinCount, SH.qualifiedMaxCount})
_BOUNDS: Final = frozenset({SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive})
_PAIRS: Final = frozenset({SH.equals, SH.disjoint})
_ORDERED: Final = frozenset({SH.lessThan, SH.lessThanOrEquals})
_CHOICES: Final = frozenset({SH["and"], SH["or"], SH.xone})
_NO_LITERALS: Final = frozenset({SH.IRI, SH.BlankNode, SH.BlankNodeOrIRI})
_KINDS: Final = frozenset({*_NO_LITERALS, SH.Literal, SH.BlankNodeOrLiteral, SH.IRIOrLiteral})
# What means the same to the regular expressions of Rust and of Python; of signs behind a backslash those that stand for themselves, and S, s, d, w.
_PATTERN: Final = re.compile(
    r"(?:[^\\\[\](){}?*+|]|\\[^A-Za-z0-9]|\\[Ssdw]|\[\^?(?:[^\\\[\]&~-]|\\[^A-Za-z0-9]|\\[dw]|(?<=[^\[^])-)+\]|\((?:\?:|(?!\?))|\)|\||[*+?]\??|\{\d+(?:,\d*)?\})*"
)
_TOLD_BY_ALPHABET: Final = re.compile(r"\\[dw]")


@dataclass(frozen=True)
class _Place:
    """Where a shape is asked: of which values, told by the properties whose objects they are.

    `direct` is true while those objects are one step from the focus node; `literals` where they may be literals.
    """

    properties: tuple[NamedNode, ...] = ()
    direct: bool = True
    literals: bool = False


_Examiner: TypeAlias = Callable[[Term, list[Term], _Place], None]


@dataclass
class Examination:
    """Goes through a shape and all that it leads to; raises Unsupported, or gathers what must hold of values for the engines to agree.

    `text` is what the shape wants of its focus nodes that shacl-rust is not to be asked for, if anything.
    """

    shapes: ShapesGraph
    doubts: set[Doubt] = field(default_factory=set)
    text: WantedText | None = None
    _within: list[Term] = field(default_factory=list)
    _parameters: set[Term] = field(init=False)
    _examiners: Mapping[NamedNode, _Examiner] = field(init=False)

    def __post_init__(self) -> None:
        parameters = {each for node in self.shapes.subjects(SH.parameter) for each in self.shapes.objects(node, SH.parameter)}
        self._parameters = {path for each in parameters for path in self.shapes.objects(each, SH.path)}
        self._examiners = {
            **dict.fromkeys(_COUNTS, self._count),
            **dict.fromkeys(_BOUNDS, self._bound),
            **dict.fromkeys(_PAIRS, self._pair),
            **dict.fromkeys(_ORDERED, self._ordered),
            **dict.fromkeys(_CHOICES, self._choice),
            SH["class"]: self._class,
            SH.closed: self._closed,
            SH.datatype: self._datatype,
            SH.flags: self._flags,
            SH.hasValue: self._has_value,
            SH.ignoredProperties: self._ignored,
            SH["in"]: self._in,
            SH.languageIn: self._language_in,
            SH.node: self._node,
            SH.nodeKind: self._node_kind,
            SH["not"]: self._not,
            SH.pattern: self._pattern,
            SH.property: self._nested,
            SH.qualifiedValueShape: self._qualified,
            SH.uniqueLang: self._unique_lang,
        }

    def of_own(self, shape: Term, *, literals: bool) -> None:
        """Examine the constraints of a shape with targets, without its properties and its queries."""
        self._shape(shape, _Place(literals=literals), aside=frozenset({SH.property, SH.sparql}))

    def of_property(self, shape: Term, *, literals: bool) -> None:
        """Examine a property shape of a shape with targets, without its queries."""
        self._property(shape, _Place(literals=literals), aside=frozenset({SH.sparql}))

    def _shape(self, shape: Term, place: _Place, aside: frozenset[NamedNode] = frozenset()) -> None:
        if shape in self._within:
            raise Unsupported("it leads back to itself")
        if not self.shapes.about(shape):
            raise Unsupported("it refers to a shape that is not there")
        self._within.append(shape)
        inner = self._along(shape, place) if self.shapes.objects(shape, SH.path) else place
        for predicate, values in self.shapes.about(shape).items():
            if predicate not in _UNJUDGED and predicate not in aside:
                self._constraint(shape, predicate, values, inner)
        self._single(shape, SH.severity)
        self._within.pop()

    def _property(self, shape: Term, place: _Place, aside: frozenset[NamedNode] = frozenset()) -> None:
        if not isinstance(shape, NamedNode):
            raise Unsupported("a property shape has no IRI")
        if not self.shapes.objects(shape, SH.path):
            raise Unsupported("a property shape has no path")
        self._shape(shape, place, aside)

    def _along(self, shape: Term, place: _Place) -> _Place:
        steps = steps_of(self.shapes, self._single(shape, SH.path), from_literals=place.literals)
        self.doubts.update(Doubt(each, "node", direct=False) for each in steps.between)
        return _Place(steps.last, place.direct and not place.properties and steps.one, literals=bool(steps.last))

    def _constraint(self, shape: Term, predicate: NamedNode, values: list[Term], place: _Place) -> None:
        examine = self._examiners.get(predicate)
        if examine is not None:
            examine(shape, values, place)
        elif predicate.value.startswith(SH.iri):
            raise Unsupported(f"it uses sh:{predicate.value.removeprefix(SH.iri)}")
        elif predicate in self._parameters:
            raise Unsupported("it uses a constraint component of the project's own")

    def _single(self, shape: Term, predicate: NamedNode) -> Term | None:
        values = self.shapes.objects(shape, predicate)
        if len(values) > 1:
            raise Unsupported(f"it has several values of sh:{predicate.value.removeprefix(SH.iri)}")
        return values[0] if values else None

    def _doubt(self, place: _Place, kind: str) -> None:
        if place.literals and not place.properties:
            raise Unsupported("a literal may be its focus node")
        self.doubts.update(Doubt(each, kind, direct=place.direct) for each in place.properties)

    def _members(self, values: list[Term]) -> Iterator[Term]:
        for head in values:
            members = self.shapes.items(head)
            if not members:
                raise Unsupported("it has a list that is empty or broken")
            yield from members

    # ------------------------------------------------------------------------------------------------------------------------ each constraint

    def _count(self, _: Term, values: list[Term], __: _Place) -> None:
        if len(values) != 1 or not _is_literal(values[0], XSD.integer, r"\d{1,9}"):
            raise Unsupported("a count is no single whole number")

    def _bound(self, _: Term, values: list[Term], place: _Place) -> None:
        if len(values) != 1 or not any(_is_literal(values[0], datatype, DATATYPES[datatype]) for datatype in (XSD.integer, XSD.decimal)):
            raise Unsupported("a bound is no single plain number")
        self._doubt(place, "number")

    def _datatype(self, _: Term, values: list[Term], place: _Place) -> None:
        kind = datatype_doubt(values[0]) if len(values) == 1 else None
        if kind is None:
            raise Unsupported("of literals of such a datatype the engines think differently")
        if kind:
            self._doubt(place, kind)

    def _node_kind(self, _: Term, values: list[Term], __: _Place) -> None:
        if len(values) != 1 or values[0] not in _KINDS:
            raise Unsupported("its sh:nodeKind is none")

    def _class(self, _: Term, values: list[Term], __: _Place) -> None:
        self._iris(values)

    def _has_value(self, _: Term, values: list[Term], __: _Place) -> None:
        if any(isinstance(value, BlankNode) for value in values):
            raise Unsupported("it asks for a blank node")

    def _pattern(self, shape: Term, values: list[Term], place: _Place) -> None:
        flags = self._single(shape, SH.flags)
        if len(values) != 1 or not isinstance(values[0], Literal) or not _PATTERN.fullmatch(values[0].value) or not _compiles(values[0].value):
            raise Unsupported("its pattern does not mean the same in every engine")
        if flags is not None and flags != Literal("i"):
            raise Unsupported("its pattern has flags")
        self._doubt(place, "letters" if flags is not None or _TOLD_BY_ALPHABET.search(values[0].value) else "text")

    def _flags(self, shape: Term, _: list[Term], __: _Place) -> None:
        if not self.shapes.objects(shape, SH.pattern):
            raise Unsupported("it has flags without a pattern")

    def _language_in(self, _: Term, values: list[Term], __: _Place) -> None:
        if len(values) != 1 or not all(_is_literal(each, XSD.string, r"[A-Za-z]+(?:-[A-Za-z0-9]+)*") for each in self._members(values)):
            raise Unsupported("its languages are no list of tags")

    def _unique_lang(self, shape: Term, values: list[Term], _: _Place) -> None:
        if len(values) != 1 or not _is_literal(values[0], XSD.boolean, "true|false") or not self.shapes.objects(shape, SH.path):
            raise Unsupported("its sh:uniqueLang is neither true nor false, or has no path")

    def _in(self, _: Term, values: list[Term], __: _Place) -> None:
        if len(values) != 1 or any(isinstance(each, BlankNode) for each in self._members(values)):
            raise Unsupported("its sh:in is no single list of IRIs and literals")

    def _pair(self, _: Term, values: list[Term], place: _Place) -> None:
        self._iris(values)
        if place.literals and not place.properties:
            raise Unsupported("a literal may be its focus node")

    def _ordered(self, shape: Term, values: list[Term], place: _Place) -> None:
        self._iris(values)
        path = self.shapes.path(shape)
        if path is None or not place.direct:
            raise Unsupported("it compares values that are more than one step away")
        self.doubts.update(Doubt(path, "order", direct=True, other=each) for each in values if isinstance(each, NamedNode))

    def _node(self, _: Term, values: list[Term], place: _Place) -> None:
        for shape in values:
            if self.shapes.objects(shape, SH.path):
                raise Unsupported("its sh:node is a property shape")
            self._shape(shape, place)
            self._no_literals(shape, place)

    def _not(self, _: Term, values: list[Term], place: _Place) -> None:
        if len(values) != 1:
            raise Unsupported("it has several values of sh:not")
        self._shape(values[0], place)

    def _choice(self, _: Term, values: list[Term], place: _Place) -> None:
        for shape in self._members(values):
            self._shape(shape, place)

    def _qualified(self, shape: Term, values: list[Term], place: _Place) -> None:
        if len(values) != 1 or not {SH.qualifiedMinCount, SH.qualifiedMaxCount} & self.shapes.about(shape).keys() or not self.shapes.objects(shape, SH.path):
            raise Unsupported("its sh:qualifiedValueShape is not whole")
        self._shape(values[0], place)
        # What leads to this shape may ask more of it than which focus nodes do not conform.
        self.text = wanted_text(self.shapes, shape) if self._within == [shape] else None
        if self.text is None:
            self._no_literals(values[0], place)

    def _nested(self, _: Term, values: list[Term], place: _Place) -> None:
        for each in values:
            self._property(each, place)

    def _closed(self, shape: Term, values: list[Term], place: _Place) -> None:
        if len(values) != 1 or values[0] != Literal("true", datatype=XSD.boolean) or place.literals or self.shapes.objects(shape, SH.path):
            raise Unsupported("its sh:closed is not simply true, or may be asked of a literal")
        if any(self.shapes.path(each) is None for each in self.shapes.objects(shape, SH.property)):
            raise Unsupported("it is closed and has a path of several steps")

    def _ignored(self, shape: Term, values: list[Term], _: _Place) -> None:
        if len(values) != 1 or not self.shapes.objects(shape, SH.closed):
            raise Unsupported("its sh:ignoredProperties is not one list of a closed shape")
        if values[0] != RDF.nil:
            self._iris(list(self._members(values)))

    # ------------------------------------------------------------------------------------------------------------------------ what they share

    def _iris(self, values: list[Term]) -> None:
        if not all(isinstance(value, NamedNode) for value in values):
            raise Unsupported("where it names a class or a property there is no IRI")

    def _no_literals(self, shape: Term, place: _Place) -> None:
        """Raise Unsupported unless no literal gets here, or each is refused anyway: to shacl-rust a literal never conforms to a shape by its name."""
        if place.literals and not self._refuses_literals(shape):
            raise Unsupported("whether a literal conforms to a shape by its name the engines see differently")

    def _refuses_literals(self, shape: Term) -> bool:
        about = self.shapes.about(shape)
        if SH.path in about:
            return self._asks_for_values(shape)
        if SH["class"] in about or _NO_LITERALS & set(about.get(SH.nodeKind, ())):
            return True
        for choice in about.get(SH["in"], ()):
            if not any(isinstance(each, Literal) for each in self._members([choice])):
                return True
        for choice in about.get(SH["or"], ()):
            if all(map(self._refuses_literals, self._members([choice]))):
                return True
        return any(map(self._asks_for_values, about.get(SH.property, ()))) or any(map(self._refuses_literals, about.get(SH.node, ())))

    def _asks_for_values(self, shape: Term) -> bool:
        return bool(self.shapes.objects(shape, SH.hasValue)) or any(
            each != Literal("0", datatype=XSD.integer) for each in self.shapes.objects(shape, SH.minCount)
        )


def _is_literal(term: Term, datatype: NamedNode, form: str) -> bool:
    return isinstance(term, Literal) and not term.language and term.datatype == datatype and re.fullmatch(form, term.value) is not None


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
