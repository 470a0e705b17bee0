"""The only place where stages meet: tables and mappings become quads, the ontology adds what follows, the shapes judge, the export publishes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from schakel import evidence, export, inference, mapping, validation
from schakel.answers import Answer, answering
from schakel.build.tables import Tables, map_tables
from schakel.cache import Cache, NoCache
from schakel.errors import NoCapturesError, ShapesUnusableError
from schakel.findings import Finding, Place, blocking, finding
from schakel.graph import RDF_FILES, Dataset, content_graphs, read_rdf_files
from schakel.namespaces import known_prefixes
from schakel.ntriples import piece_of
from schakel.queries import CannedQuery, read_queries
from schakel.settings import Settings
from schakel.tables import Table, read_tables, table_files, unread_files
from schakel.vocabulary import Vocabulary, read_vocabulary
from schakel.work import Workers

__all__ = ["STAGES", "Outcome", "Progress", "build", "check", "record_evidence"]

STAGES: Final = ("reading", "mapping", "reasoning", "validating", "publishing")

# In a graph of more statements than this questions are answered when they are asked: about all things at once they take long, and give what none reads.
_ANSWERED_FOR_ALL: Final = 200_000

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


@dataclass(frozen=True)
class _Content:
    """What a project holds, read and not yet worked on."""

    vocabulary: Vocabulary
    shapes: Sequence[Triple]
    queries: Sequence[CannedQuery]
    checks: Sequence[validation.Check]
    prefixes: Mapping[str, str]
    tables: Sequence[Table]
    constructs: Mapping[str, mapping.Construct]
    sources: Mapping[str, evidence.Source]
    lock: evidence.Lock
    complete: bool


@dataclass
class _Graph:
    """The knowledge graph as the stages have left it, with what was found on the way."""

    content: _Content
    dataset: Dataset
    findings: list[Finding]
    results: Sequence[validation.Result]
    whole: export.Merged
    entities: export.Entities


def build(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True) -> Outcome:
    """Build the graph and publish it, unless a finding blocks that. The report is written in either case.

    Without `caching` nothing of earlier runs is used, and nothing kept for later ones. Raises SchakelError where the work cannot be done.
    """
    with _workers(settings, caching=caching) as workers:
        graph = _judged(settings, workers, progress)
        findings = sorted(graph.findings, key=Finding.sort_key)
        blocked = bool(blocking(findings, settings.blocks))
        _write_report(settings, findings, graph, published=False)
        published = 0
        if not blocked:
            progress("publishing")
            published = export.publish(settings.publication, _files(graph, findings, settings, workers))
            _write_report(settings, findings, graph, published=True)
            workers.cache.tidy()
    return Outcome(tuple(findings), blocked, graph.dataset.count(), _passages(graph.dataset, settings), published)


def _files(graph: _Graph, findings: Sequence[Finding], settings: Settings, workers: Workers) -> Iterator[tuple[str, export.Content]]:
    about = _about(settings, graph.content.prefixes)
    report = export.report_files(findings, validation.report_graph(graph.results, settings.base), settings.base, graph.content.prefixes, published=True)
    yield from report.items()
    answers = _answers(graph, settings)
    yield from export.publication_files(about, graph.dataset, graph.whole, graph.entities, answers=answers, findings=findings, workers=workers)


def check(settings: Settings, progress: Progress = lambda _: None, *, caching: bool = True) -> Outcome:
    """Do all that a build does but publish; verify the passages too, where the captured pages are at hand."""
    with _workers(settings, caching=caching) as workers:
        graph = _judged(settings, workers, progress)
    if settings.captures is not None:
        graph.findings = evidence.each_told_once([*graph.findings, *_verify(graph.content, _captures(settings))])
    findings = sorted(graph.findings, key=Finding.sort_key)
    _write_report(settings, findings, graph, published=False)
    blocked = bool(blocking(findings, settings.blocks))
    return Outcome(tuple(findings), blocked, graph.dataset.count(), _passages(graph.dataset, settings), verified=settings.captures is not None)


def record_evidence(settings: Settings) -> Outcome:
    """Find every passage in its captured page, and write the lock, unless a finding blocks that.

    Raises NoCapturesError where no captured pages are at hand.
    """
    tables, findings = read_tables(settings.data, settings.root)
    sources, problems = evidence.read_sources(tables, _relative(settings, f"{evidence.SOURCES}.csv"))
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


def _workers(settings: Settings, *, caching: bool) -> Workers:
    size = sum(path.stat().st_size for path in table_files(settings.data))
    return Workers.for_size(size, Cache(settings.cache) if caching else NoCache())


def _judged(settings: Settings, workers: Workers, progress: Progress) -> _Graph:
    """Read, map, reason and validate; where what was read and mapped blocks a publication already, reasoning about the rest would only mislead."""
    inference.engine_named(settings.reasoner)
    validation.engine_named(settings.validator)
    progress("reading")
    content, findings = _read(settings)
    progress("mapping")
    dataset, trace, problems = _map(content, settings, workers)
    findings = evidence.each_told_once([*findings, *problems])
    results: Sequence[validation.Result] = ()
    sound = not blocking(findings, settings.blocks)
    if sound:
        progress("reasoning")
        findings += _reason(dataset, content.vocabulary, settings)
    whole = export.merge(dataset.all_pieces(), _about(settings, content.prefixes), workers)
    if sound:
        progress("validating")
        results, problems = _validate(content, dataset, whole, trace, settings)
        findings += problems
    entities = export.Entities(whole.segments, settings.base)
    # Of what will not be published none needs to know that it would get no file.
    findings += [] if blocking(findings, settings.blocks) else entities.findings
    return _Graph(content, dataset, findings, results, whole, entities)


def _read(settings: Settings) -> tuple[_Content, list[Finding]]:
    vocabulary, in_vocabulary = read_vocabulary(settings.ontology, settings.root, settings.base)
    shapes, in_shapes = read_rdf_files(sorted(settings.shapes.rglob("*.ttl")), settings.root, settings.base)
    tables, in_tables = read_tables(settings.data, settings.root)
    constructs, in_mappings = mapping.read_constructs(settings.data, settings.root, tables)
    sources, in_sources = evidence.read_sources(tables, _relative(settings, f"{evidence.SOURCES}.csv"))
    lock, in_lock = evidence.read_lock(settings.data / evidence.LOCK, _relative(settings, evidence.LOCK))
    if not any(evidence.cited_passages(tables)):
        in_lock = []
    queries, in_queries = read_queries(settings.queries, settings.root)
    checks, in_checks = validation.read_checks(settings.queries / "checks", settings.root)
    named = validation.named_shapes({path.relative_to(settings.shapes).as_posix(): file.triples for path, file in shapes.items()}, settings.base)
    prefixes = known_prefixes([*vocabulary.prefixes, *(file.prefixes for file in shapes.values())])
    unread = unread_files(settings.data.glob("*"), settings.root, (".csv", ".rq", *RDF_FILES))
    unread += unread_files(settings.queries.rglob("*"), settings.root, (".rq",))
    unread += unread_files([*settings.ontology.rglob("*"), *settings.shapes.rglob("*")], settings.root, (".ttl",))
    complete = len(tables) == len(table_files(settings.data)) and not in_lock
    of_sources = {cited: span for cited, span in lock.items() if cited[0] in sources}
    content = _Content(vocabulary, named, list(queries.values()), checks, prefixes, tables, constructs, sources, of_sources, complete)
    return content, [*unread, *in_vocabulary, *in_shapes, *in_tables, *in_mappings, *in_sources, *in_lock, *in_queries, *in_checks]


def _map(content: _Content, settings: Settings, workers: Workers) -> tuple[Dataset, mapping.Trace, list[Finding]]:
    names, dataset = settings.names, Dataset()
    tables = Tables(content.tables, content.constructs, content.sources, content.lock, settings.base, settings.require_passages)
    mapped = map_tables(tables, workers)
    for block in mapped.blocks:
        dataset.add_pieces([block.piece], block.graph)
    files, wrong_in_files, unreadable = mapping.add_files(settings.data, settings.root, names, dataset)
    of_files = [mapping.iris_of(dataset.pieces(graph)) for graph in files]
    dataset.add(content.vocabulary.publishable(), names.vocabulary)
    evidence.describe_evidence(dataset, content.lock, names)
    typed = mapping.iris_of([*dataset.pieces(names.vocabulary), *dataset.pieces(names.provenance)]).typed
    iris = mapping.Iris.together([mapped.iris, *of_files, mapping.Iris(frozenset(), typed)])
    trace = mapping.Trace(mapped.blocks, tables.rows_of, content.constructs, files, settings.base)
    findings = [*unreadable, *mapped.findings, *mapping.ill_typed_literals({**mapped.wrong, **wrong_in_files}, trace)]
    findings += mapping.undefined_terms(dataset, iris, content.vocabulary.terms(), names, trace)
    # With a whole table unread every reference into it would seem to lead nowhere.
    findings += mapping.undefined_references(dataset, iris, names, trace) if content.complete else ()
    return dataset, trace, findings


def _reason(dataset: Dataset, vocabulary: Vocabulary, settings: Settings) -> list[Finding]:
    statements = [piece for name in content_graphs(dataset, settings.names) for piece in dataset.pieces(name)]
    concluded = inference.infer(statements, vocabulary.triples, engine=settings.reasoner)
    dataset.add_pieces([piece_of(b"".join(concluded.triples).splitlines())], settings.names.inferred)
    return [finding("inconsistent", problem=contradiction.problem) for contradiction in concluded.contradictions]


def _validate(
    content: _Content, dataset: Dataset, whole: export.Merged, trace: mapping.Trace, settings: Settings
) -> tuple[Sequence[validation.Result], list[Finding]]:
    def places(graph: NamedNode, triple: Triple) -> Sequence[Place]:
        in_ontology = content.vocabulary.files.get(triple) if graph == settings.names.vocabulary else None
        return trace.triple(graph, triple) if in_ontology is None else (Place(in_ontology),)

    try:
        results = list(validation.validate(whole.segments, content.shapes, engine=settings.validator).results)
    except ShapesUnusableError as error:
        return (), [finding("shapes-unusable", Place(settings.shapes.relative_to(settings.root).as_posix()), problem=error.problem)]
    if content.checks:
        results += validation.run_checks(content.checks, answering(dataset.merged(), settings.base), settings.base, settings.languages)
    stated = [graph for graph in dataset.graphs() if graph != settings.names.inferred]
    return results, validation.tell(results, dataset, stated, of_triple=places)


def _answers(graph: _Graph, settings: Settings) -> list[tuple[CannedQuery, Answer | None]]:
    """Ask every canned query for everything, unless the graph is too large for that."""
    if graph.whole.survey.statements > _ANSWERED_FOR_ALL:
        return [(query, None) for query in graph.content.queries]
    ask = answering(graph.dataset.merged(), settings.base)
    return [(query, ask(query.in_languages(*settings.languages))) for query in graph.content.queries]


def _verify(content: _Content, captures: Path) -> list[Finding]:
    """Find every passage in its page again, and hold the lock against that."""
    pages, missing = evidence.read_captures(content.sources, captures)
    located, unfound = evidence.locate_passages(content.tables, content.sources, pages)
    return [*missing, *unfound, *evidence.verify_lock(content.lock, located, pages, content.tables)]


def _passages(dataset: Dataset, settings: Settings) -> int:
    """Count the passages that state something."""
    return sum(1 for graph in dataset.graphs() if settings.names.is_passage(graph))


def _captures(settings: Settings) -> Path:
    if settings.captures is None:
        raise NoCapturesError(None)
    if not settings.captures.is_dir():
        raise NoCapturesError(settings.captures)
    return settings.captures


def _write_report(settings: Settings, findings: Sequence[Finding], graph: _Graph, *, published: bool) -> None:
    files = export.report_files(findings, validation.report_graph(graph.results, settings.base), settings.base, graph.content.prefixes, published=published)
    settings.report.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (settings.report / name).write_bytes(content)


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def _relative(settings: Settings, name: str) -> str:
    return (settings.data / name).relative_to(settings.root).as_posix()


def _about(settings: Settings, prefixes: Mapping[str, str]) -> export.About:
    return export.About(
        settings.base, settings.title, settings.description, settings.publisher, settings.licence, settings.version, settings.languages, prefixes
    )
