"""ORDER BY: no value, then blank nodes, IRIs, literals; literals of one kind by their values: https://www.w3.org/TR/sparql11-query/#modOrderBy.

What the specification leaves open is decided by the text of terms, so that the order is always the same.
"""

from collections.abc import Sequence

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.nodes import Node, branches, coalesce, column, is_null, number, string
from schakel.compile.sparql.scope import Existence, extended
from schakel.compile.sparql.solutions import Solutions
from schakel.compile.values import INTEGER, Value
from schakel.engine.functions import SORT_KEY
from schakel.engine.spelling import STRING
from schakel.sparql import Call, Order

__all__ = ["ordered"]


def ordered(solutions: Solutions, criteria: Sequence[Order], existence: Existence) -> tuple[Solutions, list[exp.Ordered]]:
    """Give the solutions, and what they are sorted by."""
    keys: list[str] = []
    for each in criteria:
        name = each.expression.value if isinstance(each.expression, Variable) else solutions.context.name("0order")
        if not isinstance(each.expression, Variable):
            solutions = extended(solutions, name, each.expression, existence)
        value = solutions.value(name)
        if value is not None and not _has_order(value):
            name, computed = solutions.context.name("0order"), Call(SORT_KEY, (Variable(name),))
            solutions = extended(solutions, name, computed, existence)
        keys.append(name)
    # Only now, as whatever is computed moves all columns.
    values = [(solutions.value(name), each) for name, each in zip(keys, criteria, strict=True)]
    return solutions, [_sorted(node, each) for value, each in values if value is not None for node in _keys(value)]


def _sorted(node: Node, criterion: Order) -> exp.Ordered:
    return exp.Ordered(this=node, desc=criterion.descending, nulls_first=not criterion.descending)


def _has_order(value: Value) -> bool:
    return value.terms is not None or value.has_datatype(STRING) or value.has_datatype(INTEGER)


def _keys(value: Value) -> list[Node]:
    rank = branches([(is_null(value.text), number(0)), (value.is_blank, number(1)), (value.is_iri, number(2))], number(3))
    if value.terms is not None:
        space, key = column("space", value.terms), column("key", value.terms)
        rest = [value.text, coalesce(value.datatype, string("")), coalesce(value.language, string(""))]
        return [rank, coalesce(space, string("")), coalesce(key, value.text), *rest]
    whole = value.has_datatype(INTEGER)
    return [rank, exp.Cast(this=value.text, to=exp.DataType.build("DECIMAL(38, 0)")) if whole else value.text]
