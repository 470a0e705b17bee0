"""Which conclusions are published: the one place where that is decided.

OWL 2 RL concludes much that is true and tells nobody anything. Left out are

1. what is stated already, also with another literal of the same value, or is in the ontology;
2. what is said of a literal or a blank node, or leads to one that is blank (no blank node is published);
3. everything said of the ontology's own terms and concepts (a closure of the vocabulary is the vocabulary's business);
4. `owl:sameAs` from a thing to itself;
5. membership of `owl:Thing`, `rdfs:Resource` and the other classes of RDF, RDFS and OWL themselves;
6. predicates of RDF, RDFS and OWL other than `rdf:type` and `owl:sameAs`;
7. what is said of one of several names of a thing, and follows for another name of it: that is the least name of the project's own, or else the least.
"""

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Join, all_of, coalesce, column, equal, number, same, select, subquery, table, union
from schakel.compile.owl_rl.selections import STATEMENT, distinct_union, replaced, unknown
from schakel.engine.columns import BIGINT
from schakel.engine.executor import Executor, Plan
from schakel.engine.relations import DERIVED, STATEMENTS, STATEMENTS_COLUMNS, TERMS
from schakel.engine.spelling import iri_spelling
from schakel.namespaces import OWL, RDF, RDFS
from schakel.stages.reasoning import FACTS, Reasoned

__all__ = ["CONCLUSIONS", "select_conclusions", "select_everything"]

CONCLUSIONS: Final = "conclusions"
_NAMES: Final = {"id": BIGINT, "value": BIGINT}
_TEMPORARY: Final = ("published_names", "named_conclusions", "renamed_conclusions", "equal_conclusions", "restated_conclusions", "aliases", "all_facts")


def select_conclusions(executor: Executor, reasoned: Reasoned, *, ontology: str | None = None, base: str = "") -> int:
    """Make the table `conclusions` of what is worth publishing; give how many. `base` is what the project's own IRIs begin with."""
    worth = select(STATEMENT, table(DERIVED), where=[*_said_of_things(reasoned), _outside_language(executor, reasoned)])
    if not reasoned.equalities and reasoned.values is None:
        return executor.run(_about_others(worth, ontology), CONCLUSIONS)
    names = _published_names(executor, reasoned, base)
    executor.load("published_names", _NAMES, sorted((term, name) for term, name in names.items() if term != name))
    executor.run(_without_equalities(worth, reasoned.terms.sameAs), "named_conclusions")
    executor.run(replaced("named_conclusions", "published_names"), "renamed_conclusions")
    executor.load("equal_conclusions", STATEMENTS_COLUMNS, _equalities(reasoned, names))
    executor.run(distinct_union(["renamed_conclusions", "equal_conclusions"]), "named_conclusions")
    stated = [STATEMENTS]
    if reasoned.values is not None:
        executor.run(_restated("named_conclusions", reasoned.values), "restated_conclusions")
        stated.append("restated_conclusions")
    found = executor.run(_about_others(unknown("named_conclusions", stated), ontology), CONCLUSIONS)
    executor.drop(*_TEMPORARY)
    return found


def _restated(conclusions: str, values: str) -> Plan:
    """Select the conclusions that are stated with another literal of the same value."""
    first = {"id": column("value"), "value": column("value")}
    alike = union([select(("id", "value"), table(values)), select(first, table(values), distinct=True)])
    joins = (
        Join(subquery(alike, "one"), equal(column("id", "one"), column("o", "f"))),
        Join(subquery(alike.copy(), "other"), equal(column("value", "other"), column("value", "one"))),
        Join(table(STATEMENTS, "stated"), all_of((same(("s", "p"), "stated", "f"), equal(column("o", "stated"), column("id", "other"))))),
    )
    return select({name: column(name, "f") for name in STATEMENT}, table(conclusions, "f"), *joins, distinct=True)


