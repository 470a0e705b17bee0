"""The rules that each kind of axiom amounts to.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4 to 7. The rules of table 9 are in schema.py.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Final, TypeAlias

from schakel.compile.owl_rl.reading import Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Place, Rule, X, Y, Z

__all__ = ["CHARACTERISTICS", "PROPERTIES"]

_Make: TypeAlias = Callable[[Axioms, Fact], Iterator[Rule]]


# ------------------------------------------------------------------------------------------------------------------------------- classes


def _is(read: Axioms, thing: Place, of: int) -> Atom:
    return Atom(thing, read.terms.type, of)


def _contained(owl: str, *, backwards: bool = False) -> _Make:
    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        lower, _, upper = axiom[::-1] if backwards else axiom
        yield Rule(owl, (axiom,), (_is(read, X, lower),), _is(read, X, upper))

    return make


def _disjoint(owl: str) -> _Make:
    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        yield _clash(owl, read, (axiom,), axiom[0], axiom[2])

    return make


def _clash(owl: str, read: Axioms, axiom: tuple[Fact, ...], one: int, other: int) -> Rule:
    if one == other:
        return Rule(owl, axiom, (_is(read, X, one),), None)
    return Rule(owl, axiom, (_is(read, X, one), _is(read, X, other)), None)


def _all_disjoint_classes(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for triples, one, other in _pairs(read, axiom, "members"):
        yield _clash("cax-adc", read, triples, one, other)


def _intersection(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    if members is None:
        return
    whole = (axiom, *members.triples)
    for member in dict.fromkeys(members.terms):
        yield Rule("cls-int2", whole, (_is(read, X, axiom[0]),), _is(read, X, member))
    yield from _together(read, whole, [_is(read, X, member) for member in dict.fromkeys(members.terms)], _is(read, X, axiom[0]), "cls-int1")


def _together(read: Axioms, axiom: tuple[Fact, ...], atoms: list[Atom], head: Atom, owl: str) -> Iterator[Rule]:
    """Split a body of memberships of one thing: each auxiliary class is what the classes up to there have in common."""
    so_far = atoms[0]
    if len(atoms) == 1:
        yield Rule(owl, axiom, (so_far,), head)
    for number, atom in enumerate(atoms[1:], start=2):
        result = head if number == len(atoms) else _is(read, X, read.auxiliaries.id_for(owl, axiom[0], number))
        yield Rule(owl, axiom, (so_far, atom), result)
        so_far = result


def _union(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    for member in () if members is None else dict.fromkeys(members.terms):
        yield Rule("cls-uni", (axiom, *(members.triples if members else ())), (_is(read, X, member),), _is(read, X, axiom[0]))


def _one_of(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    for member in () if members is None else dict.fromkeys(members.terms):
        yield Rule("cls-oo", (axiom, *(members.triples if members else ())), (), _is(read, member, axiom[0]))


# -------------------------------------------------------------------------------------------------------------------------- restrictions


def _restricted(read: Axioms, axiom: Fact) -> Iterator[tuple[tuple[Fact, ...], int]]:
    for on in read.about(axiom[0], "onProperty"):
        yield (axiom, on), on[2]


def _some_values(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        if axiom[2] == read.terms.Thing:
            yield Rule("cls-svf2", whole, (Atom(X, on, Y),), _is(read, X, axiom[0]))
        else:
            yield Rule("cls-svf1", whole, (Atom(X, on, Y), _is(read, Y, axiom[2])), _is(read, X, axiom[0]))


def _all_values(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        yield Rule("cls-avf", whole, (_is(read, X, axiom[0]), Atom(X, on, Y)), _is(read, Y, axiom[2]))


def _has_value(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for whole, on in _restricted(read, axiom):
        yield Rule("cls-hv1", whole, (_is(read, X, axiom[0]),), Atom(X, on, axiom[2]))
        yield Rule("cls-hv2", whole, (Atom(X, on, axiom[2]),), _is(read, X, axiom[0]))


def _max_cardinality(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    number = read.cardinalities.get(axiom[2])
    for whole, on in _restricted(read, axiom):
        body = (_is(read, X, axiom[0]), Atom(X, on, Y))
        if number == 0:
            yield Rule("cls-maxc1", whole, body, None)
        if number == 1:
            linked = read.auxiliaries.id_for("cls-maxc2", axiom[0], on)
            yield Rule("cls-maxc2", whole, body, Atom(X, linked, Y))
            yield _functional("cls-maxc2", whole, linked, read)


def _max_qualified(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    number = read.cardinalities.get(axiom[2])
    for triples, on in _restricted(read, axiom):
        for of in read.about(axiom[0], "onClass"):
            whole, anything = (*triples, of), of[2] == read.terms.Thing
            linked = Atom(X, read.auxiliaries.id_for("cls-maxqc", axiom[0], on), Y)
            if number == 0 and anything:
                yield Rule("cls-maxqc2", whole, (_is(read, X, axiom[0]), Atom(X, on, Y)), None)
            elif number == 0:
                yield Rule("cls-maxqc1", whole, (_is(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield Rule("cls-maxqc1", whole, (linked, _is(read, Y, of[2])), None)
            elif number == 1 and anything:
                yield Rule("cls-maxqc4", whole, (_is(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield _functional("cls-maxqc4", whole, linked.p, read)
            elif number == 1:
                qualified = Atom(X, read.auxiliaries.id_for("cls-maxqc3", axiom[0], on, of[2]), Y)
                yield Rule("cls-maxqc3", whole, (_is(read, X, axiom[0]), Atom(X, on, Y)), linked)
                yield Rule("cls-maxqc3", whole, (linked, _is(read, Y, of[2])), qualified)
                yield _functional("cls-maxqc3", whole, qualified.p, read)


# ---------------------------------------------------------------------------------------------------------------------------- properties


def _implied(owl: str, *, backwards: bool = False, inverse: bool = False) -> _Make:
    def make(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
        lower, _, upper = axiom[::-1] if backwards else axiom
        yield Rule(owl, (axiom,), (Atom(X, lower, Y),), Atom(Y, upper, X) if inverse else Atom(X, upper, Y))

    return make


def _domain(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-dom", (axiom,), (Atom(X, axiom[0], Y),), _is(read, X, axiom[2]))


def _range(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-rng", (axiom,), (Atom(X, axiom[0], Y),), _is(read, Y, axiom[2]))


def _chain(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    members = read.list_of(axiom)
    if members is None:
        return
    whole, links = (axiom, *members.triples), members.terms
    if len(links) == 1:
        yield Rule("prp-spo2", whole, (Atom(X, links[0], Y),), Atom(X, axiom[0], Y))
    so_far = links[0]
    for number, link in enumerate(links[1:], start=2):
        result = axiom[0] if number == len(links) else read.auxiliaries.id_for("prp-spo2", axiom, number)
        yield Rule("prp-spo2", whole, (Atom(X, so_far, Y), Atom(Y, link, Z)), Atom(X, result, Z))
        so_far = result


def _no_both(owl: str, axiom: tuple[Fact, ...], one: int, other: int) -> Rule:
    body = (Atom(X, one, Y),) if one == other else (Atom(X, one, Y), Atom(X, other, Y))
    return Rule(owl, axiom, body, None)


def _disjoint_properties(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield _no_both("prp-pdw", (axiom,), axiom[0], axiom[2])


def _all_disjoint_properties(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for triples, one, other in _pairs(read, axiom, "members"):
        yield _no_both("prp-adp", triples, one, other)


def _functional(owl: str, axiom: tuple[Fact, ...], link: int, read: Axioms) -> Rule:
    same = Atom(X, read.terms.sameAs, Y)
    return Rule(owl, axiom, (Atom(Z, link, X), Atom(Z, link, Y)), same, key=(Atom(Z, link, X),))


def _is_functional(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield _functional("prp-fp", (axiom,), axiom[0], read)


def _is_inverse_functional(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    link = Atom(X, axiom[0], Z)
    yield Rule("prp-ifp", (axiom,), (link, Atom(Y, axiom[0], Z)), Atom(X, read.terms.sameAs, Y), key=(link,))


def _is_symmetric(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-symp", (axiom,), (Atom(X, axiom[0], Y),), Atom(Y, axiom[0], X))


def _is_transitive(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-trp", (axiom,), (Atom(X, axiom[0], Y), Atom(Y, axiom[0], Z)), Atom(X, axiom[0], Z))


def _is_irreflexive(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-irp", (axiom,), (Atom(X, axiom[0], X),), None)


def _is_asymmetric(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-asyp", (axiom,), (Atom(X, axiom[0], Y), Atom(Y, axiom[0], X)), None)


# ---------------------------------------------------------------------------------------------------------------------------- individuals


def _has_key(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    """Give the rules of a key: what two things agree in, one property after the other, then that both are of the class."""
    members = read.list_of(axiom)
    if members is None:
        return
    whole, of, number = (axiom, *members.triples), axiom[0], 0

    def pair() -> Atom:
        nonlocal number
        number += 1
        return Atom(X, read.auxiliaries.id_for("prp-key", axiom, number), Y)

    links = list(dict.fromkeys(members.terms))
    key = (_is(read, X, of), *(Atom(X, link, Z) for link in links))
    agreeing = [pair() for _ in links]
    for link, result in zip(links, agreeing, strict=True):
        yield Rule("prp-key", whole, (Atom(X, link, Z), Atom(Y, link, Z)), result, key=key)
    so_far = agreeing[0]
    for atom in (*agreeing[1:], _is(read, X, of), _is(read, Y, of)):
        result = Atom(X, read.terms.sameAs, Y) if atom == _is(read, Y, of) else pair()
        yield Rule("prp-key", whole, (so_far, atom), result)
        so_far = result


def _negative(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    for about in read.about(axiom[0], "assertionProperty"):
        for name, owl in (("targetIndividual", "prp-npa1"), ("targetValue", "prp-npa2")):
            for target in read.about(axiom[0], name):
                yield Rule(owl, (axiom, about, target), (Atom(axiom[2], about[2], target[2]),), None)


def _all_different(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    """Give a contradiction where two members are the same: what is the same has one id here."""
    for name, owl in (("members", "eq-diff2"), ("distinctMembers", "eq-diff3")):
        for listed in read.about(axiom[0], name):
            members = read.list_of(listed)
            if members is not None and len(set(members.terms)) < len(members.terms):
                yield Rule(owl, (axiom, listed, *members.triples), (), None)


def _pairs(read: Axioms, axiom: Fact, name: str) -> Iterator[tuple[tuple[Fact, ...], int, int]]:
    for listed in read.about(axiom[0], name):
        members = read.list_of(listed)
        if members is not None:
            whole = (axiom, listed, *members.triples)
            yield from ((whole, one, other) for one, other in combinations(members.terms, 2))


# -------------------------------------------------------------------------------------------------------------------------------- tables


def _several(*makes: _Make) -> _Make:
    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        for each in makes:
            yield from each(read, axiom)

    return make


# By the property of the axiom.
PROPERTIES: Final[Mapping[str, _Make]] = {
    "subClassOf": _contained("cax-sco"),
    "equivalentClass": _several(_contained("cax-eqc1"), _contained("cax-eqc2", backwards=True)),
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
    "subPropertyOf": _implied("prp-spo1"),
    "equivalentProperty": _several(_implied("prp-eqp1"), _implied("prp-eqp2", backwards=True)),
    "inverseOf": _several(_implied("prp-inv1", inverse=True), _implied("prp-inv2", backwards=True, inverse=True)),
    "domain": _domain,
    "range": _range,
    "propertyChainAxiom": _chain,
    "propertyDisjointWith": _disjoint_properties,
    "hasKey": _has_key,
    "sourceIndividual": _negative,
}

# By the class that the axiom puts a property or a list in.
CHARACTERISTICS: Final[Mapping[str, _Make]] = {
    "FunctionalProperty": _is_functional,
    "InverseFunctionalProperty": _is_inverse_functional,
    "SymmetricProperty": _is_symmetric,
    "TransitiveProperty": _is_transitive,
    "IrreflexiveProperty": _is_irreflexive,
    "AsymmetricProperty": _is_asymmetric,
    "AllDisjointClasses": _all_disjoint_classes,
    "AllDisjointProperties": _all_disjoint_properties,
    "AllDifferent": _all_different,
}
