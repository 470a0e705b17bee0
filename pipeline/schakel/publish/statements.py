"""Statements and quads as lines of N-Triples, made of their ids."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from pyoxigraph import NamedNode
from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import Executor
from schakel.engine.relations import STATEMENTS, TERMS
from schakel.graph import Dataset
from schakel.ntriples import sorted_piece

__all__ = ["dataset_of", "statement_lines"]


def statement_lines(table: str = STATEMENTS) -> exp.Select:
    """Give the statements of a table as lines of N-Triples, without line ends; terms are joined as `subject`, `predicate` and `object`."""
    names = {"s": "subject", "p": "predicate", "o": "object"}
    spellings = [column("spelling", alias) for alias in names.values()]
    line: exp.Expression = spellings[0]
    for spelling in spellings[1:]:
        line = exp.DPipe(this=exp.DPipe(this=line, expression=exp.Literal.string(" ")), expression=spelling)
    line = exp.DPipe(this=line, expression=exp.Literal.string(" ."))
    plan = exp.select(exp.alias_(line, "line")).from_(table)
    for name, alias in names.items():
        plan = plan.join(exp.to_table(TERMS, alias=alias), on=exp.EQ(this=column(name, table), expression=column("id", alias)))
    return plan


def dataset_of(executor: Executor, quads: str) -> Dataset:
    """Read a table of distinct quads into memory, graph by graph: for what goes through all statements again and again, as pages do."""
    lines = statement_lines(quads)
    on = exp.EQ(this=column("g", quads), expression=column("id", "graph"))
    lines = lines.join(exp.to_table(TERMS, alias="graph"), on=on)
    lines.set("expressions", [column("text", "graph"), *lines.expressions])
    dataset = Dataset()
    for graph, several in groupby(executor.fetch(lines.order_by(column("g", quads))), key=itemgetter(0)):
        dataset.add_pieces([sorted_piece(_joined(line for _, line in several))], NamedNode(graph))
    return dataset


def _joined(lines: Iterator[str]) -> bytes:
    return "".join([f"{line}\n" for line in lines]).encode()
