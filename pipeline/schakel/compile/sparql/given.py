"""Variables that already have values where a part of a query is compiled: those of what is around EXISTS, and those that SHACL pre-binds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from schakel.compile.nodes import Node, aliased, column, subquery, table
from schakel.compile.sparql.context import Context
from schakel.compile.sparql.program import Seeds
from schakel.compile.sparql.solutions import Binding, Solutions, unit, value_in

__all__ = ["Given", "given_by"]


@dataclass(frozen=True)
class Given:
    """Variables that already have values: of each row of a table those of some columns.

    `columns` are, for each variable, the columns that it is in, with their labels. Solutions carry the labels that are `carried`, with a prefix, so that the
    rows that they were made for can be found.
    """

    origin: Node
    bindings: Mapping[str, Binding]
    columns: Mapping[str, Sequence[tuple[str, Node]]]
    prefix: str | None

    def only(self, names: set[str]) -> "Given | None":
        """Give fewer of the variables; None where none is left."""
        kept = {name: each for name, each in self.columns.items() if name in names}
        return replace(self, columns=kept) if kept else None

    @property
    def labels(self) -> list[tuple[str, Node]]:
        """All columns with their labels."""
        return [each for several in self.columns.values() for each in several]

    def begin(self, context: Context) -> Solutions:
        """Give a solution for each distinct row."""
        alias = context.name("s")
        rows = exp.Select(expressions=[aliased(node, label) for label, node in self.labels], distinct=exp.Distinct(), from_=exp.From(this=self.origin))
        solutions = unit(context)
        solutions.add(subquery(rows, alias))
        solutions.bindings = {name: _moved(self.bindings[name], [column(label, alias) for label, _ in several]) for name, several in self.columns.items()}
        if self.prefix is not None:
            solutions.carried = {f"{self.prefix}{label}": column(label, alias) for label, _ in self.labels}
        return solutions


def given_by(seeds: Seeds, context: Context) -> Given:
    """Give variables that are bound before the query is asked."""
    alias = context.name("s")
    columns = {name: [(label, column(label, alias))] for name, label in seeds.columns.items()}
    return Given(table(seeds.table, alias), {name: Binding(node, None, certain=True) for name, [(_, node)] in columns.items()}, columns, None)


def _moved(binding: Binding, columns: Sequence[Node]) -> Binding:
    return replace(binding, id=columns[0]) if binding.value is None else Binding(None, value_in(columns), binding.certain)
