"""Expressions of OWL 2 RL in an ontology: what must hold for a thing to be in a class (premises), and what holds when it is (conclusions).

Source: OWL 2 Web Ontology Language Profiles (Second Edition), sections 4.2 (grammar) and 4.3 (rules, whose names are used here).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, product

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.errors import UnsupportedAxiomError
from schakel.graph import Term
from schakel.inference.rule import LANGUAGE, Atom, Variable
from schakel.namespaces import OWL, RDF, RDFS, XSD, curie

__all__ = ["LINKS", "NOTHING_FOLLOWS", "Expressions", "Reading", "said"]

# Predicates of RDFS and OWL that may stand in statements: they annotate. All others have a meaning of their own.
NOTHING_FOLLOWS = frozenset(
    {
        *(RDFS[name] for name in ("label", "comment", "seeAlso", "isDefinedBy", "member")),
        *(OWL[name] for name in ("annotatedSource", "annotatedProperty", "annotatedTarget", "versionInfo", "versionIRI", "priorVersion", "deprecated")),
        *(OWL[name] for name in ("imports", "backwardCompatibleWith", "incompatibleWith", "differentFrom")),
    }
)

# What expressions are made of: read with the axiom that leads to them.
LINKS = frozenset(
    {
        *(RDF.first, RDF.rest, OWL.members, OWL.distinctMembers, OWL.onProperty, OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue),
        *(OWL.maxCardinality, OWL.sourceIndividual, OWL.assertionProperty, OWL.targetIndividual, OWL.targetValue),
    }
)
_CONSTRUCTORS = (OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.complementOf, OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue, OWL.maxCardinality)
_X = Variable("x")


@dataclass(frozen=True)
class Reading:
    """One way to read an expression: the atoms, the rules of the specification that lead there, and the triples that say so.

    `head` is what follows; None in a premise, and in a conclusion where the atoms contradict each other.
    """

    atoms: tuple[Atom, ...] = ()
    owl: tuple[str, ...] = ()
    axiom: tuple[Triple, ...] = ()
    head: Atom | None = None

    def after(self, other: "Reading", *owl: str) -> "Reading":
        """Put another reading before this one."""
        return Reading((*other.atoms, *self.atoms), (*other.owl, *owl, *self.owl), (*other.axiom, *self.axiom), self.head)


class Expressions:
    """The axioms of an ontology by their subject, and the reading of what stands in them."""

    def __init__(self, axioms: Iterable[Triple]) -> None:
        self.axioms = tuple(sorted(axioms, key=str))
        self._by_subject: dict[Term, list[Triple]] = defaultdict(list)
        for triple in self.axioms:
            self._by_subject[triple.subject].append(triple)
        self._led_to = Counter(triple.object for triple in self.axioms if isinstance(triple.object, BlankNode))

    def stated(self, node: Term, predicate: NamedNode) -> list[Triple]:
        """Give the triples about a node that have this predicate."""
        return [triple for triple in self._by_subject[node] if triple.predicate == predicate]

    def only(self, node: Term, predicate: NamedNode, axiom: Triple) -> Triple:
        """Give the one triple about a node that has this predicate. Raises UnsupportedAxiomError where there is none, or another."""
        found = self.stated(node, predicate)
        if len(found) != 1:
            raise UnsupportedAxiomError(said(axiom), f"it takes one {curie(predicate.value)}, and there are {len(found)}")
        return found[0]

    def items(self, node: Term, axiom: Triple) -> tuple[tuple[Term, ...], tuple[Triple, ...]]:
        """Read a list: its members, and the triples that it is made of."""
        members: list[Term] = []
        triples: list[Triple] = []
        seen = set[Term]()
        while node != RDF.nil:
            if node in seen:
                raise UnsupportedAxiomError(said(axiom), "its list has no end")
            seen.add(node)
            first, rest = self.only(node, RDF.first, axiom), self.only(node, RDF.rest, axiom)
            members.append(first.object)
            triples += [first, rest]
            node = rest.object
        return tuple(members), tuple(triples)

    def link(self, node: Term, subject: Variable | Term, value: Variable | Term, axiom: Triple) -> Reading:
        """Read a property, or the inverse of one, as the atom that it stands for between two things."""
        if isinstance(node, BlankNode):
            inverse = self.only(node, OWL.inverseOf, axiom)
            reading = self.link(inverse.object, value, subject, axiom)
            return Reading(reading.atoms, (), (inverse, *reading.axiom))
        if not isinstance(node, NamedNode) or (node.value.startswith(LANGUAGE) and node not in NOTHING_FOLLOWS):
            raise UnsupportedAxiomError(said(axiom), f"it is about {_named(node)}, a property of the language itself")
        if isinstance(subject, Literal):
            raise UnsupportedAxiomError(said(axiom), "a text or number would have a property")
        return Reading((Atom(subject, node, value),))

    def premises(self, node: Term, place: Variable, axiom: Triple, names: Iterator[int] | None = None) -> list[Reading]:
        """Read a class as what must hold for something to be in it; several readings where there are several ways."""
        names = names or count(1)
        if isinstance(node, NamedNode):
            if node.value.startswith((*LANGUAGE, XSD.iri)) and node != OWL.Nothing:
                raise UnsupportedAxiomError(said(axiom), f"it concludes from {_named(node)}")
            return [Reading((Atom(place, RDF.type, node),))]
        constructor = self._constructor(node, axiom)
        value = constructor.object
        match constructor.predicate:
            case OWL.intersectionOf:
                members, triples = self.items(value, axiom)
                start = Reading((), (), (constructor, *triples))
                readings = [self.premises(member, place, axiom, names) for member in members]
                return [_joined((start, *parts), "cls-int1") for parts in product(*readings)]
            case OWL.unionOf:
                members, triples = self.items(value, axiom)
                start = Reading((), (), (constructor, *triples))
                return [_joined((start, part), "cls-uni") for member in members for part in self.premises(member, place, axiom, names)]
            case OWL.someValuesFrom:
                other = _fresh(names)
                link = self._restricted(node, place, other, constructor, axiom)
                if value == OWL.Thing:
                    return [_joined((link,), "cls-svf2")]
                return [_joined((link, part), "cls-svf1") for part in self.premises(value, other, axiom, names)]
            case OWL.hasValue:
                return [_joined((self._restricted(node, place, value, constructor, axiom),), "cls-hv2")]
        raise UnsupportedAxiomError(said(axiom), f"{curie(constructor.predicate.value)} stands where it must be found out what is in the class")

    def conclusions(self, node: Term, place: Variable, axiom: Triple, names: Iterator[int] | None = None) -> list[Reading]:
        """Read a class as what holds of something in it: each reading has the atoms that it takes besides, and the head that follows."""
        names = names or count(1)
        if isinstance(node, NamedNode):
            return [Reading(head=Atom(place, RDF.type, node))]
        constructor = self._constructor(node, axiom)
        value = constructor.object
        if constructor.predicate in {OWL.unionOf, OWL.oneOf}:
            # To be one of several things says nothing of any of them.
            return []
        if constructor.predicate == OWL.maxCardinality and isinstance(value, Literal) and value.value == "0":
            return [_joined((self._restricted(node, place, _fresh(names), constructor, axiom),), "cls-maxc1")]
        return self._restrictions(constructor, place, axiom, names)

    def _restrictions(self, constructor: Triple, place: Variable, axiom: Triple, names: Iterator[int]) -> list[Reading]:
        node, value = constructor.subject, constructor.object
        match constructor.predicate:
            case OWL.intersectionOf:
                members, triples = self.items(value, axiom)
                start = Reading((), (), (constructor, *triples))
                return [part.after(start, "cls-int2") for member in members for part in self.conclusions(member, place, axiom, names)]
            case OWL.allValuesFrom:
                other = _fresh(names)
                link = self._restricted(node, place, other, constructor, axiom)
                return [part.after(link, "cls-avf") for part in self.conclusions(value, other, axiom, names)]
            case OWL.hasValue:
                link = self._restricted(node, place, value, constructor, axiom)
                return [Reading((), ("cls-hv1",), link.axiom, link.atoms[0])]
            case OWL.complementOf:
                start = Reading((), (), (constructor,))
                return [_joined((start, part), "cls-com") for part in self.premises(value, place, axiom, names)]
        raise UnsupportedAxiomError(said(axiom), f"{curie(constructor.predicate.value)} stands where something follows from being in the class")

    def _constructor(self, node: Term, axiom: Triple) -> Triple:
        """Give the triple that says which kind of class a blank node is."""
        if not isinstance(node, BlankNode):
            raise UnsupportedAxiomError(said(axiom), "a text or number stands where a class belongs")
        found = [triple for predicate in _CONSTRUCTORS for triple in self.stated(node, predicate)]
        if len(found) != 1:
            raise UnsupportedAxiomError(said(axiom), "a class in it is put together in a way that OWL 2 RL does not know")
        if self._led_to[node] > (0 if node == axiom.subject else 1):
            raise UnsupportedAxiomError(said(axiom), "several axioms share a class that has no name")
        return found[0]

    def _restricted(self, node: Term, subject: Variable, value: Variable | Term, constructor: Triple, axiom: Triple) -> Reading:
        on = self.only(node, OWL.onProperty, axiom)
        link = self.link(on.object, subject, value, axiom)
        return Reading(link.atoms, link.owl, (on, constructor, *link.axiom))


def _fresh(names: Iterator[int]) -> Variable:
    return Variable(f"y{next(names)}")


def _joined(parts: Iterable[Reading], *owl: str) -> Reading:
    parts = tuple(parts)
    return Reading(
        tuple(atom for part in parts for atom in part.atoms), (*(name for part in parts for name in part.owl), *owl), sum((part.axiom for part in parts), ())
    )


def _named(node: Term) -> str:
    return curie(node.value) if isinstance(node, NamedNode) else str(node)


def said(axiom: Triple) -> str:
    """Say an axiom in one line."""
    return " ".join(_named(node) for node in (axiom.subject, axiom.predicate, axiom.object))
