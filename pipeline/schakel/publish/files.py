"""Every file of a publication, in the order in which they are written."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from schakel import site
from schakel.about import About
from schakel.answers import Answer, answering
from schakel.cache import Cache, NoCache
from schakel.engine import Executor, Plan
from schakel.graph import Dataset
from schakel.namespaces import SKOS
from schakel.ntriples import joined, sorted_lines, to_lines
from schakel.publish.catalogue import describe_catalogue, describe_dataset
from schakel.publish.documents.jsonld_context import context_document, context_for
from schakel.publish.documents.lines import turtle
from schakel.publish.dumps import Dump, write_dumps
from schakel.publish.entities import Entities
from schakel.publish.languages import page_languages
from schakel.publish.listing import checksums, index_json
from schakel.publish.property_forms import PropertyForms, declared_forms
from schakel.publish.publication import Content
from schakel.publish.queries import MOST_ROWS, Answers, query_files
from schakel.publish.reasons import reasons_of
from schakel.publish.report import report_of
from schakel.publish.site import site_of
from schakel.publish.statements import dataset_of, statement_lines
from schakel.publish.survey import Survey, survey
from schakel.publish.verification import verify
from schakel.publish.vocabulary_files import vocabulary_files
from schakel.queries import CannedQuery
from schakel.stages.built import Built
from schakel.stages.dataset import DATASET
from schakel.stages.derivations import write_derivations

__all__ = ["publication_files"]

# In a graph of more statements than this, questions are answered when they are asked: all of them at once would take long.
DERIVATIONS: Final = "derivations.parquet"
_ANSWERED_AHEAD: Final = 200_000
_EXAMPLES: Final = 3


def publication_files(built: Built, executor: Executor, folder: Path, cache: Cache | NoCache, *, dumps_only: bool) -> Iterator[tuple[str, Content]]:
    """Give path and content of each file. Large ones are written into a folder, and given by their path there."""
    about = built.content.about(built.settings)
    found = survey(executor, about.base, about.prefixes)
    dumps = write_dumps(executor, folder, base=about.base, prefixes=about.prefixes, forms=_forms(built))
    verify(folder, dumps, everything=about.verify_all)
    yield from ((f"download/{dump.file}", folder / dump.file) for dump in dumps)
    context = context_for(found, about.base, about.prefixes)
    yield "download/context.jsonld", context_document(context)
    yield "download/index.json", index_json(dumps)
    yield "download/SHA256SUMS", checksums(dumps)
    yield from report_of(built, published=True).items()
    yield from _descriptions(executor, about, found, dumps)
    derivations = folder / DERIVATIONS
    if built.reasoned is not None and built.dictionary is not None:
        write_derivations(executor, built.dictionary, built.reasoned, derivations)
    yield from () if dumps_only else _documents(built, executor, found, dumps, derivations, cache)
    if derivations.exists():
        yield f"download/{DERIVATIONS}", derivations


def _documents(  # noqa: PLR0913, PLR0917  # documents are made of all these
    built: Built, executor: Executor, found: Survey, dumps: Sequence[Dump], derivations: Path, cache: Cache | NoCache
) -> Iterator[tuple[str, Content]]:
    """Give the files of entities and queries, and the site."""
    settings, about = built.settings, built.content.about(built.settings)
    entities = Entities(executor, about.base, page_languages(settings))
    built.findings += entities.findings
    yield from entities.files(context_for(found, about.base, about.prefixes), about.prefixes, cache)
    dataset = dataset_of(executor, DATASET)
    ask = None if found.statements > _ANSWERED_AHEAD else _asking(dataset, about.base)
    in_first = None if ask is None else lambda query: ask(query, settings.languages)
    yield from query_files(about, Answers(built.content.queries, dataset.digest(), in_first), cache)
    yield from vocabulary_files(executor, about, settings.names.vocabulary)
    in_language = None if ask is None else _in_language(ask, settings.languages)
    reasons = reasons_of(built, dataset, derivations) if ask is not None and derivations.exists() else {}
    yield from site.site_files(site_of(built, dataset, entities.paths, dumps, in_language, reasons, cache))


def _forms(built: Built) -> PropertyForms:
    """Give the forms of properties in JSON-LD that ontology and shapes declare."""
    triples = (*built.content.vocabulary.triples, *built.content.shapes)
    return declared_forms((str(triple.subject), str(triple.predicate), str(triple.object)) for triple in triples)


def _descriptions(executor: Executor, about: About, found: Survey, dumps: Sequence[Dump]) -> Iterator[tuple[str, bytes]]:
    """Describe the publication in DCAT-AP and in VoID."""
    yield "catalog.ttl", turtle(joined(sorted_lines(to_lines(describe_catalogue(about, dumps)), about.base)), about.base, about.prefixes)
    graphs = next(executor.fetch(_count_of_graphs()))[0]
    described = describe_dataset(about, found, _examples(executor, about.base), dumps, graphs)
    void = turtle(joined(sorted_lines(to_lines(described), about.base)), about.base, about.prefixes)
    yield "void.ttl", void
    yield ".well-known/void", void


def _asking(dataset: Dataset, base: str) -> Callable[[CannedQuery, Sequence[str]], Answer]:
    """Give what answers canned queries. The graph is loaded when the first is asked; what is the same in several languages is asked once."""

    @cache
    def answering_graph() -> Callable[[str], Answer]:
        return answering(dataset.merged(), base)

    @cache
    def answered(text: str) -> Answer:
        return answering_graph()(text)

    return lambda query, languages: answered(query.in_languages(*dict.fromkeys(languages)))


def _in_language(ask: Callable[[CannedQuery, Sequence[str]], Answer], languages: Sequence[str]) -> Callable[[CannedQuery, str], Answer | None]:
    def in_language(query: CannedQuery, language: str) -> Answer | None:
        answer = ask(query, [language, *languages])
        return answer if len(answer.rows) <= MOST_ROWS else None

    return in_language


def _count_of_graphs() -> Plan:
    return exp.select(exp.Count(this=exp.Distinct(expressions=[column("g")]))).from_(DATASET)


def _examples(executor: Executor, base: str) -> Iterator[str]:
    """Name a few things below the base that have a label, in order."""
    own = exp.Literal.string(f"<{base}")
    labelled = exp.and_(
        exp.EQ(this=column("spelling", "predicate"), expression=exp.Literal.string(str(SKOS.prefLabel))),
        exp.StartsWith(this=column("spelling", "subject"), expression=own),
    )
    plan = statement_lines().where(labelled)
    plan.set("expressions", [column("text", "subject")])
    return (iri for (iri,) in executor.fetch(plan.distinct().order_by(column("text", "subject")).limit(_EXAMPLES)))
