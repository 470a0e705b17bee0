"""The rules of axioms about classes.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 6 and 7.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from schakel.compile.owl_rl.axiom_parts import Make, functional_rule, is_a, pairs_of, several
from schakel.compile.owl_rl.reading import Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Rule, X, Y

__all__ = ["CLASS_CHARACTERISTICS", "CLASS_PROPERTIES"]


def _contained(owl: str, *, backwards: bool = False) -> Make:
    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        lower, _, upper = axiom[::-1] if backwards else axiom
        yield Rule(owl, (axiom,), (is_a(read, X, lower),), is_a(read, X, upper))

    return make


def _disjoint(owl: str) -> Make:
    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        yield _clash(owl, read, (axiom,), axiom[0], axiom[2])

    return make


def _clash(owl: str, read: Axioms, axiom: tuple[Fact, ...], one: int, other: int) -> Rule:
    if one == other:
        return Rule(owl, axiom, (is_a(read, X, one),), None)
    return Rule(owl, axiom, (is_a(read, X, one), is_a(read, X, other)), None)


def _all_disjoint_classes(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for triples, one, other in pairs_of(read, axiom, "members"):
        yield _clash("cax-adc", read, triples, one, other)


def _intersection(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    if members is None:
        return
    whole = (axiom, *members.triples)
    for member in dict.fromkeys(members.terms):
        yield Rule("cls-int2", whole, (is_a(read, X, axiom[0]),), is_a(read, X, member))
    yield from _together(read, whole, [is_a(read, X, member) for member in dict.fromkeys(members.terms)], is_a(read, X, axiom[0]), "cls-int1")


def _together(read: Axioms, axiom: tuple[Fact, ...], atoms: list[Atom], head: Atom, owl: str) -> Iterator[Rule]:
    """Split a body of memberships of one thing: each auxiliary class is what the classes up to there have in common."""
    so_far = atoms[0]
    if len(atoms) == 1:
        yield Rule(owl, axiom, (so_far,), head)
    for number, atom in enumerate(atoms[1:], start=2):
        result = head if number == len(atoms) else is_a(read, X, read.auxiliaries.id_for(owl, axiom[0], number))
        yield Rule(owl, axiom, (so_far, atom), result)
        so_far = result


def _union(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    for member in () if members is None else dict.fromkeys(members.terms):
        yield Rule("cls-uni", (axiom, *(members.triples if members else ())), (is_a(read, X, member),), is_a(read, X, axiom[0]))


def _one_of(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    for member in () if members is None else dict.fromkeys(members.terms):
        yield Rule("cls-oo", (axiom, *(members.triples if members else ())), (), is_a(read, member, axiom[0]))


# -------------------------------------------------------------------------------------------------------------------------- restrictions


def _restricted(read: Axioms, axiom: Fact) -> Iterator[tuple[tuple[Fact, ...], int]]:
    for on in read.about(axiom[0], "onProperty"):
        yield (axiom, on), on[2]


def _some_values(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        if axiom[2] == read.terms.Thing:
            yield Rule("cls-svf2", whole, (Atom(X, on, Y),), is_a(read, X, axiom[0]))
        else:
            yield Rule("cls-svf1", whole, (Atom(X, on, Y), is_a(read, Y, axiom[2])), is_a(read, X, axiom[0]))


def _all_values(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        yield Rule("cls-avf", whole, (is_a(read, X, axiom[0]), Atom(X, on, Y)), is_a(read, Y, axiom[2]))


def _has_value(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        yield Rule("cls-hv1", whole, (is_a(read, X, axiom[0]),), Atom(X, on, axiom[2]))
        yield Rule("cls-hv2", whole, (Atom(X, on, axiom[2]),), is_a(read, X, axiom[0]))


def _max_cardinality(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    number = read.cardinalities.get(axiom[2])
    for whole, on in _restricted(read, axiom):
        body = (is_a(read, X, axiom[0]), Atom(X, on, Y))
        if number == 0:
            yield Rule("cls-maxc1", whole, body, None)
        if number == 1:
            linked = read.auxiliaries.id_for("cls-maxc2", axiom[0], on)
            yield Rule("cls-maxc2", whole, body, Atom(X, linked, Y))
            yield functional_rule("cls-maxc2", whole, linked, read)


def _max_qualified(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    number = read.cardinalities.get(axiom[2])
    for triples, on in _restricted(read, axiom):
        for of in read.about(axiom[0], "onClass"):
            whole, anything = (*triples, of), of[2] == read.terms.Thing
            linked = Atom(X, read.auxiliaries.id_for("cls-maxqc", axiom[0], on), Y)
            if number == 0 and anything:
                yield Rule("cls-maxqc2", whole, (is_a(read, X, axiom[0]), Atom(X, on, Y)), None)
            elif number == 0:
                yield Rule("cls-maxqc1", whole, (is_a(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield Rule("cls-maxqc1", whole, (linked, is_a(read, Y, of[2])), None)
            elif number == 1 and anything:
                yield Rule("cls-maxqc4", whole, (is_a(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield functional_rule("cls-maxqc4", whole, linked.p, read)
            elif number == 1:
                qualified = Atom(X, read.auxiliaries.id_for("cls-maxqc3", axiom[0], on, of[2]), Y)
                yield Rule("cls-maxqc3", whole, (is_a(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield Rule("cls-maxqc3", whole, (linked, is_a(read, Y, of[2])), qualified)
                yield functional_rule("cls-maxqc3", whole, qualified.p, read)


CLASS_PROPERTIES: Final[Mapping[str, Make]] = {
    "subClassOf": _contained("cax-sco"),
    "equivalentClass": several(_contained("cax-eqc1"), _contained("cax-eqc2", backwards=True)),
    "disjointWith": _disjoint("cax-dw"),
    "complementOf": _disjoint("cls-com"),
    "intersectionOf": _intersection,
    "unionOf": _union,
    "oneOf": _one_of,
    "someValuesFrom": _some_values,
    "allValuesFrom": _all_values,
    "hasValue": _has_value,
    "maxCardinality": _max_cardinality,
    "maxQualifiedCardinality": _max_qualified,
}

CLASS_CHARACTERISTICS: Final[Mapping[str, Make]] = {
    "AllDisjointClasses": _all_disjoint_classes,
}
