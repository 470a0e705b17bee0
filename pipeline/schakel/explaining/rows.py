"""The rows of a project's tables that state what was published."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple

from schakel import evidence
from schakel.findings import Place
from schakel.mapping import Construct, read_construct
from schakel.mapping.rows import blocks, triples_of
from schakel.settings import Settings
from schakel.tables import Row, Table, read_tables

__all__ = ["Rows", "rows_of"]

# Where in the tables a statement of a graph stands.
Rows: TypeAlias = Mapping[tuple[NamedNode, Triple], Sequence[Place]]


def rows_of(settings: Settings, stated: Mapping[NamedNode, Collection[Triple]]) -> Rows:
    """Find the rows that state each of the statements in the graph it is in; one that no row states now, as the tables have changed, is left out.

    Only the rows that are cited under these graphs are mapped, and only the mappings of their tables are parsed, as parsing takes long.
    """
    if not stated:
        return {}
    tables, _ = read_tables(settings.data, settings.root)
    sources, _ = evidence.read_sources(tables, evidence.SOURCES)
    lock, _ = evidence.read_lock(settings.data / evidence.LOCK, evidence.LOCK)
    cited, _ = evidence.cite(tables, sources, lock, settings.names, require_passages=settings.require_passages)
    wanted = {graph: cited[graph] for graph in stated if graph in cited}
    constructs = _constructs(settings, {table.name: table for by_table in wanted.values() for table, _ in by_table})
    found: defaultdict[tuple[NamedNode, Triple], list[Place]] = defaultdict(list)
    for graph, by_table in wanted.items():
        for table, rows in by_table:
            for block in blocks(rows) if table.name in constructs else ():
                for triple, row in _stating(constructs[table.name], table, block, settings.base, frozenset(stated[graph])):
                    found[graph, triple].append(Place(table.file, row.number))
    return found


def _stating(construct: Construct, table: Table, rows: Sequence[Row], base: str, wanted: frozenset[Triple]) -> Iterator[tuple[Triple, Row]]:
    """Give the statements with the rows that make them, by mapping ever fewer rows."""
    made = wanted.intersection(triples_of(construct, table, rows, base))
    if made and len(rows) == 1:
        yield from ((triple, rows[0]) for triple in made)
    elif made:
        middle = len(rows) // 2
        for half in (rows[:middle], rows[middle:]):
            yield from _stating(construct, table, half, base, made)


def _constructs(settings: Settings, tables: Mapping[str, Table]) -> Mapping[str, Construct]:
    constructs: dict[str, Construct] = {}
    for name, table in tables.items():
        path = settings.data / f"{name}.rq"
        if path.is_file():
            construct, _ = read_construct(path.read_text("utf-8-sig", errors="replace"), path.relative_to(settings.root).as_posix(), table)
            if construct is not None:
                constructs[name] = construct
    return constructs
