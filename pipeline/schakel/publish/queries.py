"""The canned queries in a publication: each with its answer as CSV and JSON, and a list of all of them for machines."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from schakel.about import About
from schakel.answers import FORMATS, Answer
from schakel.cache import Cache, NoCache, key_of
from schakel.file_bundle import packed, unpacked
from schakel.publish.query_examples import examples_file
from schakel.queries import CannedQuery, Parameter, differs_each_time

__all__ = ["MOST_ROWS", "Answers", "queries_index", "query_files"]

# Longer answers are for whoever asks; a page of them would serve nobody.
MOST_ROWS: Final = 10_000


@dataclass(frozen=True)
class Answers:
    """What answers the canned queries about a graph.

    `graph` names the graph: the same name, the same answers. `ask` is None where it is too large to be asked.
    """

    queries: Sequence[CannedQuery]
    graph: str
    ask: Callable[[CannedQuery], Answer] | None


def query_files(about: About, answers: Answers, cache: Cache | NoCache) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the files of each query.

    A query that was not answered, or with more than MOST_ROWS rows, has no answer there, not even a part of one.
    """
    common = key_of(answers.graph, str(answers.ask is None), repr((about.base, about.languages, sorted(about.prefixes.items()))))
    for query in answers.queries:
        name = key_of(common, query.name, query.text)
        kept = None if differs_each_time(query.text) else cache.get("answers", name)
        if kept is None:
            kept = packed(_files_of(query, answers.ask))
            cache.put("answers", name, kept)
        yield from unpacked(kept)
    yield "queries/index.json", queries_index(about, answers.queries)
    if answers.queries:
        yield "queries/examples.ttl", examples_file(about, answers.queries)


def _files_of(query: CannedQuery, ask: Callable[[CannedQuery], Answer] | None) -> Iterator[tuple[str, bytes]]:
    answer = None if ask is None else ask(query)
    published = answer if answer is not None and len(answer.rows) <= MOST_ROWS else None
    yield f"queries/{query.name}.rq", query.text.encode()
    if published is not None:
        yield f"queries/{query.name}.csv", FORMATS["csv"](published)
        yield f"queries/{query.name}.json", FORMATS["json"](published)


def _parameter(each: Parameter, query: CannedQuery) -> dict[str, Any]:
    """Describe a parameter for machines; `filters` is the column of the published answer that it filters, for whoever has that answer already."""
    former = [old for old, new in query.former_names.items() if new == each.name]
    return {
        "name": each.name,
        "variable": each.variable,
        "type": each.kind,
        "required": each.required,
        "description": each.description,
        **({"filters": each.column} if each.column else {}),
        **({"formerly": former} if former else {}),
    }


def queries_index(about: About, queries: Sequence[CannedQuery]) -> bytes:
    """List the queries for machines, with what it takes to ask them: base, prefixes, languages, and each query's parameters and columns."""
    listed = [
        {
            "name": query.name,
            "title": query.title,
            "description": query.description,
            "category": query.category,
            "tags": query.tags,
            "parameters": [_parameter(each, query) for each in query.asks],
            "columns": query.columns,
            **({"picture": query.picture} if query.picture else {}),
        }
        for query in queries
    ]
    about_all: dict[str, Any] = {"base": about.base, "languages": list(about.languages), "prefixes": dict(sorted(about.prefixes.items()))}
    return (json.dumps({**about_all, "queries": listed}, ensure_ascii=False, indent=1) + "\n").encode()
