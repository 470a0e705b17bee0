"""What the endpoint says of itself: a service description, as SPARQL 1.1 has it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from schakel.namespaces import DCAT, DCT, RDF, VOID, Namespace

__all__ = ["DESCRIPTIONS", "describe_access", "describe_service"]

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
    "N3",
    "JSON-LD",
    "TriG",
    "N-Quads",
)
# A graph for each passage: of a very large publication the description names the first of the alphabet.
_MOST_GRAPHS: Final = 10_000
# Below the address of a publication that is served: what there is, where it is described, and what it conforms to.
_SERVICES: Final = (
    ("sparql", "SPARQL endpoint", "sparql", "https://www.w3.org/TR/sparql11-protocol/"),
    ("graph", "Named graphs", "sparql", "https://www.w3.org/TR/sparql11-http-rdf-update/"),
    ("api/", "Canned queries", "api/openapi.json", "https://spec.openapis.org/oas/v3.1.0"),
    ("reconcile", "Reconciliation of names", "reconcile", "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"),
)
DESCRIPTIONS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def describe_service(base: str, address: str, graphs: Sequence[str], media_type: str) -> bytes:
    """Describe the endpoint of a dataset that is served at an address, which ends in a slash; there are no blank nodes in it."""
    statements = [*_statements(address, graphs), *_access(base, address)]
    content = ox.serialize(statements, format=DESCRIPTIONS[media_type], prefixes={"dcat": DCAT.iri, "dct": DCT.iri, "sd": _SD.iri, "void": VOID.iri})
    return cast("bytes", content)


def describe_access(base: str, address: str) -> bytes:
    """Write in Turtle how a dataset that is served at an address can be asked: in VoID, and in DCAT as services of its catalogue."""
    return cast("bytes", ox.serialize(_access(base, address), format=ox.RdfFormat.TURTLE, prefixes={"dcat": DCAT.iri, "dct": DCT.iri, "void": VOID.iri}))


def _access(base: str, address: str) -> Iterator[Triple]:
    dataset, catalogue = NamedNode(f"{base}dataset"), NamedNode(f"{base}catalog")
    yield Triple(dataset, VOID.sparqlEndpoint, NamedNode(f"{address}sparql"))
    for path, title, description, standard in _SERVICES:
        service = NamedNode(address + path)
        yield Triple(catalogue, DCAT.service, service)
        yield Triple(service, RDF.type, DCAT.DataService)
        yield Triple(service, DCT.title, Literal(title, language="en"))
        yield Triple(service, DCT.conformsTo, NamedNode(standard))
        yield Triple(service, DCAT.endpointURL, service)
        yield Triple(service, DCAT.endpointDescription, NamedNode(address + description))
        yield Triple(service, DCAT.servesDataset, dataset)


def _statements(address: str, graphs: Sequence[str]) -> Iterator[Triple]:
    service, dataset, merged = (NamedNode(f"{address}{path}") for path in ("sparql", "sparql#dataset", "sparql#default-graph"))
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
        # Named by where its statements can be had.
        named = NamedNode(f"{address}graph?graph={quote(graph, safe='')}")
        yield Triple(dataset, _SD.namedGraph, named)
        yield Triple(named, RDF.type, _SD.NamedGraph)
        yield Triple(named, _SD.name, NamedNode(graph))
