"""From content to a knowledge graph: mapped, reasoned about, judged."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pyoxigraph import NamedNode, Triple

from schakel import evidence, export, inference, mapping, validation
from schakel.build.content import Content
from schakel.build.languages import page_languages
from schakel.build.once import check_once, infer_once
from schakel.build.run import Run
from schakel.build.tables import Tables, map_tables
from schakel.build.validating import begin_validating
from schakel.errors import ShapesUnusableError
from schakel.findings import Finding, Place, blocking, finding
from schakel.graph import Dataset, content_graphs
from schakel.settings import Settings

__all__ = ["Graph", "judge", "reasoned_graph"]


@dataclass(frozen=True)
class Graph:
    """The knowledge graph as the stages have left it, with what was found on the way.

    `trace` leads back to the rows. `quads` are being written, where there are processes for it and nothing keeps them from being published.
    `sound`: nothing blocked the reasoning. `entities` are those that get files, None where none do. `judgement` is empty until the shapes have judged.
    `fallback` says why another reasoner was at work than was asked for, if one was.
    """

    content: Content
    dataset: Dataset
    trace: mapping.Trace
    whole: export.Merged
    quads: export.Quads
    findings: Sequence[Finding]
    sound: bool
    fallback: str
    judgement: validation.Judgement
    entities: export.Entities | None = None

    def is_blocked(self, settings: Settings) -> bool:
        """Tell whether what was found keeps it from being published."""
        return bool(blocking(self.findings, settings.blocks))


def reasoned_graph(content: Content, findings: Sequence[Finding], run: Run) -> Graph:
    """Map and reason; where what was read and mapped blocks a publication already, reasoning about the rest would only mislead."""
    run.progress("mapping")
    dataset, trace, problems = _map(content, run)
    findings = evidence.each_told_once([*findings, *problems])
    fallback = ""
    sound = not blocking(findings, run.settings.blocks)
    about = content.about(run.settings)
    # What will surely not be published need not be written; the rest is, while one process reasons.
    quads = export.Quads(dataset if sound and run.publishes else Dataset(), run.settings.names.inferred, about, run.workers)
    if sound:
        run.progress("reasoning")
        problems, fallback = _reason(dataset, content, trace, run)
        findings += problems
        quads.complete(dataset if run.publishes else Dataset())
    whole = export.merge(dataset.all_pieces(), about, run.workers)
    return Graph(content, dataset, trace, whole, quads, findings, sound, fallback, validation.Judgement(()))


def judge(graph: Graph, run: Run) -> Callable[[], Graph]:
    """Begin to validate; give what waits for the graph with all that was found.

    Where there are several processes that goes on in one of them.
    """
    waiting = None
    if graph.sound:
        run.progress("validating")
        waiting = begin_validating(graph.whole, graph.content.shapes, run.settings.validator, run.workers)

    @cache
    def judged() -> Graph:
        judgement, findings = (validation.Judgement(()), list(graph.findings)) if waiting is None else _judged(graph, waiting, run)
        entities = None if run.dumps_only else export.Entities(graph.whole.segments, run.settings.base, page_languages(run.settings))
        # Of what will not be published none needs to know that it would get no file.
        if entities is not None and not blocking(findings, run.settings.blocks):
            findings += entities.findings
        return replace(graph, findings=sorted(findings, key=Finding.sort_key), judgement=judgement, entities=entities)

    return judged


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
    places = {
        place
        for found in trace.triples((quad.graph_name, quad.triple) for quad in clashing if isinstance(quad.graph_name, NamedNode)).values()
        for place in found
    }
    return finding("inconsistent", *sorted(places), problem=inference.in_words(contradiction, content.prefixes))


def _judged(graph: Graph, judgement_of_shapes: Callable[[], validation.Judgement], run: Run) -> tuple[validation.Judgement, list[Finding]]:
    """Wait for the judgement of the shapes, add that of the checks, and find the rows of what is wrong."""
    content, dataset, settings = graph.content, graph.dataset, run.settings
    try:
        judgement = judgement_of_shapes()
    except ShapesUnusableError as error:
        unusable = finding("shapes-unusable", Place(settings.shapes.relative_to(settings.root).as_posix()), problem=error.problem)
        return validation.Judgement(()), [*graph.findings, unusable]
    results = [*judgement.results, *check_once(content.checks, dataset, settings.base, settings.languages, run.cache)]
    stated = [each for each in dataset.graphs() if each != settings.names.inferred]

    def places(wanted: Collection[tuple[NamedNode, Triple]]) -> Mapping[tuple[NamedNode, Triple], Sequence[Place]]:
        files = {pair: content.vocabulary.files.get(pair[1]) for pair in wanted if pair[0] == settings.names.vocabulary}
        in_ontology = {pair: (Place(file),) for pair, file in files.items() if file is not None}
        return {**in_ontology, **graph.trace.triples(pair for pair in wanted if pair not in in_ontology)}

    return replace(judgement, results=results), [*graph.findings, *validation.tell(results, dataset, stated, of_triples=places)]
