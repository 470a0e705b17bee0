"""Which passages say what the rows of an answer say, so that an assistant can quote them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from schakel.graph import Term
from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import Source, read_sources

__all__ = ["passages_of", "quotation"]

_PER_ROW: Final = 3


def passages_of(graph: KnowledgeGraph, rows: Sequence[Sequence[Term | None]], language: str | None) -> tuple[list[list[int]], list[Mapping[str, Any]]]:
    """Give for each row the numbers of up to three passages, and the passages themselves: those that the row names, else those that speak of all its things.

    What no passage speaks of, such as a class or a concept, asks for none. A row gets no passage where none speaks of all the rest.
    """
    things = [[term for term in row if isinstance(term, NamedNode)] for row in rows]
    speaking = _speaking(graph, {thing for row in things for thing in row})
    shared = [_shared([speaking[thing] for thing in row if thing in speaking]) for row in things]
    cited = {each for row in (*things, *shared) for each in row}
    found = {each: source for each, source in read_sources(graph.source, cited, graph.context, language).items() if source.first_words}
    named = [[each for each in row if each in found] for row in things]
    chosen = [
        sorted((each for each in (own or row) if each in found), key=lambda each: (len(_words(found[each])), each.value))[:_PER_ROW]
        for own, row in zip(named, shared, strict=True)
    ]
    numbers = {each: number for number, each in enumerate(dict.fromkeys(each for row in chosen for each in row), 1)}
    return [[numbers[each] for each in row] for row in chosen], [{"number": number, **quotation(found[each])} for each, number in numbers.items()]


def quotation(source: Source) -> dict[str, str]:
    """Give the words of a passage, and where they are; of a long one the first and last words, with … between them.

    >>> node = NamedNode("https://example.org/source/page")
    >>> quotation(Source(NamedNode("https://example.org/source/page#p1"), node, None, "The tower", "at dusk."))["words"]
    'The tower … at dusk.'
    """
    title = {} if source.page_title is None else {"title": source.page_title.value}
    return {"words": _words(source), **title, "source": source.page.value, "passage": source.passage.value}


def _words(source: Source) -> str:
    return " … ".join(part for part in (source.first_words, source.last_words) if part)


def _speaking(graph: KnowledgeGraph, things: Iterable[NamedNode]) -> Mapping[NamedNode, set[NamedNode]]:
    """Give the graphs of passages that have a thing as subject or object."""
    listed = " ".join(str(each) for each in sorted(things, key=lambda each: each.value))
    speaking: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    if listed:
        answer = graph.source.select(f"""
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT DISTINCT ?thing ?passage WHERE {{
  VALUES ?thing {{ {listed} }}
  {{ GRAPH ?passage {{ ?thing ?p ?o }} }} UNION {{ GRAPH ?passage {{ ?s ?p ?thing }} }}
  ?passage oa:hasSource ?page .
}}""")
        for thing, passage in answer.rows:
            if isinstance(thing, NamedNode) and isinstance(passage, NamedNode):
                speaking[thing].add(passage)
    return speaking


def _shared(sets: Sequence[set[NamedNode]]) -> set[NamedNode]:
    return set.intersection(*sets) if sets else set()
