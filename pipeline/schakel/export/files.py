"""Every file of a publication but the report, one after another, so that no more than one is in memory at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat

from schakel.answers import Answer
from schakel.export.about import About
from schakel.export.catalogue import describe_catalogue, describe_dataset
from schakel.export.dumps import Dump, dump_dataset
from schakel.export.entities import Entities
from schakel.export.jsonld import context_document, context_for
from schakel.export.lines import ntriples, sorted_lines, to_lines, turtle
from schakel.export.pages import index_json, index_page, report_page
from schakel.export.queries import query_files
from schakel.findings import Finding, in_language
from schakel.graph import Dataset
from schakel.namespaces import RDFS, SKOS, curie
from schakel.queries import CannedQuery

__all__ = ["publication_files"]


def publication_files(  # noqa: PLR0913  # a publication is made of all these
    about: About,
    dataset: Dataset,
    merged: Sequence[bytes],
    entities: Entities,
    *,
    answers: Sequence[tuple[CannedQuery, Answer | None]],
    findings: Sequence[Finding],
) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each file. `merged` is the merge of all graphs as sorted lines; `entities` are those of it; `answers` are for everything.

    Raises PublicationIncompleteError where a dump, read back, is not what was written.
    """
    context = context_for(merged, about.base, about.prefixes)
    dumps: list[Dump] = []
    for dump, content in dump_dataset(dataset, merged, context, about):
        dumps.append(dump)
        yield f"download/{dump.file}", content
    yield "download/context.jsonld", context_document(context)
    yield "download/index.json", index_json(dumps)
    yield from entities.files(context, about.prefixes)
    yield from query_files(about, answers, entities.paths)
    yield "catalog.ttl", turtle(sorted_lines(to_lines(describe_catalogue(about, dumps)), about.base), about.base, about.prefixes)
    triples = [quad.triple for quad in ox.parse(ntriples(merged), format=RdfFormat.N_TRIPLES)]
    void = turtle(sorted_lines(to_lines(describe_dataset(about, triples, dumps, len(dataset.graphs()))), about.base), about.base, about.prefixes)
    yield "void.ttl", void
    yield ".well-known/void", void
    yield "report.html", report_page(about, findings)
    yield "index.html", index_page(about, dumps, [query for query, _ in answers], _by_kind(about, dataset, entities), len(findings))


def _by_kind(about: About, dataset: Dataset, entities: Entities) -> dict[str, list[tuple[str, str]]]:
    """Entities with a name, by the label of each class that they are stated to have."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for solution in dataset.select(f"SELECT DISTINCT ?entity ?class ?label {{ ?entity a ?class ; {SKOS.prefLabel} ?label FILTER(isIRI(?class)) }}"):
        entity, kind, label = solution["entity"], solution["class"], solution["label"]
        if isinstance(entity, NamedNode) and entity.value in entities.paths:
            found[kind.value][entities.paths[entity.value]][label.language or ""] = label.value
    language = about.languages[0]
    named = {_class_label(dataset, kind, language): {path: in_language(labels, language) for path, labels in items.items()} for kind, items in found.items()}
    return {kind: sorted(named[kind].items(), key=lambda item: (item[1].casefold(), item[0])) for kind in sorted(named, key=str.casefold)}


def _class_label(dataset: Dataset, iri: str, language: str) -> str:
    labels = dataset.select(f"SELECT ?label {{ <{iri}> {RDFS.label} ?label }}")
    return in_language({solution["label"].language or "": solution["label"].value for solution in labels}, language) or curie(iri)
