"""Citations of rows that do not hold: no source, an unknown one, no passage, one that the lock does not have."""

from collections.abc import Iterator, Mapping, Sequence

from schakel.errors import nearest
from schakel.evidence.lock import Lock
from schakel.evidence.sources import SOURCES, Source
from schakel.findings import Finding, Place, finding
from schakel.tables import PASSAGE, SOURCE, Row, Table

__all__ = ["judge_citations"]


def judge_citations(tables: Sequence[Table], sources: Mapping[str, Source], lock: Lock, *, require_passages: bool) -> list[Finding]:
    """Find tables and rows that do not say where they were read."""
    findings: list[Finding] = []
    for table in tables:
        if table.name == SOURCES:
            continue
        if table.index(SOURCE) is None:
            findings.append(finding("missing-column", Place(table.file, 1), found=SOURCE, table=table.file))
            continue
        findings += (problem for row in table.rows for problem in _judge(table, row, sources, lock, require_passages=require_passages))
    return findings


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
