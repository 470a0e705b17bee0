"""What a rule is: atoms that hold, and the atom that follows. A property is a predicate of two places, a class one of a single place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from pyoxigraph import NamedNode, Triple

from schakel.graph import Term
from schakel.namespaces import OWL, RDF, RDFS

__all__ = ["LANGUAGE", "Atom", "Bindings", "Constraint", "Rule", "Step", "Variable"]

# The namespaces of RDF, RDFS and OWL themselves.
LANGUAGE = (RDF.iri, RDFS.iri, OWL.iri)


@dataclass(frozen=True, order=True)
class Variable:
    """A place that any term may take."""

    name: str


# What the variables of a rule stand for in one of its steps.
Bindings: TypeAlias = Mapping[Variable, Term]


@dataclass(frozen=True)
class Atom:
    """A pattern of statements: `org:memberOf(?x, ?y)`; with `rdf:type` as predicate and a class as object, `org:Organization(?x)`."""

    subject: Variable | Term
    predicate: NamedNode
    object: Variable | Term

    @property
    def of_class(self) -> bool:
        """Tell whether this is membership in a class."""
        return self.predicate == RDF.type

    @property
    def relation(self) -> NamedNode:
        """The class where the atom tells of membership in one, else the property."""
        return cast("NamedNode", self.object) if self.of_class else self.predicate

    @property
    def arguments(self) -> tuple[Variable | Term, ...]:
        """One term for a class, two for a property."""
        return (self.subject,) if self.of_class else (self.subject, self.object)

    def variables(self) -> frozenset[Variable]:
        """Give the variables in it."""
        return frozenset(argument for argument in self.arguments if isinstance(argument, Variable))

    def under(self, bindings: Bindings) -> Triple:
        """Give the statement that the atom is when its variables have these values."""
        subject, value = (bindings[place] if isinstance(place, Variable) else place for place in (self.subject, self.object))
        return Triple(cast("NamedNode", subject), self.predicate, value)


def _term(axiom: tuple[Triple, ...]) -> NamedNode:
    """Give the first term of the axiom that is not one of the language it is written in."""
    nodes = (node for triple in axiom for node in (triple.subject, triple.object))
    return next((node for node in nodes if isinstance(node, NamedNode) and not node.value.startswith(LANGUAGE)), OWL.Nothing)


@dataclass(frozen=True)
class Rule:
    """Where the whole body holds, the head holds: rules of OWL 2 RL applied to one axiom.

    `name` is readable and unlike that of any other rule of the ontology. `owl` is the name of the rule in the specification, such as `prp-inv1`;
    where an axiom has expressions in it, the names of all rules that it takes, as in `cls-svf1 cax-sco`. `axiom` is what the ontology states.
    """

    name: str
    owl: str
    axiom: tuple[Triple, ...]
    head: Atom
    body: tuple[Atom, ...]

    @property
    def term(self) -> NamedNode:
        """The term that the axiom is about."""
        return _term(self.axiom)


@dataclass(frozen=True)
class Constraint:
    """Where the whole body holds, statements contradict each other. Otherwise as a rule."""

    name: str
    owl: str
    axiom: tuple[Triple, ...]
    body: tuple[Atom, ...]

    @property
    def term(self) -> NamedNode:
        """The term that the axiom is about."""
        return _term(self.axiom)

    def variables(self) -> tuple[Variable, ...]:
        """Give its variables, in order."""
        return tuple(sorted(frozenset[Variable]().union(*(atom.variables() for atom in self.body))))


Step: TypeAlias = Rule | Constraint
