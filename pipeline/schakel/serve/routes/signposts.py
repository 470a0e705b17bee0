"""The `Link` header of a page of a thing and of its data, for programs that ask with HEAD; the configurations in docs/hosting/ send the same."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

from schakel.document_paths import decoded
from schakel.site.machines import Link, link_header
from schakel.site.machines.addresses import address_of_iri

__all__ = ["signposts"]

_PAGE: Final = re.compile(r"(?:/[a-z]{2,3}(?:-[a-z0-9]+)*)?(/.+)\.html")
_DATA: Final = re.compile(r"(/.+)\.(?:ttl|jsonld|nt|trig)")
_SAFE: Final = "/:@!$&'()*+,;="
_TYPES: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples"}


def signposts(folder: Path, base: str, path: str) -> str:
    """Write the header of a file; empty where it is not about a thing."""
    for thing in (match for pattern in (re.compile(r"(/.+)\.html"), _PAGE) if (match := pattern.fullmatch(path))):
        if (folder / f"{thing[1]}.jsonld".lstrip("/")).is_file():
            about = quote(thing[1], safe=_SAFE)
            data = [Link("describedby", f"{about}.{suffix}", type=media_type) for suffix, media_type in _TYPES.items()]
            return link_header([Link("cite-as", _thing(thing[1], base)), Link("type", "https://schema.org/AboutPage"), *data])
    described = _DATA.fullmatch(path)
    if described is not None and (folder / f"{described[1]}.html".lstrip("/")).is_file():
        return link_header([Link("describes", _thing(described[1], base))])
    return ""


def _thing(path: str, base: str) -> str:
    """Give the address of the thing that a document is about."""
    return address_of_iri(decoded(path.lstrip("/"), base))
