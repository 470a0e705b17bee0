"""What the endpoint says of itself: a service description, as SPARQL 1.1 has it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from schakel.namespaces import RDF, VOID, Namespace

__all__ = ["DESCRIPTIONS", "describe_service"]

_SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "TriG",
    "N-Quads",
)
# Named graphs are many; a description names so many of them, the first of the alphabet.
_MOST_GRAPHS: Final = 100
DESCRIPTIONS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def describe_service(base: str, graphs: Sequence[str], media_type: str) -> bytes:
    """Describe the endpoint of a dataset; there are no blank nodes in it."""
    content = ox.serialize(_statements(base, graphs), format=DESCRIPTIONS[media_type], prefixes={"sd": _SD.iri, "void": VOID.iri})
    return cast("bytes", content)


def _statements(base: str, graphs: Sequence[str]) -> Iterator[Triple]:
    service, dataset, merged = (NamedNode(f"{base}{path}") for path in ("sparql", "sparql#dataset", "sparql#default-graph"))
    yield Triple(service, RDF.type, _SD.Service)
    yield Triple(service, _SD.endpoint, service)
    yield Triple(service, _SD.supportedLanguage, _SD.SPARQL11Query)
    for name in _RESULTS:
        yield Triple(service, _SD.resultFormat, NamedNode(_FORMATS + name))
    yield Triple(service, _SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, _SD.Dataset)
    yield Triple(dataset, _SD.defaultGraph, merged)
    yield Triple(merged, RDF.type, _SD.Graph)
    for graph in graphs[:_MOST_GRAPHS]:
        named = NamedNode(f"{graph}")
        yield Triple(dataset, _SD.namedGraph, named)
        yield Triple(named, RDF.type, _SD.NamedGraph)
        yield Triple(named, _SD.name, named)
