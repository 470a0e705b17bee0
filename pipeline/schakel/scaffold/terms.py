"""The terms of others that drafted mappings use, each with a label of ours: an ontology has to name what it uses."""

from typing import Final

__all__ = ["PREFIXES", "reused"]

PREFIXES: Final = {
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_CLASSES: Final = {"org:Organization": "organisation", "org:Site": "site", "locn:Address": "address"}
_LINKS: Final = {"org:hasSite": "has site", "org:siteAddress": "site address", "org:subOrganizationOf": "part of", "foaf:homepage": "website"}
_VALUES: Final = {
    "skos:prefLabel": "name",
    "skos:altLabel": "also called",
    "dct:identifier": "identifier",
    "dct:description": "description",
    "locn:thoroughfare": "street",
    "locn:postCode": "postcode",
    "locn:postName": "place",
    "locn:adminUnitL1": "country",
    "schema:email": "e-mail",
    "schema:telephone": "telephone",
    "schema:foundingDate": "founded",
    "geo:lat": "latitude",
    "geo:long": "longitude",
}


def reused(used: set[str]) -> str:
    """Describe the terms in Turtle that are used."""
    kinds = (("owl:Class", _CLASSES), ("owl:ObjectProperty", _LINKS), ("owl:DatatypeProperty", _VALUES))
    return "\n".join(f'{term} a {kind} ; rdfs:label "{label}"@en .' for kind, terms in kinds for term, label in terms.items() if term in used)
