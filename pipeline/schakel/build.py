"""The only place where stages meet: tables and mappings become quads, the ontology adds what follows, the shapes judge, the export publishes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Triple

from schakel import evidence, export, inference, mapping, validation
from schakel.errors import SettingsError
from schakel.findings import Finding, blocking, finding
from schakel.graph import Dataset, content_graphs, read_rdf_files
from schakel.settings import SETTINGS_FILE, Settings
from schakel.tables import Table, read_tables
from schakel.vocabulary import Vocabulary, read_vocabulary

__all__ = ["STAGES", "Outcome", "Progress", "build", "check", "record_evidence"]

STAGES: Final = ("reading", "mapping", "reasoning", "validating", "publishing")

# Told the name of each stage as it begins.
Progress: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run found and did. `published` counts files; 0 where nothing was published. `statements` counts quads."""

    findings: tuple[Finding, ...]
    blocked: bool
    statements: int = 0
    passages: int = 0
    published: int = 0
    verified: bool = False


@dataclass
class _Graph:
    """The knowledge graph on its way through the stages."""

    dataset: Dataset
    findings: list[Finding]
    trace: mapping.Trace
    results: Sequence[validation.Result] = ()
    passages: int = 0


def build(settings: Settings, progress: Progress = lambda _: None) -> Outcome:
    """Build the graph and publish it, unless a finding blocks that. The report is written in either case.

    Raises SchakelError where the work cannot be done.
    """
    graph = _judged(settings, progress)
    blocked = bool(blocking(graph.findings, settings.blocks))
    merged: list[bytes] = []
    if not blocked:
        progress("publishing")
        merged = export.sorted_lines(graph.dataset.merged_lines(), settings.base)
        entities = export.Entities(merged, settings.base)
        graph.findings += entities.findings
        blocked = bool(blocking(graph.findings, settings.blocks))
    findings = sorted(graph.findings, key=Finding.sort_key)
    _write_report(settings.report, _report_files(settings, findings, graph.results, published=False))
    published = 0
    if not blocked:
        report = _report_files(settings, findings, graph.results, published=True)
        files = export.publication_files(_about(settings), graph.dataset, merged, entities, findings)
        published = export.publish(settings.publication, chain(report.items(), files))
        _write_report(settings.report, report)
    return Outcome(tuple(findings), blocked, len(graph.dataset), graph.passages, published)


def check(settings: Settings, progress: Progress = lambda _: None) -> Outcome:
    """Do all that a build does but publish; verify the passages too, where the captured pages are at hand."""
    graph = _judged(settings, progress)
    verified = settings.captures is not None
    if verified:
        graph.findings += _verify(settings)
    findings = sorted(graph.findings, key=Finding.sort_key)
    blocked = bool(blocking(findings, settings.blocks))
    _write_report(settings.report, _report_files(settings, findings, graph.results, published=False))
    return Outcome(tuple(findings), blocked, len(graph.dataset), graph.passages, verified=verified)


def record_evidence(settings: Settings) -> Outcome:
    """Find every passage in its captured page, and write the lock, unless a finding blocks that.

    Raises SettingsError where no captured pages are at hand.
    """
    tables, findings = read_tables(settings.data, settings.root)
    sources, problems = evidence.read_sources(tables, _relative(settings, f"{evidence.SOURCES}.csv"))
    pages, missing = evidence.read_captures(sources, _captures(settings))
    lock, unfound = evidence.locate_passages(tables, pages)
    _, uncited = evidence.cite(tables, sources, lock, settings.names, require_passages=settings.require_passages)
    # A passage that is not in the lock now was told of as not found, or its page as not at hand.
    findings += [*problems, *missing, *unfound, *(item for item in uncited if item.kind != "passage-not-in-lock")]
    findings.sort(key=Finding.sort_key)
    blocked = bool(blocking(findings, settings.blocks))
    if not blocked:
        _write_if_changed(settings.data / evidence.LOCK, evidence.lock_text(lock).encode())
    return Outcome(tuple(findings), blocked, passages=len(lock), verified=True)


def _judged(settings: Settings, progress: Progress) -> _Graph:
    """Map, reason and validate; where what was read blocks a publication already, reasoning about the rest would only mislead."""
    progress("reading")
    vocabulary, findings = read_vocabulary(settings.ontology, settings.root, settings.base)
    shapes, problems = _read_shapes(settings)
    findings += problems
    progress("mapping")
    graph = _map(settings, vocabulary, findings)
    if blocking(graph.findings, settings.blocks):
        return graph
    progress("reasoning")
    _reason(graph, settings, vocabulary)
    progress("validating")
    _validate(graph, settings, shapes)
    return graph


