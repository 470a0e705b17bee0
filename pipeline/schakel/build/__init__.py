"""The only place where stages meet: tables and mappings become quads, the ontology adds what follows, the shapes judge, the export publishes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from schakel import evidence, export, inference, validation
from schakel.build.content import Content, read_content, relative
from schakel.build.graph import Graph, judge, reasoned_graph
from schakel.build.publishing import published_files
from schakel.build.run import Progress, Run
from schakel.cache import Cache, NoCache
from schakel.errors import NoCapturesError
from schakel.findings import Finding, blocking
from schakel.settings import Settings
from schakel.tables import read_tables, table_files
from schakel.work import Workers

__all__ = ["STAGES", "Outcome", "Progress", "build", "check", "clean", "record_evidence"]

STAGES: Final = ("reading", "mapping", "reasoning", "validating", "publishing")


@dataclass(frozen=True)
class Outcome:
    """What a run found and did. `published` counts files; 0 where nothing was published. `statements` counts quads."""

    findings: tuple[Finding, ...]
    blocked: bool
    statements: int = 0
    passages: int = 0
    published: int = 0
    verified: bool = False


def build(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True, dumps_only: bool = False) -> Outcome:
    """Build the graph and publish it, unless a finding blocks that. The report is written in either case.

    Without `caching` nothing of earlier runs is used, and nothing kept for later ones. With `dumps_only` neither entities nor queries get files.
    Raises SchakelError where the work cannot be done.
    """
    with _workers(settings, caching=caching) as workers:
        run = Run(settings, workers, progress, dumps_only)
        unjudged = _reasoned(run)
        judged = judge(unjudged, run)
        published = 0
        # Where there are several processes the dumps are written while one of them judges; if it finds what blocks, they are not published.
        if not (unjudged if workers.several else judged()).is_blocked(settings):
            files = published_files(unjudged, judged, run, _reporting(settings))
            published = export.publish(settings.publication, files, unless=lambda: judged().is_blocked(settings))
        graph = judged()
        _write_report(graph, settings, published=bool(published))
        if published:
            run.cache.tidy()
    # What was counted as it was written need not be counted again.
    statements = export.published_quads(settings.publication) if published else graph.dataset.count()
    return Outcome(tuple(graph.findings), not published, statements, _passages(graph, settings), published)


def check(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True) -> Outcome:
    """Do all that a build does but publish; verify the passages too, where the captured pages are at hand."""
    with _workers(settings, caching=caching) as workers:
        run = Run(settings, workers, progress, publishes=False)
        graph = judge(_reasoned(run), run)()
    if settings.captures is not None:
        found = evidence.each_told_once([*graph.findings, *_verify(graph.content, _captures(settings))])
        graph = replace(graph, findings=sorted(found, key=Finding.sort_key))
    _write_report(graph, settings, published=False)
    return Outcome(tuple(graph.findings), graph.is_blocked(settings), graph.dataset.count(), _passages(graph, settings), verified=settings.captures is not None)


def record_evidence(settings: Settings) -> Outcome:
    """Find every passage in its captured page, and write the lock, unless a finding blocks that.

    Raises NoCapturesError where no captured pages are at hand.
    """
    tables, findings = read_tables(settings.data, settings.root)
    sources, problems = evidence.read_sources(tables, relative(settings, f"{evidence.SOURCES}.csv"))
    pages, missing = evidence.read_captures(sources, _captures(settings))
    lock, unfound = evidence.locate_passages(tables, sources, pages)
    _, uncited = evidence.cite(tables, sources, lock, settings.names, require_passages=settings.require_passages)
    # A passage that is not in the lock now was told of as not found, or its page as not at hand.
    findings += [*problems, *missing, *unfound, *(item for item in uncited if item.kind != "passage-not-in-lock")]
    findings.sort(key=Finding.sort_key)
    blocked = bool(blocking(findings, settings.blocks))
    if not blocked:
        _write_if_changed(settings.data / evidence.LOCK, evidence.lock_text(lock).encode())
    return Outcome(tuple(findings), blocked, passages=len({(source, span) for (source, _), span in lock.items()}), verified=True)


def clean(settings: Settings) -> None:
    """Remove what earlier runs kept for later ones."""
    Cache(settings.cache).clear()


def _workers(settings: Settings, *, caching: bool) -> Workers:
    size = sum(path.stat().st_size for path in table_files(settings.data))
    return Workers.for_size(size, Cache(settings.cache) if caching else NoCache())


def _reasoned(run: Run) -> Graph:
    inference.engine_named(run.settings.reasoner)
    validation.engine_named(run.settings.validator)
    run.progress("reading")
    return reasoned_graph(*read_content(run), run)


def _verify(content: Content, captures: Path) -> list[Finding]:
    """Find every passage in its page again, and hold the lock against that."""
    pages, missing = evidence.read_captures(content.sources, captures)
    located, unfound = evidence.locate_passages(content.tables, content.sources, pages)
    return [*missing, *unfound, *evidence.verify_lock(content.lock, located, pages, content.tables)]


def _passages(graph: Graph, settings: Settings) -> int:
    """Count the passages that state something."""
    return sum(1 for name in graph.dataset.graphs() if settings.names.is_passage(name))


def _captures(settings: Settings) -> Path:
    if settings.captures is None:
        raise NoCapturesError(None)
    if not settings.captures.is_dir():
        raise NoCapturesError(settings.captures)
    return settings.captures


def _reporting(settings: Settings) -> Callable[[Graph], Mapping[str, bytes]]:
    """Give what makes the report that is published, and keeps it for whoever ends up without a publication."""

    def report(graph: Graph) -> dict[str, bytes]:
        _write_report(graph, settings, published=False)
        return _report_files(graph, settings, published=True)

    return report


def _report_files(graph: Graph, settings: Settings, *, published: bool) -> dict[str, bytes]:
    shacl = validation.report_graph(graph.judgement.results, settings.base)
    engines = {
        "inference": {"engine": settings.reasoner, "instead": graph.fallback or None},
        "validation": {"engine": settings.validator, "byReference": dict(sorted(graph.judgement.by_reference.items()))},
    }
    return export.report_files(graph.findings, shacl, settings.base, graph.content.prefixes, engines=engines, published=published)


def _write_report(graph: Graph, settings: Settings, *, published: bool) -> None:
    settings.report.mkdir(parents=True, exist_ok=True)
    for name, content in _report_files(graph, settings, published=published).items():
        (settings.report / name).write_bytes(content)


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)
