"""The catalogue: what is published, described in DCAT-AP 3.0.1 and in VoID. No clock: a date is only given where settings or data have one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.namespaces import DCAT, DCT, FOAF, OWL, RDF, RDFS, VOID, XSD, Namespace
from schakel.publish.dumps import Dump
from schakel.publish.survey import Survey

__all__ = ["describe_catalogue", "describe_dataset"]

_EU = Namespace("http://publications.europa.eu/resource/authority/")
_IANA = Namespace("https://www.iana.org/assignments/media-types/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
# Languages and formats as the European Union's authority tables name them.
_LANGUAGES = {"en": "ENG", "nl": "NLD", "nb": "NOB", "nn": "NNO", "no": "NOR", "de": "DEU", "fr": "FRA", "sv": "SWE", "da": "DAN", "es": "SPA", "it": "ITA"}
_FILE_TYPES = {".ttl": "RDF_TURTLE", ".nt": "RDF_N_TRIPLES", ".jsonld": "JSON_LD", ".trig": "RDF_TRIG", ".nq": "RDF_N_QUADS"}

# Signs that mean something in the regular expressions of XPath and of others alike; `re.escape` writes more than those allow.
_SPECIAL = re.compile(r"[][\\.*+?^${}()|]")
_ESCAPED = r"\\\g<0>"


def describe_catalogue(about: About, dumps: Sequence[Dump]) -> Iterator[Triple]:
    """Give the DCAT-AP description: a catalogue of one dataset, with a distribution a dump."""
    catalogue = NamedNode(f"{about.base}catalog")
    publisher = NamedNode(f"{catalogue.value}#publisher")
    yield Triple(catalogue, RDF.type, DCAT.Catalog)
    yield from _texts(catalogue, about)
    yield Triple(catalogue, DCT.publisher, publisher)
    yield Triple(catalogue, DCT.license, NamedNode(about.licence))
    yield Triple(catalogue, DCAT.dataset, about.dataset)
    yield Triple(catalogue, FOAF.homepage, NamedNode(about.base))
    yield Triple(NamedNode(about.base), RDF.type, FOAF.Document)
    yield Triple(publisher, RDF.type, FOAF.Agent)
    yield Triple(publisher, FOAF.name, Literal(about.publisher))
    yield Triple(NamedNode(about.licence), RDF.type, DCT.LicenseDocument)
    yield Triple(about.dataset, RDF.type, DCAT.Dataset)
    yield from _texts(about.dataset, about)
    yield Triple(about.dataset, DCT.publisher, publisher)
    yield Triple(about.dataset, DCAT.landingPage, NamedNode(about.base))
    yield Triple(about.dataset, DCT.identifier, Literal(about.dataset.value))
    yield Triple(about.dataset, DCAT.version, Literal(about.version))
    if about.date:
        yield Triple(about.dataset, DCT.modified, Literal(about.date, datatype=XSD.date))
    for language in about.languages:
        if language in _LANGUAGES:
            known = _EU[f"language/{_LANGUAGES[language]}"]
            yield Triple(about.dataset, DCT.language, known)
            yield Triple(catalogue, DCT.language, known)
            yield Triple(known, RDF.type, DCT.LinguisticSystem)
    for dump in dumps:
        yield from _distribution(about, catalogue, dump)


def _texts(node: NamedNode, about: About) -> Iterator[Triple]:
    for language, text in sorted(about.title.items()):
        yield Triple(node, DCT.title, Literal(text, language=language))
    for language, text in sorted(about.description.items()):
        yield Triple(node, DCT.description, Literal(text, language=language))


def _distribution(about: About, catalogue: NamedNode, dump: Dump) -> Iterator[Triple]:
    node = NamedNode(f"{catalogue.value}#{dump.file}")
    address = NamedNode(f"{about.site}download/{dump.file}")
    media_type = _IANA[dump.media_type]
    file_type = _EU[f"file-type/{_FILE_TYPES['.' + dump.file.rpartition('.')[2]]}"]
    checksum = NamedNode(f"{node.value}-checksum")
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
    yield Triple(file_type, RDF.type, DCT.MediaTypeOrExtent)
    yield Triple(node, DCT.license, NamedNode(about.licence))
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
