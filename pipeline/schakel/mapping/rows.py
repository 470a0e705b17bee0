"""Run the mappings over the rows, and find the rows of which a mapping loses something."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Store, Triple

from schakel.findings import Finding, finding, quoted
from schakel.graph import Dataset, Term
from schakel.mapping.construct import NOTHING, ROW, Construct
from schakel.tables import Row, Table

__all__ = ["Citations", "bindings_of", "judge_rows", "map_rows", "triples_of"]

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


def bindings_of(construct: Construct, table: Table, row: Row, base: str) -> dict[str, Term]:
    """Give the value of every variable that a row has in a mapping."""
    solutions = cast("ox.QuerySolutions", Store().query(construct.bindings(table.columns, row), base_iri=base))
    names = [variable.value for variable in solutions.variables]
    return {name: solution[name] for solution in solutions for name in names if solution[name] is not None}


def judge_rows(tables: Sequence[Table], constructs: Mapping[str, Construct], base: str) -> list[Finding]:
    """Find rows of which something would be lost: a term that cannot be formed of its cells, a text where an IRI must stand, a row that states nothing."""
    mapped = [(table, constructs[table.name]) for table in tables if table.name in constructs]
    return [problem for table, construct in mapped for block in _blocks(table.rows) for problem in _judge_block(table, construct, block, base)]


def _blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))


def _judge_block(table: Table, construct: Construct, rows: Sequence[Row], base: str) -> Iterator[Finding]:
    lossy = cast("ox.QuerySolutions", Store().query(construct.losses(table.columns, rows), base_iri=base))
    names = [variable.value for variable in lossy.variables]
    for solution in lossy:
        values = {name: solution[name] for name in names if solution[name] is not None}
        row = rows[int(values.pop(ROW).value)]
        yield from _judge_row(table, construct, row, {name: value for name, value in values.items() if value != NamedNode(NOTHING)})


def _judge_row(table: Table, construct: Construct, row: Row, values: Mapping[str, Term]) -> Iterator[Finding]:
    known = construct.variables | construct.targets
    failed = [bind for bind in construct.binds if bind.target not in values and bind.inputs & known <= values.keys()]
    resources = {name for template in construct.templates for name in template.resources}
    no_iri = sorted(name for name in resources & values.keys() if not isinstance(values[name], NamedNode))
    for bind in failed:
        columns = sorted(construct.columns_of(bind.target))
        # What is wrong with an id was told when the table was read.
        if "id" not in columns or table.has_usable_id(row):
            found = ", ".join(f"{name} = “{table.cell(row, name)}”" for name in columns)
            yield finding("unformed-term", table.place(row, columns[0] if len(columns) == 1 else ""), found=found, target=bind.target, mapping=construct.file)
    for name in no_iri:
        yield finding("not-an-iri", table.place(row), found=getattr(values[name], "value", ""), target=name, mapping=construct.file)
    if not failed and not no_iri:
        empty = quoted(name for name in table.columns if name in construct.variables and not table.cell(row, name))
        yield finding("row-states-nothing", table.place(row), empty=empty, mapping=construct.file)
