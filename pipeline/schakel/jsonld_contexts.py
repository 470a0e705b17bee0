"""Contexts of JSON-LD that documents name by their address. None is fetched: usual ones are here, in short versions of our own; a project can bring others.

Source: https://www.w3.org/TR/json-ld11/#the-context
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from schakel.namespaces import PREFIXES

__all__ = ["Contexts", "read_contexts", "with_contexts"]

# What is in a context, by its address.
Contexts: TypeAlias = Mapping[str, object]

# Properties of schema.org whose values are addresses, and those whose values are dates, in its own context.
_ADDRESSES: Final = (
    *("additionalType", "codeRepository", "contentUrl", "discussionUrl", "downloadUrl", "embedUrl", "hasMap", "image", "installUrl", "isBasedOn"),
    *("license", "logo", "mainEntityOfPage", "publishingPrinciples", "relatedLink", "sameAs", "significantLink", "thumbnailUrl", "url"),
)
_DATES: Final = ("birthDate", "dateCreated", "dateModified", "datePublished", "deathDate", "dissolutionDate", "endDate", "foundingDate", "startDate")
_SCHEMA: Final[Mapping[str, object]] = {
    "@vocab": PREFIXES["schema"],
    "schema": PREFIXES["schema"],
    "id": "@id",
    "type": "@type",
    **{name: {"@id": PREFIXES["schema"] + name, "@type": "@id"} for name in _ADDRESSES},
    **{name: {"@id": PREFIXES["schema"] + name, "@type": f"{PREFIXES['schema']}Date"} for name in _DATES},
}
# https://www.w3.org/2013/json-ld-context/rdfa11: prefixes, and three terms.
_RDFA: Final[Mapping[str, object]] = {
    **PREFIXES,
    "dc": PREFIXES["dct"],
    "dcterms": PREFIXES["dct"],
    "dc11": "http://purl.org/dc/elements/1.1/",
    "cc": "http://creativecommons.org/ns#",
    "describedby": "http://www.w3.org/2007/05/powder-s#describedby",
    "license": "http://www.w3.org/1999/xhtml/vocab#license",
    "role": "http://www.w3.org/1999/xhtml/vocab#role",
}
_BUNDLED: Final[Contexts] = {
    **dict.fromkeys(("schema.org", "schema.org/docs/jsonldcontext.json", "schema.org/docs/jsonldcontext.jsonld"), _SCHEMA),
    **dict.fromkeys(("www.w3.org/2013/json-ld-context/rdfa11", "www.w3.org/2013/json-ld-context/rdfa11.jsonld"), _RDFA),
}


def read_contexts(root: Path, files: Mapping[str, str]) -> dict[str, object]:
    """Read the contexts that a project brings, files of its folder by address. Raises ValueError for one that cannot be read."""
    found: dict[str, object] = {}
    for address, name in files.items():
        try:
            document = json.loads((root / name).read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{name}, the context of {address}, cannot be read: {error}") from None
        found[_key(address)] = document.get("@context", document) if isinstance(document, dict) else document
    return found


def with_contexts(content: bytes, own: Contexts) -> bytes:
    """Put into a document the contexts that it names by their address. Raises ValueError for one that is not here, and says how to bring it."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content  # the parser of RDF says what is wrong with it, and where
    changed = _resolved(document, {**_BUNDLED, **own})
    return content if changed == document else json.dumps(changed, ensure_ascii=False).encode()


def _resolved(node: object, known: Contexts) -> object:
    if isinstance(node, list):
        return [_resolved(each, known) for each in node]
    if isinstance(node, dict):
        return {key: _context(value, known) if key == "@context" else _resolved(value, known) for key, value in node.items()}
    return node


def _context(value: object, known: Contexts) -> object:
    if isinstance(value, list):
        return [_context(each, known) for each in value]
    if not isinstance(value, str):
        return value
    if _key(value) not in known:
        raise ValueError(
            f'its context {value} is not fetched; save it in the project, and name it in schakel.toml: rdf.contexts = {{ "{value}" = "contexts/saved.jsonld" }}'
        )
    return known[_key(value)]


def _key(address: str) -> str:
    """Give an address without its scheme and the slash at its end, which change nothing about a context."""
    return address.partition("://")[2].rstrip("/") or address
