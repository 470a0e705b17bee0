"""Run the mappings over the rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from typing import TypeAlias, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from schakel.graph import Term
from schakel.mapping.construct import LOSS, NOTHING, Construct
from schakel.namespaces import XSD
from schakel.ntriples import sorted_piece
from schakel.tables import Row, Table

__all__ = ["Block", "Citations", "bindings_of", "blocks", "map_rows", "triples_of"]

# Rows by the graph that their triples belong to: a passage's, a source's, or the provenance graph.
Citations: TypeAlias = Mapping[NamedNode, Sequence[tuple[Table, Sequence[Row]]]]

# In what a query over a block gives: the rows of which something is lost; and, with them, whatever has a part that is no value.
_MARK = b"<schakel:"
_LOSS = re.compile(rb'<%(loss)b> <%(loss)b> "(\d+)"\^\^<%(number)b> \.\n' % {b"loss": LOSS.encode(), b"number": XSD.integer.value.encode()})
_NOTHING = b"<%b>" % NOTHING.encode()
_TO_NOTHING = b" %b .\n" % _NOTHING
_OF_NOTHING = (b"<%b> <%b> " % (LOSS.encode(), LOSS.encode()), _NOTHING)
# Rows a query: large enough that parsing the query does not count, small enough to stay in memory.
_BLOCK = 1000


@dataclass(frozen=True)
class Block:
    """What some rows of a table, from the number `first` to the number `last`, state in one graph: a sorted piece of N-Triples.

    `lossy` are the numbers of those rows of which something is lost, None where that was not asked.
    """

    graph: NamedNode
    table: str
    first: int
    last: int
    piece: bytes
    lossy: frozenset[int] | None = None


def map_rows(citations: Citations, constructs: Mapping[str, Construct], base: str) -> list[Block]:
    """Map rows, each row's triples into the graph it is cited under. `constructs` is by table name."""
    return [
        Block(graph, table.name, rows[0].number, rows[-1].number, *_mapped(constructs[table.name], table, rows, base))
        for graph, cited in citations.items()
        for table, all_rows in cited
        if table.name in constructs
        for rows in blocks(all_rows)
    ]


def _mapped(construct: Construct, table: Table, rows: Sequence[Row], base: str) -> tuple[bytes, frozenset[int] | None]:
    if not construct.at_once:
        return sorted_piece(_written(_query(construct, table, rows, base))), None
    written = _written(cast("ox.QueryTriples", Store().query(construct.with_losses(table.columns, rows), base_iri=base)))
    if _MARK not in written:
        return sorted_piece(written), frozenset()
    lines = written.splitlines(keepends=True)
    # A text of a page may have the mark in it, too.
    aside = [line for line in lines if _MARK in line and (line.startswith(_OF_NOTHING) or line.endswith(_TO_NOTHING) or line.split(b" ", 2)[1] == _NOTHING)]
    positions = {int(found[1]) for line in aside if (found := _LOSS.fullmatch(line))}
    lossy = frozenset(rows[position].number for position in positions if position < len(rows))
    return sorted_piece(b"".join(filterfalse(frozenset(aside).__contains__, lines))), lossy


def _written(triples: ox.QueryTriples) -> bytes:
    return cast("bytes", triples.serialize(format=RdfFormat.N_TRIPLES))


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
