"""The shortest way to each of some facts, searched backwards over what a reasoner found: among all steps that lead to a fact, those that need fewest.

A derivation is as long as it has steps in all. Of two that are equally long the one whose rule comes first is taken, then the one whose facts do; so the
same statements have the same derivation, in whichever order they come.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode

from schakel.inference.relations import read_rows
from schakel.inference.rule import Atom, Rule, Variable

__all__ = ["Derivation", "Fact", "Facts", "Row", "shortest"]

# Terms as N-Triples writes them: one in a class, two in a property.
Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Fact:
    """A row of a class or property, which is named by its IRI."""

    relation: str
    row: Row


@dataclass(frozen=True)
class Derivation:
    """The last step to a fact: the rule, and the facts that it needs; `steps` counts those that come before, too."""

    rule: Rule
    needs: tuple[Fact, ...]
    steps: int


@dataclass(frozen=True)
class _Table:
    """The rows of a class or property: those stated, and those that follow; read when they are first looked for."""

    stated_in: Path
    new_in: Path | None

    @cached_property
    def stated(self) -> frozenset[Row]:
        if not self.stated_in.exists():
            return frozenset()
        # What was written for the reasoner has no quotation marks around fields.
        return frozenset(tuple(line.split("\t")) for line in self.stated_in.read_bytes().decode().split("\n")[:-1])

    @cached_property
    def rows(self) -> frozenset[Row]:
        return self.stated if self.new_in is None else self.stated.union(tuple(map(bytes.decode, row)) for row in read_rows(self.new_in))

    @cached_property
    def by_place(self) -> Mapping[tuple[int, str], Sequence[Row]]:
        found = defaultdict(list)
        for row in sorted(self.rows):
            for place, term in enumerate(row):
                found[place, term].append(row)
        return found


class Facts:
    """What is stated and what follows from it, as a reasoner left it in tables."""

    def __init__(self, stated: Mapping[NamedNode, Path], new: Mapping[NamedNode, Path]) -> None:
        self._tables = {relation.value: _Table(path, new.get(relation)) for relation, path in stated.items()}

    def is_stated(self, fact: Fact) -> bool:
        """Tell whether a fact is one of the statements."""
        return fact.relation in self._tables and fact.row in self._tables[fact.relation].stated

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is stated or follows."""
        return fact.relation in self._tables and fact.row in self._tables[fact.relation].rows

    def matching(self, relation: str, pattern: Sequence[str | None]) -> Iterable[Row]:
        """Give the rows that have these terms, and any where the pattern has none."""
        table = self._tables[relation]
        bound = [(place, term) for place, term in enumerate(pattern) if term is not None]
        if len(bound) == len(pattern):
            row = tuple(term for _, term in bound)
            return [row] if row in table.rows else []
        rows: Iterable[Row] = table.by_place.get(bound[0], ()) if bound else sorted(table.rows)
        return (row for row in rows if all(row[place] == term for place, term in bound[1:]))


def shortest(goals: Iterable[Fact], facts: Facts, rules: Sequence[Rule]) -> Mapping[Fact, Derivation | None]:
    """Give the shortest derivation of each goal that holds and of all it needs, those with fewer steps first; None for what is stated."""
    ways = _ways([goal for goal in goals if facts.holds(goal)], facts, rules)
    found: dict[Fact, Derivation | None] = {fact: None for fact, steps in ways.items() if steps is None}
    shorter = True
    while shorter:
        shorter = False
        for fact, steps in ways.items():
            best = _best(steps or (), found, rules)
            known = found.get(fact)
            if best is not None and best != known:
                found[fact] = best
                shorter = True
    return dict(sorted(found.items(), key=lambda item: (0 if item[1] is None else item[1].steps, item[0])))


_Step: TypeAlias = tuple[int, tuple[Fact, ...]]


def _best(steps: Iterable[_Step], found: Mapping[Fact, Derivation | None], rules: Sequence[Rule]) -> Derivation | None:
    """Choose the step that needs the fewest, of those all of whose facts have a derivation by now."""
    open_steps = [(1 + sum(_length(found[fact]) for fact in needs), number, needs) for number, needs in steps if all(fact in found for fact in needs)]
    if not open_steps:
        return None
    count, number, needs = min(open_steps)
    return Derivation(rules[number], needs, count)


def _length(derivation: Derivation | None) -> int:
    return 0 if derivation is None else derivation.steps


def _ways(goals: Iterable[Fact], facts: Facts, rules: Sequence[Rule]) -> dict[Fact, list[_Step] | None]:
    """Give for each goal, and for all that may be needed for it, the steps that lead there; None for what is stated."""
    leading = defaultdict(list)
    for number, rule in enumerate(rules):
        leading[rule.head.relation.value].append((number, rule))
    ways: dict[Fact, list[_Step] | None] = {}
    pending = list(goals)
    while pending:
        goal = pending.pop()
        if goal in ways:
            continue
        if facts.is_stated(goal):
            ways[goal] = None
            continue
        steps = [(number, needs) for number, rule in leading[goal.relation] for needs in _instances(rule, goal, facts)]
        # No step is shorter than one from statements alone: what else leads here need not be looked at.
        at_once = [step for step in steps if all(map(facts.is_stated, step[1]))]
        ways[goal] = [min(at_once)] if at_once else steps
        pending += [fact for _, needs in ways[goal] or () for fact in needs]
    return ways


def _instances(rule: Rule, goal: Fact, facts: Facts) -> Iterator[tuple[Fact, ...]]:
    """Give what the rule may need to lead to the goal: each choice of facts that hold."""
    bound = _bound(rule.head, goal.row, {})
    return iter(()) if bound is None else _choices(rule.body, bound, facts)


def _choices(body: Sequence[Atom], bound: Mapping[Variable, str], facts: Facts) -> Iterator[tuple[Fact, ...]]:
    if not body:
        yield ()
        return
    # What is known best is looked up first; the facts come in the order of the body all the same.
    at = max(range(len(body)), key=lambda number: (sum(term is not None for term in _pattern(body[number], bound)), -number))
    atom, others = body[at], [*body[:at], *body[at + 1 :]]
    for row in facts.matching(atom.relation.value, _pattern(atom, bound)):
        more = _bound(atom, row, bound)
        if more is not None:
            for needs in _choices(others, more, facts):
                yield (*needs[:at], Fact(atom.relation.value, row), *needs[at:])


def _pattern(atom: Atom, bound: Mapping[Variable, str]) -> list[str | None]:
    return [bound.get(argument) if isinstance(argument, Variable) else str(argument) for argument in atom.arguments]


def _bound(atom: Atom, row: Row, bound: Mapping[Variable, str]) -> dict[Variable, str] | None:
    """Let the variables stand for the terms of a row; None where they stand for others already."""
    values = dict(bound)
    for argument, term in zip(atom.arguments, row, strict=True):
        if (values.setdefault(argument, term) if isinstance(argument, Variable) else str(argument)) != term:
            return None
    return values
