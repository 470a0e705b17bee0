"""Nodes of plans, built without parsing and without copying: planning must cost less than running on small graphs."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Literal, NamedTuple

from sqlglot import exp

from schakel.engine.executor import Plan

__all__ = ["Join", "all_of", "case", "coalesce", "column", "equal", "number", "same", "select", "subquery", "table", "union"]


class Join(NamedTuple):
    """A table or query to join with, and on what; `anti` keeps what nothing is joined to."""

    with_: exp.Expression
    on: exp.Expression
    kind: Literal["", "left", "anti"] = ""


def column(name: str, of: str = "") -> exp.Expression:
    """Name a column of a table or query."""
    named = _identifier(name)
    return exp.Column(this=named, table=_identifier(of)) if of else exp.Column(this=named)


def table(name: str, alias: str = "") -> exp.Expression:
    """Name a table."""
    made = exp.Table(this=_identifier(name))
    if alias:
        made.set("alias", exp.TableAlias(this=_identifier(alias)))
    return made


def subquery(plan: Plan, alias: str) -> exp.Expression:
    """Name a query within another."""
    return exp.Subquery(this=plan, alias=exp.TableAlias(this=_identifier(alias)))


def number(value: int) -> exp.Expression:
    """Make a constant."""
    made = exp.Literal(this=str(abs(value)), is_string=False)
    return exp.Paren(this=exp.Neg(this=made)) if value < 0 else made


def equal(one: exp.Expression, other: exp.Expression | int) -> exp.Expression:
    """Compare with a column or a number."""
    return exp.EQ(this=one, expression=number(other) if isinstance(other, int) else other)


def same(names: Iterable[str], one: str, other: str) -> exp.Expression:
    """Compare columns of the same names."""
    return all_of(equal(column(name, one), column(name, other)) for name in names)


def all_of(conditions: Iterable[exp.Expression]) -> exp.Expression:
    """Join conditions, each in brackets."""
    bracketed: list[exp.Expression] = [exp.Paren(this=condition) for condition in conditions]
    return reduce(lambda one, other: exp.And(this=one, expression=other), bracketed)


def case(code: exp.Expression, places: Mapping[int, exp.Expression], otherwise: exp.Expression) -> exp.Expression:
    """Choose by a number."""
    return exp.Case(ifs=[exp.If(this=equal(code, at), true=place) for at, place in places.items()], default=otherwise)


def coalesce(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    """Take the first, or the other where that is NULL."""
    return exp.Coalesce(this=one, expressions=[other])


def select(  # the clauses of a query
    columns: Sequence[str] | Mapping[str, exp.Expression],
    source: exp.Expression,
    *joins: Join,
    where: Sequence[exp.Expression] = (),
    group_by: Sequence[str] = (),
    distinct: bool = False,
) -> exp.Select:
    """Select columns, by name or each as what it is made of."""
    named = columns if isinstance(columns, Mapping) else {name: column(name) for name in columns}
    query = exp.Select(
        expressions=[exp.Alias(this=value, alias=_identifier(name)) for name, value in named.items()],
        from_=exp.From(this=source),
        joins=[_join(join) for join in joins],
    )
    if where:
        query.set("where", exp.Where(this=all_of(where)))
    if group_by:
        query.set("group", exp.Group(expressions=[column(name) for name in group_by]))
    if distinct:
        query.set("distinct", exp.Distinct())
    return query


def union(plans: Iterable[Plan], *, distinct: bool = False) -> Plan:
    """Join queries one below the other."""
    return reduce(lambda one, other: exp.Union(this=one, expression=other, distinct=distinct), plans)


def _join(join: Join) -> exp.Expression:
    sides = {"left": {"side": "LEFT"}, "anti": {"kind": "ANTI"}}
    return exp.Join(this=join.with_, on=join.on, **sides.get(join.kind, {}))


def _identifier(name: str) -> exp.Expression:
    return exp.Identifier(this=name, quoted=True)
