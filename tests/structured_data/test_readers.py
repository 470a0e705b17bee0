"""Documents as a JSON-LD processor reads them: with schema.org's context at its address, every name is a term of schema.org and every thing an absolute IRI."""

from typing import Any

import pytest
from pyld import jsonld

from schakel.structured_data import CONTEXT, SchemaOrg

ID = "https://kg.example.org/"
URL = "https://www.example.org/nl/page.html"


def loader(url: str, options: object) -> dict[str, Any]:
    """Answer for schema.org, so that nothing is fetched: its terms, and that `url` and `item` lead to things."""
    del options
    assert url == CONTEXT, "a document refers to nothing else"
    context = {"@vocab": "http://schema.org/", "item": {"@type": "@id"}, "url": {"@type": "@id"}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": context}}


@pytest.mark.parametrize("thing", ["org/mst", "org/santeon", "project/dms-kristiansund", "org/mst#site-oldenzaal", "org/mst#member-of-santeon"])
def test_a_processor_reads_each_node_and_each_value(thing: str, real: SchemaOrg) -> None:
    document = real.document(ID + thing, "nl", URL, [("Home", "https://www.example.org/nl/"), ("Page", URL)])
    assert document is not None
    expanded = jsonld.expand(document, {"documentLoader": loader})
    # A node that says nothing would be dropped, and a name that is no term.
    assert [node["@id"] for node in expanded] == [node["@id"] for node in document["@graph"]]
    for read, written in zip(expanded, document["@graph"], strict=True):
        assert {name.removeprefix("http://schema.org/") for name in read} == set(written)
        assert all(iri.startswith("https://") for iri in iris(read))
    names = [value["@value"] for node in expanded for value in node.get("http://schema.org/name", [])]
    assert names
    assert all(isinstance(name, str) and name for name in names)


def iris(value: object) -> list[str]:
    """Every IRI of an expanded document, types left out."""
    if isinstance(value, list):
        return [iri for each in value for iri in iris(each)]
    if isinstance(value, dict):
        return [each for name, each in value.items() if name == "@id"] + [iri for each in value.values() for iri in iris(each)]
    return []
