"""Tables and their mappings become quads, in one plan for all small tables and one for each large one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlglot import exp

from schakel.compile.construct import CompiledConstruct, Source, compile_construct, quads_of
from schakel.compile.errors import NotCompilableError
from schakel.compile.nodes import table as table_of
from schakel.engine.executor import Executor
from schakel.engine.relations import SPELLED, SPELLED_COLUMNS
from schakel.evidence import SOURCES
from schakel.graph import GraphNames
from schakel.project.mappings import Mapping as ProjectMapping
from schakel.project.tables import Table
from schakel.stages.computing import compute
from schakel.stages.general_mapping import map_by_oxigraph
from schakel.tables import SOURCE

__all__ = ["Mapped", "levels_of", "map_tables"]

# Tables of fewer rows are mapped together, since planning costs more than they do.
_FEW_ROWS: Final = 5_000
_GENERAL: Final = "generally_mapped"


@dataclass(frozen=True)
class Mapped:
    """A table with its mapping, and its plans; `refused` says why there are none, so that a general engine maps the table."""

    table: Table
    source: Source
    mapping: ProjectMapping
    compiled: CompiledConstruct | None
    refused: str = ""


def map_tables(executor: Executor, tables: Sequence[Table], mappings: Mapping[str, ProjectMapping], names: GraphNames) -> list[Mapped]:
    """Add what the rows of tables state to the relation of spelled quads. `mappings` is by the name of the table; CITED must be there."""
    if not executor.exists(SPELLED):
        executor.create(SPELLED, SPELLED_COLUMNS)
    first = [_compiled(each, mappings[each.name], names) for each in tables if each.name in mappings]
    found = compute(executor, levels_of([each.compiled.keys for each in first if each.compiled is not None]))
    mapped = [_recompiled(each, found) for each in first]
    for group in _groups(mapped):
        plan = quads_of(group)
        if plan is not None:
            executor.append(plan, SPELLED)
    for each in mapped:
        if each.compiled is None:
            executor.load(_GENERAL, SPELLED_COLUMNS, map_by_oxigraph(executor, each.source, each.mapping.query, each.mapping.text))
            executor.append(exp.Select(expressions=[exp.Star()], from_=exp.From(this=table_of(_GENERAL))), SPELLED)
            executor.drop(_GENERAL)
    return mapped


def _source(table: Table, names: GraphNames) -> Source:
    """Say to which graphs the statements of a table belong: that of the cited source, or that of the table's file where it cites none."""
    cites = SOURCE in table.columns
    own = names.provenance if cites or table.name == SOURCES else names.file(Path(table.file).name)
    return replace(table.source, base=names.base, graph=own.value, cites=cites and table.name != SOURCES)


def _compiled(table: Table, mapping: ProjectMapping, names: GraphNames) -> Mapped:
    source = _source(table, names)
    try:
        return Mapped(table, source, mapping, compile_construct(mapping.query, source))
    except NotCompilableError as error:
        return Mapped(table, source, mapping, None, str(error))


def _recompiled(mapped: Mapped, found: frozenset[str]) -> Mapped:
    """Compile a mapping again without what no row needs to look up."""
    if mapped.compiled is None or found.issuperset(mapped.compiled.lookups):
        return mapped
    absent = frozenset(mapped.compiled.lookups) - found
    return replace(mapped, compiled=compile_construct(mapped.mapping.query, mapped.source, absent))


def levels_of(several: Sequence[Sequence[Sequence[exp.Select]]]) -> list[list[exp.Select]]:
    """Put the plans of each level of several mappings together."""
    return [[plan for levels in several if level < len(levels) for plan in levels[level]] for level in range(max(map(len, several), default=0))]


def _groups(several: Sequence[Mapped]) -> Iterator[list[CompiledConstruct]]:
    together = [each.compiled for each in several if each.compiled is not None and each.table.rows < _FEW_ROWS]
    if together:
        yield together
    yield from ([each.compiled] for each in several if each.compiled is not None and each.table.rows >= _FEW_ROWS)
