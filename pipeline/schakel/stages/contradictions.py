"""What contradicts each other, with the statements that it rests on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Join, all_of, column, equal, number, same, select, table, union
from schakel.compile.owl_rl import Fact, Rule, bound
from schakel.compile.owl_rl.datatypes import belongs_to
from schakel.compile.owl_rl.plans import clashes
from schakel.compile.owl_rl.selections import STATEMENT
from schakel.engine.columns import BIGINT, INTEGER
from schakel.engine.executor import Executor
from schakel.engine.relations import DERIVED, STATEMENTS, STATEMENTS_COLUMNS, TERMS
from schakel.stages.literal_values import identities_of
from schakel.stages.proofs import Equality, Proof, Record, leaves, prove
from schakel.stages.reasoning import FACTS, Reasoned, rule_tables

__all__ = ["Clash", "Clashes", "StageDerivations", "find_contradictions"]

_CLASHES: Final = "clashes"
_MOST: Final = 1000
_WITNESSES: Final = ("w1", "w2", "w3")
_DIFFERENT: Final = Rule("dt-diff", (), (), None)


@dataclass(frozen=True)
class Clash:
    """What cannot all be true: the rule that says so, the statements that it applies to, and what is stated that those and the rule's axiom rest on."""

    rule: Rule
    premises: tuple[Fact, ...]
    statements: tuple[Fact, ...]


@dataclass(frozen=True)
class Clashes:
    """The first contradictions in a fixed order, and how many there are in all."""

    items: Sequence[Clash]
    total: int


def find_contradictions(executor: Executor, reasoned: Reasoned, *, ontology: str | None = None, most: int = _MOST) -> Clashes:
    """Give the contradictions among `facts`; the first of them with what they rest on."""
    found = [*_by_axioms_alone(reasoned), *_of_literals(executor, reasoned), *_different_literals(executor, reasoned)]
    total = len(found) + _run_constraints(executor, reasoned)
    found += _of_constraints(executor, reasoned, max(most - len(found), 0))
    found = found[:most]
    derivations = StageDerivations(executor, reasoned, ontology)
    of_literals = prove([premises[0] for rule, premises in found if rule == _DIFFERENT], derivations)
    told = [_in_full(rule, premises, of_literals) for rule, premises in found]
    proofs = prove([fact for rule, premises in told for fact in (*premises, *rule.axiom)], derivations)
    return Clashes([Clash(rule, premises, _statements(rule, premises, proofs)) for rule, premises in told], total)


def _in_full(rule: Rule, premises: tuple[Fact, ...], proofs: Mapping[Fact, Proof]) -> "_Found":
    """Tell of literals that must be the same and are not why they must: the statements themselves, and the axiom."""
    proof = proofs.get(premises[0]) if rule == _DIFFERENT else None
    if proof is None or proof.rule is None:
        return rule, premises
    return Rule(f"{proof.rule.owl} {rule.owl}", proof.rule.axiom, (), None), tuple(premise.fact for premise in proof.premises)


def _statements(rule: Rule, premises: Sequence[Fact], proofs: Mapping[Fact, Proof]) -> tuple[Fact, ...]:
    """Give what is stated, about things first, and then the axioms that say that it cannot be."""
    of_data = leaves(proofs[fact] for fact in premises if fact in proofs)
    return tuple(dict.fromkeys([*of_data, *leaves(proofs[fact] for fact in rule.axiom if fact in proofs)]))


_Found = tuple[Rule, tuple[Fact, ...]]


def _by_axioms_alone(reasoned: Reasoned) -> Iterator[_Found]:
    yield from ((rule, ()) for rule in reasoned.rule_set.constraints if not rule.body)


def _run_constraints(executor: Executor, reasoned: Reasoned) -> int:
    rules = {at: rule for at, rule in enumerate(reasoned.rule_set.constraints, start=1) if rule.body}
    plans = clashes(rule_tables(executor, "constraint", rules, reasoned.bounds.first_thing, reasoned.values), FACTS)
    if not plans:
        executor.create(_CLASHES, {"rule": INTEGER, **dict.fromkeys(_WITNESSES, BIGINT)})
        return 0
    return executor.run(union(plans, distinct=True), _CLASHES)


def _of_constraints(executor: Executor, reasoned: Reasoned, most: int) -> Iterator[_Found]:
    ordered = select(("rule", *_WITNESSES), table(_CLASHES))
    ordered.set("order", exp.Order(expressions=[exp.Ordered(this=column(name)) for name in ("rule", *_WITNESSES)]))
    for at, *found in executor.fetch(ordered.limit(most, copy=False)):
        rule = reasoned.rule_set.constraints[at - 1]
        values = bound(rule, (0, 0, 0), found)
        yield rule, tuple(dict.fromkeys(atom.under(values) for atom in rule.body))


# ------------------------------------------------------------------------------------------------------------------------------ literals


