"""Run the mappings over the rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Store, Triple

from schakel.graph import Dataset, Term
from schakel.mapping.construct import Construct
from schakel.mapping.literals import ill_typed
from schakel.tables import Row, Table

__all__ = ["Citations", "bindings_of", "blocks", "map_rows", "triples_of"]

# Rows by the graph that their triples belong to: a passage's, a source's, or the provenance graph.
Citations: TypeAlias = Mapping[NamedNode, Sequence[tuple[Table, Sequence[Row]]]]

# Rows a query: large enough that parsing the query does not count, small enough to stay in memory.
_BLOCK = 1000


def map_rows(citations: Citations, constructs: Mapping[str, Construct], base: str, dataset: Dataset) -> dict[NamedNode, set[Literal]]:
    """Put what the rows state into the dataset, each row's triples into the graph it is cited under. `constructs` is by table name.

    Gives the literals of each graph that are not what their datatype says.
    """
    wrong: dict[NamedNode, set[Literal]] = defaultdict(set)
    for graph, cited in citations.items():
        for table, rows in cited:
            if table.name in constructs:
                for block in blocks(rows):
                    triples = list(triples_of(constructs[table.name], table, block, base))
                    wrong[graph] |= ill_typed(triples)
                    dataset.add(triples, graph)
    return wrong


def triples_of(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> Iterator[Triple]:
    """Give the triples that a mapping makes of some rows."""
    return cast("ox.QueryTriples", Store().query(construct.with_rows(table.columns, rows), base_iri=base))


def bindings_of(construct: Construct, table: Table, row: Row, base: str) -> dict[str, Term]:
    """Give the value of every variable that a row has in a mapping."""
    solutions = cast("ox.QuerySolutions", Store().query(construct.bindings(table.columns, row), base_iri=base))
    names = [variable.value for variable in solutions.variables]
    return {name: solution[name] for solution in solutions for name in names if solution[name] is not None}


def blocks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Cut rows into blocks, each for one query."""
    return (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))
