"""Run the mappings over the rows, and find the rows that a mapping cannot say in full."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Store, Triple

from schakel.findings import Finding, finding, quoted
from schakel.graph import Dataset
from schakel.mapping.construct import ROW, Construct
from schakel.tables import Row, Table

__all__ = ["Citations", "judge_rows", "map_rows", "triples_of"]

# Rows by the graph that their triples belong to: a passage's, a source's, or the provenance graph.
Citations: TypeAlias = Mapping[NamedNode, Sequence[tuple[Table, Sequence[Row]]]]

# Rows a query: beyond this a larger block is no faster, measured on two million triples.
_BLOCK = 1000


def map_rows(citations: Citations, constructs: Mapping[str, Construct], base: str, dataset: Dataset) -> None:
    """Put what the rows state into the dataset, each row's triples into the graph it is cited under. `constructs` is by table name."""
    for graph, cited in citations.items():
        for table, rows in cited:
            if table.name in constructs:
                for block in _blocks(rows):
                    dataset.add(triples_of(constructs[table.name], table, block, base), graph)


def triples_of(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> Iterator[Triple]:
    """Give the triples that a mapping makes of some rows."""
    return cast("ox.QueryTriples", Store().query(construct.with_rows(table.columns, rows), base_iri=base))


def judge_rows(tables: Sequence[Table], constructs: Mapping[str, Construct], base: str) -> list[Finding]:
    """Find rows of which something would be lost: a term that cannot be formed of its cells, a row that states nothing."""
    mapped = [(table, constructs[table.name]) for table in tables if table.name in constructs]
    return [problem for table, construct in mapped for block in _blocks(table.rows) for problem in _judge_block(table, construct, block, base)]


def _blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))


def _judge_block(table: Table, construct: Construct, rows: Sequence[Row], base: str) -> Iterator[Finding]:
    lossy = cast("ox.QuerySolutions", Store().query(construct.failures(table.columns, rows), base_iri=base))
    names = {variable.value for variable in lossy.variables}
    for solution in lossy:
        bound = frozenset(name for name in names if solution[name] is not None)
        yield from _judge_row(table, construct, rows[int(solution[ROW].value)], bound)


def _judge_row(table: Table, construct: Construct, row: Row, bound: frozenset[str]) -> Iterator[Finding]:
    failed = [bind for bind in construct.binds if bind.target not in bound and bind.inputs <= bound]
    for bind in failed:
        columns = sorted(bind.inputs & set(table.columns))
        found = ", ".join(f"{name} = “{table.cell(row, name)}”" for name in columns)
        yield finding("unformed-term", table.place(row, columns[0] if len(columns) == 1 else ""), found=found, target=bind.target, mapping=construct.file)
    if not failed:
        empty = quoted(name for name in table.columns if name in construct.variables and not table.cell(row, name))
        yield finding("row-states-nothing", table.place(row), empty=empty, mapping=construct.file)
