"""An ontology as the rules, constraints and facts that it amounts to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from schakel.errors import UnsupportedAxiomError
from schakel.inference.axiom_rules import steps_of_axiom
from schakel.inference.expressions import LINKS, Expressions, said
from schakel.inference.rule import LANGUAGE, Atom, Constraint, Rule, Step, Variable
from schakel.inference.worth import axioms
from schakel.namespaces import OWL, RDF, RDFS, curie

__all__ = ["Profile", "profile", "rules"]


@dataclass(frozen=True)
class Profile:
    """What an ontology amounts to: its rules, its constraints, and what it states as facts, all in a fixed order."""

    rules: tuple[Rule, ...]
    constraints: tuple[Constraint, ...]
    facts: tuple[Triple, ...]

    def steps(self) -> tuple[Step, ...]:
        """Give rules and constraints."""
        return (*self.rules, *self.constraints)

    def atoms(self) -> Iterator[Atom]:
        """Give every atom of them."""
        yield from (rule.head for rule in self.rules)
        yield from (atom for step in self.steps() for atom in step.body)

    @cached_property
    def relations(self) -> frozenset[NamedNode]:
        """The classes and properties that rules and constraints are about."""
        return frozenset(atom.relation for atom in self.atoms())

    @cached_property
    def classes(self) -> frozenset[NamedNode]:
        """The classes among them."""
        return frozenset(atom.relation for atom in self.atoms() if atom.of_class)


def rules(ontology: Iterable[Triple]) -> Sequence[Rule]:
    """Give the rules that an ontology's axioms amount to, in a fixed order.

    Raises UnsupportedAxiomError for an axiom that has none here.
    """
    return profile(ontology).rules


def profile(ontology: Iterable[Triple]) -> Profile:
    """Read an ontology. Raises UnsupportedAxiomError for an axiom that there is no rule for here."""
    read = Expressions(axioms(ontology))
    steps: list[Step] = []
    facts: list[Triple] = []
    for triple in read.axioms:
        if _is_fact(triple):
            facts.append(triple)
        else:
            steps += steps_of_axiom(read, triple)
    nothing = Constraint("nothing", "cls-nothing2", (Triple(OWL.Nothing, RDF.type, OWL.Class),), (Atom(Variable("x"), RDF.type, OWL.Nothing),))
    named = list(_named_apart([*steps, nothing]))
    _check_places(named)
    return Profile(tuple(step for step in named if isinstance(step, Rule)), tuple(step for step in named if isinstance(step, Constraint)), tuple(facts))


def _is_fact(triple: Triple) -> bool:
    """Tell whether a triple is no axiom but a statement, from which something may follow."""
    if triple.predicate == RDF.type:
        return not (isinstance(triple.object, NamedNode) and triple.object.value.startswith(LANGUAGE)) or triple.object == OWL.Nothing
    return not triple.predicate.value.startswith((RDFS.iri, OWL.iri)) and triple.predicate not in LINKS


def _named_apart(steps: Iterable[Step]) -> Iterator[Step]:
    """Give each step a name of its own; one that does the same by the same axiom comes once."""
    used = Counter[str]()
    for step in dict.fromkeys(steps):
        used[step.name] += 1
        yield step if used[step.name] == 1 else replace(step, name=f"{step.name}_{used[step.name]}")


def _check_places(steps: Iterable[Step]) -> None:
    """Raise UnsupportedAxiomError where one IRI is both a class and a property: in rules it has either one place or two."""
    classes: dict[NamedNode, bool] = {}
    for step in steps:
        heads = [step.head] if isinstance(step, Rule) else []
        for atom in (*step.body, *heads):
            if classes.setdefault(atom.relation, atom.of_class) != atom.of_class:
                raise UnsupportedAxiomError(said(step.axiom[0]), f"{curie(atom.relation.value)} is both a class and a property")
