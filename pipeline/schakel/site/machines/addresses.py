"""Where a file of the publication is on the web, and how one file refers to another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

__all__ = ["PageGroup", "address_of", "address_of_iri", "href_between", "is_web_address"]

# What RFC 3986 lets stand in a path, beside letters, digits and what `quote` never touches. A question mark or a number sign would end the path.
_IN_PATH: Final = "/:@!$&'()*+,;="
# Of an IRI as a whole; what is percent-encoded already stays so.
_IN_IRI: Final = _IN_PATH + "%?#[]"
_WEB: Final = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_INDEX: Final = "index.html"


@dataclass(frozen=True)
class PageGroup:
    """One page in each of its languages: path below the base by language tag; the first is for readers of none of them."""

    paths: Mapping[str, str]


# Each page is named by those in other languages, and each file by all of these.
@lru_cache(maxsize=10_000)
def address_of(base: str, path: str) -> str:
    """Give the absolute address of a file; a folder's first page has the address of the folder.

    >>> address_of("https://kg.example.org/", "nl/index.html"), address_of("https://kg.example.org/", "org/café.html")
    ('https://kg.example.org/nl/', 'https://kg.example.org/org/caf%C3%A9.html')
    """
    folder, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
    return address_of_iri(base) + quote(folder + ("" if name == _INDEX else name), safe=_IN_PATH)


@lru_cache(maxsize=10_000)
def address_of_iri(iri: str) -> str:
    """Write an IRI as it goes over the wire: ASCII, with everything else percent-encoded.

    >>> address_of_iri("https://kg.example.org/org/café#é")
    'https://kg.example.org/org/caf%C3%A9#%C3%A9'
    """
    return quote(iri, safe=_IN_IRI)


def is_web_address(iri: str) -> bool:
    """Tell whether an IRI may become a link: what data holds may as well be a script.

    >>> is_web_address("https://example.org/"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    return _WEB.match(iri) is not None


@lru_cache(100_000)
def href_between(path: str, target: str) -> str:
    """Give the link by which one file refers to another, wherever the publication is served.

    >>> href_between("nl/org/ferries.html", "org/ferries.ttl"), href_between("index.html", "void.ttl")
    ('../../org/ferries.ttl', 'void.ttl')
    """
    # Beginning with a step, a first segment cannot be taken for a scheme.
    steps = "../" * path.count("/") or ("./" if ":" in target.partition("/")[0] else "")
    return steps + _quoted(target)


# Most links of a page are those of every page.
@lru_cache(maxsize=10_000)
def _quoted(path: str) -> str:
    return quote(path, safe=_IN_PATH)
