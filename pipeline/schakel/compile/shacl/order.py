"""Rules about order: ranges (`sh:minInclusive` …) and pairs of properties (`sh:lessThan` …), all in one comparison.

Order is partial, as XSD has it: where two values are incomparable neither is less, and the constraint is violated; a violation says so.
"""

from typing import Any, Final

from sqlglot import exp

from schakel.compile.shacl.layout import Layout
from schakel.compile.shacl.plans import Append, Load, Program, all_of, col, equal, named, negated, number, query, table, union
from schakel.compile.shacl.rules import RULE_COLUMNS, VIOLATIONS, rule_rows, rules_table, values_of, violation
from schakel.engine.columns import BIGINT, BOOLEAN
from schakel.engine.comparison import joined, less, less_or_equal
from schakel.engine.relations import STATEMENTS, TERMS

__all__ = ["order_program"]

# By component: whether the limit is the lesser of the two, and whether they may be equal.
_RANGES: Final = {"minExclusive": (True, False), "minInclusive": (True, True), "maxExclusive": (False, False), "maxInclusive": (False, True)}


def order_program(layout: Layout) -> Program:
    """Give the steps that find the violations of these rules."""
    steps: Program = []
    pairs: list[exp.Select] = []
    ranges: list[tuple[Any, ...]] = []
    for rule, start in rule_rows(layout, layout.of_kind("range")):
        [name] = rule.constraint.parameters
        ranges.append((*start, layout.ids[rule.constraint.parameter(name)], *_RANGES[name]))
    if ranges:
        columns = {**RULE_COLUMNS, "limit": BIGINT, "limit_first": BOOLEAN, "or_equal": BOOLEAN}
        steps.append(Load(rules_table("range"), columns, ranges))
        pairs.append(_range_pairs(ranges))
    others: list[tuple[Any, ...]] = []
    for rule, start in rule_rows(layout, layout.of_kind("lessThan")):
        [name] = rule.constraint.parameters
        others.append((*start, layout.ids[rule.constraint.parameter(name)], name == "lessThanOrEquals"))
    if others:
        steps.append(Load(rules_table("lessThan"), {**RULE_COLUMNS, "other": BIGINT, "or_equal": BOOLEAN}, others))
        pairs.append(_property_pairs(others))
    return [*steps, Append(VIOLATIONS, _misplaced(pairs))] if pairs else []


def _range_pairs(rows: list[tuple[Any, ...]]) -> exp.Select:
    values = values_of(rules_table("range"), rows, ["rule", "limit", "limit_first", "or_equal"], "v")
    value, limit = col("v", "value"), col("v", "limit")
    lesser = exp.Case().when(col("v", "limit_first"), limit, copy=False).else_(value, copy=False)
    greater = exp.Case().when(col("v", "limit_first"), value.copy(), copy=False).else_(limit.copy(), copy=False)
    same = {name: col("v", name) for name in ("rule", "focus", "value", "or_equal")}
    return query({**same, "other": col("v", "limit"), "lesser": lesser, "greater": greater}, values)


def _property_pairs(rows: list[tuple[Any, ...]]) -> exp.Select:
    values = values_of(rules_table("lessThan"), rows, ["rule", "other", "or_equal"], "v")
    other = (table(STATEMENTS, "s"), all_of(equal(col("s", "s"), col("v", "focus")), equal(col("s", "p"), col("v", "other"))))
    same = {name: col("v", name) for name in ("rule", "focus", "value", "or_equal")}
    return query({**same, "other": col("s", "o"), "lesser": col("v", "value"), "greater": col("s", "o")}, values, other)


def _misplaced(pairs: list[exp.Select]) -> exp.Query:
    """Give the pairs of which the one is not less than the other; with the number 1 those that are incomparable though they are of one kind."""
    a, b = joined("a"), joined("b")
    in_order = exp.Case().when(col("p", "or_equal"), less_or_equal(a, b), copy=False).else_(less(a, b), copy=False)
    same_space = equal(col("a", "space"), col("b", "space"))
    compared = query(
        {**{name: col("p", name) for name in ("rule", "focus", "value", "other")}, "in_order": in_order, "same_space": same_space},
        named(union(pairs), "p"),
        (table(TERMS, "a"), equal(col("a", "id"), col("p", "lesser"))),
        (table(TERMS, "b"), equal(col("b", "id"), col("p", "greater"))),
    )
    of_one_kind = exp.Case().when(col("c", "same_space"), number(1), copy=False).else_(number(0), copy=False)
    columns = violation(
        col("c", "rule"),
        col("c", "focus"),
        value=col("c", "value"),
        other=col("c", "other"),
        number=of_one_kind,
        doubt=exp.Is(this=col("c", "in_order"), expression=exp.null()),
    )
    return query(columns, named(compared, "c"), where=negated(exp.Coalesce(this=col("c", "in_order"), expressions=[exp.false()])))
