"""The files for people, and those of entities and queries."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache as cached
from pathlib import Path
from typing import Final

from schakel import site
from schakel.answers import Answer, answering
from schakel.cache import Cache, NoCache
from schakel.engine import Executor
from schakel.graph import Dataset
from schakel.publish.documents import DocumentWriter
from schakel.publish.dumps import Dump
from schakel.publish.entities import Entities
from schakel.publish.languages import page_languages
from schakel.publish.past import Past
from schakel.publish.publication import Content
from schakel.publish.queries import MOST_ROWS, Answers, query_files
from schakel.publish.reasons import reasons_of
from schakel.publish.site import site_of
from schakel.publish.source_files import source_files
from schakel.publish.statements import dataset_of
from schakel.publish.vocabulary_files import vocabulary_files
from schakel.queries import CannedQuery
from schakel.stages.built import Built
from schakel.stages.dataset import DATASET

__all__ = ["page_files"]

# In a graph of more statements than this, questions are answered when they are asked: all of them at once would take long.
_ANSWERED_AHEAD: Final = 200_000


def page_files(  # noqa: PLR0913, PLR0917  # documents are made of all these
    built: Built, executor: Executor, writer: DocumentWriter, dumps: Sequence[Dump], derivations: Path, cache: Cache | NoCache, past: Past | None = None
) -> Iterator[tuple[str, Content]]:
    """Give the files of entities and queries, and the site."""
    settings, about = built.settings, built.content.about(built.settings)
    entities = Entities(executor, about.base, page_languages(settings))
    built.add(entities.findings)
    yield from entities.files(writer, cache, settings.formats)
    dataset = dataset_of(executor, DATASET)
    yield from source_files(dataset, settings.names, entities.paths, writer) if "trig" in settings.formats else ()
    ask = None if next(dump.statements for dump in dumps) > _ANSWERED_AHEAD else _asking(dataset, about.base)
    in_first = None if ask is None else lambda query: ask(query, settings.languages)
    yield from query_files(about, Answers(built.content.queries, dataset.digest(), in_first), cache)
    yield from vocabulary_files(executor, writer, settings.names.vocabulary)
    in_language = None if ask is None else _in_language(ask, settings.languages)
    reasons = reasons_of(built, dataset, derivations) if ask is not None and derivations.exists() else {}
    yield from site.site_files(site_of(built, dataset, entities.paths, dumps, in_language, reasons, cache, past))


def _asking(dataset: Dataset, base: str) -> Callable[[CannedQuery, Sequence[str]], Answer]:
    """Give what answers canned queries. The graph is loaded when the first is asked; what is the same in several languages is asked once."""

    @cached
    def answering_graph() -> Callable[[str], Answer]:
        return answering(dataset.merged(), base)

    @cached
    def answered(text: str) -> Answer:
        return answering_graph()(text)

    return lambda query, languages: answered(query.in_languages(*dict.fromkeys(languages)))


def _in_language(ask: Callable[[CannedQuery, Sequence[str]], Answer], languages: Sequence[str]) -> Callable[[CannedQuery, str], Answer | None]:
    def in_language(query: CannedQuery, language: str) -> Answer | None:
        answer = ask(query, [language, *languages])
        return answer if len(answer.rows) <= MOST_ROWS else None

    return in_language
