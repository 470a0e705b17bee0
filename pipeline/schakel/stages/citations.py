"""Which graph the statements of a row belong to: that of its passage, of its source, or the provenance; and citations that do not hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from schakel.compile.construct import CELL, CITED, CITED_COLUMNS, ROW, rows_of
from schakel.compile.nodes import Node, all_of, coalesce, column, compare, select, string, table, union
from schakel.engine.columns import VARCHAR, Row
from schakel.engine.executor import Executor
from schakel.engine.spelling import iri_spelling
from schakel.errors import nearest
from schakel.evidence import SOURCES, Lock, Source, name_passages
from schakel.findings import Finding, Place, finding
from schakel.graph import GraphNames
from schakel.project.tables import Table
from schakel.tables import PASSAGE, SOURCE

__all__ = ["Evidence", "cite"]

_WRONG: Final = "wrong_citations"


@dataclass(frozen=True)
class Evidence:
    """What citations are held against: sources by id, the lock, and whether each row needs a passage."""

    sources: Mapping[str, Source]
    lock: Lock
    require_passages: bool = False


def cite(executor: Executor, tables: Sequence[Table], evidence: Evidence, names: GraphNames) -> list[Finding]:
    """Make the relation CITED of all sources and passages that rows cite; give what is wrong with citations.

    A row whose citation does not hold is in the graph of as much of it as is there.
    """
    citing = [each for each in tables if each.name != SOURCES and SOURCE in each.columns]
    # Where nothing demands sources and there are none, rows are in the graph of their file.
    cites = evidence.require_passages or any(each.name == SOURCES for each in tables)
    without = [each for each in tables if cites and each.name != SOURCES and SOURCE not in each.columns]
    findings = [finding("missing-column", Place(each.file, 1), found=SOURCE, table=each.file) for each in without]
    pairs = list(executor.fetch(_pairs(citing))) if citing else []
    named = name_passages(evidence.lock, names)
    graphs = ((source, passage, named.get((source, passage), names.source(source))) for source, passage in pairs if source in evidence.sources)
    executor.load(CITED, CITED_COLUMNS, ((source, passage, iri_spelling(graph.value)) for source, passage, graph in graphs))
    wrong = [(source, passage, kind) for source, passage in pairs if (kind := _fault(source, passage, evidence)) is not None]
    return findings + (list(_findings(executor, citing, wrong, evidence)) if wrong else [])


def _fault(source: str, passage: str, evidence: Evidence) -> str | None:
    """Give the kind of finding that a citation is."""
    if not source:
        return "source-missing"
    if source not in evidence.sources:
        return "unknown-source"
    if not passage:
        return "passage-missing" if evidence.require_passages else None
    span = evidence.lock.get((source, passage))
    if span is None:
        return "passage-not-in-lock"
    return None if span.page == evidence.sources[source].sha256 else "lock-outdated"


def _findings(executor: Executor, citing: Sequence[Table], wrong: Sequence[Row], evidence: Evidence) -> Iterator[Finding]:
    executor.load(_WRONG, {"source": VARCHAR, "passage": VARCHAR, "kind": VARCHAR}, wrong)
    known = sorted(evidence.sources)
    for each in citing:
        source, passage = _cells(each, "own")
        on = all_of([compare("=", column("source", "wrong"), source), compare("=", column("passage", "wrong"), passage)])
        plan = exp.Select(
            expressions=[column(ROW, "own"), column("kind", "wrong"), column("source", "wrong"), column("passage", "wrong")],
            from_=exp.From(this=table(each.source.table, "own")),
            joins=[exp.Join(this=table(_WRONG, "wrong"), on=on)],
            where=rows_of(each.source),
        )
        for row, kind, source_text, passage_text in sorted(executor.fetch(plan)):
            place = each.place(row, SOURCE if kind in {"source-missing", "unknown-source"} else PASSAGE)
            match kind:
                case "source-missing":
                    yield finding(kind, place, expected=", ".join(known) or "–")
                case "unknown-source":
                    yield finding(kind, place, found=source_text, expected=nearest(source_text, known) or ", ".join(known) or "–")
                case "passage-missing":
                    yield finding(kind, place)
                case _:
                    yield finding(kind, place, found=passage_text)
    executor.drop(_WRONG)


def _pairs(citing: Sequence[Table]) -> exp.Query:
    selects: list[exp.Select] = []
    for each in citing:
        of_row = zip((SOURCE, PASSAGE), _cells(each, "own"), strict=True)
        selects.append(select(dict(of_row), table(each.source.table, "own"), distinct=True))
        selects[-1].set("where", rows_of(each.source))
    return union(selects, distinct=True)


def _cells(each: Table, alias: str) -> tuple[Node, Node]:
    """Give the source and the passage of a row, empty texts where there is none."""
    nodes = [coalesce(column(CELL.format(each.columns.index(name)), alias), string("")) if name in each.columns else string("") for name in (SOURCE, PASSAGE)]
    return nodes[0], nodes[1]
