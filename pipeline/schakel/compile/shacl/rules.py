"""Rules for what a shape asks of its value nodes: a table and one plan for each kind of constraint, however many shapes have it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp

from schakel.compile.shacl.focus import INSTANCES, value_branches
from schakel.compile.shacl.layout import Layout, Rule
from schakel.compile.shacl.plans import (
    Append,
    Expression,
    Load,
    Program,
    all_of,
    any_of,
    col,
    equal,
    exists,
    named,
    negated,
    number,
    query,
    table,
    text,
    union,
)
from schakel.compile.shacl.shapes import Constraint
from schakel.engine.columns import BIGINT, BOOLEAN, INTEGER, VARCHAR, Columns
from schakel.engine.relations import BLANK, IRI, LITERAL, STATEMENTS, TERMS
from schakel.engine.spelling import parts_of

__all__ = ["RULE_COLUMNS", "VIOLATIONS", "VIOLATION_COLUMNS", "rule_program", "rule_rows", "rules_table", "values_of", "violation"]

VIOLATIONS: Final = "shacl_violations"
# `value`, `path` and `other` are terms, 0 for none: `path` only where it is not the shape's own; `other` is what the value was held against, `number` how
# many there are or which solution of a query it is; `doubt` says that two values cannot be compared, with the number 1 where they are of one kind.
VIOLATION_COLUMNS: Final[Columns] = {
    "rule": INTEGER,
    "focus": BIGINT,
    "value": BIGINT,
    "path": BIGINT,
    "other": BIGINT,
    "number": BIGINT,
    "doubt": BOOLEAN,
}
RULE_COLUMNS: Final[Columns] = {"rule": INTEGER, "set": INTEGER, "path": BIGINT}
_UNBOUNDED: Final = 2**62


def violation(rule: Expression, focus: Expression, **others: Expression) -> Mapping[str, Expression]:
    """Give the columns of a violation."""
    nothing = {"value": number(0), "path": number(0), "other": number(0), "number": number(0), "doubt": exp.false()}
    return {"rule": rule, "focus": focus, **{name: others.get(name, default) for name, default in nothing.items()}}


def rules_table(kind: str) -> str:
    """Name the table of the rules of a kind."""
    return f"shacl_rules_{kind.lower()}"


def rule_rows(layout: Layout, rules: Sequence[Rule]) -> Iterator[tuple[Rule, tuple[int, int, int]]]:
    """Give each rule with its number, its focus set and the code of its path."""
    for rule in rules:
        node = rule.shape.node
        yield rule, (rule.number, layout.set_of[node], layout.path_of(node))


def values_of(name: str, rows: Sequence[Sequence[Any]], columns: Sequence[str], alias: str) -> exp.Subquery:
    """Give the value nodes of a table of rules, with its columns, `focus` and `value`."""
    branches = [
        query({**{each: col("r", each) for each in columns}, "focus": focus, "value": value}, table(name, "r"), *joins)
        for joins, value, focus in value_branches({row[2] for row in rows}, "r")
    ]
    return named(union(branches), alias)


@dataclass(frozen=True)
class _ValueRule:
    """How a kind judges each value node by itself: columns of its rules with what fills them, and what makes a value node `v`, the term `t`, wrong.

    Without `reads_term` there is no `t`.
    """

    columns: Columns
    row: Callable[[Constraint, Mapping[str, int]], tuple[Any, ...]]
    wrong: Callable[[], Expression]
    reads_term: bool = True


def _kind(kind: int) -> Expression:
    return equal(col("t", "kind"), number(kind))


def _datatype() -> Expression:
    other = exp.NEQ(this=col("t", "datatype"), expression=col("v", "datatype"))
    return any_of(negated(_kind(LITERAL)), other, equal(col("t", "valid"), exp.false()))


def _node_kind() -> Expression:
    kinds = ((IRI, "iri"), (BLANK, "blank"), (LITERAL, "literal"))
    return any_of(*(all_of(_kind(kind), negated(col("v", name))) for kind, name in kinds))


def _node_kinds(constraint: Constraint) -> tuple[bool, bool, bool]:
    name = constraint.parameter("nodeKind").rpartition("#")[2]
    return "IRI" in name, "BlankNode" in name, "Literal" in name


def _length() -> Expression:
    length = exp.Length(this=col("t", "text"))
    return any_of(_kind(BLANK), exp.LT(this=length, expression=col("v", "least")), exp.GT(this=length.copy(), expression=col("v", "most")))


def _lengths(constraint: Constraint) -> tuple[int, int]:
    [name] = constraint.parameters
    return (constraint.number(name), _UNBOUNDED) if name == "minLength" else (-1, constraint.number(name))


def _has_other() -> Expression:
    same = [equal(col("i", "s"), col("v", "focus")), equal(col("i", "p"), col("v", "other")), equal(col("i", "o"), col("v", "value"))]
    return exists(table(STATEMENTS, "i"), all_of(*same))


_VALUE_RULES: Final[Mapping[str, _ValueRule]] = {
    "datatype": _ValueRule({"datatype": VARCHAR}, lambda each, _: (each.parameter("datatype")[1:-1],), _datatype),
    "nodeKind": _ValueRule({"iri": BOOLEAN, "blank": BOOLEAN, "literal": BOOLEAN}, lambda each, _: _node_kinds(each), _node_kind),
    "length": _ValueRule({"least": BIGINT, "most": BIGINT}, lambda each, _: _lengths(each), _length),
    "class": _ValueRule(
        {"class": BIGINT},
        lambda each, ids: (ids[each.parameter("class")],),
        lambda: negated(exists(table(INSTANCES, "i"), all_of(equal(col("i", "class"), col("v", "class")), equal(col("i", "node"), col("v", "value"))))),
        reads_term=False,
    ),
    "in": _ValueRule(
        {},
        lambda _, __: (),
        lambda: negated(exists(table("shacl_members", "i"), all_of(equal(col("i", "rule"), col("v", "rule")), equal(col("i", "member"), col("v", "value"))))),
        reads_term=False,
    ),
    "languageIn": _ValueRule(
        {},
        lambda _, __: (),
        lambda: negated(exists(_spoken(), all_of(equal(col("i", "rule"), col("v", "rule")), equal(col("i", "language"), col("t", "language"))))),
    ),
    "pattern": _ValueRule(
        {"pattern": INTEGER},
        lambda _, __: (),  # numbered among all patterns, below
        lambda: exists(
            table("shacl_pattern_failures", "i"), all_of(equal(col("i", "pattern"), col("v", "pattern")), equal(col("i", "value"), col("v", "value")))
        ),
        reads_term=False,
    ),
    "disjoint": _ValueRule({"other": BIGINT}, lambda each, ids: (ids[each.parameter("disjoint")],), _has_other, reads_term=False),
    "equals": _ValueRule({"other": BIGINT}, lambda each, ids: (ids[each.parameter("equals")],), lambda: negated(_has_other()), reads_term=False),
}


def _spoken() -> exp.Subquery:
    """Give the languages of the data that each rule's ranges match, as RFC 4647 matches basic ranges."""
    spoken = exp.Subquery(
        this=query(
            {"language": col("w", "language")}, table(TERMS, "w"), where=negated(exp.Is(this=col("w", "language"), expression=exp.null())), distinct=True
        ),
        alias=exp.TableAlias(this=exp.Identifier(this="w", quoted=False)),
    )
    lower = exp.Lower(this=col("w", "language"))
    begins = exp.StartsWith(this=lower, expression=exp.DPipe(this=col("g", "range"), expression=text("-")))
    matches = any_of(equal(lower.copy(), col("g", "range")), begins, equal(col("g", "range"), text("*")))
    plan = query({"rule": col("g", "rule"), "language": col("w", "language")}, table("shacl_ranges", "g"), (spoken, matches), distinct=True)
    return exp.Subquery(this=plan, alias=exp.TableAlias(this=exp.Identifier(this="i", quoted=False)))


