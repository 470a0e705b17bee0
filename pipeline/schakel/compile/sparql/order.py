"""ORDER BY: no value, then blank nodes, IRIs, literals; literals of one kind by their values: https://www.w3.org/TR/sparql11-query/#modOrderBy.

What the specification leaves open is decided by the text of terms, so that the order is always the same.
"""

from collections.abc import Sequence

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.nodes import NULL, Node, branches, coalesce, column, is_null, number, string
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.scope import Existence, extended
from schakel.compile.sparql.solutions import Solutions
from schakel.compile.values import INTEGER, Value
from schakel.engine.spelling import STRING
from schakel.sparql import Order

__all__ = ["ordered"]


def ordered(solutions: Solutions, criteria: Sequence[Order], existence: Existence) -> tuple[Solutions, list[exp.Ordered]]:
    """Give the solutions, and what they are sorted by."""
    names: list[str] = []
    for each in criteria:
        if isinstance(each.expression, Variable):
            names.append(each.expression.value)
        else:
            names.append(solutions.context.name("0order"))
            solutions = extended(solutions, names[-1], each.expression, existence)
    sorted_by: list[exp.Ordered] = []
    for name, criterion in zip(names, criteria, strict=True):
        value = solutions.value(name)
        if value is not None:
            sorted_by += [exp.Ordered(this=node, desc=criterion.descending, nulls_first=not criterion.descending) for node in _keys(value)]
    return solutions, sorted_by


def _keys(value: Value) -> list[Node]:
    rank = branches([(is_null(value.text), number(0)), (value.is_blank, number(1)), (value.is_iri, number(2))], number(3))
    rest = [value.text, coalesce(value.datatype, string("")), coalesce(value.language, string(""))]
    if value.terms is not None:
        space, key = column("space", value.terms), column("key", value.terms)
        return [rank, coalesce(space, string("")), coalesce(key, value.text), *rest]
    if value.has_datatype(STRING):
        return [rank, value.text]
    if value.has_datatype(INTEGER):
        return [rank, exp.Cast(this=value.text, to=exp.DataType.build("DECIMAL(38, 0)"))]
    if not isinstance(value.kind, exp.Literal) or value.datatype is not NULL:
        raise Context.refuse("ORDER BY a computed value that is neither a text nor a whole number")
    return [rank, value.text]
