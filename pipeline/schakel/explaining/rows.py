"""The rows of a project's tables that state what was published."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple
from sqlglot import exp
from sqlglot.expressions import column

from schakel.engine import DuckDB, Executor, Plan
from schakel.engine.columns import INTEGER, VARCHAR
from schakel.engine.relations import QUADS, TERMS
from schakel.findings import Place
from schakel.project.content import read_content
from schakel.settings import Settings
from schakel.stages.built import Built
from schakel.stages.project_mapping import map_project

__all__ = ["Rows", "rows_of"]

# Where in the tables a statement of a graph was read.
Rows: TypeAlias = Mapping[tuple[NamedNode, Triple], Sequence[Place]]

_WANTED: Final = "wanted_quads"
_PLACES: Final = ("s", "p", "o", "g")


def rows_of(settings: Settings, stated: Mapping[NamedNode, Collection[Triple]]) -> Rows:
    """Find the rows that state each of the statements in the graph it is in; one that no row states now, as the tables have changed, is left out."""
    wanted = [(graph, triple) for graph, triples in stated.items() for triple in triples]
    if not wanted:
        return {}
    with DuckDB(memory=settings.memory, threads=settings.threads) as executor:
        built = Built(settings, *read_content(executor, settings))
        map_project(executor, built)
        found: defaultdict[tuple[NamedNode, Triple], list[Place]] = defaultdict(list)
        for number, file, row in sorted(executor.fetch(_rows(executor, wanted))):
            found[wanted[number]].append(Place(built.sources.files[file], row))
    return found


def _rows(executor: Executor, wanted: Sequence[tuple[NamedNode, Triple]]) -> Plan:
    spelled = ((number, str(each.subject), str(each.predicate), str(each.object), str(graph)) for number, (graph, each) in enumerate(wanted))
    executor.load(_WANTED, {"number": INTEGER, **dict.fromkeys(_PLACES, VARCHAR)}, spelled)
    plan = exp.select(column("number", _WANTED), column("file", QUADS), column("row", QUADS)).distinct().from_(_WANTED)
    for name in _PLACES:
        on = exp.EQ(this=column("spelling", f"{name}_term"), expression=column(name, _WANTED))
        plan = plan.join(exp.to_table(TERMS, alias=f"{name}_term"), on=on)
    same = exp.and_(*(exp.EQ(this=column(name, QUADS), expression=column("id", f"{name}_term")) for name in _PLACES))
    return plan.join(QUADS, on=same).where(exp.GT(this=column("row", QUADS), expression=exp.Literal.number(0)))