def select_everything(executor: Executor, reasoned: Reasoned, *, ontology: str | None = None) -> int:
    """Make the table `conclusions` of all statements of RDF that follow, about every name of a thing, but that it is the same as itself; give how many."""
    executor.load("aliases", _NAMES, [(root, term) for root, terms in reasoned.equalities.classes().items() for term in terms])
    columns = {name: coalesce(column("value", f"of_{name}"), column(name, "f")) for name in STATEMENT}
    joins = (Join(table("aliases", f"of_{name}"), equal(column("id", f"of_{name}"), column(name, "f")), "left") for name in STATEMENT)
    executor.run(select(columns, table(FACTS, "f"), *joins, distinct=True), "all_facts")
    of_rdf = (
        exp.GTE(this=column("s", "f"), expression=number(reasoned.bounds.first_thing)),
        _between(column("p", "f"), reasoned.bounds.first_thing, reasoned.bounds.first_blank - 1),
        exp.GT(this=column("o", "f"), expression=number(0)),
        exp.Or(
            this=exp.NEQ(this=column("p", "f"), expression=number(reasoned.terms.sameAs)),
            expression=exp.NEQ(this=column("s", "f"), expression=column("o", "f")),
        ),
    )
    found = executor.run(unknown("all_facts", [STATEMENTS] if ontology is None else [STATEMENTS, ontology], where=of_rdf), CONCLUSIONS)
    executor.drop(*_TEMPORARY)
    return found


def _about_others(plan: Plan, ontology: str | None) -> Plan:
    """Leave out what is said of the ontology's own terms."""
    if ontology is None:
        return plan
    subjects = subquery(select(("s",), table(ontology), distinct=True), "subjects")
    columns = {name: column(name, "f") for name in STATEMENT}
    return select(columns, subquery(plan, "f"), Join(subjects, equal(column("s", "f"), column("s", "subjects")), "anti"))


def _without_equalities(plan: Plan, same: int) -> Plan:
    return select(STATEMENT, subquery(plan, "worth"), where=[exp.NEQ(this=column("p"), expression=number(same))])


def _said_of_things(reasoned: Reasoned) -> list[exp.Expr]:
    """Tell statements of RDF without blank nodes: of literals, blank nodes and auxiliary terms nothing is published."""
    first, last = reasoned.bounds.first_thing, reasoned.bounds.first_blank - 1
    least_value = exp.Case(ifs=[exp.If(this=equal(column("p"), reasoned.terms.type), true=number(first))], default=number(1))
    return [
        _between(column("s"), first, last),
        _between(column("p"), first, last),
        exp.Between(this=column("o"), low=least_value, high=number(last)),
    ]


def _outside_language(executor: Executor, reasoned: Reasoned) -> exp.Expr:
    """Tell what is said in other terms than those of RDF, RDFS and OWL."""
    ranges = [range_of(executor, namespace.iri) for namespace in (RDF, RDFS, OWL)]

    def outside(name: str) -> exp.Expr:
        return all_of(exp.Not(this=_between(column(name), *bounds)) for bounds in ranges)

    return exp.Case(
        ifs=[
            exp.If(this=equal(column("p"), reasoned.terms.type), true=outside("o")),
            exp.If(this=equal(column("p"), reasoned.terms.sameAs), true=exp.NEQ(this=column("s"), expression=column("o"))),
        ],
        default=outside("p"),
    )


def range_of(executor: Executor, beginning: str) -> tuple[int, int]:
    """Give the first and the last id of the IRIs that begin so, which are together in the order of spellings; an empty range where there are none."""
    begin = iri_spelling(beginning)[:-1]
    above = exp.GTE(this=column("spelling"), expression=exp.Literal(this=begin, is_string=True))
    below = exp.LT(this=column("spelling"), expression=exp.Literal(this=begin + "\U0010ffff", is_string=True))
    ids: dict[str, exp.Expr] = {"least": exp.Min(this=column("id")), "most": exp.Max(this=column("id"))}
    least, most = next(executor.fetch(select(ids, table(TERMS), where=[above, below])))
    return (1, 0) if least is None else (least, most)


def _published_names(executor: Executor, reasoned: Reasoned, base: str) -> Mapping[int, int]:
    """Give the name under which each of several that mean the same is published."""
    least, most = range_of(executor, base) if base else (1, 0)

    def order(term: int) -> tuple[bool, bool, int]:
        is_iri = reasoned.bounds.first_thing <= term < reasoned.bounds.first_blank
        return not least <= term <= most, not is_iri, term

    return {term: min(terms, key=order) for terms in reasoned.equalities.classes().values() for term in terms}


def _equalities(reasoned: Reasoned, names: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """Say of each thing that it is the same as its other names."""
    first, last = reasoned.bounds.first_thing, reasoned.bounds.first_blank - 1
    return [(name, reasoned.terms.sameAs, term) for term, name in sorted(names.items()) if term != name and first <= term <= last and name <= last]


def _between(term: exp.Expr, least: int, most: int) -> exp.Expr:
    return exp.Between(this=term, low=number(least), high=number(most))
