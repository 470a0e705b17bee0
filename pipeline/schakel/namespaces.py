"""Every namespace that the engine knows, once, under its usual prefix. Others have the prefix that a project's files declare for them.

>>> SK.Goal
<NamedNode value=https://w3id.org/schakel/ns#Goal>
>>> curie("http://www.w3.org/ns/org#role")
'org:role'
"""

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

__all__ = [
    "AS_WKT",
    "DCAT",
    "DCT",
    "FOAF",
    "LATITUDES",
    "LONGITUDES",
    "OA",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SH",
    "SK",
    "SKOS",
    "VOID",
    "XSD",
    "Namespace",
    "curie",
    "known_prefixes",
]


class Namespace:
    """An IRI that others begin with; an attribute or an item is a term of it."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        term = self[name]
        # From now on the term is found without this method.
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.iri + name)


DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
OA = Namespace("http://www.w3.org/ns/oa#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SK = Namespace("https://w3id.org/schakel/ns#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

_COORDINATES = (Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#"), Namespace("https://schema.org/"), Namespace("http://schema.org/"))
# What states where something is on the globe.
LATITUDES = (_COORDINATES[0].lat, _COORDINATES[1].latitude, _COORDINATES[2].latitude)
LONGITUDES = (_COORDINATES[0].long, _COORDINATES[1].longitude, _COORDINATES[2].longitude)
AS_WKT = NamedNode("http://www.opengis.net/ont/geosparql#asWKT")

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9-]*")

# Standard vocabularies, and the terms that the engine itself relies on.
PREFIXES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": DCAT.iri,
    "dct": DCT.iri,
    "foaf": FOAF.iri,
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": OA.iri,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL.iri,
    "prov": PROV.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": "http://schema.org/",
    "sh": SH.iri,
    "sk": SK.iri,
    "skos": SKOS.iri,
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": VOID.iri,
    "xsd": XSD.iri,
}


def curie(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Shorten an IRI for reading, or give it back as it is where no prefix fits."""
    prefix = max((p for p, namespace in prefixes.items() if iri.startswith(namespace)), key=lambda p: len(prefixes[p]), default=None)
    return iri if prefix is None else f"{prefix}:{iri[len(prefixes[prefix]) :]}"


def known_prefixes(declared: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Give the prefixes of standard vocabularies, and those that a project's own files declare for other namespaces; the first to declare one is heard.

    >>> known_prefixes([{"ferry": "https://example.org/ferry#", "dcterms": "http://purl.org/dc/terms/"}])["ferry"]
    'https://example.org/ferry#'
    """
    known = dict(PREFIXES)
    for prefixes in declared:
        for prefix, namespace in sorted(prefixes.items()):
            if _PREFIX.fullmatch(prefix) and prefix not in known and namespace not in known.values():
                known[prefix] = namespace
    return known