def _map(settings: Settings, vocabulary: Vocabulary, findings: list[Finding]) -> _Graph:
    names, dataset = settings.names, Dataset()
    tables, problems = read_tables(settings.data, settings.root)
    unreadable = bool(problems) and len(tables) < sum(1 for path in settings.data.glob("*.csv") if not path.name.endswith(".lock.csv"))
    findings += problems
    constructs, problems = mapping.read_constructs(settings.data, settings.root, tables)
    findings += problems
    cited, lock, problems = _cite(settings, tables)
    findings += problems
    findings += mapping.judge_rows(tables, constructs, settings.base)
    mapping.map_rows(cited, constructs, settings.base, dataset)
    files, problems = mapping.add_files(settings.data, settings.root, names, dataset)
    findings += problems
    dataset.add(vocabulary.publishable(), names.vocabulary)
    evidence.describe_evidence(dataset, lock, cited, names)
    trace = mapping.Trace(cited, constructs, files, settings.base)
    findings += mapping.ill_typed_literals(dataset, trace)
    findings += mapping.undefined_terms(dataset, vocabulary.terms(), names, trace)
    # With a whole table unread every reference into it would seem to lead nowhere.
    if not unreadable:
        findings += mapping.undefined_references(dataset, names, trace)
    return _Graph(dataset, findings, trace, passages=len(set(lock.values())))


def _cite(settings: Settings, tables: Sequence[Table]) -> tuple[mapping.Citations, evidence.Lock, list[Finding]]:
    sources, findings = evidence.read_sources(tables, _relative(settings, f"{evidence.SOURCES}.csv"))
    lock, problems = evidence.read_lock(settings.data / evidence.LOCK, _relative(settings, evidence.LOCK))
    cited, unfounded = evidence.cite(tables, sources, lock, settings.names, require_passages=settings.require_passages)
    return cited, lock, [*findings, *problems, *(item for item in unfounded if not problems or item.kind != "passage-not-in-lock")]


def _reason(graph: _Graph, settings: Settings, vocabulary: Vocabulary) -> None:
    statements = [triple for name in content_graphs(graph.dataset, settings.names) for triple in graph.dataset.triples(name)]
    conclusions, contradictions = inference.infer(statements, vocabulary.triples, engine=settings.reasoner)
    graph.dataset.add(conclusions, settings.names.inferred)
    graph.findings += [finding("inconsistent", problem=problem) for problem in contradictions]


def _validate(graph: _Graph, settings: Settings, shapes: Sequence[Triple]) -> None:
    data = {quad.triple for quad in graph.dataset.store}
    graph.results = validation.validate(data, shapes, engine=settings.validator)
    stated = [*content_graphs(graph.dataset, settings.names), settings.names.provenance]
    graph.findings += validation.tell(graph.results, graph.dataset, stated, of_triple=graph.trace.triple)


def _read_shapes(settings: Settings) -> tuple[list[Triple], list[Finding]]:
    read, findings = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    return validation.named_shapes(read.values(), settings.base), findings


def _verify(settings: Settings) -> list[Finding]:
    """Find every passage in its page again. What is wrong with the tables themselves was told already."""
    tables, _ = read_tables(settings.data, settings.root)
    sources, _ = evidence.read_sources(tables, _relative(settings, f"{evidence.SOURCES}.csv"))
    pages, missing = evidence.read_captures(sources, _captures(settings))
    located, unfound = evidence.locate_passages(tables, pages)
    lock, _ = evidence.read_lock(settings.data / evidence.LOCK, _relative(settings, evidence.LOCK))
    return [*missing, *unfound, *evidence.verify_lock(lock, located, pages, tables)]


def _captures(settings: Settings) -> Path:
    if settings.captures is None:
        problem = "no captured pages are named; name their folder with --captures, in SCHAKEL_CAPTURES, or as 'captures' under [evidence]"
        raise SettingsError(settings.root / SETTINGS_FILE, problem)
    if not settings.captures.is_dir():
        raise SettingsError(settings.root / SETTINGS_FILE, f"the folder of captured pages, {settings.captures}, does not exist")
    return settings.captures


def _report_files(settings: Settings, findings: Sequence[Finding], results: Sequence[validation.Result], *, published: bool) -> dict[str, bytes]:
    lines = export.sorted_lines(export.to_lines(validation.report_graph(results, settings.base)), settings.base)
    return {"report.json": export.report_json(findings, published=published), "report.ttl": export.turtle(lines, settings.base)}


def _write_report(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def _relative(settings: Settings, name: str) -> str:
    return (settings.data / name).relative_to(settings.root).as_posix()


def _about(settings: Settings) -> export.About:
    return export.About(settings.base, settings.title, settings.description, settings.publisher, settings.licence, settings.version, settings.languages)
