"""Rules for what a shape asks of all value nodes of a focus node together: counts, languages, closed shapes, values that must be there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlglot import exp

from schakel.compile.shacl.focus import FOCUS, PATH_VALUES
from schakel.compile.shacl.layout import Layout, Rule
from schakel.compile.shacl.plans import Append, Expression, Load, Program, all_of, col, count, equal, exists, named, negated, number, query, table, union
from schakel.compile.shacl.rules import RULE_COLUMNS, VIOLATIONS, rule_rows, rules_table, values_of, violation
from schakel.engine.columns import BIGINT, INTEGER, Columns
from schakel.engine.relations import STATEMENTS, TERMS

__all__ = ["count_program"]


def count_program(layout: Layout) -> Program:
    """Give the steps that find the violations of these kinds."""
    steps: Program = []
    for kind, (columns, fill, plan) in _KINDS.items():
        rules = layout.of_kind(kind)
        if rules:
            rows = [(*start, *fill(rule, layout)) for rule, start in rule_rows(layout, rules)]
            steps.append(Load(rules_table(kind), {**RULE_COLUMNS, **columns}, rows))
            if kind == "closed":
                allowed = sorted({(rule.number, layout.ids[each]) for rule in rules for each in rule.constraint.parameters["allowed"]})
                steps.append(Load("shacl_allowed", {"rule": INTEGER, "p": BIGINT}, allowed))
            steps += [Append(VIOLATIONS, each) for each in plan(rules_table(kind), rows)]
    return steps


def _focus(name: str) -> tuple[exp.Table, tuple[exp.Table, Expression]]:
    return table(name, "r"), (table(FOCUS, "f"), equal(col("f", "set"), col("r", "set")))


def counts_of(name: str, rows: Sequence[Sequence[Any]]) -> exp.Subquery:
    """Count the value nodes of focus nodes by path: columns path, node, n."""
    paths = exp.Subquery(
        this=query({"path": col("p", "path")}, table(name, "p"), distinct=True), alias=exp.TableAlias(this=exp.Identifier(this="q", quoted=False))
    )
    branches = []
    for wanted, source, path, node in ((any(row[2] > 0 for row in rows), STATEMENTS, "p", "s"), (any(row[2] < 0 for row in rows), PATH_VALUES, "path", "node")):
        if wanted:
            keys = [col("v", path), col("v", node)]
            on = (paths.copy(), equal(col("q", "path"), col("v", path)))
            branches.append(query({"path": col("v", path), "node": col("v", node), "n": count()}, table(source, "v"), on, group=keys))
    return named(union(branches), "c")


def _too_few(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    rules, focus = _focus(name)
    n = exp.Coalesce(this=col("c", "n"), expressions=[number(0)])
    same = all_of(equal(col("c", "path"), col("r", "path")), equal(col("c", "node"), col("f", "node")))
    columns = violation(col("r", "rule"), col("f", "node"), number=n)
    return [query(columns, rules, focus, left=[(counts_of(name, rows), same)], where=exp.LT(this=n.copy(), expression=col("r", "limit")))]


def _too_many(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    rules, focus = _focus(name)
    same = all_of(equal(col("c", "path"), col("r", "path")), equal(col("c", "node"), col("f", "node")))
    columns = violation(col("r", "rule"), col("f", "node"), number=col("c", "n"))
    return [query(columns, rules, focus, (counts_of(name, rows), same), where=exp.GT(this=col("c", "n"), expression=col("r", "limit")))]


def _unique_languages(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    """Find languages of more than one value: a result for each, with one of the values as the other term."""
    values = values_of(name, rows, ["rule"], "v")
    language = exp.Lower(this=col("t", "language"))
    columns = violation(col("v", "rule"), col("v", "focus"), other=exp.Min(this=col("v", "value")), number=count())
    spoken = negated(exp.Is(this=col("t", "language"), expression=exp.null()))
    keys = [col("v", "rule"), col("v", "focus"), language]
    twice = exp.GT(this=count(), expression=number(1))
    return [query(columns, values, (table(TERMS, "t"), equal(col("t", "id"), col("v", "value"))), where=spoken, group=keys, having=twice)]


def _has_value(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    rules, focus = _focus(name)
    values = values_of(name, rows, ["rule"], "v")
    same = all_of(equal(col("v", "rule"), col("r", "rule")), equal(col("v", "focus"), col("f", "node")), equal(col("v", "value"), col("r", "wanted")))
    columns = violation(col("r", "rule"), col("f", "node"), other=col("r", "wanted"))
    return [query(columns, rules, focus, where=negated(exists(values, same)))]


def _missing_equals(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    """Find the values of the other property that are no value nodes; value nodes that are none of its values are found one by one."""
    rules, focus = _focus(name)
    values = values_of(name, rows, ["rule"], "v")
    other = (table(STATEMENTS, "s"), all_of(equal(col("s", "s"), col("f", "node")), equal(col("s", "p"), col("r", "other"))))
    same = all_of(equal(col("v", "rule"), col("r", "rule")), equal(col("v", "focus"), col("f", "node")), equal(col("v", "value"), col("s", "o")))
    columns = violation(col("r", "rule"), col("f", "node"), value=col("s", "o"))
    return [query(columns, rules, focus, other, where=negated(exists(values, same)))]


def _closed(name: str, rows: Sequence[tuple[Any, ...]]) -> list[exp.Query]:
    values = values_of(name, rows, ["rule"], "v")
    allowed = exists(table("shacl_allowed", "a"), all_of(equal(col("a", "rule"), col("v", "rule")), equal(col("a", "p"), col("s", "p"))))
    columns = violation(col("v", "rule"), col("v", "focus"), value=col("s", "o"), path=col("s", "p"))
    return [query(columns, values, (table(STATEMENTS, "s"), equal(col("s", "s"), col("v", "value"))), where=negated(allowed))]


def _limit(parameter: str) -> Callable[[Rule, Layout], tuple[Any, ...]]:
    return lambda rule, _: (rule.constraint.number(parameter),)


def _term(parameter: str) -> Callable[[Rule, Layout], tuple[Any, ...]]:
    return lambda rule, layout: (layout.ids[rule.constraint.parameter(parameter)],)


_Plans = Callable[[str, Sequence[tuple[Any, ...]]], list[exp.Query]]
# Columns of rules, what fills them, and the plans.
_KINDS: Final[Mapping[str, tuple[Columns, Callable[[Rule, Layout], tuple[Any, ...]], _Plans]]] = {
    "minCount": ({"limit": BIGINT}, _limit("minCount"), _too_few),
    "maxCount": ({"limit": BIGINT}, _limit("maxCount"), _too_many),
    "uniqueLang": ({}, lambda _, __: (), _unique_languages),
    "hasValue": ({"wanted": BIGINT}, _term("hasValue"), _has_value),
    "equals": ({"other": BIGINT}, _term("equals"), _missing_equals),
    "closed": ({}, lambda _, __: (), _closed),
}
