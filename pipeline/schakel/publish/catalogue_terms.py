"""The dataset for catalogues, in DCAT-AP: subject, coverage, rights, contact and services, as the settings state them."""

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from schakel.about import About
from schakel.catalogue_metadata import AUTHORITY, THEMES, authority_term
from schakel.namespaces import DCAT, DCT, FOAF, RDF, RDFS, SKOS, XSD, Namespace

__all__ = ["authority_statements", "concept", "describe_agents", "describe_coverage", "describe_licence", "describe_service", "licence_of"]

_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_PUBLISHER_TYPES: Final = "http://purl.org/adms/publishertype/"
_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
# Licences that the European Union's table knows by a code.
_LICENCES: Final[Mapping[str, str]] = {
    "https://creativecommons.org/licenses/by/4.0/": "CC_BY_4_0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC_BYSA_4_0",
    "https://creativecommons.org/licenses/by-nc/4.0/": "CC_BYNC_4_0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0",
}

# What they ask for, by the licence types of ADMS.
_LICENCE_TYPES: Final[Mapping[str, str]] = {
    "https://creativecommons.org/licenses/by/4.0/": "Attribution",
    "https://creativecommons.org/licenses/by-sa/4.0/": "ViralEffect-ShareAlike",
    "https://creativecommons.org/licenses/by-nc/4.0/": "NonCommercialUseOnly-NonCommercial",
    "https://creativecommons.org/publicdomain/zero/1.0/": "PublicDomain",
}


def licence_of(about: About) -> NamedNode:
    """Give the licence; for DCAT-AP-NO, which accepts those of the European Union's table alone, by the code there."""
    code = _LICENCES.get(about.licence) if about.catalogue.profile == "dcat-ap-no" else None
    return NamedNode(about.licence if code is None else authority_term("licence", code))


def describe_licence(about: About) -> Iterator[Triple]:
    """Say what the licence is, and of which type where that is known."""
    licence = licence_of(about)
    yield from authority_statements(about, licence, "licence", DCT.LicenseDocument)
    if about.licence in _LICENCE_TYPES:
        kind = NamedNode(f"http://purl.org/adms/licencetype/{_LICENCE_TYPES[about.licence]}")
        yield Triple(licence, DCT.type, kind)
        yield from concept(kind, _LICENCE_TYPES[about.licence])


def authority_statements(about: About, term: NamedNode, table: str, kind: NamedNode) -> Iterator[Triple]:
    """Say of a code of an authority table what it is; for DCAT-AP-NO also to which table it belongs."""
    yield Triple(term, RDF.type, kind)
    if about.catalogue.profile == "dcat-ap-no":
        yield Triple(term, SKOS.inScheme, NamedNode(f"{AUTHORITY}{table}"))


def describe_agents(about: About, catalogue: NamedNode) -> Iterator[Triple]:
    """Say who made and published catalogue and dataset, and who answers for them."""
    publisher = NamedNode(f"{catalogue.value}#publisher")
    stated = about.catalogue
    yield Triple(publisher, RDF.type, FOAF.Agent)
    yield Triple(publisher, FOAF.name, Literal(about.publisher))
    if stated.publisher_type:
        kind = NamedNode(_PUBLISHER_TYPES + stated.publisher_type)
        yield Triple(publisher, DCT.type, kind)
        yield from concept(kind, stated.publisher_type)
    creator = _creator(about, catalogue)
    if creator != publisher:
        yield Triple(creator, RDF.type, FOAF.Agent)
        yield Triple(creator, FOAF.name, Literal(stated.creator))
    contact = NamedNode(f"{catalogue.value}#contact")
    if about.contact:
        yield from (Triple(contact, RDF.type, kind) for kind in (_VCARD.Kind, _VCARD.Organization))
        yield Triple(contact, _VCARD.fn, Literal(stated.contact_name or about.publisher))
        # Of a mail address what comes after "?" belongs to a letter, and not to the address.
        is_mail = about.contact.startswith("mailto:")
        yield Triple(contact, _VCARD.hasEmail if is_mail else _VCARD.hasURL, NamedNode(about.contact.partition("?")[0] if is_mail else about.contact))
    for node in (catalogue, about.dataset):
        yield Triple(node, DCT.publisher, publisher)
        yield Triple(node, DCT.creator, creator)
        if about.contact:
            yield Triple(node, DCAT.contactPoint, contact)


def _creator(about: About, catalogue: NamedNode) -> NamedNode:
    return NamedNode(f"{catalogue.value}#{'creator' if about.catalogue.creator not in {'', about.publisher} else 'publisher'}")


