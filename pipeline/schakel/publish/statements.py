"""Statements and quads as spellings, made of their ids."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor
from schakel.engine.columns import Row
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.graph import Dataset
from schakel.ntriples import sorted_piece

__all__ = ["dataset_of", "spelled_statements"]


def spelled_statements(table: str = STATEMENTS) -> exp.Select:
    """Give the spellings of the statements of a table; terms are joined as `subject`, `predicate` and `object`."""
    names = {"s": "subject", "p": "predicate", "o": "object"}
    plan = exp.select(*(column("spelling", alias) for alias in names.values())).from_(table)
    for name, alias in names.items():
        plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column(name, table), expression=column("id", alias)))
    return plan


def dataset_of(executor: Executor, quads: str) -> Dataset:
    """Read a table of distinct quads into memory, graph by graph: for what goes through all statements again and again, as pages do."""
    plan = spelled_statements(quads).join(exp.to_table(TERMS, alias="graph"), on=exp.EQ(this=column("g", quads), expression=column("id", "graph")))
    plan.set("expressions", [column("text", "graph"), *plan.expressions])
    dataset = Dataset()
    for graph, several in groupby(executor.fetch(plan.order_by(column("g", quads))), key=itemgetter(0)):
        dataset.add_pieces([sorted_piece(_lines(several))], NamedNode(graph))
    return dataset


def _lines(rows: Iterator[Row]) -> bytes:
    return "".join([f"{s} {p} {o} .\n" for _, s, p, o in rows]).encode()
