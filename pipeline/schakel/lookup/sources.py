"""Where a statement was read: the passage, the page, and the words that the passage begins and ends with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from schakel.answers.backend import Backend
from schakel.graph import Term
from schakel.lookup.context import Context, language_rank
from schakel.lookup.sparql import HEADER, blocks, values

__all__ = ["Source", "read_sources"]


@dataclass(frozen=True)
class Source:
    """A passage, or a source that is cited as a whole; `page` is the source in either case.

    A short passage is quoted whole in `first_words`, and `last_words` is None; a source cited as a whole has neither.
    """

    passage: NamedNode
    page: NamedNode
    page_title: Literal | None
    first_words: str | None
    last_words: str | None


def read_sources(backend: Backend, graphs: Iterable[NamedNode], context: Context, language: str | None) -> Mapping[NamedNode, Source]:
    """Read which of the graphs are passages or sources, and of which page."""
    rank = language_rank(context, language)
    found: dict[NamedNode, tuple[tuple[int, str], Source]] = {}
    for block in blocks(graphs):
        answer = backend.select(f"""{HEADER}
SELECT ?passage ?page ?title ?first ?last WHERE {{
  {{ {values("passage", block)} ?passage oa:hasSource ?page }} UNION {{ {values("passage", block)} ?passage a sk:SourceDocument BIND(?passage AS ?page) }}
  OPTIONAL {{ ?page dct:title ?title }}
  OPTIONAL {{ ?passage sk:firstWords ?first OPTIONAL {{ ?passage sk:lastWords ?last }} }}
}}""")
        for passage, page, title, first, last in answer.rows:
            if isinstance(passage, NamedNode) and isinstance(page, NamedNode):
                page_title = title if isinstance(title, Literal) else None
                source = Source(passage, page, page_title, _text(first), _text(last))
                # Of titles in several languages, the one most wanted.
                key = (rank(page_title.language if page_title else None), str(page_title or ""))
                found[passage] = min(found.get(passage, (key, source)), (key, source), key=lambda item: item[0])
    return {passage: source for passage, (_, source) in found.items()}


def _text(term: Term | None) -> str | None:
    return term.value if isinstance(term, Literal) else None
