"""What the rules of several kinds of axioms have in common."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeAlias

from schakel.compile.owl_rl.reading import Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Place, Rule, X, Y, Z

__all__ = ["Make", "functional_rule", "is_a", "pairs_of", "several"]

# Makes the rules of an axiom.
Make: TypeAlias = Callable[[Axioms, Fact], Iterator[Rule]]


def is_a(read: Axioms, thing: Place, of: int) -> Atom:
    """Say that a thing is a member of a class."""
    return Atom(thing, read.terms.type, of)


def functional_rule(owl: str, axiom: tuple[Fact, ...], link: int, read: Axioms) -> Rule:
    """Say that what something is linked to is one thing."""
    same = Atom(X, read.terms.sameAs, Y)
    return Rule(owl, axiom, (Atom(Z, link, X), Atom(Z, link, Y)), same, key=(Atom(Z, link, X),))


def pairs_of(read: Axioms, axiom: Fact, name: str) -> Iterator[tuple[tuple[Fact, ...], int, int]]:
    """Give each two members of the lists of an axiom, with the statements that list them."""
    for listed in read.about(axiom[0], name):
        members = read.list_of(listed)
        if members is not None:
            whole = (axiom, listed, *members.triples)
            yield from ((whole, one, other) for one, other in combinations(members.terms, 2))


def several(*makes: Make) -> Make:
    """Make the rules of an axiom in several ways."""

    def make(read: Axioms, axiom: Fact) -> Iterator[Rule]:
        for each in makes:
            yield from each(read, axiom)

    return make
