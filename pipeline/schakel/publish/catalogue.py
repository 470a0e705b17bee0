"""The catalogue: what is published, described in DCAT-AP 3.0.1 and in VoID. No clock: a date is only given where settings or data have one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.catalogue_metadata import authority_term
from schakel.namespaces import DCAT, DCT, FOAF, OWL, RDF, RDFS, VOID, XSD, Namespace
from schakel.publish.catalogue_terms import authority_statements, concept, describe_agents, describe_coverage, describe_licence, describe_service, licence_of
from schakel.publish.dumps import Dump
from schakel.publish.survey import Survey

__all__ = ["describe_catalogue", "describe_dataset"]

_AVAILABILITY = NamedNode("http://data.europa.eu/r5r/availability")
_IANA = Namespace("https://www.iana.org/assignments/media-types/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
# Languages and formats as the European Union's authority tables name them.
_LANGUAGES = {"en": "ENG", "nl": "NLD", "nb": "NOB", "nn": "NNO", "no": "NOR", "de": "DEU", "fr": "FRA", "sv": "SWE", "da": "DAN", "es": "SPA", "it": "ITA"}
_FILE_TYPES = {".ttl": "RDF_TURTLE", ".nt": "RDF_N_TRIPLES", ".jsonld": "JSON_LD", ".trig": "RDF_TRIG", ".nq": "RDF_N_QUADS"}

# Signs that mean something in the regular expressions of XPath and of others alike; `re.escape` writes more than those allow.
_SPECIAL = re.compile(r"[][\\.*+?^${}()|]")
_ESCAPED = r"\\\g<0>"


def describe_catalogue(about: About, dumps: Sequence[Dump]) -> Iterator[Triple]:
    """Give the DCAT-AP description: a catalogue of one dataset, with a distribution a dump, and with the service that the settings name."""
    catalogue, dataset, licence = NamedNode(f"{about.base}catalog"), about.dataset, licence_of(about)
    yield Triple(catalogue, RDF.type, DCAT.Catalog)
    yield Triple(catalogue, DCT.identifier, Literal(catalogue.value))
    yield Triple(catalogue, DCT.license, licence)
    yield Triple(catalogue, DCAT.dataset, dataset)
    yield Triple(catalogue, FOAF.homepage, NamedNode(about.base))
    yield Triple(NamedNode(about.base), RDF.type, FOAF.Document)
    yield from describe_licence(about)
    yield Triple(dataset, RDF.type, DCAT.Dataset)
    yield Triple(dataset, DCAT.landingPage, NamedNode(about.site))
    yield Triple(NamedNode(about.site), RDF.type, FOAF.Document)
    yield Triple(dataset, DCT.identifier, Literal(about.catalogue.identifier or dataset.value))
    yield Triple(dataset, DCAT.version, Literal(about.version))
    if about.date:
        yield Triple(dataset, DCT.modified, Literal(about.date, datatype=XSD.date))
    service = [NamedNode(f"{catalogue.value}#sparql")] if about.catalogue.endpoint else []
    for node in (catalogue, dataset, *service):
        yield from _texts(node, about)
        yield from (Triple(node, DCT.language, language) for language in _languages(about))
    for language in _languages(about):
        yield from authority_statements(about, language, "language", DCT.LinguisticSystem)
    yield from describe_agents(about, catalogue)
    yield from describe_coverage(about, catalogue)
    yield from describe_service(about, catalogue)
    for dump in dumps:
        yield from _distribution(about, catalogue, dump)


def _languages(about: About) -> Sequence[NamedNode]:
    return [NamedNode(authority_term("language", _LANGUAGES[each])) for each in about.languages if each in _LANGUAGES]


def _texts(node: NamedNode, about: About) -> Iterator[Triple]:
    for language, text in sorted(about.title.items()):
        yield Triple(node, DCT.title, Literal(text, language=language))
    for language, text in sorted(about.description.items()):
        yield Triple(node, DCT.description, Literal(text, language=language))


def _distribution(about: About, catalogue: NamedNode, dump: Dump) -> Iterator[Triple]:
    node = NamedNode(f"{catalogue.value}#{dump.file}")
    address = NamedNode(f"{about.site}download/{dump.file}")
    media_type = _IANA[dump.media_type]
    file_type = NamedNode(authority_term("file-type", _FILE_TYPES["." + dump.file.rpartition(".")[2]]))
    yield Triple(about.dataset, DCAT.distribution, node)
    yield Triple(node, RDF.type, DCAT.Distribution)
    yield Triple(node, DCT.title, Literal(dump.file))
    what = "All statements, asserted and inferred, as one graph." if dump.file.startswith("graph.") else "The dataset with its named graphs."
    yield Triple(node, DCT.description, Literal(what, language="en"))
    yield Triple(node, DCAT.accessURL, address)
    yield Triple(node, DCAT.downloadURL, address)
    yield Triple(address, RDF.type, RDFS.Resource)
    yield Triple(node, DCAT.mediaType, media_type)
    yield Triple(media_type, RDF.type, DCT.MediaType)
    yield Triple(node, DCT.format, file_type)
    yield from authority_statements(about, file_type, "file-type", DCT.MediaTypeOrExtent)
    yield Triple(node, DCT.license, licence_of(about))
    yield from (Triple(node, DCT.language, language) for language in _languages(about))
    yield from (Triple(node, DCT.conformsTo, NamedNode(iri)) for iri in about.catalogue.conforms_to)
    if about.catalogue.endpoint:
        yield Triple(node, DCAT.accessService, NamedNode(f"{catalogue.value}#sparql"))
    yield from _integrity(about, node, dump)


def _integrity(about: About, node: NamedNode, dump: Dump) -> Iterator[Triple]:
    """Say how long a dump is, its checksum, and how long it is meant to be available.

    DCAT-AP-NO 2.0 wants sizes as decimals, SHA-1 and other codes of availability, where DCAT-AP 3 wants otherwise: there SHA256SUMS says it alone.
    """
    if about.catalogue.profile == "dcat-ap-no":
        yield Triple(node, DCAT.byteSize, Literal(str(dump.bytes), datatype=XSD.decimal))
        return
    if about.catalogue.availability:
        availability = NamedNode(authority_term("planned-availability", about.catalogue.availability))
        yield Triple(node, _AVAILABILITY, availability)
        yield from concept(availability, about.catalogue.availability.lower())
    checksum = NamedNode(f"{node.value}-checksum")
    yield Triple(node, DCAT.byteSize, Literal(str(dump.bytes), datatype=XSD.nonNegativeInteger))
    yield Triple(node, _SPDX.checksum, checksum)
    yield Triple(checksum, RDF.type, _SPDX.Checksum)
    yield Triple(checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256)
    yield Triple(_SPDX.checksumAlgorithm_sha256, RDF.type, _SPDX.ChecksumAlgorithm)
    yield Triple(checksum, _SPDX.checksumValue, Literal(dump.sha256, datatype=XSD.hexBinary))


def describe_dataset(about: About, survey: Survey, examples: Iterable[str], dumps: Sequence[Dump], graphs: int) -> Iterator[Triple]:
    """Give the VoID description of the merged graph: what it holds, how much of each class and property, and a few things for whoever wants to look at one."""
    node = about.dataset
    yield Triple(node, RDF.type, VOID.Dataset)
    yield from _texts(node, about)
    yield Triple(node, DCT.license, NamedNode(about.licence))
    yield Triple(node, FOAF.homepage, NamedNode(about.base))
    yield from _description(node, about)
    yield Triple(node, VOID.uriSpace, Literal(about.base))
    yield Triple(node, VOID.uriRegexPattern, Literal(f"^{_SPECIAL.sub(_ESCAPED, about.base)}.+"))
    yield Triple(
        node, RDFS.comment, Literal(f"{graphs} named graphs: one a passage or source, and those of conclusions, provenance and vocabulary.", language="en")
    )
    for dump in dumps:
        yield Triple(node, VOID.dataDump, NamedNode(f"{about.site}download/{dump.file}"))
    for feature in ("Turtle", "N-Triples", "JSON-LD", "TriG", "N-Quads"):
        yield Triple(node, VOID.feature, NamedNode(f"http://www.w3.org/ns/formats/{feature}"))
    yield from _counts(node, {"triples": survey.statements, "distinctSubjects": survey.subjects, "distinctObjects": survey.objects})
    yield from _counts(node, {"classes": len(survey.classes), "properties": len(survey.properties), "entities": survey.below_base})
    terms = [*survey.properties, *survey.classes]
    for vocabulary in sorted({namespace for namespace in about.prefixes.values() if any(term.startswith(namespace) for term in terms)}):
        yield Triple(node, VOID.vocabulary, NamedNode(vocabulary))
    yield from _partitions(node, "class", survey.classes, "entities")
    yield from _partitions(node, "property", survey.properties, "triples")
    yield Triple(node, OWL.versionInfo, Literal(about.version))
    for iri in examples:
        yield Triple(node, VOID.exampleResource, NamedNode(iri))


def _description(node: NamedNode, about: About) -> Iterator[Triple]:
    """Say what the file itself is, for whoever comes upon it alone, and who published what it describes."""
    document = NamedNode(f"{about.base}void.ttl")
    publisher = NamedNode(f"{about.base}catalog#publisher")
    yield Triple(document, RDF.type, VOID.DatasetDescription)
    yield Triple(document, FOAF.primaryTopic, node)
    for language, text in sorted(about.title.items()):
        yield Triple(document, DCT.title, Literal(text, language=language))
    yield Triple(node, DCT.publisher, publisher)
    yield Triple(publisher, RDF.type, FOAF.Agent)
    yield Triple(publisher, FOAF.name, Literal(about.publisher))


def _counts(node: NamedNode, counts: Mapping[str, int]) -> Iterator[Triple]:
    for name, count in counts.items():
        yield Triple(node, VOID[name], Literal(str(count), datatype=XSD.integer))


def _partitions(node: NamedNode, kind: str, counts: Mapping[str, int], counted: str) -> Iterator[Triple]:
    for number, term in enumerate(sorted(counts), start=1):
        part = NamedNode(f"{node.value}#{kind}-{number}")
        yield Triple(node, VOID[f"{kind}Partition"], part)
        yield Triple(part, VOID[kind], NamedNode(term))
        yield from _counts(part, {counted: counts[term]})