def describe_coverage(about: About, catalogue: NamedNode) -> Iterator[Triple]:
    """Say what the dataset is about, where, when, how often it changes, who may use it and what it conforms to."""
    stated, dataset = about.catalogue, about.dataset
    for language, words in sorted(stated.keywords.items()):
        yield from (Triple(dataset, DCAT.keyword, Literal(word, language=language)) for word in words)
    yield from _themes(about, catalogue)
    rights = NamedNode(authority_term("access-right", stated.access_rights))
    yield Triple(dataset, DCT.accessRights, rights)
    yield from authority_statements(about, rights, "access-right", DCT.RightsStatement)
    for code in stated.spatial:
        place = NamedNode(authority_term("country", code))
        yield from (Triple(node, DCT.spatial, place) for node in (catalogue, dataset))
        yield from authority_statements(about, place, "country", DCT.Location) if "://" not in code else [Triple(place, RDF.type, DCT.Location)]
    if stated.start or stated.end:
        period = NamedNode(f"{catalogue.value}#period")
        yield Triple(dataset, DCT.temporal, period)
        yield Triple(period, RDF.type, DCT.PeriodOfTime)
        for term, day in ((DCAT.startDate, stated.start), (DCAT.endDate, stated.end)):
            if day:
                yield Triple(period, term, Literal(day, datatype=XSD.date))
    if stated.frequency:
        frequency = NamedNode(authority_term("frequency", stated.frequency))
        yield Triple(dataset, DCT.accrualPeriodicity, frequency)
        yield from authority_statements(about, frequency, "frequency", DCT.Frequency)
    for iri, name in stated.conforms_to.items():
        yield Triple(dataset, DCT.conformsTo, NamedNode(iri))
        yield from _standard(iri, name)
    if stated.documentation:
        yield Triple(dataset, FOAF.page, NamedNode(stated.documentation))
        yield Triple(NamedNode(stated.documentation), RDF.type, FOAF.Document)


def _themes(about: About, catalogue: NamedNode) -> Iterator[Triple]:
    scheme = NamedNode(f"{AUTHORITY}data-theme")
    for code in about.catalogue.themes:
        theme = NamedNode(authority_term("data-theme", code))
        yield Triple(about.dataset, DCAT.theme, theme)
        yield from concept(theme, THEMES.get(code, ""))
        if code in THEMES:
            yield Triple(theme, SKOS.inScheme, scheme)
    if set(about.catalogue.themes) & THEMES.keys():
        yield Triple(catalogue, DCAT.themeTaxonomy, scheme)
        yield Triple(scheme, RDF.type, SKOS.ConceptScheme)
        yield Triple(scheme, DCT.title, Literal("Data themes of the European Union", language="en"))


def concept(term: NamedNode, name: str) -> Iterator[Triple]:
    """Say that a term is a concept, and what it is called, in English."""
    yield Triple(term, RDF.type, SKOS.Concept)
    if name:
        yield Triple(term, SKOS.prefLabel, Literal(name, language="en"))


def describe_service(about: About, catalogue: NamedNode) -> Iterator[Triple]:
    """Describe the SPARQL endpoint that the settings name."""
    stated = about.catalogue
    if not stated.endpoint:
        return
    service = NamedNode(f"{catalogue.value}#sparql")
    yield Triple(catalogue, DCAT.service, service)
    yield Triple(service, RDF.type, DCAT.DataService)
    yield Triple(service, DCT.identifier, Literal(service.value))
    yield Triple(service, DCT.publisher, NamedNode(f"{catalogue.value}#publisher"))
    yield Triple(service, DCT.creator, _creator(about, catalogue))
    yield Triple(service, DCAT.landingPage, NamedNode(about.site))
    if stated.documentation:
        yield Triple(service, FOAF.page, NamedNode(stated.documentation))
    yield Triple(service, DCT.license, licence_of(about))
    yield Triple(service, DCT.accessRights, NamedNode(authority_term("access-right", stated.access_rights)))
    if about.contact:
        yield Triple(service, DCAT.contactPoint, NamedNode(f"{catalogue.value}#contact"))
    for code in stated.themes:
        yield Triple(service, DCAT.theme, NamedNode(authority_term("data-theme", code)))
    for language, words in sorted(stated.keywords.items()):
        yield from (Triple(service, DCAT.keyword, Literal(word, language=language)) for word in words)
    yield Triple(service, DCAT.endpointURL, NamedNode(stated.endpoint))
    yield Triple(service, DCAT.endpointDescription, NamedNode(stated.endpoint))
    yield Triple(NamedNode(stated.endpoint), RDF.type, RDFS.Resource)
    yield Triple(service, DCAT.servesDataset, about.dataset)
    yield Triple(service, DCT.conformsTo, NamedNode(_PROTOCOL))
    yield from _standard(_PROTOCOL, "SPARQL 1.1 Protocol")


def _standard(iri: str, name: str) -> Iterator[Triple]:
    yield Triple(NamedNode(iri), RDF.type, DCT.Standard)
    yield Triple(NamedNode(iri), DCT.title, Literal(name, language="en"))
