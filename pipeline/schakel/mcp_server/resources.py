"""What an assistant can read without a question: the classes and properties in use, the sources, and each thing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from schakel.knowledge_graph import KnowledgeGraph
from schakel.lookup import labels_of
from schakel.mcp_server.descriptions import described

__all__ = ["RESOURCES", "Resource", "read_resource", "thing_template"]

_SCHEMA: Final = "schakel://schema"
_SOURCES: Final = "schakel://sources"
_MOST_FACTS: Final = 500


@dataclass(frozen=True)
class Resource:
    """A resource that every graph has: all are objects of JSON."""

    uri: str
    name: str
    description: str


RESOURCES: Final = (
    Resource(_SCHEMA, "schema", "Classes and properties in use, with their names and how often each is used, and the prefixes that SPARQL may use."),
    Resource(_SOURCES, "sources", "The pages and files that statements were read in."),
)


def thing_template(graph: KnowledgeGraph) -> str:
    """Give the template of URIs (RFC 6570) of things: their own IRIs.

    >>> from schakel.knowledge_graph import KnowledgeGraph
    >>> from schakel.lookup import Context
    >>> thing_template(KnowledgeGraph(None, Context("https://example.org/", {}, ()), {}))
    'https://example.org/{+id}'
    """
    return f"{graph.context.base}{{+id}}"


def read_resource(graph: KnowledgeGraph, uri: str) -> Mapping[str, Any]:
    """Read a resource.

    Raises NotInGraphError where there is no such thing.
    """
    if uri == _SCHEMA:
        return {"classes": list(_terms(graph, _CLASSES)), "properties": list(_terms(graph, _PROPERTIES)), "prefixes": dict(graph.context.prefixes)}
    if uri == _SOURCES:
        return {"sources": list(_sources(graph))}
    return described(graph.entity(uri), graph.context, None, 0, _MOST_FACTS)


_CLASSES: Final = "SELECT ?term (COUNT(DISTINCT ?thing) AS ?uses) WHERE { ?thing a ?term } GROUP BY ?term ORDER BY DESC(?uses) ?term"
_PROPERTIES: Final = "SELECT ?term (COUNT(*) AS ?uses) WHERE { ?thing ?term ?value } GROUP BY ?term ORDER BY DESC(?uses) ?term"
_SOURCE_DOCUMENTS: Final = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX sk: <https://w3id.org/schakel/ns#>
SELECT ?source (SAMPLE(?title) AS ?titled) (COUNT(DISTINCT ?passage) AS ?passages) WHERE {
  ?source a sk:SourceDocument .
  OPTIONAL { ?source dct:title ?title }
  OPTIONAL { ?passage oa:hasSource ?source }
} GROUP BY ?source ORDER BY ?source"""


def _terms(graph: KnowledgeGraph, query: str) -> Iterator[Mapping[str, Any]]:
    rows = graph.source.select(query).rows
    labels = labels_of(graph.source, [term for term, _ in rows if isinstance(term, NamedNode)], graph.context, "en")
    for term, uses in rows:
        if isinstance(term, NamedNode) and isinstance(uses, Literal):
            name = {"name": labels[term].value} if term in labels else {}
            yield {"term": graph.context.short(term), **name, "uses": int(uses.value)}


def _sources(graph: KnowledgeGraph) -> Iterator[Mapping[str, Any]]:
    for source, title, passages in graph.source.select(_SOURCE_DOCUMENTS).rows:
        if isinstance(source, NamedNode) and isinstance(passages, Literal):
            titled = {"title": title.value} if isinstance(title, Literal) else {}
            yield {"source": source.value, **titled, "passages": int(passages.value)}
