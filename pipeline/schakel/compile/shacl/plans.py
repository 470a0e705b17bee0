"""Short ways to write plans, of nodes of sqlglot; and the steps that a program of plans is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from schakel.compile import nodes
from schakel.compile.nodes import Node, compare, negated, number
from schakel.compile.nodes import string as text
from schakel.engine import Plan
from schakel.engine.columns import Columns, Row

__all__ = [
    "Append",
    "Expression",
    "Fixpoint",
    "Load",
    "Program",
    "Run",
    "Source",
    "Step",
    "all_of",
    "any_of",
    "col",
    "count",
    "equal",
    "exists",
    "named",
    "negated",
    "number",
    "query",
    "table",
    "text",
    "union",
]

Expression: TypeAlias = Node
Source: TypeAlias = exp.Table | exp.Subquery


@dataclass(frozen=True)
class Load:
    """Make a table of rows that the compiler knows."""

    table: str
    columns: Columns
    rows: Sequence[Row]


@dataclass(frozen=True)
class Run:
    """Make a table by a plan."""

    table: str
    plan: Plan


@dataclass(frozen=True)
class Append:
    """Add the rows of a plan to a table."""

    table: str
    plan: Plan


@dataclass(frozen=True)
class Fixpoint:
    """Make a table by a seed, and add to it until nothing is new.

    `grow` reads what the last round added from the table `<table>_new`, and gives nothing that the table already has; None where nothing can be added.
    """

    table: str
    seed: Plan
    grow: Plan | None


Step: TypeAlias = "Load | Run | Append | Fixpoint"
Program: TypeAlias = "list[Step]"


def col(alias: str, name: str) -> exp.Column:
    """Name a column of a table of the plan."""
    return exp.Column(this=exp.Identifier(this=name, quoted=True), table=exp.Identifier(this=alias, quoted=False))


def table(name: str, alias: str | None = None) -> exp.Table:
    """Name a table."""
    called = exp.TableAlias(this=exp.Identifier(this=alias, quoted=False)) if alias else None
    return exp.Table(this=exp.Identifier(this=name, quoted=False), alias=called)


def equal(left: Expression, right: Expression) -> Expression:
    """Compare two expressions."""
    return compare("=", left, right)


def all_of(*conditions: Expression) -> Expression:
    """Join conditions by AND."""
    return nodes.all_of(conditions)


def any_of(*conditions: Expression) -> Expression:
    """Join conditions by OR."""
    return nodes.any_of(conditions)


def count(expression: Expression | None = None, *, distinct: bool = False) -> Expression:
    """Count rows, or values of an expression."""
    if expression is None:
        return exp.Count(this=exp.Star())
    return exp.Count(this=exp.Distinct(expressions=[expression]) if distinct else expression)


def query(  # noqa: PLR0913  # the clauses of SQL
    columns: Mapping[str, Expression],
    source: Source,
    *joins: tuple[Source, Expression],
    left: Sequence[tuple[Source, Expression]] = (),
    where: Expression | None = None,
    group: Sequence[Expression] = (),
    having: Expression | None = None,
    distinct: bool = False,
) -> exp.Select:
    """Write a SELECT: columns by name, inner joins, and the other clauses."""
    made = exp.Select(expressions=[exp.Alias(this=each, alias=exp.Identifier(this=name, quoted=True)) for name, each in columns.items()])
    made.set("from_", exp.From(this=source))
    inner = [exp.Join(this=each, on=on) for each, on in joins]
    made.set("joins", [*inner, *(exp.Join(this=each, on=on, side="LEFT") for each, on in left)])
    if where is not None:
        made.set("where", exp.Where(this=where))
    if group:
        made.set("group", exp.Group(expressions=list(group)))
    if having is not None:
        made.set("having", exp.Having(this=having))
    if distinct:
        made.set("distinct", exp.Distinct())
    return made


def named(plan: Plan, alias: str) -> exp.Subquery:
    """Give a plan a name, to be read like a table."""
    return exp.Subquery(this=plan, alias=exp.TableAlias(this=exp.Identifier(this=alias, quoted=False)))


def exists(source: Source, where: Expression) -> Expression:
    """Write EXISTS of a table with a condition."""
    return exp.Exists(this=query({"found": number(1)}, source, where=where))


def union(plans: Sequence[exp.Select], *, distinct: bool = False) -> Plan:
    """Put plans together, as bags or as sets."""
    if len(plans) == 1 and not distinct:
        return plans[0]
    if len(plans) == 1:
        plans[0].set("distinct", exp.Distinct())
        return plans[0]
    made: Plan = plans[0]
    for each in plans[1:]:
        made = exp.Union(this=made, expression=each, distinct=distinct)
    return made