def rule_program(layout: Layout, patterns: Mapping[int, int]) -> Program:
    """Give the steps that find the violations of all constraints but logical and qualified ones and those in SPARQL.

    `patterns` gives the number of the pattern of a rule; which values fail which pattern is in the table `shacl_pattern_failures` by then.
    """
    steps: Program = [Load(VIOLATIONS, VIOLATION_COLUMNS, [])]
    members = [(rule.number, layout.ids[each]) for rule in layout.of_kind("in") for each in rule.constraint.parameters["in"]]
    ranges = [(rule.number, parts_of(each).text.lower()) for rule in layout.of_kind("languageIn") for each in rule.constraint.parameters["languageIn"]]
    steps += [Load("shacl_members", {"rule": INTEGER, "member": BIGINT}, members)] if layout.of_kind("in") else []
    steps += [Load("shacl_ranges", {"rule": INTEGER, "range": VARCHAR}, ranges)] if layout.of_kind("languageIn") else []
    for kind, judged in _VALUE_RULES.items():
        rules = layout.of_kind(kind)
        if rules:
            rows = [
                (*start, *(judged.row(rule.constraint, layout.ids) if kind != "pattern" else (patterns[rule.number],)))
                for rule, start in rule_rows(layout, rules)
            ]
            steps += [Load(rules_table(kind), {**RULE_COLUMNS, **judged.columns}, rows), Append(VIOLATIONS, _judged(kind, judged, rows))]
    return steps


def _judged(kind: str, judged: _ValueRule, rows: Sequence[tuple[Any, ...]]) -> exp.Query:
    values = values_of(rules_table(kind), rows, ["rule", *judged.columns], "v")
    joins = [(table(TERMS, "t"), equal(col("t", "id"), col("v", "value")))] if judged.reads_term else []
    columns = violation(col("v", "rule"), col("v", "focus"), value=col("v", "value"))
    return query(columns, values, *joins, where=judged.wrong())
