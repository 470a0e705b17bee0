"""Why a statement follows: the rules that were applied, down to what is stated, rebuilt from the witnesses of derivations.

What is the same has one id while rules run, so that a premise may be stated of another name. Such a step is proved by the statement about that name, and by
the equalities that lead from the one name to the other.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple, Protocol

from schakel.compile.owl_rl import Fact, Rule, bound

__all__ = ["Derivations", "Equality", "Proof", "Record", "leaves", "prove"]

_SAME_VALUE: Final = Rule("dt-eq", (), (), None)
_SYMMETRIC: Final = Rule("eq-sym", (), (), None)
_TRANSITIVE: Final = Rule("eq-trans", (), (), None)
_REPLACED: Final = Rule("eq-rep", (), (), None)


class Record(NamedTuple):
    """How a statement was found: the number of the rule, the round, and the witness."""

    rule: int
    round: int
    witness: int


class Equality(NamedTuple):
    """Two terms that are the same from a round on. `same_value` are literals of the same value, which nothing states."""

    round: int
    one: int
    other: int
    same_value: bool = False


class Derivations(Protocol):
    """Where statements and derivations are looked up, many at once."""

    @property
    def same_as(self) -> int:
        """The id of `owl:sameAs`."""

    @property
    def rules(self) -> Mapping[int, Rule]:
        """Rules by number."""

    def stated(self, facts: Collection[Fact]) -> Collection[Fact]:
        """Give those of the statements that are stated."""

    def records(self, facts: Collection[Fact]) -> Mapping[Fact, Record]:
        """Give how statements were found; those that were not are left out."""

    def axiom_premises(self, rule: int) -> Sequence[Fact]:
        """Give the axioms of a rule that are not stated as the rule has them."""

    def equalities(self) -> Iterable[Equality]:
        """Give all equalities, stated or found."""


@dataclass(frozen=True, eq=False)
class Proof:
    """A statement, the rule that it follows by, and the proofs of what that rule needs; no rule where the statement is stated."""

    fact: Fact
    rule: Rule | None = None
    premises: tuple["Proof", ...] = ()


def leaves(proofs: Iterable[Proof]) -> list[Fact]:
    """Give the stated statements that proofs rest on, from left to right, each once."""
    found: dict[Fact, None] = {}
    pending, met = list(proofs)[::-1], set[int]()
    while pending:
        proof = pending.pop()
        if id(proof) not in met:
            met.add(id(proof))
            if proof.rule is None:
                found[proof.fact] = None
            pending += reversed(proof.premises)
    return list(found)


def prove(goals: Iterable[Fact], derivations: Derivations) -> Mapping[Fact, Proof]:
    """Prove statements; those that neither are stated nor follow are left out."""
    return _Search(derivations).run(list(dict.fromkeys(goals)))


@dataclass(frozen=True)
class _Step:
    rule: Rule | None
    needs: tuple[Fact, ...] = ()


@dataclass
class _Search:
    derivations: Derivations
    steps: dict[Fact, _Step] = field(default_factory=dict)
    same: "_SameAs | None" = None

    def run(self, goals: Sequence[Fact]) -> Mapping[Fact, Proof]:
        pending: Collection[Fact] = goals
        while pending:
            unexplained = self._look_up(pending)
            if unexplained:
                self._by_equality(unexplained)
            needed = dict.fromkeys(need for fact in pending if fact in self.steps for need in self.steps[fact].needs)
            pending = [fact for fact in needed if fact not in self.steps]
        return self._built(goals)

    def _look_up(self, facts: Collection[Fact]) -> list[Fact]:
        """Find the steps to statements that are stated or found as they are; give the others."""
        stated = self.derivations.stated(facts)
        self.steps.update(dict.fromkeys(stated, _Step(None)))
        others = [fact for fact in facts if fact not in self.steps]
        for fact, record in (self.derivations.records(others) if others else {}).items():
            self.steps[fact] = self._step(fact, record)
        return [fact for fact in others if fact not in self.steps]

    def _step(self, fact: Fact, record: Record) -> _Step:
        rule = self.derivations.rules[record.rule]
        values = bound(rule, fact, (record.witness,))
        body = dict.fromkeys(atom.under(values) for atom in rule.body)
        return _Step(rule, (*body, *self.derivations.axiom_premises(record.rule)))

    def _by_equality(self, facts: Sequence[Fact]) -> None:
        """Find the steps to statements that are stated or found of other names."""
        if self.same is None:
            self.same = _SameAs(self.derivations.equalities(), self.derivations.same_as)
        variants = {fact: self.same.variants(fact) for fact in facts if fact[1] != self.derivations.same_as}
        wanted = [other for others in variants.values() for other in others]
        stated, records = set(self.derivations.stated(wanted)), self.derivations.records(wanted)
        for fact in facts:
            known = [(0 if other in stated else records[other].round, other) for other in variants.get(fact, ()) if other in stated or other in records]
            if known:
                # What was known first: a premise must not rest on an equality that it leads to.
                paths = {other: self.same.paths(other, fact) for _, other in known}
                _, other = min((max(found, self.same.round_of(paths[other])), other) for found, other in known)
                self.steps[fact] = _Step(_REPLACED, (other, *paths[other]))
            elif fact[1] == self.derivations.same_as:
                path = self.same.path(fact[0], fact[2])
                if path:
                    self.steps[fact] = _Step(_SYMMETRIC if len(path) == 1 else _TRANSITIVE, tuple(path))
        for fact in self.same.same_values():
            self.steps.setdefault(fact, _Step(_SAME_VALUE))

    def _built(self, goals: Sequence[Fact]) -> Mapping[Fact, Proof]:
        """Make proofs of steps, premises first; what several rest on is one proof."""
        made: dict[Fact, Proof] = {}
        pending, opened = list(reversed(goals)), set[Fact]()
        while pending:
            fact = pending[-1]
            step = self.steps.get(fact)
            open_needs = [need for need in step.needs if need in self.steps and need not in made and need not in opened] if step is not None else []
            if fact in made or step is None or (fact in opened and not open_needs) or not open_needs:
                pending.pop()
                if step is not None and fact not in made:
                    made[fact] = Proof(fact, step.rule, tuple(made[need] for need in step.needs if need in made))
                continue
            opened.add(fact)
            pending += reversed(open_needs)
        return {goal: made[goal] for goal in goals if goal in made}


class _SameAs:
    """Equalities as a forest in which a path uses what was known earliest."""

    def __init__(self, equalities: Iterable[Equality], same_as: int) -> None:
        self._same_as = same_as
        self._near: defaultdict[int, dict[int, Equality]] = defaultdict(dict)
        self._class: dict[int, list[int]] = {}
        self._rounds: dict[Fact, int] = {}
        for equality in sorted(equalities):
            one, other = (self._class.setdefault(term, [term]) for term in (equality.one, equality.other))
            if one is other:
                continue
            if len(one) < len(other):
                one, other = other, one
            one += other
            self._class.update(dict.fromkeys(other, one))
            self._near[equality.one][equality.other] = self._near[equality.other][equality.one] = equality

    def same_values(self) -> Iterator[Fact]:
        """Give the equalities of literals, which nothing states."""
        for near in self._near.values():
            yield from ((each.one, self._same_as, each.other) for each in near.values() if each.same_value)

    def variants(self, fact: Fact) -> list[Fact]:
        """Give the statement about other names of what it speaks of."""
        return [(s, p, o) for s, p, o in product(*(self._class.get(term, (term,)) for term in fact)) if (s, p, o) != fact]

    def path(self, one: int, other: int) -> list[Fact]:
        """Give the equalities that lead from one term to another; none where they are the same term or are not equal."""
        if one == other or self._class.get(one) is not self._class.get(other, []):
            return []
        before: dict[int, Equality | None] = {one: None}
        pending = deque([one])
        while other not in before:
            term = pending.popleft()
            for near, equality in self._near[term].items():
                if near not in before:
                    before[near] = equality
                    pending.append(near)
        steps: list[Fact] = []
        at = other
        while (last := before[at]) is not None:
            fact = (last.one, self._same_as, last.other)
            self._rounds[fact] = last.round
            steps.append(fact)
            at = last.one if at == last.other else last.other
        return steps[::-1]

    def paths(self, here: Fact, there: Fact) -> list[Fact]:
        """Give the equalities that lead from the terms of one statement to those of another."""
        return [step for one, other in zip(here, there, strict=True) for step in self.path(one, other)]

    def round_of(self, path: Iterable[Fact]) -> int:
        """Give the round in which the last equality of a path was found."""
        return max((self._rounds[fact] for fact in path), default=0)
