"""Plans over statements that reasoning needs between rounds: axioms, equalities, and statements with one id in the place of another."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlglot import exp

from schakel.compile.nodes import Join, all_of, coalesce, column, equal, number, same, select, table, union
from schakel.engine.executor import Plan

__all__ = ["STATEMENT", "distinct_union", "of_properties", "replaced", "unknown"]

STATEMENT: Final = ("s", "p", "o")


def of_properties(facts: str, properties: Collection[int], classes: Collection[int], of_class: int, columns: Sequence[str] = STATEMENT) -> Plan:
    """Select the statements of some properties, and those that make something a member of some classes."""
    wanted: exp.Expr = exp.In(this=column("p"), expressions=[number(each) for each in sorted(properties)])
    if classes:
        member = exp.In(this=column("o"), expressions=[number(each) for each in sorted(classes)])
        wanted = exp.Or(this=wanted, expression=exp.Paren(this=all_of((equal(column("p"), of_class), member))))
    return select(columns, table(facts), where=[wanted])


def replaced(facts: str, by: str) -> Plan:
    """Put `value` in the place of `id` everywhere, and give each statement once."""
    columns = {name: coalesce(column("value", f"of_{name}"), column(name, "f")) for name in STATEMENT}
    joins = (Join(table(by, f"of_{name}"), equal(column("id", f"of_{name}"), column(name, "f")), "left") for name in STATEMENT)
    return select(columns, table(facts, "f"), *joins, distinct=True)


def unknown(facts: str, known: Sequence[str], where: Sequence[exp.Expr] = (), columns: Sequence[str] = STATEMENT) -> Plan:
    """Select the rows of one table whose statement others do not have."""
    joins = (Join(table(each, f"known_{at}"), same(STATEMENT, "f", f"known_{at}"), "anti") for at, each in enumerate(known))
    return select({name: column(name, "f") for name in columns}, table(facts, "f"), *joins, where=where)


def distinct_union(tables: Sequence[str]) -> Plan:
    """Give each statement of several tables once."""
    return union((select(STATEMENT, table(each), distinct=len(tables) == 1) for each in tables), distinct=True)
