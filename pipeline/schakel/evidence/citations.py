"""Which graph each row's statements belong to: that of its passage, of its source, or of the provenance."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from schakel.errors import nearest
from schakel.evidence.lock import Lock
from schakel.evidence.sources import SOURCES, Source
from schakel.findings import Finding, Place, finding
from schakel.graph import GraphNames
from schakel.tables import PASSAGE, SOURCE, Row, Table

__all__ = ["cite"]


def cite(
    tables: Sequence[Table], sources: Mapping[str, Source], lock: Lock, names: GraphNames, *, require_passages: bool
) -> tuple[dict[NamedNode, list[tuple[Table, list[Row]]]], list[Finding]]:
    """Sort rows by the graph they belong to.

    A row whose citation does not hold is a finding, and is sorted by as much of it as is there, so that its other faults are found in the same run.
    """
    cited: dict[NamedNode, dict[str, tuple[Table, list[Row]]]] = defaultdict(dict)
    findings: list[Finding] = []
    for table in tables:
        if table.name == SOURCES:
            cited[names.provenance][table.name] = (table, list(table.rows))
            continue
        if table.index(SOURCE) is None:
            findings.append(finding("missing-column", Place(table.file, 1), found=SOURCE, table=table.file))
            continue
        for row in table.rows:
            findings += _judge(table, row, sources, lock, require_passages=require_passages)
            graph = _graph(table.cell(row, SOURCE), table.cell(row, PASSAGE), sources, lock, names)
            cited[graph].setdefault(table.name, (table, []))[1].append(row)
    return {graph: list(by_table.values()) for graph, by_table in cited.items()}, findings


def _judge(table: Table, row: Row, sources: Mapping[str, Source], lock: Lock, *, require_passages: bool) -> Iterator[Finding]:
    source, passage = table.cell(row, SOURCE), table.cell(row, PASSAGE)
    if not source:
        yield finding("source-missing", table.place(row, SOURCE), expected=", ".join(sorted(sources)) or "–")
    elif source not in sources:
        yield finding("unknown-source", table.place(row, SOURCE), found=source, expected=nearest(source, list(sources)) or ", ".join(sorted(sources)) or "–")
    elif not passage and require_passages:
        yield finding("passage-missing", table.place(row, PASSAGE))
    elif passage and (source, passage) not in lock:
        yield finding("passage-not-in-lock", table.place(row, PASSAGE), found=passage)
    elif passage and lock[source, passage].page != sources[source].sha256:
        yield finding("lock-outdated", table.place(row, PASSAGE), found=passage)


def _graph(source: str, passage: str, sources: Mapping[str, Source], lock: Lock, names: GraphNames) -> NamedNode:
    if source not in sources:
        return names.provenance
    span = lock.get((source, passage))
    return names.source(source) if span is None else names.passage(source, span.start, span.end)
