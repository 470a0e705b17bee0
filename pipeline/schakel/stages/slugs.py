"""Texts that a mapping makes the same part of an address of, which would make one thing of two."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pyoxigraph import Variable
from sqlglot import exp

from schakel.compile.construct import CELL, ROW, rows_of
from schakel.compile.nodes import column, table
from schakel.engine import Executor
from schakel.engine.slugs import SLUG, slug
from schakel.findings import Finding, finding
from schakel.sparql import Bind, Call, Expression
from schakel.stages.mapping import Mapped

__all__ = ["judge_slugs"]


def judge_slugs(executor: Executor, mapped: Sequence[Mapped]) -> Iterator[Finding]:
    """Find cells that differ and become the same by `schakel:slug`."""
    for each in mapped:
        expressions = [element.expression for element in each.mapping.query.where.elements if isinstance(element, Bind)]
        for name in sorted({name for expression in expressions for name in _slugged(expression)} & set(each.table.columns)):
            rows: defaultdict[str, dict[str, int]] = defaultdict(dict)
            cell = column(CELL.format(each.table.columns.index(name)), "own")
            plan = exp.Select(
                expressions=[column(ROW, "own"), cell], from_=exp.From(this=table(each.source.table, "own")), where=rows_of(each.source)
            ).order_by(column(ROW, "own"))
            for row, text in executor.fetch(plan):
                if text is not None:
                    rows[slug(text)].setdefault(text, row)
            for made, several in rows.items():
                if len(several) > 1:
                    places = (each.table.place(row, name) for row in several.values())
                    yield finding("same-slug", *places, found=" ≠ ".join(f"“{text}”" for text in several), made=made, column=name)


def _slugged(expression: Expression) -> Iterator[str]:
    """Name the variables that are made a part of an address as they are."""
    if isinstance(expression, Call):
        if expression.name == SLUG and isinstance(expression.arguments[0], Variable):
            yield expression.arguments[0].value
        for argument in expression.arguments:
            yield from _slugged(argument)
