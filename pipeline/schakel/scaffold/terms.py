"""The terms of others that drafted mappings use: an ontology has to name what it uses."""

import json
from collections.abc import Iterator
from typing import Final

from schakel.namespaces import PREFIXES as KNOWN
from schakel.term_labels import term_labels

__all__ = ["PREFIXES", "reused"]

PREFIXES: Final = {name: KNOWN[name] for name in ("dct", "foaf", "geo", "locn", "org", "owl", "rdfs", "schema", "sh", "skos", "xsd")} | {"schakel": KNOWN["sk"]}
_KINDS: Final = {
    "owl:Class": ("org:Organization", "org:Site", "locn:Address"),
    "owl:ObjectProperty": ("org:hasSite", "org:siteAddress", "org:subOrganizationOf", "foaf:homepage"),
    "owl:DatatypeProperty": (
        *("skos:prefLabel", "skos:altLabel", "rdfs:label", "dct:identifier", "dct:description", "locn:thoroughfare", "locn:postCode", "locn:postName"),
        *("locn:adminUnitL1", "schema:email", "schema:telephone", "schema:foundingDate", "geo:lat", "geo:long"),
    ),
}


def reused(used: set[str]) -> str:
    """Describe the terms in Turtle that are used, with their labels of the package."""
    return "\n".join(_described(used))


def _described(used: set[str]) -> Iterator[str]:
    for kind, terms in _KINDS.items():
        for term in terms:
            if term in used:
                prefix, local = term.split(":")
                labels = term_labels()[KNOWN[prefix] + local]
                texts = ", ".join(f"{json.dumps(text, ensure_ascii=False)}@{language}" for language, text in labels.items())
                yield f"{term} a {kind} ; rdfs:label {texts} ."
