"""Every namespace, once, under the prefix the project's own files use for it.

>>> SK.Goal
<NamedNode value=https://w3id.org/schakel/ns#Goal>
>>> curie("http://www.w3.org/ns/org#role")
'org:role'
"""

from pyoxigraph import NamedNode

__all__ = ["DCAT", "DCT", "FOAF", "OA", "OWL", "PREFIXES", "PROV", "RDF", "RDFS", "SH", "SK", "SKOS", "VOID", "XSD", "Namespace", "curie"]


class Namespace:
    """An IRI that others begin with; an attribute or an item is a term of it."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

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

PREFIXES: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "careform": "https://w3id.org/schakel/care-form/",
    "counted": "https://w3id.org/schakel/counted/",
    "dcat": DCAT.iri,
    "dct": DCT.iri,
    "field": "https://w3id.org/schakel/medical-field/",
    "foaf": FOAF.iri,
    "locn": "http://www.w3.org/ns/locn#",
    "namekind": "https://w3id.org/schakel/name-kind/",
    "oa": OA.iri,
    "org": "http://www.w3.org/ns/org#",
    "orgkind": "https://w3id.org/schakel/organisation-kind/",
    "owl": OWL.iri,
    "placekind": "https://w3id.org/schakel/place-kind/",
    "profession": "https://w3id.org/schakel/profession/",
    "prov": PROV.iri,
    "qualifier": "https://w3id.org/schakel/qualifier/",
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "role": "https://w3id.org/schakel/role/",
    "schakel": "https://w3id.org/schakel/",
    "schema": "http://schema.org/",
    "sh": SH.iri,
    "shape": "https://w3id.org/schakel/shapes#",
    "sitekind": "https://w3id.org/schakel/site-kind/",
    "sk": SK.iri,
    "skos": SKOS.iri,
    "spdx": "http://spdx.org/rdf/terms#",
    "status": "https://w3id.org/schakel/service-status/",
    "tiekind": "https://w3id.org/schakel/tie-kind/",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": VOID.iri,
    "xsd": XSD.iri,
}


def curie(iri: str) -> str:
    """Shorten an IRI for reading, or give it back as it is where no prefix fits."""
    prefix = max((p for p, namespace in PREFIXES.items() if iri.startswith(namespace)), key=lambda p: len(PREFIXES[p]), default=None)
    return iri if prefix is None else f"{prefix}:{iri[len(PREFIXES[prefix]) :]}"
