"""`evidence.lock.csv`: where in its page each passage was found, and in which version of the page (by its SHA-256).

With the lock a build needs no captured page, and gives the same bytes with or without them.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode

from schakel.evidence.passages import Page, Span, parse_passage
from schakel.evidence.sources import Source
from schakel.findings import Finding, Place, finding
from schakel.graph import GraphNames
from schakel.tables import PASSAGE, SOURCE, Row, Table

__all__ = ["LOCK", "Lock", "check_lock", "cited_passages", "each_told_once", "locate_passages", "lock_text", "name_passages", "read_lock", "verify_lock"]

LOCK = "evidence.lock.csv"
_HEADER = ("source", "passage", "start", "end", "sha256", "page")
_REASONS = frozenset({"passage-ambiguous", "passage-malformed", "passage-not-found", "source-without-page"})
_CONSEQUENCES = frozenset({"lock-outdated", "passage-not-in-lock"})
_DIGEST = re.compile(r"[0-9a-f]{64}")

# Span by source and passage, the passage as the tables write it.
Lock: TypeAlias = Mapping[tuple[str, str], Span]


def read_lock(path: Path, file: str) -> tuple[dict[tuple[str, str], Span], list[Finding]]:
    """Read the lock. One that is not there, or that a program did not write, is one finding."""
    if not path.is_file():
        return {}, [finding("lock-missing", Place(file))]
    try:
        header, *records = csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline=""), strict=True)
        if tuple(header) != _HEADER:
            return {}, [finding("lock-unreadable", Place(file))]
        lock = {(source, passage): Span(int(start), int(end), digest, page) for source, passage, start, end, digest, page in records}
    except (ValueError, csv.Error):
        return {}, [finding("lock-unreadable", Place(file))]
    sound = all(0 <= span.start < span.end and _DIGEST.fullmatch(span.sha256) and _DIGEST.fullmatch(span.page) for span in lock.values())
    return (lock, []) if sound else ({}, [finding("lock-unreadable", Place(file))])


def check_lock(lock: Lock, pages: Mapping[str, Page], file: str) -> list[Finding]:
    """Hold the places of passages against the pages that they are of, where those are there; `file` is that of the lock."""
    held = ((pages[source], span) for (source, _), span in lock.items() if source in pages and pages[source].sha256 == span.page)
    sound = all(sha256(page.text[span.start : span.end].encode()).hexdigest() == span.sha256 for page, span in held)
    return [] if sound else [finding("lock-unreadable", Place(file))]


def name_passages(lock: Lock, names: GraphNames) -> dict[tuple[str, str], NamedNode]:
    """Name each passage of the lock, by source and text. Where the same words are in a source again, the passages are numbered by their position."""
    named: dict[tuple[str, Span], NamedNode] = {}
    met: Counter[NamedNode] = Counter()
    for source, span in sorted({(source, span) for (source, _), span in lock.items()}):
        first = names.passage(source, span.sha256)
        met[first] += 1
        named[source, span] = names.passage(source, span.sha256, met[first])
    return {(source, text): named[source, span] for (source, text), span in lock.items()}


def lock_text(lock: Lock) -> str:
    """Give the lock as CSV, in the order of the pages."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    for (source, passage), span in sorted(lock.items(), key=lambda item: (item[0][0], item[1], item[0][1])):
        writer.writerow((source, passage, span.start, span.end, span.sha256, span.page))
    return out.getvalue()


def cited_passages(tables: Sequence[Table]) -> Iterator[tuple[Table, Row, str, str]]:
    """Give every row that cites a passage, with its source and passage."""
    for table in tables:
        at_source, at_passage = table.index(SOURCE), table.index(PASSAGE)
        if at_source is not None and at_passage is not None:
            for row in table.rows:
                if row.cells[at_passage]:
                    yield table, row, row.cells[at_source], row.cells[at_passage]


def locate_passages(tables: Sequence[Table], sources: Mapping[str, Source], pages: Mapping[str, Page]) -> tuple[dict[tuple[str, str], Span], list[Finding]]:
    """Find every cited passage in its page, where that is at hand; what is not found exactly once is a finding."""
    lock: dict[tuple[str, str], Span] = {}
    findings: list[Finding] = []
    for table, row, source, text in cited_passages(tables):
        if source in sources and not sources[source].file:
            findings.append(finding("source-without-page", table.place(row, PASSAGE), source=source))
        if source not in pages or (source, text) in lock:
            continue
        span, problem = _locate(text, pages[source], table.place(row, PASSAGE))
        if span is not None:
            lock[source, text] = span
        if problem is not None:
            findings.append(problem)
    return lock, findings


def _locate(text: str, page: Page, place: Place) -> tuple[Span | None, Finding | None]:
    passage = parse_passage(text)
    if passage is None:
        return None, finding("passage-malformed", place, found=text)
    spans = page.locate(passage)
    if not spans:
        return None, finding("passage-not-found", place, found=text, near=page.nearest(passage))
    if len(spans) > 1:
        return None, finding("passage-ambiguous", place, found=text, count=len(spans))
    return spans[0], None


def each_told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out that a passage is not in the lock, or is there in another way, where the reason for that is told too."""
    no_lock = any(item.kind in {"lock-missing", "lock-unreadable"} for item in findings)
    told = {place for item in findings if item.kind in _REASONS for place in item.places}
    kept = [item for item in findings if item.kind not in _CONSEQUENCES or (not no_lock and told.isdisjoint(item.places))]
    # The lock itself and the pages, where they are at hand, may both say that it is outdated.
    outdated = {item.places: item for item in kept if item.kind == "lock-outdated"}
    return [*(item for item in kept if item.kind != "lock-outdated"), *outdated.values()]


def verify_lock(lock: Lock, located: Lock, pages: Mapping[str, Page], tables: Sequence[Table]) -> list[Finding]:
    """Hold the lock against what was found in the pages now."""
    return [
        finding("lock-outdated", table.place(row, PASSAGE), found=text)
        for table, row, source, text in cited_passages(tables)
        if source in pages and (source, text) in lock and (source, text) in located and lock[source, text] != located[source, text]
    ]
