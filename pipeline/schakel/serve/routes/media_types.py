"""The media type of each file of a publication, by its name, as the configurations in docs/hosting/ have them."""

from typing import Final

__all__ = ["media_type"]

_TYPES: Final = {
    "atom": "application/atom+xml",
    "gz": "application/gzip",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "rq": "application/sparql-query",
    "trig": "application/trig",
    "wasm": "application/wasm",
    "xml": "application/xml; charset=utf-8",
    "woff2": "font/woff2",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
}
_NAMED: Final = {"/.well-known/void": "text/turtle; charset=utf-8", "/linkset.json": "application/linkset+json"}
_ANY: Final = "application/octet-stream"


def media_type(path: str) -> str:
    """Give the media type of a file.

    >>> media_type("/org/ferries.ttl"), media_type("/linkset.json")
    ('text/turtle; charset=utf-8', 'application/linkset+json')
    """
    return _NAMED.get(path) or _TYPES.get(path.rpartition(".")[2] if "." in path.rpartition("/")[2] else "", _ANY)
