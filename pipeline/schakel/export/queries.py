"""The canned queries in a publication: each with its answer as a page, a table and JSON, and a list of all of them for machines."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel.answers import FORMATS, Answer, shown
from schakel.cache import Cache, NoCache, key_of
from schakel.export.about import About
from schakel.export.packing import packed, unpacked
from schakel.export.pages import link, page, table
from schakel.findings import in_language
from schakel.graph import Term
from schakel.queries import CannedQuery, differs_each_time

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


def query_files(about: About, answers: Answers, files: Mapping[str, str], cache: Cache | NoCache) -> Iterator[tuple[str, bytes]]:
    """Give path and content of the files of each query. `files` are paths of entities' files by IRI.

    A query that was not answered, or with more than MOST_ROWS rows, has no answer there, not even a part of one, and its page says so.
    """
    common = key_of(answers.graph, str(answers.ask is None), repr((about.base, about.languages, sorted(about.prefixes.items()))))
    for query in answers.queries:
        name = key_of(common, query.name, query.text)
        kept = None if differs_each_time(query.text) else cache.get("answers", name)
        if kept is None:
            kept = packed(_files_of(about, query, answers.ask, files))
            cache.put("answers", name, kept)
        yield from unpacked(kept)
    yield "queries/index.json", queries_index(about, answers.queries)


def _files_of(about: About, query: CannedQuery, ask: Callable[[CannedQuery], Answer] | None, files: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    answer = None if ask is None else ask(query)
    published = answer if answer is not None and len(answer.rows) <= MOST_ROWS else None
    yield f"queries/{query.name}.rq", query.text.encode()
    if published is not None:
        yield f"queries/{query.name}.csv", FORMATS["csv"](published)
        yield f"queries/{query.name}.json", FORMATS["json"](published)
    yield f"queries/{query.name}.html", _page(about, query, published, files)


def queries_index(about: About, queries: Sequence[CannedQuery]) -> bytes:
    """List the queries for machines, with what it takes to ask them: base, prefixes, languages, and each query's parameters and columns."""
    listed = [
        {
            "name": query.name,
            "title": query.title,
            "description": query.description,
            "category": query.category,
            "tags": query.tags,
            "parameters": [{"name": p.name, "variable": p.variable, "type": p.kind, "required": p.required, "description": p.description} for p in query.asks],
            "columns": query.columns,
        }
        for query in queries
    ]
    about_all: dict[str, Any] = {"base": about.base, "languages": list(about.languages), "prefixes": dict(sorted(about.prefixes.items()))}
    return (json.dumps({**about_all, "queries": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def _page(about: About, query: CannedQuery, answer: Answer | None, files: Mapping[str, str]) -> bytes:
    language = about.languages[0]
    ways = [("rq", "SPARQL"), *([("csv", "CSV"), ("json", "JSON")] if answer is not None else [])]
    links = " · ".join(link(f"{query.name}.{suffix}", text) for suffix, text in ways)
    if answer is None:
        body = "<p>The answer for everything is not published, as the graph or the answer is too large; ask about one thing.</p>\n"
    else:
        body = table([*answer.columns], ([_cell(term, about, files) for term in row] for row in answer.rows))
    text = f"<p>{escape(in_language(query.description, language))}</p>\n<p>{links}</p>\n{body}<h2>SPARQL</h2>\n<pre>{escape(query.text)}</pre>\n"
    return page(language, in_language(query.title, language), text)


def _cell(term: Term | None, about: About, files: Mapping[str, str]) -> str:
    if term is None:
        return ""
    text = escape(shown(term, about.prefixes, about.base))
    if isinstance(term, NamedNode):
        path = files.get(term.value.partition("#")[0])
        return text if path is None else f'<a href="../{escape(path)}.ttl">{text}</a>'
    return f'<span lang="{escape(term.language)}">{text}</span>' if isinstance(term, Literal) and term.language else text
