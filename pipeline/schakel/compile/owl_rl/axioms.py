"""The rules of axioms about properties and individuals, and which axiom has which rules.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4 to 7. The rules of table 9 are in schema.py.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from schakel.compile.owl_rl.axiom_parts import Make, functional_rule, is_a, pairs_of, several
from schakel.compile.owl_rl.class_axioms import CLASS_CHARACTERISTICS, CLASS_PROPERTIES
from schakel.compile.owl_rl.reading import Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Rule, X, Y, Z

__all__ = ["CHARACTERISTICS", "PROPERTIES"]


# ---------------------------------------------------------------------------------------------------------------------------- properties


def _implied(owl: str, *, backwards: bool = False, inverse: bool = False) -> Make:
    def make(_read: Axioms, axiom: Fact) -> Iterator[Rule]:
        lower, _, upper = axiom[::-1] if backwards else axiom
        yield Rule(owl, (axiom,), (Atom(X, lower, Y),), Atom(Y, upper, X) if inverse else Atom(X, upper, Y))

    return make


def _domain(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-dom", (axiom,), (Atom(X, axiom[0], Y),), is_a(read, X, axiom[2]))


def _range(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield Rule("prp-rng", (axiom,), (Atom(X, axiom[0], Y),), is_a(read, Y, axiom[2]))


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
    for triples, one, other in pairs_of(read, axiom, "members"):
        yield _no_both("prp-adp", triples, one, other)


def _is_functional(read: Axioms, axiom: Fact) -> Iterator[Rule]:
    yield functional_rule("prp-fp", (axiom,), axiom[0], read)


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
    key = (is_a(read, X, of), *(Atom(X, link, Z) for link in links))
    agreeing = [pair() for _ in links]
    for link, result in zip(links, agreeing, strict=True):
        yield Rule("prp-key", whole, (Atom(X, link, Z), Atom(Y, link, Z)), result, key=key)
    so_far = agreeing[0]
    for atom in (*agreeing[1:], is_a(read, X, of), is_a(read, Y, of)):
        result = Atom(X, read.terms.sameAs, Y) if atom == is_a(read, Y, of) else pair()
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


# -------------------------------------------------------------------------------------------------------------------------------- tables


# By the property of the axiom.
PROPERTIES: Final[Mapping[str, Make]] = {
    **CLASS_PROPERTIES,
    "subPropertyOf": _implied("prp-spo1"),
    "equivalentProperty": several(_implied("prp-eqp1"), _implied("prp-eqp2", backwards=True)),
    "inverseOf": several(_implied("prp-inv1", inverse=True), _implied("prp-inv2", backwards=True, inverse=True)),
    "domain": _domain,
    "range": _range,
    "propertyChainAxiom": _chain,
    "propertyDisjointWith": _disjoint_properties,
    "hasKey": _has_key,
    "sourceIndividual": _negative,
}

# By the class that the axiom puts a property or a list in.
CHARACTERISTICS: Final[Mapping[str, Make]] = {
    **CLASS_CHARACTERISTICS,
    "FunctionalProperty": _is_functional,
    "InverseFunctionalProperty": _is_inverse_functional,
    "SymmetricProperty": _is_symmetric,
    "TransitiveProperty": _is_transitive,
    "IrreflexiveProperty": _is_irreflexive,
    "AsymmetricProperty": _is_asymmetric,
    "AllDisjointProperties": _all_disjoint_properties,
    "AllDifferent": _all_different,
}
