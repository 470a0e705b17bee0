"""The terms of RDF, RDFS, OWL and XSD that rules of OWL 2 RL speak of, as ids of a dictionary."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from schakel.engine.spelling import iri_spelling
from schakel.namespaces import OWL, RDF, RDFS, XSD

__all__ = ["AXIOM_CLASSES", "AXIOM_PROPERTIES", "DATATYPES", "LIST_PROPERTIES", "SPELLINGS", "Vocabulary"]

LIST_PROPERTIES: Final = ("first", "rest")

# Properties whose statements are axioms, or parts of one.
AXIOM_PROPERTIES: Final = (
    *("subClassOf", "subPropertyOf", "domain", "range"),
    *("allValuesFrom", "assertionProperty", "complementOf", "disjointWith", "distinctMembers", "equivalentClass", "equivalentProperty", "hasKey"),
    *("hasValue", "intersectionOf", "inverseOf", "maxCardinality", "maxQualifiedCardinality", "members", "onClass", "onProperty", "oneOf"),
    *("propertyChainAxiom", "propertyDisjointWith", "someValuesFrom", "sourceIndividual", "targetIndividual", "targetValue", "unionOf"),
)
_OF_RDFS: Final = frozenset({"subClassOf", "subPropertyOf", "domain", "range"})

# Classes whose members are axioms: kinds of properties, and lists of what differs.
AXIOM_CLASSES: Final = (
    *("FunctionalProperty", "InverseFunctionalProperty", "SymmetricProperty", "AsymmetricProperty", "TransitiveProperty", "IrreflexiveProperty"),
    *("AllDifferent", "AllDisjointClasses", "AllDisjointProperties", "Class"),
)
_OTHERS: Final = (
    *("sameAs", "differentFrom", "Thing", "Nothing"),
    *("ObjectProperty", "DatatypeProperty", "AnnotationProperty"),
)
_ANNOTATIONS: Final = (
    *(RDFS[name] for name in ("label", "comment", "seeAlso", "isDefinedBy")),
    *(OWL[name] for name in ("deprecated", "versionInfo", "priorVersion", "backwardCompatibleWith", "incompatibleWith")),
)

# The datatypes of OWL 2 RL.
DATATYPES: Final = (
    *(RDF[name].value for name in ("PlainLiteral", "XMLLiteral", "langString")),
    RDFS.Literal.value,
    *(XSD[name].value for name in ("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger")),
    *(XSD[name].value for name in ("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")),
    *(XSD[name].value for name in ("float", "double", "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")),
    *(XSD[name].value for name in ("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp")),
    # Not of the profile, and common in data.
    *(XSD[name].value for name in ("date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "duration")),
)

_NAMED: Final[Mapping[str, str]] = {
    **{name: RDF[name].value for name in ("type", *LIST_PROPERTIES, "nil")},
    "Datatype": RDFS.Datatype.value,
    **{name: (RDFS if name in _OF_RDFS else OWL)[name].value for name in (*AXIOM_PROPERTIES, *AXIOM_CLASSES, *_OTHERS)},
}

# What a dictionary must hold before rules can be made.
SPELLINGS: Final = tuple(map(iri_spelling, (*_NAMED.values(), *DATATYPES, *(term.value for term in _ANNOTATIONS))))


@dataclass(frozen=True)
class Vocabulary:
    """Ids of terms: by name, of datatypes by IRI, and of annotation properties."""

    named: Mapping[str, int]
    datatypes: Mapping[str, int]
    annotations: tuple[int, ...]

    @classmethod
    def read(cls, ids: Callable[[Iterable[str]], Mapping[str, int]]) -> "Vocabulary":
        """Look the ids up by spelling."""
        found = ids(SPELLINGS)
        return cls(
            {name: found[iri_spelling(iri)] for name, iri in _NAMED.items()},
            {iri: found[iri_spelling(iri)] for iri in DATATYPES},
            tuple(found[iri_spelling(term.value)] for term in _ANNOTATIONS),
        )

    def __getattr__(self, name: str) -> int:
        try:
            return self.named[name]
        except KeyError:
            raise AttributeError(name) from None
