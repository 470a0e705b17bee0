"""The rules that no axiom is needed for, and those about axioms themselves.

Source: OWL 2 Web Ontology Language Profiles (Second Edition), section 4.3, tables 4, 6, 8 and 9.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from schakel.compile.owl_rl.reading import Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Rule, X, Y, Z
from schakel.compile.owl_rl.vocabulary import Vocabulary

__all__ = ["fixed_rules", "self_evident_rules", "subsumptions"]


def fixed_rules(terms: Vocabulary) -> Iterator[Rule]:
    """Give the rules that are the same for every ontology."""
    yield Rule("eq-diff1", (), (Atom(X, terms.differentFrom, X),), None)
    yield Rule("cls-nothing2", (), (Atom(X, terms.type, terms.Nothing),), None)
    for owl, lower, same in (("c", terms.subClassOf, terms.equivalentClass), ("p", terms.subPropertyOf, terms.equivalentProperty)):
        yield Rule(f"scm-s{owl}o", (), (Atom(X, lower, Y), Atom(Y, lower, Z)), Atom(X, lower, Z))
        yield Rule(f"scm-eq{owl}1", (), (Atom(X, same, Y),), Atom(X, lower, Y))
        yield Rule(f"scm-eq{owl}1", (), (Atom(X, same, Y),), Atom(Y, lower, X))
        yield Rule(f"scm-eq{owl}2", (), (Atom(X, lower, Y), Atom(Y, lower, X)), Atom(X, same, Y))
    for owl, leads in (("dom", terms.domain), ("rng", terms.range)):
        yield Rule(f"scm-{owl}1", (), (Atom(X, leads, Y), Atom(Y, terms.subClassOf, Z)), Atom(X, leads, Z))
        yield Rule(f"scm-{owl}2", (), (Atom(X, terms.subPropertyOf, Y), Atom(Y, leads, Z)), Atom(X, leads, Z))


def self_evident_rules(read: Axioms) -> Iterator[Rule]:
    """Give the rules whose conclusions are true of any ontology: that a class is a kind of itself and of thing, that a datatype is one, and so on."""
    terms = read.terms
    yield Rule("cls-thing", (), (), Atom(terms.Thing, terms.type, terms.Class))
    yield Rule("cls-nothing1", (), (), Atom(terms.Nothing, terms.type, terms.Class))
    for annotation in terms.annotations:
        yield Rule("prp-ap", (), (), Atom(annotation, terms.type, terms.AnnotationProperty))
    for datatype in terms.datatypes.values():
        yield Rule("dt-type1", (), (), Atom(datatype, terms.type, terms.Datatype))
    a_class = (Atom(X, terms.type, terms.Class),)
    for head in (
        Atom(X, terms.subClassOf, X),
        Atom(X, terms.equivalentClass, X),
        Atom(X, terms.subClassOf, terms.Thing),
        Atom(terms.Nothing, terms.subClassOf, X),
    ):
        yield Rule("scm-cls", (), a_class, head)
    for owl, kind in (("scm-op", terms.ObjectProperty), ("scm-dp", terms.DatatypeProperty)):
        for of in (terms.subPropertyOf, terms.equivalentProperty):
            yield Rule(owl, (), (Atom(X, terms.type, kind),), Atom(X, of, X))


def subsumptions(read: Axioms) -> Iterator[Rule]:
    """Give which classes are kinds of which by what they are made of: intersections, unions and restrictions."""
    for axiom in read.by("intersectionOf"):
        yield from _members(read, axiom, "scm-int", upwards=True)
    for axiom in read.by("unionOf"):
        yield from _members(read, axiom, "scm-uni", upwards=False)
    yield from _by_filler(read, "someValuesFrom", "scm-svf1")
    yield from _by_filler(read, "allValuesFrom", "scm-avf1")
    yield from _by_property(read, "hasValue", "scm-hv", upwards=True)
    yield from _by_property(read, "someValuesFrom", "scm-svf2", upwards=True)
    yield from _by_property(read, "allValuesFrom", "scm-avf2", upwards=False)


def _members(read: Axioms, axiom: Fact, owl: str, *, upwards: bool) -> Iterator[Rule]:
    members = read.list_of(axiom)
    for member in () if members is None else dict.fromkeys(members.terms):
        lower, upper = (axiom[0], member) if upwards else (member, axiom[0])
        yield _kind_of(read, owl, (axiom, *(members.triples if members else ())), lower, upper)


def _kind_of(read: Axioms, owl: str, axiom: tuple[Fact, ...], lower: int, upper: int) -> Rule:
    return Rule(owl, axiom, (), Atom(lower, read.terms.subClassOf, upper))


_Restrictions = dict[tuple[int, int], list[tuple[Fact, Fact]]]


def _restrictions(read: Axioms, name: str) -> _Restrictions:
    """Give the restrictions of a kind by property and filler, each as the two statements that make it."""
    found: Final[_Restrictions] = defaultdict(list)
    for axiom in read.by(name):
        for on in read.about(axiom[0], "onProperty"):
            found[on[2], axiom[2]].append((on, axiom))
    return found


def _by_filler(read: Axioms, name: str, owl: str) -> Iterator[Rule]:
    """Compare restrictions of the same property whose fillers are kinds of each other."""
    found = _restrictions(read, name)
    above = defaultdict(list)
    for axiom in read.by("subClassOf") if len(found) > 1 else ():
        above[axiom[0]].append(axiom)
    for (on, filler), lowers in list(found.items()):
        for axiom in above.get(filler, ()):
            for upper in found.get((on, axiom[2]), ()):
                yield from (_kind_of(read, owl, (axiom, *lower, *upper), lower[0][0], upper[0][0]) for lower in lowers if lower[0][0] != upper[0][0])


def _by_property(read: Axioms, name: str, owl: str, *, upwards: bool) -> Iterator[Rule]:
    """Compare restrictions to the same filler whose properties are kinds of each other."""
    found = _restrictions(read, name)
    above = defaultdict(list)
    for axiom in read.by("subPropertyOf") if len(found) > 1 else ():
        above[axiom[0]].append(axiom)
    for (on, filler), lowers in list(found.items()):
        for axiom in above.get(on, ()):
            for upper in found.get((axiom[2], filler), ()):
                for lower in lowers:
                    ends = (lower[0][0], upper[0][0]) if upwards else (upper[0][0], lower[0][0])
                    if ends[0] != ends[1]:
                        yield _kind_of(read, owl, (axiom, *lower, *upper), *ends)
