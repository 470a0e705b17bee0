"""Reasoning: the statements and the ontology in, what follows by OWL 2 RL and what contradicts out.

All rules run in rounds until nothing new follows. Each round looks for what follows from the statements that the round before found, and, for rules that
are new because their axiom is, from all statements. What is the same has one id while rules run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import column, equal, number, select, table
from schakel.compile.owl_rl import (
    AXIOM_CLASSES,
    AXIOM_PROPERTIES,
    LIST_PROPERTIES,
    REDUNDANT,
    Atom,
    Auxiliaries,
    Fact,
    Rule,
    RuleSet,
    Surroundings,
    Variable,
    Vocabulary,
    X,
    compile_axioms,
)
from schakel.compile.owl_rl.plans import RuleTables, conclusions, new_facts
from schakel.compile.owl_rl.rows import GIVEN, JOIN, KEY_ATOMS, KEY_PARTS, SINGLE, key_shapes, rows_of
from schakel.compile.owl_rl.selections import STATEMENT, distinct_union, of_properties, replaced, unknown
from schakel.engine.columns import BIGINT
from schakel.engine.dictionary import Dictionary
from schakel.engine.executor import Executor, Plan
from schakel.engine.relations import BLANK, DERIVED, DERIVED_COLUMNS, LITERAL, STATEMENTS, TERMS
from schakel.stages.equalities import Equalities
from schakel.stages.literal_values import literals_of, same_values, typed_literals

__all__ = ["FACTS", "Bounds", "Reasoned", "reason", "rule_tables"]

# All that holds, with one id for what is the same.
FACTS: Final = "facts"
# What a round finds, and what the round before it found, by turns.
_ROUNDS: Final = ("odd_facts", "even_facts")
_VALUES: Final = "same_values"
_NO_BLANK: Final = 1 << 62
_REPLACED: Final = {"id": BIGINT, "value": BIGINT}


@dataclass(frozen=True)
class Bounds:
    """Where kinds of terms begin in the order of ids: literals, then IRIs from `first_thing` on, then blank nodes from `first_blank` on."""

    first_thing: int
    first_blank: int


@dataclass
class Reasoned:
    """What came of reasoning, besides the tables `derived` and `facts`.

    `rules` are by number, as `derived` has them; `unstated_axioms` gives those of a rule's axioms that follow themselves. `stated_same` are the equalities
    that are stated, and `values` is the table of literals of the same value, where rules compare values and there are any.
    """

    terms: Vocabulary
    bounds: Bounds
    equalities: Equalities
    rules: dict[int, Rule]
    rule_set: RuleSet
    unstated_axioms: Mapping[int, Sequence[Fact]]
    stated_same: Sequence[tuple[int, int]]
    values: str | None
    rounds: int


def reason(executor: Executor, dictionary: Dictionary, *, ontology: str | None = None, everything: bool = False) -> Reasoned:
    """Reason over `statements` and a table of the ontology's, whose terms the dictionary has, and those of `schakel.compile.owl_rl.SPELLINGS`.

    With `everything`, what is true of any ontology is concluded, too, and nothing is left out for being of no use.
    """
    return _Run(executor, dictionary, ontology, everything=everything).run()


@dataclass
class _Run:
    executor: Executor
    dictionary: Dictionary
    ontology: str | None
    everything: bool
    auxiliaries: Auxiliaries = field(default_factory=Auxiliaries)
    numbers: dict[object, int] = field(default_factory=dict)
    rules: dict[int, Rule] = field(default_factory=dict)
    axioms: set[Fact] = field(default_factory=set)
    passed_over: set[Fact] = field(default_factory=set)
    derived_axioms: set[Fact] = field(default_factory=set)
    typed: set[int] = field(default_factory=set)
    values: str | None = None
    alike: Mapping[int, Sequence[int]] = field(default_factory=dict)
    applied: RuleTables | None = None
    found: str = ""
    news: str = ""

    def run(self) -> Reasoned:
        self.terms = Vocabulary.read(self.dictionary.ids)
        self.bounds = _bounds(self.executor)
        self.equalities = Equalities(self.terms.named.values(), self.bounds.first_thing)
        self._collect_facts()
        stated_same = self._pairs(FACTS)
        self.stated_axioms = frozenset(self._axioms(FACTS))
        self.axioms |= self._axioms(FACTS) if self._merge(stated_same, first=True) else self.stated_axioms
        rule_set = self._compile()
        fresh, in_round = self._numbered(rule_set), 0
        while True:
            in_round += 1
            self.found, self.news = _ROUNDS[in_round % 2], _ROUNDS[1 - in_round % 2]
            self._run_rules(fresh, in_round)
            self._type_literals(rule_set, in_round)
            if not self.executor.count(self.found):
                break
            rule_set, fresh = self._take(rule_set)
        values = self.values if self.alike else None
        return Reasoned(self.terms, self.bounds, self.equalities, self.rules, rule_set, self._unstated(), stated_same, values, in_round)

    def _unstated(self) -> Mapping[int, Sequence[Fact]]:
        """Give for each rule the axioms that are not stated as it has them: they follow, or are stated of another name."""
        unstated = {at: tuple(fact for fact in rule.axiom if fact not in self.stated_axioms) for at, rule in self.rules.items()}
        return {at: axioms for at, axioms in unstated.items() if axioms}

    def _run_rules(self, fresh: Mapping[int, Rule], in_round: int) -> None:
        """Run rules that are new over all facts, and the others over what the round before found."""
        plans: list[Plan] = []
        if fresh:
            tables = self._tables(f"round_{in_round}", fresh)
            plans += conclusions(tables, FACTS, FACTS)
        if in_round > 1:
            if self.applied is None:
                self.applied = self._tables("applied", {at: rule for at, rule in self.rules.items() if rule.body and at not in fresh})
            plans += conclusions(self.applied, self.news, FACTS)
        if plans:
            self.executor.run(new_facts(plans, FACTS, in_round), self.found)
        else:
            self.executor.create(self.found, DERIVED_COLUMNS)
        if fresh:
            # From the next round on those that were new are among the others.
            self.applied = replace(tables, given=None) if len(fresh) == len(self.rules) else None

    def _collect_facts(self) -> None:
        self.executor.run(select(STATEMENT, table(STATEMENTS)), FACTS)
        if self.ontology is not None:
            self.executor.run(select(STATEMENT, table(self.ontology), distinct=True), "axioms")
            self.executor.append(unknown("axioms", [STATEMENTS]), FACTS)
            self.executor.drop("axioms")
        self.executor.create(DERIVED, DERIVED_COLUMNS)

    def _take(self, rule_set: RuleSet) -> tuple[RuleSet, dict[int, Rule]]:
        """Add what was found to the facts; merge what is the same now, and make the rules of axioms that are new."""
        self.executor.append(select(list(DERIVED_COLUMNS), table(self.found)), DERIVED)
        self.executor.append(select(STATEMENT, table(self.found)), FACTS)
        found = self._special()
        same = [(fact[0], fact[2]) for fact, _ in found if fact[1] == self.terms.sameAs]
        axioms = {fact: rule for fact, rule in found if fact[1] != self.terms.sameAs}
        self.passed_over |= {fact for fact, rule in axioms.items() if self.rules[rule].owl in REDUNDANT}
        self.derived_axioms |= axioms.keys()
        self.axioms |= axioms.keys()
        if self._merge(same):
            self.axioms = self._axioms(FACTS)
            self.passed_over = {self._renamed(fact) for fact in self.passed_over} - {self._renamed(fact) for fact in self.axioms - self.derived_axioms}
        elif not axioms:
            return rule_set, {}
        rule_set = self._compile()
        return rule_set, self._numbered(rule_set)

    def _special(self) -> list[tuple[Fact, int]]:
        """Give what was found that is about the rules themselves: axioms, and what is the same."""
        columns = (*STATEMENT, "rule")
        plan = of_properties(self.found, [*self._axiom_properties(), self.terms.sameAs], self._axiom_classes(), self.terms.type, columns)
        return sorted(((s, p, o), rule) for s, p, o, rule in self.executor.fetch(plan))

    def _axiom_properties(self) -> list[int]:
        return [self.terms.named[name] for name in (*AXIOM_PROPERTIES, *LIST_PROPERTIES)]

    def _axiom_classes(self) -> list[int]:
        return [self.terms.named[name] for name in AXIOM_CLASSES]

    def _axioms(self, facts: str) -> set[Fact]:
        return set(self.executor.fetch(of_properties(facts, self._axiom_properties(), self._axiom_classes(), self.terms.type)))

    def _pairs(self, facts: str) -> list[tuple[int, int]]:
        return sorted((s, o) for s, _, o in self.executor.fetch(of_properties(facts, [self.terms.sameAs], [], 0)))

    def _renamed(self, fact: Fact) -> Fact:
        s, p, o = (self.equalities.representative(term) for term in fact)
        return s, p, o

    def _merge(self, pairs: Iterable[tuple[int, int]], *, first: bool = False) -> bool:
        """Make what is the same one; what reads differently then is new. Tell whether anything does."""
        changed = self.equalities.merge(pairs)
        if not changed:
            return False
        self.executor.load("replaced_ids", _REPLACED, sorted(changed.items()))
        self.executor.run(replaced(FACTS, "replaced_ids"), "merged_facts")
        if not first:
            self.executor.run(replaced(self.found, "replaced_ids"), "merged_news")
            self.executor.run(unknown("merged_facts", [FACTS]), "renamed_facts")
            self.executor.run(distinct_union(["merged_news", "renamed_facts"]), self.found)
        self.executor.run(select(STATEMENT, table("merged_facts")), FACTS)
        self.executor.drop("merged_facts", "merged_news", "renamed_facts", "replaced_ids")
        return True

    def _compile(self) -> RuleSet:
        numbers = literals_of(self.executor, {o for _, p, o in self.axioms if p in (self.terms.maxCardinality, self.terms.maxQualifiedCardinality)})
        surroundings = Surroundings(self.terms, self.bounds.first_blank, _cardinalities(numbers), self.alike, self.everything)
        rule_set = compile_axioms(self.axioms, frozenset(self.passed_over), surroundings, self.auxiliaries)
        if self.values is None and self._compares_values([*rule_set.rules, *rule_set.constraints]):
            self.alike = same_values(self.executor, _VALUES)
            self.values = _VALUES
            return self._compile() if self.alike else rule_set
        return rule_set

    def _compares_values(self, rules: Iterable[Rule]) -> bool:
        """Tell whether some rule compares values that may be literals."""
        return any(
            rule.key
            or any(isinstance(atom.o, int) and 0 < atom.o < self.bounds.first_thing for atom in rule.body)
            or (len(rule.body) > 1 and isinstance(rule.body[0].o, Variable) and rule.body[0].o == rule.body[1].o)
            for rule in rules
        )

    def _numbered(self, rule_set: RuleSet) -> dict[int, Rule]:
        """Give numbers to the rules that there were not before."""
        fresh = {}
        for rule in rule_set.rules:
            if rule.does not in self.numbers:
                number = self.numbers[rule.does] = len(self.numbers) + 1
                fresh[number] = self.rules[number] = rule
        return fresh

    def _tables(self, name: str, rules: Mapping[int, Rule]) -> RuleTables:
        values = self.values if self.alike else None
        return rule_tables(self.executor, name, rules, self.bounds.first_thing, values)

    def _type_literals(self, rule_set: RuleSet, in_round: int) -> None:
        """Say of literals which datatypes they are of, where some rule wants to know."""
        wanted = rule_set.datatypes - self.typed
        if not wanted:
            return
        self.typed |= wanted
        names = {term: iri for iri, term in self.terms.datatypes.items()}
        numbers: dict[int, int] = {}
        for datatype in sorted(wanted):
            numbers[datatype] = at = len(self.numbers) + 1
            self.numbers["dt-type2", datatype] = at
            self.rules[at] = Rule("dt-type2", (), (), Atom(X, self.terms.type, datatype))
        rows = typed_literals(self.executor, FACTS, self.bounds.first_thing, {term: names[term] for term in sorted(wanted)})
        self.executor.load("typed_literals", DERIVED_COLUMNS, ((s, self.terms.type, o, numbers[o], in_round, 0) for s, o in rows))
        added = unknown("typed_literals", [FACTS, self.found], columns=list(DERIVED_COLUMNS))
        self.executor.append(added, self.found)


def _bounds(executor: Executor) -> Bounds:
    thing = exp.Case(ifs=[exp.If(this=exp.NEQ(this=column("kind"), expression=number(LITERAL)), true=column("id"))])
    blank = exp.Case(ifs=[exp.If(this=equal(column("kind"), BLANK), true=column("id"))])
    plan = select({"first_thing": exp.Min(this=thing), "first_blank": exp.Min(this=blank)}, table(TERMS))
    first_thing, first_blank = next(executor.fetch(plan))
    return Bounds(first_thing or _NO_BLANK, first_blank or _NO_BLANK)


def _cardinalities(literals: Mapping[int, tuple[str, str]]) -> Mapping[int, int]:
    """Give the literals that are the whole numbers 0 and 1."""
    found = {}
    for term, (text, _) in literals.items():
        digits = text.strip().removeprefix("+")
        if digits.isascii() and digits.isdigit() and int(digits) <= 1:
            found[term] = int(digits)
    return found


def rule_tables(executor: Executor, name: str, rules: Mapping[int, Rule], first_thing: int, values: str | None) -> RuleTables:
    """Put rules into tables; a kind of rule that there is none of has no table."""
    rows = rows_of(rules, first_thing)
    made: dict[str, str] = {}
    for kind, columns, some in (
        ("given", GIVEN, rows.given),
        ("single", SINGLE, rows.single),
        ("join", JOIN, rows.join),
        ("key_atoms", KEY_ATOMS, rows.key_atoms),
        ("key_parts", KEY_PARTS, rows.key_parts),
    ):
        if some:
            made[kind] = f"{name}_{kind}"
            executor.load(made[kind], columns, some)
    return RuleTables(**made, shapes=key_shapes(rules.values()), values=values)
