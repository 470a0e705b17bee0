"""From axioms to the rules that they amount to: a few passes, each of which takes rules and gives rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from schakel.compile.owl_rl.axioms import CHARACTERISTICS, PROPERTIES
from schakel.compile.owl_rl.reading import Auxiliaries, Axioms
from schakel.compile.owl_rl.rules import Atom, Fact, Rule, X, Y
from schakel.compile.owl_rl.schema import fixed_rules, self_evident_rules, subsumptions
from schakel.compile.owl_rl.vocabulary import Vocabulary

__all__ = ["NOT_OF_DATATYPE", "RuleSet", "Surroundings", "compile_axioms"]

NOT_OF_DATATYPE: Final = "dt-not-type"


@dataclass(frozen=True)
class Surroundings:
    """What a compilation must know of the dictionary.

    Ids from `first_blank` on are of blank nodes. `cardinalities` are the literals that are the numbers 0 and 1; `alike` gives the other literals of the same
    value. With `everything`, what is true of any ontology is concluded, too.
    """

    terms: Vocabulary
    first_blank: int
    cardinalities: Mapping[int, int]
    alike: Mapping[int, Sequence[int]]
    everything: bool = False


@dataclass(frozen=True)
class RuleSet:
    """What an ontology amounts to.

    `rules` conclude, `constraints` contradict, and `ranges` contradict where the value is a literal that is not of the datatype of the range, the object of
    the axiom. `datatypes` are those that some rule wants to know the literals of; `malformed` are axioms whose list cannot be read.
    """

    rules: Sequence[Rule]
    constraints: Sequence[Rule]
    ranges: Sequence[Rule]
    datatypes: frozenset[int]
    malformed: Sequence[Fact]


def compile_axioms(axioms: Iterable[Fact], passed_over: frozenset[Fact], surroundings: Surroundings, auxiliaries: Auxiliaries) -> RuleSet:
    """Make the rules of axioms, in a fixed order.

    Axioms in `passed_over` are known, but need no rules: others do what they say, step by step.
    """
    read = Axioms(axioms, surroundings.terms, surroundings.cardinalities, auxiliaries)
    rules = list(fixed_rules(surroundings.terms))
    rules += _of_axioms(read, passed_over)
    rules += subsumptions(read)
    rules += _of_everything(read, rules, surroundings)
    datatypes = _wanted(rules, surroundings.terms) & frozenset(surroundings.terms.datatypes.values())
    rules = list(_with_alike(rules, surroundings.alike))
    rules = list(_with_ranges(rules, datatypes, surroundings.terms))
    rules = _that_matter(rules, surroundings)
    rules = list({rule.does: rule for rule in reversed(rules)}.values())[::-1]
    malformed = tuple(dict.fromkeys(read.malformed))
    contradicting = [rule for rule in rules if rule.head is None]
    return RuleSet(
        [rule for rule in rules if rule.head is not None],
        [rule for rule in contradicting if rule.owl != NOT_OF_DATATYPE],
        [rule for rule in contradicting if rule.owl == NOT_OF_DATATYPE],
        datatypes,
        malformed,
    )


def _of_axioms(read: Axioms, passed_over: frozenset[Fact]) -> Iterator[Rule]:
    for name, make in PROPERTIES.items():
        for axiom in read.by(name):
            if axiom not in passed_over:
                yield from make(read, axiom)
    for name, make in CHARACTERISTICS.items():
        for axiom in read.members_of(name):
            yield from make(read, axiom)


def _of_everything(read: Axioms, rules: Sequence[Rule], surroundings: Surroundings) -> Iterator[Rule]:
    """Give the self-evident rules where they are asked for, and that members of classes are things where some rule wants to know."""
    terms = surroundings.terms
    if surroundings.everything:
        yield from self_evident_rules(read)
    if surroundings.everything or terms.Thing in _wanted(rules, terms):
        for kind in sorted({axiom[0] for axiom in read.members_of("Class")} - {terms.Thing}):
            yield Rule("scm-cls", ((kind, terms.type, terms.Class),), (Atom(X, terms.type, kind),), Atom(X, terms.type, terms.Thing))


def _wanted(rules: Iterable[Rule], terms: Vocabulary) -> frozenset[int]:
    """Give the classes whose members some rule wants to know."""
    return frozenset(atom.o for rule in rules for atom in (*rule.body, *rule.key) if atom.p == terms.type and isinstance(atom.o, int))


def _with_alike(rules: Iterable[Rule], alike: Mapping[int, Sequence[int]]) -> Iterator[Rule]:
    """Let a rule about a literal apply to every literal of the same value."""
    for rule in rules:
        choices = [[atom, *(atom._replace(o=other) for other in (alike.get(atom.o, ()) if isinstance(atom.o, int) else ()))] for atom in rule.body]
        yield from (replace(rule, body=body) for body in product(*choices))


def _with_ranges(rules: Iterable[Rule], wanted: frozenset[int], terms: Vocabulary) -> Iterator[Rule]:
    """Judge literals by a range that is a datatype, without saying of each literal what it is, unless some rule wants to know."""
    datatypes = frozenset(terms.datatypes.values()) - wanted
    for rule in rules:
        head = rule.head
        if rule.owl == "prp-rng" and head is not None and isinstance(head.o, int) and head.o in datatypes:
            yield replace(rule, of_things=True)
            yield replace(rule, owl=NOT_OF_DATATYPE, head=None)
        else:
            yield rule


def _that_matter(rules: Sequence[Rule], surroundings: Surroundings) -> list[Rule]:
    """Leave out rules that only say what something nameless is, where no other rule asks for it and nobody else does."""
    before, kept = 0, list(rules)
    while len(kept) != before:
        before = len(kept)
        asked: set[tuple[int, object]] = {(atom.p, atom.o if atom.p == surroundings.terms.type else 0) for rule in kept for atom in (*rule.body, *rule.key)}
        kept = [rule for rule in kept if _matters(rule, asked, surroundings)]
    return kept


def _matters(rule: Rule, asked: set[tuple[int, object]], surroundings: Surroundings) -> bool:
    if rule.head is None:
        return True
    of_class = rule.head.p == surroundings.terms.type
    subject = rule.head.o if of_class else rule.head.p
    nameless = isinstance(subject, int) and (subject < 0 or (subject >= surroundings.first_blank and not surroundings.everything))
    return not nameless or (rule.head.p, subject if of_class else 0) in asked or (of_class and (rule.head.p, Y) in asked)