def _of_literals(executor: Executor, reasoned: Reasoned) -> Iterator[_Found]:
    """Give the literals that are not of a datatype that they must be of: by a range, or because a rule says so."""
    names = {term: iri for iri, term in reasoned.terms.datatypes.items()}
    ranges = {(rule.body[0].p, rule.axiom[0][2]): rule for rule in reasoned.rule_set.ranges}
    wanted = sorted(ranges.keys() | {(reasoned.terms.type, datatype) for datatype in names})
    executor.load("wanted_datatypes", {"p": BIGINT, "datatype": BIGINT, "iri": "VARCHAR"}, ((p, of, names[of]) for p, of in wanted))
    doubtful = executor.fetch(_doubtful_literals(reasoned))
    wrong = [(value, p, of) for value, p, of, text, datatype, iri in doubtful if belongs_to(text, datatype, iri) is False]
    executor.load("wrong_literals", {"o": BIGINT, "p": BIGINT, "datatype": BIGINT}, wrong)
    for value, p, of in sorted(wrong):
        if p == reasoned.terms.type:
            yield Rule("dt-not-type", (), (), None), ((value, p, of),)
    on = all_of(equal(column(name, "f"), column(name, "wrong")) for name in ("p", "o"))
    columns = {**{name: column(name, "f") for name in STATEMENT}, "datatype": column("datatype", "wrong")}
    for s, p, o, of in sorted(executor.fetch(select(columns, table(FACTS, "f"), Join(table("wrong_literals", "wrong"), on)))):
        if (p, of) in ranges:
            yield ranges[p, of], ((s, p, o),)
    executor.drop("wanted_datatypes", "wrong_literals")


def _doubtful_literals(reasoned: Reasoned) -> exp.Select:
    """Select the literals that are not plainly of the datatype wanted: those of another, and those that are no valid ones."""
    of_type = equal(column("p", "f"), reasoned.terms.type)
    value = exp.Case(ifs=[exp.If(this=of_type, true=column("s", "f"))], default=column("o", "f"))
    is_of = exp.Or(this=exp.NEQ(this=column("p", "f"), expression=number(reasoned.terms.type)), expression=equal(column("o", "f"), column("datatype", "w")))
    plainly = all_of((equal(column("datatype", "t"), column("iri", "w")), exp.Is(this=column("valid", "t"), expression=exp.Boolean(this=True))))
    columns = {
        "value": column("id", "t"),
        "p": column("p", "f"),
        "wanted": column("datatype", "w"),
        **{name: column(name, "t") for name in ("text", "datatype")},
        "iri": column("iri", "w"),
    }
    joins = (Join(table("wanted_datatypes", "w"), equal(column("p", "f"), column("p", "w"))), Join(table(TERMS, "t"), equal(column("id", "t"), value)))
    is_literal = exp.LT(this=column("id", "t"), expression=number(reasoned.bounds.first_thing))
    return select(columns, table(FACTS, "f"), *joins, where=[is_of, is_literal, exp.Not(this=plainly)], distinct=True)


def _different_literals(executor: Executor, reasoned: Reasoned) -> Iterator[_Found]:
    """Give the literals that must be the same and whose values differ."""
    first = reasoned.bounds.first_thing
    both = [exp.LT(this=column(name), expression=number(first)) for name in ("s", "o")]
    pairs = set(executor.fetch(select(("s", "o"), table(FACTS), where=[equal(column("p"), reasoned.terms.sameAs), *both])))
    for terms in reasoned.equalities.classes().values():
        literals = [term for term in terms if term < first]
        pairs |= {(literals[0], other) for other in literals[1:]}
    values = identities_of(executor, {term for pair in pairs for term in pair})
    for one, other in sorted(pairs):
        if None not in (values.get(one), values.get(other)) and values[one] != values[other]:
            yield _DIFFERENT, ((one, reasoned.terms.sameAs, other),)


# -------------------------------------------------------------------------------------------------------------------------------- proofs


class StageDerivations:
    """Derivations as reasoning left them in tables."""

    def __init__(self, executor: Executor, reasoned: Reasoned, ontology: str | None) -> None:
        self._executor = executor
        self._reasoned = reasoned
        self._tables = [STATEMENTS] if ontology is None else [STATEMENTS, ontology]
        self.same_as = reasoned.terms.sameAs
        self.rules: Mapping[int, Rule] = reasoned.rules

    def stated(self, facts: Collection[Fact]) -> Collection[Fact]:
        """Give those of the statements that are stated."""
        found: set[Fact] = set()
        for name in self._tables:
            found |= {(row[0], row[1], row[2]) for row in self._joined(name, facts, STATEMENT)}
        return found

    def records(self, facts: Collection[Fact]) -> Mapping[Fact, Record]:
        """Give how statements were found."""
        return {(s, p, o): Record(*found) for s, p, o, *found in self._joined(DERIVED, facts, (*STATEMENT, "rule", "round", "witness"))}

    def _joined(self, name: str, facts: Collection[Fact], columns: Sequence[str]) -> Iterable[tuple[int, ...]]:
        if not facts:
            return []
        self._executor.load("wanted_facts", STATEMENTS_COLUMNS, facts)
        on = same(STATEMENT, "found", "wanted")
        chosen = {each: column(each, "found") for each in columns}
        return list(self._executor.fetch(select(chosen, table("wanted_facts", "wanted"), Join(table(name, "found"), on))))

    def axiom_premises(self, rule: int) -> Sequence[Fact]:
        """Give the axioms of a rule that follow themselves."""
        return self._reasoned.unstated_axioms.get(rule, ())

    def equalities(self) -> Iterable[Equality]:
        """Give all equalities."""
        yield from (Equality(0, one, other) for one, other in self._reasoned.stated_same)
        found = select(("round", "s", "o"), table(DERIVED), where=[equal(column("p"), self.same_as)])
        yield from (Equality(*row) for row in self._executor.fetch(found))
        if self._reasoned.values is not None:
            of_literals = select(("id", "value"), table(self._reasoned.values))
            yield from (Equality(0, value, term, same_value=True) for term, value in self._executor.fetch(of_literals))
