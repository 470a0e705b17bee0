"""Small expressions that the plans of dumps share."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

__all__ = ["ascending", "framed", "is_stated", "joined_text", "lag_or_lead", "left_join", "number", "text", "when"]

_BEFORE_ALL: Final = -1
_AFTER_ALL: Final = 2**62


def text(value: str) -> exp.Expression:
    """Give a constant text."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expression:
    """Give a constant number."""
    return exp.Neg(this=exp.Literal.number(-value)) if value < 0 else exp.Literal.number(value)


def joined_text(first: exp.Expression, *rest: exp.Expression) -> exp.Expression:
    """Put texts together; NULL where one of them is."""
    for each in rest:
        first = exp.DPipe(this=first, expression=each, safe=True)
    return first


def when(*cases: tuple[exp.Expression, exp.Expression], otherwise: exp.Expression | None = None) -> exp.Case:
    """Choose by the first condition that holds."""
    case = exp.Case()
    for condition, value in cases:
        case = case.when(condition, value, copy=False)
    return case if otherwise is None else case.else_(otherwise, copy=False)


def is_stated(name: str, table: str) -> exp.Expression:
    """Tell whether a column is not NULL."""
    return exp.Not(this=exp.Is(this=column(name, table), expression=exp.null()))


def ascending(*names: str, table: str | None = None) -> list[exp.Expression]:
    """Order by columns; none of them holds NULL."""
    return [exp.Ordered(this=column(name, table), nulls_first=False) for name in names]


def lag_or_lead(kind: type[exp.Lag] | type[exp.Lead], name: str, partition: Sequence[str], order: Sequence[str]) -> exp.Expression:
    """Look at the row before or after, within a partition."""
    return exp.Window(this=kind(this=column(name)), partition_by=[column(each) for each in partition], order=exp.Order(expressions=ascending(*order)))


def left_join(plan: exp.Select, table: str, alias: str, *pairs: tuple[exp.Expression, str]) -> exp.Select:
    """Join a table by columns of its own that are equal to expressions; where none is, its columns are NULL."""
    on = exp.and_(*(exp.EQ(this=expression, expression=column(name, alias)) for expression, name in pairs))
    return plan.join(exp.to_table(table, alias=alias), on=on, join_type="left", copy=False)


def framed(plan: exp.Select, order: Sequence[str], head: str = "", foot: str = "") -> exp.Query:
    """Order the column `line` of a plan by others, which are ids, and put a text before and after all."""
    ends = [(_BEFORE_ALL, head), (_AFTER_ALL, foot)]
    rows = [exp.select(*(exp.alias_(number(place), name) for name in order), exp.alias_(text(line), "line")) for place, line in ends if line]
    whole: exp.Query = exp.union(plan, *rows, distinct=False) if rows else plan
    return exp.select("line").from_(whole.subquery("lines")).order_by(*ascending(*order))
