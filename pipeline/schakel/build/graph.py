"""From content to a knowledge graph: mapped, reasoned about, judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Triple

from schakel import evidence, export, inference, mapping, validation
from schakel.build.content import Content
from schakel.build.languages import page_languages
from schakel.build.once import check_once, infer_once, validate_once
from schakel.build.run import Run
from schakel.build.tables import Tables, map_tables
from schakel.errors import ShapesUnusableError
from schakel.findings import Finding, Place, blocking, finding
from schakel.graph import Dataset, content_graphs

__all__ = ["Graph", "judged_graph"]


@dataclass(frozen=True)
class Graph:
    """The knowledge graph as the stages have left it, with what was found on the way.

    `entities` are those that get files, None where none do. `fallback` says why another reasoner was at work than was asked for, if one was.
    """

    content: Content
    dataset: Dataset
    whole: export.Merged
    entities: export.Entities | None
    findings: Sequence[Finding]
    judgement: validation.Judgement
    fallback: str


def judged_graph(content: Content, findings: Sequence[Finding], run: Run) -> Graph:
    """Map, reason and validate; where what was read and mapped blocks a publication already, reasoning about the rest would only mislead."""
    run.progress("mapping")
    dataset, trace, problems = _map(content, run)
    findings = evidence.each_told_once([*findings, *problems])
    fallback, judgement = "", validation.Judgement(())
    sound = not blocking(findings, run.settings.blocks)
    if sound:
        run.progress("reasoning")
        problems, fallback = _reason(dataset, content, trace, run)
        findings += problems
    whole = export.merge(dataset.all_pieces(), content.about(run.settings), run.workers)
    if sound:
        run.progress("validating")
        judgement, problems = _validate(content, dataset, whole, trace, run)
        findings += problems
    entities = None if run.dumps_only else export.Entities(whole.segments, run.settings.base, page_languages(run.settings))
    # Of what will not be published none needs to know that it would get no file.
    if entities is not None and not blocking(findings, run.settings.blocks):
        findings += entities.findings
    return Graph(content, dataset, whole, entities, sorted(findings, key=Finding.sort_key), judgement, fallback)


def _map(content: Content, run: Run) -> tuple[Dataset, mapping.Trace, list[Finding]]:
    settings, names, dataset = run.settings, run.settings.names, Dataset()
    tables = Tables(content.read, content.constructs, content.sources, content.lock, settings.base, settings.require_passages)
    mapped = map_tables(tables, run.workers)
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


def _reason(dataset: Dataset, content: Content, trace: mapping.Trace, run: Run) -> tuple[list[Finding], str]:
    """Add what follows; give the contradictions, and why another engine reasoned than was asked for, if one did."""
    statements = [piece for name in content_graphs(dataset, run.settings.names) for piece in dataset.pieces(name)]
    concluded = infer_once(statements, content.vocabulary.triples, run.settings.reasoner, run.cache)
    dataset.add_pieces(concluded.triples, run.settings.names.inferred)
    findings = [_inconsistent(each, content, dataset, trace) for each in concluded.contradictions]
    findings += [finding("reasoned-by-reference", problem=concluded.fallback)] if concluded.fallback else []
    return findings, concluded.fallback


def _inconsistent(contradiction: inference.Contradiction, content: Content, dataset: Dataset, trace: mapping.Trace) -> Finding:
    stated = dataset.about(*(each.subject for each in contradiction.statements if isinstance(each.subject, NamedNode)))
    clashing = (quad for quads in stated.values() for quad in quads if quad.triple in contradiction.statements)
    places = {place for quad in clashing if isinstance(quad.graph_name, NamedNode) for place in trace.triple(quad.graph_name, quad.triple)}
    return finding("inconsistent", *sorted(places), problem=inference.in_words(contradiction, content.prefixes))


def _validate(content: Content, dataset: Dataset, whole: export.Merged, trace: mapping.Trace, run: Run) -> tuple[validation.Judgement, list[Finding]]:
    settings = run.settings

    def places(graph: NamedNode, triple: Triple) -> Sequence[Place]:
        in_ontology = content.vocabulary.files.get(triple) if graph == settings.names.vocabulary else None
        return trace.triple(graph, triple) if in_ontology is None else (Place(in_ontology),)

    try:
        judgement = validate_once(whole, content.shapes, settings.validator, run.cache)
    except ShapesUnusableError as error:
        return validation.Judgement(()), [finding("shapes-unusable", Place(settings.shapes.relative_to(settings.root).as_posix()), problem=error.problem)]
    results = [*judgement.results, *check_once(content.checks, dataset, settings.base, settings.languages, run.cache)]
    stated = [graph for graph in dataset.graphs() if graph != settings.names.inferred]
    return replace(judgement, results=results), validation.tell(results, dataset, stated, of_triple=places)
