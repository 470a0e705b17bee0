"""Run the mappings over the rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from schakel.graph import Term
from schakel.mapping.construct import Construct
from schakel.ntriples import sorted_piece
from schakel.tables import Row, Table

__all__ = ["Block", "Citations", "bindings_of", "blocks", "map_rows", "triples_of"]

# Rows by the graph that their triples belong to: a passage's, a source's, or the provenance graph.
Citations: TypeAlias = Mapping[NamedNode, Sequence[tuple[Table, Sequence[Row]]]]

# Rows a query: large enough that parsing the query does not count, small enough to stay in memory.
_BLOCK = 1000


@dataclass(frozen=True)
class Block:
    """What some rows of a table, from the number `first` to the number `last`, state in one graph: a sorted piece of N-Triples."""

    graph: NamedNode
    table: str
    first: int
    last: int
    piece: bytes


def map_rows(citations: Citations, constructs: Mapping[str, Construct], base: str) -> list[Block]:
    """Map rows, each row's triples into the graph it is cited under. `constructs` is by table name."""
    return [
        Block(graph, table.name, rows[0].number, rows[-1].number, _mapped(constructs[table.name], table, rows, base))
        for graph, cited in citations.items()
        for table, all_rows in cited
        if table.name in constructs
        for rows in blocks(all_rows)
    ]


def _mapped(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> bytes:
    return sorted_piece(cast("bytes", _query(construct, table, rows, base).serialize(format=RdfFormat.N_TRIPLES)))


def triples_of(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> Iterator[Triple]:
    """Give the triples that a mapping makes of some rows."""
    return _query(construct, table, rows, base)


def _query(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> ox.QueryTriples:
    return cast("ox.QueryTriples", Store().query(construct.with_rows(table.columns, rows), base_iri=base))


def bindings_of(construct: Construct, table: Table, row: Row, base: str) -> dict[str, Term]:
    """Give the value of every variable that a row has in a mapping."""
    solutions = cast("ox.QuerySolutions", Store().query(construct.bindings(table.columns, row), base_iri=base))
    names = [variable.value for variable in solutions.variables]
    return {name: solution[name] for solution in solutions for name in names if solution[name] is not None}


def blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut rows into blocks, each for one query."""
    return (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))
