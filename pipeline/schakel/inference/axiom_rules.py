"""The rules of OWL 2 RL that each kind of axiom amounts to, about the classes and properties that it names.

The rules of the specification join over one table of triples, the axioms among them. Here the axioms are used up when the rules are made, so that what
remains are short rules about statements alone.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 5 to 7.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from schakel.errors import UnsupportedAxiomError
from schakel.graph import Term
from schakel.inference.expressions import LINKS, NOTHING_FOLLOWS, Expressions, Reading, said
from schakel.inference.rule import LANGUAGE, Atom, Constraint, Rule, Step, Variable
from schakel.namespaces import OWL, RDF, RDFS, curie

__all__ = ["CHARACTERISTICS", "steps_of_axiom"]

_X, _Y, _Z = Variable("x"), Variable("y"), Variable("z")


# ------------------------------------------------------------------------------------------------------------------------------- classes


def _contained(read: Expressions, axiom: Triple, lower: Term, upper: Term, owl: str) -> Iterator[Step]:
    """Make the rules by which what is in the lower class is in the upper one."""
    for reading in read.conclusions(upper, _X, axiom):
        for premise in read.premises(lower, _X, axiom):
            whole = reading.after(premise, owl)
            yield _step(f"{_word(lower)}_is_{_word(upper)}", whole, axiom)


def _sub_class(read: Expressions, axiom: Triple) -> Iterator[Step]:
    return _contained(read, axiom, axiom.subject, axiom.object, "cax-sco")


def _equivalent_class(read: Expressions, axiom: Triple) -> Iterator[Step]:
    yield from _contained(read, axiom, axiom.subject, axiom.object, "cax-eqc1")
    yield from _contained(read, axiom, axiom.object, axiom.subject, "cax-eqc2")


def _intersection(read: Expressions, axiom: Triple) -> Iterator[Step]:
    members, triples = read.items(axiom.object, axiom)
    readings = [Reading((), (), triples)]
    for member in members:
        readings = [premise.after(reading) for reading in readings for premise in read.premises(member, _X, axiom)]
        for conclusion in read.conclusions(member, _X, axiom):
            first = Reading((Atom(_X, RDF.type, _class(axiom.subject)),), ("cls-int2",), triples)
            yield _step(f"{_word(axiom.subject)}_is_{_word(member)}", conclusion.after(first), axiom)
    for reading in readings:
        head = Atom(_X, RDF.type, _class(axiom.subject))
        yield _step(f"all_together_is_{_word(axiom.subject)}", replace(reading, owl=(*reading.owl, "cls-int1"), head=head), axiom)


def _union(read: Expressions, axiom: Triple) -> Iterator[Step]:
    members, triples = read.items(axiom.object, axiom)
    head = Atom(_X, RDF.type, _class(axiom.subject))
    for member in members:
        for premise in read.premises(member, _X, axiom):
            whole = Reading(premise.atoms, (*premise.owl, "cls-uni"), (*triples, *premise.axiom), head)
            yield _step(f"{_word(member)}_is_{_word(axiom.subject)}", whole, axiom)


def _disjoint(read: Expressions, axiom: Triple, one: Term, other: Term, owl: str) -> Iterator[Step]:
    for left in read.premises(one, _X, axiom):
        for right in read.premises(other, _X, axiom):
            whole = Reading((*left.atoms, *right.atoms), (*left.owl, *right.owl, owl), (*left.axiom, *right.axiom))
            yield _step(f"no_{_word(one)}_is_{_word(other)}", whole, axiom)


def _disjoint_with(read: Expressions, axiom: Triple) -> Iterator[Step]:
    return _disjoint(read, axiom, axiom.subject, axiom.object, "cax-dw")


def _complement(read: Expressions, axiom: Triple) -> Iterator[Step]:
    return _disjoint(read, axiom, axiom.subject, axiom.object, "cls-com")


def _all_disjoint_classes(read: Expressions, axiom: Triple) -> Iterator[Step]:
    for one, other, triples in _pairs(read, axiom):
        for step in _disjoint(read, axiom, one, other, "cax-adc"):
            yield replace(step, axiom=(*step.axiom, *triples))


# ---------------------------------------------------------------------------------------------------------------------------- properties


def _implied(read: Expressions, axiom: Triple, lower: Term, upper: Term, owl: str) -> Iterator[Step]:
    body, head = read.link(lower, _X, _Y, axiom), read.link(upper, _X, _Y, axiom)
    yield _step(f"{_word(lower)}_implies_{_word(upper)}", Reading(body.atoms, (owl,), (*body.axiom, *head.axiom), head.atoms[0]), axiom)


def _sub_property(read: Expressions, axiom: Triple) -> Iterator[Step]:
    return _implied(read, axiom, axiom.subject, axiom.object, "prp-spo1")


def _equivalent_property(read: Expressions, axiom: Triple) -> Iterator[Step]:
    yield from _implied(read, axiom, axiom.subject, axiom.object, "prp-eqp1")
    yield from _implied(read, axiom, axiom.object, axiom.subject, "prp-eqp2")


def _inverse(read: Expressions, axiom: Triple) -> Iterator[Step]:
    for one, other, owl in ((axiom.subject, axiom.object, "prp-inv1"), (axiom.object, axiom.subject, "prp-inv2")):
        body, head = read.link(one, _X, _Y, axiom), read.link(other, _Y, _X, axiom)
        yield _step(f"inverse_of_{_word(one)}", Reading(body.atoms, (owl,), (*body.axiom, *head.axiom), head.atoms[0]), axiom)


def _domain(read: Expressions, axiom: Triple) -> Iterator[Step]:
    link = read.link(axiom.subject, _X, _Y, axiom)
    for reading in read.conclusions(axiom.object, _X, axiom):
        yield _step(f"domain_of_{_word(axiom.subject)}", reading.after(link, "prp-dom"), axiom)


def _range(read: Expressions, axiom: Triple) -> Iterator[Step]:
    link = read.link(axiom.subject, _Y, _X, axiom)
    for reading in read.conclusions(axiom.object, _X, axiom):
        yield _step(f"range_of_{_word(axiom.subject)}", reading.after(link, "prp-rng"), axiom)


def _chain(read: Expressions, axiom: Triple) -> Iterator[Step]:
    members, triples = read.items(axiom.object, axiom)
    if not members:
        raise UnsupportedAxiomError(said(axiom), "its chain is empty")
    places = [_X, *(Variable(f"y{number}") for number in range(1, len(members))), _Z]
    links = [read.link(member, *ends, axiom) for member, ends in zip(members, pairwise(places), strict=True)]
    made_of = (*triples, *(triple for link in links for triple in link.axiom))
    head = read.link(axiom.subject, _X, _Z, axiom)
    whole = Reading(tuple(link.atoms[0] for link in links), ("prp-spo2",), (*made_of, *head.axiom), head.atoms[0])
    yield _step(f"chain_to_{_word(axiom.subject)}", whole, axiom)


def _disjoint_properties(read: Expressions, axiom: Triple, one: Term, other: Term, owl: str) -> Iterator[Step]:
    left, right = read.link(one, _X, _Y, axiom), read.link(other, _X, _Y, axiom)
    yield _step(f"no_{_word(one)}_implies_{_word(other)}", Reading((*left.atoms, *right.atoms), (owl,), (*left.axiom, *right.axiom)), axiom)


def _property_disjoint_with(read: Expressions, axiom: Triple) -> Iterator[Step]:
    return _disjoint_properties(read, axiom, axiom.subject, axiom.object, "prp-pdw")


def _all_disjoint_properties(read: Expressions, axiom: Triple) -> Iterator[Step]:
    for one, other, triples in _pairs(read, axiom):
        for step in _disjoint_properties(read, axiom, one, other, "prp-adp"):
            yield replace(step, axiom=(*step.axiom, *triples))


def _symmetric(read: Expressions, axiom: Triple) -> Iterator[Step]:
    body, head = (read.link(axiom.subject, *ends, axiom) for ends in ((_X, _Y), (_Y, _X)))
    yield _step(f"symmetric_{_word(axiom.subject)}", Reading(body.atoms, ("prp-symp",), body.axiom, head.atoms[0]), axiom)


def _transitive(read: Expressions, axiom: Triple) -> Iterator[Step]:
    first, second, head = (read.link(axiom.subject, *ends, axiom) for ends in ((_X, _Y), (_Y, _Z), (_X, _Z)))
    whole = Reading((*first.atoms, *second.atoms), ("prp-trp",), first.axiom, head.atoms[0])
    yield _step(f"transitive_{_word(axiom.subject)}", whole, axiom)


def _irreflexive(read: Expressions, axiom: Triple) -> Iterator[Step]:
    link = read.link(axiom.subject, _X, _X, axiom)
    yield _step(f"irreflexive_{_word(axiom.subject)}", Reading(link.atoms, ("prp-irp",), link.axiom), axiom)


def _asymmetric(read: Expressions, axiom: Triple) -> Iterator[Step]:
    one, other = (read.link(axiom.subject, *ends, axiom) for ends in ((_X, _Y), (_Y, _X)))
    yield _step(f"asymmetric_{_word(axiom.subject)}", Reading((*one.atoms, *other.atoms), ("prp-asyp",), one.axiom), axiom)


def _negative(read: Expressions, axiom: Triple) -> Iterator[Step]:
    about = read.only(axiom.subject, OWL.assertionProperty, axiom)
    for predicate, owl in ((OWL.targetIndividual, "prp-npa1"), (OWL.targetValue, "prp-npa2")):
        for target in read.stated(axiom.subject, predicate):
            link = read.link(about.object, axiom.object, target.object, axiom)
            yield _step(f"never_{_word(about.object)}", Reading(link.atoms, (owl,), (about, target, *link.axiom)), axiom)


def _equality(_read: Expressions, axiom: Triple) -> Iterator[Step]:
    raise UnsupportedAxiomError(said(axiom), "it makes two names mean the same thing")


# -------------------------------------------------------------------------------------------------------------------------------- tables

_Make: TypeAlias = Callable[[Expressions, Triple], Iterator[Step]]

_AXIOMS: Final[Mapping[NamedNode, _Make]] = {
    RDFS.subClassOf: _sub_class,
    OWL.equivalentClass: _equivalent_class,
    OWL.intersectionOf: _intersection,
    OWL.unionOf: _union,
    OWL.complementOf: _complement,
    OWL.disjointWith: _disjoint_with,
    RDFS.subPropertyOf: _sub_property,
    OWL.equivalentProperty: _equivalent_property,
    OWL.inverseOf: _inverse,
    RDFS.domain: _domain,
    RDFS.range: _range,
    OWL.propertyChainAxiom: _chain,
    OWL.propertyDisjointWith: _property_disjoint_with,
    OWL.sourceIndividual: _negative,
}

# What a property or a list of terms is said to be. Of being a class, a property, an individual and so on nothing follows.
CHARACTERISTICS: Final[Mapping[NamedNode, _Make]] = {
    OWL.SymmetricProperty: _symmetric,
    OWL.TransitiveProperty: _transitive,
    OWL.IrreflexiveProperty: _irreflexive,
    OWL.AsymmetricProperty: _asymmetric,
    OWL.FunctionalProperty: _equality,
    OWL.InverseFunctionalProperty: _equality,
    OWL.AllDisjointClasses: _all_disjoint_classes,
    OWL.AllDisjointProperties: _all_disjoint_properties,
}

_OF_BLANK_NODES: Final = (LINKS - {OWL.sourceIndividual}) | {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.complementOf, OWL.inverseOf}


def steps_of_axiom(read: Expressions, triple: Triple) -> Iterator[Step]:
    """Give the rules of one axiom. Raises UnsupportedAxiomError where there is none for it."""
    if triple.predicate == RDF.type:
        make = CHARACTERISTICS.get(triple.object) if isinstance(triple.object, NamedNode) else None
        return iter(()) if make is None else make(read, triple)
    if triple.predicate in NOTHING_FOLLOWS or (isinstance(triple.subject, BlankNode) and triple.predicate in _OF_BLANK_NODES):
        return iter(())
    if triple.predicate not in _AXIOMS:
        raise UnsupportedAxiomError(said(triple), f"it has no rule for {curie(triple.predicate.value)}")
    if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(LANGUAGE) and triple.subject not in NOTHING_FOLLOWS:
        raise UnsupportedAxiomError(said(triple), f"it is about {curie(triple.subject.value)}, a term of the language itself")
    return _AXIOMS[triple.predicate](read, triple)


# ------------------------------------------------------------------------------------------------------------------------------- helpers


def _pairs(read: Expressions, axiom: Triple) -> Iterator[tuple[Term, Term, tuple[Triple, ...]]]:
    """Give every two members of a list that are to have nothing in common, with the triples that say so."""
    for listed in read.stated(axiom.subject, OWL.members):
        members, triples = read.items(listed.object, axiom)
        for one, other in combinations(members, 2):
            yield one, other, (listed, *triples)


def _step(name: str, whole: Reading, axiom: Triple) -> Step:
    triples = tuple(dict.fromkeys((axiom, *whole.axiom)))
    # A class that is disjoint with itself has the same atom twice.
    body, owl = tuple(dict.fromkeys(whole.atoms)), " ".join(dict.fromkeys(whole.owl))
    return Constraint(name, owl, triples, body) if whole.head is None else Rule(name, owl, triples, whole.head, body)


def _class(node: Term) -> NamedNode:
    if not isinstance(node, NamedNode):
        message = f"{node} is no class with a name"
        raise TypeError(message)
    return node


def _word(node: Term) -> str:
    """Make a part of a name out of a term."""
    if isinstance(node, Literal | BlankNode):
        return "those"
    short = curie(node.value) if isinstance(node, NamedNode) else ""
    if "://" in short:
        short = re.split(r"[/#]", short.rstrip("/#"))[-1]
    return re.sub(r"[^A-Za-z0-9]+", "_", short).strip("_") or "term"
